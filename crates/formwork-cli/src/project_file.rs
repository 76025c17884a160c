//! `formwork.toml`: how a project is synthesized, judged and compared.

mod check;
mod deploy;
mod diff;
mod drift;

use std::{
    borrow::Cow,
    env, fs, io,
    ops::Range,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

pub(crate) use self::{check::Check, deploy::Deploy, diff::Diff, drift::Drift};
use crate::{failure::Failure, place, suggestion};

/// The name of the file.
pub(crate) const NAME: &str = "formwork.toml";
/// The keys that it may have.
const KEYS: [&str; 7] = ["app", "output", "context", "check", "diff", "deploy", "drift"];

/// What `formwork.toml` says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ProjectFile {
    /// Where the file is.
    pub(crate) path: PathBuf,
    /// How to run the app, or the directory of an assembly.
    pub(crate) app: Option<String>,
    /// Where the assembly goes.
    pub(crate) output: Option<PathBuf>,
    /// Values for `App::context`.
    pub(crate) context: Map<String, Value>,
    /// How templates are judged.
    pub(crate) check: Check,
    /// What stacks are compared with, and how that is shown.
    pub(crate) diff: Diff,
    /// How the accounts of stacks are reached.
    pub(crate) deploy: Deploy,
    /// What is meant to differ, and how drift is shown.
    pub(crate) drift: Drift,
}

impl ProjectFile {
    /// Reads the file of the current directory, or of the nearest one above that has one.
    pub(crate) fn of_current_directory() -> Result<Self> {
        let current = env::current_dir().context("there is no current directory")?;
        Ok(Self::find(&current)?.unwrap_or_default())
    }

    /// Reads the file of a directory, or of the nearest one above that has one.
    pub(crate) fn find(from: &Path) -> Result<Option<Self>> {
        for directory in from.ancestors() {
            let path = directory.join(NAME);
            match fs::read_to_string(&path) {
                Ok(text) => return Self::parse(path, &text).map(Some),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).context(format!("cannot read `{}`", place::shown(&path))),
            }
        }
        Ok(None)
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self> {
        let reader = Reader { path: &path, text };
        let table = DeTable::parse(text)
            .map_err(|error| reader.failure(error.span().unwrap_or_default(), error.message()))?;
        let mut file = Self::default();
        for (key, value) in table.get_ref() {
            let span = value.span();
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("app", DeValue::String(app)) => file.app = Some(app.to_string()),
                ("output", DeValue::String(output)) => file.output = Some(PathBuf::from(output.as_ref())),
                ("context", DeValue::Table(context)) => {
                    for (key, value) in context {
                        file.context.insert(key.get_ref().to_string(), reader.json(value)?);
                    }
                }
                ("check", DeValue::Table(check)) => file.check = Check::read(check, &reader)?,
                ("diff", DeValue::Table(diff)) => file.diff = Diff::read(diff, &reader)?,
                ("deploy", DeValue::Table(deploy)) => file.deploy = Deploy::read(deploy, &reader)?,
                ("drift", DeValue::Table(drift)) => file.drift = Drift::read(drift, &reader)?,
                (key @ ("context" | "check" | "diff" | "deploy" | "drift"), _) => {
                    return Err(reader.failure(span, &format!("`{key}` is a table")).into());
                }
                (key @ ("app" | "output"), _) => {
                    return Err(reader.failure(span, &format!("`{key}` is a string")).into());
                }
                _ => {
                    let elsewhere = "values for the app stand in `[context]`";
                    return Err(reader.unknown(key, &KEYS, Some(elsewhere)).into());
                }
            }
        }
        file.path = path;
        Ok(file)
    }
}

/// The file while it is read, to say where in it something is.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Reader<'_> {
    fn failure(&self, span: Range<usize>, message: &str) -> Failure {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Failure::new(format!("{}:{line}:{column}: {message}", place::shown(self.path)))
    }

    /// Refuses a key, with the one that was probably meant.
    fn unknown(&self, key: &Spanned<Cow<'_, str>>, known: &[&str], elsewhere: Option<&str>) -> Failure {
        let unknown = key.get_ref();
        let failure = self.failure(key.span(), &format!("there is no key `{unknown}`"));
        let keys = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        failure.hint(match (suggestion::nearest(unknown, known.iter().copied()), elsewhere) {
            (Some(meant), _) => format!("did you mean `{meant}`? the keys are {keys}"),
            (None, Some(elsewhere)) => format!("the keys are {keys}; {elsewhere}"),
            (None, None) => format!("the keys are {keys}"),
        })
    }

    fn json(&self, value: &Spanned<DeValue<'_>>) -> Result<Value> {
        let not_json = || self.failure(value.span(), "JSON has no such number");
        Ok(match value.get_ref() {
            DeValue::String(text) => Value::from(text.as_ref()),
            DeValue::Boolean(flag) => Value::from(*flag),
            DeValue::Datetime(datetime) => Value::from(datetime.to_string()),
            DeValue::Integer(number) => {
                Value::from(i64::from_str_radix(number.as_str(), number.radix()).map_err(|_| not_json())?)
            }
            DeValue::Float(number) => {
                let number = number.as_str().parse().ok().and_then(serde_json::Number::from_f64);
                Value::Number(number.ok_or_else(not_json)?)
            }
            DeValue::Array(items) => {
                Value::Array(items.iter().map(|item| self.json(item)).collect::<Result<_>>()?)
            }
            DeValue::Table(table) => {
                let pairs = table.iter().map(|(key, item)| Ok((key.get_ref().to_string(), self.json(item)?)));
                Value::Object(pairs.collect::<Result<_>>()?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn context_of_every_kind_is_json() {
        let text =
            "[context]\nstage = 'dev'\nzones = [1, 0x10, 2.5]\nsince = 2026-01-02\non = true\nnested.key = 1";
        let file = ProjectFile::parse(PathBuf::from(NAME), text).expect("it parses");
        let expected = json!({
            "stage": "dev", "zones": [1, 16, 2.5], "since": "2026-01-02", "on": true, "nested": { "key": 1 },
        });
        assert_eq!(Value::Object(file.context), expected);
        let error = ProjectFile::parse(PathBuf::from(NAME), "context.a = nan").expect_err("no JSON");
        assert_eq!(error.to_string(), "formwork.toml:1:13: JSON has no such number");
    }
}
