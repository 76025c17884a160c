//! A value of another stack stands where an import cannot.

use super::prelude::*;

pub(super) fn fails() -> App {
    let mut app = App::new();
    let mut data = app.stack("data");
    let stage = data.parameter("Stage", Parameter::string());
    sqs::Queue::new().build(&mut data, "Orders");

    let mut web = app.stack("web");
    let in_production = web.condition("InProduction", equals(stage, "prod"));
    sqs::Queue::new().condition_on(&in_production).build(&mut web, "Jobs");
    app
}

pub(super) fn passes() -> App {
    let mut app = App::new();
    let mut data = app.stack("data");
    let stage = data.parameter("Stage", Parameter::string());
    sqs::Queue::new().build(&mut data, "Orders");
    let data = data.id();

    let mut web = app.stack("web");
    web.carry_from(data, Via::Parameter);
    let in_production = web.condition("InProduction", equals(stage, "prod"));
    sqs::Queue::new().condition_on(&in_production).build(&mut web, "Jobs");
    app
}
