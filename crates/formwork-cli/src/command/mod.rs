//! The subcommands, one file each.

pub(crate) mod bootstrap;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod deploy;
pub(crate) mod destroy;
pub(crate) mod diff;
pub(crate) mod drift;
pub(crate) mod events;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod outputs;
pub(crate) mod rollback;
pub(crate) mod synth;

use anyhow::Result;

use crate::{
    arguments::{Arguments, Command},
    terminal::Terminal,
};

/// Does what the command line says, and gives the code to exit with.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<u8> {
    match &arguments.command {
        Command::Synth(synth) => synth::run(synth, &arguments.global, terminal),
        Command::Check(check) => check::run(check, &arguments.global, terminal),
        Command::Diff(diff) => diff::run(diff, &arguments.global, terminal),
        Command::Deploy(deploy) => deploy::run(deploy, &arguments.global, terminal),
        Command::Events(events) => events::run(events, &arguments.global, terminal),
        Command::Outputs(outputs) => outputs::run(outputs, &arguments.global, terminal),
        Command::Drift(drift) => drift::run(drift, &arguments.global, terminal),
        Command::Rollback(rollback) => rollback::run(rollback, &arguments.global, terminal),
        Command::Destroy(destroy) => destroy::run(destroy, &arguments.global, terminal),
        Command::Bootstrap(bootstrap) => bootstrap::run(bootstrap, terminal),
        Command::Explain(explain) => explain::run(explain, terminal),
        Command::List(list) => list::run(list, &arguments.global, terminal),
        Command::Init(init) => init::run(init, terminal),
        Command::Completions(completions) => completions::run(completions, terminal),
    }
}
