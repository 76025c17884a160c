//! Synthesizes all reference stacks into one assembly, and shows what it made.

use std::{
    env,
    io::{self, Write as _},
};

fn main() -> anyhow::Result<()> {
    let assembly = stacks::app().synth()?;
    // The `formwork` command sets this, and has a table of its own.
    if env::var_os("FORMWORK_FINDINGS").is_none() {
        write!(io::stderr(), "{assembly}")?;
    }
    Ok(())
}
