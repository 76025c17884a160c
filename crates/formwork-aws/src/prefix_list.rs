//! [`PrefixList`]: addresses under one name.

use formwork_cfn::{ec2, ec2::prefix_list::Entry, ids};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use crate::{
    security_group::Peer,
    vpc::{Destination, name_tag},
};

/// Address ranges under one name, of which rules and routes know the name alone.
///
/// A rule that names the list counts as many times as the list has places ([`PrefixList::room_for`])
/// against the quota of its group.
///
/// See [prefix lists](https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html).
///
/// ```
/// use formwork_aws::{port::Port, prefix_list::PrefixList};
/// use formwork_aws::security_group::{Outbound, SecurityGroup};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let offices = PrefixList::new("offices")
///     .range("203.0.113.0/24", "Zurich")
///     .range("198.51.100.0/24", "Bern")
///     .build(&mut stack, "Offices");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// let web = SecurityGroup::new(&vpc, "web servers", Outbound::Anywhere).build(&mut stack, "Web");
/// web.allow(&mut stack, &offices, Port::HTTPS);
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a list is added to a stack by `build`"]
pub struct PrefixList {
    name: String,
    ranges: Vec<(String, String)>,
    places: Option<u16>,
}

impl PrefixList {
    /// A list without ranges.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ranges: Vec::new(), places: None }
    }

    /// Adds an IPv4 or IPv6 range, and says whose it is. All ranges of a list are of one kind.
    pub fn range(mut self, range: impl Into<String>, description: impl Into<String>) -> Self {
        self.ranges.push((range.into(), description.into()));
        self
    }

    /// Leaves room for so many ranges: as many as there are unless set.
    pub fn room_for(mut self, ranges: u16) -> Self {
        self.places = Some(ranges);
        self
    }

    /// Adds the list to a stack.
    ///
    /// Findings: a range that is none, or of the other kind (`FW0401`), more ranges than room
    /// (`FW0402`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> PrefixListHandle {
        let mut scope = scope.construct(id);
        let is_ipv6 = |range: &str| range.contains(':');
        let family = self.ranges.first().is_some_and(|(range, _)| is_ipv6(range));
        for (range, _) in &self.ranges {
            let peer = if is_ipv6(range) { Peer::ipv6(range.as_str()) } else { Peer::ipv4(range.as_str()) };
            if let Some((message, hint)) = peer.mistake() {
                scope.report(Finding::error("FW0401", message).hint(hint));
            } else if is_ipv6(range) != family {
                let message = format!("the list `{}` holds IPv4 and IPv6 ranges", self.name);
                scope.report(Finding::error("FW0401", message).hint("make a list of each"));
            }
        }
        let count = self.ranges.len();
        let places = self.places.map_or(count, usize::from);
        if places < count || places == 0 {
            let message = format!("the list `{}` has {count} ranges and room for {places}", self.name);
            scope.report(Finding::error("FW0402", message).hint("`.room_for(10)` leaves room for ten"));
        }
        let entries =
            self.ranges.into_iter().map(|(range, description)| Entry::new(range).description(description));
        let entries: Vec<Entry> = entries.collect();
        let tag = name_tag(&scope, "");
        let list = ec2::PrefixList::new(self.name, if family { "IPv6" } else { "IPv4" })
            .max_entries(i64::try_from(places).unwrap_or(i64::MAX))
            .entries(entries)
            .tags([tag])
            .build(&mut scope, "PrefixList");
        PrefixListHandle { list, name: scope.path().to_owned() }
    }
}

/// A [`PrefixList`] that stands in a stack. Goes where a peer of a rule or the destination of a
/// route does.
#[derive(Debug, Clone)]
pub struct PrefixListHandle {
    list: Handle<ec2::PrefixList>,
    name: String,
}

impl PrefixListHandle {
    /// The list itself.
    pub const fn list(&self) -> &Handle<ec2::PrefixList> {
        &self.list
    }
}

impl From<&PrefixListHandle> for Expr<ids::ec2::PrefixListId> {
    fn from(handle: &PrefixListHandle) -> Self {
        Self::from(&handle.list)
    }
}

impl From<&PrefixListHandle> for Peer {
    fn from(handle: &PrefixListHandle) -> Self {
        Self::prefix_list_of(Expr::from(&handle.list), handle.name.clone())
    }
}

impl From<&PrefixListHandle> for Destination {
    fn from(handle: &PrefixListHandle) -> Self {
        Self::prefix_list(&handle.list, handle.name.clone())
    }
}
