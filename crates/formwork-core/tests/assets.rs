//! Assets: what is read, what its digest depends on, and what is left in the assembly.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use formwork_core::{
    App, Assembly, Build, Environment, FileSource, ImageSource, RawResource, Staging, Synthesis,
};

/// Writes files below a directory.
fn write(directory: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

const CODE: &[(&str, &str)] = &[
    ("index.py", "def handler(event, context): ..."),
    ("lib/a.py", "a"),
    ("lib/a.pyc", "b"),
    ("notes.md", "c"),
];

/// The digest of a directory.
fn digest(source: FileSource) -> String {
    let mut app = App::new();
    let mut stack = app.stack("web");
    stack.file_asset("Code", source);
    RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
    app.synthesize().unwrap().stacks[0].assets[0].digest.clone()
}

/// The name of every file below a directory, with `/`.
fn names(directory: &Path, below: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() { names.extend(names_of(&path, &name)) } else { names.push(name) }
    }
    names.sort();
    names
}

fn names_of(directory: &Path, name: &str) -> Vec<String> {
    names(directory, &format!("{name}/"))
}

fn app(sources: &Path) -> App {
    let mut app = App::new();
    let mut stack = app.stack("web");
    stack.environment(Environment::region("eu-west-1"));
    let code = stack.file_asset("Code", FileSource::new(sources.join("lambda")).exclude("**/*.pyc"));
    let page = stack.scope("Site").file_asset("Page", sources.join("lambda/notes.md"));
    let image = ImageSource::new(sources.join("image")).target("run").argument("LEVEL", "3");
    let image = stack.image_asset("Image", image.platform("linux/arm64"));
    RawResource::new("Custom::Everything")
        .property("ServiceToken", "arn:aws:lambda:eu-west-1:111111111111:function:f")
        .property("Bucket", code.bucket())
        .property("Key", code.key())
        .property("Url", code.url())
        .property("Arn", page.arn())
        .property("S3Url", page.s3_url())
        .property("Uri", image.uri())
        .property("Repository", image.repository_arn())
        .build(&mut stack, "Everything");
    app
}

fn sources() -> tempfile::TempDir {
    let sources = tempfile::tempdir().unwrap();
    write(&sources.path().join("lambda"), CODE);
    let image = [
        ("Dockerfile", "FROM scratch AS run\nCOPY . ."),
        (".dockerignore", "*\n!src"),
        ("src/a", "a"),
        ("b", "b"),
    ];
    write(&sources.path().join("image"), &image);
    sources
}

#[test]
fn what_is_written() {
    let sources = sources();
    let out = tempfile::tempdir().unwrap();
    let assembly = app(sources.path()).synth_to(out.path()).unwrap();
    assert_eq!(Assembly::read(out.path()).unwrap(), assembly);
    let mut text = names(out.path(), "").join("\n");
    for name in ["web.template.json", "web.assets.json", "manifest.json"] {
        text.push_str(&["\n# ", name, "\n"].concat());
        text.push_str(&fs::read_to_string(out.path().join(name)).unwrap());
    }
    insta::assert_snapshot!(text);
    // The manifest alone says it too.
    fs::remove_file(out.path().join("formwork.json")).unwrap();
    let read = Assembly::read(out.path()).unwrap();
    assert_eq!(read.stacks[0].assets.as_deref(), Some("web.assets.json"));
}

#[test]
fn what_is_no_longer_used_goes() {
    let sources = sources();
    let out = tempfile::tempdir().unwrap();
    app(sources.path()).synth_to(out.path()).unwrap();
    let before = names(out.path(), "");
    app(sources.path()).synth_to(out.path()).unwrap();
    assert_eq!(names(out.path(), ""), before);
    let mut app = App::new();
    RawResource::new("AWS::SNS::Topic").build(&mut app.stack("web"), "Topic");
    app.synth_to(out.path()).unwrap();
    let names = names(out.path(), "");
    assert_eq!(names, ["formwork.json", "manifest.json", "web.sources.json", "web.template.json"]);
}

