//! Flow logs: the records, and what they need to be written.
#![cfg(feature = "flow-logs")]

use formwork_aws::prelude::*;
use formwork_core::{App, id};

#[test]
fn flow_logs_bring_what_they_need() {
    let mut app = App::new();
    let mut stack = app.stack("network");
    let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
        .tier(Tier::isolated("App"))
        .build(&mut stack, "Network");
    let logs = LogGroup::new(Retention::OneMonth).build(&mut stack, "Refused");
    FlowLogs::new(&vpc, FlowLogDestination::log_group(&logs))
        .rejected()
        .every_minute()
        .build(&mut stack, "RefusedTraffic");
    FlowLogs::new(&vpc, FlowLogDestination::new_bucket(90)).build(&mut stack, "Traffic");
    let archive = FlowLogDestination::bucket(id("arn:aws:s3:::archive-of-the-company"));
    FlowLogs::new(&vpc, archive).accepted().build(&mut stack, "Archive");
    insta::assert_snapshot!(app.synthesize().unwrap().stacks.remove(0).template.to_json());
}
