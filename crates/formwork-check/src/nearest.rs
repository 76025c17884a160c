//! The name that was probably meant.

/// How alike two names must be for one to be meant by the other, from 0 to 1.
const ALIKE: f64 = 0.8;
/// What is shorter than this stands in many names.
const LONG_ENOUGH: usize = 5;

/// The name that was probably meant, if one is alike enough.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let rated = known.into_iter().map(|name| {
        let alike = strsim::normalized_damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase());
        (alike, name)
    });
    let (mut best, mut within): (Option<(f64, &str)>, Option<&str>) = (None, None);
    for (alike, name) in rated {
        if alike >= ALIKE && best.is_none_or(|(known, _)| alike >= known) {
            best = Some((alike, name));
        }
        // A prefix or a suffix was left out: `t4g.small` of `cache.t4g.small`.
        let longer = wrong.len() >= LONG_ENOUGH && name.contains(wrong);
        if longer && within.is_none_or(|known| name.len() < known.len()) {
            within = Some(name);
        }
    }
    within.or(best.map(|(_, name)| name))
}
