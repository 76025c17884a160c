//! Where a rule stands: in its group, or as a resource of its own.
//!
//! A rule in the group is the shorter template and the faster deployment. A rule that names another
//! group makes the one wait for the other, so the rule that would close a circle stands apart. The
//! rules before it stay where they are: CloudFormation makes what is new before it takes away what
//! is gone, and EC2 refuses the same rule twice, so that a rule must not move by itself.

use formwork_cfn::{
    ec2,
    ec2::security_group::{Egress, Ingress},
};
use formwork_core::{
    Build, Finding, Handle, IntoNode, ResourceId, Scope,
    builder::{Function, Node, Target},
};

use super::{Peer, SecurityGroupHandle, Source, check_description};
use crate::port::Port;

/// The properties of a group that hold rules, and the property of a rule that names a group.
const SIDES: [(&str, &str); 2] = [
    ("SecurityGroupIngress", "SourceSecurityGroupId"),
    ("SecurityGroupEgress", "DestinationSecurityGroupId"),
];

#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) peer: Peer,
    pub(super) port: Port,
    pub(super) description: String,
}

/// Which way a rule lets something through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    In,
    Out,
}

/// Sets what the rule is about on any of the four types that hold a rule.
macro_rules! describe {
    ($target:expr, $rule:expr, $list:ident, $group:ident) => {{
        let mut target = $target.description($rule.description.as_str());
        if let Some((first, last)) = $rule.port.range() {
            target = target.from_port(first).to_port(last);
        }
        match &$rule.peer.0 {
            Source::Ipv4(range) => target.cidr_ip(range.as_str()),
            Source::Ipv6(range) => target.cidr_ipv6(range.as_str()),
            Source::PrefixList(list, _) => target.$list(list.clone()),
            Source::Group { group, .. } => target.$group(group.clone()),
            Source::Handle(handle) => target.$group(handle.id()),
        }
    }};
}

impl SecurityGroupHandle {
    /// Puts a rule where it belongs, unless it is there already. The scope is the group's own, or
    /// that of the same path in the stack that makes the rule.
    pub(super) fn put(&self, scope: &mut Scope<'_>, direction: Direction, rule: &Rule) {
        let mut rule = rule.clone();
        if matches!(rule.peer.0, Source::Ipv6(_)) {
            rule.port = rule.port.by_ipv6();
        }
        let rule = &rule;
        if let Some(mistake) = rule.port.mistake() {
            scope.report(Finding::error("FW0405", mistake).hint("write the lower port first"));
        }
        check_description(&rule.description, scope);
        if let Some((message, hint)) = rule.peer.mistake() {
            scope.report(Finding::error("FW0401", message).hint(hint));
        }
        let word = if direction == Direction::In { "From" } else { "To" };
        let id = format!("{word}{}{}", rule.peer.word(), rule.port.word());
        let (protocol, list) = (rule.port.protocol(), SIDES[usize::from(direction == Direction::Out)].0);
        let inside = match direction {
            Direction::In => {
                let ingress = Ingress::new(protocol);
                describe!(ingress, rule, source_prefix_list_id, source_security_group_id).into_node()
            }
            Direction::Out => {
                let egress = Egress::new(protocol);
                describe!(egress, rule, destination_prefix_list_id, destination_security_group_id).into_node()
            }
        };
        if scope.contains(&id) {
            return;
        }
        if let Some(group) = self.group.as_ref().map(Handle::id) {
            if holds(group, scope, list, &inside) {
                return;
            }
            if scope.shares_stack_with(self.scope) && !closes_circle(group, scope, rule) {
                scope.change(group, |draft| draft.append(list, inside));
                return;
            }
        }
        match direction {
            Direction::In => {
                let mut ingress = ec2::SecurityGroupIngress::new(protocol).group_id(self.id());
                // What the group accepts is about its own rules: this one is judged by itself.
                for (id, reason) in self.accepted.iter().filter(|_| rule.peer.is_everyone()) {
                    ingress = ingress.accept(id, reason);
                }
                describe!(ingress, rule, source_prefix_list_id, source_security_group_id).build(scope, &id);
            }
            Direction::Out => {
                let egress = ec2::SecurityGroupEgress::new(self.id(), protocol);
                describe!(egress, rule, destination_prefix_list_id, destination_security_group_id)
                    .build(scope, &id);
            }
        }
    }
}

/// Whether the group has the rule, whatever its description: EC2 takes one of them.
fn holds(group: ResourceId, scope: &mut Scope<'_>, list: &str, rule: &Node) -> bool {
    let same = |known: &Node| match (known, rule) {
        (Node::Map(known), Node::Map(rule)) => {
            known.len() == rule.len()
                && known.iter().all(|(name, value)| {
                    name == "Description" || rule.iter().any(|(other, new)| other == name && new == value)
                })
        }
        _ => false,
    };
    let mut found = false;
    scope.change(group, |draft| {
        if let Some(Node::List(rules)) = draft.properties().get(list) {
            found = rules.iter().any(same);
        }
    });
    found
}

/// Whether the peer waits for this group already, or is it.
fn closes_circle(own: ResourceId, scope: &mut Scope<'_>, rule: &Rule) -> bool {
    let Source::Handle(peer) = &rule.peer.0 else { return false };
    let Some(peer) = &peer.group else { return false };
    let (mut seen, mut next) = (Vec::new(), vec![peer.id()]);
    while let Some(group) = next.pop() {
        if group == own {
            return true;
        }
        if !seen.contains(&group) {
            seen.push(group);
            next.extend(named_groups(scope, group));
        }
    }
    false
}

/// The groups that the rules in a group name.
fn named_groups(scope: &mut Scope<'_>, group: ResourceId) -> Vec<ResourceId> {
    let mut named = Vec::new();
    scope.change(group, |draft| {
        for (list, peer) in SIDES {
            let Some(Node::List(rules)) = draft.properties().get(list) else { continue };
            named.extend(rules.iter().filter_map(|rule| resource(rule.get(peer)?)));
        }
    });
    named
}

/// The resource that an expression refers to.
fn resource(node: &Node) -> Option<ResourceId> {
    let Node::Function(function) = node else { return None };
    match function.as_ref() {
        Function::Ref(Target::Resource(id)) | Function::GetAtt(Target::Resource(id), ..) => Some(*id),
        _ => None,
    }
}
