//! [`MutualTls`]: clients that have a certificate of their own.

use formwork_cfn::{elasticloadbalancingv2::listener::MutualAuthentication, ids};
use formwork_core::Expr;

/// What a listener asks of clients: a certificate of their own.
///
/// See [mutual TLS](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html).
///
/// ```
/// use formwork_aws::load_balancer::{ApplicationLoadBalancer, MutualTls, TrustStore};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::{App, id};
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// # let certificate = id("arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666");
/// let partners = TrustStore::new(id("acme-certificates"), "partners/authorities.pem")
///     .build(&mut stack, "Partners");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// balancer
///     .https(&mut stack, certificate)
///     .mutual_tls(MutualTls::verify(&partners).advertise_authorities())
///     .respond(200, "welcome");
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct MutualTls {
    trust_store: Option<Expr<ids::elasticloadbalancingv2::TrustStoreArn>>,
    accept_expired: bool,
    advertise: bool,
}

impl MutualTls {
    /// Refuses clients without a certificate of the authorities in a trust store.
    pub fn verify(trust_store: impl Into<Expr<ids::elasticloadbalancingv2::TrustStoreArn>>) -> Self {
        Self { trust_store: Some(trust_store.into()), accept_expired: false, advertise: false }
    }

    /// Passes the certificates of clients on to targets, which judge them.
    pub const fn pass_through() -> Self {
        Self { trust_store: None, accept_expired: false, advertise: false }
    }

    /// Accepts certificates that have expired.
    pub fn accept_expired(mut self) -> Self {
        self.accept_expired = true;
        self
    }

    /// Tells clients the names of the authorities in the trust store, so that they know which of
    /// their certificates is meant.
    pub fn advertise_authorities(mut self) -> Self {
        self.advertise = true;
        self
    }

    pub(super) fn into_property(self) -> MutualAuthentication {
        let Some(store) = self.trust_store else { return MutualAuthentication::new().mode("passthrough") };
        let verify = MutualAuthentication::new()
            .mode("verify")
            .trust_store_arn(store)
            .ignore_client_certificate_expiry(self.accept_expired);
        if self.advertise { verify.advertise_trust_store_ca_names("on") } else { verify }
    }
}
