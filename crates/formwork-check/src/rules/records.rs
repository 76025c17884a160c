//! Names in the DNS: records and certificates.

use formwork_template::ResourceView;

use crate::judge::{Judge, items, plain, text};

/// Records lie within their zone, and certificates are validated by a domain above their own.
pub(super) fn check(judge: &mut Judge<'_>) {
    for record in judge.resources("AWS::Route53::RecordSet") {
        let (name, zone) =
            (record.property("Name").and_then(text), record.property("HostedZoneName").and_then(text));
        let (Some(name), Some(zone)) = (name, zone) else { continue };
        let path = ["Resources", record.logical_id, "Properties", "Name"];
        if !within(&name, &zone) {
            judge.error("E3041", &path, format!("`{name}` is not within the zone `{zone}`"));
        }
    }
    for certificate in judge.resources("AWS::CertificateManager::Certificate") {
        validation(judge, certificate);
    }
}

/// Whether a name is a domain, or lies below it.
fn within(name: &str, domain: &str) -> bool {
    let name = name.trim_end_matches('.').to_lowercase();
    let domain = domain.trim_end_matches('.').to_lowercase();
    name == domain || name.strip_suffix(&*domain).is_some_and(|rest| rest.ends_with('.'))
}

fn validation(judge: &mut Judge<'_>, certificate: ResourceView<'_>) {
    let options =
        certificate.property("DomainValidationOptions").and_then(plain).map(items).unwrap_or_default();
    for (position, option) in options.iter().enumerate() {
        let (domain, above) =
            (option.get("DomainName").and_then(text), option.get("ValidationDomain").and_then(text));
        let (Some(domain), Some(above)) = (domain, above) else { continue };
        if !within(&domain, &above) {
            let path = [
                "Resources",
                certificate.logical_id,
                "Properties",
                "DomainValidationOptions",
                &position.to_string(),
                "ValidationDomain",
            ];
            judge.error("E3503", &path, format!("`{above}` is not above `{domain}`"));
        }
    }
}
