//! The command is interrupted at every step, runs out of time, or loses its credentials.

use crate::{
    lab::{Lab, Operation},
    runs::carry_out,
    table::{Ending, Table},
};
use anyhow::{Context as _, Result, ensure};
use formwork_e2e::{
    Judges,
    emulator::Emulator,
    guide,
    proxy::{Call, Fault, Injection},
};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command};

/// What a shell makes of Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Before this call of the operation.
#[derive(Debug)]
struct Case {
    operation: Operation,
    call: usize,
    action: String,
}

/// How a command ended, and what it told.
struct Ended {
    code: Option<i32>,
    told: String,
    calls: Vec<Call>,
}

impl Ended {
    /// Whether the service was asked to do it; an empty stack is deleted before.
    fn has_begun(&self, operation: Operation) -> bool {
        let action = if operation == Operation::Destroy { "DeleteStack" } else { "ExecuteChangeSet" };
        self.calls.iter().any(|call| call.action == action)
    }
}

#[test]
fn whenever_it_is_interrupted_the_same_again_comes_home() -> Result<()> {
    let Some(judges) = Judges::or_skip("the command is interrupted at every step") else { return Ok(()) };
    let emulators = [Emulator::start(&judges)?];
    let lab = Lab::new(&emulators[0])?;
    let (mut cases, mut standing) = (Vec::new(), BTreeMap::new());
    for operation in [Operation::Create, Operation::Update, Operation::Destroy] {
        let (calls, stands) = lab.clean_command(operation, "clean")?;
        standing.insert(operation, stands);
        let calls = calls.into_iter().enumerate();
        cases.extend(calls.map(|(call, action)| Case { operation, call, action }));
    }
    let endings = carry_out(&emulators, "left", &cases, |lab, case, stack| {
        lab.prepare(case.operation, stack)?;
        let before = lab.emulator.standing(stack)?;
        let ended = interrupt(lab, case, stack)?;
        let ending = if ended.code == Some(0) {
            // What was left to do was not worth to be interrupted.
            Ending::Unharmed
        } else {
            // Before anything is read, nobody is there to hear it, and the system ends the command.
            ensure!(ended.code == Some(INTERRUPTED) || ended.code.is_none(), "{:?}", ended.code);
            if ended.has_begun(case.operation) {
                let words = ["goes on at the service", "formwork events "];
                ensure!(words.iter().all(|word| ended.told.contains(word)), "{}", ended.told);
            } else {
                let after = lab.emulator.standing(stack)?;
                ensure!(after == before, "{after:#?}\ninstead of {before:#?}");
            }
            lab.run_command(case.operation, stack)?;
            Ending::Again
        };
        lab.check(stack, &standing[&case.operation])?;
        Ok(ending)
    })?;
    let mut table = Table::default();
    for (case, ending) in cases.iter().zip(endings) {
        table.add(&case.action, &format!("{:?}", case.operation).to_lowercase(), ending);
    }
    guide::check("faults.md", "interrupted", &table.markdown("call"))
}

/// Presses Ctrl-C while a call waits for its answer.
fn interrupt(lab: &Lab<'_>, case: &Case, stack: &str) -> Result<Ended> {
    let (_app, mut command) = lab.command(case.operation, stack)?;
    lab.proxy.plan(vec![Injection::once(case.call, Fault::HoldBefore)]);
    let mut process = command.spawn()?;
    let held = lab.proxy.until_held(|| Ok(process.try_wait()?.is_some()));
    press(&process)?;
    let mut told = String::new();
    let errors = process.stderr.take().context("it is piped")?;
    // Once it has said so, it has heard.
    for line in BufReader::new(errors).lines() {
        let line = line?;
        if line.contains("Ctrl-C again") {
            lab.proxy.release();
        }
        told.push_str(&line);
        told.push('\n');
    }
    lab.proxy.release();
    let code = process.wait()?.code();
    ensure!(held?, "it ended before the call");
    Ok(Ended { code, told, calls: lab.proxy.calls() })
}

fn press(process: &Child) -> Result<()> {
    let status = Command::new("kill").args(["-INT", &process.id().to_string()]).status()?;
    ensure!(status.success(), "kill: {status}");
    Ok(())
}

#[test]
fn what_goes_on_at_the_service_is_told() -> Result<()> {
    let Some(judges) = Judges::or_skip("what the command tells when it has to leave") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let lab = Lab::new(&emulator)?;
    let (calls, standing) = lab.clean_command(Operation::Create, "clean")?;
    let execution = calls.iter().position(|action| action == "ExecuteChangeSet").context("it executes")?;

    lab.proxy.plan(vec![Injection::from(execution + 1, Fault::ExpiredToken)]);
    let (_app, mut command) = lab.command(Operation::Create, "expired")?;
    let output = command.output()?;
    let told = String::from_utf8(output.stderr)?;
    let words =
        ["the credentials have expired, but the operation goes on at the service", "formwork events expired"];
    ensure!(output.status.code() == Some(1) && words.iter().all(|word| told.contains(word)), "{told}");
    lab.run_command(Operation::Create, "expired")?;
    lab.check("expired", &standing)?;

    lab.proxy.plan(Vec::new());
    lab.proxy.show_progress(usize::MAX);
    let (_app, mut command) = lab.command(Operation::Create, "late")?;
    let output = command.args(["--timeout", "1s"]).output()?;
    let told = String::from_utf8(output.stderr)?;
    let words = ["`--timeout` is over", "the operation goes on at the service", "formwork events late"];
    ensure!(output.status.code() == Some(1) && words.iter().all(|word| told.contains(word)), "{told}");
    lab.proxy.show_progress(1);
    lab.run_command(Operation::Create, "late")?;
    lab.check("late", &standing)
}
