//! Snapshots of whole templates.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use formwork_core::{Synthesis, SynthesizedStack};
use similar::TextDiff;

use crate::report;

/// How the files of [`assert_snapshot_directory`] end.
const SUFFIX: &str = ".template.json";
/// The variable that has the files of [`assert_snapshot_directory`] written anew, and nothing else.
const UPDATE: &str = "FORMWORK_UPDATE_SNAPSHOTS";
/// The variable of insta, which is about all snapshots.
const UPDATE_ALL: &str = "INSTA_UPDATE";

/// Holds the template of every stack, or of the named one, against a snapshot of insta.
///
/// Each stack has a snapshot of its own, called `TEST@STACK` after the test and the stack, so that
/// another order of stacks renames none. They are reviewed and accepted as all snapshots of insta:
/// by `cargo insta review`, or with `INSTA_UPDATE=always`. Nothing in a template changes from run to
/// run, so that there is nothing to filter. The digest of an asset, which changes with its code, reads
/// `<asset ID>`.
///
/// A test that holds one stack in several forms tells them apart by a suffix of insta, which comes
/// before the stack: `insta::with_settings!({ snapshot_suffix => "prod" }, { ... })` makes it
/// `TEST@prod-STACK`.
///
/// ```no_run
/// use formwork_core::{App, Build, RawResource};
/// use formwork_testing::assert_template_snapshot;
///
/// let mut app = App::new();
/// RawResource::new("AWS::SNS::Topic").build(&mut app.stack("web"), "Topic");
/// let synthesis = app.synthesize()?;
/// assert_template_snapshot!(synthesis);
/// assert_template_snapshot!(synthesis, "web");
/// # Ok::<(), formwork_core::SynthError>(())
/// ```
#[macro_export]
macro_rules! assert_template_snapshot {
    ($synthesis:expr $(,)?) => {{
        fn here() {}
        let test = $crate::private::test_name(::std::any::type_name_of_val(&here));
        for stack in &$synthesis.stacks {
            $crate::private::settings(&stack.name)
                .bind(|| $crate::private::insta::assert_snapshot!(test, $crate::private::text(stack)));
        }
    }};
    ($synthesis:expr, $stack:expr $(,)?) => {{
        fn here() {}
        let test = $crate::private::test_name(::std::any::type_name_of_val(&here));
        let name: &str = $stack;
        let template = $crate::private::text_of(&$synthesis, name);
        $crate::private::settings(name).bind(|| $crate::private::insta::assert_snapshot!(test, template));
    }};
}

/// The text of a stack's template, in which no digest of an asset stands: code has its own reviews.
#[doc(hidden)]
pub fn text(stack: &SynthesizedStack) -> String {
    let mut text = stack.template.to_json();
    for asset in &stack.assets {
        text = text.replace(&asset.digest, &format!("<asset {}>", asset.id));
    }
    text
}

/// As [`text`], of the named stack.
///
/// # Panics
/// There is no such stack.
#[doc(hidden)]
#[track_caller]
pub fn text_of(synthesis: &Synthesis, name: &str) -> String {
    let Some(stack) = synthesis.stack(name) else {
        let names = synthesis.stacks.iter().map(|stack| stack.name.as_str());
        panic!("the app has no stack `{name}`; it has {}", report::listing(names))
    };
    text(stack)
}

/// The name of the function that the path of an item inside of it says. Insta counts the snapshots
/// of a test when it finds the name itself, and a count depends on the order of stacks.
#[doc(hidden)]
pub fn test_name(path_of_item: &str) -> &str {
    let mut steps = path_of_item.rsplit("::").skip(1);
    steps.find(|step| *step != "{{closure}}").unwrap_or("template")
}

/// The settings of insta for the snapshot of a stack.
#[doc(hidden)]
pub fn settings(stack: &str) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    let suffix = match settings.snapshot_suffix() {
        Some(form) => format!("{form}-{stack}"),
        None => stack.to_owned(),
    };
    settings.set_snapshot_suffix(suffix);
    settings.set_omit_expression(true);
    settings
}

