//! [`PolicyDocument`] and [`Statement`]: IAM's own language, in a canonical form.

use super::{condition::PolicyCondition, principal::Principal};
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
/// For an identity's policy, [`Permission`](super::Permission)
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
        let effect = match effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        let actions = actions.into_iter().map(|action| action.into().into_node()).collect();
        Self(vec![("Action", one_or_list(actions)), ("Effect", effect.into_node())])
    }

    /// Names the statement, with letters and digits.
    pub fn sid(self, sid: impl Into<String>) -> Self {
        self.with("Sid", sid.into().into_node())
    }

    /// Denies something to everyone, whoever else allows it: for the policy of a resource.
    ///
    /// ```
    /// use formwork_aws::iam::{ConditionKey, PolicyCondition, Statement};
    ///
    /// let bucket = "arn:aws:s3:::reports";
    /// let insecure = Statement::deny_to_everyone(["s3:*"], [bucket.to_owned(), format!("{bucket}/*")])
    ///     .when(PolicyCondition::bool(ConditionKey::SECURE_TRANSPORT, false));
    /// # let _ = insecure;
    /// ```
    pub fn deny_to_everyone<A: Into<String>, R: Into<Expr<String>>>(
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
    ) -> Self {
        let everyone = Object::new().with("AWS", "*");
        Self::new(Effect::Deny, actions, resources).with("Principal", everyone.into_node())
    }

    /// Whom the statement is about, in the policy of a resource, with the conditions that the
    /// principal brings.
    pub fn principal(self, principal: Principal) -> Self {
        let (principal, conditions) = principal.into_parts();
        let statement = self.with("Principal", principal);
        conditions.into_iter().fold(statement, Self::when)
    }

    /// The statement counts only where this holds. Several conditions hold together; the same
    /// operator and key again takes the place of what was there.
    pub fn when(mut self, condition: impl Into<PolicyCondition>) -> Self {
        let position = self.0.iter().position(|(name, _)| *name == "Condition").unwrap_or_else(|| {
            self.0.push(("Condition", Node::Map(Vec::new())));
            self.0.len() - 1
        });
        condition.into().put_into(&mut self.0[position].1);
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

/// A policy: statements, of which equal ones are one, and ones that differ in their actions, their
/// resources or their principals alone. Actions and resources are sorted and stand once.
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

/// The lists of a statement, in which two statements may differ and still be one.
const LISTS: [&[&str]; 6] = [
    &["Action"],
    &["Resource"],
    &["Principal", "AWS"],
    &["Principal", "Service"],
    &["Principal", "Federated"],
    &["Principal", "CanonicalUser"],
];

/// Adds a statement: to a list of one that differs in nothing else, or at the end. What it makes of
/// another statement may be one with a third.
fn merge(statements: &mut Vec<Node>, mut new: Node) {
    for list in &LISTS[..2] {
        put_in_order(&mut new, list);
    }
    let mut place = statements.len();
    loop {
        let found = LISTS.iter().find_map(|list| {
            let position = statements.iter().position(|known| same_but(known, &new, list))?;
            Some((*list, position))
        });
        let Some((list, position)) = found else { break };
        let mut known = statements.remove(position);
        let mut all = items(known.at(list.iter().copied()));
        all.extend(items(new.at(list.iter().copied())));
        let _ = known.set_at(list, Node::List(all));
        put_in_order(&mut known, list);
        new = known;
        place = position.min(place);
    }
    statements.insert(place.min(statements.len()), new);
}

/// Whether two nodes have something at a path, and are the same beside it.
fn same_but(left: &Node, right: &Node, path: &[&str]) -> bool {
    let Some((step, rest)) = path.split_first() else { return true };
    let (Node::Map(left), Node::Map(right)) = (left, right) else { return false };
    let has_step = left.iter().any(|(name, _)| name == step);
    has_step
        && pairs_agree(
            left,
            right,
            |name, one, other| {
                if name == step { same_but(one, other, rest) } else { same(one, other) }
            },
        )
}

/// Whether two nodes are the same, in whichever order maps are written.
fn same(left: &Node, right: &Node) -> bool {
    match (left, right) {
        (Node::Map(left), Node::Map(right)) => pairs_agree(left, right, |_, one, other| same(one, other)),
        (left, right) => left == right,
    }
}

fn pairs_agree<N: PartialEq>(
    left: &[(N, Node)],
    right: &[(N, Node)],
    agree: impl Fn(&N, &Node, &Node) -> bool,
) -> bool {
    let agrees = |(name, node): &(N, Node)| {
        right.iter().any(|(other, value)| other == name && agree(name, node, value))
    };
    left.len() == right.len() && left.iter().all(agrees)
}

/// Sorts a list of a statement, texts first, and leaves out what another item says as well.
fn put_in_order(statement: &mut Node, list: &[&str]) {
    let mut all = items(statement.at(list.iter().copied()));
    all.sort_by(|left, right| match (left.as_str(), right.as_str()) {
        (Some(left), Some(right)) => left.cmp(right),
        (left, right) => right.is_some().cmp(&left.is_some()),
    });
    let mut kept: Vec<Node> = Vec::new();
    for (position, item) in all.iter().enumerate() {
        let wider = |other: &Node| list == ["Action"] && other != item && covers(other, item);
        if !kept.contains(item)
            && !all.iter().enumerate().any(|(other, node)| other != position && wider(node))
        {
            kept.push(item.clone());
        }
    }
    if !kept.is_empty() {
        let _ = statement.set_at(list, one_or_list(kept));
    }
}

/// Whether an action with a `*` at its end covers another one.
fn covers(wide: &Node, narrow: &Node) -> bool {
    match (wide.as_str().and_then(|wide| wide.strip_suffix('*')), narrow.as_str()) {
        (Some(begin), Some(narrow)) => !begin.contains(['*', '?']) && narrow.starts_with(begin),
        _ => false,
    }
}
