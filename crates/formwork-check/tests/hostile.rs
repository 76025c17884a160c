//! Templates that are made to cost time, or are far beyond what the service takes: each is judged, and
//! what is said is about as much as is wrong.
#![cfg(feature = "facts")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{collections::BTreeMap, fmt::Write as _};

use formwork_check::Options;
use formwork_template::{Finding, read};

/// The rules that these templates are made for. What others say of them is no matter here.
const RULES: [&str; 14] = [
    "E1001", "E1002", "E1010", "E1019", "E1020", "E3001", "E3002", "E3004", "E3006", "E3010", "E8002",
    "E8004", "FW0304", "W7001",
];

/// Of each rule how many findings there are, and the first of them; long texts cut.
fn judged(templates: impl IntoIterator<Item = (&'static str, String)>) -> String {
    const WIDTH: usize = 160;
    let cut = |text: &str| match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}... ({} characters)", &text[..end], text.chars().count()),
        None => text.to_owned(),
    };
    let mut shown = String::new();
    for (name, text) in templates {
        let template = read::read(&text).unwrap().into_template();
        let mut rules: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for finding in formwork_check::check(&template, &Options::new()) {
            if RULES.contains(&&*finding.rule) {
                rules.entry(finding.rule.to_string()).or_default().push(finding);
            }
        }
        writeln!(shown, "{name}").unwrap();
        for (rule, findings) in rules {
            let path = findings[0].path.join("/");
            let message = findings[0].message.replace('\n', "\n   ");
            let lines: Vec<String> = message.lines().map(cut).collect();
            writeln!(shown, "  {rule} x {} at {}\n    {}", findings.len(), cut(&path), lines.join("\n    "))
                .unwrap();
        }
    }
    shown
}

/// `count` resources, each made of its number.
fn resources(count: usize, resource: impl Fn(usize) -> String) -> String {
    let each: Vec<String> = (0..count).map(|number| format!("\"R{number}\":{}", resource(number))).collect();
    format!("{{\"Resources\":{{{}}}}}", each.join(","))
}

