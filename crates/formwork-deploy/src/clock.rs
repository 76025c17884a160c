//! [`Clock`]: time and chance, so that tests have neither.

use std::{future::Future, pin::Pin, time::Duration};

/// What waits.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Time and chance.
pub trait Clock: Send + Sync {
    /// The time since some moment before the first call.
    fn elapsed(&self) -> Duration;

    /// Waits.
    fn sleep(&self, duration: Duration) -> Sleep<'_>;

    /// A number that is not the one before.
    fn random(&self) -> u64;
}

/// The time of the machine, on tokio's timers.
#[derive(Debug)]
pub struct SystemClock {
    start: tokio::time::Instant,
}

impl SystemClock {
    /// A clock that starts now.
    pub fn new() -> Self {
        Self { start: tokio::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> u64 {
        fastrand::u64(..)
    }
}
