//! A port of an instance that is taken.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = || ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let shop = Container::new("shop", image()).on_host_ports().host_port(8080, 80);
    let tools = Container::new("tools", image()).on_host_ports().host_port(8080, 80);
    HostPortTask::bridge(256, 512, Architecture::X86_64, Retention::OneWeek, shop)
        .container(tools)
        .build(stack, "Web");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = || ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
    let shop = Container::new("shop", image()).on_host_ports().host_port(8080, 80);
    let tools = Container::new("tools", image()).on_host_ports().host_port(8081, 80);
    HostPortTask::bridge(256, 512, Architecture::X86_64, Retention::OneWeek, shop)
        .container(tools)
        .build(stack, "Web");
}
