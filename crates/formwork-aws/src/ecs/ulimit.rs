//! [`UlimitName`]: what a container may use of the machine.

use formwork_cfn::ecs::task_definition::Ulimit as UlimitProperty;

/// What a container may use of the machine: a resource that the kernel limits for each process.
///
/// See [`AWS::ECS::TaskDefinition Ulimit`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-taskdefinition-ulimit.html).
///
/// ```
/// use formwork_aws::ecs::{Container, ContainerImage, UlimitName};
///
/// let search = Container::new("search", ContainerImage::public("public.ecr.aws/docker/library/redis:8"))
///     .open_files(65_536)
///     .ulimit(UlimitName::Processes, 4096, 8192)
///     .unlimited(UlimitName::LockedMemory);
/// # let _ = search;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UlimitName {
    /// The size of a core dump, in bytes.
    CoreDump,
    /// The processor time, in seconds.
    CpuTime,
    /// The data segment, in bytes.
    Data,
    /// The size of a file that is written, in bytes.
    FileSize,
    /// Locks on files.
    FileLocks,
    /// Memory that is not swapped out, in bytes.
    LockedMemory,
    /// Message queues, in bytes.
    MessageQueues,
    /// The highest priority, as 20 less its nice value.
    Nice,
    /// Files that are open at once. The one limit that tasks on Fargate set.
    OpenFiles,
    /// Processes and threads of the user.
    Processes,
    /// Memory in use, in bytes. Linux has not looked at it for long.
    ResidentMemory,
    /// The highest real-time priority.
    RealTimePriority,
    /// The processor time at real-time priority, in microseconds.
    RealTimeTimeout,
    /// Signals that wait.
    PendingSignals,
    /// The stack, in bytes.
    Stack,
}

impl UlimitName {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::CoreDump => "core",
            Self::CpuTime => "cpu",
            Self::Data => "data",
            Self::FileSize => "fsize",
            Self::FileLocks => "locks",
            Self::LockedMemory => "memlock",
            Self::MessageQueues => "msgqueue",
            Self::Nice => "nice",
            Self::OpenFiles => "nofile",
            Self::Processes => "nproc",
            Self::ResidentMemory => "rss",
            Self::RealTimePriority => "rtprio",
            Self::RealTimeTimeout => "rttime",
            Self::PendingSignals => "sigpending",
            Self::Stack => "stack",
        }
    }
}

/// A limit: what holds, and how far a process may raise it itself. None is no limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ulimit {
    pub(super) name: UlimitName,
    pub(super) bounds: Option<(u64, u64)>,
}

impl Ulimit {
    pub(super) fn into_property(self) -> UlimitProperty {
        let whole = |limit| i64::try_from(limit).unwrap_or(i64::MAX);
        let (soft, hard) = self.bounds.map_or((-1, -1), |(soft, hard)| (whole(soft), whole(hard)));
        UlimitProperty::new(self.name.name(), soft, hard)
    }
}
