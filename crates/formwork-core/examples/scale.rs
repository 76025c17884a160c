//! Synthesizes `STACKS` stacks of 400 raw resources into the directory that is given:
//! `cargo run --release -p formwork-core --example scale -- 100 target/scale`.
//!
//! Every resource refers to the one before it, and each ninth to one of the stack before.
#![expect(clippy::print_stderr, reason = "an example says how it is called")]

use std::process::ExitCode;

use formwork_core::{App, Build, Handle, Object, RawResource, pseudo, sub};

/// Resources of one stack.
const RESOURCES: usize = 400;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(Ok(stacks)), Some(directory)) =
        (arguments.next().map(|stacks| stacks.parse::<usize>()), arguments.next())
    else {
        eprintln!("usage: scale STACKS DIRECTORY");
        return ExitCode::FAILURE;
    };
    let mut app = App::new();
    app.tag("team", "platform");
    let mut before: Vec<Handle<RawResource>> = Vec::new();
    for number in 0..stacks {
        before = fill(&mut app, number, &before);
    }
    match app.synth_to(directory) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn fill(app: &mut App, number: usize, before: &[Handle<RawResource>]) -> Vec<Handle<RawResource>> {
    let mut stack = app.stack(format!("cell-{number}"));
    let mut queues: Vec<Handle<RawResource>> = Vec::with_capacity(RESOURCES);
    for position in 0..RESOURCES {
        let mut queue = RawResource::new("AWS::SQS::Queue")
            .taggable(formwork_core::Tagging::List("Tags"))
            .property(
                "QueueName",
                sub!(
                    "{stack}-queue-{position}",
                    stack = pseudo::stack_name(),
                    position = i64::try_from(position).unwrap_or(0)
                ),
            )
            .property("DelaySeconds", 5)
            .property("MaximumMessageSize", 262_144)
            .property("MessageRetentionPeriod", 1_209_600)
            .property("ReceiveMessageWaitTimeSeconds", 20)
            .property("SqsManagedSseEnabled", true)
            .property("VisibilityTimeout", 300);
        if let Some(neighbour) = queues.last() {
            let redrive = Object::new()
                .with("deadLetterTargetArn", neighbour.attribute::<String>("Arn"))
                .with("maxReceiveCount", 5);
            queue = queue.property("RedrivePolicy", redrive);
        }
        if position % 9 == 0
            && let Some(upstream) = before.get(position)
        {
            let allow = Object::new().with("sourceQueueArns", vec![upstream.attribute::<String>("Arn")]);
            queue = queue.property("RedriveAllowPolicy", allow);
        }
        queues.push(queue.build(&mut stack, &format!("Queue{position}")));
    }
    queues
}
