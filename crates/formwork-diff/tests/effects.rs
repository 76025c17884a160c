//! What changes do, told whole.

mod telling;

use formwork_diff::{Options, Side, diff};
use insta::assert_snapshot;
use telling::{between, tell, template};

#[test]
fn lists_are_matched_by_name_or_likeness() {
    let old = r#"
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{Key: a, Value: "1"}, {Key: b, Value: "2"}, {Key: c, Value: "3"}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: web, Image: "web:1", Environment: [{Name: A, Value: "1"}]}
        - {Name: log, Image: "log:1"}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: a group
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8, Description: web}
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8, Description: shell}
  Domain:
    Type: AWS::Route53::RecordSet
    Properties:
      Name: a.example.com
      Type: A
      ResourceRecords: [192.0.2.1, 192.0.2.2, 192.0.2.3]
  Command:
    Type: Custom::Command
    Properties: {ServiceToken: arn, Arguments: [one, two, three]}
"#;
    let new = r#"
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{Key: d, Value: "4"}, {Key: c, Value: "3"}, {Key: a, Value: "5"}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: log, Image: "log:1"}
        - {Name: web, Image: "web:2", Environment: [{Name: B, Value: "2"}, {Name: A, Value: "1"}]}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: a group
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16, Description: shell}
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0, Description: secure}
        - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8, Description: web}
  Domain:
    Type: AWS::Route53::RecordSet
    Properties:
      Name: a.example.com
      Type: A
      ResourceRecords: [192.0.2.3, 192.0.2.4, 192.0.2.1]
  Command:
    Type: Custom::Command
    Properties: {ServiceToken: arn, Arguments: [two, one, three]}
"#;
    assert_snapshot!(tell(&between(old, new)));
}

#[test]
fn replacements_knock_on_and_policies_say_what_is_left() {
    let old = r#"
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: a group, VpcId: !GetAtt Vpc.VpcId}
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Subnets: [!Ref Subnet]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {LoadBalancerArn: !Ref Balancer, DefaultActions: []}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, DBInstanceIdentifier: one}
  Kept:
    Type: AWS::DynamoDB::Table
    UpdateReplacePolicy: Retain
    Properties: {TableName: one, KeySchema: []}
  Lost: {Type: AWS::S3::Bucket}
  Left: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}
  Backed: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres}}
  Turned: {Type: AWS::SNS::Topic}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {ImageId: ami-1}}
  Fleet:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
      MinSize: "1"
      MaxSize: "1"
  Refreshed:
    Type: AWS::AutoScaling::AutoScalingGroup
    UpdatePolicy: {AutoScalingInstanceRefresh: {Strategy: Rolling}}
    Properties:
      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
      MinSize: "1"
      MaxSize: "1"
  Function:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: a}, Role: arn}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !GetAtt Function.Arn, Action: "lambda:InvokeFunction", Principal: sns.amazonaws.com}
Outputs:
  Vpc: {Value: !Ref Vpc, Export: {Name: vpc}}
"#;
    let new = old
        .replace("10.0.0.0/16", "10.1.0.0/16")
        .replace("Identifier: one", "Identifier: two")
        .replace("TableName: one", "TableName: two")
        .replace("  Lost: {Type: AWS::S3::Bucket}\n", "")
        .replace("  Left: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}\n", "")
        .replace("  Backed: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres}}\n", "")
        .replace("Turned: {Type: AWS::SNS::Topic}", "Turned: {Type: AWS::SQS::Queue}")
        .replace("ami-1", "ami-2")
        .replace("ZipFile: a", "ZipFile: b");
    assert_snapshot!(tell(&between(old, &new)));
}

#[test]
fn what_is_known_only_at_deployment_may_replace() {
    let old = r#"
Parameters:
  Given: {Type: String}
  Secret: {Type: String, NoEcho: true, Default: old}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /image/one}
Conditions:
  Unknown: !Equals [!Ref Given, x]
Mappings:
  Names: {eu-west-1: {topic: a}}
