//! The types that stacks name, and no modules: those of services are called the same.

#[cfg(feature = "scheduled-tasks")]
pub use crate::ecs::ScheduledTask;
#[cfg(all(feature = "compute", feature = "containers"))]
pub use crate::ecs::VolumeFormat;
#[cfg(feature = "code-deploy")]
pub use crate::ecs::{CodeDeployment, CodeDeploymentHandle};
#[cfg(feature = "service-discovery")]
pub use crate::ecs::{Discovery, Namespace, NamespaceHandle};
#[cfg(feature = "container-instances")]
pub use crate::ecs::{InstanceCapacity, InstanceCapacityHandle};
#[cfg(feature = "queue-services")]
pub use crate::ecs::{QueueService, QueueServiceHandle};
#[cfg(feature = "file-systems")]
pub use crate::file_system::{AccessPoint, FileSystem, FileSystemHandle};
#[cfg(feature = "access-keys")]
pub use crate::iam::{AccessKey, AccessKeyHandle};
#[cfg(feature = "access-logs")]
pub use crate::load_balancer::AccessLogs;
#[cfg(feature = "load-balancing")]
pub use crate::load_balancer::{
    Addresses, Algorithm, Answer, ApplicationLoadBalancer, ApplicationLoadBalancerHandle, Authentication,
    EndpointService, GatewayLoadBalancer, GatewayLoadBalancerHandle, HealthCheck, HealthyTargets, Instances,
    MutualTls, NetworkLoadBalancer, NetworkLoadBalancerHandle, OpenIdClient, QuicLoadBalancer, QuicServers,
    Redirect, Requests, Stickiness, TargetGroup, TargetGroupHandle, TokenValidation, TrustStore,
    WeightedTargets,
};
#[cfg(feature = "classic-load-balancing")]
pub use crate::load_balancer::{ClassicListener, ClassicLoadBalancer};
#[cfg(any(feature = "access-logs", feature = "flow-logs"))]
pub use crate::log_bucket::{LogBucket, LogBucketHandle};
#[cfg(any(feature = "containers", feature = "flow-logs"))]
pub use crate::logs::{LogGroup, LogGroupHandle, Retention};
#[cfg(any(feature = "containers", feature = "access-keys"))]
pub use crate::secret::{Secret, SecretHandle};
#[cfg(feature = "flow-logs")]
pub use crate::vpc::{FlowLogDestination, FlowLogs};
#[cfg(any(feature = "compute", feature = "containers"))]
pub use crate::{
    architecture::Architecture,
    capacity::{Capacity, Fixed, Ranged},
    scaling::{Metric, StepScaling},
};
#[cfg(feature = "compute")]
pub use crate::{
    auto_scaling::{
        AutoScalingGroup, AutoScalingGroupHandle, FleetEvent, FleetHealth, FleetUpdate, InstanceRefresh,
        LifecycleHook, MixedInstances, Prediction, Schedule, SimpleScaling, SpotAllocation,
        TerminationPolicy, WarmPool,
    },
    elastic_ip::ElasticIp,
    image::Image,
    instance::{Instance, InstanceHandle},
    instance_requirements::InstanceRequirements,
    instance_type::{Family, InstanceType, Size},
    key_pair::{KeyPair, KeyPairHandle},
    launch_template::{LaunchTemplate, LaunchTemplateHandle, NetworkInterface, Spot},
    placement_group::{PlacementGroup, PlacementGroupHandle},
    user_data::{UserData, UserDataPart},
    volume::{DataVolume, Volume, VolumeEnd},
};
#[cfg(feature = "containers")]
pub use crate::{
    ecr::{ImageLifecycleRule, RegistryScanning, Repository, RepositoryHandle},
    ecs::{
        AppProtocol, BlueGreen, Capability, CapacityShare, Cluster, ClusterCapacity, ClusterCapacityHandle,
        ClusterHandle, Container, ContainerHealthCheck, ContainerImage, ContainerInsights, ContainerState,
        DeploymentHook, DeploymentStage, DockerVolume, ExecuteCommand, FargateService, FargateServiceHandle,
        FargateSize, FargateTask, FargateTaskHandle, HookEnd, HostPortService, HostPortServiceHandle,
        HostPortTask, HostPortTaskHandle, InstanceService, InstanceServiceHandle, InstanceTask,
        InstanceTaskHandle, LoadBalancedService, LoadBalancedServiceHandle, LogDriver, Placement,
        PlacementRule, RestartPolicy, ServiceSchedule, ServiceSteps, TaskVolume, Tracking, TrafficShift,
        UlimitName,
    },
};
#[cfg(feature = "identity")]
pub use crate::{
    grants::{
        BucketGrants, BuildProject, DeliveryStreamGrants, EmailIdentityGrants, EventBusGrants,
        FileSystemGrants, FleetGrants, FunctionGrants, InstanceGrants, KeyGrants, LogGroupGrants, Pipeline,
        QueueGrants, RepositoryGrants, SecretGrants, ServiceGrants, StateMachineGrants, StoredParameter,
        StreamGrants, TableGrants, TableStreamGrants, TopicGrants, UserPoolGrants, put_metric_data,
        put_traces,
    },
    iam::{
        ConditionKey, Date, Effect, GithubJobs, Group, GroupHandle, InstanceProfile, InstanceProfileHandle,
        ManagedPolicy, ManagedPolicyHandle, OidcProvider, OidcProviderHandle, Permission, PolicyCondition,
        PolicyDocument, Principal, Role, RoleHandle, ServiceLinkedRole, Statement, User, UserHandle,
        session_manager,
    },
};
#[cfg(feature = "network")]
pub use crate::{
    port::Port,
    prefix_list::{PrefixList, PrefixListHandle},
    security_group::{ImportedSecurityGroup, Outbound, Peer, SecurityGroup, SecurityGroupHandle},
    vpc::{
        AclRule, Destination, DhcpOptions, GatewayEndpoint, ImportedVpc, InterfaceEndpoint, NatInstance,
        NatPolicy, NetworkAcl, Peering, RouteTarget, Subnets, Tier, TransitGatewayAttachment, Vpc, VpcHandle,
        VpnGateway, Zones,
    },
};
