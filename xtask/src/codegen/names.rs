//! Rust names from CloudFormation's names. Acronyms are words: `DBInstance` is `DbInstance`.

/// Spellings that the rule of capitals would cut at the wrong place, and the words that they are.
const SPELLINGS: &[(&str, &str)] = &[
    ("VPCDHCP", "Vpc Dhcp"),
    ("GraphQL", "Graphql"),
    ("DynamoDB", "Dynamodb"),
    ("DynamoDb", "Dynamodb"),
    ("DocumentDB", "Documentdb"),
    ("DocumentDb", "Documentdb"),
    ("MongoDB", "Mongodb"),
    ("MongoDb", "Mongodb"),
    ("MariaDB", "Mariadb"),
    ("MySQL", "Mysql"),
    ("MySql", "Mysql"),
    ("PostgreSQL", "Postgresql"),
    ("PostgreSql", "Postgresql"),
    ("NoSQL", "Nosql"),
    ("OAuth", "Oauth"),
    ("IPv", "Ipv"),
    ("IpV", "Ipv"),
    ("IPV", "Ipv"),
    ("IoT", "Iot"),
    ("FSx", "Fsx"),
    ("LoRaWAN", "Lorawan"),
    ("LoRaWan", "Lorawan"),
    ("GitHub", "Github"),
    ("GitLab", "Gitlab"),
    ("JavaScript", "Javascript"),
    ("VCpu", "Vcpu"),
    ("vCPU", "Vcpu"),
    ("VCPU", "Vcpu"),
    ("SaaS", "Saas"),
    ("WebRTC", "Webrtc"),
    ("ETag", "Etag"),
    ("MiB", "Mib"),
    ("GiB", "Gib"),
    ("KiB", "Kib"),
    ("TiB", "Tib"),
    ("MBps", "Mbps"),
    ("XRay", "Xray"),
];

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// The lower-case words of a name.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut spelled = name.to_owned();
    for (spelling, replacement) in SPELLINGS {
        if spelled.contains(spelling) {
            spelled = spelled.replace(spelling, &format!(" {replacement}"));
        }
    }
    spelled.split(|letter: char| !letter.is_ascii_alphanumeric()).flat_map(split_capitals).collect()
}

