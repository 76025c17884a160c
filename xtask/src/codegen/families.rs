//! Which services share a cargo feature.
//!
//! The registry caps a crate at 300 features and there are more services than
//! that. Services that belong together share one; every other service has its
//! own, named like its module.

/// A feature and the services in it, by the names of their modules.
const FAMILIES: &[(&str, &[&str])] = &[
    ("bedrock", &["bedrock", "bedrockmantle"]),
    (
        "billing",
        &[
            "bcm",
            "bcmdataexports",
            "bcmpricingcalculator",
            "billing",
            "billingconductor",
            "ce",
            "cur",
            "invoicing",
            "pricingplanmanager",
        ],
    ),
    ("cleanrooms", &["cleanrooms", "cleanroomsml"]),
    ("codeguru", &["codeguruprofiler", "codegurureviewer"]),
    ("codestar", &["codeconnections", "codestar", "codestarconnections", "codestarnotifications"]),
    ("connectcampaigns", &["connectcampaigns", "connectcampaignsv2"]),
    ("docdb", &["docdb", "docdbelastic"]),
    ("emr", &["emr", "emrcontainers", "emrserverless"]),
    ("gamelift", &["gamelift", "gameliftstreams"]),
    ("greengrass", &["greengrass", "greengrassv2"]),
    ("health", &["healthagent", "healthimaging", "healthlake"]),
    ("incidentmanager", &["ssmcontacts", "ssmincidents"]),
    ("inspector", &["inspector", "inspectorv2"]),
    (
        "iot",
        &[
            "iot",
            "iotanalytics",
            "iotcoredeviceadvisor",
            "iotevents",
            "iotfleethub",
            "iotfleetwise",
            "iotmanagedintegrations",
            "iotsecuretunneling",
            "iotsitewise",
            "iotthingsgraph",
            "iottwinmaker",
            "iotwireless",
        ],
    ),
    ("ivs", &["ivs", "ivschat"]),
    ("kendra", &["kendra", "kendraranking"]),
    ("kinesisanalytics", &["kinesisanalytics", "kinesisanalyticsv2"]),
    (
        "licensemanager",
        &["licensemanager", "licensemanagerlinuxsubscriptions", "licensemanagerusersubscriptions"],
    ),
    ("lookout", &["lookoutequipment", "lookoutmetrics", "lookoutvision"]),
    ("mainframe", &["apptest", "m2"]),
    (
        "media",
        &[
            "elementalinference",
            "mediaconnect",
            "mediaconvert",
            "medialive",
            "mediapackage",
            "mediapackagev2",
            "mediastore",
            "mediatailor",
        ],
    ),
    ("mwaa", &["mwaa", "mwaaserverless"]),
    ("neptune", &["neptune", "neptunegraph"]),
    ("networkmonitoring", &["internetmonitor", "networkflowmonitor", "networkmonitor"]),
    ("notifications", &["notifications", "notificationscontacts"]),
    ("opensearch", &["opensearch", "opensearchserverless", "opensearchservice"]),
    ("opsworks", &["opsworks", "opsworkscm"]),
    ("pcaconnector", &["pcaconnectorad", "pcaconnectorscep"]),
    ("pinpoint", &["pinpoint", "pinpointemail"]),
    ("recovery", &["arcregionswitch", "arczonalshift", "route53recoverycontrol", "route53recoveryreadiness"]),
    ("resiliencehub", &["resiliencehub", "resiliencehubv2"]),
    ("ssm", &["ssm", "ssmguiconnect", "ssmquicksetup"]),
    ("sso", &["identitystore", "sso"]),
    ("waf", &["waf", "wafregional"]),
    ("workspaces", &["workspaces", "workspacesinstances", "workspacesthinclient", "workspacesweb"]),
];

/// The feature of a service that has none yet.
pub(crate) fn feature(service: &str) -> &str {
    FAMILIES.iter().find(|(_, members)| members.contains(&service)).map_or(service, |(feature, _)| feature)
}
