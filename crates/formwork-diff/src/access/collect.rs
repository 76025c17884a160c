//! Finds the grants of all policies of a template.

use std::collections::BTreeMap;

use formwork_spec::{Kind, PropertyFacts, ResourceFacts, Scrutiny, ValueFacts};
use formwork_template::{
    Map, Value,
    intrinsic::{self, Reference},
};

use super::{
    grant::{Grant, Verdict},
    words,
};
use crate::{
    canonical::Known,
    evaluate::{Environment, is_known},
    policy,
    resources::{Compared, Resources, Standing, Which},
};

/// Properties that name what a policy of its own is attached to, and the noun of each.
const ATTACHED: [(&str, &str); 6] = [
    ("Roles", "role"),
    ("Users", "user"),
    ("Groups", "group"),
    ("RoleName", "role"),
    ("UserName", "user"),
    ("GroupName", "group"),
];

fn is_document_property(property: &PropertyFacts) -> bool {
    let json = |value: &ValueFacts| matches!(value.kind, Kind::Json);
    let members = if let Kind::Union(members) = &property.value.kind { members.as_slice() } else { &[] };
    json(&property.value) || members.iter().any(json) || property.name == "PolicyDocument"
}

/// Whether resources of a type give access.
pub(crate) fn is_carrier(facts: Option<&ResourceFacts>) -> bool {
    let gives = |scrutiny| {
        matches!(
            scrutiny,
            Scrutiny::ResourcePolicy
                | Scrutiny::IdentityPolicy
                | Scrutiny::ManagedPolicies
                | Scrutiny::LambdaPermission
        )
    };
    facts.is_some_and(|facts| {
        gives(facts.scrutiny) || facts.properties.iter().any(|property| gives(property.scrutiny))
    })
}

/// All grants of a side, and the resource that each stands in.
pub(crate) fn grants<'a>(
    compared: &[Compared<'a>],
    which: Which,
    resources: &Resources<'a>,
    environment: &Environment<'_>,
) -> BTreeMap<Grant, &'a str> {
    let mut collector = Collector { resources, grants: BTreeMap::new(), carrier: "" };
    for resource in compared.iter().filter(|resource| resource.type_changes() || is_carrier(resource.facts)) {
        if let Some((standing, Some(facts), properties)) = resource.on(which, environment)
            && is_carrier(Some(facts))
        {
            collector.carrier = resource.logical_id;
            collector.resource(standing, facts, properties);
        }
    }
    collector.grants
}

struct Collector<'r, 'a> {
    resources: &'r Resources<'a>,
    grants: BTreeMap<Grant, &'a str>,
    carrier: &'a str,
}

impl Collector<'_, '_> {
    fn resource(&mut self, standing: Standing<'_>, facts: &ResourceFacts, properties: &Map) {
        if facts.scrutiny == Scrutiny::LambdaPermission {
            self.permission(properties);
            return;
        }
        let itself = words::named(standing.resource_type(), self.carrier);
        let identities = self.attached(standing.resource_type(), properties, &itself);
        for (name, value) in properties.iter() {
            let known = facts.property(name);
            let own = known.map_or(Scrutiny::None, |property| property.scrutiny);
            // What a resource that is a policy says stands in its documents.
            let of_document = own == Scrutiny::None && known.is_some_and(is_document_property);
            match if of_document { facts.scrutiny } else { own } {
                Scrutiny::ManagedPolicies => self.managed(value, &identities),
                Scrutiny::IdentityPolicy => self.identity(value, &identities),
                Scrutiny::ResourcePolicy => self.document(value, None),
                _ => {}
            }
        }
    }

    /// Who has a policy: the role, user or group itself, or those that a policy is attached to.
    fn attached(&self, resource_type: &str, properties: &Map, itself: &str) -> Vec<String> {
        if matches!(resource_type, "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group") {
            return vec![itself.to_owned()];
        }
        let mut found = Vec::new();
        for (name, noun) in ATTACHED {
            let values = match properties.get(name) {
                Some(Value::List(items)) => items.as_slice(),
                Some(one) => std::slice::from_ref(one),
                None => &[],
            };
            found.extend(values.iter().map(|value| self.identity_words(value, noun)));
        }
        if found.is_empty() {
            found.push(format!("whoever has {itself}"));
        }
        found
    }

    fn identity_words(&self, value: &Value, noun: &str) -> String {
        self.own(value).unwrap_or_else(|| format!("{noun} `{}`", words::text_of(value)))
    }

    /// The stack's own resource that an expression stands for.
    fn own(&self, value: &Value) -> Option<String> {
        let id = match intrinsic::of(value.as_map()?)? {
            ("Ref", Value::String(name)) => name.as_ref(),
            ("Fn::GetAtt", Value::List(parts)) => parts.first()?.as_str()?,
            _ => return None,
        };
        Some(words::named(self.resources.by_id.get(id)?.resource_type(), id))
    }

