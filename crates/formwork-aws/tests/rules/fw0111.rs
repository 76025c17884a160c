//! A file, directory or image that is to be uploaded cannot be read.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let page = stack.file_asset("Page", "site/dist/index.html");
    sqs::Queue::new().build(stack, "Jobs");
    stack.output("Page", page.s3_url());
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let page = stack.file_asset("Page", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    sqs::Queue::new().build(stack, "Jobs");
    stack.output("Page", page.s3_url());
}
