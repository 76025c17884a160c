//! Roles: what is granted stands where it belongs, once, with its reason.
#![cfg(feature = "identity")]

use formwork_aws::iam::{Permission, Principal, Role, session_manager};
use formwork_core::{App, Build, RawResource};

#[test]
fn grants_are_merged_and_say_why() {
    let mut app = App::new();
    let mut stack = app.stack("jobs");
    let queue = RawResource::new("AWS::SQS::Queue").build(&mut stack, "Jobs");
    let arn = || [queue.attribute::<String>("Arn")];
    let role = Role::new(Principal::service("ec2.amazonaws.com"))
        .trust(Principal::account("111111111111").when("StringEquals", "sts:ExternalId", "jobs"))
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
