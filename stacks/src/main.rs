//! Synthesizes all reference stacks into one assembly, and shows what it made.

use std::io::{self, Write as _};

fn main() -> anyhow::Result<()> {
    let assembly = stacks::app().synth()?;
    write!(io::stderr(), "{assembly}")?;
    Ok(())
}
