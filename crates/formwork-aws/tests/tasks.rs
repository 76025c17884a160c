//! Tasks of containers, clusters and repositories: what the reference stacks have no use for, and what
//! cannot be.
#![cfg(all(feature = "container-instances", feature = "file-systems"))]

use formwork_aws::prelude::*;
use formwork_cfn::ids;
use formwork_core::{App, Expr, Stack, id};

fn image() -> ContainerImage {
    ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37")
}

/// The template of a stack, or why there is none.
fn template(build: impl FnOnce(&mut Stack<'_>)) -> String {
    let mut app = App::new();
    build(&mut app.stack("shop"));
    match app.synthesize() {
        Ok(mut synthesis) => synthesis.stacks.remove(0).template.to_json(),
        Err(error) => error.to_string(),
    }
}

/// Everything that synthesis finds.
fn findings(build: impl FnOnce(&mut Stack<'_>)) -> String {
    let mut app = App::new();
    build(&mut app.stack("shop"));
    let findings = match app.synthesize() {
        Ok(synthesis) => synthesis.findings,
        Err(error) => error.findings().to_vec(),
    };
    let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
    findings.join("\n\n")
}

#[test]
fn cluster_and_registry() {
    let template = template(|stack| {
        let key: Expr<ids::kms::KeyArn> = id("arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d");
        let bucket: Expr<ids::s3::BucketName> = id("shells-of-all");
        let shells = LogGroup::new(Retention::OneYear).build(stack, "Shells");
        let recorded = ExecuteCommand::logged_to(&shells).also_to_bucket(bucket.clone()).key(key.clone());
        let cluster = Cluster::new()
            .insights(ContainerInsights::Enhanced)
            .execute_command(recorded)
            .namespace("shop")
            .build(stack, "Services");
        Cluster::new().execute_command(ExecuteCommand::not_logged()).build(stack, "Silent");
        Cluster::new().execute_command(ExecuteCommand::logged_under(bucket, "shells")).build(stack, "Bucket");

        let images = Repository::new()
            .lifecycle(ImageLifecycleRule::keep_newest(30).of_tags_like(["release-*"]))
            .lifecycle(ImageLifecycleRule::expire_after_days(7).of_tag_prefixes(["branch-", "pull-"]))
            .lifecycle(ImageLifecycleRule::expire_after_days(1).of_untagged())
            .lifecycle(ImageLifecycleRule::archive_unpulled_after_days(60))
            .lifecycle(ImageLifecycleRule::expire_archived_after_days(365))
            .mutable_tags_like(["latest", "branch-*"])
            .key(key)
            .build(stack, "Images");
        Repository::new().mutable_tags().build(stack, "Scratch");
        RegistryScanning::enhanced().on_push(["*"]).continuously(["shop/*"]).build(stack, "Scanning");
        RegistryScanning::basic().on_push(["*"]).build(stack, "Basic");

        let task = InstanceTask::new(
            256,
            300,
            Architecture::X86_64,
            Retention::OneWeek,
            Container::new("web", ContainerImage::in_repository(&images, "1.0")),
        )
        .build(stack, "Web");
        let vpc: Expr<ids::ec2::VpcId> = id("vpc-0a1b2c3d4e5f60718");
        let subnet: Expr<ids::ec2::SubnetId> = id("subnet-0a1b2c3d4e5f60718");
        let capacity = ClusterCapacity::new(&cluster).build(stack, "Capacity");
        let fargate = FargateTask::new(
            FargateSize::of::<256, 512>(),
            Architecture::X86_64,
            Retention::OneWeek,
            Container::new("web", image()),
        )
        .build(stack, "Shell");
        FargateService::new(&cluster, &fargate, &Subnets::of(vpc, [subnet]), Capacity::fixed(1))
            .capacity_shares([capacity.fargate_spot()])
            .execute_command()
            .build(stack, "ShellService");
        Role::new(Principal::service("lambda.amazonaws.com"))
            .permission(task.run(&cluster))
            .permission(cluster.describe_tasks())
            .permission([cluster.stop_tasks(), cluster.open_shells()])
            .build(stack, "Starter");
    });
    insta::assert_snapshot!(template);
}

#[test]
fn repositories_that_cannot_be() {
    let text = findings(|stack| {
        let keep = ImageLifecycleRule::keep_newest;
        Repository::new()
            .lifecycle(keep(30))
            .lifecycle(ImageLifecycleRule::expire_archived_after_days(90))
            .keep_images(20)
            .build(stack, "Any");
        Repository::new()
            .lifecycle(keep(0).of_untagged())
            .lifecycle(keep(1).of_tags_like(["a*b*c*d*e*"]))
            .lifecycle(keep(1).of_tag_prefixes(["release-*"]))
            .lifecycle(keep(1).of_tag_prefixes(Vec::<String>::new()))
            .lifecycle(ImageLifecycleRule::expire_archived_after_days(30))
            .build(stack, "Rules");
        Repository::new().mutable_tags_like(["a", "b", "c", "d", "e", "f", "*g*g*"]).build(stack, "Tags");
        RegistryScanning::basic().on_push(["shop/*"]).continuously(["shop/*"]).build(stack, "Scanning");
    });
    insta::assert_snapshot!(text);
}
