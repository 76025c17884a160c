//! Runs the app, and reads the assembly that it wrote.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Instant, SystemTime},
};

use anyhow::{Context as _, Result};
use formwork_core::{Assembly, Finding, SynthError};

use crate::{
    environment,
    failure::Failure,
    place,
    settings::{App, Program, Settings},
    streams::{self, Passed, pass},
    terminal::Terminal,
};

/// The file that makes a directory an assembly.
const MANIFEST: &str = "manifest.json";

/// What synthesis gave.
#[derive(Debug)]
pub(crate) enum Synthesized {
    /// An assembly on disk; its findings are warnings.
    Assembly(Assembly),
    /// Findings, at least one of them an error.
    Findings(Vec<Finding>),
}

/// Runs the app, or reads the assembly that exists.
pub(crate) fn synthesize(settings: &Settings, terminal: &mut Terminal) -> Result<Synthesized> {
    match &settings.app {
        App::Assembly(directory) => {
            terminal.detail(&format!("reading the assembly in `{}`", place::shown(directory)));
            Ok(Synthesized::Assembly(Assembly::read(directory)?))
        }
        App::Program(program) => run(program, settings, terminal),
    }
}

fn run(program: &Program, settings: &Settings, terminal: &mut Terminal) -> Result<Synthesized> {
    let output = &settings.output;
    if output.exists() && !output.is_dir() {
        let message =
            format!("cannot write the assembly to `{}`: that is no directory", place::shown(output));
        return Err(Failure::new(message).into());
    }
    let findings = tempfile::NamedTempFile::new().context("cannot make a temporary file")?;
    let mut command = command(program, settings, findings.path(), terminal)?;
    terminal.detail(&format!("running `{}`, as {} says", program.line, program.origin));
    let before = Stamp::of(output);
    let start = Instant::now();
    let child = command.spawn().map_err(|error| cannot_start(program, &error))?;
    let mut finished = attend(child, findings.path(), terminal.is_quiet())?;
    let elapsed = start.elapsed();

    // An app may mend what was found and synthesize again, or keep the error to itself: the assembly
    // tells one from the other.
    let succeeded = finished.status.success();
    let found = read_findings(findings.path()).filter(|_| !(succeeded && is_new(output, before.as_ref())));
    let outcome = match found {
        Some(found) => {
            let listing = SynthError::Findings(found.clone()).to_string();
            finished.messages = streams::without_listing(&finished.messages, &listing);
            Ok(Synthesized::Findings(found))
        }
        None if succeeded => assembly(program, output, before.as_ref()),
        None => Err(finished.failure(program).into()),
    };
    // Only where no output at all is wanted is that of an app that did its work dropped.
    if outcome.is_err() || !terminal.is_quiet() {
        finished.tell(terminal);
    }
    terminal.detail(&format!("it took {} ms", elapsed.as_millis()));
    outcome
}

