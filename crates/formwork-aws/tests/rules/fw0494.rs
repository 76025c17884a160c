//! A start of a task that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    ScheduledTask::cron("0 3 * * ? *", &cluster, &task, &vpc.private()).count(20).build(stack, "Nightly");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
    let cluster = Cluster::new().build(stack, "Cluster");
    ScheduledTask::cron("0 3 * * ? *", &cluster, &task, &vpc.private()).count(10).build(stack, "Nightly");
}
