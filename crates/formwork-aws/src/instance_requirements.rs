//! [`InstanceRequirements`]: instance types by what they have.

use formwork_cfn::{autoscaling::auto_scaling_group as fleet, ec2::launch_template as template};
use formwork_core::{Expr, Finding, Scope};

use crate::architecture::Architecture;

/// Instance types by what they have, whatever they are called: what is new is taken in by itself.
///
/// See [attribute-based selection](https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-mixed-instances-group-attribute-based-instance-type-selection.html).
///
/// ```
/// use formwork_aws::{architecture::Architecture, instance_requirements::InstanceRequirements};
///
/// let any = InstanceRequirements::new(2, 4, 4, 16, Architecture::X86_64).exclude(["d*", "h*"]).current_generation();
/// # let _ = any;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct InstanceRequirements {
    processors: (u32, u32),
    gibibytes: (u32, u32),
    architecture: Architecture,
    excluded: Vec<String>,
    allowed: Vec<String>,
    generation: Option<&'static str>,
    burstable: Option<&'static str>,
    local_storage: Option<&'static str>,
    spot_percent: Option<u32>,
}

impl InstanceRequirements {
    /// Virtual processors from the first number to the second, GiB of memory from the third to the
    /// fourth, of one architecture: an image is for one.
    pub const fn new(
        least_processors: u32,
        most_processors: u32,
        least_gibibytes: u32,
        most_gibibytes: u32,
        architecture: Architecture,
    ) -> Self {
        Self {
            processors: (least_processors, most_processors),
            gibibytes: (least_gibibytes, most_gibibytes),
            architecture,
            excluded: Vec::new(),
            allowed: Vec::new(),
            generation: None,
            burstable: None,
            local_storage: None,
            spot_percent: None,
        }
    }

    /// None of these types (`m5.8xlarge`, `c5*.*`).
    pub fn exclude<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.excluded.extend(types.into_iter().map(Into::into));
        self.allowed.clear();
        self
    }

    /// Only these types (`m7*`), in place of what was excluded.
    pub fn only<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.allowed.extend(types.into_iter().map(Into::into));
        self.excluded.clear();
        self
    }

    /// Only types of the current generation.
    pub fn current_generation(mut self) -> Self {
        self.generation = Some("current");
        self
    }

    /// Types that save up for bursts (`t4g`) too, where there would be none.
    pub fn burstable(mut self) -> Self {
        self.burstable = Some("included");
        self
    }

    /// Only types with disks of their own.
    pub fn local_storage(mut self) -> Self {
        self.local_storage = Some("required");
        self
    }

    /// No spot instance that costs more than so many percent of what the cheapest type costs on demand.
    pub fn spot_price_at_most(mut self, percent: u32) -> Self {
        self.spot_percent = Some(percent);
        self
    }

    pub(crate) const fn architecture(&self) -> Architecture {
        self.architecture
    }

    /// Reports (`FW0469`) what no type can have.
    pub(crate) fn check(&self, scope: &mut Scope<'_>) {
        for ((least, most), noun) in
            [(self.processors, "virtual processors"), (self.gibibytes, "GiB of memory")]
        {
            if least > most || most == 0 {
                let message = format!("no instance type has {least} to {most} {noun}");
                scope.report(Finding::error("FW0469", message).hint("write the lower number first"));
            }
        }
    }

    /// Who makes the processors.
    fn makers(&self) -> [Option<&'static str>; 2] {
        match self.architecture {
            Architecture::Arm64 => [Some("amazon-web-services"), None],
            Architecture::X86_64 => [Some("amd"), Some("intel")],
        }
    }
}

/// The same in the types of a fleet or of a launch template.
macro_rules! requirements {
    ($method:ident, $module:ident, $memory:ident, $processors:ident, $new:expr) => {
        impl InstanceRequirements {
            pub(crate) fn $method(&self) -> $module::InstanceRequirements {
                let mebibytes = |gibibytes: u32| i64::from(gibibytes) * 1024;
                let memory =
                    $module::$memory::new().min(mebibytes(self.gibibytes.0)).max(mebibytes(self.gibibytes.1));
                let processors = $module::$processors::new().min(self.processors.0).max(self.processors.1);
                let makers = self.makers().into_iter().flatten();
                let mut property =
                    $new(memory, processors).cpu_manufacturers(Expr::list(makers)).bare_metal("excluded");
                if !self.excluded.is_empty() {
                    property = property.excluded_instance_types(self.excluded.clone());
                }
                if !self.allowed.is_empty() {
                    property = property.allowed_instance_types(self.allowed.clone());
                }
                if let Some(generation) = self.generation {
                    property = property.instance_generations([generation]);
                }
                if let Some(burstable) = self.burstable {
                    property = property.burstable_performance(burstable);
                }
                if let Some(local) = self.local_storage {
                    property = property.local_storage(local);
                }
                if let Some(percent) = self.spot_percent {
                    property = property.max_spot_price_as_percentage_of_optimal_on_demand_price(percent);
                }
                property
            }
        }
    };
}

requirements!(for_fleet, fleet, MemoryMibRequest, VcpuCountRequest, fleet::InstanceRequirements::new);
requirements!(for_template, template, MemoryMib, VcpuCount, |memory, processors| {
    template::InstanceRequirements::new().memory_mib(memory).vcpu_count(processors)
});
