//! 200 roles with ten kinds of access each: the work of `bench/cdk/apps/a7-iam-heavy.ts`.

use std::array::from_fn;

use dynamodb::table::{AttributeDefinition, KeySchema};
use formwork::prelude::*;

/// How many there are of each kind of resource.
const KINDS: usize = 10;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("IamHeavy");
    stack.environment(Environment::new("111111111111", "us-east-1"));

    let key = kms::Key::new().enable_key_rotation(true).retained().build(stack, "Key");
    let buckets: [_; KINDS] = from_fn(|i| s3::Bucket::new().retained().build(stack, &format!("Bucket{i}")));
    let tables: [_; KINDS] = from_fn(|i| {
        let table = dynamodb::Table::new([KeySchema::new("HASH", "pk")]).billing_mode("PAY_PER_REQUEST");
        let table = table.attribute_definitions([AttributeDefinition::new("S", "pk")]).retained();
        table.build(stack, &format!("Table{i}"))
    });
    let queues: [_; KINDS] = from_fn(|i| sqs::Queue::new().build(stack, &format!("Queue{i}")));
    let topics: [_; KINDS] = from_fn(|i| sns::Topic::new().build(stack, &format!("Topic{i}")));
    let secrets: [_; KINDS] = from_fn(|i| Secret::password().build(stack, &format!("Secret{i}")));

    for i in 0..200 {
        let role = Role::new(Principal::service("lambda.amazonaws.com")).build(stack, &format!("Role{i}"));
        let (first, second) = (i % KINDS, (i + 1) % KINDS);
        role.grant(stack, buckets[first].list_and_read_objects());
        role.grant(stack, buckets[second].manage_objects());
        role.grant(stack, tables[first].read_items());
        role.grant(stack, [tables[second].read_items(), tables[second].write_items()]);
        role.grant(stack, [queues[first].consume(), queues[second].send()]);
        role.grant(stack, [topics[first].publish(), secrets[first].read(), key.decrypt()]);
        role.grant(stack, put_metric_data(format!("team-{i}")));
    }
    app.synth()?;
    Ok(())
}
