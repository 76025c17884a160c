//! The messages of assertions that fail.

use std::panic::{AssertUnwindSafe, catch_unwind};

use formwork_testing::{
    Capture, TemplateAssertions, absent, any, array_with, exact, not, object, serialized_json, string_like,
};
use insta::assert_snapshot;
use serde_json::json;

use crate::app::synthesis;

const BUCKET: &str = "AWS::S3::Bucket";

/// What a failed assertion on the app says.
fn failure<R>(assert: impl FnOnce(&TemplateAssertions) -> R) -> String {
    let template = TemplateAssertions::of(&synthesis(), "storage");
    let outcome = catch_unwind(AssertUnwindSafe(|| drop(assert(&template))));
    let payload = outcome.expect_err("the assertion must fail");
    payload.downcast_ref::<String>().expect("a message").clone()
}

#[test]
fn properties_that_no_resource_has() {
    assert_snapshot!(failure(|template| {
        template.has_resource_with_properties(
            BUCKET,
            object! {
                "VersioningConfiguration": { "Status": "Enabled" },
                "Tags": array_with([object! { "Key": "team", "Value": "data" }]),
                "BucketName": absent(),
            },
        );
    }));
}

#[test]
fn a_resource_that_is_nowhere() {
    assert_snapshot!(failure(|template| {
        template.has_resource(BUCKET, object! { "DeletionPolicy": "Snapshot", "DependsOn": any() });
    }));
}

#[test]
fn a_type_that_is_nowhere() {
    assert_snapshot!(failure(|template| {
        template.has_resource_with_properties("AWS::SNS::Topic", any());
    }));
}

#[test]
fn not_every_resource() {
    assert_snapshot!(failure(|template| {
        template.all_resources_with_properties(
            BUCKET,
            object! { "BucketName": string_like("^[a-z]+$"), "Tags": exact(json!([])) },
        );
    }));
}

#[test]
fn another_count() {
    assert_snapshot!(failure(|template| {
        template.resource_count(BUCKET, 1);
    }));
    assert_snapshot!(failure(|template| {
        template.resource_count("AWS::SNS::Topic", 2);
    }));
}

#[test]
fn elements_of_other_sections() {
    assert_snapshot!(failure(|template| {
        template.has_output("LogsBucket", object! { "Value": { "Ref": "Assets" }, "Export": any() });
    }));
    assert_snapshot!(failure(|template| {
        template.has_parameter("Stagw", any());
    }));
    assert_snapshot!(failure(|template| {
        template.has_mapping("Sizes", exact(json!({ "dev": { "Max": 2, "Min": 1 } })));
    }));
    assert_snapshot!(failure(|template| {
        template.has_condition("Production", object! { "Fn::Equals": [not(any())] });
    }));
}

#[test]
fn matchers_that_find_another_kind() {
    assert_snapshot!(failure(|template| {
        template.has_resource_with_properties(
            BUCKET,
            object! {
                "VersioningConfiguration": array_with(["Enabled"]),
                "Tags": serialized_json(object! { "Statement": any() }),
                "LoggingConfiguration": { "DestinationBucketName": "logs", "LogFilePrefix": "web/" },
            },
        );
    }));
}

#[test]
fn names_that_are_not_there() {
    let synthesis = synthesis();
    let outcome = catch_unwind(|| TemplateAssertions::of(&synthesis, "network"));
    let payload = outcome.expect_err("there is no such stack");
    assert_snapshot!(payload.downcast_ref::<String>().expect("a message"), @"the app has no stack `network`; it has `storage`");
    assert!(catch_unwind(|| Capture::new().value()).is_err());
}
