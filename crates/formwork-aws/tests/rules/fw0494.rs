//! A start of a task that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let report =
        Container::new("report", ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37"));
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, report).build(stack, "Report");
    let cluster = Cluster::new().build(stack, "Cluster");
    ScheduledTask::cron("0 3 * * ? *", &cluster, &task, &vpc.private()).count(20).build(stack, "Nightly");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let report =
        Container::new("report", ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37"));
    let size = FargateSize::of::<256, 512>();
    let task = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, report).build(stack, "Report");
    let cluster = Cluster::new().build(stack, "Cluster");
    ScheduledTask::cron("0 3 * * ? *", &cluster, &task, &vpc.private()).count(10).build(stack, "Nightly");
}
