//! Policy documents.
//!
//! See [the grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).

use formwork_template::{Map, ResourceView, Severity, Value, intrinsic};

use crate::{
    judge::{Judge, text},
    nearest::nearest,
    patterns,
};

/// What a policy is attached to, which decides what its statements have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attached {
    /// A user, a group, a role.
    Identity,
    /// A resource that statements name.
    Resource,
    /// A resource that statements do not name.
    Repository,
    /// A role, for who may take it on.
    Trust,
}

impl Attached {
    const fn rule(self) -> &'static str {
        match self {
            Self::Identity => "E3510",
            Self::Resource => "E3512",
            Self::Repository => "E3513",
            Self::Trust => "E3530",
        }
    }
}

/// Where policies stand: the type, the way from its properties, and what they are attached to.
pub(super) const PLACES: [(&str, &str, Attached); 22] = [
    ("AWS::IAM::Group", "Policies/*/PolicyDocument", Attached::Identity),
    ("AWS::IAM::GroupPolicy", "PolicyDocument", Attached::Identity),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument", Attached::Identity),
    ("AWS::IAM::Policy", "PolicyDocument", Attached::Identity),
    ("AWS::IAM::Role", "Policies/*/PolicyDocument", Attached::Identity),
    ("AWS::IAM::RolePolicy", "PolicyDocument", Attached::Identity),
    ("AWS::IAM::User", "Policies/*/PolicyDocument", Attached::Identity),
    ("AWS::IAM::UserPolicy", "PolicyDocument", Attached::Identity),
    ("AWS::SSO::PermissionSet", "InlinePolicy", Attached::Identity),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument", Attached::Trust),
    ("AWS::KMS::Key", "KeyPolicy", Attached::Resource),
    ("AWS::KMS::ReplicaKey", "KeyPolicy", Attached::Resource),
    ("AWS::OpenSearchService::Domain", "AccessPolicies", Attached::Resource),
    ("AWS::Elasticsearch::Domain", "AccessPolicies", Attached::Resource),
    ("AWS::S3::BucketPolicy", "PolicyDocument", Attached::Resource),
    ("AWS::SNS::TopicPolicy", "PolicyDocument", Attached::Resource),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", Attached::Resource),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", Attached::Resource),
    ("AWS::S3::AccessPoint", "Policy", Attached::Resource),
    ("AWS::Backup::BackupVault", "AccessPolicy", Attached::Resource),
    ("AWS::ECR::Repository", "RepositoryPolicyText", Attached::Repository),
    ("AWS::EC2::VPCEndpoint", "PolicyDocument", Attached::Resource),
];

/// What a statement may say.
const STATEMENT: [&str; 9] = [
    "Action",
    "Condition",
    "Effect",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "Principal",
    "Resource",
    "Sid",
];
/// Who a principal may be.
const PRINCIPALS: [&str; 4] = ["AWS", "CanonicalUser", "Federated", "Service"];
/// Versions of the policy language.
const VERSIONS: [&str; 2] = ["2008-10-17", "2012-10-17"];
/// What a resource is named by.
const ARN: &str =
    r"^(arn:(aws[A-Za-z\-]*?|\*|\$\{[^}]*\}):[^:]+:[^:]*(:([\d*?]{1,12}|aws|\$\{[^}]*\})?:.+|)|\*)$";
/// What an account or an identity in one is named by.
const PRINCIPAL: &str = r"^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront|\*):.+)$";
/// What conditions compare by.
const OPERATOR: &str = r"^((ForAnyValue:|ForAllValues:)?((Not)?IpAddress|Arn(Not)?(Equals|Like)|Bool|BinaryEquals|Date(Less|Greater)Than(Equals)?|Date(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Numeric(Not)?Equals|String(Not)?Equals(IgnoreCase)?|String(Not)?Like)(Exists)?(IfExists)?|Null)$";
/// What an action looks like.
const ACTION: &str = r"^(\*|\*:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$";

/// Judges every policy of the template.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for resource in template.resources() {
        for (path, document, attached) in documents(resource) {
            let mut reader = Reader { judge: &mut *judge, attached, path };
            reader.document(&document);
        }
    }
}

/// The policies of a resource, with their places. One in a text is read.
pub(super) fn documents(resource: ResourceView<'_>) -> Vec<(Vec<String>, Value, Attached)> {
    let mut found = Vec::new();
    let kind = resource.resource_type().unwrap_or_default();
    for (_, way, attached) in PLACES.iter().filter(|(known, ..)| *known == kind) {
        let path: Vec<String> = ["Resources", resource.logical_id, "Properties"].map(str::to_owned).into();
        if let Some(properties) = resource.attributes.get("Properties") {
            let way: Vec<&str> = way.split('/').collect();
            follow(properties, &way, path, &mut |path, value| found.push((path, value.clone(), *attached)));
        }
    }
    found
}

