//! [`UserData`]: what an instance does when it first starts.

mod multipart;
#[cfg(feature = "user-data")]
mod template;

use formwork_core::{Expr, Finding, IntoNode, Scope, base64, builder::Node, concat};

pub use multipart::UserDataPart;

/// What an instance does when it first starts, at most 16 KiB.
///
/// See [user data](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html).
///
/// ```
/// use formwork_aws::user_data::UserData;
/// use formwork_core::{pseudo, sub};
///
/// let script = UserData::shell()
///     .line("dnf install -y nginx")
///     .line(sub!("echo region={region} > /etc/region", region = pseudo::region()))
///     .line("systemctl enable --now nginx");
/// # let _ = script;
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct UserData {
    parts: Vec<Node>,
    findings: Vec<Finding>,
}

impl UserData {
    /// A shell script that stops at the first command that fails.
    pub fn shell() -> Self {
        Self::text("#!/bin/bash\nset -euo pipefail\n")
    }

    /// Any text: a script, or cloud-config.
    pub fn text(text: impl Into<Expr<String>>) -> Self {
        Self { parts: vec![text.into().into_node()], findings: Vec::new() }
    }

    /// Adds a line.
    pub fn line(mut self, line: impl Into<Expr<String>>) -> Self {
        self.parts.push(line.into().into_node());
        self.parts.push("\n".into_node());
        self
    }

    /// The encoded text.
    pub(crate) fn encode(self, scope: &mut Scope<'_>) -> Expr<String> {
        for finding in self.findings {
            scope.report(finding);
        }
        base64(concat(self.parts))
    }
}
