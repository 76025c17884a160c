//! [`Port`]: a protocol and the ports that a rule is about.

use std::fmt;

use formwork_check::PRIVATE_PORTS;

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
    Icmpv6,
    All,
}

impl Port {
    /// HTTP: TCP 80.
    pub const HTTP: Self = Self::tcp(80);
    /// HTTPS: TCP 443. The domains of the OpenSearch service listen here, too.
    pub const HTTPS: Self = Self::tcp(443);
    /// SSH: TCP 22.
    pub const SSH: Self = Self::tcp(22);
    /// Remote desktops: TCP 3389.
    pub const RDP: Self = Self::tcp(3389);
    /// Commands for Windows by HTTPS: TCP 5986.
    pub const WINRM: Self = Self::tcp(5986);

    /// PostgreSQL: TCP 5432.
    pub const POSTGRESQL: Self = Self::tcp(5432);
    /// MySQL and MariaDB: TCP 3306.
    pub const MYSQL: Self = Self::tcp(3306);
    /// SQL Server: TCP 1433.
    pub const SQL_SERVER: Self = Self::tcp(1433);
    /// Oracle: TCP 1521.
    pub const ORACLE: Self = Self::tcp(1521);
    /// Db2: TCP 50000.
    pub const DB2: Self = Self::tcp(50000);
    /// MongoDB and DocumentDB: TCP 27017.
    pub const MONGODB: Self = Self::tcp(27017);
    /// Cassandra: TCP 9042.
    pub const CASSANDRA: Self = Self::tcp(9042);
    /// Keyspaces, which speaks Cassandra with TLS: TCP 9142.
    pub const KEYSPACES: Self = Self::tcp(9142);
    /// Neptune: TCP 8182.
    pub const NEPTUNE: Self = Self::tcp(8182);
    /// Redshift: TCP 5439.
    pub const REDSHIFT: Self = Self::tcp(5439);
    /// OpenSearch and Elasticsearch on machines of one's own: TCP 9200.
    pub const OPENSEARCH: Self = Self::tcp(9200);
    /// InfluxDB, which Timestream has: TCP 8086.
    pub const INFLUXDB: Self = Self::tcp(8086);
    /// Redis and Valkey: TCP 6379.
    pub const REDIS: Self = Self::tcp(6379);
    /// Memcached: TCP 11211.
    pub const MEMCACHED: Self = Self::tcp(11211);
    /// etcd, for clients: TCP 2379.
    pub const ETCD: Self = Self::tcp(2379);
    /// ZooKeeper: TCP 2181.
    pub const ZOOKEEPER: Self = Self::tcp(2181);

    /// AMQP with TLS, which Amazon MQ speaks: TCP 5671.
    pub const AMQPS: Self = Self::tcp(5671);
    /// MQTT with TLS: TCP 8883.
    pub const MQTTS: Self = Self::tcp(8883);
    /// Kafka without TLS: TCP 9092.
    pub const KAFKA: Self = Self::tcp(9092);
    /// Kafka with TLS, as MSK has it: TCP 9094.
    pub const KAFKA_TLS: Self = Self::tcp(9094);
    /// Kafka with names and passwords, as MSK has it: TCP 9096.
    pub const KAFKA_SASL: Self = Self::tcp(9096);
    /// Kafka with roles of IAM, as MSK has it: TCP 9098.
    pub const KAFKA_IAM: Self = Self::tcp(9098);

    /// The API of a Kubernetes cluster of one's own: TCP 6443. That of EKS listens for HTTPS.
    pub const KUBERNETES_API: Self = Self::tcp(6443);
    /// What Kubernetes asks its machines on: TCP 10250.
    pub const KUBELET: Self = Self::tcp(10250);
    /// What Kubernetes offers on every machine: TCP 30000 to 32767.
    pub const NODE_PORTS: Self = Self::tcp_range(30000, 32767);

    /// NFS, which EFS speaks: TCP 2049.
    pub const NFS: Self = Self::tcp(2049);
    /// SMB, which FSx for Windows speaks: TCP 445.
    pub const SMB: Self = Self::tcp(445);
    /// iSCSI, which FSx for ONTAP speaks: TCP 3260.
    pub const ISCSI: Self = Self::tcp(3260);

