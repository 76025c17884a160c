//! A template that still has outputs which its author has taken out.

use formwork_template::{
    Map, Template, Value,
    intrinsic::{self, Reference},
};

use crate::rename;

/// The new template with these outputs of the deployed one, and with whatever they refer to that the
/// new one does not have: resources as they are, parameters, conditions and mappings.
pub(super) fn keep(new: &Template, deployed: &Template, outputs: &[&str]) -> Template {
    // What moves is referred to by its new name.
    let (renames, _) = rename::pending(deployed, new);
    let deployed = rename::renamed(deployed, &renames);
    let mut kept = Kept { template: new.clone(), deployed: &deployed };
    for key in outputs {
        let Some(output) = deployed.section("Outputs").and_then(|section| section.get(key)) else { continue };
        let section = kept.template.section_mut("Outputs");
        let mut free = (*key).to_owned();
        while section.contains_key(&free) {
            free.push_str("Kept");
        }
        section.insert(free, output.clone());
        kept.all_of(output);
    }
    kept.template
}

struct Kept<'a> {
    template: Template,
    deployed: &'a Template,
}

impl Kept<'_> {
    /// Keeps what an output or a resource refers to.
    fn all_of(&mut self, declaration: &Value) {
        if let Some(condition) = declaration.get("Condition").and_then(Value::as_str) {
            self.section("Conditions", condition);
        }
        match declaration.get("DependsOn") {
            Some(Value::String(id)) => self.named(id),
            Some(Value::List(ids)) => ids.iter().filter_map(Value::as_str).for_each(|id| self.named(id)),
            _ => {}
        }
        let mut references = Vec::new();
        intrinsic::references(declaration, &mut |reference| references.push(reference));
        for reference in references {
            match reference {
                Reference::Name(name) | Reference::Attribute(name, _) => self.named(name),
                Reference::Condition(name) => self.section("Conditions", name),
                Reference::Mapping(name) => self.section("Mappings", name),
            }
        }
    }

    fn named(&mut self, name: &str) {
        if self.template.section("Parameters").is_some_and(|section| section.contains_key(name)) {
            return;
        }
        let is_resource =
            self.deployed.section("Resources").is_some_and(|section| section.contains_key(name));
        self.section(if is_resource { "Resources" } else { "Parameters" }, name);
    }

    /// Keeps a declaration, unless the new template has one of this name.
    fn section(&mut self, section: &'static str, name: &str) {
        let has = |section: Option<&Map>| section.is_some_and(|section| section.contains_key(name));
        if has(self.template.section(section)) {
            return;
        }
        let declaration = self.deployed.section(section).and_then(|section| section.get(name)).cloned();
        if let Some(declaration) = declaration {
            self.template.section_mut(section).insert(name.to_owned(), declaration.clone());
            self.all_of(&declaration);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_output_needs_is_kept() {
        let deployed = Template::from_json(
            r#"{
                "Parameters": {"Size": {"Type": "String"}, "Unused": {"Type": "String"}},
                "Mappings": {"Sizes": {"small": {"x": "1"}}},
                "Conditions": {"Has": {"Fn::Equals": [{"Ref": "Size"}, "s"]}, "Other": {"Condition": "Has"}},
                "Resources": {
                    "Table": {"Type": "T", "Condition": "Other", "DependsOn": "Key"},
                    "Key": {"Type": "K", "Properties": {"P": {"Fn::FindInMap": ["Sizes", "small", "x"]}}},
                    "Topic": {"Type": "S"},
                    "Old": {"Type": "Q"},
                    "Gone": {"Type": "G"}
                },
                "Outputs": {
                    "Table": {"Value": {"Fn::GetAtt": ["Table", "Arn"]}, "Export": {"Name": "table"}},
                    "Topic": {"Value": {"Ref": "Topic"}, "Export": {"Name": "topic"}},
                    "Queue": {"Value": {"Fn::Sub": "${Old}"}, "Export": {"Name": "queue"}},
                    "Gone": {"Value": {"Ref": "Gone"}, "Export": {"Name": "gone"}}
                }
            }"#,
        )
        .unwrap();
        let new = Template::from_json(
            r#"{
                "Resources": {
                    "Topic": {"Type": "S", "Properties": {"New": "1"}},
                    "New": {"Type": "Q", "Metadata": {"formwork": {"moved_from": "Old"}}}
                },
                "Outputs": {"Topic": {"Value": "x", "Export": {"Name": "other"}}}
            }"#,
        )
        .unwrap();
        insta::assert_snapshot!(keep(&new, &deployed, &["Table", "Topic", "Queue"]).to_json());
    }
}
