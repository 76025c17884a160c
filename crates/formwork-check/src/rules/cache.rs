//! ElastiCache.

use crate::judge::{Judge, is_false, is_true, number, text};

/// A Redis cluster with shards fails over by itself, and one that does so has replicas.
pub(super) fn check(judge: &mut Judge<'_>) {
    for group in judge.resources("AWS::ElastiCache::ReplicationGroup") {
        let Some(properties) = group.properties() else { continue };
        let clustered = properties
            .get("CacheParameterGroupName")
            .and_then(text)
            .is_some_and(|name| name.ends_with(".cluster.on"))
            || properties.get("ClusterMode").and_then(text).is_some_and(|mode| mode == "enabled");
        let path = ["Resources", group.logical_id, "Properties", "AutomaticFailoverEnabled"];
        let failover = properties.get("AutomaticFailoverEnabled");
        if clustered && failover.is_some_and(is_false) {
            judge.error("E3026", &path, "a cluster with shards must fail over by itself");
        }
        let alone = properties.get("NumCacheClusters").and_then(number).is_some_and(|count| count < 2.0);
        if !clustered && alone && failover.is_some_and(is_true) {
            judge.error("E3026", &path, "there is one cache cluster, and failing over needs two");
        }
    }
}
