//! Outputs: what they give, and under what name.

use formwork_template::{Map, intrinsic, limits::DESCRIPTION_BYTES};

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
        if let Some(description) = body.get("Description") {
            let path = ["Outputs", id, "Description"];
            match description.as_str() {
                None => judge.error(
                    "E6003",
                    &path,
                    format!("a description is a plain text, and this is {}", description.kind()),
                ),
                Some(text) if text.len() > DESCRIPTION_BYTES => {
                    judge.error(
                        "E6011",
                        &path,
                        format!(
                            "the description has {} bytes; the service takes {DESCRIPTION_BYTES}",
                            text.len()
                        ),
                    );
                }
                Some(_) => {}
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
