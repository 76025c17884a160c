//! 200 roles of ten statements each: the work of `bench/cdk/apps/a7-iam-heavy.ts`.

use formwork::prelude::*;

/// How many there are of each kind of resource.
const KINDS: usize = 10;
const ROLES: usize = 200;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("IamHeavy");
    stack.environment(Environment::new("111111111111", "us-east-1"));

    let policy = PolicyDocument::new()
        .statement(Statement::new(Effect::Allow, ["kms:*"], ["*"]).principal(Principal::this_account()));
    let key = kms::Key::new().key_policy(policy).enable_key_rotation(true).build(stack, "Key");
    let buckets: Vec<_> = (0..KINDS).map(|i| s3::Bucket::new().build(stack, &format!("Bucket{i}"))).collect();
    let tables: Vec<_> = (0..KINDS).map(|i| table(stack, &format!("Table{i}"))).collect();
    let queues: Vec<_> = (0..KINDS).map(|i| sqs::Queue::new().build(stack, &format!("Queue{i}"))).collect();
    let topics: Vec<_> = (0..KINDS).map(|i| sns::Topic::new().build(stack, &format!("Topic{i}"))).collect();
    let secrets: Vec<_> = (0..KINDS)
        .map(|i| {
            let generated = secretsmanager::secret::GenerateSecretString::new();
            secretsmanager::Secret::new()
                .generate_secret_string(generated)
                .build(stack, &format!("Secret{i}"))
        })
        .collect();

    for i in 0..ROLES {
        let (first, second) = (i % KINDS, (i + 1) % KINDS);
        let role = Role::new(Principal::service("lambda.amazonaws.com")).build(stack, &format!("Role{i}"));
        let objects = |bucket: &Handle<s3::Bucket>| {
            [Expr::<String>::from(bucket.arn()), sub!("{bucket}/*", bucket = bucket.arn())]
        };
        let read = ["s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation"];
        let write =
            ["s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];
        let read_items = [
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:DescribeTable",
        ];
        let write_items = [
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:UpdateItem",
        ];
        let consume = [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
        ];
        role.grant(
            stack,
            [
                Permission::new(read, objects(&buckets[first])),
                Permission::new(write, objects(&buckets[second])),
                Permission::new(read_items, [tables[first].arn()]),
                Permission::new(write_items, [tables[second].arn()]),
                Permission::new(consume, [Expr::<String>::from(queues[first].arn())]),
                Permission::new(
                    ["sqs:GetQueueUrl", "sqs:SendMessage"],
                    [Expr::<String>::from(queues[second].arn())],
                ),
                Permission::new(["sns:Publish"], [Expr::<String>::from(topics[first].topic_arn())]),
                Permission::new(
                    ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
                    [Expr::<String>::from(secrets[first].secret_id())],
                ),
                Permission::new(["kms:Decrypt"], [Expr::<String>::from(key.arn())]),
                Permission::on_everything(["cloudwatch:PutMetricData"], "the action takes no resource")
                    .when(PolicyCondition::string_equals("cloudwatch:namespace", format!("team-{i}"))),
            ],
        );
    }
    app.synth()?;
    Ok(())
}

fn table(stack: &mut Scope<'_>, id: &str) -> Handle<dynamodb::Table> {
    dynamodb::Table::new([dynamodb::table::KeySchema::new("HASH", "pk")])
        .attribute_definitions([dynamodb::table::AttributeDefinition::new("S", "pk")])
        .billing_mode("PAY_PER_REQUEST")
        .build(stack, id)
}
