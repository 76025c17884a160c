//! `write DIRECTORY` writes the templates of the benchmark; `time RUNS FILE...` reads and judges files
//! and prints the seconds of each run over all of them, the first of which also unpacks the facts.
#![expect(clippy::print_stdout, reason = "what this program is for")]

mod hostile;
mod usual;

use std::{env, fs, path::Path, time::Instant};

use anyhow::{Context as _, Result, bail};
use formwork_check::Options;
use formwork_template::{Severity, read};

/// How many small templates there are.
const SMALL: usize = 1_000;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["write", directory] => write(Path::new(directory)),
        ["time", runs, files @ ..] => time(runs.parse()?, files),
        _ => bail!("usage: write DIRECTORY | time RUNS FILE..."),
    }
}

fn write(directory: &Path) -> Result<()> {
    for part in ["usual", "small", "hostile"] {
        fs::create_dir_all(directory.join(part))?;
    }
    for resources in [40, 500] {
        fs::write(directory.join(format!("usual/{resources}.json")), usual::template(resources, 0))?;
    }
    for number in 0..SMALL {
        fs::write(directory.join(format!("small/{number:04}.json")), usual::template(20, number))?;
    }
    for (name, bytes) in hostile::texts() {
        fs::write(directory.join("hostile").join(name), bytes)?;
    }
    Ok(())
}

fn time(runs: usize, files: &[&str]) -> Result<()> {
    let texts: Vec<Vec<u8>> = files
        .iter()
        .map(|file| fs::read(file).with_context(|| format!("cannot read {file}")))
        .collect::<Result<_>>()?;
    for _ in 0..runs {
        let start = Instant::now();
        for (file, text) in files.iter().zip(&texts) {
            let document = read::read_bytes(text)?;
            let findings = formwork_check::check(document.template(), &Options::new());
            if let Some(error) = findings.iter().find(|finding| finding.severity == Severity::Error) {
                bail!("{file} is to be sound: {error}");
            }
        }
        println!("{}", start.elapsed().as_secs_f64());
    }
    Ok(())
}
