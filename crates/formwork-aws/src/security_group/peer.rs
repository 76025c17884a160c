//! [`Peer`]: the other side of a rule.

use std::net::Ipv4Addr;

use formwork_cfn::ids;
use formwork_core::Expr;
use ipnet::{Ipv4Net, Ipv6Net};

use super::SecurityGroupHandle;

/// The other side of a rule: addresses, or another security group (`&group` is one).
#[derive(Debug, Clone)]
pub struct Peer(pub(crate) Source);

#[derive(Debug, Clone)]
pub(crate) enum Source {
    Ipv4(String),
    Ipv6(String),
    PrefixList(Expr<ids::ec2::PrefixListId>, Option<String>),
    Group {
        group: Expr<ids::ec2::SecurityGroupId>,
        name: String,
    },
    /// A group of this app, whose own rules are known.
    Handle(Box<SecurityGroupHandle>),
}

impl Peer {
    /// Every IPv4 address.
    pub fn any_ipv4() -> Self {
        Self::ipv4("0.0.0.0/0")
    }

    /// Every IPv6 address.
    pub fn any_ipv6() -> Self {
        Self::ipv6("::/0")
    }

    /// A range of IPv4 addresses (`203.0.113.0/24`), or one of them.
    pub fn ipv4(range: impl Into<String>) -> Self {
        let range = range.into();
        let single = range.parse::<Ipv4Addr>().is_ok();
        Self(Source::Ipv4(if single { format!("{range}/32") } else { range }))
    }

    /// A range of IPv6 addresses (`2001:db8::/32`).
    pub fn ipv6(range: impl Into<String>) -> Self {
        Self(Source::Ipv6(range.into()))
    }

    /// The addresses of a prefix list, by its handle or id.
    pub fn prefix_list(list: impl Into<Expr<ids::ec2::PrefixListId>>) -> Self {
        Self(Source::PrefixList(list.into(), None))
    }

    pub(crate) fn prefix_list_of(list: Expr<ids::ec2::PrefixListId>, name: String) -> Self {
        Self(Source::PrefixList(list, Some(name)))
    }

    /// A security group of another app by its id. A group of this app goes in by its handle.
    pub fn security_group(
        group: impl Into<Expr<ids::ec2::SecurityGroupId>>,
        name: impl Into<String>,
    ) -> Self {
        Self(Source::Group { group: group.into(), name: name.into() })
    }

    /// For a description.
    pub(crate) fn words(&self) -> String {
        match &self.0 {
            Source::Ipv4(range) | Source::Ipv6(range) => range.clone(),
            Source::PrefixList(_, Some(name)) => format!("the prefix list {name}"),
            Source::PrefixList(_, None) => "a prefix list".to_owned(),
            Source::Group { name, .. } => name.clone(),
            Source::Handle(handle) => handle.name.clone(),
        }
    }

    /// For a logical id.
    pub(crate) fn word(&self) -> String {
        match &self.0 {
            Source::Ipv4(range) | Source::Ipv6(range) => {
                range.chars().map(|each| if each.is_ascii_alphanumeric() { each } else { 'x' }).collect()
            }
            Source::PrefixList(_, name) => name.clone().unwrap_or_else(|| "PrefixList".to_owned()),
            Source::Group { name, .. } => name.clone(),
            Source::Handle(handle) => handle.name.clone(),
        }
    }

    /// Whether this is every address of the internet.
    pub(crate) fn is_everyone(&self) -> bool {
        matches!(&self.0, Source::Ipv4(range) | Source::Ipv6(range) if range == "0.0.0.0/0" || range == "::/0")
    }

    /// What is wrong with the addresses and how to mend it.
    pub(crate) fn mistake(&self) -> Option<(String, String)> {
        match &self.0 {
            Source::Ipv4(text) => match text.parse::<Ipv4Net>() {
                Ok(range) if range.network() == range.addr() => None,
                Ok(range) => Some((
                    format!("`{text}` has bits set beyond its prefix"),
                    format!("the range begins at `{}`", range.trunc()),
                )),
                Err(_) => Some((
                    format!("`{text}` is not an IPv4 range"),
                    "write an address and a prefix: `203.0.113.0/24`".to_owned(),
                )),
            },
            Source::Ipv6(text) => match text.parse::<Ipv6Net>() {
                Ok(range) if range.network() == range.addr() => None,
                Ok(range) => Some((
                    format!("`{text}` has bits set beyond its prefix"),
                    format!("the range begins at `{}`", range.trunc()),
                )),
                Err(_) => Some((
                    format!("`{text}` is not an IPv6 range"),
                    "write an address and a prefix: `2001:db8::/32`".to_owned(),
                )),
            },
            Source::PrefixList(..) | Source::Group { .. } | Source::Handle(_) => None,
        }
    }
}

impl From<&SecurityGroupHandle> for Peer {
    fn from(handle: &SecurityGroupHandle) -> Self {
        Self(Source::Handle(Box::new(handle.clone())))
    }
}
