//! Many runs at a time.

use crate::{lab::Lab, table::Ending};
use anyhow::{Result, ensure};
use formwork_e2e::emulator::Emulator;
use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many runs go on at a time; most of them only wait.
const RUNS: usize = 8;

/// Carries out each case with a stack of its own, and says how it ended, in the order of the cases.
///
/// Nothing may be left behind.
pub(crate) fn carry_out<Case: Debug + Sync>(
    emulators: &[Emulator],
    prefix: &str,
    cases: &[Case],
    run: impl Fn(&Lab<'_>, &Case, &str) -> Result<Ending> + Sync,
) -> Result<Vec<Ending>> {
    let next = AtomicUsize::new(0);
    let endings = Mutex::new(vec![None; cases.len()]);
    let wrong = Mutex::new(Vec::new());
    let work = |emulator: &Emulator| -> Result<()> {
        let lab = Lab::new(emulator)?;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(number) else { return Ok(()) };
            match run(&lab, case, &format!("{prefix}-{number:04}")) {
                Ok(ending) => {
                    let mut endings = endings.lock().unwrap_or_else(PoisonError::into_inner);
                    endings[number] = Some(ending);
                }
                Err(error) => {
                    let mut wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
                    wrong.push(format!("{case:?}\n{error}"));
                }
            }
        }
    };
    let done: Result<()> = thread::scope(|scope| {
        let emulators = emulators.iter().cycle().take(RUNS);
        let threads: Vec<_> = emulators.map(|emulator| scope.spawn(|| work(emulator))).collect();
        let mut ended = threads.into_iter().map(thread::ScopedJoinHandle::join);
        ended.try_for_each(|ended| ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    done?;
    let wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    ensure!(wrong.is_empty(), "{} of {} runs: {}", wrong.len(), cases.len(), wrong.join("\n\n"));
    for emulator in emulators {
        let left = emulator.standing("")?;
        ensure!(left.is_empty(), "left behind: {left:#?}");
    }
    let endings = endings.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(endings.into_iter().flatten().collect())
}
