//! [`RegistryScanning`]: which images of a registry are looked through for vulnerabilities.

use formwork_cfn::{
    ecr,
    ecr::registry_scanning_configuration::{RepositoryFilter, ScanningRule},
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

/// Which images of the registry are looked through for known vulnerabilities. The registry is all
/// repositories of an account in a region: it has one of these, and one stack may say it.
///
/// Repositories are chosen by patterns of their names, in which `*` stands for anything. This comes
/// in place of [`Repository::scan_on_push`](super::Repository::scan_on_push).
///
/// See [`AWS::ECR::RegistryScanningConfiguration`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-registryscanningconfiguration.html).
///
/// ```
/// use formwork_aws::ecr::RegistryScanning;
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("registry");
/// RegistryScanning::enhanced().on_push(["*"]).continuously(["shop/*"]).build(&mut stack, "Scanning");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "scanning is added to a stack by `build`"]
pub struct RegistryScanning {
    enhanced: bool,
    on_push: Vec<String>,
    continuously: Vec<String>,
}

impl RegistryScanning {
    /// Scans of operating systems, by ECR itself.
    pub const fn basic() -> Self {
        Self { enhanced: false, on_push: Vec::new(), continuously: Vec::new() }
    }

    /// Scans of operating systems and of the packages of languages, by Amazon Inspector, which costs
    /// money for each image.
    pub const fn enhanced() -> Self {
        Self { enhanced: true, on_push: Vec::new(), continuously: Vec::new() }
    }

    /// Scans images of these repositories when they come in (`shop/*`).
    pub fn on_push<F: Into<String>>(mut self, repositories: impl IntoIterator<Item = F>) -> Self {
        self.on_push.extend(repositories.into_iter().map(Into::into));
        self
    }

    /// Scans images of these repositories again whenever a vulnerability becomes known. Only
    /// [`RegistryScanning::enhanced`] does.
    pub fn continuously<F: Into<String>>(mut self, repositories: impl IntoIterator<Item = F>) -> Self {
        self.continuously.extend(repositories.into_iter().map(Into::into));
        self
    }

    /// Adds the configuration to a stack.
    ///
    /// Findings: continuous scans that are not enhanced, a pattern twice (`FW0487`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<ecr::RegistryScanningConfiguration> {
        let mut scope = scope.construct(id);
        if !self.enhanced && !self.continuously.is_empty() {
            let message = "basic scans are made when an image comes in, and not again";
            let hint = "scan with Amazon Inspector: `RegistryScanning::enhanced()`";
            scope.report(Finding::error("FW0487", message).hint(hint));
        }
        if let Some(twice) = self.on_push.iter().find(|filter| self.continuously.contains(filter)) {
            let message = format!("`{twice}` is scanned when an image comes in, and continuously");
            let hint = "images that are scanned continuously are scanned when they come in, too";
            scope.report(Finding::error("FW0487", message).hint(hint));
        }
        let rules = [(self.on_push, "SCAN_ON_PUSH"), (self.continuously, "CONTINUOUS_SCAN")];
        let rules = rules.into_iter().filter(|(filters, _)| !filters.is_empty());
        let rules = rules.map(|(filters, frequency)| {
            let filters = filters.into_iter().map(|filter| RepositoryFilter::new(filter, "WILDCARD"));
            ScanningRule::new(Expr::list(filters), frequency)
        });
        let kind = if self.enhanced { "ENHANCED" } else { "BASIC" };
        ecr::RegistryScanningConfiguration::new(Expr::list(rules), kind).build(&mut scope, "Scanning")
    }
}
