//! Numbers with their nouns.

/// `1 error`, `2 errors`.
pub(crate) fn number(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A number with a comma between thousands: `51,200`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let grouped_numbers: Vec<String> = [0, 999, 1000, 51_200, 1_048_576].map(grouped).into();
        assert_eq!(grouped_numbers, ["0", "999", "1,000", "51,200", "1,048,576"]);
        assert_eq!(number(1, "stack"), "1 stack");
    }
}
