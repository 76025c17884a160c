//! [`TrustStore`]: the authorities whose certificates clients may have.

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::trust_store_revocation::RevocationContent, ids,
};
use formwork_core::{Build, Expr, Handle, Scope};

use crate::vpc::name_tag;

/// The authorities whose certificates clients may have, for [`MutualTls`](super::MutualTls): a file in
/// S3 with their certificates in PEM, and lists of certificates that no longer count.
///
/// The files are read when the stack is deployed. A file that changed is read again when its key or
/// version is another.
///
/// See [`AWS::ElasticLoadBalancingV2::TrustStore`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-truststore.html).
///
/// ```
/// use formwork_aws::load_balancer::TrustStore;
/// use formwork_core::{App, id};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// TrustStore::new(id("acme-certificates"), "partners/authorities.pem")
///     .version("3sL4kqtJlcpXroDTDmJ.xUZQAVEAm3nR")
///     .revoked("partners/revoked.crl")
///     .build(&mut stack, "Partners");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a trust store is added to a stack by `build`"]
pub struct TrustStore {
    bucket: Expr<ids::s3::BucketName>,
    key: Expr<String>,
    version: Option<Expr<String>>,
    revoked: Vec<Expr<String>>,
}

impl TrustStore {
    /// The authorities in a file of a bucket, which is in the region of the stack.
    pub fn new(bucket: impl Into<Expr<ids::s3::BucketName>>, key: impl Into<Expr<String>>) -> Self {
        Self { bucket: bucket.into(), key: key.into(), version: None, revoked: Vec::new() }
    }

    /// The version of the file, in a bucket that keeps versions.
    pub fn version(mut self, version: impl Into<Expr<String>>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Refuses the certificates of a list (CRL), in another file of the bucket.
    pub fn revoked(mut self, key: impl Into<Expr<String>>) -> Self {
        self.revoked.push(key.into());
        self
    }

    /// Adds the trust store to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<elbv2::TrustStore> {
        let mut scope = scope.construct(id);
        let name = name_tag(&scope, "");
        let mut store = elbv2::TrustStore::new()
            .ca_certificates_bundle_s3_bucket(Expr::<String>::from(self.bucket.clone()))
            .ca_certificates_bundle_s3_key(self.key)
            .tags([name]);
        if let Some(version) = self.version {
            store = store.ca_certificates_bundle_s3_object_version(version);
        }
        let store = store.build(&mut scope, "TrustStore");
        if !self.revoked.is_empty() {
            let lists = self.revoked.into_iter().map(|key| {
                RevocationContent::new().revocation_type("CRL").s3_bucket(self.bucket.clone()).s3_key(key)
            });
            elbv2::TrustStoreRevocation::new()
                .trust_store_arn(&store)
                .revocation_contents(Expr::list(lists))
                .build(&mut scope, "Revoked");
        }
        store
    }
}
