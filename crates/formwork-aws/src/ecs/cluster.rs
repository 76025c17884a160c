//! [`Cluster`]: where services run.

use formwork_cfn::{ecs, ecs::cluster::ClusterSettings, ids};
use formwork_core::{Build, Expr, Handle, Scope, builder::AnyOf};

/// A cluster for Fargate services.
///
/// See [`AWS::ECS::Cluster`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-cluster.html).
///
/// ```
/// use formwork_aws::ecs::Cluster;
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// Cluster::new().container_insights().build(&mut stack, "Services");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a cluster is added to a stack by `build`"]
pub struct Cluster {
    container_insights: bool,
}

impl Cluster {
    /// A cluster.
    pub fn new() -> Self {
        Self::default()
    }

    /// Measures every task and service, which costs money for each metric.
    pub const fn container_insights(mut self) -> Self {
        self.container_insights = true;
        self
    }

    /// Adds the cluster to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> ClusterHandle {
        let mut scope = scope.construct(id);
        let insights = if self.container_insights { "enabled" } else { "disabled" };
        let cluster = ecs::Cluster::new()
            .cluster_settings([ClusterSettings::new().name("containerInsights").value(insights)])
            .build(&mut scope, "Cluster");
        ClusterHandle { cluster }
    }
}

/// A [`Cluster`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct ClusterHandle {
    cluster: Handle<ecs::Cluster>,
}

impl ClusterHandle {
    /// The cluster itself.
    pub const fn cluster(&self) -> &Handle<ecs::Cluster> {
        &self.cluster
    }

    /// The name.
    pub fn name(&self) -> Expr<String> {
        self.cluster.cluster_name().into()
    }
}

impl From<&ClusterHandle> for Expr<AnyOf<ids::any::ClusterArnOrClusterName>> {
    fn from(handle: &ClusterHandle) -> Self {
        Self::from(&handle.cluster)
    }
}
