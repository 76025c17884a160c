//! [`PolicyDocument`] and [`Statement`]: IAM's own language, in a canonical form.

use formwork_core::{Expr, IntoNode, Json, Object, builder::Node};

/// The version of the language: the one that has variables.
const VERSION: &str = "2012-10-17";

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// A statement of a policy: who may, or may not, do what to what.
///
/// Actions are sorted and stand once. For an identity's policy, [`Permission`](super::Permission)
/// is safer: it asks for a reason where a `*` stands.
///
/// See [policy elements](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html).
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Statement(Vec<(&'static str, Node)>);

impl Statement {
    /// A statement about actions on resources.
    pub fn new<A: Into<String>, R: Into<Expr<String>>>(
        effect: Effect,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        let resources = resources.into_iter().map(|resource| resource.into().into_node()).collect();
        Self::without_resource(effect, actions).with("Resource", one_or_list(resources))
    }

    /// A statement of a policy that stands at the resource itself, as the trust policy of a role
    /// does.
    pub fn without_resource<A: Into<String>>(effect: Effect, actions: impl IntoIterator<Item = A>) -> Self {
        let mut actions: Vec<String> = actions.into_iter().map(Into::into).collect();
        actions.sort_unstable();
        actions.dedup();
        let effect = match effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        let actions = actions.into_iter().map(IntoNode::into_node).collect();
        Self(vec![("Action", one_or_list(actions)), ("Effect", effect.into_node())])
    }

    /// Names the statement, with letters and digits.
    pub fn sid(self, sid: impl Into<String>) -> Self {
        self.with("Sid", sid.into().into_node())
    }

    /// Whom the statement is about, in a policy of a resource: `{"AWS": ...}` or `{"Service": ...}`.
    pub fn principal(self, kind: &'static str, principal: impl Into<Expr<String>>) -> Self {
        let principal = Object::new().with(kind, principal.into());
        self.with("Principal", principal.into_node())
    }

    /// The statement counts only where this holds (`"StringEquals"`, `"aws:SourceAccount"`, a value).
    /// Several conditions hold together.
    pub fn condition(mut self, operator: &'static str, key: &'static str, value: impl IntoNode) -> Self {
        let position = self.0.iter().position(|(name, _)| *name == "Condition").unwrap_or_else(|| {
            self.0.push(("Condition", Node::Map(Vec::new())));
            self.0.len() - 1
        });
        // Two keys below a map always find their place.
        let _ = self.0[position].1.set_at(&[operator, key], value.into_node());
        self
    }

    pub(crate) fn with(mut self, name: &'static str, node: Node) -> Self {
        self.0.push((name, node));
        self
    }

    fn into_node(self) -> Node {
        Node::Map(self.0.into_iter().map(|(name, node)| (name.into(), node)).collect())
    }
}

/// A single item as itself, as IAM itself writes it; several as a list.
fn one_or_list(mut items: Vec<Node>) -> Node {
    if items.len() == 1 { items.remove(0) } else { Node::List(items) }
}

fn items(node: Option<&Node>) -> Vec<Node> {
    match node {
        Some(Node::List(items)) => items.clone(),
        Some(single) => vec![single.clone()],
        None => Vec::new(),
    }
}

/// A policy: statements, of which equal ones, and ones that differ in their actions or in their
/// resources alone, are one.
///
/// ```
/// use formwork_aws::iam::{Effect, PolicyDocument, Statement};
/// use formwork_core::{Expr, Json};
///
/// let policy: Expr<Json> = PolicyDocument::new()
///     .statement(Statement::new(Effect::Allow, ["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111111111111:jobs"]))
///     .statement(Statement::new(Effect::Allow, ["sqs:GetQueueUrl"], ["arn:aws:sqs:eu-west-1:111111111111:jobs"]))
///     .into();
/// # let _ = policy;
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[must_use]
pub struct PolicyDocument(Vec<Node>);

impl PolicyDocument {
    /// A policy without statements.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a statement, into one that is there where that says the same.
    pub fn statement(mut self, statement: Statement) -> Self {
        merge(&mut self.0, statement.into_node());
        self
    }
}

impl From<PolicyDocument> for Expr<Json> {
    fn from(document: PolicyDocument) -> Self {
        Self::from_node(document_node(document.0))
    }
}

fn document_node(statements: Vec<Node>) -> Node {
    Node::Map(vec![("Version".into(), VERSION.into_node()), ("Statement".into(), Node::List(statements))])
}

/// Adds statements to a document that stands in a property; makes the document where there is none.
pub(crate) fn add_statements(document: &mut Node, statements: impl IntoIterator<Item = Statement>) {
    if matches!(document, Node::Null) {
        *document = document_node(Vec::new());
    }
    let mut own = items(document.get("Statement"));
    for statement in statements {
        merge(&mut own, statement.into_node());
    }
    // The key of a map, or of nothing, always takes a value; an expression is the author's own.
    let _ = document.set_at(&["Statement"], Node::List(own));
}

/// Adds a statement: to the actions of one that differs in nothing else, or to the resources of
/// one that differs in nothing else, or at the end.
fn merge(statements: &mut Vec<Node>, new: Node) {
    for field in ["Action", "Resource"] {
        let same = |known: &Node| {
            let (Node::Map(known), Node::Map(new)) = (known, &new) else { return false };
            known.len() == new.len()
                && known.iter().all(|(name, node)| {
                    new.iter().any(|(other, value)| other == name && (name == field || value == node))
                })
        };
        let Some(known) = statements.iter_mut().find(|known| same(known)) else { continue };
        let mut all = items(known.get(field));
        for item in items(new.get(field)) {
            if !all.contains(&item) {
                all.push(item);
            }
        }
        if field == "Action" {
            all.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
        }
        let _ = known.set_at(&[field], one_or_list(all));
        return;
    }
    statements.push(new);
}
