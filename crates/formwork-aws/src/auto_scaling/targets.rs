//! A fleet behind a load balancer.

use formwork_cfn::{autoscaling, autoscaling::scaling_policy::PredefinedMetricSpecification};
use formwork_core::{
    Expr, Handle, Scope,
    builder::{Draft, Node},
};

use super::{AutoScalingGroupHandle, FleetHealth};
use crate::{
    capacity::Ranged,
    load_balancer::{
        Appliances, Application, AttachedGroup, Target, TargetGroupHandle, TargetSettings, target_settings,
    },
    security_group::SecurityGroupHandle,
};

/// A port of the instances of a fleet.
#[derive(Debug, Clone)]
#[must_use = "a load balancer takes the port: `balancer.http(stack).forward_to(&fleet.port(8080))`"]
pub struct FleetPort {
    group: Handle<autoscaling::AutoScalingGroup>,
    security_groups: Vec<SecurityGroupHandle>,
    port: u16,
    settings: TargetSettings,
}

impl<K> AutoScalingGroupHandle<K> {
    /// A port of the instances, for a load balancer. An instance that fails its health check is
    /// replaced. Where none is set, one for HTTP asks for `/`, others open a connection.
    pub fn port(&self, port: u16) -> FleetPort {
        FleetPort {
            group: self.group().clone(),
            security_groups: self.template.security_groups().to_vec(),
            port,
            settings: TargetSettings::default(),
        }
    }
}

impl AutoScalingGroupHandle<Ranged> {
    /// Keeps the requests that an instance gets in a minute near a number.
    #[track_caller]
    pub fn track_requests(
        &self,
        scope: &mut Scope<'_>,
        targets: &TargetGroupHandle<Application>,
        a_minute: u32,
    ) {
        let metric = PredefinedMetricSpecification::new("ALBRequestCountPerTarget")
            .resource_label(targets.resource_label());
        let policy = self.track_predefined(scope, "TrackRequests", f64::from(a_minute), metric);
        // The service refuses the policy until the group is behind the balancer.
        scope.change(&policy, |draft| draft.depends_on(targets.after()));
    }
}

target_settings!(FleetPort);

impl Target for FleetPort {
    fn target_type(&self) -> &'static str {
        "instance"
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn settings(&self) -> Option<&TargetSettings> {
        Some(&self.settings)
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        &self.security_groups
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        attach(&self.group, scope, group);
    }
}

impl<K: std::fmt::Debug> Appliances for AutoScalingGroupHandle<K> {
    fn target_type(&self) -> &'static str {
        "instance"
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        self.template.security_groups()
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        attach(self.group(), scope, group);
    }
}

fn attach(fleet: &Handle<autoscaling::AutoScalingGroup>, scope: &mut Scope<'_>, group: &AttachedGroup) {
    scope.change(fleet, |draft| {
        draft.append("TargetGroupARNs", Expr::from(group.target_group()));
        heed_balancer(draft);
    });
}

/// Replaces instances that the balancer finds unwell, beside what is heeded already.
fn heed_balancer(draft: &mut Draft) {
    let known = draft.properties().get("HealthCheckType").and_then(Node::as_str).unwrap_or_default();
    let balancer = FleetHealth::LoadBalancer.name();
    let all = match known {
        "" => balancer.to_owned(),
        known if known.split(',').any(|name| name == balancer) => return,
        known => format!("{known},{balancer}"),
    };
    draft.put("HealthCheckType", Expr::<String>::from(all));
}

#[cfg(feature = "classic-load-balancing")]
impl<K> crate::load_balancer::ClassicTarget for AutoScalingGroupHandle<K> {
    fn security_groups(&self) -> &[SecurityGroupHandle] {
        self.template.security_groups()
    }

    fn attach(
        &self,
        scope: &mut Scope<'_>,
        balancer: &Handle<formwork_cfn::elasticloadbalancing::LoadBalancer>,
    ) {
        scope.change(self.group(), |draft| {
            draft.append("LoadBalancerNames", balancer.load_balancer_name());
            heed_balancer(draft);
        });
    }
}
