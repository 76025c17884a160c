//! [`Target`]: what a load balancer passes requests on to.

use std::{fmt, time::Duration};

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::target_group::TargetDescription, ids,
};
use formwork_core::{Expr, Handle, ResourceId, Scope, builder::AnyOf};

use super::HealthCheck;
use crate::{port::Port, security_group::SecurityGroupHandle};

/// What a load balancer passes requests on to: a port of a fleet, of a service, of addresses.
pub trait Target: fmt::Debug {
    /// How targets are named to the balancer: `instance` or `ip`.
    fn target_type(&self) -> &'static str;

    /// The port that targets listen on.
    fn port(&self) -> u16;

    /// How the balancer treats targets, as far as it is said.
    fn settings(&self) -> Option<&TargetSettings> {
        None
    }

    /// The ports that targets are found at, where each of them says its own.
    fn found_at(&self) -> Option<Port> {
        None
    }

    /// How the balancer knows that a target is well, if it is said.
    fn health_check(&self) -> Option<&HealthCheck> {
        self.settings()?.health_check.as_ref()
    }

    /// How long requests that run may go on when a target is taken out, if it is said.
    fn deregistration_delay(&self) -> Option<Duration> {
        self.settings()?.deregistration_delay
    }

    /// The security groups that targets are in.
    fn security_groups(&self) -> &[SecurityGroupHandle];

    /// Whether targets are known to be in security groups, so that none is a mistake.
    fn is_guarded(&self) -> bool {
        true
    }

    /// Puts targets into the group.
    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup);
}

/// How a balancer treats targets: what every kind of target may say of itself. A [`TargetGroup`] may say
/// it in their place.
///
/// Targets of one's own hold them:
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::load_balancer::{AttachedGroup, HealthCheck, Target, TargetSettings};
/// use formwork_aws::security_group::SecurityGroupHandle;
/// use formwork_core::Scope;
///
/// #[derive(Debug, Clone)]
/// struct Printers {
///     group: [SecurityGroupHandle; 1],
///     settings: TargetSettings,
/// }
///
/// impl Target for Printers {
///     fn target_type(&self) -> &'static str {
///         "ip"
///     }
///
///     fn port(&self) -> u16 {
///         631
///     }
///
///     fn security_groups(&self) -> &[SecurityGroupHandle] {
///         &self.group
///     }
///
///     fn settings(&self) -> Option<&TargetSettings> {
///         Some(&self.settings)
///     }
///
///     fn attach(&self, _: &mut Scope<'_>, _: &AttachedGroup) {
///         // They register themselves.
///     }
/// }
///
/// let settings = TargetSettings::default()
///     .health_check(HealthCheck::path("/status"))
///     .deregistration_delay(Duration::from_mins(1));
/// # let _ = settings;
/// ```
///
/// [`TargetGroup`]: super::TargetGroup
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct TargetSettings {
    health_check: Option<HealthCheck>,
    deregistration_delay: Option<Duration>,
}

impl TargetSettings {
    /// How the balancer knows that a target is well.
    pub fn health_check(mut self, check: HealthCheck) -> Self {
        self.health_check = Some(check);
        self
    }

    /// How long requests that run may go on when a target is taken out: 5 minutes unless set, an hour at
    /// most.
    pub fn deregistration_delay(mut self, delay: Duration) -> Self {
        self.deregistration_delay = Some(delay);
        self
    }
}

/// The setters of a kind of target that has [`TargetSettings`] as `settings`.
macro_rules! target_settings {
    ($target:ty) => {
        impl $target {
            /// How the balancer knows that a target is well.
            pub fn health_check(mut self, check: crate::load_balancer::HealthCheck) -> Self {
                self.settings = self.settings.health_check(check);
                self
            }

            /// How long requests that run may go on when a target is taken out: 5 minutes unless set,
            /// an hour at most.
            ///
            /// Findings: a time that cannot be (`FW0462`), when a listener takes the target.
            pub fn deregistration_delay(mut self, delay: std::time::Duration) -> Self {
                self.settings = self.settings.deregistration_delay(delay);
                self
            }
        }
    };
}

