//! The stacks as they are deployed. Reading writes nothing; a change set is taken away again.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use formwork_deploy::{
    client::Client,
    clock::SystemClock,
    error::ServiceError,
    read::{self, ChangeSet},
    service::{ParameterValue, Replacement, TemplateSource},
};
use formwork_diff::{AppDiff, Effect, StackDiff};
use formwork_template::{Template, limits::TEMPLATE_BYTES_INLINE, read as reader};
use tokio::runtime::{Builder, Runtime};

use crate::{
    against::Before, connection_options::ConnectionOptions, failure::Failure, stack_state::StackState,
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
    let runtime = runtime()?;
    let mut stacks = Vec::new();
    let named = |state: &&mut StackState| {
        names.is_empty() || state.name.as_ref().is_some_and(|name| names.contains(name))
    };
    for state in new.iter_mut().filter(named) {
        let name = deployed_name(state);
        let client = connect(&runtime, options, state)?;
        let found = runtime.block_on(read::deployed(&client, &SystemClock::new(), &name));
        let Some(found) = found.map_err(|error| explained(&error, &name))? else {
            terminal.tell(&format!("`{name}` is not deployed in {}: all of it is new", region(&client)));
            continue;
        };
        let mut before = StackState::new(state.name.clone(), template(&found.template, &name)?);
        // A secret is shown as asterisks, which are no value.
        let values = found.stack.parameters.iter().filter(|(_, value)| !is_masked(value));
        before.parameters = values.map(|(name, value)| (name.clone(), value.clone())).collect();
        before.pseudo_parameters = Some(known(&found.stack.arn, &name));
        let declared = state.template().section("Parameters");
        let kept =
            before.parameters.iter().filter(|(name, _)| declared.is_some_and(|all| all.contains_key(name)));
        let kept: BTreeMap<String, String> =
            kept.map(|(name, value)| (name.clone(), value.clone())).collect();
        for (name, value) in kept {
            state.parameters.entry(name).or_insert(value);
        }
        state.pseudo_parameters.clone_from(&before.pseudo_parameters);
        stacks.push(before);
    }
    Ok(Before { stacks, shown: SHOWN.to_owned() })
}

/// Asks the service, by change sets that are taken away again, what it would replace, and says so in
/// the diff.
pub(crate) fn by_change_sets(
    diff: &mut AppDiff,
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
        let client = connect(&runtime, options, state)?;
        terminal.tell(&format!("asking {} for a change set of `{name}`", region(&client)));
        let declared = state.template().section("Parameters");
        let names = declared.into_iter().flat_map(|all| all.keys().map(str::to_owned).collect::<Vec<_>>());
        let parameters = names.filter_map(|name| {
            let value = state.parameters.get(&name)?.clone();
            Some((name, ParameterValue::Given(value)))
        });
        let clock = SystemClock::new();
        let asked =
            read::change_set(&client, &clock, &name, TemplateSource::Body(text), parameters.collect());
        let answer = runtime.block_on(asked).with_context(|| format!("no change set of `{name}`"))?;
        heed(stack, &answer);
    }
    Ok(())
}

/// Takes the service's word for what is replaced.
fn heed(stack: &mut StackDiff, answer: &ChangeSet) {
    for resource in &mut stack.resources {
        let change = answer.changes.iter().find(|change| change.logical_id == resource.logical_id);
        let Some(change) = change else { continue };
        let Some(replacement) = &change.replacement else { continue };
        // The policy's action tells a replacement where the field beside it does not.
        let by_policy = change.policy_action.as_deref().is_some_and(|action| action.starts_with("Replace"));
        let (effect, words) = match replacement {
            Replacement::Conditional => (Effect::MayReplace, "may replace it"),
            Replacement::Yes => (Effect::Replace, "replaces it"),
            Replacement::No if by_policy => (Effect::Replace, "replaces it"),
            Replacement::No => (Effect::None, "does not replace it"),
        };
        let replaces = matches!(resource.effect, Effect::Replace | Effect::MayReplace);
        if resource.effect != effect && (replaces || effect != Effect::None) {
            resource.effect = effect;
            resource.reason = Some(format!("the service says that the deployment {words}"));
            resource.data_loss &= effect != Effect::None;
        }
    }
    let unforeseen = answer.changes.iter().filter(|change| stack.resource(&change.logical_id).is_none());
    let unforeseen: Vec<String> =
        unforeseen.map(|change| format!("the service also changes `{}`", change.logical_id)).collect();
    stack.warnings.extend(unforeseen);
}

fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_all().build().context("cannot start the runtime for calls")
}

fn connect(runtime: &Runtime, options: &ConnectionOptions, state: &StackState) -> Result<Client> {
    let region = state.pseudo_parameters.as_ref().and_then(|known| known.get("AWS::Region"));
    let connection = options.connection(region.map(String::as_str));
    runtime.block_on(Client::connect(&connection)).map_err(|error| {
        let hint = "`--region REGION`, or the variable AWS_REGION, or `--against` for a side that is at hand";
        let text = match error {
            ServiceError::Other { message, .. } => message,
            other => other.to_string(),
        };
        Failure::new(text).hint(hint).into()
    })
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
