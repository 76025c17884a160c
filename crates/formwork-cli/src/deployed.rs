//! The stacks as they are deployed. Reading writes nothing; a change set is taken away again.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use formwork_deploy::{
    client::Client,
    clock::SystemClock,
    error::ServiceError,
    operator::Proposal,
    read::{self, Deployed},
    service::{Change, ChangeAction, ChangeSetType, ParameterValue, Replacement, TemplateSource},
};
use formwork_diff::{AppDiff, Effect, ResourceChange, StackDiff};
use formwork_template::{Map, Template, limits::TEMPLATE_BYTES_INLINE, read as reader};
use tokio::runtime::Runtime;

use crate::{
    against::Before,
    connection_options::{ConnectionOptions, connect},
    failure::Failure,
    stack_state::StackState,
    target::runtime,
    terminal::Terminal,
};

/// What messages call the deployed side.
const SHOWN: &str = "what is deployed";

/// Reads what is deployed of these stacks, or of those that are named. The parameters of a stack keep their values on the new
/// side too, as they do when it is deployed without others.
pub(crate) fn deployed(
    new: &mut [StackState],
    names: &[String],
    options: &ConnectionOptions,
    terminal: &mut Terminal,
) -> Result<Before> {
    options.prepare(terminal)?;
    let runtime = runtime()?;
    let mut stacks = Vec::new();
    let named = |state: &&mut StackState| {
        names.is_empty() || state.name.as_ref().is_some_and(|name| names.contains(name))
    };
    for state in new.iter_mut().filter(named) {
        let name = deployed_name(state);
        let client = connect_to(&runtime, options, state)?;
        let found = runtime.block_on(read::deployed(&client, &SystemClock::new(), &name));
        let Some(found) = found.map_err(|error| explained(&error, &name))? else {
            terminal.tell(&format!("`{name}` is not deployed in {}: all of it is new", region(&client)));
            continue;
        };
        stacks.push(before(&found, state, &name)?);
    }
    Ok(Before { stacks, shown: SHOWN.to_owned() })
}

/// The stack as it stands. What is not given anew keeps its value on the new side.
fn before(found: &Deployed, new: &mut StackState, name: &str) -> Result<StackState> {
    let mut before = StackState::new(new.name.clone(), template(&found.template, name)?);
    // A secret is shown as asterisks, which are no value.
    let values = found.stack.parameters.iter().filter(|(_, value)| !is_masked(value));
    before.parameters = values.map(|(name, value)| (name.clone(), value.clone())).collect();
    before.pseudo_parameters = Some(known(&found.stack.arn, name));
    let declared = new.template().section("Parameters");
    let kept =
        before.parameters.iter().filter(|(name, _)| declared.is_some_and(|all| all.contains_key(name)));
    let kept: BTreeMap<String, String> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    for (name, value) in kept {
        new.parameters.entry(name).or_insert(value);
    }
    new.pseudo_parameters.clone_from(&before.pseudo_parameters);
    Ok(before)
}

/// What a change set that waits for approval does, by the templates and by the service's word.
pub(crate) async fn proposed(
    client: &Client,
    proposal: &Proposal,
    state: &mut StackState,
) -> Result<AppDiff> {
    let name = &proposal.stack;
    let found = match proposal.kind {
        ChangeSetType::Create => None,
        ChangeSetType::Update => {
            let found = read::deployed(client, &SystemClock::new(), &proposal.arn).await;
            found.map_err(|error| explained(&error, name))?
        }
    };
    let old = found.map(|found| before(&found, state, name)).transpose()?;
    let old: Vec<_> = old.iter().map(StackState::named).collect();
    let mut diff = formwork_diff::diff_app(&old, &[state.named()]);
    for stack in &mut diff.stacks {
        heed(stack, &proposal.changes);
    }
    Ok(diff)
}

/// Asks the service, by change sets that are taken away again, what it would replace, and says so in
/// the diff.
pub(crate) fn by_change_sets(
    diff: &mut AppDiff,
    old: &[StackState],
    new: &[StackState],
    options: &ConnectionOptions,
    terminal: &mut Terminal,
) -> Result<()> {
    let runtime = runtime()?;
    for stack in &mut diff.stacks {
        let state = new.iter().find(|state| state.name == stack.name);
        let Some(state) = state.filter(|_| !stack.is_empty()) else { continue };
        let name = deployed_name(state);
        let text = state.template().to_compact_json();
        if text.len() > TEMPLATE_BYTES_INLINE {
            let message =
                format!("`{name}` has {} bytes, and a change set takes {TEMPLATE_BYTES_INLINE}", text.len());
            return Err(Failure::new(message)
                .hint("`--method template` compares without a change set")
                .into());
        }
        let client = connect_to(&runtime, options, state)?;
        terminal.tell(&format!("asking {} for a change set of `{name}`", region(&client)));
        let deployed = old.iter().find(|state| state.name == stack.name);
        let parameters = parameters(state, deployed);
        let clock = SystemClock::new();
        let asked = read::change_set(&client, &clock, &name, TemplateSource::Body(text), parameters);
        let answer = runtime.block_on(asked).with_context(|| format!("no change set of `{name}`"))?;
        heed(stack, &answer.changes);
    }
    Ok(())
}

