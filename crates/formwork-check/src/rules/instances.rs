//! EC2 instances.

use crate::{
    conditions::{Settled, asked, settle},
    judge::Judge,
};

/// An instance has an image of its own, or one of its launch template.
pub(super) fn check(judge: &mut Judge<'_>) {
    for instance in judge.resources("AWS::EC2::Instance") {
        let Some(properties) = instance.attributes.get("Properties") else {
            judge.error(
                "E3673",
                &["Resources", instance.logical_id],
                "an instance needs `ImageId`, or a launch template",
            );
            continue;
        };
        let mut names = Vec::new();
        asked(properties, &mut names);
        for property in ["ImageId", "LaunchTemplate"] {
            if let Some(value) = properties.get(property) {
                asked(value, &mut names);
            }
        }
        let worlds = judge.conditions.worlds(&names, &[]).unwrap_or_default();
        let without = worlds.iter().any(|world| {
            let Settled::Plain(properties) = settle(properties, world) else { return false };
            let there = |name: &str| {
                properties.get(name).is_some_and(|value| !matches!(settle(value, world), Settled::Absent))
            };
            let open = properties.as_map().is_some_and(|map| {
                map.keys().any(|key| key.starts_with("Fn::T") || key.starts_with("Fn::ForEach"))
            });
            !open && !there("ImageId") && !there("LaunchTemplate")
        });
        if without {
            let path = ["Resources", instance.logical_id, "Properties"];
            judge.error("E3673", &path, "an instance needs `ImageId`, or a launch template");
        }
    }
}
