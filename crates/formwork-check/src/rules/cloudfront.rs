//! CloudFront distributions.

use formwork_template::Value;

use crate::{
    judge::{Judge, items, text},
    patterns,
};

/// Behaviours go to an origin of the distribution; an alias is a domain.
pub(super) fn check(judge: &mut Judge<'_>) {
    for distribution in judge.resources("AWS::CloudFront::Distribution") {
        let Some(config) = distribution.property("DistributionConfig") else { continue };
        let root = ["Resources", distribution.logical_id, "Properties", "DistributionConfig"];
        aliases(judge, config, &root);
        let ids = |section: &str, inner: Option<&str>| -> Option<Vec<String>> {
            let found = config.get(section)?;
            let found = inner.map_or(Some(found), |inner| found.get(inner))?;
            found.as_list()?.iter().map(|origin| text(origin.get("Id")?)).collect()
        };
        let Some(mut origins) = ids("Origins", None) else { continue };
        if config.get("OriginGroups").is_some() {
            let Some(groups) = ids("OriginGroups", Some("Items")) else { continue };
            origins.extend(groups);
        }
        let behaviours = config.get("CacheBehaviors").and_then(Value::as_list).unwrap_or_default();
        let named = behaviours.iter().enumerate().map(|(position, behaviour)| {
            (vec!["CacheBehaviors".to_owned(), position.to_string()], behaviour)
        });
        let default = config
            .get("DefaultCacheBehavior")
            .map(|behaviour| (vec!["DefaultCacheBehavior".to_owned()], behaviour));
        for (way, behaviour) in named.chain(default) {
            let Some(target) = behaviour.get("TargetOriginId").and_then(text) else { continue };
            if !origins.contains(&target) {
                let way: Vec<&str> = way.iter().map(String::as_str).collect();
                let message =
                    format!("no origin has the id `{target}`; those that are there: {}", origins.join(", "));
                judge.error("E3057", &[&root[..], &way, &["TargetOriginId"]].concat(), message);
            }
        }
    }
}

fn aliases(judge: &mut Judge<'_>, config: &Value, root: &[&str]) {
    const DOMAIN: &str =
        r"^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)+$";
    for (position, alias) in config.get("Aliases").map(items).unwrap_or_default().iter().enumerate() {
        if let Some(alias) = text(alias).filter(|alias| !patterns::matches(DOMAIN, alias)) {
            let message = format!("`{alias}` is no domain name");
            judge.error("E3013", &[root, &["Aliases", &position.to_string()]].concat(), message);
        }
    }
}