/// A topic with this display name.
fn topic(name: &str) -> String {
    resources(1, |_| format!(r#"{{"Type":"AWS::SNS::Topic","Properties":{{"DisplayName":{name}}}}}"#))
}

#[test]
fn resources_that_wait_for_each_other() {
    const COUNT: usize = 100_000;
    let waits = |last: &str| {
        resources(COUNT, |number| match number + 1 {
            COUNT => last.to_owned(),
            next => format!("{{\"DependsOn\":\"R{next}\"}}"),
        })
    };
    let shown = judged([
        ("a chain", waits("{}")),
        ("a circle", waits(r#"{"DependsOn":"R0"}"#)),
        ("a way into a circle", waits(r#"{"DependsOn":"R99999"}"#)),
        (
            "two of each to the next",
            resources(20_000, |number| {
                format!("{{\"DependsOn\":[\"R{}\",\"R{}\"]}}", number.saturating_sub(1), number / 2)
            }),
        ),
        (
            "all to all",
            resources(400, |_| {
                let all: Vec<String> = (0..400).map(|other| format!("\"R{other}\"")).collect();
                format!("{{\"DependsOn\":[{}]}}", all.join(","))
            }),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn texts_full_of_placeholders() {
    let sub = |format: String| topic(&format!("{{\"Fn::Sub\":\"{format}\"}}"));
    let shown = judged([
        ("never closed", sub("${".repeat(1_000_000))),
        ("closed once", sub("${".repeat(1_000_000) + "}")),
        ("of what is missing", sub("${Nothing}".repeat(200_000))),
        ("of an attribute that is missing", sub("${R0.Nothing}".repeat(20_000))),
        ("of nothing", sub("${}".repeat(200_000))),
        ("escaped", sub("${!A}".repeat(200_000))),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn conditions() {
    let equals =
        |number: usize| format!("\"C{number}\":{{\"Fn::Equals\":[{{\"Ref\":\"P{number}\"}},\"x\"]}}");
    let with = |count: usize, conditions: &dyn Fn(usize) -> String, resources: &str| {
        let list = |each: &dyn Fn(usize) -> String| (0..count).map(each).collect::<Vec<_>>().join(",");
        format!(
            r#"{{"Parameters":{{{}}},"Conditions":{{{}}},{resources}}}"#,
            list(&|number| format!("\"P{number}\":{{\"Type\":\"String\"}}")),
            list(&|number| conditions(number)),
        )
    };
    let nested = (0..45)
        .fold("\"x\"".to_owned(), |inner, number| format!("{{\"Fn::If\":[\"C{number}\",{inner},\"y\"]}}"));
    let bushy = (0..12)
        .fold("\"x\"".to_owned(), |inner, number| format!("{{\"Fn::If\":[\"C{number}\",{inner},{inner}]}}"));
    let optional = |number: usize, name: &str| {
        format!("\"{name}\":{{\"Fn::If\":[\"C{number}\",\"a\",{{\"Ref\":\"AWS::NoValue\"}}]}}")
    };
    let properties =
        ["ImageId", "InstanceType", "KeyName", "SubnetId", "Tenancy", "UserData", "HostId", "Affinity"];
    let wide: Vec<String> =
        properties.iter().enumerate().map(|(number, name)| optional(number, name)).collect();
    let wide = format!(r#"{{"Type":"AWS::EC2::Instance","Properties":{{{}}}}}"#, wide.join(","));
    let body = |text: &str| text[1..text.len() - 1].to_owned();
    let shown = judged([
        ("45 inside each other", with(400, &equals, &body(&topic(&nested)))),
        ("both branches of 12", with(12, &equals, &body(&topic(&bushy)))),
        (
            "one on each of 8 properties, 500 times",
            with(8, &equals, &body(&resources(500, |_| wide.clone()))),
        ),
        (
            "each the next, in a circle",
            with(
                400,
                &|number| format!("\"C{number}\":{{\"Condition\":\"C{}\"}}", (number + 1) % 400),
                &body(&topic("{\"Fn::If\":[\"C0\",\"a\",\"b\"]}")),
            ),
        ),
        (
            "each the two before",
            with(
                400,
                &|number| {
                    format!(
                        "\"C{number}\":{{\"Fn::Or\":[{{\"Condition\":\"C{}\"}},{{\"Condition\":\"C{}\"}}]}}",
                        number.saturating_sub(1),
                        number.saturating_sub(2)
                    )
                },
                &body(&topic("{\"Fn::If\":[\"C399\",\"a\",\"b\"]}")),
            ),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn very_much_that_is_wrong() {
    let letters = "a".repeat(100_000);
    let words: Vec<String> = (0..50_000).map(|number| format!("\"{number}\"")).collect();
    let numbers: Vec<String> = (0..50_000).map(|number| number.to_string()).collect();
    let shown = judged([
        ("unknown types", resources(5_000, |number| format!("{{\"Type\":\"AWS::EC2::Instanc{number}\"}}"))),
        ("a long unknown type", resources(1, |_| format!("{{\"Type\":\"AWS::{letters}\"}}"))),
        (
            "missing attributes",
            resources(5_000, |number| {
                format!(
                    r#"{{"Type":"AWS::SNS::Topic","Properties":{{"TopicName":{{"Fn::GetAtt":["R{}","Arn"]}}}}}}"#,
                    number + 1
                )
            }),
        ),
        (
            "missing names",
            resources(5_000, |number| {
                format!("{{\"Type\":\"A::B::C\",\"X\":{{\"Ref\":\"r{}\"}}}}", number + 1)
            }),
        ),
        (
            "names in modules",
            resources(5_000, |number| {
                format!("{{\"Type\":\"A::B::MODULE\",\"X\":{{\"Ref\":\"Q{number}.a\"}}}}")
            }),
        ),
        (
            "unknown properties",
            resources(1, |_| {
                let properties: Vec<String> =
                    (0..5_000).map(|number| format!("\"InstanceTyp{number}\":1")).collect();
                format!(r#"{{"Type":"AWS::EC2::Instance","Properties":{{{}}}}}"#, properties.join(","))
            }),
        ),
        (
            "a parameter of many values",
            format!(
                r#"{{"Resources":{{"A":{{"Type":"A::B::C"}}}},"Parameters":{{"P":{{"Type":"CommaDelimitedList","Default":"{}","AllowedValues":[{}]}}}}}}"#,
                numbers.join(","),
                words.join(",")
            ),
        ),
        (
            "many sections",
            format!("{{{}}}", words.iter().map(|word| format!("{word}:0")).collect::<Vec<_>>().join(",")),
        ),
        (
            "many tags",
            resources(1, |_| {
                let tags: Vec<String> =
                    words.iter().map(|word| format!("{{\"Key\":{word},\"Value\":\"x\"}}")).collect();
                format!(r#"{{"Type":"AWS::S3::Bucket","Properties":{{"Tags":[{}]}}}}"#, tags.join(","))
            }),
        ),
    ]);
    insta::assert_snapshot!(shown);
}
