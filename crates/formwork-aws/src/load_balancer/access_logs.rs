//! [`AccessLogs`]: what balancers write down, and where.

use formwork_cfn::ids;
use formwork_core::{Expr, ResourceId, Scope, concat, pseudo};

use crate::{
    iam::{Effect, Principal, Statement},
    log_bucket::{LogBucketHandle, delivered},
};

/// Where a balancer writes down what it did.
///
/// ```
/// use formwork_aws::{load_balancer::{AccessLogs, ApplicationLoadBalancer}, log_bucket::LogBucket};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::App;
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// let logs = LogBucket::new(90).build(&mut stack, "Logs");
/// ApplicationLoadBalancer::internet_facing(&vpc)
///     .access_logs(AccessLogs::to(&logs).prefix("web"))
///     .build(&mut stack, "Balancer");
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct AccessLogs {
    pub(super) bucket: Expr<ids::s3::BucketName>,
    pub(super) prefix: Option<String>,
    own: Option<LogBucketHandle>,
}

/// What writes the logs of a kind of balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// The service of load balancers itself, for application and classic ones.
    Application,
    /// The delivery of logs, for network ones.
    Network,
}

impl AccessLogs {
    /// To a bucket of this app, which gets the policy that this needs.
    pub fn to(bucket: &LogBucketHandle) -> Self {
        Self { bucket: bucket.name(), prefix: None, own: Some(bucket.clone()) }
    }

    /// To a bucket that stands elsewhere, by its handle or name. It is encrypted with keys of S3, and
    /// its policy lets balancers write: a bucket has one policy, so it is not made here.
    pub fn to_bucket(bucket: impl Into<Expr<ids::s3::BucketName>>) -> Self {
        Self { bucket: bucket.into(), prefix: None, own: None }
    }

    /// Puts the logs below a path of the bucket (`web`).
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Lets the writer write, and says what has to stand before the balancer.
    ///
    /// See [the policy](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).
    pub(super) fn admit(&self, writer: Writer, scope: &mut Scope<'_>) -> Option<ResourceId> {
        let bucket = self.own.as_ref()?;
        let mut objects = vec![bucket.arn().into()];
        if let Some(prefix) = &self.prefix {
            objects.push(format!("/{prefix}").into());
        }
        objects.extend(["/AWSLogs/".into(), pseudo::account_id(), "/*".into()]);
        let statements = match writer {
            Writer::Application => {
                let service = "logdelivery.elasticloadbalancing.amazonaws.com";
                let write = Statement::new(Effect::Allow, ["s3:PutObject"], [concat(objects)]);
                vec![write.principal(Principal::service(service))]
            }
            Writer::Network => delivered(bucket.arn().into(), concat(objects)),
        };
        bucket.admit(scope, statements)
    }
}

impl From<&LogBucketHandle> for AccessLogs {
    fn from(bucket: &LogBucketHandle) -> Self {
        Self::to(bucket)
    }
}