Resources:
  Parameter: {Type: AWS::SNS::Topic, Properties: {TopicName: one}}
  Imported: {Type: AWS::SNS::Topic, Properties: {TopicName: one}}
  Region: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "one-${AWS::Region}"}}
  Mapped: {Type: AWS::SNS::Topic, Properties: {TopicName: !FindInMap [Names, !Ref AWS::Region, topic]}}
  Database: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: !Ref Secret}}
  Instance: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Image}}
  Maybe: {Type: AWS::SNS::Topic}
  Either: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [Unknown, a, b]}}
  Unheard: {Type: Example::Service::Thing, Properties: {Name: one}}
  Owned: {Type: Custom::Thing, Properties: {ServiceToken: arn, Name: one}}
"#;
    let new = r#"
Parameters:
  Given: {Type: String}
  Secret: {Type: String, NoEcho: true, Default: new}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /image/two}
Conditions:
  Unknown: !Equals [!Ref Given, x]
Mappings:
  Names: {eu-west-1: {topic: b}}
Resources:
  Parameter: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Given}}
  Imported: {Type: AWS::SNS::Topic, Properties: {TopicName: !ImportValue name}}
  Region: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "two-${AWS::Region}"}}
  Mapped: {Type: AWS::SNS::Topic, Properties: {TopicName: !FindInMap [Names, !Ref AWS::Region, topic]}}
  Database: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: !Ref Secret}}
  Instance: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Image}}
  Maybe: {Type: AWS::SNS::Topic, Condition: Unknown}
  Either: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [Unknown, a, c]}}
  Unheard: {Type: Example::Service::Thing, Properties: {Name: two}}
  Owned: {Type: Custom::Thing, Properties: {ServiceToken: arn, Name: two}}
"#;
    assert_snapshot!(tell(&between(old, new)));
}

#[test]
fn other_sections_and_attributes_are_told() {
    let old = r"
Description: one
Metadata: {Team: a}
Transform: AWS::LanguageExtensions
Parameters:
  Size: {Type: String, Default: small}
Rules:
  Sizes: {Assertions: [{Assert: !Equals [!Ref Size, small]}]}
Conditions:
  Large: !Equals [!Ref Size, large]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    DependsOn: A
    Metadata: {Note: one}
    DeletionPolicy: Retain
  A: {Type: AWS::SNS::Topic}
  B: {Type: AWS::SNS::Topic}
  OnlyLarge: {Type: AWS::SNS::Topic, Condition: Large}
Outputs:
  Gone: {Value: one}
  Size: {Value: !Ref Size}
";
    let new = r"
Description: two
Metadata: {Team: b}
Parameters:
  Size: {Type: String, Default: large}
  More: {Type: String}
Rules:
  Sizes: {Assertions: [{Assert: !Equals [!Ref Size, large]}]}
Conditions:
  Large: !Equals [!Ref Size, large]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    DependsOn: [A, B]
    Metadata: {Note: two}
    DeletionPolicy: Delete
  A: {Type: AWS::SNS::Topic}
  B: {Type: AWS::SNS::Topic}
  OnlyLarge: {Type: AWS::SNS::Topic, Condition: Large}
Outputs:
  Size: {Value: !Ref Size}
";
    assert_snapshot!(tell(&between(old, new)));
}

#[test]
fn moved_and_imported_resources_stay() {
    let old = r#"
Resources:
  Old: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
  Topic:
    Type: AWS::SNS::Subscription
    DependsOn: Old
    Properties: {Protocol: sqs, TopicArn: arn, Endpoint: !Sub "${Old.Arn}"}
"#;
    let new = r"
Resources:
  New: {Type: AWS::SQS::Queue, Properties: {QueueName: orders, DelaySeconds: 5}}
  Topic:
    Type: AWS::SNS::Subscription
    DependsOn: New
    Properties: {Protocol: sqs, TopicArn: arn, Endpoint: !GetAtt New.Arn}
  Taken: {Type: AWS::SNS::Topic}
";
    let (old, new) = (template(old), template(new));
    let options = Options::new().moved("Old", "New").import("Taken");
    assert_snapshot!(tell(&diff(&Side::new(&old), &Side::new(&new), &options)));
}

