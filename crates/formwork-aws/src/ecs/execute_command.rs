//! [`ExecuteCommand`]: where shells in containers are recorded.

use formwork_cfn::{
    ecs::cluster::{ExecuteCommandConfiguration, ExecuteCommandLogConfiguration},
    ids,
};
use formwork_core::{Expr, concat, pseudo};

use crate::{grants::KeyGrants, iam::Permission, logs::LogGroupHandle};

/// Where the shells are recorded that are opened in containers of a cluster
/// ([`Service::execute_command`](super::Service::execute_command)), and the key that encrypts them on
/// their way. Unless it is said, what a shell shows goes where its container's logs go.
///
/// The roles of tasks in which shells may be opened get what recording takes.
///
/// See [ECS Exec](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html).
///
/// ```
/// use formwork_aws::{ecs::{Cluster, ExecuteCommand}, logs::{LogGroup, Retention}};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let shells = LogGroup::new(Retention::OneYear).build(&mut stack, "Shells");
/// let cluster = Cluster::new()
///     .execute_command(ExecuteCommand::logged_to(&shells))
///     .build(&mut stack, "Services");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a cluster takes it: `cluster.execute_command(...)`"]
pub struct ExecuteCommand {
    group: Option<LogGroupHandle>,
    bucket: Option<(Expr<ids::s3::BucketName>, Option<String>)>,
    key: Option<Expr<ids::kms::KeyArn>>,
}

impl ExecuteCommand {
    /// Shells are recorded in a log group.
    pub fn logged_to(group: &LogGroupHandle) -> Self {
        Self { group: Some(group.clone()), ..Self::not_logged() }
    }

    /// Shells are recorded in a bucket, which encrypts them.
    pub fn logged_to_bucket(bucket: impl Into<Expr<ids::s3::BucketName>>) -> Self {
        Self::not_logged().bucket(bucket, None)
    }

    /// Shells are recorded in a bucket, below a prefix (`shells`).
    pub fn logged_under(bucket: impl Into<Expr<ids::s3::BucketName>>, prefix: impl Into<String>) -> Self {
        Self::not_logged().bucket(bucket, Some(prefix.into()))
    }

    /// Shells are not recorded.
    pub const fn not_logged() -> Self {
        Self { group: None, bucket: None, key: None }
    }

    fn bucket(mut self, bucket: impl Into<Expr<ids::s3::BucketName>>, prefix: Option<String>) -> Self {
        self.bucket = Some((bucket.into(), prefix));
        self
    }

    /// The bucket that shells are recorded in, beside the log group.
    pub fn also_to_bucket(self, bucket: impl Into<Expr<ids::s3::BucketName>>) -> Self {
        self.bucket(bucket, None)
    }

    /// Encrypts what goes between a person and a container by a key, beside TLS. Whoever opens a
    /// shell needs [`KeyGrants::encrypt`] of the key.
    pub fn key(mut self, key: impl Into<Expr<ids::kms::KeyArn>>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// What the role of a task needs, beside the way to Session Manager.
    pub(super) fn permissions(&self) -> Vec<Permission> {
        let mut all = Vec::new();
        if let Some(group) = &self.group {
            let reads =
                Permission::new(["logs:DescribeLogStreams"], [Expr::<String>::from(group.log_group().arn())]);
            let groups = Permission::on_everything(
                ["logs:DescribeLogGroups"],
                "the agent looks for the log group among all",
            );
            all.extend([group.write(), reads, groups]);
        }
        if let Some((bucket, prefix)) = &self.bucket {
            let arn = concat(["arn:".into(), pseudo::partition(), ":s3:::".into(), bucket.clone().into()]);
            let below = prefix.as_ref().map_or_else(|| "/*".to_owned(), |prefix| format!("/{prefix}/*"));
            let looks = ["s3:GetBucketLocation", "s3:GetEncryptionConfiguration"];
            all.push(Permission::new(looks, [arn.clone()]));
            all.push(Permission::new(["s3:PutObject"], [concat([arn, below.into()])]));
        }
        all.extend(self.key.as_ref().map(KeyGrants::decrypt));
        all
    }

    pub(super) fn into_property(self) -> ExecuteCommandConfiguration {
        let mut configuration = ExecuteCommandConfiguration::new();
        if let Some(key) = self.key {
            configuration = configuration.kms_key_id(key);
        }
        if self.group.is_none() && self.bucket.is_none() {
            return configuration.logging("NONE");
        }
        let mut logs = ExecuteCommandLogConfiguration::new();
        if let Some(group) = self.group {
            logs = logs.cloud_watch_log_group_name(&group);
        }
        if let Some((bucket, prefix)) = self.bucket {
            logs = logs.s3_bucket_name(bucket).s3_encryption_enabled(true);
            if let Some(prefix) = prefix {
                logs = logs.s3_key_prefix(prefix);
            }
        }
        configuration.logging("OVERRIDE").log_configuration(logs)
    }
}
