//! What one run of a program costs, and what several say together.

use anyhow::{Context as _, Result, bail};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use wait4::Wait4 as _;

/// What one run cost. CPU seconds are those of the process and all its descendants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
    /// The peak of the largest single process, in MiB.
    pub(crate) memory: f64,
}

/// Runs a command to its end, quietly; an error with what it wrote when it fails.
pub(crate) fn measure(command: &mut Command, log: &Path) -> Result<Sample> {
    measure_to(command, log, &[0])
}

/// Runs a command to its end, quietly; an error with what it wrote when it exits with none of these codes.
pub(crate) fn measure_to(command: &mut Command, log: &Path, codes: &[i32]) -> Result<Sample> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let start = Instant::now();
    let child = command.spawn().with_context(|| format!("cannot start `{program}`"))?;
    let used = child.wait4()?;
    let wall = start.elapsed().as_secs_f64();
    if !used.status.code().is_some_and(|code| codes.contains(&code)) {
        bail!("`{program}` failed: {}\n{}", used.status, fs::read_to_string(log)?.trim_end());
    }
    let cpu = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let memory = used.rusage.maxrss as f64 / f64::from(1 << 20);
    Ok(Sample { cpu, wall, memory })
}

/// The peak of this command itself, in MiB. Linux counts it for every process that this command
/// starts, as the child shares its memory until it becomes the program.
pub(crate) fn floor() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))?;
    Some(peak.parse::<f64>().ok()? / 1024.0)
}

/// Several runs of the same work.
#[derive(Debug, Default)]
pub(crate) struct Series(Vec<Sample>);

impl Series {
    pub(crate) fn push(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    pub(crate) fn runs(&self) -> usize {
        self.0.len()
    }

    /// A series of times alone.
    pub(crate) fn of_seconds(seconds: impl IntoIterator<Item = f64>) -> Self {
        Self(seconds.into_iter().map(|wall| Sample { cpu: f64::NAN, wall, memory: f64::NAN }).collect())
    }

    pub(crate) fn cpu(&self) -> Spread {
        Spread::of(self.0.iter().map(|sample| sample.cpu))
    }

    pub(crate) fn wall(&self) -> Spread {
        Spread::of(self.0.iter().map(|sample| sample.wall))
    }

    pub(crate) fn memory(&self) -> Spread {
        Spread::of(self.0.iter().map(|sample| sample.memory))
    }
}

/// The median of a series and its ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        let middle = values.len() / 2;
        let median = if values.len().is_multiple_of(2) {
            f64::midpoint(at(middle.wrapping_sub(1)), at(middle))
        } else {
            at(middle)
        };
        Self { median, least: at(0), most: at(values.len().wrapping_sub(1)) }
    }

    /// `12.3 ms (11.9 to 14.0)`, or in seconds from one second up.
    pub(crate) fn time(&self) -> String {
        let (scale, unit) = if self.median < 1.0 { (1e3, "ms") } else { (1.0, "s") };
        let digits = |seconds: f64| significant(seconds * scale);
        format!("{} {unit} ({} to {})", digits(self.median), digits(self.least), digits(self.most))
    }
}

/// Three digits that mean something, or all of a whole number.
pub(crate) fn significant(value: f64) -> String {
    let decimals = match value.abs() {
        small if small < 9.995 => 2,
        middle if middle < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_the_median_and_the_ends() {
        let odd = Spread::of([3.0, 1.0, 2.0].into_iter());
        assert_eq!(odd, Spread { median: 2.0, least: 1.0, most: 3.0 });
        assert_eq!(Spread::of([4.0, 1.0].into_iter()).median.to_bits(), 2.5_f64.to_bits());
        assert!(Spread::of(std::iter::empty()).median.is_nan());
    }

    #[test]
    fn times_are_shown_in_the_unit_that_fits() {
        assert_eq!(Spread { median: 0.0042, least: 0.004, most: 0.0123 }.time(), "4.20 ms (4.00 to 12.3)");
        assert_eq!(Spread { median: 24.04, least: 23.9, most: 31.0 }.time(), "24.0 s (23.9 to 31.0)");
    }

    #[test]
    fn work_that_is_done_is_measured() {
        let directory = tempfile::tempdir().unwrap();
        // The work is a child of the child: what counts is the whole tree.
        let count = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        let mut busy = Command::new("sh");
        busy.args(["-c", &format!("(sh -c '{count}'); true")]);
        let busy = measure(&mut busy, &directory.path().join("log")).unwrap();
        let idle =
            measure(Command::new("sh").args(["-c", "sleep 0.2"]), &directory.path().join("log")).unwrap();
        assert!(busy.cpu > 2.0 * idle.cpu, "{busy:?} {idle:?}");
        assert!(idle.wall >= 0.2 && idle.memory > 0.1, "{idle:?}");
    }

    #[test]
    fn a_run_that_fails_says_what_it_wrote() {
        let directory = tempfile::tempdir().unwrap();
        let mut failing = Command::new("sh");
        failing.args(["-c", "echo out of mortar >&2; exit 3"]);
        let error = measure(&mut failing, &directory.path().join("log")).unwrap_err().to_string();
        assert!(error.contains("out of mortar") && error.contains('3'), "{error}");
    }
}