fn command(program: &Program, settings: &Settings, findings: &Path, terminal: &Terminal) -> Result<Command> {
    let mut command = Command::new(executable(program));
    command
        .args(&program.arguments)
        .current_dir(&program.directory)
        .env(environment::CDK_OUTDIR, &settings.output)
        .env(environment::FINDINGS, findings)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if !settings.context.is_empty() {
        command.env(environment::CONTEXT, serde_json::to_string(&settings.context)?);
    }
    // Cargo sees a pipe where there is a terminal at its end.
    if terminal.has_color() && environment::get("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    Ok(command)
}

/// The program to start. One that is named by its path is looked for from the directory that the
/// app runs in, on every system.
fn executable(program: &Program) -> PathBuf {
    let path = Path::new(&program.executable);
    if path.components().count() > 1 { program.directory.join(path) } else { path.to_owned() }
}

fn cannot_start(program: &Program, error: &io::Error) -> Failure {
    let Program { line, origin, .. } = program;
    if error.kind() != io::ErrorKind::NotFound {
        return Failure::new(format!("cannot start the app `{line}`: {error}")).hint(origin.hint());
    }
    let name = &program.executable;
    if executable(program).is_file() {
        let message = format!("cannot start the app `{line}`: `{name}` is there, what it is run by is not");
        return Failure::new(message).hint("its first line, after `#!`, names a program that is there");
    }
    let message = format!("cannot start the app `{line}`: there is no program `{name}`");
    Failure::new(message)
        .hint(format!("{}: give a command line, or the directory of an assembly", origin.hint()))
}

/// An app that has run to its end.
struct Finished {
    status: ExitStatus,
    /// Whether it wrote anything.
    spoke: bool,
    /// What it wrote to standard output and was held back.
    output: String,
    /// What it wrote to standard error and was held back.
    messages: String,
}

impl Finished {
    fn failure(&self, program: &Program) -> Failure {
        let said = if self.spoke { "its own output stands above" } else { "it wrote nothing" };
        Failure::new(format!("the app `{}` failed: {}", program.line, self.status))
            .hint(format!("{said}; {}", program.origin.hint()))
    }

    fn tell(&self, terminal: &mut Terminal) {
        for text in [&self.output, &self.messages] {
            if !text.is_empty() {
                terminal.insist(text.trim_end_matches('\n'));
            }
        }
    }
}

/// Lets the output of the app through to standard error, as long as it has no findings.
fn attend(mut child: Child, findings: &Path, quiet: bool) -> Result<Finished> {
    let (output, messages) = (child.stdout.take(), child.stderr.take());
    let hold = || quiet || streams::has_findings(findings);
    let (output, messages) = thread::scope(|scope| {
        let output = scope
            .spawn(|| output.map_or(Ok(Passed::default()), |output| pass(output, io::stderr(), || quiet)));
        let messages = messages.map_or(Ok(Passed::default()), |messages| pass(messages, io::stderr(), hold));
        (output.join(), messages)
    });
    let status = child.wait().context("cannot wait for the app")?;
    let output = output.map_err(|_| Failure::new("cannot read what the app writes"))?;
    let (output, messages) = output
        .and_then(|output| Ok((output, messages?)))
        .context("cannot let the output of the app through")?;
    let text = |held: &[u8]| String::from_utf8_lossy(held).into_owned();
    let (output_text, messages_text) = (text(&output.held), text(&messages.held));
    Ok(Finished { status, spoke: output.any || messages.any, output: output_text, messages: messages_text })
}

fn read_findings(file: &Path) -> Option<Vec<Finding>> {
    let findings: Vec<Finding> = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
    (!findings.is_empty()).then_some(findings)
}

/// Reads the assembly, if the app has written one now.
fn assembly(program: &Program, output: &Path, before: Option<&Stamp>) -> Result<Synthesized> {
    if !is_new(output, before) {
        let message = format!(
            "the app `{}` wrote no assembly: `{}` has no {}`{MANIFEST}`",
            program.line,
            place::shown(output),
            if before.is_some() { "new " } else { "" },
        );
        let hint = format!(
            "end its `main` with `app.synth()?`, which writes to the directory of `{}`",
            environment::CDK_OUTDIR
        );
        return Err(Failure::new(message).hint(hint).into());
    }
    let assembly = Assembly::read(output)
        .with_context(|| format!("the app `{}` wrote an assembly that cannot be read", program.line))?;
    Ok(Synthesized::Assembly(assembly))
}

/// Whether the manifest is another one than before the app ran.
fn is_new(output: &Path, before: Option<&Stamp>) -> bool {
    let after = Stamp::of(output);
    after.is_some() && after.as_ref() != before
}

/// Which manifest is there: an app that writes none must not pass for one that does because of
/// what an earlier run left.
#[derive(Debug, PartialEq)]
struct Stamp {
    modified: Option<SystemTime>,
    /// Two files that are there at once, as when one replaces the other, never share it.
    file: u64,
}

impl Stamp {
    fn of(directory: &Path) -> Option<Self> {
        let metadata = fs::metadata(directory.join(MANIFEST)).ok()?;
        Some(Self { modified: metadata.modified().ok(), file: number(&metadata) })
    }
}

#[cfg(unix)]
fn number(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> u64 {
    0
}
