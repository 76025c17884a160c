//! Snapshots of whole templates.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use formwork_core::Synthesis;
use similar::TextDiff;

/// How the files of [`assert_snapshot_directory`] end.
const SUFFIX: &str = ".template.json";
/// The variable of insta that says whether snapshots are written anew.
const UPDATE: &str = "INSTA_UPDATE";

/// Holds the template of every stack, or of the named one, against a snapshot of insta.
///
/// Each stack has a snapshot of its own, called after the test and the stack. They are reviewed and
/// accepted as all snapshots of insta: by `cargo insta review`, or with `INSTA_UPDATE=always`.
/// Nothing in a template changes from run to run, so that there is nothing to filter.
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
    ($synthesis:expr $(,)?) => {
        for stack in &$synthesis.stacks {
            $crate::private::settings(&stack.name)
                .bind(|| $crate::private::insta::assert_snapshot!(stack.template.to_json()));
        }
    };
    ($synthesis:expr, $stack:expr $(,)?) => {
        let name: &str = $stack;
        let template = $crate::TemplateAssertions::of(&$synthesis, name).template().to_json();
        $crate::private::settings(name).bind(|| $crate::private::insta::assert_snapshot!(template));
    };
}

/// The settings of insta for the snapshot of a stack.
#[doc(hidden)]
pub fn settings(stack: &str) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_suffix(stack);
    settings.set_omit_expression(true);
    settings
}

/// Holds the template of every stack against the file `NAME.template.json` in a directory: the same
/// bytes that `synth` writes, for reviewers to read.
///
/// The directory belongs to the app: a template of a stack that the app no longer has is a failure
/// too. With `INSTA_UPDATE=always`, the variable of insta, the files are written instead. A relative
/// path is one below the package: cargo runs tests there.
///
/// ```no_run
/// use formwork_core::{App, Build, RawResource};
/// use formwork_testing::assert_snapshot_directory;
///
/// let mut app = App::new();
/// RawResource::new("AWS::SNS::Topic").build(&mut app.stack("web"), "Topic");
/// assert_snapshot_directory(&app.synthesize()?, "snapshots");
/// # Ok::<(), formwork_core::SynthError>(())
/// ```
///
/// # Panics
/// A file differs, is missing or is left over, or the directory cannot be read or written.
#[track_caller]
pub fn assert_snapshot_directory(synthesis: &Synthesis, directory: impl AsRef<Path>) {
    let update = env::var(UPDATE).is_ok_and(|mode| mode == "always" || mode == "force");
    if let Err(message) = hold(synthesis, directory.as_ref(), update) {
        panic!("{message}");
    }
}

/// Compares, or writes, the files; what is the matter.
pub(crate) fn hold(synthesis: &Synthesis, directory: &Path, update: bool) -> Result<(), String> {
    let mut kept = read(directory)?;
    let mut differences = Vec::new();
    for stack in &synthesis.stacks {
        let name = format!("{}{SUFFIX}", stack.name);
        let template = stack.template.to_json();
        let before = kept.remove(&name);
        if before.as_ref() == Some(&template) {
            continue;
        }
        if update {
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
        if update {
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
        "the snapshots in `{}` are not what the app synthesizes\n\n{}\n\nhint: when this is what you want, write them anew with `{UPDATE}=always cargo test`",
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
        let message = hold(&synthesis(&["web", "new"]), directory.path(), false).expect_err("they differ");
        let message = message.replace(&directory.path().display().to_string(), "[DIRECTORY]");
        insta::assert_snapshot!(message);
    }

    #[test]
    fn updating_writes_what_is_missing_and_removes_what_is_left_over() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let snapshots = directory.path().join("snapshots");
        let synthesis = synthesis(&["web"]);
        assert!(hold(&synthesis, &snapshots, false).is_err());
        hold(&synthesis, &snapshots, true).expect("written");
        fs::write(snapshots.join("gone.template.json"), "{}").expect("a file");
        hold(&synthesis, &snapshots, true).expect("written");
        hold(&synthesis, &snapshots, false).expect("fresh");
        assert_eq!(fs::read_dir(&snapshots).expect("there").count(), 1);
    }
}
