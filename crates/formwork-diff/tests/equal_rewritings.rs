//! What is written in another way and means the same is no change.

mod telling;

use telling::{between, tell};

const OLD: &str = r#"
Parameters:
  Name: {Type: String, Default: orders}
Conditions:
  Always: !Equals [a, a]
Mappings:
  Sizes: {small: {memory: 512}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref Name
      VisibilityTimeout: 30
      FifoQueue: true
      Tags: [{Key: a, Value: "1"}, {Key: b, Value: "2"}]
  Topic:
    Type: AWS::SNS::Topic
    DependsOn: [Queue]
    Properties:
      TopicName: !Join ["-", [!Ref Name, !Ref "AWS::Region"]]
      DisplayName: !Sub plain
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: first
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Sid: Read, Effect: Allow, Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"], Resource: !GetAtt Queue.Arn}
              - {Sid: Write, Effect: Allow, Action: "sqs:SendMessage", Resource: ["*"]}
        - PolicyName: second
          PolicyDocument: {Statement: {Effect: Deny, Action: "s3:*", Resource: "*"}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: a group
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8}
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      MemorySize: !FindInMap [Sizes, small, memory]
      Timeout: !If [Always, 10, 20]
      Code: {ZipFile: !Join ["\n", [a, b]]}
"#;

const NEW: &str = r#"
Parameters:
  Name: {Default: orders, Type: String}
Conditions:
  Always: !Not [!Equals [a, b]]
Mappings:
  Sizes: {small: {memory: 512}}
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: "a\nb"}
      Timeout: "10"
      MemorySize: "512"
      Role: {"Fn::GetAtt": [Role, Arn]}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: "443", ToPort: "443", CidrIp: 10.0.0.0/8}
        - {CidrIp: 10.0.0.0/8, IpProtocol: tcp, FromPort: 80, ToPort: 80}
      GroupDescription: a group
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: second
          PolicyDocument: {Statement: [{Effect: Deny, Action: ["s3:*"], Resource: ["*"]}]}
        - PolicyName: first
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Sid: Write, Effect: Allow, Action: ["SQS:sendmessage"], Resource: "*"}
              - {Sid: Read, Effect: Allow, Action: ["sqs:DeleteMessage", "sqs:ReceiveMessage"], Resource: [!GetAtt Queue.Arn]}
      AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ec2.amazonaws.com"]}}}'
  Topic:
    Type: AWS::SNS::Topic
    DependsOn: Queue
    Properties:
      DisplayName: plain
      TopicName: !Sub "orders-${AWS::Region}"
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Tags: [{Key: b, Value: 2}, {Value: 1, Key: a}]
      FifoQueue: "true"
      VisibilityTimeout: "30"
      QueueName: !Sub "${Name}"
      KmsMasterKeyId: !Ref AWS::NoValue
"#;

#[test]
fn nothing_differs() {
    assert_eq!(tell(&between(OLD, NEW)), "");
    assert_eq!(tell(&between(NEW, OLD)), "");
}
