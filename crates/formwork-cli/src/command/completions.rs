//! `formwork completions`

use anyhow::Result;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::{arguments, exit_code, terminal::Terminal};

/// Print the completions of a shell
///
/// Put them where the shell looks for them, for example:
///
///   formwork completions bash > ~/.local/share/bash-completion/completions/formwork
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut arguments::Arguments::command(), "formwork", &mut script);
    terminal.data(&String::from_utf8_lossy(&script))?;
    Ok(exit_code::DONE)
}
