//! What matches, and what does not.

use formwork_core::Value;
use formwork_testing::{
    Capture, Matcher, TemplateAssertions, any, array_equals, array_with, exact, not, object, serialized_json,
    string_like,
};
use serde_json::json;

use crate::app::synthesis;

#[track_caller]
fn check(matcher: impl Into<Matcher>, matching: serde_json::Value, other: serde_json::Value) {
    let matcher = matcher.into();
    assert!(matcher.matches(matching), "{matcher}");
    assert!(!matcher.matches(other), "{matcher}");
}

#[test]
fn plain_values_are_matchers() {
    check("a", json!("a"), json!("b"));
    check(80, json!(80), json!("80"));
    check(true, json!(true), json!("true"));
    check(
        json!({ "A": { "B": [1] } }),
        json!({ "A": { "B": [1], "C": 2 } }),
        json!({ "A": { "B": [1, 2] } }),
    );
    check(vec![1, 2], json!([1, 2]), json!([2, 1]));
    check(
        object! { "A": { "B": [{ "C": 1 }, any()] } },
        json!({ "A": { "B": [{ "C": 1, "D": 2 }, 3] } }),
        json!({}),
    );
    check(object! {}, json!({ "A": 1 }), json!([]));
}

#[test]
fn exact_admits_nothing_more() {
    check(
        exact(json!({ "A": [{ "B": 1 }] })),
        json!({ "A": [{ "B": 1 }] }),
        json!({ "A": [{ "B": 1, "C": 2 }] }),
    );
    check(exact(json!([1, 2])), json!([1, 2]), json!([1, 2, 3]));
}

#[test]
fn array_with_keeps_the_order() {
    check(array_with([1, 3]), json!([1, 2, 3, 4]), json!([3, 1]));
    check(array_with([1, 1]), json!([1, 2, 1]), json!([1]));
    check(array_equals::<Matcher>([]), json!([]), json!([1]));
}

#[test]
fn text_is_found_inside_of_expressions() {
    let sub = json!({ "Fn::Sub": ["{\"Topic\": \"${topic}\"}", { "topic": { "Fn::GetAtt": ["Topic", "TopicArn"] } }] });
    check(string_like(r"\$\{Topic\.TopicArn\}"), sub.clone(), json!("Topic"));
    check(serialized_json(object! { "Topic": "${Topic.TopicArn}" }), sub, json!("no JSON"));
    let join = json!({ "Fn::Join": ["", ["{\"Topic\": \"", { "Ref": "Topic" }, "\"}"]] });
    check(serialized_json(object! { "Topic": "${Topic}" }), join, json!({ "Topic": "${Topic}" }));
    let topic = object! { "Topic": { "Ref": "Topic" } };
    check(
        serialized_json(topic),
        json!({ "Fn::ToJsonString": { "Topic": { "Ref": "Topic" } } }),
        json!("{}"),
    );
}

#[test]
fn captures_hold_what_matched_and_nothing_else() {
    let template = TemplateAssertions::of(&synthesis(), "storage");
    let name = Capture::new();
    let status = Capture::new();
    let wanted = object! { "Properties": { "BucketName": &name, "VersioningConfiguration": not(any()) } };
    assert_eq!(template.find_resources("AWS::S3::Bucket", wanted).len(), 1);
    template.has_resource_with_properties(
        "AWS::S3::Bucket",
        object! { "VersioningConfiguration": { "Status": status.of(string_like("^S")) } },
    );
    assert_eq!(name.values(), [Value::from("assets")]);
    assert_eq!(status.value(), Value::from("Suspended"));
}

#[test]
fn assertions_that_hold_can_be_chained() {
    TemplateAssertions::of(&synthesis(), "storage")
        .resource_count("AWS::S3::Bucket", 2)
        .resource_count("AWS::SNS::Topic", 0)
        .has_resource("AWS::S3::Bucket", object! { "DeletionPolicy": "Retain" })
        .has_resource_with_properties("AWS::SQS::Queue", object! {})
        .all_resources("AWS::S3::Bucket", object! { "Type": "AWS::S3::Bucket" })
        .has_parameter("Stage", object! { "AllowedValues": ["dev", "prod"] })
        .has_condition("Production", any())
        .has_mapping("Sizes", object! { "prod": { "Max": 10 } })
        .has_output("LogsBucket", object! { "Description": "Where logs go" });
}
