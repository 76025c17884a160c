//! What a rule rewrites in requests before they are passed on.

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2,
    elasticloadbalancingv2::listener_rule::{RewriteConfig, RewriteConfigObject, Transform},
};
use formwork_core::{Expr, Finding, Scope};

use super::regex;

/// The longest expression, and the longest text in its place.
const LONGEST: usize = 1024;

/// What stands in the place of what an expression describes.
type Rewrite = (String, String);

/// The rewritings of a rule; the service takes one of each kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Rewrites {
    pub(super) host: Vec<Rewrite>,
    pub(super) url: Vec<Rewrite>,
}

impl Rewrites {
    /// Reports (`FW0447`) what cannot be.
    pub(super) fn check(&self, passes_on: bool, scope: &mut Scope<'_>) {
        for (noun, rewrites) in [("host", &self.host), ("URL", &self.url)] {
            if rewrites.len() > 1 {
                let message = format!("the rule rewrites the {noun} {} times", rewrites.len());
                let hint = "make one expression of them, or a rule for each";
                scope.report(Finding::error("FW0447", message).hint(hint));
            }
            if !rewrites.is_empty() && !passes_on {
                let message = format!("the rule rewrites the {noun}, and passes no request on");
                let hint = "a redirect says itself where it leads";
                scope.report(Finding::warning("FW0447", message).hint(hint));
            }
        }
        for (expression, text) in self.host.iter().chain(&self.url) {
            if let Some(mistake) = regex::mistake(expression) {
                scope.report(Finding::error("FW0447", mistake));
            }
            let length = expression.len().max(text.len());
            if length > LONGEST {
                let message = format!("a rewriting has {length} characters: {LONGEST} are possible");
                scope.report(Finding::error("FW0447", message));
            }
        }
    }

    pub(super) fn apply(self, rule: elbv2::ListenerRule) -> elbv2::ListenerRule {
        let config =
            |(expression, text): Rewrite| RewriteConfigObject::new([RewriteConfig::new(expression, text)]);
        let host = self
            .host
            .into_iter()
            .map(|rewrite| Transform::new("host-header-rewrite").host_header_rewrite_config(config(rewrite)));
        let url = self.url.into_iter();
        let url = url.map(|rewrite| Transform::new("url-rewrite").url_rewrite_config(config(rewrite)));
        let all: Vec<Transform> = host.chain(url).collect();
        if all.is_empty() { rule } else { rule.transforms(Expr::list(all)) }
    }
}
