//! Databases: a password in plain text, and what nothing can reach.

use formwork_template::Severity;

use crate::judge::{Judge, is_true, number};

/// A database that scales its storage must have room to do so.
pub(super) fn check(judge: &mut Judge<'_>) {
    for database in judge.resources("AWS::RDS::DBInstance") {
        let size = |name: &str| database.property(name).and_then(number);
        if let (Some(now), Some(most)) = (size("AllocatedStorage"), size("MaxAllocatedStorage"))
            && most < now
        {
            let path = ["Resources", database.logical_id, "Properties", "MaxAllocatedStorage"];
            judge.error(
                "FW0520",
                &path,
                format!("the storage may grow to {most} GiB, and has {now} from the start"),
            );
        }
    }
    for cluster in judge.resources("AWS::RDS::DBCluster") {
        let scaling = cluster.property("ServerlessV2ScalingConfiguration");
        let bound = |name: &str| scaling.and_then(|scaling| number(scaling.get(name)?));
        if let (Some(least), Some(most)) = (bound("MinCapacity"), bound("MaxCapacity"))
            && most < least
        {
            let path = [
                "Resources",
                cluster.logical_id,
                "Properties",
                "ServerlessV2ScalingConfiguration",
                "MaxCapacity",
            ];
            judge.error("FW0520", &path, format!("the capacity goes from {least} to {most}, which is less"));
        }
        let deleted =
            cluster.attributes.get("DeletionPolicy").is_some_and(|policy| policy.as_str() == Some("Delete"));
        if deleted && cluster.property("DeletionProtection").is_some_and(is_true) {
            let path = ["Resources", cluster.logical_id, "DeletionPolicy"];
            let hint = "take one of the two out".to_owned();
            judge.report(
                "FW0521",
                Severity::Info,
                &path,
                "`DeletionProtection` prevents the deletion that the policy asks for",
                Some(hint),
            );
        }
    }
}
