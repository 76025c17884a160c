//! [`Settings`]: what holds for a command. An option wins over a variable, a variable over
//! `formwork.toml`, and that over the default.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use formwork_core::DEFAULT_OUTPUT;
use serde_json::{Map, Value};

use crate::{
    arguments::Global,
    environment,
    failure::Failure,
    place,
    project_file::{NAME, ProjectFile},
};

/// How an app is run when nothing says it.
const DEFAULT_APP: &str = "cargo run --quiet";

/// What holds for a command.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Where stacks come from.
    pub(crate) app: App,
    /// The directory of the assembly, absolute.
    pub(crate) output: PathBuf,
    /// Values for `App::context`, if there are any.
    pub(crate) context: Map<String, Value>,
}

/// Where stacks come from.
#[derive(Debug)]
pub(crate) enum App {
    /// A program that writes an assembly.
    Program(Program),
    /// An assembly that exists.
    Assembly(PathBuf),
}

/// A program that writes an assembly.
#[derive(Debug)]
pub(crate) struct Program {
    /// The command line, as it was written.
    pub(crate) line: String,
    /// Its first word.
    pub(crate) executable: String,
    /// The other words.
    pub(crate) arguments: Vec<String>,
    /// Where it runs.
    pub(crate) directory: PathBuf,
    /// Who says so.
    pub(crate) origin: Origin,
}

/// Who says how to run the app.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    Option,
    Variable,
    File(PathBuf),
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option => formatter.write_str("`--app`"),
            Self::Variable => write!(formatter, "the variable `{}`", environment::APP),
            Self::File(path) => write!(formatter, "`{}`", place::shown(path)),
            Self::Default => formatter.write_str("the default"),
        }
    }
}

impl Origin {
    /// Where to change it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Default => how_to_say(),
            told => format!("{told} says to run it"),
        }
    }
}

impl Settings {
    /// Gathers what the command line, the environment and `formwork.toml` say.
    pub(crate) fn load(global: &Global) -> Result<Self> {
        Self::load_in(global, &env::current_dir().context("there is no current directory")?)
    }

    /// Gathers what holds in a directory.
    pub(crate) fn load_in(global: &Global, current: &Path) -> Result<Self> {
        let file = ProjectFile::find(current)?;
        let project = file.as_ref().and_then(|file| file.path.parent()).unwrap_or(current).to_owned();
        let output = match (&global.output, environment::get(environment::OUTPUT)) {
            (Some(output), _) => place::from(current, output),
            (None, Some(output)) => place::from(current, Path::new(&output)),
            (None, None) => {
                let output = file.as_ref().and_then(|file| file.output.as_deref());
                place::from(&project, output.unwrap_or(Path::new(DEFAULT_OUTPUT)))
            }
        };
        let output = output.context("cannot resolve the directory of the assembly")?;
        let app = app(global, file.as_ref(), current, &project)?;
        if let (App::Assembly(_), Some(_)) = (&app, &global.output) {
            let failure = Failure::new("`--output` has no use for an assembly that exists");
            return Err(failure.code(crate::exit_code::USAGE).into());
        }
        let context = context(file.map(|file| file.context).unwrap_or_default())?;
        Ok(Self { app, output, context })
    }
}

fn app(global: &Global, file: Option<&ProjectFile>, current: &Path, project: &Path) -> Result<App> {
    if let Some(line) = &global.app {
        return parse(line, current, Origin::Option);
    }
    if let Some(line) = environment::get(environment::APP) {
        return parse(&line.to_string_lossy(), current, Origin::Variable);
    }
    if let Some(ProjectFile { app: Some(line), path, .. }) = file {
        return parse(line, project, Origin::File(path.clone()));
    }
    check_package(project)?;
    parse(DEFAULT_APP, project, Origin::Default)
}

/// A directory is an assembly, anything else a command line.
fn parse(line: &str, directory: &Path, origin: Origin) -> Result<App> {
    if !line.is_empty() && directory.join(line).is_dir() {
        return Ok(App::Assembly(place::from(directory, Path::new(line))?));
    }
    let words = shell_words::split(line)
        .map_err(|error| Failure::new(format!("the app `{line}` of {origin} cannot be split: {error}")))?;
    let Some((executable, arguments)) = words.split_first() else {
        let failure = Failure::new(format!("the app of {origin} is empty"));
        return Err(failure.hint(format!("give a command line, such as `{DEFAULT_APP}`")).into());
    };
    Ok(App::Program(Program {
        line: line.to_owned(),
        executable: executable.clone(),
        arguments: arguments.to_vec(),
        directory: directory.to_owned(),
        origin,
    }))
}

/// Refuses a directory where `cargo run` has nothing to run, as far as that can be seen from here:
/// which binary of a workspace it runs is for cargo to say.
fn check_package(directory: &Path) -> Result<()> {
    let Some(manifest) =
        directory.ancestors().map(|directory| directory.join("Cargo.toml")).find(|path| path.is_file())
    else {
        let failure = Failure::new(format!("there is no project here: neither `{NAME}` nor `Cargo.toml`"));
        return Err(failure
            .hint("start one with `formwork init`, or say how to run the app with `--app`")
            .into());
    };
    let shown = place::shown(&manifest);
    let text = fs::read_to_string(&manifest).with_context(|| format!("cannot read `{shown}`"))?;
    let table: toml::Table = text.parse().with_context(|| format!("cannot read `{shown}`"))?;
    let package = manifest.parent().unwrap_or(directory);
    let has_binary = table.contains_key("bin")
        || package.join("src/main.rs").is_file()
        || package.join("src/bin").is_dir();
    if table.contains_key("package") && !has_binary {
        let failure = Failure::new(format!("the package of `{shown}` has no binary to run"));
        return Err(failure.hint(how_to_say()).into());
    }
    Ok(())
}

/// How to mend it that the default runs nothing, or not what is meant.
fn how_to_say() -> String {
    format!("say how to run the app in `{NAME}`, such as `app = \"{DEFAULT_APP} --package NAME\"`")
}

/// The context of the file with that of the environment over it.
fn context(mut context: Map<String, Value>) -> Result<Map<String, Value>> {
    let Some(text) = environment::get(environment::CONTEXT) else { return Ok(context) };
    match serde_json::from_str(&text.to_string_lossy()) {
        Ok(Value::Object(given)) => {
            context.extend(given);
            Ok(context)
        }
        _ => Err(Failure::new(format!("the variable `{}` is no JSON object", environment::CONTEXT)).into()),
    }
}
