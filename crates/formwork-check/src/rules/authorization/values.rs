//! Whether the values of a condition are what its operator compares.

use std::net::IpAddr;

use formwork_template::Value;

/// What is wrong with a value, as a message.
pub(super) fn problem(operator: &str, value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    };
    // What the request or the deployment fills in is not known.
    if text.contains("${") || text.contains("{{resolve:") {
        return None;
    }
    let (_, plain) = operator.split_once(':').unwrap_or(("", operator));
    let plain = plain.strip_suffix("IfExists").unwrap_or(plain);
    let (holds, wanted) = match plain {
        "Bool" | "Null" => (["true", "false"].iter().any(|flag| text.eq_ignore_ascii_case(flag)), "a flag"),
        "IpAddress" | "NotIpAddress" => (is_range(&text), "an address or a range of addresses"),
        plain if plain.starts_with("Numeric") => (text.parse::<f64>().is_ok(), "a number"),
        plain if plain.starts_with("Date") => (is_moment(&text), "a moment"),
        plain if plain.starts_with("Arn") => (is_arn(&text), "an ARN"),
        _ => return None,
    };
    (!holds).then(|| format!("`{text}` is not {wanted}, which is what `{plain}` compares"))
}

fn is_range(text: &str) -> bool {
    let (address, width) = text.split_once('/').map_or((text, None), |(left, right)| (left, Some(right)));
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    width.is_none_or(|width| width.parse::<u8>().is_ok_and(|width| width <= most))
}

fn is_arn(text: &str) -> bool {
    text.starts_with('*') || text.splitn(6, ':').count() == 6
}

/// Whether a text is a moment as the service reads it: seconds since 1970, or a date by ISO 8601, down
/// to the year or further.
fn is_moment(text: &str) -> bool {
    if text.len() > 4 && text.parse::<f64>().is_ok() {
        return true;
    }
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let mut parts = date.split('-');
    let mut next = |digits: usize| {
        let part = parts.next()?;
        (part.len() == digits).then(|| part.parse::<u32>().ok()).flatten()
    };
    let Some(year) = next(4) else { return false };
    let (month, day) = match date.len() {
        4 => (Some(1), Some(1)),
        7 => (next(2), Some(1)),
        10 => (next(2), next(2)),
        _ => return false,
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        Some(4 | 6 | 9 | 11) => 30,
        Some(2) if leap => 29,
        Some(2) => 28,
        Some(1..=12) => 31,
        _ => 0,
    };
    day.is_some_and(|day| (1..=days).contains(&day))
        && time.is_none_or(|time| date.len() == 10 && is_time(time))
}

/// A time of the day with its zone: `10:00Z`, `10:00:00.5+01:00`.
fn is_time(text: &str) -> bool {
    let end = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (time, zone) = text.split_at(end);
    let pair = |text: &str, most: u32| text.len() == 2 && text.parse::<u32>().is_ok_and(|part| part < most);
    let zone_holds = match zone {
        "Z" => true,
        zone => zone
            .get(1..)
            .and_then(|zone| zone.split_once(':'))
            .is_some_and(|(hours, minutes)| pair(hours, 24) && pair(minutes, 60)),
    };
    let whole = time.split_once('.').map_or(time, |(whole, _)| whole);
    let parts: Vec<&str> = whole.split(':').collect();
    let time_holds = match parts.as_slice() {
        [hours, minutes] => pair(hours, 24) && pair(minutes, 60),
        [hours, minutes, seconds] => pair(hours, 24) && pair(minutes, 60) && pair(seconds, 60),
        _ => false,
    };
    zone_holds && time_holds
}

#[cfg(test)]
mod tests {
    use super::problem;
    use formwork_template::Value;

    #[test]
    fn values_are_what_operators_compare() {
        let holds =
            |operator: &str, text: &str| problem(operator, &Value::String(text.to_owned().into())).is_none();
        for (operator, text) in [
            ("IpAddress", "203.0.113.0/24"),
            ("NotIpAddressIfExists", "2001:db8::1"),
            ("DateLessThan", "2028-02-29T23:59:59Z"),
            ("DateGreaterThan", "2026-11"),
            ("DateEquals", "1795000000"),
            ("DateLessThan", "2026-11-21T10:00:00.5+01:00"),
            ("NumericLessThan", "3600"),
            ("ForAnyValue:ArnLike", "arn:aws:s3:::*"),
            ("ArnLike", "*"),
            ("BoolIfExists", "True"),
            ("IpAddress", "${Range}"),
            ("StringEquals", "anything"),
        ] {
            assert!(holds(operator, text), "{operator} {text}");
        }
        for (operator, text) in [
            ("IpAddress", "10.0.0.0/33"),
            ("IpAddress", "shop"),
            ("DateLessThan", "2027-02-29"),
            ("DateLessThan", "21.11.2026"),
            ("DateLessThan", "2026-11-21T24:00:00Z"),
            ("NumericEquals", "many"),
            ("ArnEquals", "reports"),
            ("Bool", "yes"),
            ("Null", "1"),
        ] {
            assert!(!holds(operator, text), "{operator} {text}");
        }
    }
}
