//! Ways out, for what the types do not know: a property by its path, a resource by its type, a
//! template that exists.

use formwork::{Template, prelude::*};

const LEGACY: &str = r#"{
  "Parameters": { "Prefix": { "Type": "String", "Default": "legacy" } },
  "Resources": {
    "Inbox": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": { "Fn::Sub": "${Prefix}-inbox" } } }
  }
}"#;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("escape-hatches");

    // A property that the facts know not yet, or have wrong.
    sqs::Queue::new()
        .set_property("RedriveAllowPolicy.redrivePermission", "denyAll")
        .delete_property("DelaySeconds")
        .build(stack, "Orders");

    // A type that is named at run time.
    RawResource::new("AWS::SNS::Topic").property("DisplayName", "orders").build(stack, "Topic");

    // A whole template, whose resources are then like any other.
    let included = stack.include(Template::from_json(LEGACY)?);
    if let Some(inbox) = included.resource::<sqs::Queue>("Inbox") {
        stack.modify(&inbox, |queue| queue.visibility_timeout(60));
        stack.output("InboxArn", inbox.arn());
    }
    app.synth()?;
    Ok(())
}
