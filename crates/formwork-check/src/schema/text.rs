//! Strings: known values, patterns and lengths.

use formwork_spec::{Constraints, ValueFacts};

use super::{Checker, format};
use crate::{nearest::nearest, patterns};

/// A value that the service reads from elsewhere begins so.
const DYNAMIC: &str = "{{resolve:";

impl Checker<'_> {
    pub(super) fn text(&mut self, text: &str, facts: &'static ValueFacts) {
        let Some(constraints) = facts.constraints.as_deref() else { return };
        if text.contains(DYNAMIC) {
            return;
        }
        let before = self.findings.len();
        self.bounds(text, constraints);
        if constraints.any_of.is_empty() && self.findings.len() == before {
            self.format(text, constraints);
        }
        if !constraints.any_of.is_empty() && !constraints.any_of.iter().any(|bounds| self.holds(text, bounds))
        {
            self.report("E3017", format!("`{text}` has none of the forms that are taken here"), None);
        }
    }

    /// Whether all bounds hold, without a report.
    fn holds(&mut self, text: &str, constraints: &'static Constraints) -> bool {
        let before = self.findings.len();
        self.bounds(text, constraints);
        self.format(text, constraints);
        let holds = self.findings.len() == before;
        self.findings.truncate(before);
        holds
    }

    fn bounds(&mut self, text: &str, constraints: &'static Constraints) {
        let same =
            |known: &String| known == text || (constraints.any_case && known.eq_ignore_ascii_case(text));
        if !constraints.allowed.is_empty() && !constraints.allowed.iter().any(same) {
            self.not_allowed(text, &constraints.allowed);
        }
        let length = text.chars().count() as u64;
        if let Some(least) = constraints.min_length.filter(|least| length < *least) {
            self.report(
                "E3033",
                format!("`{text}` has {length} characters, and needs at least {least}"),
                None,
            );
        }
        if let Some(most) = constraints.max_length.filter(|most| length > *most) {
            self.report(
                "E3033",
                format!("the string has {length} characters, and takes at most {most}"),
                None,
            );
        }
        if let Some(pattern) = &constraints.pattern
            && !patterns::matches(pattern, text)
        {
            let hint = Some(format!("it must match `{pattern}`"));
            self.report("E3031", format!("`{text}` does not have the form that is taken here"), hint);
        }
    }

    fn format(&mut self, text: &str, constraints: &'static Constraints) {
        let is_range = match constraints.format.as_deref() {
            Some("ipv4-network") => text.parse::<ipnet::Ipv4Net>().is_ok(),
            Some("ipv6-network") => text.parse::<ipnet::Ipv6Net>().is_ok(),
            _ => true,
        };
        if !is_range {
            let hint = Some("an address and the length of its prefix, such as `10.0.0.0/16`".to_owned());
            self.report("E1103", format!("`{text}` is no range of addresses"), hint);
        }
        let known = constraints.format.as_deref().and_then(format::pattern);
        if let Some((rule, pattern)) = known.filter(|(_, pattern)| !patterns::matches(pattern, text)) {
            let (kind, what) =
                constraints.format.as_deref().and_then(|format| format.split_once('.')).unwrap_or_default();
            let hint = Some(format!("it must match `{pattern}`"));
            self.report(rule, format!("`{text}` is no `{what}` of {kind}"), hint);
        }
    }

    fn not_allowed(&mut self, text: &str, allowed: &'static [String]) {
        /// More values than these are not listed.
        const LISTED: usize = 12;
        let hint = match nearest(text, allowed.iter().map(String::as_str)) {
            Some(known) => format!("is it `{known}` that is meant?"),
            None if allowed.len() <= LISTED => format!("it is one of {}", allowed.join(", ")),
            None => {
                format!("{} values are known, {} among them", allowed.len(), allowed[..LISTED].join(", "))
            }
        };
        self.report("E3030", format!("`{text}` is none of the values that are taken here"), Some(hint));
    }
}
