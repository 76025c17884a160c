//! [`Terminal`]: data on standard output, everything else on standard error.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::{
    arguments::{Color, Global},
    environment,
};

/// What went wrong.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// What is probably not meant.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// What is worth knowing, and how to mend something.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();
/// What is well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// A place.
pub(crate) const PLACE: Style = AnsiColor::Blue.on_default();
/// What leads the eye.
pub(crate) const STRONG: Style = Style::new().bold();

/// A text without the characters that command a terminal, or turn the order of what is read: those of
/// a template must not.
pub(crate) fn legible(text: &str) -> String {
    let turns = |each| matches!(each, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let commands = |each: char| (each.is_control() && !matches!(each, '\n' | '\t')) || turns(each);
    text.chars().map(|each| if commands(each) { char::REPLACEMENT_CHARACTER } else { each }).collect()
}

/// The columns that data is shown in.
pub(crate) fn width() -> usize {
    /// Where nobody says it, as in a file.
    const WIDTH: usize = 100;
    /// What is narrower shows nothing.
    const LEAST: usize = 40;
    let said = environment::get(environment::COLUMNS).and_then(|columns| columns.to_str()?.parse().ok());
    let width = match said {
        Some(columns) => columns,
        None if io::stdout().is_terminal() => textwrap::termwidth(),
        None => WIDTH,
    };
    width.max(LEAST)
}

/// The two streams of the command. Text is written with styles; they are taken out where the
/// stream shows no colour.
pub(crate) struct Terminal {
    output: AutoStream<io::Stdout>,
    messages: AutoStream<io::Stderr>,
    quiet: bool,
    verbose: bool,
    json: bool,
}

impl Terminal {
    pub(crate) fn new(global: &Global) -> Self {
        let choice = match (environment::get(environment::NO_COLOR), global.color) {
            (Some(_), _) | (None, Color::Never) => ColorChoice::Never,
            (None, Color::Always) => ColorChoice::Always,
            (None, Color::Auto) => ColorChoice::Auto,
        };
        Self {
            output: AutoStream::new(io::stdout(), choice),
            messages: AutoStream::new(io::stderr(), choice),
            quiet: global.quiet,
            verbose: global.verbose > 0,
            json: global.json,
        }
    }

    /// Whether only errors, and data that is asked for, are wanted.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether more is wanted than usual.
    pub(crate) const fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Whether data is wanted as JSON.
    pub(crate) const fn wants_json(&self) -> bool {
        self.json
    }

    /// Whether messages are shown in colour.
    pub(crate) fn has_color(&self) -> bool {
        self.messages.current_choice() != ColorChoice::Never
    }

    /// Writes data. A reader that has seen enough of it is no error: what the command finds still
    /// counts.
    pub(crate) fn data(&mut self, text: &str) -> io::Result<()> {
        match self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }

    /// Writes data as JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.data(&(serde_json::to_string_pretty(value)? + "\n"))
    }

    /// Tells something, unless only errors are wanted.
    pub(crate) fn tell(&mut self, text: &str) {
        if !self.quiet {
            self.insist(text);
        }
    }

    /// Tells what is done, if that is wanted.
    pub(crate) fn detail(&mut self, text: &str) {
        if self.verbose {
            self.insist(text);
        }
    }

    /// Tells something that is told even to those who want only errors.
    pub(crate) fn insist(&mut self, text: &str) {
        // With standard error closed there is nobody to tell; the exit code tells.
        let _ = writeln!(self.messages, "{text}");
    }

    /// Shows what is worth knowing, unless only errors are wanted.
    pub(crate) fn note(&mut self, message: &str, hint: &str) {
        self.tell(&format!("{HINT}note{HINT:#}: {message}"));
        self.tell(&format!("{HINT}hint{HINT:#}: {hint}"));
    }

    /// Shows an error.
    pub(crate) fn error(&mut self, message: &str, hint: Option<&str>) {
        self.insist(&format!("{ERROR}error{ERROR:#}: {message}"));
        if let Some(hint) = hint {
            self.insist(&format!("{HINT}hint{HINT:#}: {hint}"));
        }
    }
}
