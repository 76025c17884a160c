//! What the rules on properties object to, and what they let pass.
#![cfg(feature = "facts")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formwork_check::Options;
use formwork_template::{Severity, read};

/// The findings on resources in YAML: rule, place and message, then the hint.
fn found(resources: &str) -> String {
    let indented = resources.replace('\n', "\n  ");
    let text = format!(
        "Parameters:\n  Name: {{Type: String}}\nConditions:\n  Sometimes: !Equals [!Ref Name, x]\nResources:{indented}"
    );
    let template = read::read(&text).unwrap().into_template();
    let findings = formwork_check::check(&template, &Options::new());
    let findings = findings.into_iter().filter(|finding| finding.severity > Severity::Info).map(|finding| {
        let hint = finding.hint.map(|hint| format!("\n    {hint}")).unwrap_or_default();
        format!("{} {}\n    {}{hint}", finding.rule, finding.path.join("/"), finding.message)
    });
    findings.collect::<Vec<_>>().join("\n")
}

#[test]
fn types_and_attributes_of_resources() {
    let text = found(
        r"
NoType: {Properties: {}}
Unknown: {Type: AWS::S3::Buckett}
Serverless: {Type: AWS::Serverless::Function}
Attribute: {Type: AWS::SNS::Topic, DependOn: NoType}
ReadOnly: {Type: AWS::SNS::Topic, Properties: {TopicArn: x}}
Asks: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Attribute.TopicNam}}
Custom: {Type: Custom::Anything, Version: 1, Properties: {Whatever: [1]}}
Module: {Type: Team::Net::Vpc::MODULE, Properties: {A: b}}
Foreign: {Type: Datadog::Monitors::Monitor, Properties: {A: b}}
OfCustom: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Custom.Anything}}
OfStack: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Stack.Outputs.Url}}
Stack: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://example.com/a}}
",
    );
    insta::assert_snapshot!(text);
}

#[test]
fn properties_that_are_unknown_missing_or_at_odds() {
    let text = found(
        r"
Unknown: {Type: AWS::SQS::Queue, Properties: {DelaySecond: 1, RedrivePolicy: {anything: 1}}}
Nested: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Statu: Enabled}}}
Missing: {Type: AWS::Lambda::Function}
MissingBranch: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: x}, Role: !If [Sometimes, !Ref AWS::NoValue, !Ref Name]}}
NoOne: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: '1', MaxSize: '2', AvailabilityZones: [a]}}
Both: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: '1', MaxSize: '2', AvailabilityZones: [a], InstanceId: i-1, LaunchConfigurationName: x}}
ByCondition: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: '1', MaxSize: '2', AvailabilityZones: [a], InstanceId: !If [Sometimes, i-1, !Ref AWS::NoValue], LaunchConfigurationName: !If [Sometimes, !Ref AWS::NoValue, x]}}
AtLeastOne: {Type: AWS::Events::Rule, Properties: {Name: a}}
Choice: {Type: AWS::EC2::Volume, Properties: {Encrypted: true}}
OneChoice: {Type: AWS::EC2::LocalGatewayRoute, Properties: {DestinationCidrBlock: 10.0.0.0/16, LocalGatewayRouteTableId: a}}
Needs: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, SecurityGroupEgress: []}}
Excludes: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-11111111, CidrBlock: 10.0.0.0/24, AvailabilityZone: a, AvailabilityZoneId: b}}
Tag: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: a}]}}
",
    );
    insta::assert_snapshot!(text);
}

#[test]
fn values_that_cannot_be() {
    let text = found(
        r"
List: {Type: AWS::SQS::Queue, Properties: {QueueName: [a]}}
Object: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: Enabled}}
Number: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: soon}}
Fraction: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1.5}}
Flag: {Type: AWS::SQS::Queue, Properties: {FifoQueue: perhaps}}
NotAList: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, SecurityGroupIngress: 80}}
Allowed: {Type: AWS::S3::Bucket, Properties: {AccessControl: publicread}}
Branch: {Type: AWS::S3::Bucket, Properties: {AccessControl: !If [Sometimes, Private, Prviate]}}
Range: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 901}}
Pattern: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: x}, Role: nobody}}
Length: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: ''}}
Items: {Type: AWS::IAM::User, Properties: {Groups: [a, b, c, d, e, f, g, h, i, j, k]}}
Twice: {Type: AWS::IAM::Group, Properties: {ManagedPolicyArns: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/A']}}
",
    );
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_worked_out_later_passes() {
    let text = found(
        r"
Spoken: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: '5', SqsManagedSseEnabled: 'true', QueueName: 5}}
Later: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Name, QueueName: !Sub '${Name}!', Tags: !If [Sometimes, [{Key: a, Value: b}], !Ref AWS::NoValue]}}
Dynamic: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: x}, Handler: index.handler, Runtime: python3.13, Role: '{{resolve:ssm:/role}}'}}
Transformed: {Type: AWS::Lambda::Function, Properties: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://a/b}}}}
",
    );
    assert_eq!(text, "");
}