/// Holds the template of every stack against the file `NAME.template.json` in a directory: the same
/// bytes that `synth` writes, for reviewers to read, but for the digests of assets, which read
/// `<asset ID>`.
///
/// The directory belongs to the app: a template of a stack that the app no longer has is a failure
/// too. A relative path is one below the package: cargo runs tests there.
///
/// With `FORMWORK_UPDATE_SNAPSHOTS=1` the files are written instead, and what is left over is
/// removed. `INSTA_UPDATE`, the variable of insta, does the same as `always`; as `unseen` it writes
/// those alone that are missing.
///
/// ```
/// use formwork_core::{App, Build, RawResource};
/// use formwork_testing::assert_snapshot_directory;
///
/// fn app() -> App {
///     let mut app = App::new();
///     RawResource::new("AWS::SNS::Topic").build(&mut app.stack("web"), "Topic");
///     app
/// }
///
/// # let temporary = tempfile::tempdir()?;
/// # let snapshots = temporary.path().join("snapshots");
/// # app().synth_to(&snapshots)?;
/// assert_snapshot_directory(&app().synthesize()?, snapshots);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Panics
/// A file differs, is missing or is left over, or the directory cannot be read or written.
#[track_caller]
pub fn assert_snapshot_directory(synthesis: &Synthesis, directory: impl AsRef<Path>) {
    let variable = |name| env::var(name).unwrap_or_default();
    let update = Update::of(&variable(UPDATE), &variable(UPDATE_ALL));
    if let Err(message) = hold(synthesis, directory.as_ref(), update) {
        panic!("{message}");
    }
}

/// Which files are written instead of compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Update {
    Nothing,
    Missing,
    Everything,
}

impl Update {
    fn of(own: &str, all: &str) -> Self {
        match (own, all) {
            ("1", _) | (_, "always" | "1" | "force") => Self::Everything,
            (_, "unseen") => Self::Missing,
            _ => Self::Nothing,
        }
    }
}

/// Compares, or writes, the files; what is the matter.
pub(crate) fn hold(synthesis: &Synthesis, directory: &Path, update: Update) -> Result<(), String> {
    let mut kept = read(directory)?;
    let mut differences = Vec::new();
    for stack in &synthesis.stacks {
        let name = format!("{}{SUFFIX}", stack.name);
        let template = text(stack);
        let before = kept.remove(&name);
        if before.as_ref() == Some(&template) {
            continue;
        }
        if update == Update::Everything || (update == Update::Missing && before.is_none()) {
            let path = directory.join(&name);
            fs::create_dir_all(directory).map_err(|error| failed("write", directory, &error))?;
            fs::write(&path, template).map_err(|error| failed("write", &path, &error))?;
        } else {
            differences.push(match before {
                Some(before) => changed(&name, &before, &template),
                None => format!("`{name}` is missing"),
            });
        }
    }
    for name in kept.into_keys() {
        if update == Update::Everything {
            let path = directory.join(&name);
            fs::remove_file(&path).map_err(|error| failed("remove", &path, &error))?;
        } else {
            differences.push(format!("`{name}` is left over: the app has no such stack"));
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the snapshots in `{}` are not what the app synthesizes\n\n{}\n\nhint: when this is what you want, write them anew with `{UPDATE}=1 cargo test`",
        directory.display(),
        differences.join("\n\n"),
    ))
}

/// The snapshots in a directory, by file name. A directory that is not there has none.
fn read(directory: &Path) -> Result<BTreeMap<String, String>, String> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(failed("read", directory, &error)),
    };
    let mut kept = BTreeMap::new();
    for entry in entries {
        let path: PathBuf = entry.map_err(|error| failed("read", directory, &error))?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str())
            && name.ends_with(SUFFIX)
        {
            let text = fs::read_to_string(&path).map_err(|error| failed("read", &path, &error))?;
            kept.insert(name.to_owned(), text);
        }
    }
    Ok(kept)
}

