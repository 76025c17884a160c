//! A fleet that protects its instances, and nothing that lets them go.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let group = SecurityGroup::new(&vpc, "the machines", Outbound::Anywhere).build(stack, "Machines");
    let cluster = Cluster::new().build(stack, "Cluster");
    let template = LaunchTemplate::new(Image::ecs_optimized(Architecture::X86_64), "m7i.large")
        .security_group(&group)
        .user_data(cluster.joining())
        .build(stack, "Template");
    let fleet =
        AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(0, 4), InstanceRefresh::new())
            .protected_from_scale_in()
            .build(stack, "Fleet");
    let capacity = InstanceCapacity::new(&fleet).build(stack, "Capacity");
    ClusterCapacity::new(&cluster).instances(&capacity).build(stack, "ClusterCapacity");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let group = SecurityGroup::new(&vpc, "the machines", Outbound::Anywhere).build(stack, "Machines");
    let cluster = Cluster::new().build(stack, "Cluster");
    let template = LaunchTemplate::new(Image::ecs_optimized(Architecture::X86_64), "m7i.large")
        .security_group(&group)
        .user_data(cluster.joining())
        .build(stack, "Template");
    let fleet =
        AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(0, 4), InstanceRefresh::new())
            .build(stack, "Fleet");
    let capacity = InstanceCapacity::new(&fleet).termination_protection().build(stack, "Capacity");
    ClusterCapacity::new(&cluster).instances(&capacity).build(stack, "ClusterCapacity");
}
