//! Access and exposure, told whole: `!` broadens, `?` may broaden.

mod telling;

use insta::assert_snapshot;
use telling::{between, tell};

#[test]
fn access_is_told_by_principal() {
    let old = r#"
Parameters:
  Other: {Type: String}
Resources:
  Assets: {Type: AWS::S3::Bucket}
  Web:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}]
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
      Policies:
        - PolicyName: inline
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "s3:*", Resource: !GetAtt Assets.Arn}
              - {Effect: Deny, Action: "iam:*", Resource: "*"}
              - {Effect: Allow, Action: "sqs:SendMessage", Resource: !Ref Other}
  Narrow:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: inline
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "dynamodb:*", Resource: "*"}
              - {Effect: Allow, Action: "kms:Decrypt", Resource: "*", Condition: {StringEquals: {"aws:SourceAccount": "1"}}}
"#;
    let new = r#"
Parameters:
  Other: {Type: String}
  Another: {Type: String}
Resources:
  Assets: {Type: AWS::S3::Bucket}
  Web:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com, AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: "sts:AssumeRole"}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
      Policies:
        - PolicyName: inline
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: !Sub "${Assets.Arn}/*"}
              - {Effect: Allow, Action: "sqs:SendMessage", Resource: !Ref Another}
  Narrow:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Attached:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: attached
      Roles: [!Ref Narrow]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: "dynamodb:GetItem", Resource: "*"}
          - {Effect: Allow, Action: "kms:Decrypt", Resource: "*"}
  Public:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Assets
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: !Sub "arn:aws:s3:::${Assets}/*"}]
  Function: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Web.Arn, Code: {ZipFile: a}}}
  Invoke:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Function
      Action: "lambda:InvokeFunction"
      Principal: s3.amazonaws.com
      SourceArn: !GetAtt Assets.Arn
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement: [{Effect: Allow, Principal: {AWS: !GetAtt Web.Arn}, Action: "kms:*", Resource: "*"}]
"#;
    let diff = between(old, new);
    let told = tell(&diff);
    let access: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with(['!', '?']) || line.starts_with("  ") && !line.starts_with("    "))
        .collect();
    assert_snapshot!(access.join("\n"));
}

#[test]
fn exposure_is_told() {
    let old = r"
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}]
      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}]
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt Web.GroupId, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption: {ServerSideEncryptionConfiguration: []}
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, StorageEncrypted: true, PubliclyAccessible: false, KmsKeyId: key}
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Scheme: internal}}
";
    let new = r"
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.1.0.0/16}
        - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: 8080, ToPort: 8090, SourceSecurityGroupId: !GetAtt App.GroupId}
  Self:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref Web, IpProtocol: -1, SourceSecurityGroupId: !Ref Web}
  App: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: app}}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, StorageEncrypted: false, PubliclyAccessible: true}
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Scheme: internet-facing}}
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: arn}}
";
    let diff = between(old, new);
    let told: Vec<String> = tell(&diff)
        .lines()
        .filter(|line| line.starts_with(['!', '?']) || line.starts_with("  ") && !line.starts_with("    "))
        .map(str::to_owned)
        .collect();
    assert_snapshot!(told.join("\n"));
}