/// The values of a change set: those that are known, and for a secret of the deployed stack, which nobody
/// can read, the one that it has. What is new has its default.
fn parameters(new: &StackState, deployed: Option<&StackState>) -> BTreeMap<String, ParameterValue> {
    let has = |name: &str| {
        let declared = deployed.and_then(|state| state.template().section("Parameters"));
        declared.is_some_and(|all| all.contains_key(name))
    };
    let declared = new.template().section("Parameters");
    let names = declared.into_iter().flat_map(Map::keys);
    let values = names.filter_map(|name| match new.parameters.get(name) {
        Some(value) => Some((name.to_owned(), ParameterValue::Given(value.clone()))),
        None => has(name).then(|| (name.to_owned(), ParameterValue::Previous)),
    });
    values.collect()
}

/// Takes the service's word for what is replaced.
fn heed(stack: &mut StackDiff, changes: &[Change]) {
    let removed = |id: &str| {
        changes.iter().any(|change| change.logical_id == id && change.action == ChangeAction::Remove)
    };
    for resource in &mut stack.resources {
        if resource.old_logical_id.as_deref().is_some_and(removed) {
            resource.effect = Effect::Replace;
            resource.reason = Some("the service does not rename it: another takes its place".to_owned());
            resource.data_loss |= resource.stateful;
        }
        let change = changes.iter().find(|change| change.logical_id == resource.logical_id);
        let Some(change) = change else { continue };
        let Some(replacement) = &change.replacement else { continue };
        // The policy's action tells a replacement where the field beside it does not.
        let by_policy = change.policy_action.as_deref().is_some_and(|action| action.starts_with("Replace"));
        let (effect, words) = match replacement {
            Replacement::Conditional => (Effect::MayReplace, "may replace it"),
            Replacement::Yes => (Effect::Replace, "replaces it"),
            Replacement::No if by_policy => (Effect::Replace, "replaces it"),
            Replacement::No => (in_place(resource), "does not replace it"),
        };
        let replaces = |effect| matches!(effect, Effect::Replace | Effect::MayReplace);
        if resource.effect != effect && (replaces(resource.effect) || replaces(effect)) {
            resource.effect = effect;
            resource.reason = Some(format!("the service says that the deployment {words}"));
            resource.data_loss &= replaces(effect);
            // Nothing of the old one is kept.
            let dropped = change.policy_action.as_deref() == Some("ReplaceAndDelete");
            resource.data_loss |= resource.stateful && dropped;
        }
    }
    let is_old =
        |id: &str| stack.resources.iter().any(|resource| resource.old_logical_id.as_deref() == Some(id));
    let unforeseen = changes
        .iter()
        .filter(|change| stack.resource(&change.logical_id).is_none() && !is_old(&change.logical_id));
    let unforeseen: Vec<String> =
        unforeseen.map(|change| format!("the service also changes `{}`", change.logical_id)).collect();
    stack.warnings.extend(unforeseen);
}

/// The worst that the changes do to a resource that is not replaced.
fn in_place(resource: &ResourceChange) -> Effect {
    let effects = resource.changes.iter().map(|change| change.effect);
    effects.filter(|effect| *effect <= Effect::Interrupt).max().unwrap_or_default()
}

fn connect_to(runtime: &Runtime, options: &ConnectionOptions, state: &StackState) -> Result<Client> {
    let region = state.pseudo_parameters.as_ref().and_then(|known| known.get("AWS::Region"));
    let aws = runtime.block_on(connect(&options.connection(region.map(String::as_str))))?;
    Ok(Client::new(&aws))
}

fn region(client: &Client) -> String {
    use formwork_deploy::service::CloudFormation as _;
    format!("`{}`", client.region())
}

/// The name in the account.
fn deployed_name(state: &StackState) -> String {
    let known = state.pseudo_parameters.as_ref().and_then(|known| known.get("AWS::StackName"));
    known.or(state.name.as_ref()).cloned().unwrap_or_default()
}

fn template(text: &str, name: &str) -> Result<Template> {
    let document = reader::read(text);
    let document = document.map_err(|error| {
        Failure::new(format!("the deployed template of `{name}` cannot be read: {error}"))
    })?;
    Ok(document.into_template())
}

