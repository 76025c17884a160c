//! [`LogBucket`]: a bucket that services of AWS write logs to.

use formwork_cfn::{
    ids, s3,
    s3::bucket::{
        BucketEncryption, LifecycleConfiguration, PublicAccessBlockConfiguration, Rule,
        ServerSideEncryptionByDefault, ServerSideEncryptionRule,
    },
};
use formwork_core::{
    Build, DeletionPolicy, Expr, Handle, ResourceId, Scope, ScopeId, UpdateReplacePolicy, concat, pseudo,
};

use crate::iam::{
    ConditionKey, Effect, PolicyCondition, PolicyDocument, Principal, Statement, add_statements,
};

/// What delivers logs to buckets.
const DELIVERY: &str = "delivery.logs.amazonaws.com";

/// A bucket for logs: private, encrypted with keys of S3, reached by TLS alone. It stays when its stack
/// goes. What writes to it gets the permission where it is told of the bucket.
///
/// See [`AWS::S3::Bucket`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html).
///
/// ```
/// use formwork_aws::log_bucket::LogBucket;
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let logs = LogBucket::new(90).build(&mut stack, "Logs");
/// stack.output("Logs", logs.name());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a bucket is added to a stack by `build`"]
pub struct LogBucket {
    days: u16,
}

impl LogBucket {
    /// A bucket that keeps logs for so many days.
    pub const fn new(days: u16) -> Self {
        Self { days }
    }

    /// Adds the bucket to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> LogBucketHandle {
        let mut scope = scope.construct(id);
        self.build_with(&mut scope, |_| Vec::new())
    }

    /// The same, in a scope that is open already, with the statements of what writes to it.
    pub(crate) fn build_with(
        self,
        scope: &mut Scope<'_>,
        writers: impl FnOnce(&Handle<s3::Bucket>) -> Vec<Statement>,
    ) -> LogBucketHandle {
        let encryption = ServerSideEncryptionRule::new()
            .server_side_encryption_by_default(ServerSideEncryptionByDefault::new("AES256"));
        let expiry = Rule::new("Enabled").expiration_in_days(self.days);
        let bucket = s3::Bucket::new()
            .bucket_encryption(BucketEncryption::new([encryption]))
            .public_access_block_configuration(
                PublicAccessBlockConfiguration::new()
                    .block_public_acls(true)
                    .block_public_policy(true)
                    .ignore_public_acls(true)
                    .restrict_public_buckets(true),
            )
            .lifecycle_configuration(LifecycleConfiguration::new([expiry]))
            .deletion_policy(DeletionPolicy::Retain)
            .update_replace_policy(UpdateReplacePolicy::Retain)
            .build(scope, "Bucket");
        let arn = || Expr::<String>::from(bucket.arn());
        let insecure = Statement::deny_to_everyone(["s3:*"], [arn(), concat([arn(), "/*".into()])])
            .when(PolicyCondition::bool(ConditionKey::SECURE_TRANSPORT, false));
        let mut policy = PolicyDocument::new();
        for statement in writers(&bucket) {
            policy = policy.statement(statement);
        }
        let policy = s3::BucketPolicy::new(&bucket, policy.statement(insecure)).build(scope, "BucketPolicy");
        LogBucketHandle { bucket, policy, scope: scope.id() }
    }
}

/// A [`LogBucket`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct LogBucketHandle {
    bucket: Handle<s3::Bucket>,
    policy: Handle<s3::BucketPolicy>,
    scope: ScopeId,
}

impl LogBucketHandle {
    /// The bucket itself.
    pub const fn bucket(&self) -> &Handle<s3::Bucket> {
        &self.bucket
    }

    /// Its policy, for `depends_on`.
    pub const fn policy(&self) -> &Handle<s3::BucketPolicy> {
        &self.policy
    }

    /// The name.
    pub fn name(&self) -> Expr<ids::s3::BucketName> {
        Expr::from(&self.bucket)
    }

    /// The ARN.
    pub fn arn(&self) -> Expr<ids::s3::BucketArn> {
        self.bucket.arn()
    }

    /// Lets something more write, by statements of the policy. Gives the policy, for `depends_on` of the
    /// writer, where the two are of one stack: between stacks, the reference to the bucket sees to it.
    pub fn admit(
        &self,
        scope: &mut Scope<'_>,
        statements: impl IntoIterator<Item = Statement>,
    ) -> Option<ResourceId> {
        scope.change(&self.policy, |draft| {
            add_statements(draft.properties_mut().entry("PolicyDocument"), statements);
        });
        scope.shares_stack_with(self.scope).then(|| self.policy.id())
    }
}

/// What lets the delivery of logs write objects.
pub(crate) fn delivered(bucket: Expr<String>, objects: Expr<String>) -> Vec<Statement> {
    let by_delivery = |statement: Statement| {
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
    vec![
        by_delivery(Statement::new(Effect::Allow, ["s3:GetBucketAcl"], [bucket])),
        by_delivery(Statement::new(Effect::Allow, ["s3:PutObject"], [objects]))
            .when(PolicyCondition::string_equals("s3:x-amz-acl", "bucket-owner-full-control")),
    ]
}
