//! [`StackState`]: a stack as it is or was, with all that a diff is told about it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context as _, Result};
use formwork_check::Sources as _;
use formwork_core::{Assembly, AssemblyStack, SourceMap};
use formwork_diff::{Named, Side};
use formwork_template::{
    Template,
    read::{self, Document, Position},
};

use crate::failure::Failure;

/// How the files of snapshots end.
const ENDINGS: [&str; 3] = [".template.json", ".template.yaml", ".template.yml"];
/// The file that makes a directory an assembly.
pub(crate) const MANIFEST: &str = "manifest.json";

/// A stack as it is or was.
pub(crate) struct StackState {
    /// Its name in the app; nothing for a template that stands for itself.
    pub(crate) name: Option<String>,
    /// The file that was given, as it was given.
    pub(crate) file: Option<String>,
    text: Text,
    sources: SourceMap,
    /// What is known of `AWS::StackName` and its like; nothing where only the template is there.
    pub(crate) pseudo_parameters: Option<BTreeMap<&'static str, String>>,
    /// Values of parameters.
    pub(crate) parameters: BTreeMap<String, String>,
}

/// A template, with the places in its text where somebody wrote it by hand.
enum Text {
    Template(Template),
    Document(Box<Document>),
}

impl StackState {
    /// A template without more.
    pub(crate) fn new(name: Option<String>, template: Template) -> Self {
        Self {
            name,
            file: None,
            text: Text::Template(template),
            sources: SourceMap::default(),
            pseudo_parameters: None,
            parameters: BTreeMap::new(),
        }
    }

    /// Reads a template file, JSON or YAML.
    pub(crate) fn of_file(file: &str) -> Result<Self> {
        let bytes = fs::read(file).with_context(|| format!("cannot read `{file}`"))?;
        let document = document(&bytes, file)?;
        let text = Text::Document(Box::new(document));
        Ok(Self { file: Some(file.to_owned()), text, ..Self::new(None, Template::new()) })
    }

    /// Reads a stack of an assembly.
    pub(crate) fn of_assembly(assembly: &Assembly, stack: &AssemblyStack) -> Result<Self> {
        let template = assembly.template(stack)?;
        let environment = &stack.environment;
        let known = [
            ("AWS::StackName", Some(&stack.stack_name)),
            ("AWS::Region", environment.region.as_ref()),
            ("AWS::AccountId", environment.account.as_ref()),
        ];
        let known = known.into_iter().filter_map(|(name, value)| Some((name, value?.clone())));
        Ok(Self {
            sources: assembly.sources(stack)?,
            pseudo_parameters: Some(known.collect()),
            ..Self::new(Some(stack.name.clone()), template)
        })
    }

    /// The template.
    pub(crate) fn template(&self) -> &Template {
        match &self.text {
            Text::Template(template) => template,
            Text::Document(document) => document.template(),
        }
    }

    /// Where a resource stands in the file.
    pub(crate) fn position(&self, logical_id: &str) -> Option<Position> {
        let Text::Document(document) = &self.text else { return None };
        Some(document.locate(["Resources", logical_id])?.start())
    }

    /// What a diff is told.
    pub(crate) fn side(&self) -> Side<'_> {
        let template = self.template();
        let mut side = Side::new(template).parameters(&self.parameters);
        for (name, value) in self.pseudo_parameters.iter().flatten() {
            side = side.pseudo_parameter(*name, value);
        }
        for resource in template.resources() {
            if let Some(source) = self.sources.source("Resources", resource.logical_id) {
                side = side.source(resource.logical_id, source);
            }
        }
        side
    }

    /// What a diff of an app is told.
    pub(crate) fn named(&self) -> Named<'_> {
        Named::new(self.name.clone().unwrap_or_default(), self.side())
    }
}

/// Reads all stacks of an assembly.
pub(crate) fn of_assembly(assembly: &Assembly) -> Result<Vec<StackState>> {
    each(&assembly.stacks, |stack| StackState::of_assembly(assembly, stack))
}

/// Reads a directory: an assembly, or snapshots. What messages call it is said apart.
pub(crate) fn of_directory(directory: &Path, shown: &str) -> Result<Vec<StackState>> {
    if directory.join(MANIFEST).is_file() {
        let assembly = Assembly::read(directory).with_context(|| format!("cannot read `{shown}`"))?;
        return of_assembly(&assembly);
    }
    let snapshots = snapshots(directory).with_context(|| format!("cannot read `{shown}`"))?;
    if snapshots.is_empty() {
        let message = format!("`{shown}` has no stacks to compare with");
        let hint = format!("a directory has a `{MANIFEST}`, as assemblies do, or files `NAME.template.json`");
        return Err(Failure::new(message).hint(hint).into());
    }
    each(&snapshots, |(name, path)| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let file = format!("{}/{file}", shown.trim_end_matches('/'));
        let bytes = fs::read(path).with_context(|| format!("cannot read `{file}`"))?;
        // Nobody is shown a place in a snapshot, and without places JSON is read faster.
        let plain = std::str::from_utf8(&bytes).ok().and_then(|text| Template::from_json(text).ok());
        let template = match plain.filter(is_template) {
            Some(template) => template,
            None => document(&bytes, &file)?.into_template(),
        };
        Ok(StackState::new(Some(name.clone()), template))
    })
}

/// The name of the stack whose template a file would be.
pub(crate) fn snapshot_name(file: &str) -> Option<&str> {
    ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)).filter(|name| !name.is_empty())
}

/// The snapshots in a directory, by name.
fn snapshots(directory: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(name) = snapshot_name(&file) {
            found.entry(name.to_owned()).or_insert(path);
        }
    }
    Ok(found.into_iter().collect())
}

/// Reads a text as a template, or says where it is none.
fn document(bytes: &[u8], file: &str) -> Result<Document> {
    let document = read::read_bytes(bytes).map_err(|error| {
        let Position { line, column } = error.position;
        let failure = Failure::new(format!("{file}:{line}:{column}: no template: {}", error.message));
        failure.hint(error.hint.unwrap_or_else(|| "a template is JSON or YAML with `Resources`".to_owned()))
    })?;
    if !is_template(document.template()) {
        let failure = Failure::new(format!("`{file}` is no template: it has no `Resources`"));
        return Err(failure.hint("give a CloudFormation template, JSON or YAML").into());
    }
    Ok(document)
}

fn is_template(template: &Template) -> bool {
    template.sections().get("Resources").is_some()
}

/// Does the same for all items, on several threads where there are many.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    /// What a thread must have to do to be worth its start.
    const SHARE: usize = 4;
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len().div_ceil(SHARE));
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let results: Vec<Result<Vec<R>>> = thread::scope(|scope| {
        let work = &work;
        let shares = items.chunks(items.len().div_ceil(threads));
        let started: Vec<_> =
            shares.map(|share| scope.spawn(move || share.iter().map(work).collect())).collect();
        let failed = || Err(Failure::new("a thread that reads templates has failed").into());
        started.into_iter().map(|thread| thread.join().unwrap_or_else(|_| failed())).collect()
    });
    let mut all = Vec::with_capacity(items.len());
    for result in results {
        all.extend(result?);
    }
    Ok(all)
}
