//! `iam-lab`: who of a team may do what, and no more.

use std::time::Duration;

use formwork::prelude::*;
use s3::bucket::{
    BucketEncryption, PublicAccessBlockConfiguration, ServerSideEncryptionByDefault, ServerSideEncryptionRule,
};

/// The account of those who fetch reports.
const PARTNER: &str = "222222222222";
/// What the partner shows, so that nobody else is taken for it.
const PARTNER_CODE: &str = "reports-2026";
/// Where everything of the team is found.
const TEAM: &str = "/shop/";
/// The repository whose jobs deploy.
const REPOSITORY: &str = "shop/storefront";

/// Adds the stack to an app.
///
/// People are in groups, and what they do to data they do in a role that asks for a second factor.
/// Whatever the team makes is bounded, so that it cannot give itself more. Instances read one bucket,
/// a partner's account reads a part of it, and jobs deploy without a key.
pub fn iam_lab(app: &mut App) {
    let stack = &mut app.stack("iam-lab");
    stack.description("Users, groups, roles and policies of a team");

    let reports = reports(stack);
    let failed = sqs::Queue::new().sqs_managed_sse_enabled(true).build(stack, "FailedJobs");
    let after_three = Object::new().with("deadLetterTargetArn", failed.arn()).with("maxReceiveCount", 3);
    let jobs =
        sqs::Queue::new().sqs_managed_sse_enabled(true).redrive_policy(after_three).build(stack, "Jobs");
    let boundary = boundary(stack, &reports, &jobs);
    people(stack, &reports, &jobs, &boundary);

    // Instances that read one bucket.
    let reader = InstanceProfile::new()
        .permission(session_manager())
        .permission([reports.read_objects(), reports.list_objects()])
        .permissions_boundary(&boundary)
        .build(stack, "Reader");
    stack.output("ReaderProfile", reader.arn());

    // Another account, which reads what is meant for it.
    let partner = Role::new(
        Principal::account(PARTNER)
            .when(PolicyCondition::string_equals(ConditionKey::EXTERNAL_ID, PARTNER_CODE)),
    )
    .description("The partner, who fetches its reports")
    .path(TEAM)
    .permission([reports.read_objects_under("partner/"), reports.list_objects_under("partner/")])
    .permissions_boundary(&boundary)
    .build(stack, "Partner");
    stack.output("PartnerRole", partner.arn());

    // Jobs of GitHub Actions, which need no key.
    let github = OidcProvider::github_actions().build(stack, "Github");
    let deploy = github
        .github_actions_role(GithubJobs::environment(REPOSITORY, "production"))
        .description("Jobs that deploy the storefront")
        .path(TEAM)
        .permission(reports.write_objects_under("storefront/"))
        .permission(jobs.send())
        .permissions_boundary(&boundary)
        .build(stack, "Deploy");
    stack.output("DeployRole", deploy.arn());

    // A machine in the office, which knows nothing but a key.
    let scanner = User::new()
        .path(TEAM)
        .permission(
            reports
                .write_objects_under("scans/")
                .when(PolicyCondition::ip_address(ConditionKey::SOURCE_IP, "203.0.113.0/24")),
        )
        .permissions_boundary(&boundary)
        .build(stack, "Scanner");
    let key = AccessKey::new(&scanner)
        .description("The key of the scanner in the office")
        .build(stack, "ScannerKey");
    stack.output("ScannerKeySecret", key.secret().arn());

    ServiceLinkedRole::new("autoscaling.amazonaws.com")
        .suffix("shop")
        .description("Scales the fleet of the shop")
        .build(stack, "Scaling");
}

