//! The name that was probably meant.

/// How alike two names must be for one to be meant by the other, from 0 to 1.
const ALIKE: f64 = 0.8;

/// The name that was probably meant, if one is alike enough.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let rated = known.into_iter().map(|name| {
        let alike = strsim::normalized_damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase());
        (alike, name)
    });
    rated
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}
