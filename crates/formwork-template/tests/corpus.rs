//! Published templates, in the directory that `FORMWORK_CORPUS` names: every valid one is read, and
//! survives being written.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use formwork_template::{Template, read};

fn templates(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            templates(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|known| extension == *known))
        {
            found.push(path);
        }
    }
}

#[test]
fn every_valid_template_is_read_and_survives_both_writers() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else {
        println!("skipped: FORMWORK_CORPUS names no directory");
        return;
    };
    let mut paths = Vec::new();
    templates(&Path::new(&corpus).join("valid"), &mut paths);
    assert!(!paths.is_empty(), "no templates below {}", corpus.display());
    let texts: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let start = Instant::now();
    let documents: Vec<_> = texts.iter().map(|text| read::read_bytes(text)).collect();
    let elapsed = start.elapsed();
    for (path, document) in paths.iter().zip(documents) {
        let document = document.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json = document.template().to_json();
        let yaml = document.template().to_yaml();
        assert_eq!(read::read(&json).unwrap().template().to_json(), json, "{}", path.display());
        assert_eq!(Template::from_json(&json).unwrap().to_json(), json, "{}", path.display());
        let again = read::read(&yaml).unwrap_or_else(|error| panic!("{}: {error}\n{yaml}", path.display()));
        assert_eq!(again.template().to_json(), json, "{}", path.display());
        for resource in document.template().resources() {
            let place = document.locate(["Resources", resource.logical_id]);
            assert!(
                place.is_some_and(|place| place.key.is_some()),
                "{}: {}",
                path.display(),
                resource.logical_id
            );
        }
    }
    println!(
        "{} templates, {} bytes, read in {elapsed:?}",
        paths.len(),
        texts.iter().map(Vec::len).sum::<usize>()
    );
}

#[test]
fn every_template_that_is_wrong_in_content_is_read_or_refused_with_a_place() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else {
        println!("skipped: FORMWORK_CORPUS names no directory");
        return;
    };
    let mut paths = Vec::new();
    templates(&Path::new(&corpus).join("invalid"), &mut paths);
    let mut refused = 0;
    for path in &paths {
        if let Err(error) = read::read_bytes(&fs::read(path).unwrap()) {
            refused += 1;
            println!("{}: {error}", path.display());
            assert!(error.position.line > 0 && error.position.column > 0);
        }
    }
    println!("{} templates, {refused} refused", paths.len());
}
