//! User data of several parts.

use formwork_core::{IntoNode, builder::Node};

use super::UserData;

/// What stands between parts. No script has such a line.
const BOUNDARY: &str = "==formwork-part==";

/// A part of [`UserData::parts`].
#[derive(Debug, Clone)]
#[must_use]
pub struct UserDataPart {
    kind: &'static str,
    data: UserData,
}

impl UserDataPart {
    /// A script, which runs when the instance first starts.
    pub const fn script(data: UserData) -> Self {
        Self { kind: "text/x-shellscript", data }
    }

    /// What cloud-init does: [`UserData::cloud_config`].
    pub const fn cloud_config(data: UserData) -> Self {
        Self { kind: "text/cloud-config", data }
    }

    /// A script that runs at every start, before the others.
    pub const fn boot_hook(data: UserData) -> Self {
        Self { kind: "text/cloud-boothook", data }
    }
}

impl UserData {
    /// What cloud-init does, in YAML. The first line, `#cloud-config`, is written here.
    ///
    /// See [cloud-init](https://cloudinit.readthedocs.io/en/latest/reference/modules.html).
    ///
    /// ```
    /// use formwork_aws::user_data::UserData;
    ///
    /// let data = UserData::cloud_config("packages:\n  - nginx\nruncmd:\n  - systemctl enable --now nginx\n");
    /// # let _ = data;
    /// ```
    pub fn cloud_config(yaml: impl Into<formwork_core::Expr<String>>) -> Self {
        let mut data = Self::text("#cloud-config\n");
        data.parts.push(yaml.into().into_node());
        data
    }

    /// Several parts, which cloud-init takes one after the other.
    ///
    /// ```
    /// use formwork_aws::user_data::{UserData, UserDataPart};
    ///
    /// let data = UserData::parts([
    ///     UserDataPart::cloud_config(UserData::cloud_config("packages: [nginx]\n")),
    ///     UserDataPart::script(UserData::shell().line("systemctl enable --now nginx")),
    /// ]);
    /// # let _ = data;
    /// ```
    pub fn parts(parts: impl IntoIterator<Item = UserDataPart>) -> Self {
        let header = format!("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\n");
        let (mut nodes, mut findings): (Vec<Node>, _) = (vec![header.into_node()], Vec::new());
        for part in parts {
            let head = format!("\n--{BOUNDARY}\nContent-Type: {}; charset=\"utf-8\"\n\n", part.kind);
            nodes.push(head.into_node());
            nodes.extend(part.data.parts);
            findings.extend(part.data.findings);
        }
        nodes.push(format!("\n--{BOUNDARY}--\n").into_node());
        Self { parts: nodes, findings }
    }
}
