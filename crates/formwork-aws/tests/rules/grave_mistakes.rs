//! The mistakes that nobody should deploy, of networks and of access: each is found where it is written
//! in Rust, and where it stands in a template, as far as a template shows it.
//!
//! The snapshot is the list. Most cases are the examples of texts; here stand the others.

use std::fmt::Write as _;

use super::{Example, FIXTURES, prelude::*};

/// Where a mistake is written, what finds it, and what is found then and otherwise.
struct Shown {
    by: &'static str,
    rule: &'static str,
    fails: Example,
    passes: Example,
}

const RUST: &str = "in Rust";
const TEMPLATE: &str = "in a template";

/// By the example in Rust of a rule.
fn fixture(rule: &'static str) -> Shown {
    let fixture = FIXTURES.iter().find(|fixture| fixture.id == rule).unwrap();
    Shown { by: RUST, rule, fails: fixture.fails.clone(), passes: fixture.passes.clone() }
}

/// By the template in the text of a rule.
fn text(rule: &'static str) -> Shown {
    let text = formwork_check::explain(rule).unwrap();
    template(rule, text.fails.template.unwrap().to_owned(), text.passes.template.unwrap().to_owned())
}

fn template(rule: &'static str, fails: String, passes: String) -> Shown {
    Shown { by: TEMPLATE, rule, fails: Example::Template(fails), passes: Example::Template(passes) }
}

