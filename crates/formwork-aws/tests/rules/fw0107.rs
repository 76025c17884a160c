//! A rule's id that CloudFormation refuses.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let stage = stack.parameter("Stage", Parameter::string());
    stack.rule("stage-is-known", Rule::new(equals(stage, "prod"), "the stage is prod"));
    sqs::Queue::new().build(stack, "Jobs");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let stage = stack.parameter("Stage", Parameter::string());
    stack.rule("StageIsKnown", Rule::new(equals(stage, "prod"), "the stage is prod"));
    sqs::Queue::new().build(stack, "Jobs");
}
