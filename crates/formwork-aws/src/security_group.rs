//! [`SecurityGroup`]: what may reach something, and what it may reach.

mod peer;

use formwork_cfn::{
    ec2,
    ec2::security_group::{Egress, Ingress},
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope, ScopeId};

use crate::port::Port;

pub use peer::Peer;
use peer::Source;

/// The longest description that EC2 takes, of a group and of a rule.
const DESCRIPTION_CHARACTERS: usize = 255;
/// What EC2 takes in a description beside letters and digits.
const DESCRIPTION_SIGNS: &str = " ._-:/()#,@[]+=&;{}!$*";

/// A security group: nothing reaches what is in it, unless a rule allows it.
///
/// See [`AWS::EC2::SecurityGroup`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html).
///
/// ```
/// use formwork_aws::{port::Port, security_group::{Outbound, Peer, SecurityGroup}};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::isolated("Data"))
///     .build(&mut stack, "Network");
/// let web = SecurityGroup::new(&vpc, "web servers", Outbound::Anywhere)
///     .allow(Peer::ipv4("203.0.113.0/24"), Port::HTTPS, "the office")
///     .build(&mut stack, "Web");
/// let database = SecurityGroup::new(&vpc, "database", Outbound::Nowhere).build(&mut stack, "Database");
/// database.allow(&mut stack, &web, Port::POSTGRESQL);
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a security group is added to a stack by `build`"]
pub struct SecurityGroup {
    vpc: Expr<ids::ec2::VpcId>,
    description: String,
    outbound: Outbound,
    rules: Vec<Rule>,
}

/// What something in a security group may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outbound {
    /// Everything.
    Anywhere,
    /// Nothing but answers to what has reached it.
    Nowhere,
}

#[derive(Debug, Clone)]
struct Rule {
    peer: Peer,
    port: Port,
    description: String,
}

impl SecurityGroup {
    /// A group without inbound rules. The description cannot be changed later without replacing
    /// the group.
    pub fn new(
        vpc: impl Into<Expr<ids::ec2::VpcId>>,
        description: impl Into<String>,
        outbound: Outbound,
    ) -> Self {
        Self { vpc: vpc.into(), description: description.into(), outbound, rules: Vec::new() }
    }

    /// Lets a peer in, and says why.
    pub fn allow(mut self, peer: impl Into<Peer>, port: Port, description: impl Into<String>) -> Self {
        self.rules.push(Rule { peer: peer.into(), port, description: description.into() });
        self
    }

    /// Adds the group to a stack.
    ///
    /// Findings: an address range that is none (`FW0401`), a port range that runs backwards
    /// (`FW0405`), a description that EC2 refuses (`FW0406`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> SecurityGroupHandle {
        let mut scope = scope.construct(id);
        check_description(&self.description, &mut scope);
        let egress = match self.outbound {
            Outbound::Anywhere => Egress::new("-1").cidr_ip("0.0.0.0/0").description("anywhere"),
            // Without any rule EC2 would allow everything: this one matches no host.
            Outbound::Nowhere => Egress::new("icmp")
                .cidr_ip("255.255.255.255/32")
                .from_port(252)
                .to_port(86)
                .description("nowhere"),
        };
        let group = ec2::SecurityGroup::new(self.description)
            .vpc_id(self.vpc)
            .security_group_egress([egress])
            .build(&mut scope, "SecurityGroup");
        let handle = SecurityGroupHandle { group, scope: scope.id(), name: scope.path().to_owned() };
        for rule in self.rules {
            handle.add(&mut scope, &rule);
        }
        handle
    }
}

fn check_description(description: &str, scope: &mut Scope<'_>) {
    let legal = |each: char| each.is_ascii_alphanumeric() || DESCRIPTION_SIGNS.contains(each);
    let refused: String = description.chars().filter(|each| !legal(*each)).collect();
    if !refused.is_empty() {
        let message = format!("the description `{description}` has what EC2 refuses: `{refused}`");
        let hint = format!("letters, digits, spaces and `{}`", DESCRIPTION_SIGNS.trim_start());
        scope.report(Finding::error("FW0406", message).hint(hint));
    }
    let length = description.chars().count();
    if length == 0 || length > DESCRIPTION_CHARACTERS {
        let message = format!(
            "a description of a security group has 1 to {DESCRIPTION_CHARACTERS} characters, this one has {length}"
        );
        scope.report(Finding::error("FW0406", message));
    }
}

