//! Everything that can happen to a call, at every call.

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
use std::time::Duration;

/// How late an answer is that is late.
pub(crate) const DELAY: Duration = Duration::from_secs(2);

/// What goes on: the rest of the faults is of the same kind as one of these, or only slow.
pub(crate) const LASTING: [Fault; 5] =
    [Fault::Throttling, Fault::Unavailable, Fault::ResetBefore, Fault::ResetAfter, Fault::ExpiredToken];

/// One run: at this call of the operation, this happens, once or from then on.
#[derive(Clone, Debug)]
struct Case {
    operation: Operation,
    call: usize,
    action: String,
    fault: Fault,
    lasting: bool,
}

/// What stands after each operation when nothing goes wrong.
type Standing = BTreeMap<Operation, Vec<String>>;

#[test]
fn whatever_happens_to_a_call_the_same_again_comes_home() -> Result<()> {
    let Some(judges) = Judges::or_skip("every call of a deployment times every fault") else { return Ok(()) };
    let emulators = [Emulator::start(&judges)?, Emulator::start(&judges)?];
    let lab = Lab::new(&emulators[0])?;
    let (mut cases, mut standing): (Vec<Case>, Standing) = Default::default();
    for operation in Operation::ALL {
        let (calls, stands) = lab.clean(operation, "clean")?;
        standing.insert(operation, stands);
        let calls = operation.own(calls);
        cases.extend(calls.flat_map(|(call, action)| cases_of(operation, call, &action)));
    }
    // What waits longest begins first.
    cases.sort_by_key(|case| !matches!(case.fault, Fault::Delay(_)));
    let endings = carry_out(&emulators, "call", &cases, |lab, case, stack| run(lab, case, stack, &standing))?;

    let mut endings: Vec<_> = cases.iter().zip(endings).collect();
    endings.sort_by_key(|(case, _)| {
        let fault = Fault::all(DELAY).iter().position(|fault| *fault == case.fault);
        (case.operation, case.call, fault)
    });
    for (name, lasting) in [("once", false), ("for good", true)] {
        let mut table = Table::default();
        for (case, ending) in endings.iter().filter(|(case, _)| case.lasting == lasting) {
            table.add(&case.action, &case.fault.to_string(), *ending);
        }
        guide::check("faults.md", name, &table.markdown("call"))?;
    }
    Ok(())
}

/// Everything that can happen at a call.
fn cases_of(operation: Operation, call: usize, action: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for fault in Fault::all(DELAY) {
        // The store of templates is patient by the clock of the machine.
        let lasts = LASTING.contains(&fault) && operation != Operation::Upload;
        let ways = if lasts { &[false, true] } else { [false].as_slice() };
        cases.extend(ways.iter().map(|lasting| Case {
            operation,
            call,
            action: action.to_owned(),
            fault,
            lasting: *lasting,
        }));
    }
    cases
}

/// One run, and another one after it if it fails.
fn run(lab: &Lab<'_>, case: &Case, stack: &str, standing: &Standing) -> Result<Ending> {
    lab.prepare(case.operation, stack)?;
    let injection = if case.lasting { Injection::from } else { Injection::once };
    let result = lab.run(case.operation, stack, vec![injection(case.call, case.fault)]);
    let calls = lab.proxy.calls();
    let hit = calls.get(case.call).is_some_and(|call| call.fault == Some(case.fault));
    ensure!(hit && calls[case.call].action == case.action, "another call was hit: {calls:?}");
    let mut ending = Ending::Unharmed;
    if !result.is_success() {
        ending = Ending::Again;
        let message = result.message.unwrap_or_default();
        ensure!(says_why(case.fault, &message), "the error is not clear: {message:?}");
        let again = lab.run(case.operation, stack, Vec::new());
        ensure!(again.is_success(), "first: {message}\nagain: {again:?}");
    }
    lab.check(stack, &standing[&case.operation])?;
    Ok(ending)
}

/// Whether an error says what went wrong in words that a person understands.
pub(crate) fn says_why(fault: Fault, message: &str) -> bool {
    let words = match fault {
        Fault::Throttling => "the service asks for fewer calls: Rate exceeded",
        Fault::InternalFailure => "the service is in trouble: An internal error has occurred",
        Fault::Unavailable => "the service is in trouble: HTTP status 503",
        Fault::ExpiredToken => "the credentials have expired",
        _ => "no answer from the service: ",
    };
    message.contains(words)
}