#[test]
fn the_digest_is_of_what_is_in_it() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let source = |directory: &tempfile::TempDir| FileSource::new(directory.path());
    write(one.path(), CODE);
    write(two.path(), &CODE.iter().rev().copied().collect::<Vec<_>>());
    fs::create_dir(two.path().join("empty")).unwrap();
    let first = digest(source(&one));
    assert_eq!(first, digest(source(&two)), "order, time and place do not matter");
    insta::assert_snapshot!(first);

    write(two.path(), &[("formwork.out/manifest.json", "{}"), ("formwork.out/formwork.json", "{}")]);
    assert_eq!(first, digest(source(&two)), "an assembly is left out");
    write(two.path(), &[("lib/a.pyc", "other")]);
    assert_ne!(first, digest(source(&two)));
    assert_eq!(digest(source(&one).exclude("lib/*.pyc")), digest(source(&two).exclude("lib/*.pyc")));
    fs::rename(one.path().join("notes.md"), one.path().join("notes2.md")).unwrap();
    assert_ne!(first, digest(source(&one)));
}

#[cfg(unix)]
#[test]
fn links_and_executables() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(one.path(), &[("run", "#!"), ("lib/a", "a"), ("copy/a", "a")]);
    write(two.path(), &[("run", "#!"), ("lib/a", "a")]);
    symlink("lib", two.path().join("copy")).unwrap();
    assert_eq!(digest(one.path().into()), digest(two.path().into()), "links are followed");
    let mut permissions = fs::metadata(one.path().join("run")).unwrap().permissions();
    permissions.set_mode(0o755);
    fs::set_permissions(one.path().join("run"), permissions).unwrap();
    assert_ne!(digest(one.path().into()), digest(two.path().into()));
}

/// The findings, without the place of the temporary directory.
fn findings(directory: &Path, app: App) -> String {
    let place: PathBuf = fs::canonicalize(directory).unwrap();
    let text = app.synthesize().map(|_: Synthesis| ()).unwrap_err().to_string();
    text.replace(place.to_str().unwrap(), "[DIRECTORY]").replace(directory.to_str().unwrap(), "[DIRECTORY]")
}

#[cfg(unix)]
#[test]
fn what_cannot_be_an_asset() {
    use std::os::unix::fs::symlink;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    write(
        path,
        &[("outside/a", "a"), ("circle/deep/a", "a"), ("dangling/a", "a"), ("image/a", "a"), ("b", "b")],
    );
    symlink("../b", path.join("outside/b")).unwrap();
    symlink("..", path.join("circle/deep/up")).unwrap();
    symlink("nothing", path.join("dangling/b")).unwrap();
    let mut app = App::new();
    let mut stack = app.stack("web");
    for (id, name) in
        [("Missing", "missing"), ("Outside", "outside"), ("Circle", "circle"), ("Dangling", "dangling")]
    {
        stack.file_asset(id, path.join(name));
    }
    stack.file_asset("Empty", FileSource::new(path.join("image")).exclude("*"));
    stack.image_asset("Image", path.join("image"));
    stack.file_asset("Missing", path.join("b"));
    insta::assert_snapshot!(findings(path, app));
}

#[test]
fn somewhere_else() {
    let sources = sources();
    let key = |staging: Staging| {
        let mut app = App::new().with_staging(staging);
        let mut stack = app.stack("web");
        let page = stack.file_asset("Page", sources.path().join("lambda/notes.md"));
        let image = stack.image_asset("Image", sources.path().join("image"));
        RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
        stack.output("Page", page.bucket());
        stack.output("Image", image.repository());
        app.synthesize().unwrap().stacks[0].template.to_compact_json()
    };
    insta::assert_snapshot!(key(Staging::cdk()) + "\n" + &key(Staging::new("mine", "ours")));
}
