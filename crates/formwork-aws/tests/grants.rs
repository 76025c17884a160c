//! Grants as values: which actions on which ARNs each of them names.
#![cfg(feature = "identity")]

use formwork_aws::{
    grants::{
        BucketGrants, BuildProject, DeliveryStreamGrants, EmailIdentityGrants, EventBusGrants,
        FileSystemGrants, FleetGrants, FunctionGrants, InstanceGrants, KeyGrants, LogGroupGrants, Pipeline,
        QueueGrants, RepositoryGrants, SecretGrants, ServiceGrants, StateMachineGrants, StoredParameter,
        StreamGrants, TableGrants, TableStreamGrants, TopicGrants, UserPoolGrants, put_metric_data,
        put_traces,
    },
    iam::{ManagedPolicy, Permission},
};
use formwork_cfn::ids;
use formwork_check::Options;
use formwork_core::{App, Expr, id, pseudo};

/// One policy a kind of resource, with everything that may be granted on it.
fn policies() -> Vec<(&'static str, Vec<Permission>)> {
    let bucket: Expr<ids::s3::BucketArn> = id("arn:aws:s3:::reports");
    let queue: Expr<ids::sqs::QueueArn> = id("arn:aws:sqs:eu-west-1:111111111111:jobs");
    let topic: Expr<ids::sns::TopicArn> = id("arn:aws:sns:eu-west-1:111111111111:alarms");
    let table: Expr<ids::dynamodb::TableName> = id("orders");
    let secret: Expr<ids::secretsmanager::SecretId> =
        id("arn:aws:secretsmanager:eu-west-1:111111111111:secret:database-a1b2c3");
    let key: Expr<ids::kms::KeyArn> =
        id("arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f");
    let function: Expr<ids::lambda::FunctionArn> =
        id("arn:aws:lambda:eu-west-1:111111111111:function:resize");
    let logs: Expr<ids::logs::LogGroupArn> = id("arn:aws:logs:eu-west-1:111111111111:log-group:requests:*");
    let images: Expr<ids::ecr::RepositoryName> = id("shop/web");
    let service: Expr<ids::ecs::ServiceArn> = id("arn:aws:ecs:eu-west-1:111111111111:service/shop/web");
    let machine: Expr<ids::stepfunctions::StateMachineArn> =
        id("arn:aws:states:eu-west-1:111111111111:stateMachine:orders");
    let fleet: Expr<ids::autoscaling::AutoScalingGroupName> = id("workers");
    let bus: Expr<ids::events::EventBusArn> = id("arn:aws:events:eu-west-1:111111111111:event-bus/orders");
    let stream: Expr<ids::kinesis::StreamArn> = id("arn:aws:kinesis:eu-west-1:111111111111:stream/clicks");
    vec![
        ("EventBus", vec![bus.put_events()]),
        ("Stream", vec![stream.read(), stream.write()]),
        (
            "Fleet",
            vec![
                fleet.resize(),
                fleet.terminate_instances(),
                fleet.refresh(),
                fleet.complete_lifecycle_actions(),
                fleet.describe(),
            ],
        ),
        (
            "Bucket",
            vec![
                bucket.read_objects(),
                bucket.write_objects_under("2026/"),
                bucket.delete_objects_under("tmp/"),
                bucket.list_objects(),
                bucket.list_objects_under("2026/"),
            ],
        ),
        (
            "BucketAsAWhole",
            bucket.manage_objects().into_iter().chain(bucket.list_and_read_objects()).collect(),
        ),
        ("Queue", vec![queue.send(), queue.consume(), queue.purge()]),
        ("Topic", vec![topic.publish(), topic.subscribe()]),
        ("Table", vec![table.read_items(), table.read_index("by-date"), table.write_items()]),
        ("Secret", vec![secret.read(), secret.write(), secret.rotate()]),
        (
            "Parameter",
            vec![
                StoredParameter::named("/shop/url").read(),
                StoredParameter::below("/shop").write(),
                StoredParameter::named(pseudo::stack_name()).read(),
            ],
        ),
        ("Key", vec![key.encrypt(), key.decrypt(), key.encrypt_and_decrypt(), key.sign(), key.verify()]),
        ("Function", vec![function.invoke(), function.deploy()]),
        ("LogGroup", vec![logs.read(), logs.write()]),
        ("Repository", images.pull().into_iter().chain(images.push()).collect()),
        ("Service", service.deploy().into_iter().chain([service.restart(), service.describe()]).collect()),
        (
            "StateMachine",
            vec![
                machine.start(),
                machine.start_and_wait(),
                machine.list(),
                machine.read_executions(),
                machine.stop(),
            ],
        ),
    ]
}

/// The same for what came later.
fn further_policies() -> Vec<(&'static str, Vec<Permission>)> {
    let changes: Expr<ids::dynamodb::TableStreamArn> =
        id("arn:aws:dynamodb:eu-west-1:111111111111:table/orders/stream/2026-11-21T00:00:00.000");
    let files: Expr<ids::efs::FileSystemArn> =
        id("arn:aws:elasticfilesystem:eu-west-1:111111111111:file-system/fs-0a1b2c3d");
    let clicks: Expr<ids::kinesisfirehose::DeliveryStreamArn> =
        id("arn:aws:firehose:eu-west-1:111111111111:deliverystream/clicks");
    let domain: Expr<ids::ses::EmailIdentity> = id("example.com");
    let people: Expr<ids::cognito::UserPoolArn> =
        id("arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_0a1b2c3d4");
    let editor: Expr<ids::ec2::InstanceId> = id("i-0a1b2c3d4e5f67890");
    let (build, release) = (BuildProject::named("shop"), Pipeline::named("release"));
    vec![
        ("TableStream", changes.read_changes().into()),
        ("FileSystem", vec![files.mount(), files.mount_and_write(), files.mount_as_root()]),
        ("DeliveryStream", vec![clicks.put_records()]),
        ("Mail", vec![domain.send_mail(), domain.send_mail_from("orders@example.com")]),
        ("UserPool", vec![people.read_users(), people.manage_users()]),
        (
            "Instance",
            vec![
                editor.start_instance(),
                editor.stop_instance(),
                editor.reboot_instance(),
                editor.describe_instances(),
            ],
        ),
        ("Build", vec![build.start(), build.watch()]),
        ("Release", vec![release.start(), release.watch(), release.approve()]),
        ("Telemetry", vec![put_metric_data("Shop"), put_traces()]),
    ]
}

#[test]
fn grants_name_actions_and_arns() {
    let mut app = App::new();
    let mut stack = app.stack("grants");
    for (kind, permissions) in policies().into_iter().chain(further_policies()) {
        ManagedPolicy::new(permissions).build(&mut stack, kind);
    }
    let synthesis = app.synthesize().unwrap();
    let template = &synthesis.stacks[0].template;
    let findings = formwork_check::check(template, &Options::new());
    assert!(findings.is_empty(), "actions, keys and ARNs are what the services know: {findings:#?}");
    insta::assert_snapshot!(template.to_json());
}
