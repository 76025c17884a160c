//! A stack name that CloudFormation refuses.

use super::prelude::*;

pub(super) fn fails() -> App {
    let mut app = App::new();
    sqs::Queue::new().build(&mut app.stack("shop_web"), "Jobs");
    app
}

pub(super) fn passes() -> App {
    let mut app = App::new();
    sqs::Queue::new().build(&mut app.stack("shop-web"), "Jobs");
    app
}
