//! A clock for tests.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::clock::{Clock, Sleep};

/// A clock on which a sleep takes no time, and chance is the same at every run.
#[derive(Debug)]
pub struct SimulatedClock {
    milliseconds: AtomicU64,
    random: AtomicU64,
}

impl SimulatedClock {
    /// A clock at 0; another seed gives other random numbers, and so other tokens.
    pub fn new(seed: u64) -> Self {
        Self { milliseconds: AtomicU64::new(0), random: AtomicU64::new(seed) }
    }
}

impl Clock for SimulatedClock {
    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.milliseconds.load(Ordering::Relaxed))
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.milliseconds.fetch_add(milliseconds, Ordering::Relaxed);
        // Others have their turn.
        Box::pin(tokio::task::yield_now())
    }

    fn random(&self) -> u64 {
        // Splitmix: equal steps, well mixed.
        let step = 0x9e37_79b9_7f4a_7c15_u64;
        let mut value = self.random.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }
}