    fn managed(&mut self, value: &Value, identities: &[String]) {
        let items = value.as_list().unwrap_or(std::slice::from_ref(value));
        for item in items {
            let name = self.own(item).unwrap_or_else(|| words::text_of(item));
            for principal in identities {
                self.add(Grant {
                    principal: principal.clone(),
                    verdict: Verdict::Allow,
                    action: format!("{}{name}", words::MANAGED).into(),
                    resource: "*".to_owned(),
                    condition: None,
                    unknown: self.is_foreign(item),
                });
            }
        }
    }

    /// Policies of an identity: a document, an object with one, or a list of such.
    fn identity(&mut self, value: &Value, identities: &[String]) {
        match value {
            Value::List(items) => items.iter().for_each(|item| self.identity(item, identities)),
            Value::Map(map) if intrinsic::of(map).is_none() && map.contains_key("PolicyDocument") => {
                if let Some(document) = map.get("PolicyDocument") {
                    self.document(document, Some(identities));
                }
            }
            other => self.document(other, Some(identities)),
        }
    }

    /// The statements of a document; those of a resource's policy name their principals.
    fn document(&mut self, value: &Value, identities: Option<&[String]>) {
        let (_, value) = Known::JSON.plain(value);
        if !policy::is_document(&value) {
            // A document that is known only at deployment is one thing that changes as a whole.
            if value.as_map().is_some_and(|map| intrinsic::of(map).is_some()) {
                self.opaque(&value, identities);
            }
            return;
        }
        let statements = value.get("Statement").unwrap_or(&Value::Null);
        let list = statements.as_list().unwrap_or(std::slice::from_ref(statements));
        for statement in list {
            match statement {
                Value::Map(map) if intrinsic::of(map).is_none() => self.statement(map, identities),
                other => self.opaque(other, identities),
            }
        }
    }

    fn opaque(&mut self, value: &Value, identities: Option<&[String]>) {
        let whoever = [format!("whoever `{}` names", self.carrier)];
        for principal in identities.unwrap_or(&whoever) {
            self.add(Grant {
                principal: principal.clone(),
                verdict: Verdict::Allow,
                action: words::text_of(value).into(),
                resource: "*".to_owned(),
                condition: None,
                unknown: true,
            });
        }
    }

    fn statement(&mut self, statement: &Map, identities: Option<&[String]>) {
        let verdict = match statement.get("Effect").and_then(Value::as_str) {
            Some("Deny") => Verdict::Deny,
            _ => Verdict::Allow,
        };
        let named;
        let principals = if let Some(identities) = identities {
            identities
        } else {
            named = self.principals(statement);
            &named
        };
        let (actions, unknown_action) = self.patterns(statement, "Action", "NotAction");
        let (mut resources, unknown_resource) = self.patterns(statement, "Resource", "NotResource");
        if identities.is_none() && (resources.is_empty() || resources == ["*"]) {
            // The policy of a resource is about that resource.
            resources = vec![format!("${{{}}}", self.carrier)];
        }
        let condition = statement
            .get("Condition")
            .map(|condition| serde_json::Value::from(&sorted(condition)).to_string());
        let foreign_condition =
            statement.get("Condition").is_some_and(|condition| self.is_foreign(condition));
        for principal in principals {
            for action in &actions {
                for resource in &resources {
                    self.add(Grant {
                        principal: principal.clone(),
                        verdict,
                        action: action.clone().into(),
                        resource: resource.clone(),
                        condition: condition.clone(),
                        unknown: unknown_action || unknown_resource || foreign_condition,
                    });
                }
            }
        }
    }

    /// Actions or resources of a statement, and whether one of them is not known.
    fn patterns(&self, statement: &Map, name: &str, negated: &str) -> (Vec<String>, bool) {
        let list = |value: &Value| -> Vec<String> {
            let items = value.as_list().unwrap_or(std::slice::from_ref(value));
            items.iter().map(|item| self.pattern(item)).collect()
        };
        if let Some(value) = statement.get(name) {
            return (list(value), self.is_foreign(value));
        }
        let Some(value) = statement.get(negated) else { return (Vec::new(), false) };
        let mut items = list(value);
        items.sort_unstable();
        (vec![format!("all but {}", items.join(", "))], self.is_foreign(value))
    }

    fn pattern(&self, value: &Value) -> String {
        let text = words::text_of(value);
        // The ARN of an own bucket, however it is put together.
        for prefix in ["arn:aws:s3:::${", "arn:${AWS::Partition}:s3:::${"] {
            if let Some((id, rest)) = text.strip_prefix(prefix).and_then(|rest| rest.split_once('}'))
                && self.resources.by_id.contains_key(id)
            {
                return format!("${{{id}.Arn}}{rest}");
            }
        }
        text
    }