fn split_capitals(part: &str) -> Vec<String> {
    let letters: Vec<char> = part.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (position, &letter) in letters.iter().enumerate() {
        let previous = position.checked_sub(1).and_then(|before| letters.get(before));
        let next = letters.get(position + 1);
        let after_next = letters.get(position + 2);
        let starts = letter.is_ascii_uppercase()
            && previous.is_some_and(|previous| {
                let after_small = !previous.is_ascii_uppercase();
                // In a run of capitals the last one begins the next word, unless all that
                // follows is the plural of the run: `ARNs`, `IDs`.
                let plural = next == Some(&'s') && after_next.is_none_or(char::is_ascii_uppercase);
                let before_small = next.is_some_and(char::is_ascii_lowercase) && !plural;
                after_small || before_small
            });
        if starts && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.push(letter.to_ascii_lowercase());
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// `DBInstance` is `DbInstance`.
pub(crate) fn pascal(name: &str) -> String {
    let joined: String = words(name).iter().map(|word| capitalised(word)).collect();
    if joined.starts_with(|letter: char| letter.is_ascii_digit()) { format!("V{joined}") } else { joined }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// `DBInstance` is `db_instance`; a keyword gets an underscore: `type_`.
pub(crate) fn snake(name: &str) -> String {
    let joined = words(name).join("_");
    if KEYWORDS.contains(&joined.as_str()) { format!("{joined}_") } else { joined }
}

/// The name of a service's module: `AWS::ElasticLoadBalancingV2` is `elasticloadbalancingv2`.
pub(crate) fn service(namespace: &str) -> String {
    namespace.rsplit("::").next().unwrap_or(namespace).to_ascii_lowercase()
}

/// The name of an identifier: the resource's, then the attribute's, each word once where they overlap.
/// `VPC` and `VpcId` make `VpcId`, `Role` and `Arn` make `RoleArn`, `GraphQLApi` and `ApiId` make
/// `GraphqlApiId`.
pub(crate) fn identifier(resource: &str, attribute: &str) -> String {
    let resource = words(resource);
    let attribute = words(attribute);
    let overlap = (0..=resource.len().min(attribute.len()))
        .rev()
        .find(|&length| resource[resource.len() - length..] == attribute[..length])
        .unwrap_or(0);
    resource.iter().chain(&attribute[overlap..]).map(|word| capitalised(word)).collect()
}

/// The name of a constant for a value: `aws:kms` is `AWS_KMS`, `2012-10-17` is `V2012_10_17`, `*` is `STAR`.
pub(crate) fn constant(value: &str) -> String {
    let mut parts = Vec::new();
    let mut plain = String::new();
    for (position, letter) in value.char_indices() {
        let leading = position == 0;
        let word = match letter {
            '*' => "STAR",
            '+' => "PLUS",
            '<' => "LESS",
            '>' => "GREATER",
            '=' => "EQUAL",
            '!' => "NOT",
            '%' => "PERCENT",
            '-' if leading && value[1..].starts_with(|next: char| next.is_ascii_digit()) => "MINUS",
            _ => {
                plain.push(letter);
                continue;
            }
        };
        parts.extend(words(&std::mem::take(&mut plain)));
        parts.push(word.to_owned());
    }
    parts.extend(words(&plain));
    let joined = parts.join("_").to_ascii_uppercase();
    match (joined.chars().next(), value) {
        (None, "") => "EMPTY".to_owned(),
        (None, "/") => "SLASH".to_owned(),
        (None, "|") => "PIPE".to_owned(),
        (None, ",") => "COMMA".to_owned(),
        (None, ";") => "SEMICOLON".to_owned(),
        (None, ":") => "COLON".to_owned(),
        (None, ".") => "DOT".to_owned(),
        (None, "-") => "DASH".to_owned(),
        (None, "_") => "UNDERSCORE".to_owned(),
        (None, " ") => "SPACE".to_owned(),
        (None, "\t") => "TAB".to_owned(),
        (None, _) => "SYMBOL".to_owned(),
        (Some(first), _) if first.is_ascii_digit() => format!("V{joined}"),
        _ => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::{constant, identifier, pascal, snake};

    #[test]
    fn acronyms_are_words() {
        for (name, expected) in [
            ("VPCZoneIdentifier", "vpc_zone_identifier"),
            ("TargetGroupARNs", "target_group_arns"),
            ("DBInstanceClass", "db_instance_class"),
            ("CidrIpv6", "cidr_ipv6"),
            ("IPv6CidrBlock", "ipv6_cidr_block"),
            ("AssignIpv6AddressOnCreation", "assign_ipv6_address_on_creation"),
            ("SSEAlgorithm", "sse_algorithm"),
            ("KMSMasterKeyID", "kms_master_key_id"),
            ("EC2InstanceId", "ec2_instance_id"),
            ("VCpuCount", "vcpu_count"),
            ("AvailabilityZoneIDs", "availability_zone_ids"),
            ("Type", "type_"),
        ] {
            assert_eq!(snake(name), expected);
        }
        for (name, expected) in [
            ("VPC", "Vpc"),
            ("EIP", "Eip"),
            ("VPCDHCPOptionsAssociation", "VpcDhcpOptionsAssociation"),
            ("GraphQLApi", "GraphqlApi"),
            ("LocationFSxONTAP", "LocationFsxOntap"),
            ("OAuth2Settings", "Oauth2Settings"),
            ("WebACLAssociation", "WebAclAssociation"),
        ] {
            assert_eq!(pascal(name), expected);
        }
    }

    #[test]
    fn identifiers_say_each_word_once() {
        assert_eq!(identifier("VPC", "VpcId"), "VpcId");
        assert_eq!(identifier("Role", "Arn"), "RoleArn");
        assert_eq!(identifier("GraphQLApi", "ApiId"), "GraphqlApiId");
        assert_eq!(identifier("DomainName", "DomainName"), "DomainName");
    }

    #[test]
    fn constants_are_readable() {
        for (value, expected) in [
            ("aws:kms", "AWS_KMS"),
            ("2012-10-17", "V2012_10_17"),
            ("*", "STAR"),
            ("", "EMPTY"),
            ("gp3", "GP3"),
            ("-1", "MINUS_1"),
            ("GreaterThanThreshold", "GREATER_THAN_THRESHOLD"),
            ("HTTPS_ONLY", "HTTPS_ONLY"),
            ("<=", "LESS_EQUAL"),
            ("p99.9", "P99_9"),
        ] {
            assert_eq!(constant(value), expected);
        }
    }
}
