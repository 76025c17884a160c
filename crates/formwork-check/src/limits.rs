//! The service's limits on a template, with a warning before they are reached.

use formwork_template::{
    Finding, Map, Severity, Template, Value,
    limits::{
        DESCRIPTION_BYTES, GROUP_INLINE_POLICY_CHARACTERS, MANAGED_POLICY_CHARACTERS, MAPPINGS, OUTPUTS,
        PARAMETERS, RESOURCES, ROLE_INLINE_POLICY_CHARACTERS, TAGS, TEMPLATE_BYTES_INLINE,
        TEMPLATE_BYTES_URL, TRUST_POLICY_CHARACTERS, USER_DATA_BYTES, USER_INLINE_POLICY_CHARACTERS,
        WARNING_PERCENT,
    },
};

use crate::{measure, sources::Sources};

/// Reports what is over a limit of the service, or close to one.
pub(crate) fn check(template: &Template, bytes: usize, sources: &dyn Sources, findings: &mut Vec<Finding>) {
    let mut limits = Limits { sources, findings };
    limits.something(template);
    limits.counts(template);
    limits.size(template, bytes);
    if let Some(description) = template.description() {
        let limit = Limit { error: "E1003", warning: "I1003", most: DESCRIPTION_BYTES, unit: "bytes" };
        limits.compare(&limit, "the description of the stack", description.len(), None, &["Description"]);
    }
    for resource in template.resources() {
        limits.resource(
            resource.logical_id,
            resource.resource_type().unwrap_or_default(),
            resource.properties(),
        );
    }
    limits.inline_policies(template);
}

struct Limit {
    error: &'static str,
    warning: &'static str,
    most: usize,
    unit: &'static str,
}

struct Limits<'a> {
    sources: &'a dyn Sources,
    findings: &'a mut Vec<Finding>,
}

