//! The assembly on disk: whole or not at all.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{collections::BTreeMap, fs, path::Path};

use formwork_core::{
    App, Assembly, AssemblyError, Build, Environment, RawResource, SynthError, reference_by_name,
};

fn app(names: &[&str]) -> App {
    let mut app = App::new();
    for name in names {
        let mut stack = app.stack(*name);
        stack.environment(Environment::new("111111111111", "eu-west-1")).termination_protection();
        RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
    }
    app
}

/// Every file below a directory with its text.
fn files(directory: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn what_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let assembly = app(&["web"]).synth_to(directory.path()).unwrap();
    assert_eq!(Assembly::read(directory.path()).unwrap(), assembly);
    assert_eq!(assembly.template(&assembly.stacks[0]).unwrap().resources().count(), 1);
    let text: Vec<String> =
        files(directory.path()).into_iter().map(|(name, text)| format!("# {name}\n{text}")).collect();
    insta::assert_snapshot!(text.join("\n"));
    let shown = assembly.to_string().replace(&directory.path().display().to_string(), "out");
    insta::assert_snapshot!(shown, @"web    1 resources      90 bytes  out/web.template.json");
}

#[test]
fn the_same_app_is_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    app(&["web", "data"]).synth_to(one.path()).unwrap();
    app(&["web", "data"]).synth_to(two.path()).unwrap();
    assert_eq!(files(one.path()), files(two.path()));
}

#[test]
fn what_stood_there_goes_and_what_is_foreign_stays() {
    let directory = tempfile::tempdir().unwrap();
    app(&["web", "old"]).synth_to(directory.path()).unwrap();
    fs::write(directory.path().join("synth.lock"), "1").unwrap();
    app(&["web"]).synth_to(directory.path()).unwrap();
    let names: Vec<String> = files(directory.path()).into_keys().collect();
    assert_eq!(
        names,
        ["formwork.json", "manifest.json", "synth.lock", "web.sources.json", "web.template.json"]
    );
}

#[test]
fn an_error_leaves_the_previous_assembly_whole() {
    let directory = tempfile::tempdir().unwrap();
    app(&["web"]).synth_to(directory.path()).unwrap();
    let before = files(directory.path());
    let mut broken = app(&["web", "data"]);
    broken.stack("broken").output("Out", reference_by_name::<String>("Nobody"));
    assert!(matches!(broken.synth_to(directory.path()), Err(SynthError::Findings(_))));
    assert_eq!(files(directory.path()), before);

    // A file stands where the directory should be: nothing can be written.
    let place = directory.path().join("synth.lock");
    fs::write(&place, "1").unwrap();
    let error = app(&["web"]).synth_to(&place).unwrap_err();
    assert!(matches!(error, SynthError::Write(AssemblyError::Write { .. })), "{error}");
    assert_eq!(fs::read_to_string(&place).unwrap(), "1");
}

#[test]
fn any_cloud_assembly_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let missing = Assembly::read(directory.path()).unwrap_err();
    assert!(matches!(missing, AssemblyError::Missing(_)), "{missing}");
    fs::write(directory.path().join("manifest.json"), "{}").unwrap();
    let empty = Assembly::read(directory.path()).unwrap_err();
    assert!(matches!(empty, AssemblyError::Form { .. }), "{empty}");
    let manifest = r#"{"version": "48.0.0", "artifacts": {
        "Web.assets": {"type": "cdk:asset-manifest"},
        "Web": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/eu-west-1",
            "properties": {"templateFile": "Web.template.json", "stackName": "web-prod"},
            "dependencies": ["Web.assets"]}
    }}"#;
    fs::write(directory.path().join("manifest.json"), manifest).unwrap();
    let template = r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#;
    fs::write(directory.path().join("Web.template.json"), template).unwrap();
    let assembly = Assembly::read(directory.path()).unwrap();
    insta::assert_debug_snapshot!(assembly.stacks);
}

#[test]
fn synthesis_reads_nothing_else_and_prints_nothing() {
    fn read(directory: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, found);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let impure =
                ["env::var", "SystemTime", "Instant::now", "rand::", "println!", "print!", "TcpStream"];
            found.extend(
                code.filter(|line| impure.iter().any(|word| line.contains(word)))
                    .map(|line| line.trim().to_owned()),
            );
        }
    }
    let mut found = Vec::new();
    for crate_name in ["formwork-core", "formwork-template", "formwork-aws"] {
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(crate_name).join("src"), &mut found);
    }
    found.sort();
    insta::assert_debug_snapshot!(found);
}

#[test]
fn white_space_makes_no_template_too_long() {
    use formwork_core::{Expr, Json, List, Object};

    let mut app = App::new();
    let mut stack = app.stack("long");
    for number in 0..500 {
        let tags = (0..40).map(|tag| Object::new().with("Key", format!("k{tag}")).with("Value", "v"));
        let tags: Expr<List<Json>> = Expr::list(tags);
        RawResource::new("AWS::SNS::Topic")
            .property("Tags", tags)
            .build(&mut stack, &format!("Topic{number}"));
    }
    let directory = tempfile::tempdir().unwrap();
    let assembly = app.synth_to(directory.path()).unwrap();
    let text = fs::read_to_string(directory.path().join("long.template.json")).unwrap();
    assert!(!text.contains('\n') && text.len() < 1_048_576, "{} bytes", text.len());
    assert_eq!(text.len(), assembly.stacks[0].bytes);
}
