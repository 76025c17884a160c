//! [`FargateSize`]: processor and memory of a task.

use formwork_core::{Finding, Scope};

/// Processor and memory of a Fargate task. Only some pairs exist.
///
/// See [task sizes](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size).
///
/// ```
/// use formwork_aws::ecs::FargateSize;
///
/// let size = FargateSize::of::<256, 512>(); // a quarter of a processor, 512 MiB
/// # let _ = size;
/// ```
///
/// A pair that does not exist does not compile:
///
/// ```compile_fail
/// use formwork_aws::ecs::FargateSize;
///
/// let size = FargateSize::of::<256, 4096>();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FargateSize {
    pub(super) cpu: u32,
    pub(super) memory: u32,
}

/// Processor units, and the memory from, to and in steps of, in MiB.
const SIZES: [(u32, u32, u32, u32); 7] = [
    (256, 512, 2_048, 512),
    (512, 1_024, 4_096, 1_024),
    (1_024, 2_048, 8_192, 1_024),
    (2_048, 4_096, 16_384, 1_024),
    (4_096, 8_192, 30_720, 1_024),
    (8_192, 16_384, 61_440, 4_096),
    (16_384, 32_768, 122_880, 8_192),
];

impl FargateSize {
    /// Processor units (1,024 are one processor) and MiB of memory.
    pub const fn of<const CPU: u32, const MEMORY: u32>() -> Self {
        const {
            assert!(
                exists(CPU, MEMORY),
                "Fargate has no task of this size: 256 units take 512, 1024 or 2048 MiB, 512 take 1024 to 4096, 1024 take 2048 to 8192, and so on"
            );
        }
        Self { cpu: CPU, memory: MEMORY }
    }

    /// A size from numbers that are known when the program runs. A pair that does not exist is a
    /// finding (`FW0430`) where the task is built.
    pub const fn new(cpu: u32, memory: u32) -> Self {
        Self { cpu, memory }
    }

    pub(super) fn cpu(self) -> String {
        self.cpu.to_string()
    }

    pub(super) fn memory(self) -> String {
        self.memory.to_string()
    }

    pub(super) fn check(self, scope: &mut Scope<'_>) {
        if exists(self.cpu, self.memory) {
            return;
        }
        let message = format!("Fargate has no task of {} processor units and {} MiB", self.cpu, self.memory);
        let hint = if self.cpu == 256 {
            "256 units take 512, 1024 or 2048 MiB".to_owned()
        } else if let Some((cpu, from, to, step)) = SIZES.iter().find(|(cpu, ..)| *cpu == self.cpu) {
            format!("{cpu} units take {from} to {to} MiB, in steps of {step}")
        } else {
            let units: Vec<String> = SIZES.iter().map(|(cpu, ..)| cpu.to_string()).collect();
            format!("processor units are {}", units.join(", "))
        };
        scope.report(Finding::error("FW0430", message).hint(hint));
    }
}

const fn exists(cpu: u32, memory: u32) -> bool {
    let mut position = 0;
    while position < SIZES.len() {
        let (units, from, to, step) = SIZES[position];
        if units == cpu {
            // A quarter of a processor has steps that double.
            let in_step = if cpu == 256 { memory != 1_536 } else { true };
            return memory >= from && memory <= to && (memory - from).is_multiple_of(step) && in_step;
        }
        position += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::exists;

    #[test]
    fn the_pairs_of_the_service_exist_and_no_others() {
        let count = |cpu| (0..=131_072).step_by(256).filter(|memory| exists(cpu, *memory)).count();
        assert_eq!([256, 512, 1_024, 2_048, 4_096, 8_192, 16_384].map(count), [3, 4, 7, 13, 23, 12, 12]);
        assert_eq!(count(300), 0);
    }
}
