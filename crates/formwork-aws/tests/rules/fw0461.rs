//! A target group behind two load balancers.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let machines = Addresses::new(8080, ["10.0.32.10"]);
    let public = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Public");
    let internal = ApplicationLoadBalancer::internal(&vpc.private()).build(stack, "Internal");
    let listener = public.http(stack).forward_to(&machines);
    internal.http(stack).forward_to(listener.targets());
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let machines = Addresses::new(8080, ["10.0.32.10"]);
    let public = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Public");
    let internal = ApplicationLoadBalancer::internal(&vpc.private()).build(stack, "Internal");
    public.http(stack).forward_to(&machines);
    internal.http(stack).forward_to(&machines);
}
