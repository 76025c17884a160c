//! What is committed is what the facts render to, and what is rendered is what was asked for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use formwork_spec::ResourceFacts;

use super::{families, lock::Lock, names, outputs, render, render_committed, sources};

/// What the registry takes.
const MOST_FEATURES: usize = 300;
/// Beside the services' modules, these are modules of the facade or of what it re-exports.
const FACADE: &[&str] = &["aws", "builder", "cfn", "ids", "prelude", "pseudo", "template"];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn lock() -> Lock {
    Lock::read(&root().join(outputs::LOCK)).expect("the lock parses")
}

fn facts() -> Vec<ResourceFacts> {
    let table = fs::read(root().join(outputs::TABLE)).expect("the table is committed");
    formwork_spec::decode(&table).expect("the table decodes")
}

fn rendered() -> BTreeMap<String, String> {
    render::render(&facts(), &lock())
}

#[test]
fn the_builders_are_what_the_facts_render_to() {
    let outputs = render_committed(root()).expect("the committed facts render");
    let stale = outputs.stale(root()).expect("the committed files can be read");
    assert!(stale.is_empty(), "run `cargo xtask codegen --offline`: {stale:?}");
}

#[test]
fn what_is_edited_missing_or_left_over_is_stale() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| format!("crates/formwork-cfn/src/{name}");
    let mut outputs = outputs::Outputs::default();
    outputs.add(&path("same.rs"), b"same".to_vec());
    outputs.add(&path("edited.rs"), b"generated".to_vec());
    outputs.add(&path("missing.rs"), b"generated".to_vec());
    outputs.write(directory.path()).expect("the files can be written");
    assert!(outputs.stale(directory.path()).expect("the files can be read").is_empty());

    fs::write(directory.path().join(path("edited.rs")), "by hand").expect("the file can be written");
    fs::write(directory.path().join(path("left_over.rs")), "").expect("the file can be written");
    fs::remove_file(directory.path().join(path("missing.rs"))).expect("the file can be removed");
    let stale = outputs.stale(directory.path()).expect("the files can be read");
    assert_eq!(stale, [path("edited.rs"), path("missing.rs"), path("left_over.rs")]);

    assert_eq!(outputs.write(directory.path()).expect("the files can be written"), 3);
    assert!(outputs.stale(directory.path()).expect("the files can be read").is_empty());
}

#[test]
fn rendering_again_gives_the_same() {
    assert!(rendered() == rendered());
}

#[test]
fn no_type_is_lost_on_the_way_to_its_builder() {
    let facts = facts();
    let text: String = rendered().into_values().collect();
    let nested: usize = facts.iter().map(|facts| facts.nested.len()).sum();
    assert!(facts.len() >= 1_828, "{} resource types", facts.len());
    assert!(nested >= 9_800, "{nested} property types");
    assert_eq!(text.matches("    const TYPE: &'static str = \"").count(), facts.len());
    assert_eq!(text.matches("(self) -> ").count() - facts.len(), nested);
}

#[test]
fn documentation_states_facts_and_nothing_else() {
    /// Every word that may stand outside of code and links, beside the names of property types.
    const WORDS: &str = "\
        string integer number boolean timestamp JSON tag list map of or one matches at least most to each \
        characters items entries update replaces may replace interrupts deprecated \
        Ref joined by Needs the transform Holds data Values Attributes a deployed an which returns \
        Fn::GetAtt Starts with no required properties The";
    let words: BTreeSet<&str> = WORDS.split_whitespace().collect();
    let facts = facts();
    let mut known: BTreeSet<String> =
        facts.iter().flat_map(|facts| &facts.nested).map(|nested| nested.name.clone()).collect();
    known.extend(words.iter().map(|word| (*word).to_owned()));
    for (path, text) in
        rendered().into_iter().filter(|(path, _)| path.contains('/') && !path.ends_with("mod.rs"))
    {
        for line in text.lines().filter_map(|line| line.trim_start().strip_prefix("///")) {
            for word in prose(line) {
                let number = word.parse::<f64>().is_ok();
                assert!(number || known.contains(word), "{path}: {word:?} in {line}");
            }
        }
    }
}

/// The words of a line of documentation, without its code and its links.
fn prose(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(['`', '[']) {
        let (before, tail) = rest.split_at(start);
        words.push(before);
        let end = if let Some(code) = tail.strip_prefix("``") {
            code.find("``").map(|end| end + 4)
        } else if let Some(code) = tail.strip_prefix('`') {
            code.find('`').map(|end| end + 2)
        } else {
            let closing = if tail.contains("](") { ')' } else { ']' };
            tail.find(closing).map(|end| end + 1)
        };
        rest = &tail[end.unwrap_or(tail.len())..];
    }
    words.push(rest);
    let separates = |letter: char| letter.is_whitespace() || ",;.()-".contains(letter);
    words
        .into_iter()
        .flat_map(|text| text.split(separates))
        .map(|word| word.trim_matches(':'))
        .filter(|word| !word.is_empty() && *word != "|")
        .collect()
}

#[test]
fn the_lock_is_written_as_it_reads() {
    let text = fs::read_to_string(root().join(outputs::LOCK)).expect("the lock is committed");
    assert_eq!(lock().render(), text);
}

#[test]
fn the_lock_names_the_pinned_sources() {
    let lock = lock();
    assert!(
        lock.sources.keys().eq(sources::pinned().iter()),
        "run `cargo xtask codegen`: {:?}",
        lock.sources
    );
    assert!(lock.sources.values().all(|digest| digest.len() == 64));
}

#[test]
fn the_registry_takes_the_features() {
    for crate_name in ["formwork-cfn", "formwork"] {
        let path = root().join("crates").join(crate_name).join("Cargo.toml");
        let manifest: toml::Table =
            fs::read_to_string(path).expect("the manifest is there").parse().expect("the manifest parses");
        let features = manifest["features"].as_table().expect("the manifest has features");
        let lock = lock();
        let services: BTreeSet<&String> = lock.features.values().collect();
        assert!(services.iter().all(|service| features.contains_key(*service)), "{crate_name}");
        // Room for services to come.
        assert!(features.len() <= MOST_FEATURES - 20, "{crate_name} has {} features", features.len());
    }
}

#[test]
fn services_stay_in_their_feature_and_out_of_the_facades_way() {
    for (namespace, feature) in &lock().features {
        let service = names::service(namespace);
        assert_eq!(feature, families::feature(&service), "{namespace} moved to another feature");
        assert!(!FACADE.contains(&service.as_str()), "{namespace} hides a module of the facade");
    }
}
