//! [`Pace`]: how often to look.

use std::time::Duration;

use crate::retry::jittered;

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