#[cfg(any(feature = "compute", feature = "containers"))]
pub(crate) use target_settings;

target_settings!(Addresses);
target_settings!(Instances);

/// A target group that has just got its balancer, for [`Target::attach`].
#[derive(Debug, Clone)]
pub struct AttachedGroup {
    pub(super) group: Handle<elbv2::TargetGroup>,
    pub(super) after: ResourceId,
    /// The group's own id in the scope.
    #[cfg_attr(not(feature = "lambda-targets"), expect(dead_code, reason = "for functions"))]
    pub(super) id: String,
}

impl AttachedGroup {
    /// The group itself.
    pub const fn target_group(&self) -> &Handle<elbv2::TargetGroup> {
        &self.group
    }

    /// What must stand before the group has a balancer: the listener or the rule that passes
    /// requests on to it, for `depends_on`.
    pub const fn after(&self) -> ResourceId {
        self.after
    }
}

/// A port of machines that are known by their addresses: in the network, or reached through it.
///
/// ```
/// use formwork_aws::load_balancer::{Addresses, ApplicationLoadBalancer};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::App;
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// let machines = Addresses::new(8080, ["192.168.7.10", "192.168.7.11"]).outside();
/// balancer.http(&mut stack).forward_to(&machines);
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a load balancer takes the addresses"]
pub struct Addresses {
    port: u16,
    all: Vec<Expr<String>>,
    outside: bool,
    groups: Vec<SecurityGroupHandle>,
    settings: TargetSettings,
}

impl Addresses {
    /// A port of these addresses.
    pub fn new<A: Into<Expr<String>>>(port: u16, addresses: impl IntoIterator<Item = A>) -> Self {
        Self {
            port,
            all: addresses.into_iter().map(Into::into).collect(),
            outside: false,
            groups: Vec::new(),
            settings: TargetSettings::default(),
        }
    }

    /// The addresses are none of the network: they are reached by a peering, a VPN or the like.
    pub fn outside(mut self) -> Self {
        self.outside = true;
        self
    }

    /// The security group that the machines are in: it lets the balancer in.
    pub fn security_group(mut self, group: &SecurityGroupHandle) -> Self {
        self.groups.push(group.clone());
        self
    }
}

impl Target for Addresses {
    fn target_type(&self) -> &'static str {
        "ip"
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn settings(&self) -> Option<&TargetSettings> {
        Some(&self.settings)
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        &self.groups
    }

    fn is_guarded(&self) -> bool {
        false
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        scope.change(group.target_group(), |draft| {
            for address in &self.all {
                let mut target = TargetDescription::new(address.clone().cast::<AnyOf<_>>());
                target = target.port(self.port);
                if self.outside {
                    target = target.availability_zone("all");
                }
                draft.append("Targets", target);
            }
        });
    }
}

/// A port of instances that stand by themselves, by their handles or ids.
///
/// ```
/// use formwork_aws::load_balancer::Instances;
/// use formwork_core::id;
///
/// let servers = Instances::new(8080, [id("i-0a1b2c3d4e5f60718")]);
/// # let _ = servers;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a load balancer takes the instances"]
pub struct Instances {
    port: u16,
    all: Vec<Expr<ids::ec2::InstanceId>>,
    groups: Vec<SecurityGroupHandle>,
    settings: TargetSettings,
}

impl Instances {
    /// A port of these instances.
    pub fn new<I: Into<Expr<ids::ec2::InstanceId>>>(
        port: u16,
        instances: impl IntoIterator<Item = I>,
    ) -> Self {
        Self {
            port,
            all: instances.into_iter().map(Into::into).collect(),
            groups: Vec::new(),
            settings: TargetSettings::default(),
        }
    }

    /// The security group that the instances are in: it lets the balancer in.
    pub fn security_group(mut self, group: &SecurityGroupHandle) -> Self {
        self.groups.push(group.clone());
        self
    }
}

impl Target for Instances {
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
        &self.groups
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        scope.change(group.target_group(), |draft| {
            for instance in &self.all {
                let target = TargetDescription::new(instance.clone());
                draft.append("Targets", target.port(self.port));
            }
        });
    }
}
