//! Regular expressions of rules: what balancers take of them.

/// What balancers do not take, with the signs that it begins with.
const UNKNOWN: [(&str, &str); 14] = [
    ("(?=", "looks ahead"),
    ("(?!", "looks ahead"),
    ("(?<=", "looks behind"),
    ("(?<!", "looks behind"),
    ("(?>", "has an atomic group"),
    ("(?R", "calls itself"),
    ("(?&", "calls a group"),
    ("(?P>", "calls a group"),
    ("*+", "has a possessive quantifier"),
    ("++", "has a possessive quantifier"),
    ("?+", "has a possessive quantifier"),
    ("\\p{", "has a class of Unicode"),
    ("\\P{", "has a class of Unicode"),
    ("\\k", "refers to a group"),
];

/// Why balancers do not take the expression, if so.
pub(super) fn mistake(expression: &str) -> Option<String> {
    if expression.is_empty() {
        return Some("a regular expression is empty".to_owned());
    }
    let (mut open, mut class) = (0_i32, false);
    let mut signs = expression.char_indices();
    while let Some((at, sign)) = signs.next() {
        let rest = &expression[at..];
        let unknown = UNKNOWN.iter().find(|(begin, _)| !class && rest.starts_with(begin));
        if let Some((_, what)) = unknown {
            return Some(format!("`{expression}` {what}, and balancers do not know that"));
        }
        match sign {
            '\\' => {
                let escaped = signs.next().map(|(_, sign)| sign);
                if !class && matches!(escaped, Some('1'..='9')) {
                    return Some(format!("`{expression}` refers to a group, and balancers do not know that"));
                }
                if escaped.is_none() {
                    return Some(format!("`{expression}` ends in the middle"));
                }
            }
            '[' if !class => class = true,
            ']' => class = false,
            '(' if !class => open += 1,
            ')' if !class => open -= 1,
            _ => {}
        }
        if open < 0 {
            break;
        }
    }
    (open != 0 || class).then(|| format!("`{expression}` has a bracket without its other half"))
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn what_balancers_do_not_take() {
        let taken = ["^/(.*)$", "^(a|b)+\\.example\\.com$", "[()*+]", "\\(", "a{2,3}", "(?i)shop"];
        assert_eq!(taken.map(mistake), [const { None }; 6]);
        let refused = ["", "(a", "a)", "[a", "a\\", "(?=a)", "(?<!a)b", "(a)\\1", "a*+", "\\p{L}"];
        insta::assert_debug_snapshot!(refused.map(mistake));
    }
}
