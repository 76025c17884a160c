//! Roles: what is granted stands where it belongs, once, with its reason.
#![cfg(feature = "identity")]

use std::time::Duration;

use formwork_aws::iam::{
    ConditionKey, Date, GithubJobs, Group, InstanceProfile, ManagedPolicy, OidcProvider, OidcProviderHandle,
    Permission, PolicyCondition, Principal, Role, ServiceLinkedRole, User, session_manager,
};
use formwork_core::{App, Build, RawResource};

#[test]
fn grants_are_merged_and_say_why() {
    let mut app = App::new();
    let mut stack = app.stack("jobs");
    let queue = RawResource::new("AWS::SQS::Queue").build(&mut stack, "Jobs");
    let arn = || [queue.attribute::<String>("Arn")];
    let role = Role::new(Principal::service("ec2.amazonaws.com"))
        .trust(
            Principal::account("111111111111").when(PolicyCondition::string_equals("sts:ExternalId", "jobs")),
        )
        .permission(session_manager())
        .build(&mut stack, "Worker");
    role.grant(&mut stack, Permission::new(["sqs:SendMessage"], arn()));
    // The same again, other actions on the same resource, the same actions on another one.
    role.grant(&mut stack, Permission::new(["sqs:SendMessage"], arn()));
    role.grant(&mut stack, Permission::new(["sqs:DeleteMessage", "sqs:ReceiveMessage"], arn()));
    role.grant(&mut stack, Permission::new(["s3:GetObject"], ["arn:aws:s3:::assets/*"]));
    role.grant(&mut stack, Permission::new(["s3:GetObject"], ["arn:aws:s3:::more/*"]));
    role.grant_apart(
        &mut stack,
        Permission::new(["kms:Decrypt"], ["arn:aws:kms:eu-west-1:111111111111:key/1"]),
    );

    // From another stack: a policy there, on the role of here.
    let mut other = app.stack("reports");
    let bucket = RawResource::new("AWS::S3::Bucket").build(&mut other, "Reports");
    role.grant(&mut other, Permission::new(["s3:PutObject"], [bucket.attribute::<String>("Arn")]));
    role.grant(&mut other, Permission::new(["s3:AbortMultipartUpload"], [bucket.attribute::<String>("Arn")]));

    let synthesis = app.synthesize().unwrap();
    let texts: Vec<String> = synthesis.stacks.iter().map(|stack| stack.template.to_json()).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn identities_of_every_kind() {
    let mut app = App::new();
    let stack = &mut app.stack("team");
    let boundary = ManagedPolicy::new([
        Permission::on_everything(["s3:*", "sqs:*"], "what the team builds with"),
        Permission::deny(["s3:DeleteBucket*"], ["*"]),
    ])
    .description("At most this")
    .path("/team/")
    .build(stack, "Boundary");
    let developers = Group::new()
        .path("/team/")
        .aws_managed_policy("IAMUserChangePassword")
        .permission(
            Permission::new(["s3:GetObject", "s3:Get*"], ["arn:aws:s3:::b/*", "arn:aws:s3:::a/*"])
                .because("whatever there is to know of the objects")
                .when(PolicyCondition::bool(ConditionKey::MULTI_FACTOR_AUTH_PRESENT, true))
                .when(PolicyCondition::numeric_less_than(ConditionKey::MULTI_FACTOR_AUTH_AGE, 3600))
                .when(PolicyCondition::date_less_than(ConditionKey::CURRENT_TIME, Date::new(2027, 2, 28))),
        )
        .build(stack, "Developers");
    let backup =
        User::new()
            .group(&developers)
            .permissions_boundary(&boundary)
            .permission(Permission::new(["s3:PutObject"], ["arn:aws:s3:::backups/*"]).when(
                PolicyCondition::ip_address(ConditionKey::SOURCE_IP, "203.0.113.0/24").or("2001:db8::/32"),
            ))
            .build(stack, "Backup");
    Role::new(backup.as_principal().tagging_sessions())
        .trust(Principal::organization("o-a1b2c3d4e5"))
        .trust(Principal::saml("arn:aws:iam::111111111111:saml-provider/office"))
        .trust(Principal::service("events.amazonaws.com").for_this_account())
        .trust(Principal::service("scheduler.amazonaws.com").for_this_account())
        .permissions_boundary(&boundary)
        .longest_session(Duration::from_hours(4))
        .path("/team/")
        .build(stack, "Operator");
    Role::new(Principal::everyone("the public data set is read with it")).build(stack, "Public");
    let instance = InstanceProfile::new().permission(session_manager()).build(stack, "Instance");
    ServiceLinkedRole::new("autoscaling.amazonaws.com").suffix("team").build(stack, "Scaling");
    let github = OidcProvider::github_actions().build(stack, "Github");
    github
        .github_actions_role(GithubJobs::environment("shop/storefront", "production"))
        .trust(github.github_actions(GithubJobs::tag("shop/storefront", "v*")))
        .permission(instance.role().pass_to("ec2.amazonaws.com"))
        .build(stack, "Deploy");
    let known = OidcProviderHandle::known("oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE", "sts.amazonaws.com");
    Role::new(known.subject("system:serviceaccount:shop:web"))
        .permission(
            Permission::new(["sqs:SendMessage"], ["arn:aws:sqs:*:111111111111:jobs"])
                .when(PolicyCondition::string_like(ConditionKey::TAG_KEYS, "team-*").for_all_values()),
        )
        .permission(
            Permission::new(["sqs:ReceiveMessage"], ["arn:aws:sqs:*:111111111111:jobs"])
                .when(PolicyCondition::string_equals(ConditionKey::resource_tag("team"), "shop").if_exists())
                .when(PolicyCondition::present("aws:RequestTag/team")),
        )
        .build(stack, "Pod");
    developers.grant(stack, backup_role());
    let other = &mut app.stack("other");
    developers.grant(other, Permission::new(["sns:Publish"], ["arn:aws:sns:eu-west-1:111111111111:alarms"]));

    let synthesis = app.synthesize().unwrap();
    let texts: Vec<String> = synthesis.stacks.iter().map(|stack| stack.template.to_json()).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

fn backup_role() -> Permission {
    Permission::new(["sts:AssumeRole"], ["arn:aws:iam::111111111111:role/backup"])
}

#[test]
fn what_cannot_be_is_told() {
    let mut app = App::new();
    {
        let stack = &mut app.stack("shop");
        let github = OidcProvider::github_actions().build(stack, "Github");
        github.github_actions_role(GithubJobs::branch("storefront", "main")).build(stack, "Deploy");
        Role::new(Principal::service("lambda"))
            .trust(Principal::account("1111"))
            .trust(Principal::canonical_user(
                "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
            ))
            .longest_session(Duration::from_mins(1))
            .build(stack, "Worker");
        let jobs = || Permission::new(["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111111111111:jobs"]);
        let group = Group::new()
            .permission(jobs().when(PolicyCondition::ip_address(ConditionKey::SOURCE_IP, "10.0.0.0/33")))
            .permission(jobs().when(PolicyCondition::arn_like(ConditionKey::SOURCE_ARN, "jobs")))
            .permission(
                jobs().when(PolicyCondition::date_equals(ConditionKey::CURRENT_TIME, Date::new(2027, 2, 29))),
            )
            .build(stack, "Group");
        let account = |id: &str| PolicyCondition::string_equals(ConditionKey::SOURCE_ACCOUNT, id);
        group.grant(stack, jobs().when(account("111111111111")).when(account("222222222222")));
        User::new().permission(Permission::new(["s3:*"], ["*"])).build(stack, "User");
        ManagedPolicy::new(Permission::new(["s3:*"], ["*"])).build(stack, "Policy");
        // To refuse may be as wide as it likes.
        ManagedPolicy::new(Permission::deny(["s3:*"], ["*"])).build(stack, "Refusal");
    }
    let error = app.synthesize().unwrap_err();
    let findings: Vec<_> = error.findings().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(findings.join("\n\n"));
}

#[cfg(feature = "access-keys")]
#[test]
fn a_key_goes_into_a_secret() {
    let mut app = App::new();
    let stack = &mut app.stack("office");
    let user = User::new().name("backup").build(stack, "Backup");
    let key = formwork_aws::iam::AccessKey::new(&user).serial(2).build(stack, "Key");
    Role::new(Principal::this_account()).permission(key.secret().read()).build(stack, "Reader");
    stack.output("KeyId", key.id());
    let synthesis = app.synthesize().unwrap();
    insta::assert_snapshot!(synthesis.stacks[0].template.to_json());
}
