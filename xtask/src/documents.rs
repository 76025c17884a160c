//! That documents say what the code says.

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

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

    /// The texts in quotes of a kind.
    fn quoted(text: &str, quote: char) -> BTreeSet<String> {
        text.split(quote).skip(1).step_by(2).map(str::to_owned).collect()
    }

    /// What a prelude exports, and by which features.
    fn exports(prelude: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut exports = BTreeMap::new();
        let mut features = BTreeSet::new();
        for statement in prelude.split_inclusive([';', ']']) {
            if statement.ends_with(']') {
                features = quoted(statement, '"');
                continue;
            }
            let Some((_, uses)) = statement.split_once("pub use crate::") else { continue };
            let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
            for (start, word) in uses.match_indices(is_name) {
                // The first letter of a word that names no module.
                if uses[..start].ends_with(is_name) {
                    continue;
                }
                let end = uses[start..].find(|letter| !is_name(letter)).map_or(uses.len(), |end| start + end);
                if !uses[end..].starts_with("::") {
                    exports.insert(format!("{word}{}", &uses[start + word.len()..end]), features.clone());
                }
            }
        }
        exports
    }

    #[test]
    fn the_table_of_constructs_is_that_of_the_prelude() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let exports = exports(&fs::read_to_string(root.join("crates/formwork-aws/src/prelude.rs")).unwrap());
        let page = fs::read_to_string(root.join("docs/constructs.md")).unwrap();
        let mut listed = BTreeSet::new();
        let mut mistakes = Vec::new();
        for line in page.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let features = quoted(cells[2], '`');
            for name in quoted(cells[1], '`') {
                match exports.get(&name) {
                    None => mistakes.push(format!("`{name}` is in the table, and not in the prelude")),
                    Some(own) if *own != features => {
                        mistakes
                            .push(format!("`{name}` comes with {own:?}, and the table says {features:?}"));
                    }
                    Some(_) => {}
                }
                if !listed.insert(name.clone()) {
                    mistakes.push(format!("`{name}` is in the table twice"));
                }
            }
        }
        for (name, features) in &exports {
            // A handle goes with what it is of.
            let built = name.strip_suffix("Handle");
            if !listed.contains(name) && !built.is_some_and(|built| exports.contains_key(built)) {
                let features: Vec<String> = features.iter().map(|feature| format!("`{feature}`")).collect();
                mistakes.push(format!(
                    "a row is missing: | `{name}` | {} | the class of the CDK, or - | what is different |",
                    features.join(", ")
                ));
            }
        }
        assert!(mistakes.is_empty(), "docs/constructs.md:\n{}", mistakes.join("\n"));
    }

    #[test]
    fn the_table_of_grants_is_that_of_the_code() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let page = fs::read_to_string(root.join("docs/access.md")).unwrap();
        let mut missing = BTreeSet::new();
        for entry in fs::read_dir(root.join("crates/formwork-aws/src/grants")).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            for line in text.lines().map(str::trim) {
                let grants = line.ends_with('{') && line.contains("Permission");
                let Some((_, rest)) = line.split_once("fn ").filter(|_| grants) else { continue };
                let name = rest.split('(').next().unwrap();
                // The table says of prefixes in general, and a helper grants nothing by itself.
                let listed =
                    page.contains(&format!("`{name}")) || name.ends_with("_under") || name == "log_in";
                if !listed {
                    missing.insert(name.to_owned());
                }
            }
        }
        assert!(missing.is_empty(), "docs/access.md names no {missing:?}");
    }

    #[test]
    fn exports_have_their_features() {
        let prelude = "#[cfg(feature = \"one\")]\npub use crate::a::One;\n#[cfg(any(feature = \"one\", feature = \"two\"))]\npub use crate::{\n    b::{Two, TwoHandle},\n    c::three,\n};\n";
        let shown: Vec<String> = exports(prelude)
            .into_iter()
            .map(|(name, features)| format!("{name}: {}", features.into_iter().collect::<Vec<_>>().join(" ")))
            .collect();
        assert_eq!(shown, ["One: one", "Two: one two", "TwoHandle: one two", "three: one two"]);
    }
}
