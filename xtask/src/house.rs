//! That the crates stand on their floors, and that a user's stack stays light.

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        path::Path,
        process::Command,
    };

    use serde_json::Value;

    /// The floors of `ARCHITECTURE.md`, lowest first.
    const FLOORS: [&[&str]; 7] = [
        &["formwork-template", "formwork-spec"],
        &["formwork-check", "formwork-diff"],
        &["formwork-core", "formwork-deploy"],
        &["formwork-cfn"],
        &["formwork-aws"],
        &["formwork", "formwork-testing"],
        &["formwork-cli"],
    ];

    /// What a stack of the reference kind turns on, Handlebars left out.
    const FEATURES: &str = "compute,containers,load-balancing,s3";

    /// The crates that such a stack may compile, formwork's own among them.
    const CRATES: usize = 25;

    fn cargo(arguments: &[&str]) -> String {
        let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let output =
            Command::new(program).args(arguments).arg("--offline").current_dir(root).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The crates of the workspace, and what each depends on when it is compiled.
    fn workspace() -> BTreeMap<String, BTreeSet<String>> {
        let text = cargo(&["metadata", "--no-deps", "--format-version=1"]);
        let metadata: Value = serde_json::from_str(&text).unwrap();
        let packages = metadata["packages"].as_array().unwrap().iter();
        packages
            .map(|package| {
                let dependencies = package["dependencies"].as_array().unwrap().iter();
                let normal = dependencies.filter(|dependency| dependency["kind"].is_null());
                let names = normal.map(|dependency| dependency["name"].as_str().unwrap().to_owned());
                (package["name"].as_str().unwrap().to_owned(), names.collect())
            })
            .collect()
    }

    #[test]
    fn a_crate_imports_from_floors_below_its_own() {
        let floor = |name: &str| FLOORS.iter().position(|names| names.contains(&name));
        let crates = workspace();
        for (name, dependencies) in &crates {
            let Some(own) = floor(name) else { continue };
            for dependency in dependencies {
                let below = floor(dependency).is_none_or(|other| other < own);
                assert!(below, "`{name}` imports `{dependency}`, which is not below it");
            }
        }
        let known: BTreeSet<&str> = FLOORS.iter().flat_map(|names| names.iter().copied()).collect();
        let standing: BTreeSet<&str> =
            crates.keys().map(String::as_str).filter(|name| name.starts_with("formwork")).collect();
        let elsewhere = [
            "formwork-bench",
            "formwork-bench-check",
            "formwork-e2e",
            "formwork-examples",
            "formwork-fuzz-bodies",
        ];
        assert_eq!(
            standing.into_iter().filter(|name| !elsewhere.contains(name)).collect::<BTreeSet<_>>(),
            known
        );
    }

    #[test]
    fn stacks_and_examples_need_the_facade_alone() {
        let crates = workspace();
        for name in ["stacks", "formwork-examples", "formwork-bench"] {
            let own = crates[name].iter().filter(|dependency| dependency.starts_with("formwork"));
            assert_eq!(own.collect::<Vec<_>>(), ["formwork"], "{name}");
        }
    }

    #[test]
    fn a_stack_compiles_few_crates() {
        let tree = cargo(&[
            "tree",
            "--package=formwork",
            "--edges=normal",
            "--prefix=none",
            "--format={p}",
            "--features",
            FEATURES,
        ]);
        let crates: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert!(crates.len() <= CRATES, "{} crates: {crates:?}", crates.len());
        for heavy in ["tokio", "hyper", "aws-config", "handlebars"] {
            assert!(!crates.contains(heavy), "a stack compiles `{heavy}`");
        }
    }
}
