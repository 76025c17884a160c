//! Writes an assembly aside, and puts it in place when it is whole.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use formwork_template::{Finding, limits::TEMPLATE_BYTES_URL};

use super::{
    Assembly, AssemblyError, AssemblyStack, Edge, FACTS, Facts, MANIFEST, SCHEMA, assets, facts, manifest,
};
use crate::{asset::SynthesizedAsset, synth::SynthesizedStack};

/// Tells the writers of one process apart, where two threads write to one directory.
static TURN: AtomicU32 = AtomicU32::new(0);

/// An assembly on its way. Dropped before [`Writer::finish`], it leaves nothing behind.
pub(crate) struct Writer {
    directory: PathBuf,
    /// In the same directory, so that a file is put in place by a rename.
    aside: PathBuf,
    files: Vec<String>,
}

impl Writer {
    pub(crate) fn create(directory: &Path) -> Result<Self, AssemblyError> {
        let turn = TURN.fetch_add(1, Ordering::Relaxed);
        let aside = directory.join(format!(".formwork-{}-{turn}", process::id()));
        // What a process of the same number left, when it was killed.
        let _ = fs::remove_dir_all(&aside);
        fs::create_dir_all(&aside).map_err(|error| failed(directory, error))?;
        Ok(Self { directory: directory.to_owned(), aside, files: Vec::new() })
    }

    /// Writes the files of one stack.
    pub(crate) fn stack(
        &mut self,
        stack: &SynthesizedStack,
        bytes: usize,
    ) -> Result<AssemblyStack, AssemblyError> {
        let template = format!("{}.template.json", stack.name);
        let sources = format!("{}.sources.json", stack.name);
        let mut text = stack.template.to_json();
        // The `cdk` command uploads the file as it stands: white space is not what makes it too long.
        if text.len() > TEMPLATE_BYTES_URL {
            text = stack.template.to_compact_json();
        }
        self.file(template.clone(), &text)?;
        let map = source_map(stack).map_err(|error| failed(&self.aside.join(&sources), error.into()))?;
        self.file(sources.clone(), &map)?;
        let uploads = (!stack.assets.is_empty()).then(|| format!("{}.assets.json", stack.name));
        if let Some(uploads) = &uploads {
            stack.assets.iter().try_for_each(|asset| self.asset(asset))?;
            self.file(uploads.clone(), &assets::manifest(&stack.assets, &stack.environment))?;
        }
        Ok(AssemblyStack {
            name: stack.name.clone(),
            stack_name: stack.stack_name.clone(),
            template,
            sources: Some(sources),
            resources: stack.template.resources().count(),
            bytes,
            environment: stack.environment.clone(),
            termination_protection: stack.termination_protection,
            depends_on: stack.depends_on.clone(),
            assets: uploads,
        })
    }

    /// Puts everything in place, the manifest last, and takes away what the assembly that stood
    /// there before had more.
    pub(crate) fn finish(
        mut self,
        stacks: Vec<AssemblyStack>,
        edges: Vec<Edge>,
        findings: Vec<Finding>,
    ) -> Result<Assembly, AssemblyError> {
        let files: Vec<String> =
            self.files.iter().cloned().chain([FACTS.to_owned(), MANIFEST.to_owned()]).collect();
        let stale: Vec<String> = facts(&self.directory).map_or_else(|_| Vec::new(), |before| before.files);
        let facts = Facts { schema: SCHEMA.to_owned(), stacks, edges, findings, files: files.clone() };
        let text = serde_json::to_string_pretty(&facts).map_err(io::Error::from);
        let text = text.map_err(|error| failed(&self.directory.join(FACTS), error))?;
        self.file(FACTS.to_owned(), &(text + "\n"))?;
        self.file(MANIFEST.to_owned(), &manifest::write(&facts.stacks))?;
        for file in &files {
            let place = self.directory.join(file);
            match fs::rename(self.aside.join(file), &place) {
                // An asset that stood there before is the same, by its name.
                Err(_) if is_asset(file) && place.exists() => {}
                done => done.map_err(|error| failed(&place, error))?,
            }
        }
        for file in stale.iter().filter(|file| !files.contains(file) && is_plain(file)) {
            // A file that somebody else has taken away already is gone all the same.
            let place = self.directory.join(file);
            let _ = if is_asset(file) && place.is_dir() {
                fs::remove_dir_all(place)
            } else {
                fs::remove_file(place)
            };
        }
        let Facts { stacks, edges, findings, .. } = facts;
        Ok(Assembly { directory: self.directory.clone(), stacks, edges, findings })
    }

    /// Copies an asset, which may stand there already.
    fn asset(&mut self, asset: &SynthesizedAsset) -> Result<(), AssemblyError> {
        let name = asset.staged();
        if self.files.contains(&name) {
            return Ok(());
        }
        if !self.directory.join(&name).exists() {
            assets::copy(asset, &self.aside.join(&name)).map_err(|(path, error)| failed(&path, error))?;
        }
        self.files.push(name);
        Ok(())
    }

    fn file(&mut self, name: String, text: &str) -> Result<(), AssemblyError> {
        let path = self.aside.join(&name);
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
        self.files.push(name);
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Where it cannot be taken away it is in nobody's way: no reader looks into it.
        let _ = fs::remove_dir_all(&self.aside);
    }
}

fn failed(path: &Path, error: io::Error) -> AssemblyError {
    AssemblyError::Write { path: path.to_owned(), error }
}

/// Whether a name is that of an asset, which holds its digest.
fn is_asset(name: &str) -> bool {
    name.starts_with("asset.")
}

/// Whether a name stays inside of the directory.
fn is_plain(name: &str) -> bool {
    Path::new(name).components().count() == 1 && !name.starts_with('.')
}

/// The line of Rust behind every logical id of a stack, an id a line.
fn source_map(stack: &SynthesizedStack) -> Result<String, serde_json::Error> {
    let ids: usize = stack.sources.iter().map(|(_, ids)| ids.len()).sum();
    let mut text = String::with_capacity(128 + 128 * ids);
    text.push_str("{\"schema\":\"formwork.sources/1\",\"sources\":{");
    for (section, (name, ids)) in stack.sources.iter().enumerate() {
        text.push_str(if section > 0 { ",\n" } else { "\n" });
        text += &serde_json::to_string(name)?;
        text.push_str(":{");
        for (position, (id, source)) in ids.iter().enumerate() {
            text.push_str(if position > 0 { ",\n  " } else { "\n  " });
            text += &serde_json::to_string(id)?;
            text.push(':');
            text += &serde_json::to_string(source)?;
        }
        text.push('}');
    }
    text.push_str("}}\n");
    Ok(text)
}
