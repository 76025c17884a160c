//! An assembly on disk, read as any tool would read it.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The stacks of an assembly.
#[derive(Debug)]
pub struct Assembly {
    /// Where it is.
    pub directory: PathBuf,
    /// Its stacks, each after those that it depends on.
    pub stacks: Vec<Stack>,
}

/// One stack of an assembly.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its name.
    pub name: String,
    /// Its template.
    pub template: PathBuf,
    dependencies: Vec<String>,
}

impl Stack {
    /// Its template, parsed.
    pub fn read(&self) -> Result<Value> {
        let text = fs::read(&self.template).with_context(|| format!("read {}", self.template.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("parse {}", self.template.display()))
    }
}

impl Assembly {
    /// Reads `manifest.json` in a directory.
    pub fn read(directory: &Path) -> Result<Self> {
        let manifest = directory.join("manifest.json");
        let text = fs::read(&manifest).with_context(|| format!("read {}", manifest.display()))?;
        let manifest: Value = serde_json::from_slice(&text).context("parse manifest.json")?;
        let artifacts = manifest["artifacts"].as_object().context("manifest.json has no artifacts")?;
        let mut waiting = Vec::new();
        for (name, artifact) in artifacts {
            if artifact["type"] != "aws:cloudformation:stack" {
                continue;
            }
            let file = artifact["properties"]["templateFile"].as_str();
            let file = file.with_context(|| format!("stack `{name}` has no templateFile"))?;
            let dependencies = artifact["dependencies"].as_array().into_iter().flatten();
            let dependencies = dependencies.filter_map(Value::as_str).map(str::to_owned).collect();
            waiting.push(Stack { name: name.clone(), template: directory.join(file), dependencies });
        }
        Ok(Self { directory: directory.to_owned(), stacks: in_order(waiting)? })
    }

    /// The names of the stacks, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.stacks.iter().map(|stack| stack.name.as_str()).collect();
        names.sort_unstable();
        names
    }
}

/// Each stack after those that it depends on; what else it depends on (assets) is no stack.
fn in_order(mut waiting: Vec<Stack>) -> Result<Vec<Stack>> {
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().map(|stack| stack.name.clone()).collect();
        let ready = |stack: &Stack| !stack.dependencies.iter().any(|name| names.contains(name));
        let (next, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(ready);
        if next.is_empty() {
            bail!("the stacks {} depend on each other in a circle", names.join(", "));
        }
        ordered.extend(next);
        waiting = rest;
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(name: &str, dependencies: &[&str]) -> Stack {
        let dependencies = dependencies.iter().map(|name| (*name).to_owned()).collect();
        Stack { name: name.into(), template: PathBuf::new(), dependencies }
    }

    #[test]
    fn a_stack_comes_after_what_it_depends_on() {
        let stacks = vec![stack("app", &["data", "app.assets"]), stack("data", &["net"]), stack("net", &[])];
        let names: Vec<String> = in_order(stacks).unwrap().into_iter().map(|stack| stack.name).collect();
        assert_eq!(names, ["net", "data", "app"]);
        assert!(in_order(vec![stack("a", &["b"]), stack("b", &["a"])]).is_err());
    }
}
