//! Containers of a task are in each other's way.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let proxy = Container::new("proxy", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneWeek, web)
        .container(proxy)
        .build(stack, "Web");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
    let proxy = Container::new("proxy", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(8080);
    FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneWeek, web)
        .container(proxy)
        .build(stack, "Web");
}
