//! [`PRIVATE_PORTS`]: what the internet should not reach.

/// Ports that nobody but operators and programs of one's own should reach, with what listens there.
///
/// The rule `FW3001` warns where everyone reaches one, in a template and in a security group as it is made.
pub const PRIVATE_PORTS: [(u16, &str); 16] = [
    (22, "SSH"),
    (23, "Telnet"),
    (445, "SMB"),
    (1433, "SQL Server"),
    (1521, "Oracle"),
    (2375, "Docker"),
    (3306, "MySQL"),
    (3389, "RDP"),
    (5432, "PostgreSQL"),
    (5439, "Redshift"),
    (5984, "CouchDB"),
    (6379, "Redis"),
    (8182, "Neptune"),
    (9200, "OpenSearch"),
    (11211, "Memcached"),
    (27017, "MongoDB"),
];
