//! [`TrafficShift`]: how requests move from the old tasks of a service to the new ones.

use std::time::Duration;

use formwork_core::{Finding, Scope};

/// The longest time that may be waited: a day, in minutes.
const LONGEST: u64 = 1440;
/// What may be shifted at once, in percent, before all is.
const PART: std::ops::RangeInclusive<u8> = 1..=99;

/// How requests move from the old tasks of a service to the new ones: at once, a first part and then
/// the rest, or in equal parts.
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::ecs::TrafficShift;
///
/// let canary = TrafficShift::canary(10, Duration::from_mins(5));
/// let linear = TrafficShift::linear(20, Duration::from_mins(3));
/// # let _ = (canary, linear);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct TrafficShift(pub(super) Shift);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    AtOnce,
    Canary { percent: u8, wait: Duration },
    Linear { percent: u8, wait: Duration },
}

impl TrafficShift {
    /// All requests, as soon as the new tasks are well.
    pub const fn at_once() -> Self {
        Self(Shift::AtOnce)
    }

    /// A first part, in percent, and the rest after a time, in whole minutes.
    pub const fn canary(percent: u8, wait: Duration) -> Self {
        Self(Shift::Canary { percent, wait })
    }

    /// Part after part, in percent, with a time between, in whole minutes.
    pub const fn linear(percent: u8, wait: Duration) -> Self {
        Self(Shift::Linear { percent, wait })
    }

    /// Reports (`FW0492`) a shift that cannot be; `least` is the smallest part of a linear one.
    pub(super) fn check(self, least: u8, scope: &mut Scope<'_>) {
        let (percent, wait, least) = match self.0 {
            Shift::AtOnce => return,
            Shift::Canary { percent, wait } => (percent, wait, *PART.start()),
            Shift::Linear { percent, wait } => (percent, wait, least),
        };
        let most = *PART.end();
        if !(least..=most).contains(&percent) {
            let message = format!("{percent} % of the requests cannot be shifted at a time");
            scope.report(Finding::error("FW0492", message).hint(format!("{least} to {most} is possible")));
        }
        minutes(wait, 1, "the time between two shifts", scope);
    }
}

/// A time in minutes; reports (`FW0492`) one that is none.
pub(super) fn minutes(time: Duration, least: u64, what: &str, scope: &mut Scope<'_>) -> i64 {
    let (minutes, rest) = (time.as_secs() / 60, time.as_secs() % 60);
    if rest > 0 || !(least..=LONGEST).contains(&minutes) {
        let message = format!("{what} cannot be {} seconds", time.as_secs());
        let hint = format!("it is in whole minutes, from {least} to {LONGEST}");
        scope.report(Finding::error("FW0492", message).hint(hint));
    }
    whole_minutes(time)
}

pub(super) fn whole_minutes(time: Duration) -> i64 {
    i64::try_from(time.as_secs() / 60).unwrap_or(i64::MAX)
}
