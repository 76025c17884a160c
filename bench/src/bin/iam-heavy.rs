//! 200 roles with ten kinds of access each: the work of `bench/cdk/apps/a7-iam-heavy.ts`.

use dynamodb::table::{AttributeDefinition, KeySchema};
use formwork::prelude::*;

/// How many there are of each kind of resource.
const KINDS: usize = 10;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("IamHeavy");
    stack.environment(Environment::new("111111111111", "us-east-1"));

    let key = kms::Key::new().enable_key_rotation(true).retained().build(stack, "Key");
    let buckets = many(|i| s3::Bucket::new().retained().build(stack, &format!("Bucket{i}")));
    let tables = many(|i| {
        dynamodb::Table::new([KeySchema::new("HASH", "pk")])
            .attribute_definitions([AttributeDefinition::new("S", "pk")])
            .billing_mode("PAY_PER_REQUEST")
            .retained()
            .build(stack, &format!("Table{i}"))
    });
    let queues = many(|i| sqs::Queue::new().build(stack, &format!("Queue{i}")));
    let topics = many(|i| sns::Topic::new().build(stack, &format!("Topic{i}")));
    let secrets = many(|i| Secret::password().build(stack, &format!("Secret{i}")));

    for i in 0..200 {
        let (first, second) = (i % KINDS, (i + 1) % KINDS);
        let access = [
            buckets[first].read_objects(),
            buckets[first].list_objects(),
            buckets[second].read_objects(),
            buckets[second].list_objects(),
            buckets[second].write_objects(),
            buckets[second].delete_objects(),
            tables[first].read_items(),
            tables[second].read_items(),
            tables[second].write_items(),
            queues[first].consume(),
            queues[second].send(),
            topics[first].publish(),
            secrets[first].read(),
            key.decrypt(),
            put_metric_data(format!("team-{i}")),
        ];
        let principal = Principal::service("lambda.amazonaws.com");
        Role::new(principal).permission(access).build(stack, &format!("Role{i}"));
    }
    app.synth()?;
    Ok(())
}

/// One of each number.
fn many<T>(build: impl FnMut(usize) -> T) -> Vec<T> {
    (0..KINDS).map(build).collect()
}
