//! A condition or mapping is used outside of its stack.

use super::prelude::*;

pub(super) fn fails() -> App {
    let mut app = App::new();
    let mut data = app.stack("data");
    let stage = data.parameter("Stage", Parameter::string());
    let in_production = data.condition("InProduction", equals(stage, "prod"));
    sqs::Queue::new().condition_on(&in_production).build(&mut data, "Orders");

    let mut web = app.stack("web");
    sqs::Queue::new().condition_on(&in_production).build(&mut web, "Jobs");
    app
}

pub(super) fn passes() -> App {
    let mut app = App::new();
    for (name, queue) in [("data", "Orders"), ("web", "Jobs")] {
        let mut stack = app.stack(name);
        let stage = stack.parameter("Stage", Parameter::string());
        let in_production = stack.condition("InProduction", equals(stage, "prod"));
        sqs::Queue::new().condition_on(&in_production).build(&mut stack, queue);
    }
    app
}
