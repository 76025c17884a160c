//! Other logical ids, and what refers to them.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;

use formwork_template::{Template, rename};
use proptest::{prelude::*, sample::select};

#[test]
fn what_refers_to_a_resource_follows_it() {
    let old = Template::from_json(
        r#"{
            "Parameters": {"Old": {"Type": "String"}},
            "Resources": {
                "Old": {"Type": "AWS::SNS::Topic", "Metadata": {"Of": {"Ref": "Old"}}},
                "Older": {
                    "Type": "AWS::SNS::Topic",
                    "DependsOn": ["Old", "Other"],
                    "Properties": {
                        "A": {"Fn::GetAtt": ["Old", "Arn"]},
                        "B": {"Fn::GetAtt": "Old.Arn.Part"},
                        "C": {"Fn::Sub": "${Old} ${Old.Arn} ${ Older } ${!Old} $Old ${Old"},
                        "D": {"Fn::Sub": ["${Old} ${Older} ${X}", {"Old": "shadowed", "X": {"Ref": "Old"}}]},
                        "E": {"Fn::If": ["Old", {"Ref": "Old"}, "Old"]},
                        "F": {"Fn::Sub": "${ Other }"},
                        "DependsOn": ["Old", {"Ref": "Old"}],
                        "Ref": {"Ref": "Old", "Old": "Old"}
                    }
                },
                "Fn::ForEach::Loop": ["Name", ["x"], {"Made${Name}": {"Type": "AWS::SNS::Topic", "DependsOn": "Old"}}]
            },
            "Outputs": {"Old": {"Value": {"Fn::Join": ["", [{"Ref": "Old"}]]}}}
        }"#,
    )
    .unwrap();
    let new = rename(&old, &BTreeMap::from([("Old", "New")]));
    insta::assert_snapshot!(new.to_json());
}

/// Topics that refer to each other.
fn template() -> impl Strategy<Value = Template> {
    let id = || select(vec!["A", "B", "C", "Ab"]);
    let refers = prop_oneof![
        id().prop_map(|id| format!(r#"{{"Ref":"{id}"}}"#)),
        id().prop_map(|id| format!(r#"{{"Fn::GetAtt":["{id}","Arn"]}}"#)),
        id().prop_map(|id| format!(r#"{{"Fn::Sub":"x${{{id}}}${{{id}.Arn}}${{!{id}}}"}}"#)),
        id().prop_map(|id| format!(r#""{id}""#)),
    ];
    prop::collection::vec((id(), refers), 1..6).prop_map(|resources| {
        let resources: BTreeMap<&str, String> = resources.into_iter().collect();
        let resources: Vec<String> = resources
            .iter()
            .map(|(id, value)| {
                format!(r#""{id}":{{"Type":"T","DependsOn":"A","Properties":{{"P":{value}}}}}"#)
            })
            .collect();
        Template::from_json(&format!(r#"{{"Resources":{{{}}}}}"#, resources.join(","))).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn there_and_back(template in template()) {
        let there = rename(&template, &BTreeMap::from([("A", "Xa"), ("Ab", "Xb")]));
        prop_assert!(there.resource("A").is_none() && there.resource("Ab").is_none());
        let back = rename(&there, &BTreeMap::from([("Xa", "A"), ("Xb", "Ab")]));
        prop_assert_eq!(back.to_json(), template.to_json());
        // Whether names change one after another or at once is the same.
        let one = rename(&rename(&template, &BTreeMap::from([("A", "Xa")])), &BTreeMap::from([("Ab", "Xb")]));
        prop_assert_eq!(one, there);
    }
}
