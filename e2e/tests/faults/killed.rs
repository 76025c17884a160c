//! The command is killed at every step, and then given again.

use crate::{
    lab::{Lab, Operation},
    runs::carry_out,
    table::{Ending, Table},
};
use anyhow::{Result, ensure};
use formwork_e2e::{
    Judges,
    emulator::Emulator,
    guide,
    proxy::{Fault, Injection},
};
use std::collections::BTreeMap;
use std::process::Stdio;

/// At this call of the operation, before or after the service has it.
#[derive(Debug)]
struct Case {
    operation: Operation,
    call: usize,
    action: String,
    moment: Fault,
}

#[test]
fn whenever_it_is_killed_the_same_again_comes_home() -> Result<()> {
    let Some(judges) = Judges::or_skip("the command is killed at every step") else { return Ok(()) };
    let emulators = [Emulator::start(&judges)?];
    let lab = Lab::new(&emulators[0])?;
    let (mut cases, mut standing) = (Vec::new(), BTreeMap::new());
    for operation in Operation::ALL {
        let (calls, stands) = lab.clean_command(operation, "clean")?;
        standing.insert(operation, stands);
        for (call, action) in operation.own(calls) {
            let moments = [Fault::HoldBefore, Fault::HoldAfter];
            cases.extend(moments.map(|moment| Case { operation, call, action: action.clone(), moment }));
        }
    }
    let endings = carry_out(&emulators, "killed", &cases, |lab, case, stack| {
        kill(lab, case, stack)?;
        lab.run_command(case.operation, stack)?;
        lab.check(stack, &standing[&case.operation])?;
        Ok(Ending::Again)
    })?;
    let mut table = Table::default();
    for (case, ending) in cases.iter().zip(endings) {
        let moment = if case.moment == Fault::HoldBefore { "before the call" } else { "after the call" };
        table.add(&case.action, moment, ending);
    }
    guide::check("faults.md", "killed", &table.markdown("call"))
}

fn kill(lab: &Lab<'_>, case: &Case, stack: &str) -> Result<()> {
    lab.prepare(case.operation, stack)?;
    let (_app, mut command) = lab.command(case.operation, stack)?;
    lab.proxy.plan(vec![Injection::once(case.call, case.moment)]);
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let held = lab.proxy.until_held(|| Ok(process.try_wait()?.is_some()));
    process.kill()?;
    process.wait()?;
    lab.proxy.discard();
    ensure!(held?, "it ended before the call");
    let calls = lab.proxy.calls();
    ensure!(calls[case.call].action == case.action, "another call was held: {calls:?}");
    Ok(())
}
