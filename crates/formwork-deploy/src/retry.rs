//! Calls again after what passes: throttling, lost answers, a service in trouble.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{clock::Clock, error::ServiceError, poll::Looks};

/// How often and how long a call is tried.
#[derive(Debug, Clone)]
pub struct RetryPolicy {
    /// The tries of one call, the first among them.
    pub attempts: u32,
    /// The wait after the first failure, at most; each next one is twice as long.
    pub base: Duration,
    /// The longest wait.
    pub cap: Duration,
    /// Shared by all who call the same account and region, so that they slow down together.
    pub brake: Option<Arc<Brake>>,
}

/// Until when nobody calls, since the service asked one of all for fewer calls, and who looks next.
#[derive(Debug, Default)]
pub struct Brake {
    until: Mutex<Duration>,
    looks: Looks,
}

impl Brake {
    fn press(&self, until: Duration) {
        self.looks.spread();
        let mut current = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *current = until.max(*current);
    }

    /// Waits until calls are welcome again, a little less or more than others.
    async fn wait(&self, clock: &dyn Clock) {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let remaining = until.saturating_sub(clock.elapsed());
        if !remaining.is_zero() {
            clock.sleep(remaining + jittered(remaining, clock.random())).await;
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl RetryPolicy {
    /// Ten tries within some seventy seconds: a storm of throttling passes in less.
    pub const DEFAULT: Self =
        Self { attempts: 10, base: Duration::from_millis(500), cap: Duration::from_secs(15), brake: None };

    /// The default, with a brake to share.
    pub fn shared() -> Self {
        Self { brake: Some(Arc::default()), ..Self::DEFAULT }
    }

    /// Waits for the turn of a look, among all who share the brake.
    pub(crate) async fn turn(&self, clock: &dyn Clock) {
        if let Some(brake) = &self.brake {
            brake.looks.turn(clock).await;
        }
    }

    /// How long to wait after so many failures: a random part of what has been doubled.
    pub fn wait(&self, failures: u32, random: u64) -> Duration {
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        jittered(doubled.min(self.cap), random)
    }
}

/// Between half of a duration and all of it.
pub(crate) fn jittered(duration: Duration, random: u64) -> Duration {
    let half = duration / 2;
    let parts = u32::try_from(random % 1_000).unwrap_or_default();
    half + half * parts / 1_000
}

/// What came of a call, and whether an earlier try of it may have been accepted.
#[derive(Debug)]
pub(crate) struct Attempted<T> {
    pub(crate) result: Result<T, ServiceError>,
    /// An answer was lost on the way: a refusal now may come from the call's own success.
    pub(crate) answer_lost: bool,
}

/// Makes a call until it is answered, or too often.
pub(crate) async fn attempt<T, F, R>(clock: &dyn Clock, policy: &RetryPolicy, mut call: F) -> Attempted<T>
where
    F: FnMut() -> R,
    R: Future<Output = Result<T, ServiceError>>,
{
    let mut failures = 0;
    let mut answer_lost = false;
    loop {
        if let Some(brake) = &policy.brake {
            brake.wait(clock).await;
        }
        let error = match call().await {
            Ok(answer) => return Attempted { result: Ok(answer), answer_lost },
            Err(error) => error,
        };
        // A throttled call was not looked at; of the others nobody knows.
        answer_lost |= error.is_transient() && !matches!(error, ServiceError::Throttled { .. });
        failures += 1;
        if !error.is_transient() || failures >= policy.attempts {
            return Attempted { result: Err(error), answer_lost };
        }
        let wait = policy.wait(failures, clock.random());
        match &policy.brake {
            Some(brake) if matches!(error, ServiceError::Throttled { .. }) => {
                brake.press(clock.elapsed() + wait);
            }
            _ => clock.sleep(wait).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap() {
        let policy = RetryPolicy::default();
        let waits: Vec<u128> = (1..9).map(|failures| policy.wait(failures, 999).as_millis()).collect();
        assert_eq!(waits, [499, 999, 1999, 3998, 7996, 14992, 14992, 14992]);
        assert_eq!(policy.wait(1, 0).as_millis(), 250);
        assert_eq!(policy.wait(u32::MAX, 0).as_millis(), 7_500);
    }
}
