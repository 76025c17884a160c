//! [`DhcpOptions`]: what instances of a network are told when they start.

use formwork_cfn::ec2;
use formwork_core::{Build, Expr, Handle, Scope};

use super::{VpcHandle, name_tag};

/// What instances of a network are told when they start: names and servers. It takes the place of
/// what the network had, so DNS of Amazon is named where it is still wanted.
///
/// See [DHCP options](https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html).
///
/// ```
/// use formwork_aws::vpc::{DhcpOptions, NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// DhcpOptions::amazon_dns(&vpc).domain_name("shop.internal").build(&mut stack, "Names");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "options are added to a stack by `build`"]
pub struct DhcpOptions {
    vpc: VpcHandle,
    name_servers: Vec<Expr<String>>,
    time_servers: Vec<Expr<String>>,
    domain_name: Option<Expr<String>>,
}

impl DhcpOptions {
    /// Names are looked up by Amazon's own server, which private zones and endpoints need.
    pub fn amazon_dns(vpc: &VpcHandle) -> Self {
        Self::name_servers(vpc, ["AmazonProvidedDNS"])
    }

    /// Names are looked up by these servers, at most four.
    pub fn name_servers<S: Into<Expr<String>>>(
        vpc: &VpcHandle,
        servers: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            vpc: vpc.clone(),
            name_servers: servers.into_iter().map(Into::into).collect(),
            time_servers: Vec::new(),
            domain_name: None,
        }
    }

    /// What is put behind names that are not whole.
    pub fn domain_name(mut self, name: impl Into<Expr<String>>) -> Self {
        self.domain_name = Some(name.into());
        self
    }

    /// Servers that tell the time, at most four.
    pub fn time_servers<S: Into<Expr<String>>>(mut self, servers: impl IntoIterator<Item = S>) -> Self {
        self.time_servers = servers.into_iter().map(Into::into).collect();
        self
    }

    /// Adds the options to a stack, and gives them to the network.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<ec2::DhcpOptions> {
        let mut scope = scope.construct(id);
        let tag = name_tag(&scope, "");
        let mut options = ec2::DhcpOptions::new().domain_name_servers(self.name_servers).tags([tag]);
        if !self.time_servers.is_empty() {
            options = options.ntp_servers(self.time_servers);
        }
        if let Some(name) = self.domain_name {
            options = options.domain_name(name);
        }
        let options = options.build(&mut scope, "DhcpOptions");
        ec2::VpcDhcpOptionsAssociation::new(&self.vpc, &options).build(&mut scope, "Association");
        options
    }
}
