//! Stacks that live and die in an emulator of the service.

use anyhow::{Context as _, Result, ensure};
use formwork_e2e::emulator::Emulator;
use formwork_e2e::program::Program;
use formwork_e2e::prune::prune;
use formwork_e2e::{Judges, assembly::Assembly, fixture, say};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Deploys every stack of an assembly in its order, updates each, reads what it says of itself, and
/// deletes them in the opposite order. How many resources were deployed.
fn deploy(emulator: &Emulator, assembly: &Assembly) -> Result<usize> {
    let mut deployed = Vec::new();
    let mut gone = BTreeSet::new();
    let mut resources = 0;
    for stack in &assembly.stacks {
        let mut template = stack.read()?;
        let written = count(&template);
        let refused = emulator.refused_types(&template)?;
        let pruned = prune(&mut template, &refused, &gone);
        gone.extend(pruned.exports);
        if !pruned.resources.is_empty() {
            say(&format!("{}: the emulator cannot deploy {}", stack.name, pruned.resources.join(", ")));
        }
        if 2 * count(&template) < written {
            say(&format!("SKIPPED: {}: too little of it is left", stack.name));
            continue;
        }
        create(emulator, &stack.name, &template)?;
        resources += count(&template);
        deployed.push((&stack.name, template));
    }
    for (name, template) in &deployed {
        ensure!(emulator.update(name, template)?.is_none(), "{name}: the same template again is a change");
        update(emulator, name, template)?;
    }
    for (name, _) in deployed.iter().rev() {
        emulator.delete(name)?;
        ensure!(emulator.describe(name)?.is_none(), "{name} is still there");
    }
    Ok(resources)
}

fn create(emulator: &Emulator, name: &str, template: &Value) -> Result<()> {
    let description = emulator.create(name, template)?;
    ensure!(
        description.status == "CREATE_COMPLETE",
        "{name} is {}: {}",
        description.status,
        emulator.failures(name)?.join("; ")
    );
    let conditional = |resource: &Value| resource.get("Condition").is_some();
    let expected = template["Resources"].as_object().context("a template has resources")?;
    let expected: BTreeSet<String> =
        expected.iter().filter(|(_, resource)| !conditional(resource)).map(|(id, _)| id.clone()).collect();
    let complete = emulator.complete_resources(name)?;
    ensure!(expected.is_subset(&complete), "{name} lacks {:?}", expected.difference(&complete));
    for (output, declared) in template["Outputs"].as_object().into_iter().flatten() {
        let value = description.outputs.get(output);
        ensure!(
            conditional(declared) || value.is_some_and(|value| !value.is_empty()),
            "{name}: the output {output} is {value:?}"
        );
    }
    Ok(())
}

/// One more resource and one more output: a change that any stack can take.
fn update(emulator: &Emulator, name: &str, template: &Value) -> Result<()> {
    let mut template = template.clone();
    template["Resources"]["EndToEndProbe"] =
        json!({"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "probe"}});
    template["Outputs"]["EndToEndProbe"] = json!({"Value": {"Fn::GetAtt": ["EndToEndProbe", "Value"]}});
    let description = emulator.update(name, &template)?.context("an added resource is no change")?;
    ensure!(
        description.status == "UPDATE_COMPLETE",
        "{name} is {}: {}",
        description.status,
        emulator.failures(name)?.join("; ")
    );
    ensure!(
        description.outputs.get("EndToEndProbe").is_some_and(|value| value == "probe"),
        "{description:?}"
    );
    Ok(())
}

fn count(template: &Value) -> usize {
    template["Resources"].as_object().map_or(0, serde_json::Map::len)
}

#[test]
fn the_reference_stacks_deploy_update_and_go() -> Result<()> {
    let Some(judges) = Judges::or_skip("the reference stacks deploy in the emulator") else { return Ok(()) };
    let synthesized = Program::reference()?.synthesize()?;
    let resources = deploy(&Emulator::start(&judges)?, &synthesized.assembly)?;
    say(&format!("emulator: {} stacks, {resources} resources deployed", synthesized.assembly.stacks.len()));
    ensure!(resources > 0, "nothing was deployed");
    Ok(())
}

#[test]
fn stacks_that_import_from_each_other_deploy_in_their_order() -> Result<()> {
    let Some(judges) = Judges::or_skip("stacks with imports deploy in the emulator") else { return Ok(()) };
    // Of seven resources the address, its gateway and the parameter that imports the gateway's id go.
    let resources = deploy(&Emulator::start(&judges)?, &Assembly::read(&fixture("assembly"))?)?;
    ensure!(resources == 4, "{resources} resources deployed");
    Ok(())
}

#[test]
fn a_stack_that_cannot_be_made_is_not_complete() -> Result<()> {
    let Some(judges) = Judges::or_skip("a stack that cannot be made is not complete") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    // Nobody signals the handle.
    let template = json!({"Resources": {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Signal": {"Type": "AWS::CloudFormation::WaitCondition",
                   "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "1"}}
    }});
    let error = create(&emulator, "broken", &template).expect_err("no signal comes").to_string();
    ensure!(error.contains("ROLLBACK_COMPLETE") && error.contains("Signal"), "{error}");
    Ok(())
}

#[test]
fn the_emulator_ends_with_the_test_that_started_it() -> Result<()> {
    let Some(judges) = Judges::or_skip("the emulator ends with its test") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let process = Path::new("/proc").join(emulator.process_id().to_string());
    ensure!(process.exists() || !Path::new("/proc").exists(), "the emulator does not run");
    drop(emulator);
    ensure!(!process.exists(), "the emulator still runs");
    Ok(())
}
