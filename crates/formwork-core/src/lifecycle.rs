//! Policies for creating, updating and deleting a resource.

use std::time::Duration;

use crate::{
    expr::Expr,
    kind::{List, Literal},
    node::Node,
    properties::Properties,
};

/// What becomes of a resource that is taken out of its stack.
///
/// See [DeletionPolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeletionPolicy {
    /// It is deleted.
    Delete,
    /// It stays, outside of any stack.
    Retain,
    /// It stays, except when it was made by the very operation that is being rolled back.
    RetainExceptOnCreate,
    /// A snapshot of it stays. Only for types that have snapshots: volumes, databases, caches.
    Snapshot,
}

impl DeletionPolicy {
    pub(crate) fn as_str(self) -> String {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
            Self::RetainExceptOnCreate => "RetainExceptOnCreate",
            Self::Snapshot => "Snapshot",
        }
        .to_owned()
    }
}

/// What becomes of the old resource when an update puts a new one in its place.
///
/// See [UpdateReplacePolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateReplacePolicy {
    /// It is deleted.
    Delete,
    /// It stays, outside of any stack.
    Retain,
    /// A snapshot of it stays.
    Snapshot,
}

impl UpdateReplacePolicy {
    pub(crate) fn as_str(self) -> String {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
            Self::Snapshot => "Snapshot",
        }
        .to_owned()
    }
}

/// What CloudFormation waits for before it calls a resource created.
///
/// See [CreationPolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html).
#[derive(Debug, Clone)]
#[must_use]
pub struct CreationPolicy(Properties);

impl CreationPolicy {
    /// Waits for `count` success signals (`cfn-signal`), `timeout` at most.
    pub fn signals(count: impl Into<Expr<i64>>, timeout: Duration) -> Self {
        let mut signal = Properties::new();
        signal.put("Count", count.into());
        signal.put("Timeout", iso_duration(timeout));
        let mut policy = Properties::new();
        policy.put("ResourceSignal", Expr::<String>::from_node(signal.into_node()));
        Self(policy)
    }

    /// Of an auto-scaling group: the share of instances, in percent, that must signal success.
    pub fn minimum_successful_instances_percent(mut self, percent: impl Into<Expr<i64>>) -> Self {
        let mut creation = Properties::new();
        creation.put("MinSuccessfulInstancesPercent", percent.into());
        self.0.put("AutoScalingCreationPolicy", Expr::<String>::from_node(creation.into_node()));
        self
    }

    pub(crate) fn into_node(self) -> Node {
        self.0.into_node()
    }
}

