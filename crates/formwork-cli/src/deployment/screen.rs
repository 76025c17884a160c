//! [`Screen`]: what happens, while it happens, on standard error.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    io::{self, IsTerminal as _},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clap::ValueEnum;
use formwork_deploy::{machine::Outcome, progress::Progress, service::StackEvent};
use formwork_template::Source;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use crate::{
    interruptible::Ending,
    plural::{grouped, number},
    terminal::{ERROR, GOOD, PLACE, STRONG, Terminal, WARNING, legible},
};

/// How often a bar is drawn, though nothing has happened, for its clock.
const TICK: Duration = Duration::from_millis(250);
const BAR: &str = "{prefix:.bold} [{bar:24}] {pos}/{len} {elapsed} {wide_msg}";

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// A bar for each stack, and what fails; on a terminal, unless `CI` is set
    Bar,
    /// A line for each event
    Events,
    /// A JSON object for each event, one a line
    Json,
}

impl Form {
    /// What fits where nobody says it: bars are for people who look on.
    pub(crate) fn fitting() -> Self {
        let is_watched = io::stderr().is_terminal() && env::var_os("CI").is_none_or(|value| value.is_empty());
        if is_watched { Self::Bar } else { Self::Events }
    }
}

/// What happens, while it happens, on standard error.
pub(crate) struct Screen<'a> {
    terminal: Mutex<&'a mut Terminal>,
    form: Form,
    bars: MultiProgress,
    tracks: Mutex<BTreeMap<String, Track>>,
    sources: BTreeMap<String, BTreeMap<String, Source>>,
    /// The columns that names of stacks take.
    width: usize,
}

/// How far a stack is.
#[derive(Default)]
struct Track {
    arn: String,
    resources: usize,
    done: BTreeSet<String>,
    bar: Option<ProgressBar>,
}

impl<'a> Screen<'a> {
    /// A screen; the lines of Rust are those of the resources, by the stack's name in the account.
    pub(crate) fn new(
        terminal: &'a mut Terminal,
        form: Option<Form>,
        sources: BTreeMap<String, BTreeMap<String, Source>>,
    ) -> Self {
        let form = form.unwrap_or_else(Form::fitting);
        let target = match form {
            Form::Bar if !terminal.is_quiet() => ProgressDrawTarget::stderr(),
            _ => ProgressDrawTarget::hidden(),
        };
        let bars = MultiProgress::with_draw_target(target);
        let width = sources.keys().map(|name| name.chars().count()).max().unwrap_or(0);
        Self { terminal: Mutex::new(terminal), form, bars, tracks: Mutex::default(), sources, width }
    }