#[test]
fn loops_are_written_out() {
    let old = r#"
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: "Orders,Invoices"}
  Unknown: {Type: CommaDelimitedList}
Resources:
  Fn::ForEach::Topics:
    - Name
    - !Ref Names
    - Topic${Name}: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "${Name}-topic"}}
  Fn::ForEach::Others:
    - Name
    - !Ref Unknown
    - Other${Name}: {Type: AWS::SNS::Topic}
"#;
    let new = old
        .replace("Orders,Invoices", "Orders,Refunds")
        .replace("}-topic", "}-events")
        .replace("Other$", "More$");
    assert_snapshot!(tell(&between(old, &new)));
}

#[test]
fn what_only_the_live_state_tells_is_told_apart() {
    let template = r#"
Parameters:
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /image}
  Password: {Type: String, NoEcho: true, Default: ""}
Conditions:
  HasPassword: !Not [!Equals [!Ref Password, ""]]
  Odd: !Equals [!Ref Image, ami-1]
Resources:
  Instance: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Image}}
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://example.com/a"}}
  Secret: {Type: AWS::SecretsManager::Secret, Condition: HasPassword, Properties: {SecretString: !Ref Password}}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !If [Odd, a, b]}}
"#;
    let same = between(template, template);
    assert!(same.is_empty() && !same.deploys());
    let other = self::template(template);
    let (old, new) =
        (Side::new(&other), Side::new(&other).parameter("Password", "x").parameter("Image", "/new"));
    let given = diff(&old, &new, &Options::new());
    assert_snapshot!(format!("{}--\n{}", tell(&same), tell(&given)));
}

#[test]
fn attributes_that_survive_are_told_when_asked_for() {
    let old = r#"
Resources:
  Function: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: a}, Role: arn}}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !GetAtt Function.Arn, Action: "lambda:InvokeFunction", Principal: sns.amazonaws.com}
"#;
    let new = old.replace("ZipFile: a", "ZipFile: b");
    let (old, new) = (template(old), template(&new));
    let (old, new) = (Side::new(&old), Side::new(&new));
    let without = diff(&old, &new, &Options::new());
    let with = diff(&old, &new, &Options::new().surviving_attributes(true));
    assert_snapshot!(format!("{}--\n{}", tell(&without), tell(&with)));
}

#[test]
fn conditions_that_lead_back_are_unknown() {
    let chain: String = (1..60)
        .map(|number| {
            let before = number - 1;
            format!("  C{number}: !And [{{Condition: C{before}}}, {{Condition: C{before}}}]\n")
        })
        .rev()
        .collect();
    let yaml = format!(
        "Parameters: {{P: {{Type: String}}}}\nConditions:\n  Back: !Not [{{Condition: Back}}]\n{chain}  C0: !Equals [!Ref P, a]\n\
         Resources:\n  Topic: {{Type: 'AWS::SNS::Topic', Properties: {{DisplayName: !If [Back, a, !If [C59, b, c]]}}}}\n  \
         Other: {{Type: 'AWS::SNS::Topic', Condition: C59}}\n"
    );
    assert_eq!(tell(&between(&yaml, &yaml)), "");
    let other = yaml.replace("!Ref P, a", "!Ref P, b");
    let found = between(&yaml, &other);
    let ids: Vec<&str> = found.resources.iter().map(|resource| resource.logical_id.as_str()).collect();
    assert_eq!(ids, ["Topic", "Other"]);
}

#[test]
fn a_resource_says_itself_where_it_was() {
    let old = r"
Resources:
  Old: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
";
    let new = r"
Resources:
  New:
    Type: AWS::SQS::Queue
    Metadata: {formwork: {moved_from: Old}}
    Properties: {QueueName: orders}
";
    assert_snapshot!(tell(&between(old, new)));
    // Once it is deployed so, the line says nothing any more.
    assert_eq!(tell(&between(new, new)), "");
}