fn follow(value: &Value, way: &[&str], path: Vec<String>, found: &mut impl FnMut(Vec<String>, &Value)) {
    if let Some(("Fn::If", Value::List(operands))) = value.as_map().and_then(intrinsic::of) {
        for (position, branch) in operands.iter().enumerate().skip(1) {
            let inner = [&path[..], &["Fn::If".to_owned(), position.to_string()]].concat();
            follow(branch, way, inner, found);
        }
        return;
    }
    match way.split_first() {
        None => found(path, value),
        Some((&"*", rest)) => {
            for (position, item) in value.as_list().unwrap_or_default().iter().enumerate() {
                follow(item, rest, [&path[..], &[position.to_string()]].concat(), found);
            }
        }
        Some((step, rest)) => {
            if let Some(inner) = value.get(step) {
                follow(inner, rest, [&path[..], &[(*step).to_owned()]].concat(), found);
            }
        }
    }
}

/// Calls with every statement of a document and its place, on all branches of conditions.
pub(super) fn statements(document: &Value, mut found: impl FnMut(&[String], &Map)) {
    let Some(statement) = document.get("Statement") else { return };
    let start = vec!["Statement".to_owned()];
    let mut each = |path: Vec<String>, value: &Value| {
        if let Value::Map(map) = value
            && intrinsic::of(map).is_none()
        {
            found(&path, map);
        }
    };
    follow(statement, &[], start, &mut |path, value| match value {
        Value::List(_) => follow(value, &["*"], path, &mut each),
        _ => each(path, value),
    });
}

struct Reader<'j, 'a> {
    judge: &'j mut Judge<'a>,
    attached: Attached,
    path: Vec<String>,
}

impl Reader<'_, '_> {
    fn report(&mut self, more: &[&str], message: impl Into<String>, hint: Option<String>) {
        let path: Vec<&str> = self.path.iter().map(String::as_str).chain(more.iter().copied()).collect();
        self.judge.report(self.attached.rule(), Severity::Error, &path, message, hint);
    }

    fn document(&mut self, document: &Value) {
        if let Value::String(json) = document {
            match formwork_template::Template::from_json(json) {
                Ok(read) => self.document(&Value::Map(read.into_sections())),
                // A placeholder of another tool, or a text that is put together later.
                Err(_) if json.contains("${") || json.contains("{{") => {}
                Err(_) => self.report(&[], "the policy is a text that is no JSON object", None),
            }
            return;
        }
        let Some(map) = document.as_map() else {
            self.report(&[], format!("a policy is an object, and this is {}", document.kind()), None);
            return;
        };
        if intrinsic::of(map).is_some() {
            return;
        }
        for key in
            map.keys().filter(|key| !["Version", "Id", "Statement"].contains(key) && !key.starts_with("Fn::"))
        {
            let hint = nearest(key, ["Version", "Id", "Statement"])
                .map(|known| format!("is it `{known}` that is meant?"));
            self.report(&[key], format!("a policy has no `{key}`"), hint);
        }
        if let Some(version) = map.get("Version").and_then(text)
            && !VERSIONS.contains(&&*version)
        {
            let hint = Some(format!("the version is {}", VERSIONS[1]));
            self.report(&["Version"], format!("`{version}` is no version of the policy language"), hint);
        }
        match map.get("Statement") {
            None if map.keys().any(|key| key.starts_with("Fn::")) => {}
            None => self.report(&[], "a policy needs `Statement`", None),
            Some(Value::List(_) | Value::Map(_)) => self.statements(document),
            Some(other) => self.report(
                &["Statement"],
                format!("a statement is an object, and this is {}", other.kind()),
                None,
            ),
        }
    }

    fn statements(&mut self, document: &Value) {
        let mut found = Vec::new();
        statements(document, |path, statement| found.push((path.to_vec(), statement.clone())));
        for (position, item) in
            document.get("Statement").and_then(Value::as_list).unwrap_or_default().iter().enumerate()
        {
            if item.as_map().is_none() {
                self.report(
                    &["Statement", &position.to_string()],
                    format!("a statement is an object, and this is {}", item.kind()),
                    None,
                );
            }
        }
        let mut sids: Vec<String> = Vec::new();
        for (path, statement) in found {
            let before = self.path.len();
            self.path.extend(path);
            self.statement(&statement);
            // On the two branches of a condition a name may stand twice.
            if let Some(sid) =
                statement.get("Sid").and_then(text).filter(|_| !self.path.iter().any(|step| step == "Fn::If"))
            {
                if sids.contains(&sid) {
                    self.report(&["Sid"], format!("two statements have the `Sid` `{sid}`"), None);
                }
                sids.push(sid);
            }
            self.path.truncate(before);
        }
    }

