//! [`FlowLogs`]: who has talked with whom in a network.

use formwork_cfn::{
    ec2, ids, s3,
    s3::bucket::{
        BucketEncryption, LifecycleConfiguration, PublicAccessBlockConfiguration, Rule,
        ServerSideEncryptionByDefault, ServerSideEncryptionRule,
    },
};
use formwork_core::{
    Build, DeletionPolicy, Expr, Handle, Scope, UpdateReplacePolicy, builder::AnyOf, concat, pseudo,
};

use super::{VpcHandle, name_tag};
use crate::{
    iam::{ConditionKey, Effect, Permission, PolicyCondition, PolicyDocument, Principal, Role, Statement},
    logs::LogGroupHandle,
};

/// What writes flow logs to buckets.
const DELIVERY: &str = "delivery.logs.amazonaws.com";

/// Records of who has talked with whom in a network.
///
/// See [flow logs](https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html).
///
/// ```
/// use formwork_aws::{logs::{LogGroup, Retention}, vpc::{FlowLogDestination, FlowLogs}};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// let logs = LogGroup::new(Retention::OneMonth).build(&mut stack, "Refused");
/// FlowLogs::new(&vpc, FlowLogDestination::log_group(&logs)).rejected().build(&mut stack, "RefusedTraffic");
/// FlowLogs::new(&vpc, FlowLogDestination::new_bucket(90)).build(&mut stack, "Traffic");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "flow logs are added to a stack by `build`"]
pub struct FlowLogs {
    vpc: VpcHandle,
    destination: FlowLogDestination,
    traffic: &'static str,
    every_minute: bool,
}

/// Where flow logs go.
#[derive(Debug, Clone)]
pub struct FlowLogDestination(Destination);

#[derive(Debug, Clone)]
enum Destination {
    LogGroup(LogGroupHandle),
    Bucket(Expr<ids::s3::BucketArn>),
    NewBucket { days: u16 },
}

impl FlowLogDestination {
    /// A log group, with a role that may write to it and to nothing else.
    pub fn log_group(group: &LogGroupHandle) -> Self {
        Self(Destination::LogGroup(group.clone()))
    }

    /// A bucket of its own, private and encrypted, with the policy that lets logs be delivered. It
    /// keeps them for so many days, and stays when the stack goes.
    pub const fn new_bucket(days: u16) -> Self {
        Self(Destination::NewBucket { days })
    }

    /// A bucket that stands elsewhere, by its handle or ARN. Its policy lets the service
    /// `delivery.logs.amazonaws.com` write: a bucket has one policy, so it is not made here.
    pub fn bucket(bucket: impl Into<Expr<ids::s3::BucketArn>>) -> Self {
        Self(Destination::Bucket(bucket.into()))
    }
}

impl FlowLogs {
    /// Records of all traffic of a network, every ten minutes.
    pub fn new(vpc: &VpcHandle, destination: FlowLogDestination) -> Self {
        Self { vpc: vpc.clone(), destination, traffic: "ALL", every_minute: false }
    }

    /// Records what was let through alone.
    pub fn accepted(mut self) -> Self {
        self.traffic = "ACCEPT";
        self
    }

    /// Records what was refused alone.
    pub fn rejected(mut self) -> Self {
        self.traffic = "REJECT";
        self
    }

    /// Records every minute instead of every ten, which makes more records.
    pub fn every_minute(mut self) -> Self {
        self.every_minute = true;
        self
    }

    /// Adds the records to a stack, with what they need to be written.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<ec2::FlowLog> {
        let mut scope = scope.construct(id);
        let network: Expr<AnyOf<ids::any::SubnetIdOrTransitGatewayIdOrVpcId>> = self.vpc.id().into();
        let tag = name_tag(&scope, "");
        let mut log = ec2::FlowLog::new(network, "VPC")
            .traffic_type(self.traffic)
            .max_aggregation_interval(if self.every_minute { 60 } else { 600 })
            .tags([tag]);
        log = match self.destination.0 {
            Destination::LogGroup(group) => {
                let write = Permission::new(
                    ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    [Expr::<String>::from(group.log_group().arn())],
                );
                let principal = Principal::service("vpc-flow-logs.amazonaws.com");
                let role =
                    Role::new(principal.for_this_account()).permission(write).build(&mut scope, "Writer");
                log.log_destination_type("cloud-watch-logs")
                    .log_group_name(&group)
                    .deliver_logs_permission_arn(&role)
            }
            Destination::Bucket(arn) => log.log_destination_type("s3").log_destination(arn),
            Destination::NewBucket { days } => {
                let (bucket, policy) = new_bucket(&mut scope, days);
                log.log_destination_type("s3").log_destination(bucket.arn()).depends_on(&policy)
            }
        };
        log.build(&mut scope, "FlowLog")
    }
}

fn new_bucket(scope: &mut Scope<'_>, days: u16) -> (Handle<s3::Bucket>, Handle<s3::BucketPolicy>) {
    let encryption = ServerSideEncryptionRule::new()
        .server_side_encryption_by_default(ServerSideEncryptionByDefault::new("AES256"));
    let bucket = s3::Bucket::new()
        .bucket_encryption(BucketEncryption::new([encryption]))
        .public_access_block_configuration(
            PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
        .lifecycle_configuration(LifecycleConfiguration::new([Rule::new("Enabled").expiration_in_days(days)]))
        .deletion_policy(DeletionPolicy::Retain)
        .update_replace_policy(UpdateReplacePolicy::Retain)
        .build(scope, "Bucket");
    let arn = || Expr::<String>::from(bucket.arn());
    let delivered = |statement: Statement| {
        let source = concat([
            "arn:".into(),
            pseudo::partition(),
            ":logs:".into(),
            pseudo::region(),
            ":".into(),
            pseudo::account_id(),
            ":*".into(),
        ]);
        statement.principal(Principal::service(DELIVERY).for_this_account().for_resource(source))
    };
    let objects = concat([arn(), "/AWSLogs/".into(), pseudo::account_id(), "/*".into()]);
    let insecure = Statement::deny_to_everyone(["s3:*"], [arn(), concat([arn(), "/*".into()])])
        .when(PolicyCondition::bool(ConditionKey::SECURE_TRANSPORT, false));
    let policy = PolicyDocument::new()
        .statement(delivered(Statement::new(Effect::Allow, ["s3:GetBucketAcl"], [arn()])))
        .statement(
            delivered(Statement::new(Effect::Allow, ["s3:PutObject"], [objects]))
                .when(PolicyCondition::string_equals("s3:x-amz-acl", "bucket-owner-full-control")),
        )
        .statement(insecure);
    let policy = s3::BucketPolicy::new(&bucket, policy).build(scope, "BucketPolicy");
    (bucket, policy)
}
