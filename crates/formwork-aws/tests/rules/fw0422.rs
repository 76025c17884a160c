//! User data that cannot be rendered.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    use std::collections::BTreeMap;

    let data = BTreeMap::from([("name", "web")]);
    LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small")
        .user_data(UserData::template("echo {{name}} {{stage}}", &data))
        .build(stack, "Web");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    use std::collections::BTreeMap;

    let data = BTreeMap::from([("name", "web"), ("stage", "prod")]);
    LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "t4g.small")
        .user_data(UserData::template("echo {{name}} {{stage}}", &data))
        .build(stack, "Web");
}
