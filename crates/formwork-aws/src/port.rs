//! [`Port`]: a protocol and the ports that a rule is about.

use std::fmt;

/// A protocol and the ports that a rule of a security group is about.
///
/// A single port cannot be out of range. A range that runs backwards is a finding (`FW0405`)
/// where the rule is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Port {
    pub(crate) protocol: Protocol,
    pub(crate) first: i64,
    pub(crate) last: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
    Icmp,
    All,
}

impl Port {
    /// HTTP: TCP 80.
    pub const HTTP: Self = Self::tcp(80);
    /// HTTPS: TCP 443.
    pub const HTTPS: Self = Self::tcp(443);
    /// SSH: TCP 22.
    pub const SSH: Self = Self::tcp(22);
    /// PostgreSQL: TCP 5432.
    pub const POSTGRESQL: Self = Self::tcp(5432);
    /// MySQL and MariaDB: TCP 3306.
    pub const MYSQL: Self = Self::tcp(3306);
    /// Redis and Valkey: TCP 6379.
    pub const REDIS: Self = Self::tcp(6379);
    /// The echo requests of ping.
    pub const PING: Self = Self { protocol: Protocol::Icmp, first: 8, last: -1 };
    /// Every protocol, every port.
    pub const ALL: Self = Self { protocol: Protocol::All, first: -1, last: -1 };

    /// One TCP port.
    pub const fn tcp(port: u16) -> Self {
        Self::tcp_range(port, port)
    }

    /// TCP ports, both ends included.
    pub const fn tcp_range(first: u16, last: u16) -> Self {
        Self { protocol: Protocol::Tcp, first: first as i64, last: last as i64 }
    }

    /// One UDP port.
    pub const fn udp(port: u16) -> Self {
        Self::udp_range(port, port)
    }

    /// UDP ports, both ends included.
    pub const fn udp_range(first: u16, last: u16) -> Self {
        Self { protocol: Protocol::Udp, first: first as i64, last: last as i64 }
    }

    /// The protocol as EC2 writes it.
    pub(crate) const fn protocol(self) -> &'static str {
        match self.protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Icmp => "icmp",
            Protocol::All => "-1",
        }
    }

    /// First and last port, where the protocol has ports or types.
    pub(crate) fn range(self) -> Option<(i64, i64)> {
        (self.protocol != Protocol::All).then_some((self.first, self.last))
    }

    /// Why no rule can be about this, if so.
    pub(crate) fn mistake(self) -> Option<String> {
        let ports = matches!(self.protocol, Protocol::Tcp | Protocol::Udp);
        (ports && self.first > self.last)
            .then(|| format!("the port range {}-{} runs backwards", self.first, self.last))
    }

    /// A word for logical ids: `Tcp80`.
    pub(crate) fn word(self) -> String {
        match (self.protocol, self.first, self.last) {
            (Protocol::All, ..) => "All".to_owned(),
            (Protocol::Icmp, ..) => "Icmp".to_owned(),
            (protocol, first, last) => {
                let protocol = if protocol == Protocol::Tcp { "Tcp" } else { "Udp" };
                if first == last {
                    format!("{protocol}{first}")
                } else {
                    format!("{protocol}{first}To{last}")
                }
            }
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.protocol, self.first, self.last) {
            (Protocol::All, ..) => formatter.write_str("all traffic"),
            (Protocol::Icmp, ..) => formatter.write_str("ping"),
            (_, first, last) if first == last => write!(formatter, "{} {first}", self.protocol()),
            (_, first, last) => write!(formatter, "{} {first}-{last}", self.protocol()),
        }
    }
}