    fn statement(&mut self, statement: &Map) {
        for key in statement.keys().filter(|key| !STATEMENT.contains(key) && !key.starts_with("Fn::")) {
            let hint = nearest(key, STATEMENT).map(|known| format!("is it `{known}` that is meant?"));
            self.report(&[key], format!("a statement has no `{key}`"), hint);
        }
        match statement.get("Effect") {
            None => self.report(&[], "a statement needs `Effect`", None),
            Some(effect) => {
                if let Some(effect) = text(effect).filter(|effect| effect != "Allow" && effect != "Deny") {
                    self.report(&["Effect"], format!("`{effect}` is no effect: `Allow` or `Deny`"), None);
                }
            }
        }
        self.one_of(statement, "Action", "NotAction", true);
        match self.attached {
            Attached::Identity => {
                self.one_of(statement, "Resource", "NotResource", true);
                self.none_of(
                    statement,
                    &["Principal", "NotPrincipal"],
                    "the identity that it is attached to is the principal",
                );
            }
            Attached::Resource => {
                self.one_of(statement, "Principal", "NotPrincipal", true);
                self.one_of(statement, "Resource", "NotResource", true);
            }
            Attached::Repository => self.one_of(statement, "Principal", "NotPrincipal", true),
            Attached::Trust => {
                self.one_of(statement, "Principal", "NotPrincipal", true);
                self.none_of(statement, &["Resource", "NotResource"], "the role is the resource");
            }
        }
        for name in ["Action", "NotAction"] {
            self.texts(statement, name, ACTION, "is no action, such as `s3:GetObject`");
        }
        for name in ["Resource", "NotResource"] {
            self.texts(statement, name, ARN, "is no ARN, and not `*`");
        }
        for name in ["Principal", "NotPrincipal"] {
            if let Some(principal) = statement.get(name) {
                self.principal(name, principal);
            }
        }
        if let Some(Value::Map(condition)) = statement.get("Condition")
            && intrinsic::of(condition).is_none()
        {
            for operator in condition.keys().filter(|key| !key.starts_with("Fn::")) {
                if !patterns::matches(OPERATOR, operator) {
                    self.report(
                        &["Condition", operator],
                        format!("`{operator}` is nothing that conditions compare by"),
                        None,
                    );
                }
            }
        }
    }

    fn one_of(&mut self, statement: &Map, one: &str, other: &str, needed: bool) {
        let open = statement.keys().any(|key| key.starts_with("Fn::"));
        match (statement.contains_key(one), statement.contains_key(other)) {
            (true, true) => {
                self.report(&[other], format!("a statement has `{one}` or `{other}`, and not both"), None);
            }
            (false, false) if needed && !open => {
                self.report(&[], format!("a statement needs `{one}` or `{other}`"), None);
            }
            _ => {}
        }
    }

    fn none_of(&mut self, statement: &Map, names: &[&str], why: &str) {
        for name in names.iter().filter(|name| statement.contains_key(name)) {
            self.report(&[name], format!("`{name}` cannot stand here: {why}"), None);
        }
    }

    /// Texts of a form, one or a list of them.
    fn texts(&mut self, statement: &Map, name: &str, pattern: &'static str, wrong: &str) {
        let Some(value) = statement.get(name) else { return };
        let list = value.as_list();
        for (position, item) in list.unwrap_or(std::slice::from_ref(value)).iter().enumerate() {
            let position = position.to_string();
            let way: &[&str] = if list.is_some() { &[name, &position] } else { &[name] };
            match item {
                Value::String(text) if text.contains("{{resolve:") => {}
                Value::String(text) if !patterns::matches(pattern, text) => {
                    self.report(way, format!("`{text}` {wrong}"), None);
                }
                Value::List(_) => self.report(way, "a list stands within a list", None),
                Value::Map(map) if intrinsic::of(map).is_none() => {
                    self.report(way, "an object stands where a text is wanted", None);
                }
                _ => {}
            }
        }
        if list.is_some_and(<[Value]>::is_empty) {
            self.report(&[name], format!("`{name}` names nothing"), None);
        }
    }

    fn principal(&mut self, name: &str, principal: &Value) {
        match principal {
            Value::String(text) if text == "*" => {}
            Value::String(text) => self.report(
                &[name],
                format!("`{text}` is no principal: `*`, or an object with {}", PRINCIPALS.join(", ")),
                None,
            ),
            Value::Map(map) if intrinsic::of(map).is_none() => {
                for key in map.keys().filter(|key| !PRINCIPALS.contains(key) && !key.starts_with("Fn::")) {
                    let hint =
                        nearest(key, PRINCIPALS).map(|known| format!("is it `{known}` that is meant?"));
                    self.report(&[name, key], format!("there are no principals of the kind `{key}`"), hint);
                }
                let Some(accounts) = map.get("AWS") else { return };
                let list = accounts.as_list();
                for (position, account) in list.unwrap_or(std::slice::from_ref(accounts)).iter().enumerate() {
                    let position = position.to_string();
                    let way: &[&str] =
                        if list.is_some() { &[name, "AWS", &position] } else { &[name, "AWS"] };
                    if let Some(text) = account
                        .as_str()
                        .filter(|text| !text.contains("{{resolve:") && !patterns::matches(PRINCIPAL, text))
                    {
                        self.report(way, format!("`{text}` is no account and no identity in one"), None);
                    }
                }
            }
            Value::List(_) => self.report(&[name], "a principal is no list", None),
            _ => {}
        }
    }
}
