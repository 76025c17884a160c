//! [`ImportedSecurityGroup`]: a group that stands already.

use formwork_cfn::ids;
use formwork_core::{Expr, Scope, id as known};

use super::{Outbound, SecurityGroupHandle};

/// A security group that stands already, made elsewhere: by its id it is a [`SecurityGroupHandle`] like
/// one that is built here. Nothing of it is in the template but the rules that are added to it, each a
/// resource of its own in the stack that makes it.
///
/// ```
/// use formwork_aws::{port::Port, security_group::{Outbound, SecurityGroup}, vpc::Vpc};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("reports");
/// let vpc = Vpc::import("vpc-0a1b2c3d4e5f60718", "10.7.0.0/16").build(&mut stack, "Shared");
/// let reports = SecurityGroup::new(&vpc, "reports", Outbound::Nowhere).build(&mut stack, "Reports");
/// let database = SecurityGroup::import("sg-0a1b2c3d4e5f60718", Outbound::Nowhere)
///     .build(&mut stack, "Database");
/// database.allow(&mut stack, &reports, Port::POSTGRESQL);
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "an imported group is named in a stack by `build`"]
pub struct ImportedSecurityGroup {
    id: Expr<ids::ec2::SecurityGroupId>,
    outbound: Outbound,
    accepted: Vec<(String, String)>,
}

impl ImportedSecurityGroup {
    pub(super) fn new(id: impl Into<Expr<String>>, outbound: Outbound) -> Self {
        Self { id: known(id), outbound, accepted: Vec::new() }
    }

    /// Accepts what a rule (`FW3001`) finds about what is added to this group, with a reason that
    /// reports show.
    pub fn accept(mut self, rule: &str, reason: &str) -> Self {
        self.accepted.push((rule.to_owned(), reason.to_owned()));
        self
    }

    /// Names the group in a stack: rules that are added to it bear ids that begin so.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> SecurityGroupHandle {
        let scope = scope.construct(id);
        SecurityGroupHandle {
            id: self.id,
            group: None,
            scope: scope.id(),
            name: scope.path().to_owned(),
            outbound: self.outbound,
            accepted: self.accepted,
        }
    }
}