fn failed(verb: &str, path: &Path, error: &std::io::Error) -> String {
    format!("cannot {verb} `{}`: {error}", path.display())
}

fn changed(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut text = format!("`{name}` differs:\n--- {name}\n+++ synthesized");
    for hunk in diff.unified_diff().context_radius(4).iter_hunks() {
        let _ = write!(text, "\n{}", hunk.to_string().trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use formwork_core::{App, Build, RawResource};

    use super::*;

    fn synthesis(stacks: &[&str]) -> Synthesis {
        let mut app = App::new();
        for stack in stacks {
            let topic = RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms");
            topic.build(&mut app.stack(*stack), "Topic");
        }
        app.synthesize().expect("no findings")
    }

    #[test]
    fn every_file_that_differs_is_told_with_its_differences() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let web = synthesis(&["web"]).stacks[0].template.to_json();
        let before = web.replace("alarms", "reports");
        fs::write(directory.path().join("web.template.json"), before).expect("a file");
        fs::write(directory.path().join("gone.template.json"), "{}").expect("a file");
        let message =
            hold(&synthesis(&["web", "new"]), directory.path(), Update::Nothing).expect_err("they differ");
        let message = message.replace(&directory.path().display().to_string(), "[DIRECTORY]");
        insta::assert_snapshot!(message);
    }

    #[test]
    fn updating_writes_what_is_missing_and_removes_what_is_left_over() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let snapshots = directory.path().join("snapshots");
        let synthesis = synthesis(&["web"]);
        assert!(hold(&synthesis, &snapshots, Update::Nothing).is_err());
        hold(&synthesis, &snapshots, Update::Everything).expect("written");
        fs::write(snapshots.join("gone.template.json"), "{}").expect("a file");
        hold(&synthesis, &snapshots, Update::Everything).expect("written");
        hold(&synthesis, &snapshots, Update::Nothing).expect("fresh");
        assert_eq!(fs::read_dir(&snapshots).expect("there").count(), 1);
    }

    #[test]
    fn updating_what_is_missing_leaves_the_rest() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let stale = directory.path().join("web.template.json");
        fs::write(&stale, "{}").expect("a file");
        let message = hold(&synthesis(&["web", "new"]), directory.path(), Update::Missing);
        let message = message.expect_err("the other is stale");
        assert!(message.contains("`web.template.json` differs"), "{message}");
        assert!(!message.contains("is missing"), "{message}");
        assert_eq!(fs::read_to_string(stale).expect("there"), "{}");
        assert!(directory.path().join("new.template.json").is_file());
    }

    #[test]
    fn other_code_is_no_difference() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let code = directory.path().join("index.py");
        let synthesis = |text: &str| {
            fs::write(&code, text).expect("a file");
            let mut app = App::new();
            let mut stack = app.stack("web");
            let code = stack.file_asset("Code", code.as_path());
            RawResource::new("AWS::SNS::Topic")
                .property("DisplayName", code.key())
                .build(&mut stack, "Topic");
            app.synthesize().expect("no findings")
        };
        let snapshots = directory.path().join("snapshots");
        hold(&synthesis("one"), &snapshots, Update::Everything).expect("written");
        hold(&synthesis("two"), &snapshots, Update::Nothing).expect("fresh");
    }

    #[test]
    fn variables_say_what_is_written() {
        assert_eq!(Update::of("", ""), Update::Nothing);
        assert_eq!(Update::of("0", "no"), Update::Nothing);
        assert_eq!(Update::of("", "unseen"), Update::Missing);
        assert_eq!(Update::of("", "always"), Update::Everything);
        assert_eq!(Update::of("1", "no"), Update::Everything);
    }

    #[test]
    fn tests_are_named_by_their_function_alone() {
        assert_eq!(test_name("web::tests::fresh::here"), "fresh");
        assert_eq!(test_name("web::tests::fresh::{{closure}}::{{closure}}::here"), "fresh");
    }
}
