//! One bucket: the least that a program does.

use formwork::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("Hello");
    stack.environment(Environment::new("111111111111", "us-east-1"));
    let encryption = s3::bucket::BucketEncryption::new([s3::bucket::ServerSideEncryptionRule::new()
        .server_side_encryption_by_default(s3::bucket::ServerSideEncryptionByDefault::new("AES256"))]);
    let bucket = s3::Bucket::new()
        .versioning_configuration(s3::bucket::VersioningConfiguration::new("Enabled"))
        .bucket_encryption(encryption)
        .public_access_block_configuration(
            s3::bucket::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
        .retained()
        .build(stack, "Bucket");
    let arn = bucket.arn();
    let policy = PolicyDocument::new().statement(
        Statement::deny_to_everyone(
            ["s3:*"],
            [sub!("{bucket}", bucket = arn.clone()), sub!("{bucket}/*", bucket = arn)],
        )
        .when(PolicyCondition::bool(ConditionKey::SECURE_TRANSPORT, false)),
    );
    s3::BucketPolicy::new(&bucket, policy).build(stack, "BucketPolicy");
    app.synth()?;
    Ok(())
}
