//! Every variable of the environment that the command reads or sets.

use std::{env, ffi::OsString};

/// How to run the app, or an assembly that exists.
pub(crate) const APP: &str = "FORMWORK_APP";
/// The directory that the assembly is written to.
pub(crate) const OUTPUT: &str = "FORMWORK_OUTPUT";
/// Values for `App::context`, as a JSON object.
pub(crate) const CONTEXT: &str = "CDK_CONTEXT_JSON";
/// The columns of the terminal.
pub(crate) const COLUMNS: &str = "COLUMNS";
/// No colour, whatever `--color` says.
pub(crate) const NO_COLOR: &str = "NO_COLOR";
/// Set for the app: the directory that it writes the assembly to.
pub(crate) const CDK_OUTDIR: &str = "CDK_OUTDIR";
/// Set for the app: the file that a synthesis which fails writes its findings to.
pub(crate) const FINDINGS: &str = "FORMWORK_FINDINGS";

/// The Python that has AWS's engine.
pub(crate) const AWS_ENGINE: &str = "FORMWORK_AWS_ENGINE";

/// What builds and pushes images.
pub(crate) const DOCKER: &str = "FORMWORK_DOCKER";

/// Every variable with its meaning, as `--help` and the manual have it.
pub(crate) const ALL: [(&str, &str); 9] = [
    (APP, "how to run the app, or an assembly that exists; `--app` wins"),
    (OUTPUT, "the directory of the assembly; `--output` wins"),
    (CONTEXT, "values for `App::context`, over those of `[context]` in `formwork.toml`"),
    (COLUMNS, "the width that a diff is shown in, if it is not that of the terminal"),
    (NO_COLOR, "no colour, whatever `--color` says"),
    (CDK_OUTDIR, "set for the app: the directory of the assembly"),
    (FINDINGS, "set for the app: the file for the findings of a synthesis that fails"),
    (AWS_ENGINE, "the Python that has `cloudformation-validate`, for `check --engine aws`"),
    (DOCKER, "the command that builds and pushes images, if it is not `docker`"),
];

/// A variable that is set to something.
pub(crate) fn get(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
