//! A role that may do what it is granted, and why where that is wide.

use formwork::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("access");
    let uploads = s3::Bucket::new().build(stack, "Uploads");
    let jobs = sqs::Queue::new().build(stack, "Jobs");

    let worker = Role::new(Principal::service("lambda.amazonaws.com"))
        .description("Takes jobs and stores what comes of them")
        .build(stack, "Worker");
    worker.grant(stack, [uploads.write_objects_under("results/"), jobs.consume()]);
    worker.grant(
        stack,
        Permission::on_everything(["cloudwatch:PutMetricData"], "the action takes no resource")
            .when(PolicyCondition::string_equals("cloudwatch:namespace", "jobs")),
    );
    stack.output("WorkerRole", worker.arn());
    app.synth()?;
    Ok(())
}
