//! S3 buckets.

use formwork_template::ResourceView;

use crate::judge::{Judge, items, number, plain, text};

/// Days after which objects may be archived, by the tier.
const TIERS: [(&str, f64, f64); 2] = [("ARCHIVE_ACCESS", 90.0, 730.0), ("DEEP_ARCHIVE_ACCESS", 180.0, 730.0)];
/// Classes that objects move to after 30 days at least.
const INFREQUENT: [&str; 2] = ["ONEZONE_IA", "STANDARD_IA"];
const INFREQUENT_DAYS: f64 = 30.0;

/// Objects move to other storage when the service lets them.
pub(super) fn check(judge: &mut Judge<'_>) {
    for bucket in judge.resources("AWS::S3::Bucket") {
        tiers(judge, bucket);
        lifecycle(judge, bucket);
    }
}

fn tiers(judge: &mut Judge<'_>, bucket: ResourceView<'_>) {
    const LIST: &str = "IntelligentTieringConfigurations";
    for (position, configuration) in
        bucket.property(LIST).and_then(plain).map(items).unwrap_or_default().iter().enumerate()
    {
        for (tier, tiering) in
            configuration.get("Tierings").and_then(plain).map(items).unwrap_or_default().iter().enumerate()
        {
            let (Some(name), Some(days)) =
                (tiering.get("AccessTier").and_then(text), tiering.get("Days").and_then(number))
            else {
                continue;
            };
            let bounds = TIERS.iter().find(|(known, ..)| *known == name);
            if let Some((_, least, most)) = bounds.filter(|(_, least, most)| days < *least || days > *most) {
                let path = [
                    "Resources",
                    bucket.logical_id,
                    "Properties",
                    LIST,
                    &position.to_string(),
                    "Tierings",
                    &tier.to_string(),
                    "Days",
                ];
                judge.error(
                    "E3061",
                    &path,
                    format!("objects move to `{name}` after {least} to {most} days, not {days}"),
                );
            }
        }
    }
}

fn lifecycle(judge: &mut Judge<'_>, bucket: ResourceView<'_>) {
    let rules = bucket
        .property("LifecycleConfiguration")
        .and_then(|lifecycle| plain(lifecycle.get("Rules")?))
        .map(items)
        .unwrap_or_default();
    for (position, rule) in rules.iter().enumerate() {
        let expires = rule.get("ExpirationInDays").and_then(number);
        for (transition, moved) in
            rule.get("Transitions").and_then(plain).map(items).unwrap_or_default().iter().enumerate()
        {
            let (Some(class), Some(days)) =
                (moved.get("StorageClass").and_then(text), moved.get("TransitionInDays").and_then(number))
            else {
                continue;
            };
            let path = [
                "Resources",
                bucket.logical_id,
                "Properties",
                "LifecycleConfiguration",
                "Rules",
                &position.to_string(),
                "Transitions",
                &transition.to_string(),
                "TransitionInDays",
            ];
            if INFREQUENT.contains(&&*class) && days < INFREQUENT_DAYS {
                judge.error(
                    "FW0570",
                    &path,
                    format!("objects move to `{class}` after {INFREQUENT_DAYS} days at least, not {days}"),
                );
            }
            if let Some(expires) = expires.filter(|expires| *expires <= days) {
                judge.error(
                    "FW0570",
                    &path,
                    format!("objects expire after {expires} days, and would move to `{class}` after {days}"),
                );
            }
        }
    }
}
