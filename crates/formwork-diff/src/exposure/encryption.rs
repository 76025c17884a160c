//! What loses its encryption.

use formwork_template::{Map, Value, intrinsic};

use super::{ExposureChange, ExposureKind};
use crate::{
    access::words,
    evaluate::{is_known, scalar_text},
    resources::Compared,
};

/// Properties that switch encryption on, and are off when they are not there.
const SWITCHES: [&str; 16] = [
    "StorageEncrypted",
    "Encrypted",
    "EncryptionEnabled",
    "AtRestEncryptionEnabled",
    "TransitEncryptionEnabled",
    "SSEEnabled",
    "SqsManagedSseEnabled",
    "EnforceHTTPS",
    "EnableKeyRotation",
    "RequireTLS",
    "CacheDataEncrypted",
    "InClusterEncryptionEnabled",
    "RequireSSL",
    "EncryptionInTransit",
    "RootVolumeEncryptionEnabled",
    "UserVolumeEncryptionEnabled",
];

/// Properties that name a key or describe encryption: without them there is less of it.
const DESCRIPTIONS: [&str; 12] = [
    "KmsKeyId",
    "KMSKeyId",
    "KmsKeyArn",
    "KmsKey",
    "KmsMasterKeyId",
    "KMSMasterKeyID",
    "EncryptionKey",
    "BucketEncryption",
    "EncryptionConfiguration",
    "EncryptionConfig",
    "StreamEncryption",
    "EncryptionAtRestOptions",
];

/// What a resource that stays loses or gains in encryption.
pub(super) fn changes(
    resource: &Compared<'_>,
    before: Option<&Map>,
    after: Option<&Map>,
) -> Vec<ExposureChange> {
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    if resource.type_changes() {
        return Vec::new();
    }
    let (mut had, mut has) = (Vec::new(), Vec::new());
    collect(before, &mut Vec::new(), &mut had);
    collect(after, &mut Vec::new(), &mut has);
    let lost = missing(&had, &has).map(|(path, unknown)| (path, false, unknown));
    let gained = missing(&has, &had).map(|(path, unknown)| (path, true, unknown));
    lost.chain(gained)
        .map(|(path, gained, unknown)| {
            let verb = match (gained, unknown) {
                (true, _) => "now has the encryption",
                (false, false) => "no longer has the encryption",
                (false, true) => "may no longer have the encryption",
            };
            let name = words::named(resource.resource_type(), resource.logical_id);
            ExposureChange {
                logical_id: resource.logical_id.to_owned(),
                kind: ExposureKind::Encryption,
                text: format!("{name} {verb} `{}`", path.join(".")),
                opened: !gained,
                broadening: !gained,
                certain: !unknown,
                world: false,
                source: None,
            }
        })
        .collect()
}

/// Where encryption is set, and whether it is for sure.
type Set = (Vec<String>, bool);

/// What the first have and the second have not. Items of lists are told apart by their number.
fn missing<'s>(first: &'s [Set], second: &'s [Set]) -> impl Iterator<Item = (&'s [String], bool)> {
    let outer = |path: &[String], set: &[Set]| {
        (1..path.len()).any(|length| {
            let around = &path[..length];
            set.iter().any(|(known, _)| known == around)
        })
    };
    first.iter().filter_map(move |(path, certain)| {
        let found = second.iter().find(|(known, _)| known == path);
        // What stands in something that is lost as a whole is not told again.
        let told = outer(path, first) && !outer(path, second);
        match found {
            Some((_, known)) => (*certain && !*known).then_some((path.as_slice(), true)),
            None if told => None,
            None => Some((path.as_slice(), !*certain)),
        }
    })
}

fn collect(map: &Map, path: &mut Vec<String>, found: &mut Vec<Set>) {
    for (key, value) in map.iter() {
        path.push(key.to_owned());
        if SWITCHES.contains(&key) {
            let on = scalar_text(value).is_some_and(|text| text.eq_ignore_ascii_case("true"));
            if on || !is_known(value) {
                found.push((path.clone(), on));
            }
        } else if DESCRIPTIONS.contains(&key) {
            found.push((path.clone(), true));
        }
        match value {
            Value::Map(inner) if intrinsic::of(inner).is_none() => collect(inner, path, found),
            Value::List(items) => {
                for (position, item) in items.iter().enumerate() {
                    if let Some(inner) = item.as_map().filter(|inner| intrinsic::of(inner).is_none()) {
                        path.push(position.to_string());
                        collect(inner, path, found);
                        path.pop();
                    }
                }
            }
            _ => {}
        }
        path.pop();
    }
}
