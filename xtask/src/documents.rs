//! That documents say what the code says.

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    /// The ids of formwork's own rules in a text, each after `before`.
    fn rules(text: &str, before: &str) -> BTreeSet<String> {
        let start = format!("{before}FW");
        let ids = text.match_indices(&start).map(|(start, _)| start + before.len());
        let ids = ids.filter_map(|start| text.get(start..start + "FW0000".len()));
        // What ids begin with is none.
        ids.filter(|id| id["FW".len()..].chars().all(|letter| letter.is_ascii_digit()))
            .map(str::to_owned)
            .collect()
    }

    fn sources(directory: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.append(&mut rules(&fs::read_to_string(&path).unwrap(), "\""));
            }
        }
    }

    #[test]
    fn architecture_lists_every_rule_and_no_other() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut reported = BTreeSet::new();
        for name in ["formwork-core", "formwork-check", "formwork-aws"] {
            sources(&root.join("crates").join(name).join("src"), &mut reported);
        }
        let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
        assert_eq!(rules(&text, "\n| "), reported);
    }
}
