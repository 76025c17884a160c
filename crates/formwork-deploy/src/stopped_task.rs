//! [`StoppedTasks`]: why the tasks of an ECS service do not stay up.
//!
//! CloudFormation says of a service only that it did not stabilize; the tasks know why.

use std::{collections::BTreeSet, fmt};

use aws_sdk_ecs::{
    Client,
    types::{DesiredStatus, Task},
};

use crate::{
    connection::Aws,
    deployment::RootCause,
    failure::failure,
    service::{Answer, StackEvent},
};

/// A task that has stopped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoppedTask {
    /// What it was started for: `service:NAME` of a service's tasks.
    pub group: String,
    /// Why it stopped, in the service's words.
    pub reason: Option<String>,
    /// Its containers that did not end well: the name, the exit code, and why.
    pub containers: Vec<StoppedContainer>,
}

/// A container of a task that has stopped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoppedContainer {
    /// The name in the task definition.
    pub name: String,
    /// What its program said with its exit.
    pub exit_code: Option<i32>,
    /// Why it stopped, in the service's words: that its image cannot be pulled, or its memory was too little.
    pub reason: Option<String>,
}

/// `essential container in task exited; container `web` exited with 1`.
impl fmt::Display for StoppedTask {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason.as_deref().unwrap_or("a task stopped"))?;
        for StoppedContainer { name, exit_code, reason } in &self.containers {
            write!(formatter, "; container `{name}`")?;
            if let Some(code) = exit_code {
                write!(formatter, " exited with {code}")?;
            }
            if let Some(reason) = reason {
                write!(formatter, ": {reason}")?;
            }
        }
        Ok(())
    }
}

/// ECS in one account and region, as far as failed deployments need it.
pub trait StoppedTasks: Send + Sync {
    /// Tasks of a cluster that stopped in the last hour; the latest hundred.
    fn stopped<'a>(&'a self, cluster: &'a str) -> Answer<'a, Vec<StoppedTask>>;
}

/// ECS over the AWS SDK.
#[derive(Debug, Clone)]
pub struct Ecs(Client);

impl Ecs {
    /// A client for what is connected already.
    pub fn new(aws: &Aws) -> Self {
        Self(Client::new(&aws.config))
    }
}

impl StoppedTasks for Ecs {
    fn stopped<'a>(&'a self, cluster: &'a str) -> Answer<'a, Vec<StoppedTask>> {
        Box::pin(async move {
            let call = self.0.list_tasks().cluster(cluster).desired_status(DesiredStatus::Stopped);
            let arns = call.send().await.map_err(|error| failure(&error))?.task_arns.unwrap_or_default();
            if arns.is_empty() {
                return Ok(Vec::new());
            }
            let call = self.0.describe_tasks().cluster(cluster).set_tasks(Some(arns));
            let tasks = call.send().await.map_err(|error| failure(&error))?.tasks.unwrap_or_default();
            Ok(tasks.into_iter().map(stopped_task).collect())
        })
    }
}

fn stopped_task(task: Task) -> StoppedTask {
    let containers = task.containers.unwrap_or_default().into_iter();
    let containers =
        containers.filter(|container| container.exit_code != Some(0) || container.reason.is_some());
    StoppedTask {
        group: task.group.unwrap_or_default(),
        reason: task.stopped_reason,
        containers: containers
            .map(|container| StoppedContainer {
                name: container.name.unwrap_or_default(),
                exit_code: container.exit_code,
                reason: container.reason,
            })
            .collect(),
    }
}

/// Adds to what failed first why the tasks of that service stopped; where that cannot be read, nothing.
///
/// The tasks are found by the service's name, and not by the service, which may be gone by now.
pub(crate) async fn explain(tasks: &dyn StoppedTasks, cause: &mut RootCause, events: &[StackEvent]) {
    /// More is the same again.
    const MOST: usize = 3;
    if cause.resource_type != "AWS::ECS::Service" {
        return;
    }
    let is_cause = |event: &&StackEvent| event.stack == cause.stack && event.logical_id == cause.logical_id;
    let mut arns = events.iter().rev().filter(is_cause).filter_map(|event| event.physical_id.as_deref());
    let Some((cluster, name)) = arns.find_map(cluster_and_name) else { return };
    let Ok(stopped) = tasks.stopped(cluster).await else { return };
    let group = format!("service:{name}");
    let reasons: BTreeSet<String> =
        stopped.iter().filter(|task| task.group == group).map(ToString::to_string).collect();
    cause.details = reasons.into_iter().take(MOST).collect();
}

/// The cluster and the name of a service, out of its ARN.
fn cluster_and_name(arn: &str) -> Option<(&str, &str)> {
    let resource = arn.strip_prefix("arn:")?.splitn(5, ':').nth(4)?;
    resource.strip_prefix("service/")?.split_once('/')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{cause::root_cause, error::ServiceError};

    /// The stopped tasks of one cluster.
    struct Cluster(&'static str, Vec<StoppedTask>);

    impl StoppedTasks for Cluster {
        fn stopped<'a>(&'a self, cluster: &'a str) -> Answer<'a, Vec<StoppedTask>> {
            let known = cluster == self.0;
            let message = "Cluster not found.".to_owned();
            Box::pin(async move {
                if known { Ok(self.1.clone()) } else { Err(ServiceError::NotFound { message }) }
            })
        }
    }

    fn task(service: &str, reason: &str, container: Option<(i32, Option<&str>)>) -> StoppedTask {
        let container = container.map(|(code, reason)| StoppedContainer {
            name: "web".to_owned(),
            exit_code: (code >= 0).then_some(code),
            reason: reason.map(str::to_owned),
        });
        StoppedTask {
            group: format!("service:{service}"),
            reason: Some(reason.to_owned()),
            containers: container.into_iter().collect(),
        }
    }

    #[tokio::test]
    async fn a_service_that_does_not_stabilize_is_explained_by_its_tasks() {
        let event = |status: &str, reason: Option<&str>| StackEvent {
            id: status.to_owned(),
            stack: "arn:stack".to_owned(),
            logical_id: "Web".to_owned(),
            physical_id: Some("arn:aws:ecs:eu-west-1:123456789012:service/main/web-Web-1".to_owned()),
            resource_type: "AWS::ECS::Service".to_owned(),
            status: status.to_owned(),
            reason: reason.map(str::to_owned),
            time: 1,
            token: None,
        };
        let reason = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.";
        let events = [event("CREATE_IN_PROGRESS", None), event("CREATE_FAILED", Some(reason))];
        let tasks = vec![
            task("web-Web-1", "Essential container in task exited", Some((1, None))),
            task("web-Web-1", "Essential container in task exited", Some((1, None))),
            task(
                "web-Web-1",
                "Task failed to start",
                Some((-1, Some("CannotPullContainerError: not found"))),
            ),
            task("another", "Scaling activity initiated by deployment", None),
        ];
        let explained = async |cluster: &'static str| {
            let mut cause = root_cause(&events, &BTreeMap::new(), "arn:stack").unwrap();
            explain(&Cluster(cluster, tasks.clone()), &mut cause, &events).await;
            cause.details
        };
        assert_eq!(explained("other").await, [""; 0]);
        assert_eq!(
            explained("main").await,
            [
                "Essential container in task exited; container `web` exited with 1",
                "Task failed to start; container `web`: CannotPullContainerError: not found",
            ]
        );
    }
}
