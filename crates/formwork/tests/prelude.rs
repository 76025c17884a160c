//! What one `use` brings.

use formwork::prelude::*;

/// Builders, handles, expressions and formatting, all from the prelude.
#[test]
fn a_stack_needs_nothing_but_the_prelude() -> Result<(), SynthError> {
    let mut app = App::new();
    let mut stack = app.stack("site");
    let stage = stack.parameter("Stage", Parameter::string().allowed_values(["dev", "prod"]));
    let production = stack.condition("Production", equals(stage, "prod"));
    let assets = s3::Bucket::new()
        .bucket_name(sub!("{stage}-assets-{account}", stage = &stage, account = pseudo::account_id()))
        .versioning_configuration(s3::bucket::VersioningConfiguration::new(if_else(
            &production,
            s3::bucket::VersioningConfigurationStatus::ENABLED,
            "Suspended",
        )))
        .tags([Tag::new("team", "web")])
        .deletion_policy(DeletionPolicy::Retain)
        .build(&mut stack, "Assets");
    let known: Expr<ids::ec2::VpcId> = id("vpc-0a1b2c3d");
    let subnet = ec2::Subnet::new(known)
        .availability_zone(select(0, availability_zones(pseudo::region())))
        .build(&mut stack, "Subnet");
    ec2::NatGateway::new().subnet_id(&subnet).depends_on(&assets).build(&mut stack, "Nat");
    stack.output("Arn", assets.arn());

    let synthesis = app.synthesize()?;
    let template = &synthesis.stack("site").expect("the stack is there").template;
    assert_eq!(template.resources().count(), 3);
    Ok(())
}

/// The same through the paths of the crate, for those who write no globs.
#[test]
fn everything_has_a_path() {
    let bucket: formwork::s3::Bucket = formwork::cfn::s3::Bucket::new();
    let _: formwork::builder::Draft = formwork::builder::Resource::into_draft(bucket);
    let _: formwork::Expr<String> = formwork::sub!("{region}", region = formwork::pseudo::region());
    let _: fn(&str) -> _ = formwork::template::json::read;
}