    /// DNS: UDP 53. Long answers come by TCP.
    pub const DNS: Self = Self::udp(53);
    /// DNS of long answers: TCP 53.
    pub const DNS_TCP: Self = Self::tcp(53);
    /// The time of day: UDP 123.
    pub const NTP: Self = Self::udp(123);
    /// LDAP with TLS: TCP 636.
    pub const LDAPS: Self = Self::tcp(636);
    /// Kerberos: TCP 88.
    pub const KERBEROS: Self = Self::tcp(88);
    /// Mail that is handed in with TLS: TCP 587.
    pub const SMTP_SUBMISSION: Self = Self::tcp(587);
    /// Logs of other machines with TLS: TCP 6514.
    pub const SYSLOG_TLS: Self = Self::tcp(6514);

    /// WireGuard: UDP 51820.
    pub const WIREGUARD: Self = Self::udp(51820);
    /// What gateway load balancers wrap packets in: UDP 6081.
    pub const GENEVE: Self = Self::udp(6081);
    /// The TCP ports that answers go to, for network ACLs.
    pub const EPHEMERAL: Self = Self::tcp_range(1024, 65535);
    /// The echo requests of ping, by IPv4 or IPv6 as the addresses are.
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

    /// The same ports by UDP.
    #[cfg(feature = "load-balancing")]
    pub(crate) const fn by_udp(self) -> Self {
        Self { protocol: Protocol::Udp, ..self }
    }

    /// The same for addresses of IPv6, where ping is another protocol.
    pub(crate) const fn by_ipv6(self) -> Self {
        match self.protocol {
            Protocol::Icmp => Self { protocol: Protocol::Icmpv6, first: 128, last: -1 },
            Protocol::Icmpv6 | Protocol::Tcp | Protocol::Udp | Protocol::All => self,
        }
    }

    /// The protocol as EC2 writes it.
    pub(crate) const fn protocol(self) -> &'static str {
        match self.protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Icmp => "icmp",
            Protocol::Icmpv6 => "icmpv6",
            Protocol::All => "-1",
        }
    }

    /// First and last port, where the protocol has ports or types.
    pub(crate) fn range(self) -> Option<(i64, i64)> {
        (self.protocol != Protocol::All).then_some((self.first, self.last))
    }

    /// What of this is meant for few, in words, if anything is.
    pub(crate) fn meant_for_few(self) -> Option<String> {
        match self.protocol {
            Protocol::All => return Some("every port".to_owned()),
            Protocol::Icmp | Protocol::Icmpv6 => return None,
            Protocol::Tcp | Protocol::Udp => {}
        }
        let inside = |(port, _): &&(u16, &str)| (self.first..=self.last).contains(&i64::from(*port));
        let mut known = PRIVATE_PORTS.iter().filter(inside).map(|(port, name)| format!("{name} ({port})"));
        let first = known.next()?;
        Some(match known.count() {
            0 => first,
            more => format!(
                "the ports {} to {}, {first} and {more} more that are meant for few among them",
                self.first, self.last
            ),
        })
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
            (Protocol::Icmpv6, ..) => "Icmpv6".to_owned(),
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
            (Protocol::Icmp | Protocol::Icmpv6, ..) => formatter.write_str("ping"),
            (_, first, last) if first == last => write!(formatter, "{} {first}", self.protocol()),
            (_, first, last) => write!(formatter, "{} {first}-{last}", self.protocol()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_operators_and_databases_listen_on_is_meant_for_few() {
        let few = [
            Port::SSH,
            Port::RDP,
            Port::WINRM,
            Port::POSTGRESQL,
            Port::MYSQL,
            Port::SQL_SERVER,
            Port::ORACLE,
            Port::DB2,
            Port::MONGODB,
            Port::CASSANDRA,
            Port::KEYSPACES,
            Port::NEPTUNE,
            Port::REDSHIFT,
            Port::OPENSEARCH,
            Port::INFLUXDB,
            Port::REDIS,
            Port::MEMCACHED,
            Port::ETCD,
            Port::ZOOKEEPER,
            Port::KAFKA,
            Port::KUBERNETES_API,
            Port::KUBELET,
            Port::NFS,
            Port::SMB,
            Port::LDAPS,
            Port::ALL,
        ];
        let unknown: Vec<_> = few.iter().filter(|port| port.meant_for_few().is_none()).collect();
        assert!(unknown.is_empty(), "not in the list of `formwork check`: {unknown:?}");
        let open = [Port::HTTP, Port::HTTPS, Port::DNS, Port::PING, Port::NTP, Port::WIREGUARD];
        assert!(open.iter().all(|port| port.meant_for_few().is_none()));
    }
}
