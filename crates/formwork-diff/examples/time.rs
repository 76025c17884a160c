//! Times the diff of two templates of 500 resources, and of an app of 100 stacks: what
//! `cargo run --release -p formwork-diff --example time` prints.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::time::{Duration, Instant};

use formwork_diff::{Named, Options, Side, diff, diff_app};
use formwork_template::{Template, Value};

/// How often each is timed; the median counts.
const RUNS: usize = 21;
/// The stacks of the app.
const STACKS: usize = 100;
/// The resources of each of them.
const EACH: usize = 400;

fn resource(number: usize, changed: bool) -> Value {
    let text = |text: String| Value::from(text);
    let other = if changed { "other" } else { "one" };
    let get = |name: String, attribute: &'static str| {
        Value::map([("Fn::GetAtt", Value::list([Value::from(name), Value::from(attribute)]))])
    };
    let (kind, properties) = match number % 5 {
        0 => (
            "AWS::SQS::Queue",
            Value::map([("QueueName", text(format!("{other}-{number}"))), ("DelaySeconds", Value::from(5))]),
        ),
        1 => {
            let statement = |resource: Value| {
                Value::map([
                    ("Effect", Value::from("Allow")),
                    ("Action", Value::list(["sqs:SendMessage".into(), text(format!("sqs:{other}"))])),
                    ("Resource", resource),
                ])
            };
            let document = Value::map([
                ("Version", Value::from("2012-10-17")),
                ("Statement", Value::list([statement(get(format!("R{}", number - 1), "Arn"))])),
            ]);
            let policy = Value::map([("PolicyName", Value::from("inline")), ("PolicyDocument", document)]);
            ("AWS::IAM::Role", Value::map([("Policies", Value::list([policy]))]))
        }
        2 => {
            let variables = Value::map([("QUEUE", get(format!("R{}", number - 2), "QueueUrl"))]);
            (
                "AWS::Lambda::Function",
                Value::map([
                    ("Role", get(format!("R{}", number - 1), "Arn")),
                    ("Environment", Value::map([("Variables", variables)])),
                    ("Description", Value::map([("Fn::Sub", text(format!("${{AWS::Region}} {other}")))])),
                ]),
            )
        }
        3 => {
            let rule = |port: i64| {
                Value::map([
                    ("IpProtocol", Value::from("tcp")),
                    ("FromPort", Value::from(port)),
                    ("ToPort", Value::from(port)),
                    ("CidrIp", Value::from(if changed { "10.1.0.0/16" } else { "10.0.0.0/16" })),
                ])
            };
            let rules = Value::list([rule(80), rule(443), rule(8080)]);
            ("AWS::EC2::SecurityGroup", Value::map([("SecurityGroupIngress", rules)]))
        }
        _ => {
            let tag = |key: &'static str, value: String| {
                Value::map([("Key", Value::from(key)), ("Value", Value::from(value))])
            };
            let tags = Value::list([tag("Name", format!("{other}{number}")), tag("Team", "a".to_owned())]);
            ("AWS::S3::Bucket", Value::map([("Tags", tags)]))
        }
    };
    Value::map([("Type", Value::from(kind)), ("Properties", properties)])
}

/// A template, every so many resources of which are changed.
fn template(resources: usize, changed_every: usize) -> Template {
    let mut template = Template::new();
    let section = template.section_mut("Resources");
    for number in 0..resources {
        let changed = changed_every > 0 && number % changed_every == 0;
        section.push(format!("R{number}"), resource(number, changed));
    }
    template
}

/// The same resources under other logical ids.
fn renamed(template: &Template) -> Template {
    let mut other = Template::new();
    let section = other.section_mut("Resources");
    for resource in template.resources() {
        section.push(format!("{}New", resource.logical_id), Value::Map(resource.attributes.clone()));
    }
    other
}

fn timed(name: &str, mut run: impl FnMut() -> usize) {
    let mut found = 0;
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            found = run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("{name}: {:.2} ms, {found} resources differ", times[RUNS / 2].as_secs_f64() * 1000.0);
}

fn main() {
    let old = template(500, 0);
    let compare = |new: &Template| diff(&Side::new(&old), &Side::new(new), &Options::new()).resources.len();
    let cold = Instant::now();
    compare(&template(500, 1));
    println!(
        "500 resources, facts unpacked for the first time: {:.2} ms",
        cold.elapsed().as_secs_f64() * 1000.0
    );
    for (name, new) in [
        ("500 resources, all the same", old.clone()),
        ("500 resources, one in ten changed", template(500, 10)),
        ("500 resources, all changed", template(500, 1)),
        ("500 resources, all renamed", renamed(&old)),
    ] {
        timed(name, || compare(&new));
    }
    let with_parameter = |value: &'static str| {
        let mut template = template(500, 0);
        let parameter = Value::map([("Type", Value::from("String")), ("Default", Value::from(value))]);
        template.section_mut("Parameters").insert("Stage", parameter);
        template
    };
    let (one, other) = (with_parameter("one"), with_parameter("other"));
    timed("500 resources, another parameter", || {
        diff(&Side::new(&one), &Side::new(&other), &Options::new()).resources.len()
    });
    let (old, new) = (template(EACH, 0), template(EACH, 10));
    let named = |template| -> Vec<Named<'_>> {
        (0..STACKS).map(|number| Named::new(format!("stack{number}"), Side::new(template))).collect()
    };
    let (old, new) = (named(&old), named(&new));
    timed("100 stacks of 400 resources, one in ten changed", || {
        diff_app(&old, &new).stacks.iter().map(|stack| stack.resources.len()).sum()
    });
}