fn is_masked(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|letter| letter == '*')
}

/// What the ARN of a stack tells.
fn known(arn: &str, name: &str) -> BTreeMap<&'static str, String> {
    let mut known = BTreeMap::from([("AWS::StackName", name.to_owned()), ("AWS::StackId", arn.to_owned())]);
    if let ["arn", partition, _, region, account, ..] = arn.split(':').collect::<Vec<_>>().as_slice() {
        known.insert("AWS::Partition", (*partition).to_owned());
        known.insert("AWS::Region", (*region).to_owned());
        known.insert("AWS::AccountId", (*account).to_owned());
    }
    known
}

/// An error of the service, with what to do about it.
fn explained(error: &ServiceError, name: &str) -> anyhow::Error {
    let failure = Failure::new(format!("cannot read the stack `{name}`: {error}"));
    let hint = match error {
        ServiceError::NoCredentials { .. } => {
            "`aws configure`, `--profile NAME`, or `--against` for a side that is at hand"
        }
        ServiceError::CredentialsExpired => "sign in again, for example by `aws sso login`",
        ServiceError::AccessDenied { .. } => {
            "a diff needs `cloudformation:DescribeStacks` and `cloudformation:GetTemplate`"
        }
        _ => return failure.into(),
    };
    failure.hint(hint).into()
}

#[cfg(test)]
mod tests {
    use formwork_diff::{Options, Side, diff};

    use super::*;

    fn read(text: &str) -> Template {
        template(text, "shop").unwrap()
    }

    fn change(logical_id: &str, replacement: Replacement, policy_action: Option<&str>) -> [Change; 1] {
        [Change {
            action: ChangeAction::Modify,
            logical_id: logical_id.to_owned(),
            physical_id: None,
            resource_type: String::new(),
            replacement: Some(replacement),
            policy_action: policy_action.map(str::to_owned),
            scope: Vec::new(),
            details: Vec::new(),
            before: None,
            after: None,
            nested_change_set: None,
        }]
    }

    #[test]
    fn the_service_has_the_last_word_on_replacement_and_on_nothing_else() {
        let database = |name: &str, class: &str| {
            read(&format!(
                "Resources: {{Orders: {{Type: AWS::RDS::DBInstance, Properties: {{DBName: {name}, DBInstanceClass: {class}}}}}}}"
            ))
        };
        let (old, new) = (database("orders", "db.t4g.micro"), database("shop", "db.t4g.small"));
        let mut found = diff(&Side::new(&old), &Side::new(&new), &Options::default());
        assert_eq!(found.resources[0].effect, Effect::Replace);
        heed(&mut found, &change("Orders", Replacement::No, None));
        // Another class still stops it.
        assert_eq!(found.resources[0].effect, Effect::Interrupt);
        heed(&mut found, &change("Orders", Replacement::No, None));
        assert_eq!(found.resources[0].effect, Effect::Interrupt);
        heed(&mut found, &change("Orders", Replacement::Yes, None));
        assert_eq!(found.resources[0].effect, Effect::Replace);

        let bucket = |status: &str| {
            read(&format!(
                "Resources: {{Orders: {{Type: AWS::S3::Bucket, Properties: {{VersioningConfiguration: {{Status: {status}}}}}}}}}"
            ))
        };
        let (old, new) = (bucket("Suspended"), bucket("Enabled"));
        let mut found = diff(&Side::new(&old), &Side::new(&new), &Options::default());
        assert!(!found.resources[0].data_loss);
        heed(&mut found, &change("Orders", Replacement::No, Some("ReplaceAndDelete")));
        assert_eq!((found.resources[0].effect, found.resources[0].data_loss), (Effect::Replace, true));
    }

    #[test]
    fn a_secret_that_nobody_can_read_keeps_its_value() {
        let old = "Parameters: {Password: {Type: String, NoEcho: true}, Size: {Type: String}}\nResources: {}";
        let new = "Parameters: {Password: {Type: String, NoEcho: true}, Size: {Type: String}, \
                   Zone: {Type: String, Default: a}}\nResources: {}";
        let old = StackState::new(None, read(old));
        let mut new = StackState::new(None, read(new));
        new.parameters.insert("Size".to_owned(), "small".to_owned());
        let expected = [
            ("Password".to_owned(), ParameterValue::Previous),
            ("Size".to_owned(), ParameterValue::Given("small".to_owned())),
        ];
        assert_eq!(parameters(&new, Some(&old)), BTreeMap::from(expected));
        // A stack that is not there has no value to keep.
        assert_eq!(parameters(&new, None).len(), 1);
    }
}
