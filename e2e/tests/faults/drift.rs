//! Everything that can happen to a call while somebody looks for drift: nothing is passed over in silence.

use crate::{
    calls::{DELAY, LASTING, says_why},
    lab::{Lab, Operation},
    runs::carry_out,
    table::{Ending, Table},
};
use anyhow::{Result, ensure};
use formwork_deploy::drift::DriftReport;
use formwork_e2e::{
    Judges,
    emulator::{Call, Emulator},
    guide,
    proxy::{Fault, Injection},
};
use serde_json::json;

/// One look: at this call, this happens, once or from then on.
#[derive(Clone, Debug)]
struct Case {
    call: usize,
    action: String,
    fault: Fault,
    lasting: bool,
}

#[test]
fn whatever_happens_to_a_call_drift_is_found_or_the_same_again_finds_it() -> Result<()> {
    let Some(judges) = Judges::or_skip("every call of a look for drift times every fault") else {
        return Ok(());
    };
    let emulators = [Emulator::start(&judges)?, Emulator::start(&judges)?];
    let lab = Lab::new(&emulators[0])?;
    let (found, calls) = look(&lab, "clean", Vec::new())?;
    let wanted = told(&found, "clean");
    ensure!(found.has_drift(), "there is something to find: {wanted}");
    emulators[0].clear("clean")?;

    let mut cases = Vec::new();
    for (call, action) in calls.iter().enumerate() {
        for fault in Fault::all(DELAY) {
            let ways = if LASTING.contains(&fault) { &[false, true] } else { [false].as_slice() };
            cases.extend(ways.iter().map(|lasting| Case {
                call,
                action: action.clone(),
                fault,
                lasting: *lasting,
            }));
        }
    }
    let endings = carry_out(&emulators, "drift", &cases, |lab, case, stack| {
        let ending = run(lab, case, stack, &wanted)?;
        lab.emulator.clear(stack)?;
        Ok(ending)
    })?;
    for (name, lasting) in [("drift once", false), ("drift for good", true)] {
        let mut table = Table::default();
        for (case, ending) in cases.iter().zip(&endings).filter(|(case, _)| case.lasting == lasting) {
            table.add(&case.action, &case.fault.to_string(), *ending);
        }
        guide::check("faults.md", name, &table.markdown("call"))?;
    }
    Ok(())
}

fn run(lab: &Lab<'_>, case: &Case, stack: &str, wanted: &str) -> Result<Ending> {
    let injection = if case.lasting { Injection::from } else { Injection::once };
    let (report, _) = look(lab, stack, vec![injection(case.call, case.fault)])?;
    let hit = lab.proxy.calls().get(case.call).and_then(|call| call.fault);
    ensure!(hit == Some(case.fault), "another call was hit: {:?}", lab.proxy.calls());
    let got = told(&report, stack);
    if got == wanted {
        return Ok(Ending::Unharmed);
    }
    ensure!(report.is_incomplete(), "something is passed over in silence: {got}\ninstead of {wanted}");
    ensure!(says_why(case.fault, &got), "the gap is not explained: {got}");
    let again = told(&lab.detect(stack, Vec::new()), stack);
    ensure!(again == wanted, "again: {again}\ninstead of {wanted}");
    Ok(Ending::Again)
}

/// Makes a stack, changes something behind its back, and looks, while things happen by a plan.
fn look(lab: &Lab<'_>, stack: &str, plan: Vec<Injection>) -> Result<(DriftReport, Vec<String>)> {
    lab.prepare(Operation::Same, stack)?;
    let value =
        json!({"Name": format!("/{stack}/version"), "Value": "99", "Type": "String", "Overwrite": true});
    lab.emulator.behind("ssm", "us-east-1", &Call::Json("AmazonSSM.PutParameter", value))?;
    let report = lab.detect(stack, plan);
    let calls = lab.proxy.calls().into_iter().map(|call| call.action).collect();
    Ok((report, calls))
}

/// What a report says, the same for every stack and every time.
fn told(report: &DriftReport, stack: &str) -> String {
    let lines = report.stacks.iter().flat_map(|found| {
        let head = format!(
            "{:?} {:?}, {} checked, {} not, incomplete: {}",
            found.status, found.reason, found.checked, found.not_checked, found.incomplete
        );
        let resources = found.resources.iter().map(|resource| {
            let paths: Vec<&str> = resource.differences.iter().map(|each| each.path.as_str()).collect();
            format!("  {} {:?} {:?} {paths:?}", resource.logical_id, resource.status, resource.reason)
        });
        std::iter::once(head).chain(resources).collect::<Vec<_>>()
    });
    lines.collect::<Vec<_>>().join("\n").replace(stack, "STACK")
}