    /// Does something with the terminal, while no bar is drawn.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Terminal) -> T) -> T {
        self.bars.suspend(|| act(&mut locked(&self.terminal)))
    }

    /// Takes the bars away while somebody types.
    pub(crate) fn pause(&self) {
        self.bars.set_draw_target(ProgressDrawTarget::hidden());
    }

    /// Shows them again.
    pub(crate) fn resume(&self) {
        if self.form == Form::Bar && !locked(&self.terminal).is_quiet() {
            self.bars.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Tells that the end has been asked for.
    pub(crate) fn stopping(&self, ending: Ending) {
        self.with(|terminal| {
            terminal.insist(match ending {
                Ending::TimedOut => "the time of `--timeout` is over: stopping",
                Ending::Interrupted | Ending::Own => "stopping; Ctrl-C again leaves at once",
            });
        });
    }

    /// Whether messages in words are wanted, and not JSON alone.
    pub(crate) fn speaks(&self) -> bool {
        self.form != Form::Json
    }

    /// Shows what happened.
    pub(crate) fn show(&self, progress: &Progress) {
        if self.form == Form::Json {
            if let Ok(line) = serde_json::to_string(progress) {
                self.with(|terminal| terminal.insist(&line));
            }
            return;
        }
        match progress {
            Progress::Event { stack, event } => self.event(stack, event),
            Progress::Started { stack, arn, resources, role } => {
                self.started(stack, arn, *resources, role.as_deref());
            }
            Progress::Finished { stack, outcome } => self.finished(stack, *outcome),
            other => {
                if let Some((text, is_warning)) = told(other) {
                    self.tell(&text, is_warning);
                }
            }
        }
    }

    fn tell(&self, text: &str, is_warning: bool) {
        let text = legible(text);
        self.with(|terminal| {
            if is_warning {
                terminal.insist(&format!("{WARNING}warning{WARNING:#}: {text}"));
            } else {
                terminal.tell(&text);
            }
        });
    }

    fn started(&self, stack: &str, arn: &str, resources: usize, role: Option<&str>) {
        let role =
            role.map(|role| format!(", by the role {role}, which stays with the stack")).unwrap_or_default();
        let work = match resources {
            0 => "begun".to_owned(),
            _ => format!("{} to work on", number(resources, "resource")),
        };
        let text = format!("{STRONG}{}{STRONG:#}: {work}{}", legible(stack), legible(&role));
        self.with(|terminal| {
            terminal.tell(&text);
            terminal.detail(arn);
        });
        let mut tracks = locked(&self.tracks);
        let track = tracks.entry(stack.to_owned()).or_default();
        arn.clone_into(&mut track.arn);
        track.resources = resources;
        if self.form == Form::Bar {
            let bar = track.bar.get_or_insert_with(|| {
                let style =
                    ProgressStyle::with_template(BAR).unwrap_or_else(|_| ProgressStyle::default_bar());
                let bar = self.bars.add(ProgressBar::no_length());
                bar.set_style(style.progress_chars("=> "));
                bar.set_prefix(stack.to_owned());
                bar.enable_steady_tick(TICK);
                bar
            });
            bar.set_length(resources as u64);
        }
    }

    fn event(&self, stack: &str, event: &StackEvent) {
        let is_complete = event.status.ends_with("_COMPLETE");
        let is_failed = event.status.ends_with("_FAILED");
        let count = {
            let mut tracks = locked(&self.tracks);
            let track = tracks.entry(stack.to_owned()).or_default();
            let is_stack = event.physical_id.as_deref() == Some(event.stack.as_str());
            if is_complete && event.stack == track.arn && !is_stack {
                track.done.insert(event.logical_id.clone());
            }
            let done = track.done.len().min(track.resources);
            if let Some(bar) = &track.bar {
                bar.set_position(done as u64);
                bar.set_message(format!("{} {}", event.status, legible(&event.logical_id)));
            }
            format!("{done}/{}", track.resources)
        };
        let is_wanted = match self.form {
            Form::Bar => is_failed,
            _ => {
                is_failed
                    || !event.status.ends_with("_IN_PROGRESS")
                    || event.reason.as_deref().is_some_and(|reason| !reason.is_empty())
            }
        };
        self.with(|terminal| {
            if is_wanted || terminal.is_verbose() {
                let line = self.line(stack, &count, event);
                if is_failed { terminal.insist(&line) } else { terminal.tell(&line) }
            }
        });
    }

    /// `12:30:45  web  3/12  CREATE_COMPLETE  AWS::SQS::Queue  Queue  reason`
    fn line(&self, stack: &str, count: &str, event: &StackEvent) -> String {
        let source = self.sources.get(stack).and_then(|sources| sources.get(&event.logical_id));
        event_line(&format!("{stack:<width$}", width = self.width), Some(count), event, source)
    }

    fn finished(&self, stack: &str, outcome: Outcome) {
        let bar = locked(&self.tracks).get_mut(stack).and_then(|track| track.bar.take());
        if let Some(bar) = bar {
            // Not while the bars are suspended: both take the same lock.
            bar.finish_and_clear();
            self.bars.remove(&bar);
        }
        let (style, word) = (super::report::style(outcome), super::report::word(outcome));
        self.with(|terminal| {
            terminal.tell(&format!("{STRONG}{}{STRONG:#}: {style}{word}{style:#}", legible(stack)));
        });
    }
}

/// `12:30:45  web  3/12  CREATE_COMPLETE  AWS::SQS::Queue  Queue  reason`
pub(crate) fn event_line(
    stack: &str,
    count: Option<&str>,
    event: &StackEvent,
    source: Option<&Source>,
) -> String {
    let time = Timestamp::from_millisecond(event.time).map(|time| time.strftime("%H:%M:%S").to_string());
    let time = time.unwrap_or_default();
    let style = match event.status.rsplit('_').next() {
        Some("FAILED") => ERROR,
        Some("COMPLETE") => GOOD,
        _ => anstyle::Style::new(),
    };
    let count = count.map(|count| format!("{count:>7}  ")).unwrap_or_default();
    let (status, kind) = (&event.status, &event.resource_type);
    let mut line = format!(
        "{time}  {}  {count}{style}{status:<18}{style:#}  {kind}  {STRONG}{}{STRONG:#}",
        legible(stack),
        legible(&event.logical_id),
    );
    if let Some(reason) = event.reason.as_deref().filter(|reason| !reason.is_empty()) {
        let _ = write!(line, "  {}", legible(reason));
    }
    if let Some(source) = source.filter(|_| event.status.ends_with("_FAILED")) {
        let _ = write!(line, "\n  {PLACE}-->{PLACE:#} {source}");
    }
    line
}

/// What is told in a sentence, and whether it is a warning.
fn told(progress: &Progress) -> Option<(String, bool)> {
    let text = match progress {
        Progress::WaitingForOther { stack, status } => {
            format!("`{stack}` is {status}: waiting until that is over")
        }
        Progress::DeletingFailedCreation { stack } => {
            format!("the first deployment of `{stack}` failed: deleting what is left of it")
        }
        Progress::Validation { stack, failure } => {
            let place = failure.logical_id.as_deref().or(failure.path.as_deref()).unwrap_or("the template");
            return Some((format!("`{stack}`: {}: {place}: {}", failure.name, failure.reason), true));
        }
        Progress::EventsUnreadable { stack, reason } => {
            let text =
                format!("`{stack}`: its events cannot be read, so only its state is watched: {reason}");
            return Some((text, true));
        }
        Progress::CleaningUp { stack } => {
            format!("`{stack}` is deployed, and what it has replaced is being taken away")
        }
        Progress::Building { stack, asset } => format!("`{stack}`: building the image `{asset}`"),
        Progress::Uploading { stack, asset, bytes } => {
            let bytes = bytes
                .map(|bytes| format!(", {} bytes", grouped(usize::try_from(bytes).unwrap_or(usize::MAX))));
            format!("`{stack}`: uploading `{asset}`{}", bytes.unwrap_or_default())
        }
        Progress::KeepingExports { stack, exports, importers } => {
            format!(
                "`{stack}` keeps {} until {} no longer import{} that, and is deployed once more then",
                exports.join(", "),
                importers.join(", "),
                if importers.len() == 1 { "s" } else { "" },
            )
        }
        Progress::Renamed { stack, renames } => {
            let renames: Vec<String> = renames.iter().map(ToString::to_string).collect();
            format!("`{stack}`: renamed {}", renames.join(", "))
        }
        Progress::Replacing { stack, renames } => {
            let renames: Vec<String> = renames.iter().map(ToString::to_string).collect();
            let text = format!(
                "`{stack}`: nothing renames {} here, so new ones take their place",
                renames.join(", ")
            );
            return Some((text, true));
        }
        Progress::SettingFailed { stack, setting, reason } => {
            return Some((format!("`{stack}`: the {setting} is as it was: {reason}"), true));
        }
        _ => return None,
    };
    Some((text, false))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