/// A [`SecurityGroup`] that stands in a stack. Goes wherever the id of a security group does.
#[derive(Debug, Clone)]
pub struct SecurityGroupHandle {
    group: Handle<ec2::SecurityGroup>,
    scope: ScopeId,
    /// The path of its scope, for the ids of rules about it.
    name: String,
}

impl SecurityGroupHandle {
    /// The group itself.
    pub const fn group(&self) -> &Handle<ec2::SecurityGroup> {
        &self.group
    }

    /// Lets a peer in. A rule that is there already is not made twice.
    #[track_caller]
    pub fn allow(&self, scope: &mut Scope<'_>, peer: impl Into<Peer>, port: Port) {
        let peer = peer.into();
        let description = format!("{port} from {}", peer.words());
        let mut scope = scope.reopen(self.scope);
        self.add(&mut scope, &Rule { peer, port, description });
    }

    /// Lets everything in this group reach everything else in it.
    #[track_caller]
    pub fn allow_each_other(&self, scope: &mut Scope<'_>, port: Port) {
        self.allow(scope, self, port);
    }

    /// Adds a rule: in the group where it names addresses, as a resource of its own where it names
    /// another group, since two groups may well name each other.
    fn add(&self, scope: &mut Scope<'_>, rule: &Rule) {
        if let Some(mistake) = rule.port.mistake() {
            scope.report(Finding::error("FW0405", mistake).hint("write the lower port first"));
        }
        check_description(&rule.description, scope);
        if let Some((message, hint)) = rule.peer.mistake() {
            scope.report(Finding::error("FW0401", message).hint(hint));
        }
        let inside = scope.shares_stack_with(self.scope) && !matches!(rule.peer.0, Source::Group { .. });
        if inside { self.add_inside(scope, rule) } else { self.add_apart(scope, rule) }
    }

    fn add_inside(&self, scope: &mut Scope<'_>, rule: &Rule) {
        let mut ingress = Ingress::new(rule.port.protocol()).description(rule.description.as_str());
        if let Some((first, last)) = rule.port.range() {
            ingress = ingress.from_port(first).to_port(last);
        }
        ingress = match &rule.peer.0 {
            Source::Ipv4(range) => ingress.cidr_ip(range.as_str()),
            Source::Ipv6(range) => ingress.cidr_ipv6(range.as_str()),
            Source::PrefixList(list) => ingress.source_prefix_list_id(list.clone()),
            Source::Group { group, .. } => ingress.source_security_group_id(group.clone()),
        };
        scope.change(&self.group, |draft| draft.append("SecurityGroupIngress", ingress));
    }

    fn add_apart(&self, scope: &mut Scope<'_>, rule: &Rule) {
        let id = format!("From{}{}", rule.peer.word(), rule.port.word());
        if scope.contains(&id) {
            return;
        }
        let mut ingress = ec2::SecurityGroupIngress::new(rule.port.protocol())
            .group_id(&self.group)
            .description(rule.description.as_str());
        if let Some((first, last)) = rule.port.range() {
            ingress = ingress.from_port(first).to_port(last);
        }
        let ingress = match &rule.peer.0 {
            Source::Ipv4(range) => ingress.cidr_ip(range.as_str()),
            Source::Ipv6(range) => ingress.cidr_ipv6(range.as_str()),
            Source::PrefixList(list) => ingress.source_prefix_list_id(list.clone()),
            Source::Group { group, .. } => ingress.source_security_group_id(group.clone()),
        };
        ingress.build(scope, &id);
    }
}

impl From<&SecurityGroupHandle> for Expr<ids::ec2::SecurityGroupId> {
    fn from(handle: &SecurityGroupHandle) -> Self {
        Self::from(&handle.group)
    }
}

impl From<&SecurityGroupHandle> for Peer {
    fn from(handle: &SecurityGroupHandle) -> Self {
        Self(Source::Group { group: Expr::from(&handle.group), name: handle.name.clone() })
    }
}
