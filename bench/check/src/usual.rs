//! Sound templates of the services that most have, with references between neighbours.

/// The resources of one unit; `@` stands for the number of the unit, `#` for that of the template.
const UNIT: [&str; 20] = [
    r#""Vpc@": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.@.0.0/16", "EnableDnsSupport": true, "EnableDnsHostnames": true, "Tags": [{"Key": "Name", "Value": {"Fn::Sub": "${AWS::StackName}-@-#"}}]}}"#,
    r#""First@": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc@"}, "CidrBlock": "10.@.0.0/20", "AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}}}"#,
    r#""Second@": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc@"}, "CidrBlock": "10.@.16.0/20", "AvailabilityZone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]}}}"#,
    r#""Group@": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "the service", "VpcId": {"Ref": "Vpc@"}, "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": {"Fn::GetAtt": ["Vpc@", "CidrBlock"]}}]}}"#,
    r#""Role@": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}, "ManagedPolicyArns": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}], "Policies": [{"PolicyName": "queue", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], "Resource": {"Fn::GetAtt": ["Queue@", "Arn"]}}, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket@", "Arn"]}, "/*"]]}}]}}]}}"#,
    r#""Logs@": {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": {"RetentionInDays": 30}}"#,
    r#""Function@": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.13", "Handler": "index.handler", "Role": {"Fn::GetAtt": ["Role@", "Arn"]}, "Code": {"ZipFile": "def handler(event, context):\n    return event\n"}, "MemorySize": 256, "Timeout": 20, "LoggingConfig": {"LogGroup": {"Ref": "Logs@"}}, "Environment": {"Variables": {"BUCKET": {"Ref": "Bucket@"}, "STAGE": {"Ref": "Stage"}}}}}"#,
    r#""Queue@": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete", "Properties": {"VisibilityTimeout": 120, "SqsManagedSseEnabled": true, "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead@", "Arn"]}, "maxReceiveCount": 5}}}"#,
    r#""Dead@": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete", "Properties": {"MessageRetentionPeriod": 1209600, "SqsManagedSseEnabled": true}}"#,
    r#""Mapping@": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"FunctionName": {"Ref": "Function@"}, "EventSourceArn": {"Fn::GetAtt": ["Queue@", "Arn"]}, "BatchSize": 10}}"#,
    r#""Bucket@": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}, "PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true}, "VersioningConfiguration": {"Status": {"Fn::If": ["IsProduction", "Enabled", "Suspended"]}}, "LifecycleConfiguration": {"Rules": [{"Id": "old", "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}]}}}"#,
    r#""Access@": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Bucket@"}, "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [{"Fn::GetAtt": ["Bucket@", "Arn"]}, {"Fn::Sub": "${Bucket@.Arn}/*"}], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}}}"#,
    r#""Cluster@": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]}}"#,
    r#""Execution@": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}, "ManagedPolicyArns": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"}]}}"#,
    r#""Task@": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Cpu": "256", "Memory": "512", "NetworkMode": "awsvpc", "RequiresCompatibilities": ["FARGATE"], "ExecutionRoleArn": {"Fn::GetAtt": ["Execution@", "Arn"]}, "ContainerDefinitions": [{"Name": "web", "Image": "public.ecr.aws/nginx/nginx:1.29", "Essential": true, "PortMappings": [{"ContainerPort": 443}], "Environment": [{"Name": "QUEUE", "Value": {"Ref": "Queue@"}}], "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": {"Ref": "Logs@"}, "awslogs-region": {"Ref": "AWS::Region"}, "awslogs-stream-prefix": "web"}}}]}}"#,
    r#""Service@": {"Type": "AWS::ECS::Service", "Properties": {"Cluster": {"Ref": "Cluster@"}, "TaskDefinition": {"Ref": "Task@"}, "LaunchType": "FARGATE", "DesiredCount": {"Fn::If": ["IsProduction", 3, 1]}, "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": [{"Ref": "First@"}, {"Ref": "Second@"}], "SecurityGroups": [{"Fn::GetAtt": ["Group@", "GroupId"]}]}}}}"#,
    r#""Allow@": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Queue@"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["Queue@", "Arn"]}, "Condition": {"ArnEquals": {"aws:SourceArn": {"Ref": "Topic@"}}}}]}}}"#,
    r#""Topic@": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "alias/aws/sns"}}"#,
    r#""Subscription@": {"Type": "AWS::SNS::Subscription", "Properties": {"TopicArn": {"Ref": "Topic@"}, "Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Queue@", "Arn"]}, "RawMessageDelivery": true}}"#,
    r#""Alarm@": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible", "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["Dead@", "QueueName"]}}], "Statistic": "Maximum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": [{"Ref": "Topic@"}]}}"#,
];

/// A template of so many resources, a multiple of those of a unit; each number makes another text.
pub(crate) fn template(resources: usize, number: usize) -> String {
    let mut text = String::from(
        "{\n\"AWSTemplateFormatVersion\": \"2010-09-09\",\n\
         \"Parameters\": {\"Stage\": {\"Type\": \"String\", \"AllowedValues\": [\"test\", \"production\"], \"Default\": \"test\"}},\n\
         \"Conditions\": {\"IsProduction\": {\"Fn::Equals\": [{\"Ref\": \"Stage\"}, \"production\"]}},\n\
         \"Resources\": {\n",
    );
    let each: Vec<String> = (0..resources / UNIT.len())
        .flat_map(|unit| {
            UNIT.map(|part| part.replace('@', &unit.to_string()).replace('#', &number.to_string()))
        })
        .collect();
    text.push_str(&each.join(",\n"));
    text.push_str("\n},\n\"Outputs\": {\"Topic\": {\"Value\": {\"Ref\": \"Topic0\"}}}\n}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn a_template_has_as_many_resources_as_were_asked_for() {
        for resources in [20, 40, 500] {
            let document = formwork_template::read::read(&template(resources, 7)).unwrap();
            assert_eq!(document.template().resources().count(), resources);
        }
    }
}