type Write = fn(&mut Stack<'_>, VpcHandle);

fn code(rule: &'static str, fails: Write, passes: Write) -> Shown {
    Shown { by: RUST, rule, fails: Example::Network(fails), passes: Example::Network(passes) }
}

/// A network of two ranges.
fn two_ranges(stack: &mut Stack<'_>, further: &str) {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .further_range(further)
        .tier(Tier::isolated("Data"))
        .build(stack, "Shop");
}

/// A load balancer in subnets of this width, which have 11 addresses or 59.
fn balancer_in(stack: &mut Stack<'_>, subnets: [&str; 2]) {
    let vpc = Vpc::new("10.1.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::public("Edge").ranges(subnets))
        .build(stack, "Small");
    ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
}

const FOR_FEW: [Port; 9] = [
    Port::SSH,
    Port::RDP,
    Port::POSTGRESQL,
    Port::MYSQL,
    Port::SQL_SERVER,
    Port::ORACLE,
    Port::MONGODB,
    Port::REDSHIFT,
    Port::REDIS,
];
const FOR_FEW_NUMBERS: [u16; 9] = [22, 3389, 5432, 3306, 1433, 1521, 27017, 5439, 6379];

fn opened(stack: &mut Stack<'_>, vpc: &VpcHandle, ports: &[Port], to: &Peer) {
    let group = SecurityGroup::new(vpc, "the machines", Outbound::Nowhere).build(stack, "Machines");
    for port in ports {
        group.allow(stack, to.clone(), *port);
    }
}

fn opened_template(ports: &[u16], to: &str) -> String {
    let rules = ports.iter().map(|port| {
        format!("        - {{IpProtocol: tcp, FromPort: {port}, ToPort: {port}, CidrIp: {to}}}\n")
    });
    let rules: String = rules.collect();
    format!(
        "Resources:\n  Group:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: the machines\n      SecurityGroupIngress:\n{rules}"
    )
}

/// A permission to send to so many queues.
fn to_send(queues: usize) -> Permission {
    let queues = (0..queues).map(|number| format!("arn:aws:sqs:eu-west-1:111111111111:orders-{number:03}"));
    Permission::new(["sqs:SendMessage"], queues)
}

fn sender(stack: &mut Stack<'_>, queues: usize) {
    User::new().permission(to_send(queues)).build(stack, "Sender");
}

fn worker(stack: &mut Stack<'_>, queues: usize) {
    Role::new(Principal::service("lambda.amazonaws.com")).permission(to_send(queues)).build(stack, "Worker");
}

/// A resource with a property that holds a policy of so many statements.
fn with_policy(kind: &str, statements: usize, property: impl FnOnce(String) -> String) -> String {
    let statement = |number| {
        format!(
            r#"{{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111111111111:orders-{number:03}"}}"#
        )
    };
    let statements = (0..statements).map(statement).collect::<Vec<_>>().join(", ");
    let policy = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    format!(
        r#"{{"Resources": {{"Mine": {{"Type": "AWS::IAM::{kind}", "Properties": {{{}}}}}}}}}"#,
        property(policy)
    )
}

const TRUST: &str = r#""AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}"#;

fn managed(statements: usize) -> String {
    with_policy("ManagedPolicy", statements, |policy| format!(r#""PolicyDocument": {policy}"#))
}

fn inline(policy: &str) -> String {
    format!(r#""Policies": [{{"PolicyName": "orders", "PolicyDocument": {policy}}}]"#)
}

fn trusting(accounts: u64) -> String {
    let arn = |account| format!(r#""arn:aws:iam::{}:role/reader""#, 100_000_000_000_u64 + account);
    let arns = (0..accounts).map(arn).collect::<Vec<_>>().join(", ");
    format!(
        r#"{{"Resources": {{"Mine": {{"Type": "AWS::IAM::Role", "Properties": {{"AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{"AWS": [{arns}]}}}}]}}}}}}}}}}"#
    )
}

fn cases() -> Vec<(&'static str, Vec<Shown>)> {
    let user = |statements| with_policy("User", statements, |policy| inline(&policy));
    let role = |statements| with_policy("Role", statements, |policy| format!("{TRUST}, {}", inline(&policy)));
    vec![
        (
            "ranges of one network overlap",
            vec![
                code(
                    "FW0440",
                    |stack, _| two_ranges(stack, "10.0.128.0/17"),
                    |stack, _| two_ranges(stack, "10.1.0.0/16"),
                ),
                text("E3060"),
            ],
        ),
        ("ranges of networks overlap that are peered", vec![fixture("FW0440")]),
        (
            "subnets are too small for what stands in them",
            vec![
                fixture("FW0441"),
                code(
                    "FW0441",
                    |stack, _| balancer_in(stack, ["10.1.0.0/28", "10.1.0.16/28"]),
                    |stack, _| balancer_in(stack, ["10.1.0.0/26", "10.1.0.64/26"]),
                ),
            ],
        ),
        ("private subnets have no way out", vec![fixture("FW0404")]),
        ("a workload needs a way out, and its subnets have none", vec![fixture("FW0442")]),
        ("a database is public", vec![fixture("FW0443"), fixture("FW3002"), text("FW3002")]),
        (
            "the world reaches ports of shells, desktops and databases",
            vec![
                code(
                    "FW3001",
                    |stack, vpc| opened(stack, &vpc, &FOR_FEW, &Peer::any_ipv4()),
                    |stack, vpc| opened(stack, &vpc, &FOR_FEW, &Peer::ipv4("10.0.0.0/16")),
                ),
                template(
                    "FW3001",
                    opened_template(&FOR_FEW_NUMBERS, "0.0.0.0/0"),
                    opened_template(&FOR_FEW_NUMBERS, "10.0.0.0/16"),
                ),
            ],
        ),
        ("there is no such action", vec![fixture("W3037"), text("W3037")]),
        ("a condition key does not come with the action", vec![fixture("FW0602"), text("FW0602")]),
        ("a `*` has no reason", vec![fixture("FW0410"), text("FW3020"), text("FW3021")]),
        (
            "a trust policy is longer than 2,048 characters",
            vec![fixture("FW0303"), template("FW0303", trusting(50), trusting(5))],
        ),
        (
            "policies of a user are longer than 2,048 characters",
            vec![
                code("FW0302", |stack, _| sender(stack, 50), |stack, _| sender(stack, 5)),
                template("FW0302", user(20), user(2)),
            ],
        ),
        (
            "a managed policy is longer than 6,144 characters",
            vec![fixture("FW0302"), template("FW0302", managed(60), managed(6))],
        ),
        (
            "policies of a role are longer than 10,240 characters",
            vec![
                code("FW0302", |stack, _| worker(stack, 230), |stack, _| worker(stack, 130)),
                template("FW0302", role(100), role(50)),
            ],
        ),
    ]
}

#[test]
fn grave_mistakes_are_found_in_rust_and_in_templates() {
    let mut text = String::new();
    for (what, shown) in cases() {
        writeln!(text, "{what}").unwrap();
        for Shown { by, rule, fails, passes } in shown {
            let of_rule = |example: &Example| {
                let findings = example.findings().into_iter();
                findings.filter(|finding| finding.rule == rule).collect::<Vec<_>>()
            };
            assert_eq!(of_rule(&passes), [], "{what}, {by}: found where it passes");
            let found = of_rule(&fails);
            let severity = formwork_check::explain(rule).unwrap().severity;
            let as_bad = found.iter().any(|finding| finding.severity == severity);
            assert!(as_bad, "{what}, {by}: no {severity} of {rule} is found");
            for finding in found {
                writeln!(text, "  {by}: {}[{rule}]: {}", finding.severity, finding.message).unwrap();
                if let Some(hint) = finding.hint {
                    writeln!(text, "      {hint}").unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!(text);
}
