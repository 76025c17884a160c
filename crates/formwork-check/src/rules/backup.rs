//! Backup plans.

use formwork_template::Value;

use crate::judge::{Judge, items, number};

/// The days that a copy stays in cold storage at least.
const COLD_DAYS: f64 = 90.0;

/// A backup that is moved to cold storage stays there for 90 days before it may be deleted.
/// See [the lifecycle](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-backup-backupplan-lifecycleresourcetype.html).
pub(super) fn check(judge: &mut Judge<'_>) {
    for plan in judge.resources("AWS::Backup::BackupPlan") {
        let rules = plan.property("BackupPlan").and_then(|plan| plan.get("BackupPlanRule"));
        for (position, rule) in rules.map(items).unwrap_or_default().iter().enumerate() {
            let position = position.to_string();
            let way = ["Resources", plan.logical_id, "Properties", "BackupPlan", "BackupPlanRule", &position];
            lifecycle(judge, rule, &way);
            let copies = rule.get("CopyActions").map(items).unwrap_or_default();
            for (copy, action) in copies.iter().enumerate() {
                lifecycle(judge, action, &[&way[..], &["CopyActions", &copy.to_string()]].concat());
            }
        }
    }
}

fn lifecycle(judge: &mut Judge<'_>, holder: &Value, way: &[&str]) {
    let days = |name: &str| holder.get("Lifecycle").and_then(|lifecycle| number(lifecycle.get(name)?));
    if let (Some(cold), Some(deleted)) = (days("MoveToColdStorageAfterDays"), days("DeleteAfterDays"))
        && deleted - cold < COLD_DAYS
    {
        let message = format!(
            "deleted after {deleted} days, and moved to cold storage after {cold}: a copy stays there for {COLD_DAYS} days at least"
        );
        judge.error("E3504", &[way, &["Lifecycle", "DeleteAfterDays"]].concat(), message);
    }
}
