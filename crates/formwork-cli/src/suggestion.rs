//! The name that was probably meant.

/// A name is suggested up to one slip in so many characters; one slip is always forgiven.
const CHARACTERS_A_SLIP: usize = 3;

/// The candidate that is most like the name, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let most = (name.chars().count() / CHARACTERS_A_SLIP).max(1);
    let slips = |candidate: &str| strsim::damerau_levenshtein(&name, &candidate.to_lowercase());
    let counted = candidates.into_iter().map(|candidate| (slips(candidate), candidate));
    counted
        .filter(|(slips, _)| *slips <= most)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_alike_is_suggested() {
        assert_eq!(nearest("otput", ["app", "output", "context"]), Some("output"));
        assert_eq!(nearest("WEB", ["web", "db"]), Some("web"));
        assert_eq!(nearest("wbe", ["db", "web"]), Some("web"));
        assert_eq!(nearest("region", ["app", "output", "context"]), None);
    }
}
