//! [`FleetUpdate`]: what becomes of instances that run when what they are made of changes.

use std::time::Duration;

use formwork_core::{AutoScalingInstanceRefresh, AutoScalingRollingUpdate, Expr, Finding, List, Scope};

use super::seconds;

/// The longest that a refresh waits at a checkpoint or at its end: two days.
const LONGEST_WAIT: Duration = Duration::from_hours(48);
/// What rests during a rolling update: all that starts or ends instances by itself.
const AT_REST: [&str; 6] = [
    "AZRebalance",
    "AlarmNotification",
    "HealthCheck",
    "InstanceRefresh",
    "ReplaceUnhealthy",
    "ScheduledActions",
];
/// The alarms that a refresh may heed.
const ALARMS: usize = 10;

/// What becomes of instances that run when the launch template of a fleet changes. Every way has its
/// price, which is why nobody chooses for the author.
///
/// | | who replaces | undone when | costs |
/// |---|---|---|---|
/// | [`InstanceRefresh`] | EC2 Auto Scaling, which knows warm-up, health and alarms | the refresh fails | time |
/// | [`AutoScalingRollingUpdate`] | CloudFormation, in batches | signals do not come | time, and signals from user data |
/// | [`FleetUpdate::new_fleet`] | CloudFormation, all at once | signals do not come | a second fleet for a while |
/// | [`FleetUpdate::leave_running`] | nobody | - | fleets of old and new instances |
///
/// See [UpdatePolicy](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::auto_scaling::{FleetUpdate, InstanceRefresh};
///
/// let careful = InstanceRefresh::new().healthy(100, 150).checkpoint(20, Duration::from_mins(10));
/// let update = FleetUpdate::from(careful);
/// # let _ = update;
/// ```
#[derive(Debug, Clone)]
pub struct FleetUpdate(pub(super) Choice);

#[derive(Debug, Clone)]
pub(super) enum Choice {
    Leave,
    Rolling(AutoScalingRollingUpdate),
    Refresh(InstanceRefresh),
    NewFleet { signals: u32, timeout: Duration },
}

impl FleetUpdate {
    /// Leaves instances that run as they are: only those that start later are like the new template.
    pub const fn leave_running() -> Self {
        Self(Choice::Leave)
    }

    /// Makes a second fleet, and lets the first one go when so many instances of the second have
    /// signalled (`cfn-signal`, in their user data) that they are well. If they do not in time, the
    /// first one stays.
    pub const fn new_fleet(signals: u32, timeout: Duration) -> Self {
        Self(Choice::NewFleet { signals, timeout })
    }
}

/// Scaling and replacement rest while it runs, unless `suspend_processes` names what does: what they
/// start or end in the middle would count as the update's.
impl From<AutoScalingRollingUpdate> for FleetUpdate {
    fn from(update: AutoScalingRollingUpdate) -> Self {
        let says = update.says_what_rests();
        Self(Choice::Rolling(if says { update } else { update.suspend_processes(AT_REST) }))
    }
}

impl From<InstanceRefresh> for FleetUpdate {
    fn from(refresh: InstanceRefresh) -> Self {
        Self(Choice::Refresh(refresh))
    }
}

/// EC2 Auto Scaling replaces the instances, as many at a time as may be missing, and waits for each
/// until it has warmed up and is well. A refresh that fails is rolled back with the stack.
///
/// See [instance refresh](https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::auto_scaling::InstanceRefresh;
///
/// let refresh = InstanceRefresh::new()
///     .healthy(90, 110)
///     .checkpoint(10, Duration::from_mins(15))
///     .bake(Duration::from_mins(5));
/// # let _ = refresh;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a fleet takes it: `AutoScalingGroup::new(..., InstanceRefresh::new())`"]
pub struct InstanceRefresh {
    pub(super) root_volumes: bool,
    healthy: Option<(u8, u8)>,
    warm_up: Option<Duration>,
    checkpoints: Vec<u8>,
    checkpoint_delay: Option<Duration>,
    bake: Option<Duration>,
    alarms: Vec<Expr<String>>,
    protected: Option<&'static str>,
    replaces_all: bool,
}

impl Default for InstanceRefresh {
    fn default() -> Self {
        Self::new()
    }
}

impl InstanceRefresh {
    /// New instances for old ones. Nine tenths of the fleet stay in service unless set; an instance that
    /// is like the new template already stays.
    pub const fn new() -> Self {
        Self {
            root_volumes: false,
            healthy: None,
            warm_up: None,
            checkpoints: Vec::new(),
            checkpoint_delay: None,
            bake: None,
            alarms: Vec::new(),
            protected: None,
            replaces_all: false,
        }
    }

    /// New root volumes, made from the image, for instances that stay, with their addresses and other
    /// volumes. The fleet mixes instances: [`AutoScalingGroup::mixed`](super::AutoScalingGroup::mixed).
    pub const fn of_root_volumes() -> Self {
        let mut refresh = Self::new();
        refresh.root_volumes = true;
        refresh
    }

