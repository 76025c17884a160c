//! Times as people write them.

use std::time::Duration;

use jiff::SignedDuration;

/// Reads a time such as `90s`, `30m` or `1h 15m`.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let parsed: Option<SignedDuration> = text.parse().ok();
    let duration = parsed.and_then(|parsed| Duration::try_from(parsed).ok());
    duration.ok_or_else(|| "a time is wanted, such as `90s`, `30m` or `1h 15m`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        let seconds = ["90s", "30m", "1h 15m", "2 hours", "30", "-5m", ""]
            .map(|text| parse(text).ok().map(|time| time.as_secs()));
        assert_eq!(seconds, [Some(90), Some(1_800), Some(4_500), Some(7_200), None, None, None]);
    }
}
