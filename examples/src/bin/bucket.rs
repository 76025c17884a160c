//! The smallest stack worth having: a bucket that is versioned, closed and kept.

use formwork::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("bucket");
    let assets = s3::Bucket::new()
        .versioning_configuration(s3::bucket::VersioningConfiguration::new("Enabled"))
        .public_access_block_configuration(
            s3::bucket::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
        .retained()
        .build(stack, "Assets");
    stack.output("AssetsUrl", sub!("s3://{bucket}/", bucket = assets.bucket_name()));
    app.synth()?;
    Ok(())
}
