//! What rules object to.

use std::panic::catch_unwind;

use formwork_check::{Level, Options, Selection};
use formwork_core::{App, Build, RawResource, Synthesis};
use formwork_template::{Finding, Template};
use formwork_testing::{assert_clean, assert_clean_with};

/// A database with an address in the internet.
fn database() -> Synthesis {
    let mut app = App::new();
    RawResource::new("AWS::RDS::DBInstance")
        .property("DBInstanceClass", "db.t4g.micro")
        .property("Engine", "postgres")
        .property("AllocatedStorage", "20")
        .property("StorageEncrypted", true)
        .property("PubliclyAccessible", true)
        .property("ManageMasterUserPassword", true)
        .property("MasterUsername", "root")
        .build(&mut app.stack("shop"), "Database");
    app.synthesize().expect("no findings")
}

#[test]
fn what_rules_object_to_is_shown_with_its_line() {
    let outcome = catch_unwind(|| assert_clean(&database()));
    let payload = outcome.expect_err("the assertion must fail");
    insta::assert_snapshot!(payload.downcast_ref::<String>().expect("a message"));
}

#[test]
fn rules_are_chosen_and_added() {
    let selection = Selection::new().level("FW3002", Level::Off);
    assert_clean_with(&database(), &Options::new().selection(selection.clone()));

    let backups = |template: &Template, findings: &mut Vec<Finding>| {
        for resource in
            template.resources().filter(|resource| resource.property("BackupRetentionPeriod").is_none())
        {
            let finding = Finding::error("TEAM002", "nobody says how long backups are kept");
            findings.push(finding.path(["Resources", resource.logical_id, "Properties"]));
        }
    };
    let options = Options::new().selection(selection).rule(&backups);
    let outcome = catch_unwind(std::panic::AssertUnwindSafe(|| assert_clean_with(&database(), &options)));
    let payload = outcome.expect_err("the assertion must fail");
    insta::assert_snapshot!(payload.downcast_ref::<String>().expect("a message"));
}
