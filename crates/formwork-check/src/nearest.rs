//! The name that was probably meant.

/// How alike two names must be for one to be meant by the other, from 0 to 1.
const ALIKE: f64 = 0.8;
/// What is shorter than this stands in many names.
const LONG_ENOUGH: usize = 5;

/// The name that was probably meant, if one is alike enough.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let letters = Letters::of(&wrong);
    let (mut best, mut within): (Option<(f64, &str)>, Option<&str>) = (None, None);
    for name in known {
        // A prefix or a suffix was left out: `t4g.small` of `cache.t4g.small`.
        let longer = wrong.len() >= LONG_ENOUGH && name.len() > wrong.len() && name.contains(wrong.as_str());
        if longer && within.is_none_or(|known| name.len() < known.len()) {
            within = Some(name);
        }
        // To compare takes the product of both lengths: only names of about the same letters are worth it.
        if letters.may_be_alike(name) {
            let alike = strsim::normalized_damerau_levenshtein(&wrong, &name.to_lowercase());
            if alike >= ALIKE && best.is_none_or(|(known, _)| alike >= known) {
                best = Some((alike, name));
            }
        }
    }
    within.or(best.map(|(_, name)| name))
}

/// How often a name has each letter, whatever their order.
struct Letters {
    counts: [u8; 32],
    length: usize,
}

impl Letters {
    fn of(name: &str) -> Self {
        let mut letters = Self { counts: [0; 32], length: name.chars().count() };
        for byte in name.bytes() {
            let count = &mut letters.counts[usize::from(byte % 32)];
            *count = count.saturating_add(1);
        }
        letters
    }

    /// Whether another name has so many letters of this one that a fifth at most must be changed.
    fn may_be_alike(&self, name: &str) -> bool {
        let longer = self.length.max(name.len());
        if 5 * self.length.min(name.len()) < 4 * longer {
            return false;
        }
        // Capitals fall together with small letters.
        let mut left = self.counts;
        let mut missing = 0;
        for byte in name.bytes() {
            let count = &mut left[usize::from(byte % 32)];
            missing += usize::from(*count == 0);
            *count = count.saturating_sub(1);
        }
        5 * missing <= longer
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_name_is_alike_where_a_fifth_differs_at_most() {
        let known = ["Role", "RoleArn", "SecurityGroupIds", "SecurityGroups"];
        for (wrong, meant) in [
            ("rolearn", Some("RoleArn")),
            ("RoleAnr", Some("RoleArn")),
            ("RoleAxx", None),
            ("SecurityGroupId", Some("SecurityGroupIds")),
            ("SecuretyGruops", Some("SecurityGroups")),
            ("Roles", Some("Role")),
            ("\u{130}ole", None),
            ("", None),
        ] {
            assert_eq!(nearest(wrong, known), meant, "{wrong}");
        }
    }
}
