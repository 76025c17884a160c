//! [`Assembly`]: what synthesis leaves on disk.
//!
//! `manifest.json` is a CDK cloud assembly, which the `cdk` command reads too. Beside it stand one
//! template a stack, one file a stack with the Rust line of every logical id, and `formwork.json`
//! with all that the manifest has no place for.

mod assets;
mod manifest;
pub(crate) mod writer;

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use formwork_template::{Finding, Severity, Source, Template};
use serde::{Deserialize, Serialize};

use crate::{edge::Via, stack::Environment};

/// The file that says what is in an assembly.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The file with what the manifest has no place for.
pub(crate) const FACTS: &str = "formwork.json";
/// The form of [`FACTS`].
pub(crate) const SCHEMA: &str = "formwork.assembly/1";

/// Synthesized stacks on disk.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Assembly {
    /// Where it is.
    pub directory: PathBuf,
    /// The stacks, in the order they were added to the app.
    pub stacks: Vec<AssemblyStack>,
    /// The values that cross between stacks.
    pub edges: Vec<Edge>,
    /// Warnings, and what is worth knowing.
    pub findings: Vec<Finding>,
}

/// One stack of an [`Assembly`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssemblyStack {
    /// The name in the app.
    pub name: String,
    /// The name in the account.
    pub stack_name: String,
    /// The file of the template, in the assembly's directory.
    pub template: String,
    /// The file with the Rust line of every logical id, if there is one.
    pub sources: Option<String>,
    /// The number of resources.
    pub resources: usize,
    /// The bytes of the template without white space, which the service's limit counts.
    pub bytes: usize,
    /// The account and region, as far as the author says.
    pub environment: Environment,
    /// Whether the stack refuses to be deleted.
    pub termination_protection: bool,
    /// The stacks that are deployed before this one.
    pub depends_on: Vec<String>,
    /// The file that says what is uploaded before the stack is deployed, if anything is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assets: Option<String>,
}

/// A value of one stack that another stack uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// Whose value it is.
    pub from: EdgeEnd,
    /// The stack that uses it.
    pub to: String,
    /// The first line that uses it.
    pub used_at: Source,
    /// What carries it.
    pub via: Via,
    /// The output of the stack that has it.
    pub output: Option<String>,
    /// The name it is exported under.
    pub export: Option<String>,
    /// The SSM parameter that holds it.
    pub ssm_parameter: Option<String>,
    /// The parameter of the stack that uses it.
    pub parameter: Option<String>,
}

/// The end of an [`Edge`] that has the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeEnd {
    /// The stack.
    pub stack: String,
    /// The resource or parameter.
    pub logical_id: String,
    /// The attribute; nothing for what `Ref` gives.
    pub attribute: Option<String>,
    /// The line that made the resource or parameter.
    pub source: Source,
}

/// The Rust line behind every logical id of a stack, section by section.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceMap {
    sources: BTreeMap<String, BTreeMap<String, Source>>,
}

impl formwork_check::Sources for SourceMap {
    fn source(&self, section: &str, element: &str) -> Option<Source> {
        self.sources.get(section)?.get(element).cloned()
    }
}

/// What is the matter with an assembly on disk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssemblyError {
    /// There is no manifest.
    #[error("`{}` holds no assembly: it has no `{MANIFEST}`", .0.display())]
    Missing(PathBuf),
    /// A file or directory cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// A file or directory cannot be written. What stood there before is still there.
    #[error("cannot write `{}`: {error}\nhint: the assembly that stood there before is untouched", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// A file is not what it should be.
    #[error("`{}` is not what an assembly has there: {reason}", path.display())]
    Form {
        /// Which.
        path: PathBuf,
        /// What is the matter.
        reason: String,
    },
}

/// What `formwork.json` holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) schema: String,
    pub(crate) stacks: Vec<AssemblyStack>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) files: Vec<String>,
}

impl Assembly {
    /// Reads an assembly: formwork's own, or any CDK cloud assembly.
    ///
    /// # Errors
    /// There is none, or one of its files cannot be read or is not what it should be.
    pub fn read(directory: impl Into<PathBuf>) -> Result<Self, AssemblyError> {
        let directory = directory.into();
        if !directory.join(MANIFEST).is_file() {
            return Err(AssemblyError::Missing(directory));
        }
        if directory.join(FACTS).is_file() {
            let Facts { stacks, edges, findings, .. } = facts(&directory)?;
            // Where another tool has put its manifest over ours, the facts are of what stood here before.
            if manifest::write(&stacks) == read(&directory.join(MANIFEST))? {
                return Ok(Self { directory, stacks, edges, findings });
            }
        }
        let stacks = manifest::read(&directory)?;
        Ok(Self { directory, stacks, edges: Vec::new(), findings: Vec::new() })
    }

    /// A stack by its name.
    pub fn stack(&self, name: &str) -> Option<&AssemblyStack> {
        self.stacks.iter().find(|stack| stack.name == name)
    }

    /// The path of a stack's template.
    pub fn template_path(&self, stack: &AssemblyStack) -> PathBuf {
        self.directory.join(&stack.template)
    }

    /// Reads the Rust line behind every logical id of a stack; empty where another tool wrote the
    /// assembly.
    ///
    /// # Errors
    /// The file cannot be read, or is not what it should be.
    pub fn sources(&self, stack: &AssemblyStack) -> Result<SourceMap, AssemblyError> {
        let Some(file) = &stack.sources else { return Ok(SourceMap::default()) };
        let path = self.directory.join(file);
        serde_json::from_str(&read(&path)?).map_err(|error| form(&path, error))
    }

    /// Reads the template of a stack.
    ///
    /// # Errors
    /// The file cannot be read, or is not JSON.
    pub fn template(&self, stack: &AssemblyStack) -> Result<Template, AssemblyError> {
        template(&self.template_path(stack))
    }
}

/// A line a stack: name, resources, bytes, file; then the findings.
impl fmt::Display for Assembly {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.stacks.iter().map(|stack| stack.name.chars().count()).max().unwrap_or(0);
        for stack in &self.stacks {
            let path = self.template_path(stack);
            writeln!(
                formatter,
                "{:name$}  {:>3} resources  {:>6} bytes  {}",
                stack.name,
                stack.resources,
                stack.bytes,
                path.display()
            )?;
        }
        for finding in self.findings.iter().filter(|finding| finding.severity > Severity::Info) {
            writeln!(formatter, "\n{finding}")?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<String, AssemblyError> {
    fs::read_to_string(path).map_err(|error| AssemblyError::Read { path: path.to_owned(), error })
}

fn form(path: &Path, reason: impl fmt::Display) -> AssemblyError {
    AssemblyError::Form { path: path.to_owned(), reason: reason.to_string() }
}

fn facts(directory: &Path) -> Result<Facts, AssemblyError> {
    let path = directory.join(FACTS);
    let facts: Facts = serde_json::from_str(&read(&path)?).map_err(|error| form(&path, error))?;
    if facts.schema == SCHEMA {
        Ok(facts)
    } else {
        Err(form(&path, format_args!("its schema is `{}`, this version reads `{SCHEMA}`", facts.schema)))
    }
}

fn template(path: &Path) -> Result<Template, AssemblyError> {
    Template::from_json(&read(path)?).map_err(|error| form(path, error))
}
