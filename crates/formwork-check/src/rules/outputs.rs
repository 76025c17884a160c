//! Outputs: what they give, and under what name.

use formwork_template::{Map, intrinsic};

use crate::{
    judge::Judge,
    shape::{self, Shape},
};

/// An output is one text.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for (id, body) in template.section("Outputs").into_iter().flat_map(Map::iter) {
        if id.starts_with("Fn::") {
            continue;
        }
        for (way, rule, noun) in
            [(&["Value"][..], "E6101", "the value"), (&["Export", "Name"], "E6102", "the name of the export")]
        {
            let Some(value) = body.at(way.iter().copied()) else { continue };
            // What is no function is judged by the form of outputs.
            if value.as_map().is_some_and(|map| intrinsic::of(map).is_some()) || rule == "E6102" {
                let found = shape::of(value, judge.index);
                if matches!(found, Shape::List | Shape::Object) {
                    let path = [&["Outputs", id][..], way].concat();
                    judge.error(
                        rule,
                        &path,
                        format!("{noun} of `{id}` is {}, and must be a text", found.noun()),
                    );
                }
            }
        }
        if let Some(condition) = body.get("Condition").filter(|condition| condition.as_str().is_none()) {
            judge.error(
                "E6005",
                &["Outputs", id, "Condition"],
                format!("an output names its condition by a text, and this is {}", condition.kind()),
            );
        }
    }
}