/// The bucket of reports, which nobody reaches unencrypted.
fn reports(stack: &mut Scope<'_>) -> Handle<s3::Bucket> {
    let encryption = ServerSideEncryptionRule::new()
        .server_side_encryption_by_default(ServerSideEncryptionByDefault::new("AES256"));
    let reports = s3::Bucket::new()
        .bucket_encryption(BucketEncryption::new([encryption]))
        .public_access_block_configuration(
            PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
        .deletion_policy(DeletionPolicy::Retain)
        .update_replace_policy(UpdateReplacePolicy::Retain)
        .build(stack, "Reports");
    let both = [sub!("{bucket}", bucket = reports.arn()), sub!("{bucket}/*", bucket = reports.arn())];
    let insecure = Statement::deny_to_everyone(["s3:*"], both)
        .when(PolicyCondition::bool(ConditionKey::SECURE_TRANSPORT, false));
    s3::BucketPolicy::new(&reports, PolicyDocument::new().statement(insecure)).build(stack, "ReportsPolicy");
    reports
}

/// What anyone of the team may do at most, whatever policies say.
fn boundary(
    stack: &mut Scope<'_>,
    reports: &Handle<s3::Bucket>,
    jobs: &Handle<sqs::Queue>,
) -> ManagedPolicyHandle {
    ManagedPolicy::new([
        reports.read_objects(),
        reports.write_objects(),
        reports.list_objects(),
        jobs.send(),
        jobs.consume(),
        session_manager(),
    ])
    .permission(Permission::deny(["s3:PutObject"], [sub!("{bucket}/audit/*", bucket = reports.arn())]))
    .description("What the team may do at most")
    .path(TEAM)
    .build(stack, "Boundary")
}

/// The people: groups, and the roles that they take.
fn people(
    stack: &mut Scope<'_>,
    reports: &Handle<s3::Bucket>,
    jobs: &Handle<sqs::Queue>,
    boundary: &ManagedPolicyHandle,
) {
    let with_second_factor = || {
        Principal::this_account().when(PolicyCondition::bool(ConditionKey::MULTI_FACTOR_AUTH_PRESENT, true))
    };
    let developer = Role::new(with_second_factor())
        .description("Developers, when they touch data")
        .path(TEAM)
        .longest_session(Duration::from_hours(8))
        .permission([reports.read_objects(), reports.write_objects_under("drafts/"), reports.list_objects()])
        .permission(jobs.send())
        .permissions_boundary(boundary)
        .build(stack, "Developer");
    let auditor = Role::new(with_second_factor())
        .description("Auditors, who look and change nothing")
        .path(TEAM)
        .permission([reports.read_objects_under("audit/"), reports.list_objects_under("audit/")])
        .permissions_boundary(boundary)
        .build(stack, "Auditor");

    let developers = Group::new().path(TEAM).permission(own_credentials()).build(stack, "Developers");
    let auditors = Group::new().path(TEAM).permission(own_credentials()).build(stack, "Auditors");
    let leads = Group::new().path(TEAM).permission(roles_within(boundary)).build(stack, "Leads");
    developers.grant(stack, developer.assume());
    auditors.grant(stack, auditor.assume());

    User::new().path(TEAM).group(&developers).group(&leads).build(stack, "Ada");
    User::new().path(TEAM).group(&developers).build(stack, "Grace");
    User::new().path(TEAM).group(&auditors).build(stack, "Edsger");
}

/// Everyone keeps their own password and second factor, and nobody else's.
fn own_credentials() -> [Permission; 2] {
    let own = |kind: &str| {
        sub!(
            "arn:{partition}:iam::{account}:{kind}{team}{user}",
            partition = pseudo::partition(),
            account = pseudo::account_id(),
            kind = kind,
            team = TEAM,
            user = "${aws:username}"
        )
    };
    [
        Permission::new(
            [
                "iam:ChangePassword",
                "iam:EnableMFADevice",
                "iam:GetUser",
                "iam:ListMFADevices",
                "iam:ResyncMFADevice",
            ],
            [own("user")],
        ),
        Permission::on_everything(["iam:GetAccountPasswordPolicy"], "the action takes no resource"),
    ]
}

/// Leads make roles for the team's programs, none of which goes beyond the boundary.
fn roles_within(boundary: &ManagedPolicyHandle) -> [Permission; 2] {
    let roles = || {
        [sub!(
            "arn:{partition}:iam::{account}:role{team}*",
            partition = pseudo::partition(),
            account = pseudo::account_id(),
            team = TEAM
        )]
    };
    [
        Permission::new(["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"], roles())
            .when(PolicyCondition::string_equals("iam:PermissionsBoundary", boundary.arn())),
        Permission::new(
            ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:GetRole", "iam:GetRolePolicy"],
            roles(),
        ),
    ]
}
