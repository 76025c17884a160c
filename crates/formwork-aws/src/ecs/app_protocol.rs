//! [`AppProtocol`]: what is spoken on a port that others find by name.

/// What is spoken on a port that others find by its name
/// ([`Container::named_port_speaking`](super::Container::named_port_speaking)): the proxies between
/// measure and balance it request by request. Without it, they see connections.
///
/// See [`AWS::ECS::TaskDefinition PortMapping`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-taskdefinition-portmapping.html).
///
/// ```
/// use formwork_aws::ecs::{AppProtocol, Container, ContainerImage};
///
/// let api = Container::new("api", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29"))
///     .named_port_speaking("api", 8080, AppProtocol::Grpc);
/// # let _ = api;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppProtocol {
    /// HTTP/1.
    Http,
    /// HTTP/2.
    Http2,
    /// gRPC.
    Grpc,
}

impl AppProtocol {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Http2 => "http2",
            Self::Grpc => "grpc",
        }
    }
}
