//! The name that was probably meant.

/// From this likeness on (0 to 1) a name is suggested.
const ALIKE: f64 = 0.75;

/// The candidate that is most like the name, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate: &str| strsim::jaro_winkler(&name.to_lowercase(), &candidate.to_lowercase());
    let scored = candidates.into_iter().map(|candidate| (likeness(candidate), candidate));
    let alike = scored.filter(|(score, _)| *score >= ALIKE);
    alike.max_by(|(left, _), (right, _)| left.total_cmp(right)).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_alike_is_suggested() {
        assert_eq!(nearest("otput", ["app", "output", "context"]), Some("output"));
        assert_eq!(nearest("WEB", ["web", "db"]), Some("web"));
        assert_eq!(nearest("region", ["app", "output", "context"]), None);
    }
}
