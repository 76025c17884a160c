//! Ids of elements: what they may look like, and that they are one's own.

use formwork_template::{Map, limits::LOGICAL_ID_CHARACTERS};

use crate::judge::Judge;

/// Sections, the noun of their elements, the rule on what ids look like, and that on their length.
const SECTIONS: [(&str, &str, &str, &str); 5] = [
    ("Parameters", "a parameter", "E2003", "E2011"),
    ("Mappings", "a mapping", "E7001", "E7002"),
    ("Conditions", "a condition", "E8001", "E8001"),
    ("Resources", "a resource", "E3001", "E3011"),
    ("Outputs", "an output", "E6004", "E6011"),
];

/// Ids are letters and digits, not too many, and no resource has that of a parameter.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for (section, noun, form, length) in SECTIONS {
        for id in
            template.section(section).into_iter().flat_map(Map::keys).filter(|id| !id.starts_with("Fn::"))
        {
            // Keys of a loop's body have placeholders, which the transform replaces.
            // Published templates have other letters in the names of conditions and mappings.
            let strict = !matches!(section, "Conditions" | "Mappings");
            let plain = id.chars().all(|letter| letter.is_ascii_alphanumeric());
            if strict && !plain && !judge.index.open {
                judge.error(
                    form,
                    &[section, id],
                    format!("`{id}` is no id of {noun}: letters and digits alone"),
                );
            }
            let count = id.chars().count();
            if count > LOGICAL_ID_CHARACTERS {
                judge.error(
                    length,
                    &[section, id],
                    format!(
                        "the id of {noun} has {count} characters; the service takes {LOGICAL_ID_CHARACTERS}"
                    ),
                );
            }
            if section == "Resources" && judge.index.parameter(id).is_some() {
                judge.error("E3007", &[section, id], format!("a parameter is called `{id}` too"));
            }
        }
    }
}