/// How CloudFormation updates a resource that needs more than a call.
///
/// See [UpdatePolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html).
#[derive(Debug, Clone)]
#[must_use]
pub struct UpdatePolicy(&'static str, Node);

impl UpdatePolicy {
    /// Of an auto-scaling group: replaces its instances in batches.
    pub fn auto_scaling_rolling_update(rolling: AutoScalingRollingUpdate) -> Self {
        Self("AutoScalingRollingUpdate", rolling.0.into_node())
    }

    /// Of an auto-scaling group: has EC2 Auto Scaling replace its instances. It stands in the place of
    /// a rolling update, not beside one.
    pub fn auto_scaling_instance_refresh(refresh: AutoScalingInstanceRefresh) -> Self {
        Self("AutoScalingInstanceRefresh", refresh.into_node())
    }

    /// Of an auto-scaling group: replaces the whole group, and keeps the old one until the new
    /// one is healthy.
    pub fn auto_scaling_replacing_update() -> Self {
        Self("AutoScalingReplacingUpdate", Node::Map(vec![("WillReplace".into(), Node::Bool(true))]))
    }

    /// Of an auto-scaling group: leaves sizes alone that a scheduled action has changed.
    pub fn ignore_unmodified_group_size_properties() -> Self {
        Self(
            "AutoScalingScheduledAction",
            Node::Map(vec![("IgnoreUnmodifiedGroupSizeProperties".into(), Node::Bool(true))]),
        )
    }

    /// Of a replication group: changes the number of shards without replacing it.
    pub fn use_online_resharding() -> Self {
        Self("UseOnlineResharding", Node::Bool(true))
    }

    /// Of a search domain: upgrades the engine without replacing it.
    pub fn enable_version_upgrade() -> Self {
        Self("EnableVersionUpgrade", Node::Bool(true))
    }

    /// Of a Lambda alias: shifts traffic by a CodeDeploy deployment.
    pub fn code_deploy_lambda_alias(
        application_name: impl Into<Expr<String>>,
        deployment_group_name: impl Into<Expr<String>>,
    ) -> Self {
        let mut policy = Properties::new();
        policy.put("ApplicationName", application_name.into());
        policy.put("DeploymentGroupName", deployment_group_name.into());
        Self("CodeDeployLambdaAliasUpdate", policy.into_node())
    }

    /// Any other policy by its name.
    pub fn other(name: &'static str, policy: impl Into<Expr<crate::kind::Json>>) -> Self {
        Self(name, policy.into().into_node())
    }

    pub(crate) fn into_node(self) -> Node {
        Node::Map(vec![(self.0.into(), self.1)])
    }
}

/// Replaces the instances of an auto-scaling group in batches.
///
/// Without a setter the service's default holds: batches of 1, no instance kept in service, no
/// pause, no signals.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct AutoScalingRollingUpdate(Properties);

impl AutoScalingRollingUpdate {
    /// The service's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many instances are replaced at once.
    pub fn max_batch_size(mut self, instances: impl Into<Expr<i64>>) -> Self {
        self.0.put("MaxBatchSize", instances.into());
        self
    }

    /// How many instances serve while others are replaced.
    pub fn min_instances_in_service(mut self, instances: impl Into<Expr<i64>>) -> Self {
        self.0.put("MinInstancesInService", instances.into());
        self
    }

    /// The share of instances, in percent of the group's size, that serve for the update to succeed.
    pub fn min_active_instances_percent(mut self, percent: impl Into<Expr<i64>>) -> Self {
        self.0.put("MinActiveInstancesPercent", percent.into());
        self
    }

    /// The share of instances, in percent, that must signal success.
    pub fn min_successful_instances_percent(mut self, percent: impl Into<Expr<i64>>) -> Self {
        self.0.put("MinSuccessfulInstancesPercent", percent.into());
        self
    }

    /// How long each batch is waited for.
    pub fn pause_time(mut self, pause: Duration) -> Self {
        self.0.put("PauseTime", iso_duration(pause));
        self
    }

    /// Scaling processes that rest during the update.
    pub fn suspend_processes(mut self, processes: impl Into<Expr<List<String>>>) -> Self {
        self.0.put("SuspendProcesses", processes.into());
        self
    }

    /// Whether it is said which scaling processes rest during the update.
    pub fn says_what_rests(&self) -> bool {
        self.0.get("SuspendProcesses").is_some()
    }

    /// Waits for a success signal of every new instance, for the pause time at most.
    pub fn wait_on_resource_signals(mut self) -> Self {
        self.0.put("WaitOnResourceSignals", Expr::<bool>::from(true));
        self
    }
}

/// Has EC2 Auto Scaling replace the instances of an auto-scaling group when what they are made of
/// changes.
///
/// Without a setter the service's default holds: nine tenths of the instances stay in service, or what
/// the group's maintenance policy says, and nothing is waited for afterwards.
///
/// See [AutoScalingInstanceRefresh](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html)
/// and [instance refresh](https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html).
#[derive(Debug, Clone)]
#[must_use]
pub struct AutoScalingInstanceRefresh {
    strategy: &'static str,
    preferences: Properties,
}

impl AutoScalingInstanceRefresh {
    /// Makes new instances and terminates old ones.
    pub fn rolling() -> Self {
        Self { strategy: "Rolling", preferences: Properties::new() }
    }

    /// Gives every instance a new root volume, and leaves all else of it. The group mixes instances,
    /// and names the image in every override.
    pub fn replace_root_volume() -> Self {
        Self { strategy: "ReplaceRootVolume", preferences: Properties::new() }
    }

    /// The share of the desired capacity, in percent (0 to 100), that stays in service.
    pub fn min_healthy_percentage(mut self, percent: impl Into<Expr<i64>>) -> Self {
        self.preferences.put("MinHealthyPercentage", percent.into());
        self
    }

    /// The share of the desired capacity, in percent (100 to 200), that there may be meanwhile.
    pub fn max_healthy_percentage(mut self, percent: impl Into<Expr<i64>>) -> Self {
        self.preferences.put("MaxHealthyPercentage", percent.into());
        self
    }

    /// The seconds that a new instance is waited for: the group's own warm-up unless set.
    pub fn instance_warmup(mut self, seconds: impl Into<Expr<i64>>) -> Self {
        self.preferences.put("InstanceWarmup", seconds.into());
        self
    }

    /// The shares, in percent and rising, after which the refresh waits.
    pub fn checkpoint_percentages(mut self, percentages: impl Into<Expr<List<i64>>>) -> Self {
        self.preferences.put("CheckpointPercentages", percentages.into());
        self
    }

    /// The seconds (172,800 at most) that it waits there: an hour unless set.
    pub fn checkpoint_delay(mut self, seconds: impl Into<Expr<i64>>) -> Self {
        self.preferences.put("CheckpointDelay", seconds.into());
        self
    }

    /// The seconds (172,800 at most) that it waits after the last instance.
    pub fn bake_time(mut self, seconds: impl Into<Expr<i64>>) -> Self {
        self.preferences.put("BakeTime", seconds.into());
        self
    }

    /// Leaves instances alone that are as they should be already.
    pub fn skip_matching(mut self, skip: impl Into<Expr<bool>>) -> Self {
        self.preferences.put("SkipMatching", skip.into());
        self
    }

    /// The alarms, 10 at most by their names, any of which makes the refresh fail.
    pub fn alarms(mut self, alarms: impl Into<Expr<List<String>>>) -> Self {
        let mut specification = Properties::new();
        specification.put("Alarms", alarms.into());
        self.preferences.put("AlarmSpecification", Expr::<String>::from_node(specification.into_node()));
        self
    }

    /// What becomes of instances that scaling may not take: `Wait`, `Ignore` or `Refresh`.
    pub fn scale_in_protected_instances(mut self, what: impl Into<Expr<String>>) -> Self {
        self.preferences.put("ScaleInProtectedInstances", what.into());
        self
    }

    /// What becomes of instances in standby: `Wait`, `Ignore` or `Terminate`.
    pub fn standby_instances(mut self, what: impl Into<Expr<String>>) -> Self {
        self.preferences.put("StandbyInstances", what.into());
        self
    }

    fn into_node(self) -> Node {
        let mut all = Properties::new();
        all.put("Strategy", Expr::<String>::from(self.strategy));
        if let Node::Map(preferences) = self.preferences.into_node()
            && !preferences.is_empty()
        {
            all.put("Preferences", Expr::<String>::from_node(Node::Map(preferences)));
        }
        all.into_node()
    }
}

/// A duration as ISO 8601 has it (`PT5M`), which the policies take.
fn iso_duration(duration: Duration) -> Expr<String> {
    let seconds = duration.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = String::from("PT");
    for (amount, unit) in [(hours, 'H'), (minutes, 'M'), (seconds, 'S')] {
        if amount > 0 {
            text.push_str(&amount.to_string());
            text.push(unit);
        }
    }
    if text == "PT" {
        text.push_str("0S");
    }
    Expr::from(text)
}

impl Literal for AutoScalingRollingUpdate {
    fn into_node(self) -> Node {
        self.0.into_node()
    }
}
