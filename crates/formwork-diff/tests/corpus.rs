//! Published templates, in the directory that `FORMWORK_CORPUS` names.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod telling;

use std::{
    fs,
    path::{Path, PathBuf},
};

use formwork_diff::{Options, Side, diff};
use formwork_template::{Map, Template, Value, read};
use telling::tell;

fn templates(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            templates(&path, found);
        } else if path
            .extension()
            .is_some_and(|ending| ["json", "yaml", "yml"].iter().any(|known| ending == *known))
        {
            found.push(path);
        }
    }
}

/// The keys of every map the other way round.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Map(map) => {
            let mut entries: Vec<(String, Value)> =
                map.iter().map(|(key, item)| (key.to_owned(), reversed(item))).collect();
            entries.reverse();
            Value::Map(entries.into_iter().collect::<Map>())
        }
        Value::List(items) => Value::list(items.iter().map(reversed)),
        other => other.clone(),
    }
}

#[test]
fn published_templates_do_not_differ_from_themselves() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else {
        println!("skipped: FORMWORK_CORPUS names no directory");
        return;
    };
    let mut paths = Vec::new();
    templates(&Path::new(&corpus).join("valid"), &mut paths);
    assert!(!paths.is_empty());
    let mut before: Option<Template> = None;
    for path in paths {
        let template = read::read_bytes(&fs::read(&path).unwrap()).unwrap().into_template();
        let yaml = read::read(&template.to_yaml()).unwrap().into_template();
        let json = Template::from_json(&template.to_json()).unwrap();
        let Value::Map(sections) = reversed(&Value::from(template.clone())) else { unreachable!() };
        for other in [&template, &yaml, &json, &Template::from_sections(sections)] {
            let found = diff(&Side::new(&template), &Side::new(other), &Options::new());
            assert!(found.is_empty(), "{}\n{}", path.display(), tell(&found));
        }
        // Templates that have nothing to do with each other can be told apart, too.
        if let Some(before) = before.replace(template.clone()) {
            let found = diff(&Side::new(&before), &Side::new(&template), &Options::new());
            assert!(!found.is_empty(), "{}", path.display());
            serde_json::to_string(&found).unwrap();
        }
    }
}
