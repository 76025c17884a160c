//! That the CDK has the classes which `docs/constructs.md` names.

use anyhow::{Context as _, Result, ensure};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Modules that programs import by another name than that of their package.
const MODULES: [(&str, &str); 4] = [
    ("elb", "elasticloadbalancing"),
    ("elbv2", "elasticloadbalancingv2"),
    ("elbv2_actions", "elasticloadbalancingv2-actions"),
    ("elbv2_targets", "elasticloadbalancingv2-targets"),
];

/// What a declaration begins with.
const KINDS: [&str; 4] = ["class ", "abstract class ", "interface ", "enum "];

/// Checks every name of the form `module.Class` in the cells about the CDK.
pub(crate) fn check(page: &str, library: &Path) -> Result<()> {
    let mut missing = BTreeSet::new();
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let theirs = line.split('|').nth(3).unwrap_or_default();
        for name in theirs.split('`').skip(1).step_by(2) {
            let Some((module, class)) = name.split_once('.') else { continue };
            let class = class.split('.').next().unwrap_or(class);
            let package =
                MODULES.iter().find(|(short, _)| *short == module).map_or(module, |(_, whole)| whole);
            let directory = library.join(format!("aws-{}", package.replace('_', "-"))).join("lib");
            if !declares(&directory, class)? {
                missing.insert(name);
            }
        }
    }
    ensure!(missing.is_empty(), "docs/constructs.md: aws-cdk-lib has no {missing:?}");
    Ok(())
}

fn declares(directory: &Path, class: &str) -> Result<bool> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        let found = if path.is_dir() {
            declares(&path, class)?
        } else if path.to_str().is_some_and(|path| path.ends_with(".d.ts")) {
            let text = fs::read_to_string(&path)?;
            text.lines().any(|line| declaration(line) == Some(class))
        } else {
            false
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The name that a line declares for others.
fn declaration(line: &str) -> Option<&str> {
    let line = line.strip_prefix("export ")?;
    let line = line.strip_prefix("declare ").unwrap_or(line);
    let name = KINDS.iter().find_map(|kind| line.strip_prefix(kind))?;
    name.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_found_in_their_module() {
        let library = tempfile::tempdir().unwrap();
        let module = library.path().join("aws-elasticloadbalancingv2/lib/alb");
        fs::create_dir_all(&module).unwrap();
        let text =
            "export declare class ApplicationLoadBalancer extends Base {}\nexport interface Options {}\n";
        fs::write(module.join("balancer.d.ts"), text).unwrap();
        let row = |name: &str| format!("| `X` | `y` | `elbv2.{name}` (`open`) | |\n");
        assert!(check(&row("ApplicationLoadBalancer"), library.path()).is_ok());
        assert!(
            check(&row("Application"), library.path()).unwrap_err().to_string().contains("elbv2.Application")
        );
    }
}
