//! Values stand in each other too deep to be read.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let stage = stack.parameter("Stage", Parameter::string());
    let in_production = stack.condition("InProduction", equals(stage, "prod"));
    let mut names: Expr<String> = pseudo::region();
    for _ in 0..30 {
        names = join("", [if_else::<String>(&in_production, names, "x")]);
    }
    sqs::Queue::new().queue_name(names).build(stack, "Jobs");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let stage = stack.parameter("Stage", Parameter::string());
    let in_production = stack.condition("InProduction", equals(stage, "prod"));
    let names = (0..30).map(|_| if_else::<String>(&in_production, pseudo::region(), "x"));
    sqs::Queue::new().queue_name(join("", names.collect::<Vec<_>>())).build(stack, "Jobs");
}
