//! Across the stacks of an app.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod telling;

use std::fmt::Write as _;

use formwork_diff::{Named, Side, diff_app};
use formwork_template::{Source, Template};
use insta::{assert_json_snapshot, assert_snapshot};
use telling::{tell, template};

fn named(stacks: &[(String, Template)]) -> Vec<Named<'_>> {
    stacks.iter().map(|(name, template)| Named::new(name, Side::new(template))).collect()
}

fn told(old: &[(&str, &str)], new: &[(&str, &str)]) -> String {
    let read = |stacks: &[(&str, &str)]| -> Vec<_> {
        stacks.iter().map(|(name, yaml)| ((*name).to_owned(), template(yaml))).collect()
    };
    let (old, new) = (read(old), read(new));
    let diff = diff_app(&named(&old), &named(&new));
    let mut text = String::new();
    for stack in &diff.stacks {
        writeln!(text, "== {} {:?}", stack.name.as_deref().unwrap_or("-"), stack.action).unwrap();
        text.push_str(&tell(stack));
    }
    for found in &diff.moves {
        let loss = if found.data_loss { ", data loss" } else { "" };
        writeln!(text, "moved: {}/{} => {}/{}{loss}", found.from_stack, found.from, found.to_stack, found.to)
            .unwrap();
    }
    for found in &diff.deadlocks {
        writeln!(text, "deadlock: {} (solvable: {})", found.text, found.solvable).unwrap();
        for step in &found.order {
            writeln!(text, "    {step}").unwrap();
        }
    }
    text
}

#[test]
fn moves_renames_and_deadlocks_are_found() {
    let network = r#"
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders, KeySchema: [{AttributeName: id, KeyType: HASH}]}}
Outputs:
  Vpc: {Value: !Ref Vpc, Export: {Name: !Sub "${AWS::StackName}:vpc"}}
  Table: {Value: !Ref Table, Export: {Name: "network:table"}}
"#;
    let web = r#"
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: web, VpcId: !ImportValue "network:vpc"}}
  Name: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue "network:table"}}
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30, DelaySeconds: 3}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {MetricName: depth, Threshold: 3, Dimensions: [{Name: QueueName, Value: !GetAtt Jobs.QueueName}]}
"#;
    let new_network = r#"
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
Outputs:
  Vpc: {Value: !Ref Vpc, Export: {Name: !Sub "${AWS::StackName}:vpc"}}
"#;
    let new_web = r#"
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: web, VpcId: !ImportValue "network:vpc"}}
  WorkQueue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30, DelaySeconds: 3}}
  WorkAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {MetricName: depth, Threshold: 3, Dimensions: [{Name: QueueName, Value: !GetAtt WorkQueue.QueueName}]}
"#;
    let data = r"
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders, KeySchema: [{AttributeName: id, KeyType: HASH}]}}
";
    assert_snapshot!(told(
        &[("network", network), ("web", web)],
        &[("network", new_network), ("web", new_web), ("data", data)]
    ));
}

#[test]
fn a_consumer_that_waits_for_what_is_new_needs_two_deployments() {
    let producer = r"
Resources: {Topic: {Type: AWS::SNS::Topic}}
Outputs: {Topic: {Value: !Ref Topic, Export: {Name: old}}}
";
    let consumer =
        "Resources: {Name: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue old}}}";
    assert_snapshot!(told(
        &[("producer", producer), ("consumer", consumer)],
        &[
            ("producer", &producer.replace("Name: old", "Name: new")),
            ("consumer", &consumer.replace("ImportValue old", "ImportValue new")),
        ]
    ));
}

#[test]
fn the_json_form_is_this() {
    let old = template(
        r#"
Parameters: {Size: {Type: String, Default: small}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}]}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: one, KeySchema: [], Tags: [{Key: a, Value: b}]}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
Outputs: {Table: {Value: !Ref Table, Export: {Name: table}}}
"#,
    );
    let new = template(
        r#"
Parameters: {Size: {Type: String, Default: large}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}]}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]}}]
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: g, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}]}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: two, KeySchema: [], Tags: [{Key: a, Value: c}]}}
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
"#,
    );
    let reader = template("Resources: {A: {Type: Custom::A, Properties: {Value: !ImportValue table}}}");
    let source = Source { file: "src/main.rs".into(), line: 7 };
    let diff = diff_app(
        &[Named::new("one", Side::new(&old)), Named::new("two", Side::new(&reader))],
        &[
            Named::new("one", Side::new(&new).source("Table", source)),
            Named::new("two", Side::new(&Template::new())),
        ],
    );
    assert_json_snapshot!(diff);
}
