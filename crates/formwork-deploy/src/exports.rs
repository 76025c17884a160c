//! The values that a stack exports and imports, by name.

use std::collections::{BTreeMap, BTreeSet};

use formwork_template::{
    Map, Template, Value,
    intrinsic::{self, SubPart},
};

use crate::service::{Output, StackDescription};

/// An export that a template no longer has, and the stacks that import it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostExport {
    /// Its name.
    pub export: String,
    /// The names of the stacks that import it.
    pub importers: Vec<String>,
}

/// What the names of exports are made of: parameters, pseudo parameters among them.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// What is known of a stack that stands; parameters as they are to be.
    pub(crate) fn of(
        stack: &StackDescription,
        template: &Template,
        given: &BTreeMap<String, String>,
    ) -> Self {
        let mut names = BTreeMap::new();
        let declared = template.section("Parameters").into_iter().flat_map(Map::iter);
        for (name, declaration) in declared {
            let default = declaration.get("Default").and_then(Value::as_str).map(str::to_owned);
            let value = given.get(name).or_else(|| stack.parameters.get(name)).cloned().or(default);
            names.extend(value.map(|value| (name.to_owned(), value)));
        }
        let parts: Vec<&str> = stack.arn.splitn(6, ':').collect();
        if let [_, partition, _, region, account, _] = parts.as_slice() {
            let pseudo = [("Partition", *partition), ("Region", *region), ("AccountId", *account)];
            names.extend(pseudo.map(|(name, value)| (format!("AWS::{name}"), value.to_owned())));
        }
        names.insert("AWS::StackName".to_owned(), stack.name.clone());
        names.insert("AWS::StackId".to_owned(), stack.arn.clone());
        Self(names)
    }

    /// Forgets parameters whose values only the deployment knows.
    pub(crate) fn without<'a>(mut self, parameters: impl IntoIterator<Item = &'a str>) -> Self {
        for parameter in parameters {
            self.0.remove(parameter);
        }
        self
    }

    /// The text of a name, where it is known before the deployment.
    fn evaluate(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::Map(map) => match intrinsic::of(map)? {
                ("Ref", Value::String(name)) => self.0.get(name.as_ref()).cloned(),
                ("Fn::Sub", Value::String(format)) => {
                    intrinsic::sub_parts(format).into_iter().try_fold(String::new(), |text, part| {
                        Some(match part {
                            SubPart::Text(literal) => text + literal,
                            SubPart::Escaped(name) => text + "${" + name + "}",
                            SubPart::Placeholder(name) => text + self.0.get(name)?,
                        })
                    })
                }
                ("Fn::Join", Value::List(parts)) => {
                    let [Value::String(separator), Value::List(items)] = parts.as_slice() else {
                        return None;
                    };
                    let items: Option<Vec<String>> = items.iter().map(|item| self.evaluate(item)).collect();
                    Some(items?.join(separator))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// The outputs whose exports a template no longer has.
///
/// A name that is not known before the deployment is taken to stay.
pub(crate) fn lost<'a>(outputs: &'a [Output], template: &Template, names: &Names) -> Vec<&'a Output> {
    let mut kept = BTreeSet::new();
    let mut unclear = BTreeSet::new();
    for (key, output) in template.section("Outputs").into_iter().flat_map(Map::iter) {
        let Some(name) = output.at(["Export", "Name"]) else { continue };
        match names.evaluate(name) {
            Some(name) => drop(kept.insert(name)),
            None => drop(unclear.insert(key)),
        }
    }
    let is_lost = |output: &&Output| {
        let export = output.export.as_ref();
        export.is_some_and(|export| !kept.contains(export) && !unclear.contains(output.key.as_str()))
    };
    outputs.iter().filter(is_lost).collect()
}

/// Whether a template imports a value by this name, as far as names are known.
pub(crate) fn imports(template: &Template, export: &str, names: &Names) -> bool {
    fn find(value: &Value, visit: &mut impl FnMut(&Value)) {
        match value {
            Value::List(items) => items.iter().for_each(|item| find(item, visit)),
            Value::Map(map) => {
                if let Some(("Fn::ImportValue", name)) = intrinsic::of(map) {
                    visit(name);
                }
                map.iter().for_each(|(_, item)| find(item, visit));
            }
            _ => {}
        }
    }
    let mut found = false;
    for (_, section) in template.sections().iter() {
        find(section, &mut |name| found |= names.evaluate(name).as_deref() == Some(export));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::StackStatus;

    fn stack(outputs: &[(&str, &str)]) -> StackDescription {
        let output = |&(key, export): &(&str, &str)| Output {
            key: key.to_owned(),
            value: String::new(),
            export: Some(export.to_owned()),
            description: None,
        };
        StackDescription {
            arn: "arn:aws:cloudformation:eu-west-1:123456789012:stack/data/1".to_owned(),
            name: "data".to_owned(),
            status: StackStatus::CreateComplete,
            status_reason: None,
            parameters: BTreeMap::from([("Stage".to_owned(), "test".to_owned())]),
            tags: BTreeMap::new(),
            outputs: outputs.iter().map(output).collect(),
            capabilities: Vec::new(),
            role: None,
            termination_protection: false,
            notification_arns: Vec::new(),
            root: None,
        }
    }

    #[test]
    fn exports_are_known_by_their_names() {
        let stack = stack(&[
            ("A", "data-A"),
            ("B", "test:eu-west-1"),
            ("C", "moved"),
            ("D", "unclear"),
            ("E", "renamed"),
            ("F", "gone"),
        ]);
        let template = Template::from_json(
            r#"{"Parameters":{"Stage":{"Type":"String"}},"Outputs":{
                "A":{"Export":{"Name":{"Fn::Sub":"${AWS::StackName}-A"}}},
                "B":{"Export":{"Name":{"Fn::Join":[":",[{"Ref":"Stage"},{"Ref":"AWS::Region"}]]}}},
                "Other":{"Export":{"Name":"moved"}},
                "D":{"Export":{"Name":{"Fn::Select":[0,["x"]]}}},
                "E":{"Export":{"Name":"other"}},
                "F":{"Value":"x"}
            },"Resources":{"R":{"Properties":{"P":[{"Fn::ImportValue":{"Fn::Sub":"x-${Stage}"}}]}}}}"#,
        )
        .unwrap();
        let names = Names::of(&stack, &template, &BTreeMap::new());
        let lost: Vec<&str> =
            lost(&stack.outputs, &template, &names).iter().map(|output| output.key.as_str()).collect();
        assert_eq!(lost, ["E", "F"]);
        assert!(imports(&template, "x-test", &names));
        assert!(!imports(&template, "x-test", &names.without(["Stage"])));
    }
}
