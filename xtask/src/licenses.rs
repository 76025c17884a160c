//! `cargo xtask licenses`: the part of `cargo deny check` that needs no network and no installation.

use crate::{process, workspace::Workspace};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let policy = Policy::parse(&fs::read_to_string(workspace.root.join("deny.toml"))?)?;
    let mut command = workspace.cargo(["metadata", "--format-version=1", "--all-features"]);
    let packages = packages(&serde_json::from_str(&process::output(&mut command)?)?)?;

    for (name, versions) in duplicates(&packages) {
        if !policy.skipped.contains(name) {
            eprintln!("warning: {} versions of `{name}`: {}", versions.len(), versions.join(", "));
        }
    }
    let refused: Vec<String> = packages.iter().filter_map(|package| policy.refusal(package)).collect();
    if !refused.is_empty() {
        bail!("{}", refused.join("\n       "));
    }
    println!("{} packages, each under a licence that deny.toml allows", packages.len());
    Ok(())
}

/// A package that this workspace did not write.
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// Where it comes from; none for a path.
    source: Option<String>,
}

/// The packages of the dependency tree, without the members of the workspace.
fn packages(metadata: &Value) -> Result<Vec<Package>> {
    let members: BTreeSet<&str> =
        metadata["workspace_members"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    packages
        .iter()
        .filter(|package| !package["id"].as_str().is_some_and(|id| members.contains(id)))
        .map(|package| {
            Ok(Package {
                name: text(&package["name"]).context("a package without a name")?,
                version: text(&package["version"]).context("a package without a version")?,
                license: text(&package["license"]),
                source: text(&package["source"]),
            })
        })
        .collect()
}

/// The versions of each package that has several.
fn duplicates(packages: &[Package]) -> BTreeMap<&str, Vec<&str>> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    versions
}

/// What `deny.toml` says, as far as it is read here.
struct Policy {
    allowed: BTreeSet<String>,
    /// Names of packages whose several versions are known.
    skipped: BTreeSet<String>,
}

impl Policy {
    fn parse(text: &str) -> Result<Self> {
        let file: toml::Table = text.parse().context("deny.toml")?;
        let names = |section: &str, key: &str| -> Result<BTreeSet<String>> {
            let list = file.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
            let list = list.with_context(|| format!("deny.toml has no list `{section}.{key}`"))?;
            list.iter()
                .map(|name| {
                    let name = name.as_str().or_else(|| name.get("crate").and_then(toml::Value::as_str));
                    name.map(str::to_owned)
                        .with_context(|| format!("`{section}.{key}` lists more than names"))
                })
                .collect()
        };
        Ok(Self { allowed: names("licenses", "allow")?, skipped: names("bans", "skip")? })
    }

    /// Why a package may not be used, if so.
    fn refusal(&self, package: &Package) -> Option<String> {
        let Package { name, version, license, source } = package;
        if source.as_ref().is_some_and(|source| !source.starts_with("registry+")) {
            return Some(format!("`{name}` {version} does not come from the package registry"));
        }
        let Some(license) = license else {
            return Some(format!("`{name}` {version} states no licence"));
        };
        // Old manifests write `MIT/Apache-2.0`, which lax parsing reads as a choice.
        let expression = match spdx::Expression::parse_mode(license, spdx::ParseMode::LAX) {
            Ok(expression) => expression,
            Err(error) => {
                return Some(format!("`{name}` {version} has the licence `{license}`: {}", error.reason));
            }
        };
        // An exception only grants more, so a licence that is allowed is allowed with one too.
        let allowed = expression.evaluate(|requirement| {
            requirement.license.id().is_some_and(|id| self.allowed.contains(id.name))
        });
        (!allowed).then(|| {
            format!("`{name}` {version} has the licence `{license}`, which deny.toml does not allow")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(license: &str) -> Package {
        Package {
            name: "stone".into(),
            version: "1.0.0".into(),
            license: Some(license.into()),
            source: Some("registry+index".into()),
        }
    }

    fn policy() -> Policy {
        Policy::parse("licenses.allow = ['MIT', 'Apache-2.0']\nbans.skip = [{ crate = 'syn' }, 'libc']")
            .unwrap()
    }

    #[test]
    fn a_licence_is_allowed_when_its_expression_is() {
        for license in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/Apache-2.0",
            "MIT AND Apache-2.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert_eq!(policy().refusal(&package(license)), None, "{license}");
        }
        for license in ["GPL-3.0", "MIT AND MPL-2.0", "all mine"] {
            assert!(policy().refusal(&package(license)).is_some(), "{license}");
        }
    }

    #[test]
    fn a_package_states_its_licence_and_comes_from_the_registry() {
        let silent = Package { license: None, ..package("MIT") };
        assert!(policy().refusal(&silent).unwrap().contains("states no licence"));
        let forked = Package { source: Some("git+https://example.com/stone".into()), ..package("MIT") };
        assert!(policy().refusal(&forked).unwrap().contains("does not come from the package registry"));
    }

    #[test]
    fn duplicates_are_found_by_name() {
        let older = Package { version: "0.9.0".into(), ..package("MIT") };
        let other = Package { name: "brick".into(), ..package("MIT") };
        let packages = [older, package("MIT"), other];
        assert_eq!(duplicates(&packages), BTreeMap::from([("stone", vec!["0.9.0", "1.0.0"])]));
        assert_eq!(policy().skipped, BTreeSet::from(["libc".to_owned(), "syn".to_owned()]));
    }
}
