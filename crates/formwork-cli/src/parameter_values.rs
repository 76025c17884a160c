//! [`ParameterValues`]: what `--parameters` gives.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use formwork_core::AssemblyStack;
use formwork_template::{Map, Template};

use crate::{exit_code, failure::Failure, suggestion};

/// One `[STACK:]NAME=VALUE`.
struct Given {
    stack: Option<String>,
    name: String,
    value: String,
    taken: bool,
}

/// What `--parameters` gives, and who takes it.
pub(crate) struct ParameterValues {
    given: Vec<Given>,
    known: BTreeSet<String>,
}

impl ParameterValues {
    /// Reads the words of the command line; values are never part of an error, since they may be secret.
    pub(crate) fn parse(words: &[String], stacks: &[&AssemblyStack]) -> Result<Self> {
        let mut given = Vec::new();
        for word in words {
            let usage = || {
                let failure = Failure::new("`--parameters` wants a name and a value").code(exit_code::USAGE);
                failure.hint("`NAME=VALUE`, or `STACK:NAME=VALUE`")
            };
            let (name, value) = word.split_once('=').ok_or_else(usage)?;
            let (stack, name) = match name.split_once(':') {
                Some((stack, name)) => (Some(stack.to_owned()), name),
                None => (None, name),
            };
            if let Some(stack) =
                stack.as_ref().filter(|name| !stacks.iter().any(|stack| stack.name == **name))
            {
                let failure =
                    Failure::new(format!("`--parameters` is for `{stack}`, which is not deployed now"));
                let names = stacks.iter().map(|stack| stack.name.as_str());
                return Err(match suggestion::nearest(stack, names) {
                    Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
                    None => failure,
                }
                .into());
            }
            given.push(Given { stack, name: name.to_owned(), value: value.to_owned(), taken: false });
        }
        Ok(Self { given, known: BTreeSet::new() })
    }

    /// The values for a stack: those that name it, and those for every stack that has the parameter.
    pub(crate) fn take(&mut self, stack: &str, template: &Template) -> BTreeMap<String, String> {
        let declared: BTreeSet<&str> =
            template.section("Parameters").into_iter().flat_map(Map::keys).collect();
        self.known.extend(declared.iter().map(|name| (*name).to_owned()));
        let mut values = BTreeMap::new();
        // What names the stack wins.
        for is_named in [false, true] {
            for given in &mut self.given {
                let fits = match &given.stack {
                    Some(name) => is_named && name == stack,
                    None => !is_named,
                };
                if fits && declared.contains(given.name.as_str()) {
                    given.taken = true;
                    values.insert(given.name.clone(), given.value.clone());
                }
            }
        }
        values
    }

    /// Refuses a value that no stack has a parameter for.
    pub(crate) fn check_all_taken(&self) -> Result<()> {
        let Some(left) = self.given.iter().find(|given| !given.taken) else { return Ok(()) };
        let place = left
            .stack
            .as_ref()
            .map_or_else(|| "no stack that is deployed".to_owned(), |stack| format!("`{stack}`"));
        let verb = if left.stack.is_some() { "has no" } else { "has a" };
        let failure = Failure::new(format!("{place} {verb} parameter `{}`", left.name));
        let hint = match suggestion::nearest(&left.name, self.known.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if self.known.is_empty() => "there are no parameters".to_owned(),
            None => format!("there are {}", self.known.iter().cloned().collect::<Vec<_>>().join(", ")),
        };
        Err(failure.hint(hint).into())
    }
}
