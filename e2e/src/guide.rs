//! Tables in the guide that a test measures: the committed one is what the run gives.

use crate::workspace;
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::sync::{Mutex, PoisonError};

/// With this variable, tables are written instead of compared.
pub const UPDATE: &str = "FORMWORK_UPDATE_GUIDE";

/// One writes at a time.
static WRITING: Mutex<()> = Mutex::new(());

/// Compares what stands between `<!-- NAME -->` and `<!-- end of NAME -->` in a file of `docs`, or
/// writes it.
pub fn check(file: &str, name: &str, table: &str) -> Result<()> {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = workspace().join("docs").join(file);
    let text = fs::read_to_string(&path).with_context(|| format!("docs/{file}"))?;
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = text.split_once(&begin).with_context(|| format!("docs/{file} has no {begin}"))?;
    let (committed, after) = rest.split_once(&end).with_context(|| format!("docs/{file} has no {end}"))?;
    let wanted = format!("\n{}\n\n", table.trim());
    if std::env::var_os(UPDATE).is_some() {
        return Ok(fs::write(&path, format!("{before}{begin}{wanted}{end}{after}"))?);
    }
    ensure!(
        committed == wanted,
        "docs/{file} is not what the run gives; {UPDATE}=1 writes it:\n{}",
        table.trim()
    );
    Ok(())
}
