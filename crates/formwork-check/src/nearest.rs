//! The name that was probably meant.

/// How alike two names must be for one to be meant by the other, from 0 to 1.
const ALIKE: f64 = 0.8;

/// The name that was probably meant, if one is alike enough.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    // To compare takes the product of both lengths, and lengths that differ by more than a fifth are
    // not alike whatever the letters.
    let of_like_length = |name: &&str| 5 * length.min(name.len()) >= 4 * length.max(name.len());
    let rated = known.into_iter().filter(of_like_length).map(|name| {
        let alike = strsim::normalized_damerau_levenshtein(&wrong, &name.to_lowercase());
        (alike, name)
    });
    rated
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}
