//! The `formwork` command. Its manual is the `README.md` of this crate.

mod against;
mod app;
mod arguments;
mod baseline;
mod command;
mod concern;
mod connection_options;
mod deployed;
mod deployment;
mod drifting;
mod duration;
mod engine;
mod environment;
mod excerpt;
mod exit_code;
mod fail_on;
mod failure;
mod findings;
mod interruptible;
mod judged;
mod known_stacks;
mod local;
mod package_name;
mod parameter_values;
mod place;
mod plural;
mod project_file;
mod rendering;
mod revision;
mod rule_name;
mod rule_options;
mod scaffold;
mod selection;
mod settings;
mod source_lines;
mod stack_state;
mod streams;
mod suggestion;
mod table;
mod target;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{arguments::Arguments, terminal::Terminal};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut terminal = Terminal::new(&arguments.global);
    let code = match command::run(&arguments, &mut terminal) {
        Ok(code) => code,
        Err(error) => failure::report(&error, &mut terminal),
    };
    ExitCode::from(code)
}