    fn principals(&self, statement: &Map) -> Vec<String> {
        let (value, negated) = match (statement.get("Principal"), statement.get("NotPrincipal")) {
            (Some(value), _) => (value, false),
            (None, Some(value)) => (value, true),
            (None, None) => return vec![format!("whoever uses `{}`", self.carrier)],
        };
        let mut found = Vec::new();
        match value {
            Value::Map(map) if intrinsic::of(map).is_none() => {
                for (kind, members) in map.iter() {
                    let members = members.as_list().unwrap_or(std::slice::from_ref(members));
                    found.extend(members.iter().map(|member| self.principal(kind, member)));
                }
            }
            other => found.push(self.principal("AWS", other)),
        }
        if negated {
            found.sort_unstable();
            return vec![format!("everyone but {}", found.join(", "))];
        }
        found
    }

    fn principal(&self, kind: &str, value: &Value) -> String {
        if let Some(own) = self.own(value) {
            return own;
        }
        let text = words::text_of(value);
        match kind {
            _ if text == "*" => words::EVERYONE.to_owned(),
            "AWS" => match account(&text) {
                Some(account) => format!("account `{account}`"),
                None => format!("`{text}`"),
            },
            "Service" => format!("service `{text}`"),
            "Federated" => format!("identity provider `{text}`"),
            _ => format!("{kind} `{text}`"),
        }
    }

    fn permission(&mut self, properties: &Map) {
        let text = |name: &str| properties.get(name).map(words::text_of);
        let Some(principal) = properties.get("Principal") else { return };
        let name = words::text_of(principal);
        let principal = match account(&name) {
            _ if name == "*" => words::EVERYONE.to_owned(),
            Some(account) => format!("account `{account}`"),
            None if name.contains(".amazonaws.com") => format!("service `{name}`"),
            None => format!("`{name}`"),
        };
        let conditions: Vec<String> = ["SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken"]
            .iter()
            .filter_map(|name| Some(format!("{name} is `{}`", text(name)?)))
            .collect();
        let function = properties.get("FunctionName").map(|function| match intrinsic_target(function) {
            Some(id) => format!("${{{id}.Arn}}"),
            None => words::text_of(function),
        });
        let unknown = ["FunctionName", "SourceArn", "SourceAccount"]
            .iter()
            .filter_map(|name| properties.get(name))
            .any(|value| self.is_foreign(value));
        self.add(Grant {
            principal,
            verdict: Verdict::Allow,
            action: text("Action").unwrap_or_default().into(),
            resource: function.unwrap_or_default(),
            condition: (!conditions.is_empty()).then(|| conditions.join(" and ")),
            unknown,
        });
    }

    /// Whether a value is known only at deployment, and made from other things than own resources.
    fn is_foreign(&self, value: &Value) -> bool {
        if is_known(value) {
            return false;
        }
        let mut references = 0;
        let mut foreign = false;
        intrinsic::references(value, &mut |reference| {
            references += 1;
            foreign |= match reference {
                Reference::Name(name) | Reference::Attribute(name, _) => {
                    !self.resources.by_id.contains_key(name) && !name.starts_with("AWS::")
                }
                Reference::Condition(_) | Reference::Mapping(_) => true,
            };
        });
        foreign || references == 0
    }

    fn add(&mut self, grant: Grant) {
        self.grants.entry(grant).or_insert(self.carrier);
    }
}

fn intrinsic_target(value: &Value) -> Option<&str> {
    match intrinsic::of(value.as_map()?)? {
        ("Ref", Value::String(name)) => Some(name),
        ("Fn::GetAtt", Value::List(parts)) => parts.first()?.as_str(),
        _ => None,
    }
}

/// The account that a text names as a whole.
fn account(text: &str) -> Option<&str> {
    let root = text.strip_suffix(":root").and_then(|arn| arn.split_once(":iam::"));
    if let Some((_, account)) = root {
        return Some(account);
    }
    let number = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    (number || text == "${AWS::AccountId}").then_some(text)
}

/// A condition with its keys in order, and lists of one as their item.
fn sorted(value: &Value) -> Value {
    match value {
        Value::List(items) => match items.as_slice() {
            [one] => sorted(one),
            items => {
                let mut items: Vec<Value> = items.iter().map(sorted).collect();
                items.sort_by_key(words::text_of);
                Value::List(items)
            }
        },
        Value::Map(map) => {
            let mut map: Map = map.iter().map(|(key, item)| (key.to_owned(), sorted(item))).collect();
            map.sort_keys();
            Value::Map(map)
        }
        Value::Bool(flag) => Value::from(flag.to_string()),
        Value::Number(number) => Value::from(number.to_string()),
        other => other.clone(),
    }
}
