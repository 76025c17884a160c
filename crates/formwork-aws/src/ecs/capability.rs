//! [`Capability`]: what a process may do beside what every user may.

/// What a process in a container may do beside what every user may.
///
/// See [`AWS::ECS::TaskDefinition KernelCapabilities`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-taskdefinition-kernelcapabilities.html)
/// and [capabilities(7)](https://man7.org/linux/man-pages/man7/capabilities.7.html).
///
/// ```
/// use formwork_aws::ecs::{Capability, Container, ContainerImage};
///
/// let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29"))
///     .drop_capability(Capability::All);
/// # let _ = web;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// Every capability.
    All,
    /// Sets what the kernel audits.
    AuditControl,
    /// Writes to the kernel's audit log.
    AuditWrite,
    /// Keeps the machine awake.
    BlockSuspend,
    /// Gives files to other users.
    Chown,
    /// Reads, writes and runs files that it has no permission for.
    DacOverride,
    /// Reads files that it has no permission for.
    DacReadSearch,
    /// Acts as the owner of any file.
    FileOwner,
    /// Keeps the set-user and set-group bits of files that it changes.
    FileSetId,
    /// Keeps memory from being swapped out.
    IpcLock,
    /// Uses shared memory and queues of others.
    IpcOwner,
    /// Sends signals to any process.
    Kill,
    /// Takes leases of files.
    Lease,
    /// Makes files unchangeable.
    LinuxImmutable,
    /// Sets rules of mandatory access.
    MacAdmin,
    /// Passes over rules of mandatory access.
    MacOverride,
    /// Makes special files.
    MakeNodes,
    /// Sets interfaces, routes and firewalls.
    NetAdmin,
    /// Listens on ports below 1024.
    NetBindService,
    /// Sends to everybody in the network.
    NetBroadcast,
    /// Sends and reads packets of any kind.
    NetRaw,
    /// Gives capabilities to files.
    SetFileCapabilities,
    /// Becomes any group.
    SetGroup,
    /// Gives capabilities on.
    SetProcessCapabilities,
    /// Becomes any user.
    SetUser,
    /// Mounts, and much else that an administrator does.
    SysAdmin,
    /// Restarts the machine.
    SysBoot,
    /// Changes the root directory.
    SysChroot,
    /// Loads kernel modules.
    SysModule,
    /// Sets priorities of any process.
    SysNice,
    /// Switches accounting of processes.
    SysAccounting,
    /// Looks into other processes. The one that tasks on Fargate can be given.
    SysPtrace,
    /// Uses ports of devices.
    SysRawIo,
    /// Goes beyond limits.
    SysResource,
    /// Sets the clock.
    SysTime,
    /// Sets terminals.
    SysTtyConfig,
    /// Reads and clears the kernel's log.
    Syslog,
    /// Wakes the machine.
    WakeAlarm,
}

impl Capability {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::AuditControl => "AUDIT_CONTROL",
            Self::AuditWrite => "AUDIT_WRITE",
            Self::BlockSuspend => "BLOCK_SUSPEND",
            Self::Chown => "CHOWN",
            Self::DacOverride => "DAC_OVERRIDE",
            Self::DacReadSearch => "DAC_READ_SEARCH",
            Self::FileOwner => "FOWNER",
            Self::FileSetId => "FSETID",
            Self::IpcLock => "IPC_LOCK",
            Self::IpcOwner => "IPC_OWNER",
            Self::Kill => "KILL",
            Self::Lease => "LEASE",
            Self::LinuxImmutable => "LINUX_IMMUTABLE",
            Self::MacAdmin => "MAC_ADMIN",
            Self::MacOverride => "MAC_OVERRIDE",
            Self::MakeNodes => "MKNOD",
            Self::NetAdmin => "NET_ADMIN",
            Self::NetBindService => "NET_BIND_SERVICE",
            Self::NetBroadcast => "NET_BROADCAST",
            Self::NetRaw => "NET_RAW",
            Self::SetFileCapabilities => "SETFCAP",
            Self::SetGroup => "SETGID",
            Self::SetProcessCapabilities => "SETPCAP",
            Self::SetUser => "SETUID",
            Self::SysAdmin => "SYS_ADMIN",
            Self::SysBoot => "SYS_BOOT",
            Self::SysChroot => "SYS_CHROOT",
            Self::SysModule => "SYS_MODULE",
            Self::SysNice => "SYS_NICE",
            Self::SysAccounting => "SYS_PACCT",
            Self::SysPtrace => "SYS_PTRACE",
            Self::SysRawIo => "SYS_RAWIO",
            Self::SysResource => "SYS_RESOURCE",
            Self::SysTime => "SYS_TIME",
            Self::SysTtyConfig => "SYS_TTY_CONFIG",
            Self::Syslog => "SYSLOG",
            Self::WakeAlarm => "WAKE_ALARM",
        }
    }
}
