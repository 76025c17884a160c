//! The app that is asserted on. Its lines stand in the snapshots: add below.

use formwork_core::{App, Build, DeletionPolicy, Object, Parameter, RawResource, Synthesis, equals};

/// Two buckets that differ, a queue, and something in each section.
pub(crate) fn synthesis() -> Synthesis {
    let mut app = App::new();
    let mut stack = app.stack("storage");
    let stage = stack.parameter("Stage", Parameter::string().allowed_values(["dev", "prod"]));
    stack.condition("Production", equals(stage, "prod"));
    stack.mapping("Sizes", [("dev", [("Max", 1)]), ("prod", [("Max", 10)])]);
    let logs = RawResource::new("AWS::S3::Bucket")
        .property("VersioningConfiguration", Object::new().with("Status", "Suspended"))
        .property("Tags", [Object::new().with("Key", "team").with("Value", "web")])
        .build(&mut stack, "Logs");
    RawResource::new("AWS::S3::Bucket")
        .property("BucketName", "assets")
        .property("LoggingConfiguration", Object::new().with("DestinationBucketName", logs.reference()))
        .deletion_policy(DeletionPolicy::Retain)
        .build(&mut stack, "Assets");
    RawResource::new("AWS::SQS::Queue").build(&mut stack, "Jobs");
    stack.output("LogsBucket", logs.reference()).description("Where logs go");
    match app.synthesize() {
        Ok(synthesis) => synthesis,
        Err(error) => panic!("{error}"),
    }
}
