//! [`QueueService`]: tasks that work on the messages of a queue, in one call.

use std::time::Duration;

use formwork_cfn::sqs;
use formwork_core::{Build, Handle, Object, Scope};

use super::{
    cluster::ClusterHandle,
    container::Container,
    service::FargateService,
    service_handle::FargateServiceHandle,
    task_settings::{TaskSettings, task_settings_setters},
};
use crate::{
    capacity::{Capacity, Ranged},
    grants::QueueGrants,
    vpc::Subnets,
};

/// How often a message is tried before it is put aside.
const TRIES: i64 = 3;
/// How long messages that were put aside are kept: two weeks, the longest that there is.
const KEPT: i64 = 1_209_600;

/// A queue, another one for messages that fail, and a service on Fargate that works on them: as many
/// tasks as messages wait.
///
/// The container finds the queue in its variable `QUEUE_URL`, and its role may take messages from it.
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::{architecture::Architecture, capacity::Capacity, logs::Retention};
/// use formwork_aws::ecs::{Cluster, Container, ContainerImage, FargateSize, QueueService};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .build(&mut stack, "Network");
/// let cluster = Cluster::new().build(&mut stack, "Services");
/// let worker = Container::new("worker", ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37"));
/// let jobs = QueueService::new(&cluster, &vpc.private(), worker, Capacity::between(1, 20), 100)
///     .size(FargateSize::of::<512, 1024>())
///     .longest_work(Duration::from_mins(5))
///     .build(&mut stack, "Jobs");
/// stack.output("Queue", jobs.queue().queue_url());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a service is added to a stack by `build`"]
pub struct QueueService {
    cluster: ClusterHandle,
    subnets: Subnets,
    container: Container,
    capacity: Capacity<Ranged>,
    messages_per_task: u32,
    settings: TaskSettings,
    longest_work: Duration,
}

task_settings_setters!(QueueService);

impl QueueService {
    /// A service of tasks in these subnets, and the messages that may wait for each task.
    pub fn new(
        cluster: &ClusterHandle,
        subnets: &Subnets,
        container: Container,
        capacity: Capacity<Ranged>,
        messages_per_task: u32,
    ) -> Self {
        Self {
            cluster: cluster.clone(),
            subnets: subnets.clone(),
            container,
            capacity,
            messages_per_task,
            settings: TaskSettings::new(),
            longest_work: Duration::from_secs(30),
        }
    }

    /// The longest time that work on a message takes, in which no other task gets it: 30 seconds
    /// unless set.
    pub const fn longest_work(mut self, time: Duration) -> Self {
        self.longest_work = time;
        self
    }

    /// Adds the queues, the task and the service to a stack.
    ///
    /// Findings: those of [`FargateTask`](super::FargateTask) and [`FargateService`].
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> QueueServiceHandle {
        let mut scope = scope.construct(id);
        let failed = sqs::Queue::new()
            .sqs_managed_sse_enabled(true)
            .message_retention_period(KEPT)
            .build(&mut scope, "Failed");
        let redrive = Object::new().with("deadLetterTargetArn", failed.arn()).with("maxReceiveCount", TRIES);
        let queue = sqs::Queue::new()
            .sqs_managed_sse_enabled(true)
            .visibility_timeout(i64::try_from(self.longest_work.as_secs()).unwrap_or(i64::MAX))
            .redrive_policy(redrive)
            .build(&mut scope, "Queue");
        let container = self.container.environment("QUEUE_URL", queue.queue_url());
        let task = self.settings.build(container, &mut scope, "Worker");
        task.role().grant(&mut scope, queue.consume());
        let service = FargateService::new(&self.cluster, &task, &self.subnets, self.capacity)
            .build(&mut scope, "Workers");
        service.track_queue(&mut scope, queue.queue_name(), self.messages_per_task);
        QueueServiceHandle { queue, failed, service }
    }
}

/// A [`QueueService`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct QueueServiceHandle {
    queue: Handle<sqs::Queue>,
    failed: Handle<sqs::Queue>,
    service: FargateServiceHandle<Ranged>,
}

impl QueueServiceHandle {
    /// The queue that is worked on: others put messages in (`jobs.queue().send()`).
    pub const fn queue(&self) -> &Handle<sqs::Queue> {
        &self.queue
    }

    /// Where messages are put aside that failed three times.
    pub const fn failed(&self) -> &Handle<sqs::Queue> {
        &self.failed
    }

    /// The service.
    pub const fn service(&self) -> &FargateServiceHandle<Ranged> {
        &self.service
    }
}
