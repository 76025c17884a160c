//! [`SecurityGroup`]: what may reach something, and what it may reach.

mod edge;
mod imported;
mod peer;

use formwork_cfn::{ec2, ec2::security_group::Egress, ids};
use formwork_core::{Build, Expr, Finding, Handle, Scope, ScopeId};

use crate::port::Port;

use edge::{Direction, Rule};
pub use imported::ImportedSecurityGroup;
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
    accepted: Vec<(String, String)>,
}

/// What something in a security group may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outbound {
    /// Everything, by IPv4. For IPv6 add [`SecurityGroupHandle::allow_out`].
    Anywhere,
    /// Nothing but answers to what has reached it, groups that let it in, and what
    /// [`SecurityGroupHandle::allow_out`] says.
    Nowhere,
}

impl SecurityGroup {
    /// A group without inbound rules. The description cannot be changed later without replacing
    /// the group.
    pub fn new(
        vpc: impl Into<Expr<ids::ec2::VpcId>>,
        description: impl Into<String>,
        outbound: Outbound,
    ) -> Self {
        Self {
            vpc: vpc.into(),
            description: description.into(),
            outbound,
            rules: Vec::new(),
            accepted: Vec::new(),
        }
    }

    /// A group that stands already, by its id, and what may be reached from it. It is added to by the
    /// same methods as one that is built here.
    pub fn import(id: impl Into<Expr<String>>, outbound: Outbound) -> ImportedSecurityGroup {
        ImportedSecurityGroup::new(id, outbound)
    }

    /// Lets a peer in, and says why.
    pub fn allow(mut self, peer: impl Into<Peer>, port: Port, description: impl Into<String>) -> Self {
        self.rules.push(Rule { peer: peer.into(), port, description: description.into() });
        self
    }

    /// Accepts what a rule (`FW3001`) finds about this group, with a reason that reports show.
    pub fn accept(mut self, rule: &str, reason: &str) -> Self {
        self.accepted.push((rule.to_owned(), reason.to_owned()));
        self
    }

    /// Adds the group to a stack.
    ///
    /// Findings: an address range that is none (`FW0401`), a port range that runs backwards
    /// (`FW0405`), a description that EC2 refuses (`FW0406`), ports that are meant for few and open
    /// to everyone (`FW3001`, a warning).
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
        let mut group =
            ec2::SecurityGroup::new(self.description).vpc_id(self.vpc).security_group_egress([egress]);
        for (rule, reason) in &self.accepted {
            group = group.accept(rule, reason);
        }
        let group = group.build(&mut scope, "SecurityGroup");
        let handle = SecurityGroupHandle {
            id: Expr::from(&group),
            group: Some(group),
            scope: scope.id(),
            name: scope.path().to_owned(),
            outbound: self.outbound,
            accepted: self.accepted,
        };
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

/// A [`SecurityGroup`] that stands in a stack, or an imported one. Goes wherever the id of a security
/// group does.
#[derive(Debug, Clone)]
pub struct SecurityGroupHandle {
    id: Expr<ids::ec2::SecurityGroupId>,
    /// None for an imported one.
    group: Option<Handle<ec2::SecurityGroup>>,
    scope: ScopeId,
    /// The path of its scope, for the ids of rules about it.
    name: String,
    outbound: Outbound,
    accepted: Vec<(String, String)>,
}

impl SecurityGroupHandle {
    /// The group itself, unless it is imported.
    pub const fn group(&self) -> Option<&Handle<ec2::SecurityGroup>> {
        self.group.as_ref()
    }

    /// The id.
    pub fn id(&self) -> Expr<ids::ec2::SecurityGroupId> {
        self.id.clone()
    }

    /// Whether the two are one group: each has a scope of its own.
    #[cfg(feature = "containers")]
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.scope == other.scope
    }

    /// Lets a peer in. A rule that is there already is not made twice.
    ///
    /// The rule stands in the group itself, unless two groups that name each other would then wait
    /// for each other, the group is imported, or another stack than the group's makes it: then it is a
    /// resource of its own, in the stack that makes it. A peer that reaches nowhere ([`Outbound::Nowhere`]) gets the rule
    /// that lets it out to this group.
    ///
    /// Between groups of two stacks, make the rule in the stack that is deployed later: the other one
    /// would else wait for it.
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

    /// Lets what is in this group reach a peer. Where it reaches everything already
    /// ([`Outbound::Anywhere`]), this adds nothing. A group as the peer has to let it in as well:
    /// [`SecurityGroupHandle::allow`] of that group does both.
    #[track_caller]
    pub fn allow_out(&self, scope: &mut Scope<'_>, peer: impl Into<Peer>, port: Port) {
        let peer = peer.into();
        // Everything is every IPv4 address.
        if self.outbound == Outbound::Anywhere && !matches!(peer.0, Source::Ipv6(_)) {
            return;
        }
        let description = format!("{port} to {}", peer.words());
        let mut scope = scope.reopen(self.scope);
        self.put(&mut scope, Direction::Out, &Rule { peer, port, description });
    }

    /// Adds an inbound rule, and the outbound one of a peer that needs it.
    fn add(&self, scope: &mut Scope<'_>, rule: &Rule) {
        if rule.peer.is_everyone()
            && let Some(reached) = rule.port.meant_for_few()
        {
            self.report_exposure(scope, &reached);
        }
        self.put(scope, Direction::In, rule);
        if let Source::Handle(peer) = &rule.peer.0 {
            peer.allow_out(scope, self, rule.port);
        }
    }

    fn report_exposure(&self, scope: &mut Scope<'_>, reached: &str) {
        let hint =
            "name the addresses or the security group that need it, or reach it through Session Manager";
        let mut finding = Finding::warning("FW3001", format!("everyone can reach {reached}")).hint(hint);
        if let Some((_, reason)) = self.accepted.iter().find(|(rule, _)| rule == "FW3001") {
            finding.accept(reason);
        }
        scope.report(finding);
    }
}

impl From<&SecurityGroupHandle> for Expr<ids::ec2::SecurityGroupId> {
    fn from(handle: &SecurityGroupHandle) -> Self {
        handle.id()
    }
}
