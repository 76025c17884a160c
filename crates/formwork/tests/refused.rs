//! What the types refuse, and what the compiler says then.
//!
//! What it says depends on which services are compiled: a path is written in full where two types
//! have one name. So the programs are compiled by a cargo of its own, with the features that this
//! package's tests name and not with those of the whole workspace.

use std::{env, process::Command};

/// Set for the inner run.
const INNER: &str = "FORMWORK_REFUSED";

#[test]
fn the_compiler_says_what_is_wrong() {
    if env::var_os(INNER).is_some() {
        trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
        return;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["test", "--package", "formwork", "--test", "refused", "--", "--nocapture"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env(INNER, "1")
        .output()
        .expect("cargo starts");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stdout));
}