impl Limits<'_> {
    /// Reports a measure that is over the limit, or over the share of it that warns.
    fn compare(&mut self, limit: &Limit, what: &str, found: usize, hint: Option<String>, path: &[&str]) {
        let Limit { most, unit, .. } = *limit;
        let (rule, severity, message) = if found > most {
            (limit.error, Severity::Error, format!("{what} has {found} {unit}; the service takes {most}"))
        } else if found * 100 >= most * WARNING_PERCENT {
            (
                limit.warning,
                Severity::Warning,
                format!("{what} has {found} of the {most} {unit} that the service takes"),
            )
        } else {
            return;
        };
        let mut finding = Finding::new(rule, severity, message).path(path.iter().copied());
        finding.hint = hint;
        finding.source = match path {
            [section, element, ..] => self.sources.source(section, element),
            _ => self.sources.source("", ""),
        };
        self.findings.push(finding);
    }

    /// Reports a template that the service refuses for having no resource.
    fn something(&mut self, template: &Template) {
        let transformed = template.sections().get("Transform").is_some();
        if transformed || template.section("Resources").is_some_and(|resources| !resources.is_empty()) {
            return;
        }
        let message = "the stack has no resource, and CloudFormation takes none that has not";
        let mut finding = Finding::error("E1001", message).path(["Resources"]);
        finding.source = self.sources.source("", "");
        self.findings.push(finding.hint("build something in it, or leave the stack out of the app"));
    }

    fn counts(&mut self, template: &Template) {
        for (section, unit, most, error, warning) in [
            ("Resources", "resources", RESOURCES, "E3010", "I3010"),
            ("Parameters", "parameters", PARAMETERS, "E2010", "I2010"),
            ("Outputs", "outputs", OUTPUTS, "E6010", "I6010"),
            ("Mappings", "mappings", MAPPINGS, "E7010", "I7010"),
        ] {
            let found = template.section(section).map_or(0, Map::len);
            let near = found * 100 >= most * WARNING_PERCENT;
            let hint = (near && section == "Resources").then(|| {
                format!(
                    "move some into a stack of their own; most are {}",
                    measure::most_frequent_types(template)
                )
            });
            self.compare(&Limit { error, warning, most, unit }, "the template", found, hint, &[section]);
        }
    }

    fn size(&mut self, template: &Template, bytes: usize) {
        if bytes * 100 < TEMPLATE_BYTES_INLINE * WARNING_PERCENT {
            return;
        }
        let heaviest = || format!("the heaviest resources are {}", measure::heaviest(template));
        if bytes <= TEMPLATE_BYTES_INLINE {
            let limit =
                Limit { error: "I1002", warning: "I1002", most: TEMPLATE_BYTES_INLINE, unit: "bytes" };
            let hint = format!("beyond them it is deployed by way of a bucket; {}", heaviest());
            self.compare(&limit, "the template", bytes, Some(hint), &["Resources"]);
        } else if bytes * 100 < TEMPLATE_BYTES_URL * WARNING_PERCENT {
            let message = format!(
                "the template has {bytes} bytes, more than the {TEMPLATE_BYTES_INLINE} that can be sent inline: it is deployed by way of a bucket"
            );
            let mut finding = Finding::new("I1002", Severity::Info, message).path(["Resources"]);
            finding.source = self.sources.source("", "");
            self.findings.push(finding.hint(heaviest()));
        } else {
            let limit = Limit { error: "E1002", warning: "I1002", most: TEMPLATE_BYTES_URL, unit: "bytes" };
            let hint = format!("split the stack; {}", heaviest());
            self.compare(&limit, "the template", bytes, Some(hint), &["Resources"]);
        }
    }

    fn resource(&mut self, id: &str, resource_type: &str, properties: Option<&Map>) {
        let Some(properties) = properties else { return };
        let tags = match properties.get("Tags") {
            Some(Value::List(tags)) => tags.len(),
            Some(Value::Map(tags)) => tags.len(),
            _ => 0,
        };
        let path = ["Resources", id, "Properties", "Tags"];
        let limit = Limit { error: "FW0304", warning: "FW0304", most: TAGS, unit: "tags" };
        self.compare(&limit, &format!("`{id}`"), tags, None, &path);

        let user_data = match resource_type {
            "AWS::EC2::Instance" | "AWS::AutoScaling::LaunchConfiguration" => properties.get("UserData"),
            "AWS::EC2::LaunchTemplate" => {
                properties.get("LaunchTemplateData").and_then(|data| data.get("UserData"))
            }
            _ => None,
        };
        if let Some(user_data) = user_data {
            let limit = Limit { error: "FW0301", warning: "FW0301", most: USER_DATA_BYTES, unit: "bytes" };
            let hint = "fetch the long part from S3 when the instance starts, or bake it into the image";
            let found = measure::user_data_bytes(user_data);
            self.compare(
                &limit,
                &format!("the user data of `{id}`"),
                found,
                Some(hint.to_owned()),
                &["Resources", id],
            );
        }
        if resource_type == "AWS::IAM::ManagedPolicy" {
            let found = properties.get("PolicyDocument").map_or(0, measure::policy_characters);
            let limit = Limit {
                error: "FW0302",
                warning: "FW0302",
                most: MANAGED_POLICY_CHARACTERS,
                unit: "characters",
            };
            let hint = "split the policy in two: a role takes ten managed policies".to_owned();
            self.compare(&limit, &format!("the policy `{id}`"), found, Some(hint), &["Resources", id]);
        }
        if resource_type == "AWS::IAM::Role" {
            let found = properties.get("AssumeRolePolicyDocument").map_or(0, measure::policy_characters);
            let limit = Limit {
                error: "FW0303",
                warning: "FW0303",
                most: TRUST_POLICY_CHARACTERS,
                unit: "characters",
            };
            self.compare(&limit, &format!("the trust policy of `{id}`"), found, None, &["Resources", id]);
        }
    }

    /// The service counts all inline policies of one role, user or group together.
    fn inline_policies(&mut self, template: &Template) {
        for (id, (kind, found)) in measure::inline_policy_characters(template) {
            let most = match kind {
                "AWS::IAM::Role" => ROLE_INLINE_POLICY_CHARACTERS,
                "AWS::IAM::User" => USER_INLINE_POLICY_CHARACTERS,
                _ => GROUP_INLINE_POLICY_CHARACTERS,
            };
            let limit = Limit { error: "FW0302", warning: "FW0302", most, unit: "characters" };
            let hint = "move statements into a managed policy, which has a limit of its own".to_owned();
            let what = format!("the sum of the inline policies of `{id}`");
            self.compare(&limit, &what, found, Some(hint), &["Resources", id]);
        }
    }
}
