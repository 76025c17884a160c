//! The type of a plain scalar, by the rules of YAML 1.1.

use serde_json::Number;

use crate::value::Value;

/// The value that a plain scalar stands for, unless it is a string.
///
/// The forms are those of the type repository of YAML 1.1 as its common readers implement it:
/// `y` and `n` are strings, and a float has a point, and a sign in its exponent.
pub(super) fn resolve(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Some(Value::Bool(true));
        }
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Some(Value::Bool(false));
        }
        _ => {}
    }
    let (negative, digits) = match text.as_bytes()[0] {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        b'0'..=b'9' | b'.' => (false, text),
        _ => return None,
    };
    integer(negative, digits).or_else(|| float(negative, digits)).map(Value::Number)
}

fn integer(negative: bool, digits: &str) -> Option<Number> {
    if let Some(rest) = digits.strip_prefix("0b") {
        return whole(negative, rest, 2);
    }
    if let Some(rest) = digits.strip_prefix("0x") {
        return whole(negative, rest, 16);
    }
    match digits.as_bytes() {
        [b'0', _, ..] => whole(negative, digits, 8),
        [b'0'] => whole(negative, digits, 10),
        [b'1'..=b'9', ..] if digits.contains(':') => sexagesimal(negative, digits),
        [b'1'..=b'9', ..] => whole(negative, digits, 10).or_else(|| huge(negative, digits)),
        _ => None,
    }
}

/// A whole number of at most 64 bits.
fn whole(negative: bool, digits: &str, radix: u32) -> Option<Number> {
    let digits = digits.replace('_', "");
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    signed(negative, u64::from_str_radix(&digits, radix).ok()?)
}

fn signed(negative: bool, number: u64) -> Option<Number> {
    if negative { 0_i64.checked_sub_unsigned(number).map(Number::from) } else { Some(number.into()) }
}

/// A whole number that JSON's readers, too, can only keep as a float.
fn huge(negative: bool, digits: &str) -> Option<Number> {
    let digits = digits.replace('_', "");
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    finite(negative, &digits)
}

/// `190:20:30`: every part after the first below 60.
fn sexagesimal(negative: bool, digits: &str) -> Option<Number> {
    let mut parts = digits.split(':');
    let first = parts.next()?.replace('_', "").parse::<u64>().ok()?;
    let total = parts.try_fold(first, |total, part| total.checked_mul(60)?.checked_add(sixtieth(part)?))?;
    signed(negative, total)
}

fn sixtieth(part: &str) -> Option<u64> {
    let valid = matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    valid.then(|| part.parse().ok())?
}

fn float(negative: bool, digits: &str) -> Option<Number> {
    let (whole, rest) = digits.split_once('.')?;
    let (fraction, exponent) = match rest.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (rest, None),
    };
    let is_run = |run: &str| run.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let starts_with_digit = |run: &str| run.starts_with(|first: char| first.is_ascii_digit());
    if !is_run(fraction) {
        return None;
    }
    if let Some(exponent) = exponent {
        let power = exponent.strip_prefix(['+', '-'])?;
        if power.is_empty() || !power.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    let fraction = fraction.replace('_', "");
    if whole.contains(':') && exponent.is_none() {
        return sexagesimal_float(negative, whole, &fraction);
    }
    let well_formed =
        if whole.is_empty() { starts_with_digit(rest) } else { starts_with_digit(whole) && is_run(whole) };
    if !well_formed {
        return None;
    }
    let whole = whole.replace('_', "");
    finite(negative, &format!("{whole}.{fraction}0e{}", exponent.unwrap_or("0")))
}

fn sexagesimal_float(negative: bool, whole: &str, fraction: &str) -> Option<Number> {
    let mut parts = whole.split(':');
    let first = parts.next().filter(|first| first.starts_with(|digit: char| digit.is_ascii_digit()))?;
    let first = first.replace('_', "").parse::<u64>().ok()?;
    let total = parts.try_fold(first, |total, part| total.checked_mul(60)?.checked_add(sixtieth(part)?))?;
    finite(negative, &format!("{total}.{fraction}0"))
}

fn finite(negative: bool, digits: &str) -> Option<Number> {
    let number: f64 = digits.parse().ok()?;
    Number::from_f64(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use crate::value::Value;

    #[test]
    fn types_are_those_of_yaml_1_1() {
        let cases = [
            ("~", "null"),
            ("", "null"),
            ("yes", "true"),
            ("Off", "false"),
            ("0", "0"),
            ("-0", "0"),
            ("017", "15"),
            ("-017", "-15"),
            ("0x1F", "31"),
            ("0b101", "5"),
            ("1_000", "1000"),
            ("+12", "12"),
            ("12:30:45", "45045"),
            ("-1:30", "-90"),
            ("22:22", "1342"),
            ("1.10", "1.1"),
            ("1.", "1.0"),
            (".5", "0.5"),
            ("1_0.5", "10.5"),
            ("6.02e+23", "6.02e23"),
            ("1:30.5", "90.5"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
        ];
        for (text, expected) in cases {
            let value = resolve(text).map(|value| crate::json::write(&value, crate::json::Style::Compact));
            let expected: Value = serde_json::from_str(expected).unwrap();
            assert_eq!(
                value.as_deref(),
                Some(crate::json::write(&expected, crate::json::Style::Compact).as_str()),
                "{text}"
            );
        }
    }

    #[test]
    fn everything_else_is_a_string() {
        let strings = [
            "y",
            "N",
            "tRUE",
            "2012-10-17",
            "2010-09-09",
            "2001-12-14t21:59:43.10-05:00",
            "08",
            "012345678901",
            "0o17",
            "1e3",
            "1.0e3",
            "1.2.3",
            "10.0.0.0/16",
            "10:80",
            "0:30",
            "1:2x",
            ".inf",
            "-.inf",
            ".nan",
            "=",
            "<<",
            "-",
            "+",
            ".",
            "..",
            "0x",
            "0b2",
            "--1",
            "1.0.",
            "é",
            "1é",
            "-é",
            "1.0e+999",
        ];
        for text in strings {
            assert_eq!(resolve(text), None, "{text}");
        }
    }
}
