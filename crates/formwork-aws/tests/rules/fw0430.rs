//! A task size that Fargate does not have.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    FargateTask::new(
        FargateSize::new(256, 4096),
        Architecture::Arm64,
        Retention::OneWeek,
        Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")),
    )
    .build(stack, "Web");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    FargateTask::new(
        FargateSize::new(512, 4096),
        Architecture::Arm64,
        Retention::OneWeek,
        Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")),
    )
    .build(stack, "Web");
}
