//! [`FlowLogs`]: who has talked with whom in a network.

use formwork_cfn::{ec2, ids};
use formwork_core::{Build, Expr, Handle, Scope, builder::AnyOf, concat, pseudo};

use super::{VpcHandle, name_tag};
use crate::{
    iam::{Permission, Principal, Role},
    log_bucket::{LogBucket, delivered},
    logs::LogGroupHandle,
};

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
                let bucket = LogBucket::new(days).build_with(&mut scope, |bucket| {
                    let arn = || Expr::<String>::from(bucket.arn());
                    let objects = concat([arn(), "/AWSLogs/".into(), pseudo::account_id(), "/*".into()]);
                    delivered(arn(), objects)
                });
                log.log_destination_type("s3").log_destination(bucket.arn()).depends_on(bucket.policy())
            }
        };
        log.build(&mut scope, "FlowLog")
    }
}
