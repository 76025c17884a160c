//! What leaves no trace.

use formwork_template::{ResourceView, Severity, Value};

use crate::judge::{Judge, is_false, is_true, items, plain, text};

pub(super) fn check(judge: &mut Judge<'_>) {
    for trail in judge.resources("AWS::CloudTrail::Trail") {
        if trail.property("IsLogging").is_some_and(is_false) {
            let path = ["Resources", trail.logical_id, "Properties", "IsLogging"];
            judge.warning("FW3040", &path, "the trail records nothing", "set it to true");
        }
        if !trail.property("EnableLogFileValidation").is_some_and(is_true) {
            note(judge, trail, "files of the trail may be changed unseen", "set `EnableLogFileValidation`");
        }
    }
    for balancer in judge.resources("AWS::ElasticLoadBalancingV2::LoadBalancer") {
        let Some(attributes) =
            balancer.property("LoadBalancerAttributes").map_or(Some(&[][..]), |list| plain(list).map(items))
        else {
            continue;
        };
        let on = attributes.iter().any(|attribute| {
            let key = attribute.get("Key").and_then(text);
            key.is_none()
                || (key.as_deref() == Some("access_logs.s3.enabled")
                    && !attribute.get("Value").is_some_and(is_false))
        });
        if !on && balancer.property("Type").and_then(text).as_deref() != Some("gateway") {
            note(
                judge,
                balancer,
                "the load balancer writes no access logs",
                "set the attributes `access_logs.s3.enabled` and `access_logs.s3.bucket`",
            );
        }
    }
    for distribution in judge.resources("AWS::CloudFront::Distribution") {
        let config = distribution.property("DistributionConfig");
        if config.is_some_and(|config| plain(config).is_some() && config.get("Logging").is_none()) {
            note(judge, distribution, "the distribution writes no access logs", "set `Logging`");
        }
    }
    for stage in judge.resources("AWS::ApiGateway::Stage").chain(judge.resources("AWS::ApiGatewayV2::Stage"))
    {
        let settings = ["AccessLogSetting", "AccessLogSettings"];
        if !settings.iter().any(|name| stage.property(name).is_some()) {
            note(judge, stage, "the stage writes no access logs", "set its access log settings");
        }
    }
    for cluster in judge.resources("AWS::EKS::Cluster") {
        if cluster.property("Logging").is_none() {
            note(judge, cluster, "the control plane writes no logs", "set `Logging`");
        }
    }
    networks(judge);
    metadata(judge);
}

fn note(judge: &mut Judge<'_>, resource: ResourceView<'_>, message: &str, hint: &str) {
    judge.report(
        "FW3041",
        Severity::Info,
        &["Resources", resource.logical_id],
        message,
        Some(hint.to_owned()),
    );
}

/// Networks without flow logs.
fn networks(judge: &mut Judge<'_>) {
    let logged: Vec<&Value> =
        judge.resources("AWS::EC2::FlowLog").filter_map(|log| log.property("ResourceId")).collect();
    for network in judge.resources("AWS::EC2::VPC") {
        let watched =
            logged.iter().any(|id| crate::judge::referred(id).is_none_or(|name| name == network.logical_id));
        if !watched {
            note(judge, network, "nothing records what goes through the network", "add an AWS::EC2::FlowLog");
        }
    }
}

/// Instances that give their credentials to any request of their own.
fn metadata(judge: &mut Judge<'_>) {
    for template in judge.resources("AWS::EC2::LaunchTemplate") {
        let tokens = template
            .property("LaunchTemplateData")
            .and_then(|data| text(data.at(["MetadataOptions", "HttpTokens"])?));
        if tokens.as_deref() == Some("optional") {
            let path = [
                "Resources",
                template.logical_id,
                "Properties",
                "LaunchTemplateData",
                "MetadataOptions",
                "HttpTokens",
            ];
            judge.warning(
                "FW3050",
                &path,
                "programs that are tricked into a request may read the instance's credentials",
                "take `required`: version 2 of the metadata service",
            );
        }
    }
}
