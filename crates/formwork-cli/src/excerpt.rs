//! The line of a file that a finding is about, with a mark below it.

/// Shows a line, counted from 1, and marks its columns from `column` on, `width` of them.
pub(crate) fn excerpt(text: &str, line: u32, column: u32, width: usize) -> Option<String> {
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    let shown = text.lines().nth(index)?.trim_end();
    let column = usize::try_from(column).ok()?.max(1) - 1;
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    // A tab is as wide in the mark as it is in the line.
    let indent: String =
        shown.chars().take(column).map(|each| if each == '\t' { '\t' } else { ' ' }).collect();
    let room = shown.chars().count().saturating_sub(column).max(1);
    let mark = "^".repeat(width.clamp(1, room));
    Some(format!(" {margin} |\n {number} | {shown}\n {margin} | {indent}{mark}\n"))
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn the_mark_stands_below_what_is_meant() {
        let text = "Resources:\n\tTopic: x\n";
        assert_eq!(excerpt(text, 2, 2, 5).as_deref(), Some("   |\n 2 | \tTopic: x\n   | \t^^^^^\n"));
        assert_eq!(excerpt(text, 2, 2, 99).as_deref(), Some("   |\n 2 | \tTopic: x\n   | \t^^^^^^^^\n"));
        assert_eq!(excerpt(text, 9, 1, 1), None);
    }
}
