//! `formwork init`

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use clap::{Args, builder::PossibleValuesParser};
use handlebars::{Handlebars, no_escape};
use serde::Serialize;

use crate::{
    exit_code,
    failure::Failure,
    package_name, place,
    scaffold::{self, Scaffold},
    terminal::{HINT, Terminal},
};

/// The version of the crates that a new project depends on: they are released together.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Start a project that builds, synthesizes and tests
///
/// Writes a package with one stack, its test, its snapshot and `formwork.toml`. Nothing that
/// exists is overwritten.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The directory of the project; it is made if it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,
    /// The name of the package; without it, the name of the directory
    #[arg(long)]
    name: Option<String>,
    /// What to start from
    #[arg(long, value_name = "NAME", default_value = scaffold::DEFAULT, value_parser = PossibleValuesParser::new(scaffold::names()))]
    template: String,
    /// Depend on a checkout of formwork instead of the released crates
    #[arg(long, value_name = "PATH")]
    formwork_path: Option<PathBuf>,
}

/// What the sources of a scaffold are filled with.
#[derive(Serialize)]
struct Project {
    /// The name of the package.
    name: String,
    /// The name of its library.
    crate_name: String,
    /// The name of its stack.
    stack: String,
    /// Where formwork comes from, as keys of a dependency.
    formwork: String,
    /// Where formwork-testing comes from.
    formwork_testing: String,
}

/// What `--json` writes.
#[derive(Serialize)]
struct Written<'a> {
    schema: &'static str,
    name: &'a str,
    directory: &'a Path,
    files: Vec<&'a str>,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<u8> {
    let directory = env::current_dir().context("there is no current directory")?;
    let directory = place::from(&directory, &arguments.directory)?;
    let project = Project::new(arguments, &directory)?;
    let scaffold = Scaffold::find(&arguments.template)
        .with_context(|| format!("there is no template `{}`", arguments.template))?;
    let files = render(scaffold, &project)?;
    refuse_to_overwrite(&directory, &files)?;
    for (path, text) in &files {
        let path = directory.join(path);
        let cannot_write = || format!("cannot write `{}`", place::shown(&path));
        fs::create_dir_all(path.parent().unwrap_or(&directory)).with_context(cannot_write)?;
        fs::write(&path, text).with_context(cannot_write)?;
    }
    if terminal.wants_json() {
        let files = files.iter().map(|(path, _)| path.as_str()).collect();
        let (name, directory) = (project.name.as_str(), directory.as_path());
        terminal.json(&Written { schema: "formwork.init/1", name, directory, files })?;
    } else {
        tell(&project, &directory, &files, terminal);
    }
    Ok(exit_code::DONE)
}

impl Project {
    fn new(arguments: &Arguments, directory: &Path) -> Result<Self> {
        let name = match &arguments.name {
            Some(name) => name.clone(),
            None => package_name::of_directory(directory)?,
        };
        package_name::check(&name)?;
        Ok(Self {
            crate_name: name.replace('-', "_"),
            stack: name.replace('_', "-"),
            formwork: dependency(arguments, "formwork")?,
            formwork_testing: dependency(arguments, "formwork-testing")?,
            name,
        })
    }
}

fn dependency(arguments: &Arguments, package: &str) -> Result<String> {
    let Some(checkout) = &arguments.formwork_path else { return Ok(format!("version = \"{VERSION}\"")) };
    let path = checkout.join("crates").join(package);
    if !path.join("Cargo.toml").is_file() {
        let message =
            format!("`{}` is no checkout of formwork: it has no `crates/{package}`", checkout.display());
        return Err(Failure::new(message).into());
    }
    let path = path.canonicalize().with_context(|| format!("cannot resolve `{}`", path.display()))?;
    Ok(format!("path = {}", toml::Value::from(path.display().to_string())))
}

fn render(scaffold: &Scaffold, project: &Project) -> Result<Vec<(String, String)>> {
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    handlebars.register_escape_fn(no_escape);
    let mut files = Vec::with_capacity(scaffold.files.len());
    for (path, source) in scaffold.files {
        let fill = |source: &str| {
            handlebars.render_template(source, project).with_context(|| format!("cannot fill in `{path}`"))
        };
        files.push((fill(path)?, fill(source)?));
    }
    Ok(files)
}

fn refuse_to_overwrite(directory: &Path, files: &[(String, String)]) -> Result<()> {
    let existing: Vec<String> = files
        .iter()
        .filter(|(path, _)| directory.join(path).exists())
        .map(|(path, _)| format!("`{path}`"))
        .collect();
    if existing.is_empty() {
        return Ok(());
    }
    let message =
        format!("`{}` already has {}; nothing was written", place::shown(directory), existing.join(", "));
    Err(Failure::new(message).hint("start in another directory: `formwork init DIR`").into())
}

fn tell(project: &Project, directory: &Path, files: &[(String, String)], terminal: &mut Terminal) {
    let shown = place::shown(directory);
    terminal.tell(&format!("started `{}` in `{shown}`", project.name));
    for (path, _) in files {
        terminal.tell(&format!("  {path}"));
    }
    if let Some(workspace) = enclosing_workspace(directory) {
        let workspace = place::shown(&workspace);
        terminal.tell(&format!(
            "{HINT}hint{HINT:#}: `{workspace}` is a workspace around it: add the project to its `members`"
        ));
    }
    terminal.tell("\nnext steps:");
    if shown != "." {
        terminal.tell(&format!("  cd {}", shell_words::quote(&shown)));
    }
    terminal.tell("  formwork synth     # synthesize the stack to formwork.out");
    terminal.tell("  cargo test         # hold it against its assertions and its snapshot");
}

/// The manifest of a workspace above the directory: cargo takes what is below it for a member.
fn enclosing_workspace(directory: &Path) -> Option<PathBuf> {
    let above = directory.parent()?;
    above.ancestors().map(|directory| directory.join("Cargo.toml")).find(|manifest| {
        let table = fs::read_to_string(manifest).ok().and_then(|text| text.parse::<toml::Table>().ok());
        table.is_some_and(|table| table.contains_key("workspace"))
    })
}
