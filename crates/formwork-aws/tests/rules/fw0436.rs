//! Logs of a container that cannot go so.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let logs = LogDriver::awslogs().multi_line_datetime("%Y-%m-%d").multi_line_pattern(r"^\[");
    let api = Container::new("api", image).log_driver(logs);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let logs = LogDriver::awslogs().multi_line_datetime("%Y-%m-%d");
    let api = Container::new("api", image).log_driver(logs);
    let size = FargateSize::of::<256, 512>();
    FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, api).build(stack, "Api");
}