    /// The shares of the fleet, in percent, that are in service at least (0 to 100) and that there are
    /// at most meanwhile (100 to 200). `healthy(100, 110)` starts new instances before old ones go.
    pub const fn healthy(mut self, least: u8, most: u8) -> Self {
        self.healthy = Some((least, most));
        self
    }

    /// How long a new instance takes: what the fleet says of warm-up unless set.
    pub const fn warm_up(mut self, time: Duration) -> Self {
        self.warm_up = Some(time);
        self
    }

    /// Waits when so many percent of the instances are new, for people or alarms to look: two days at
    /// most, and as long at every checkpoint.
    pub fn checkpoint(mut self, percent: u8, wait: Duration) -> Self {
        self.checkpoints.push(percent);
        self.checkpoint_delay = Some(wait);
        self
    }

    /// Waits after the last instance, two days at most, before the update is a success.
    pub const fn bake(mut self, time: Duration) -> Self {
        self.bake = Some(time);
        self
    }

    /// Fails when this alarm, of ten at most, goes off meanwhile.
    pub fn alarm(mut self, alarm: impl Into<Expr<formwork_cfn::ids::cloudwatch::AlarmName>>) -> Self {
        self.alarms.push(alarm.into().into());
        self
    }

    /// Replaces instances that are protected from scaling in, too, where it would wait for an hour
    /// that the protection goes, and then fail.
    pub const fn even_if_protected(mut self) -> Self {
        self.protected = Some("Refresh");
        self
    }

    /// Leaves instances as they are that are protected from scaling in, where it would wait for an hour
    /// that the protection goes, and then fail.
    pub const fn except_protected(mut self) -> Self {
        self.protected = Some("Ignore");
        self
    }

    /// Replaces instances that are like the new template already, too.
    pub const fn even_if_matching(mut self) -> Self {
        self.replaces_all = true;
        self
    }

    /// Reports (`FW0421`) what cannot be.
    fn check(&self, scope: &mut Scope<'_>) {
        if let Some((least, most)) = self.healthy {
            check_healthy(least, most, scope);
        }
        let mut mistakes = Vec::new();
        if self.checkpoints.iter().any(|percent| !(1..=100).contains(percent)) {
            mistakes.push("a refresh has a checkpoint below 1 or above 100 percent".to_owned());
        }
        if !self.checkpoints.is_sorted_by(|one, next| one < next) {
            mistakes.push("the checkpoints of a refresh do not rise".to_owned());
        }
        if self.checkpoint_delay.is_some_and(|wait| wait > LONGEST_WAIT)
            || self.bake.is_some_and(|wait| wait > LONGEST_WAIT)
        {
            mistakes.push("a refresh waits longer than two days, which is the most".to_owned());
        }
        if self.alarms.len() > ALARMS {
            mistakes.push(format!(
                "a refresh heeds {ALARMS} alarms at most, and these are {}",
                self.alarms.len()
            ));
        }
        for mistake in mistakes {
            scope.report(Finding::error("FW0421", mistake));
        }
    }

    pub(super) fn into_policy(mut self, scope: &mut Scope<'_>) -> AutoScalingInstanceRefresh {
        self.check(scope);
        let mut refresh = if self.root_volumes {
            AutoScalingInstanceRefresh::replace_root_volume()
        } else {
            AutoScalingInstanceRefresh::rolling()
        };
        refresh = refresh.skip_matching(!self.replaces_all);
        if let Some((least, most)) = self.healthy {
            refresh = refresh.min_healthy_percentage(least).max_healthy_percentage(most);
        }
        if let Some(time) = self.warm_up {
            refresh = refresh.instance_warmup(seconds(time));
        }
        if let Some(delay) = self.checkpoint_delay {
            if self.checkpoints.last().is_some_and(|last| *last < 100) {
                // The service replaces no instance after the last checkpoint.
                self.checkpoints.push(100);
            }
            let percentages = self.checkpoints.iter().map(|percent| i64::from(*percent));
            refresh = refresh
                .checkpoint_percentages(Expr::<List<i64>>::list(percentages))
                .checkpoint_delay(seconds(delay));
        }
        if let Some(time) = self.bake {
            refresh = refresh.bake_time(seconds(time));
        }
        if !self.alarms.is_empty() {
            refresh = refresh.alarms(Expr::<List<String>>::list(self.alarms));
        }
        if let Some(what) = self.protected {
            refresh = refresh.scale_in_protected_instances(what);
        }
        refresh
    }
}

/// Reports (`FW0421`) shares of a fleet that cannot be in service.
pub(super) fn check_healthy(least: u8, most: u8, scope: &mut Scope<'_>) {
    let mistake = if least > 100 {
        format!("{least} percent of the fleet cannot stay in service")
    } else if !(100..=200).contains(&most) {
        format!("a fleet cannot have {most} percent of its instances meanwhile: 100 to 200 is possible")
    } else if most - least > 100 {
        format!("{least} to {most} percent is a range of more than 100")
    } else {
        return;
    };
    scope.report(Finding::error("FW0421", mistake));
}
