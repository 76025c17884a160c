//! [`Pace`] and [`Looks`]: how often to look, for one stack and for all of an account and region.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{clock::Clock, retry::jittered};

/// Looks quickly at first, then every 2 to 5 seconds, never at the same moment as others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pace {
    looks: u32,
}

impl Pace {
    /// The first wait, at most.
    const FIRST: Duration = Duration::from_millis(250);
    /// The longest wait.
    const SETTLED: Duration = Duration::from_secs(5);

    /// A pace that starts quick.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// How long to wait before the next look.
    pub(crate) fn next(&mut self, random: u64) -> Duration {
        let growing = Self::FIRST.saturating_mul(2_u32.saturating_pow(self.looks / 2));
        self.looks = self.looks.saturating_add(1);
        jittered(growing.min(Self::SETTLED), random)
    }
}

/// The looks that all stacks of an account and region may take together.
///
/// One follows the other at a distance, after a few that may come at once: the more stacks are watched,
/// the longer each of them waits. The distance doubles whenever the service asks for fewer calls, and
/// comes back little by little.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<Budget>);

#[derive(Debug)]
struct Budget {
    /// The looks that may come at once; below zero, those that wait.
    left: f64,
    /// When that was.
    then: Duration,
    distance: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: Looks::EARLY, then: Duration::ZERO, distance: Looks::NEAREST }
    }
}

impl Looks {
    /// The distance while the service takes all calls: twenty looks a second.
    const NEAREST: Duration = Duration::from_millis(50);
    /// The distance after a storm of throttling.
    const FARTHEST: Duration = Duration::from_secs(2);
    /// So many looks may come at once.
    const EARLY: f64 = 20.0;

    /// Waits for the turn of a look.
    pub(crate) async fn turn(&self, clock: &dyn Clock) {
        let wait = self.take(clock.elapsed());
        if !wait.is_zero() {
            clock.sleep(wait).await;
        }
    }

    /// How long to wait from now for the next turn, which is taken.
    fn take(&self, now: Duration) -> Duration {
        let mut budget = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.saturating_sub(budget.then);
        budget.then = budget.then.max(now);
        budget.left = (budget.left + passed.div_duration_f64(budget.distance)).min(Self::EARLY) - 1.0;
        let wait = budget.distance.mul_f64((-budget.left).max(0.0));
        budget.distance = budget.distance.mul_f64(0.95).max(Self::NEAREST);
        wait
    }

    /// The service asks for fewer calls.
    pub(crate) fn spread(&self) {
        let mut budget = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        budget.distance = budget.distance.saturating_mul(2).min(Self::FARTHEST);
        budget.left = budget.left.min(0.0);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;
    use crate::clock::SystemClock;

    /// The moments, in milliseconds, at which so many stacks look within half a minute.
    async fn moments(looks: &Looks, stacks: u64) -> Vec<u128> {
        let clock = SystemClock::new();
        let moments = Mutex::new(Vec::new());
        let stack = |seed: u64| {
            let (clock, moments) = (&clock, &moments);
            async move {
                let mut pace = Pace::new();
                while clock.elapsed() < Duration::from_secs(30) {
                    clock.sleep(pace.next(seed * 37)).await;
                    looks.turn(clock).await;
                    moments.lock().unwrap().push(clock.elapsed().as_millis());
                }
            }
        };
        join_all((0..stacks).map(stack)).await;
        moments.into_inner().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_look_the_rate_is_bounded() {
        for stacks in [1, 16, 500] {
            let moments = moments(&Looks::default(), stacks).await;
            let most = moments.iter().map(|start| {
                moments.iter().filter(|moment| (*start..start + 1_000).contains(moment)).count()
            });
            assert!(most.max().unwrap_or_default() <= 41, "{stacks} stacks");
            let alone = moments.len();
            assert!(stacks > 1 || (9..20).contains(&alone), "a stack alone looks as it likes: {alone}");
        }
    }

    #[test]
    fn throttling_spreads_the_looks() {
        let looks = Looks::default();
        let take = |seconds| looks.take(Duration::from_secs(seconds)).as_millis();
        let early: Vec<u128> = (0..22).map(|_| take(0)).collect();
        assert_eq!(early[..20], [0; 20], "a few come at once");
        assert_eq!(early[20..], [50, 100]);
        for _ in 0..10 {
            looks.spread();
        }
        assert_eq!(take(60), 0);
        looks.spread();
        assert!(take(60) > 1_900, "after throttling, nothing comes at once");
        for _ in 0..100 {
            take(3_600);
        }
        assert_eq!(take(3_600).abs_diff(take(3_600)), 50, "and it passes");
    }
}
