//! What holds of every pair of templates.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod telling;

use formwork_diff::{Action, Options, PathStep, Side, StackDiff, diff};
use formwork_template::{Map, Template, Value, read};
use proptest::prelude::*;
use telling::tell;

fn between(old: &Template, new: &Template) -> StackDiff {
    diff(&Side::new(old), &Side::new(new), &Options::new())
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-c]{0,2}".prop_map(Value::from),
        "[A-C]".prop_map(Value::from),
        (0i64..4).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::map([("Ref", Value::from("Parameter"))])),
        Just(Value::map([("Ref", Value::from("AWS::Region"))])),
        Just(Value::map([("Fn::GetAtt", Value::list(["R0".into(), "Arn".into()]))])),
        "[a-b]{0,2}[$][{]AWS::Region}[a-b]{0,1}"
            .prop_map(|text| Value::map([("Fn::Sub", Value::from(text))])),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 16, 4, |inner| {
        let named = ("[a-c]", inner.clone())
            .prop_map(|(name, value)| Value::map([("Name", Value::from(name)), ("Value", value)]));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec(named, 0..4).prop_map(Value::List),
            prop::collection::btree_map("[A-C]", inner, 0..4)
                .prop_map(|map| Value::Map(map.into_iter().collect())),
        ]
    })
}

fn statement() -> impl Strategy<Value = Value> {
    let actions = prop::collection::btree_set("s3:(Get|Put|\\*)", 1..3);
    (any::<bool>(), actions, prop::bool::ANY).prop_map(|(allow, actions, one)| {
        let mut actions: Vec<Value> = actions.into_iter().map(Value::from).collect();
        let actions = if one && actions.len() == 1 { actions.remove(0) } else { Value::List(actions) };
        Value::map([
            ("Effect", Value::from(if allow { "Allow" } else { "Deny" })),
            ("Action", actions),
            ("Resource", Value::from("*")),
        ])
    })
}

fn resource() -> impl Strategy<Value = Value> {
    let with = |kind: &'static str, properties: Vec<(&'static str, Value)>| {
        Value::map([("Type", Value::from(kind)), ("Properties", Value::map(properties))])
    };
    prop_oneof![
        prop::collection::btree_map("[A-C]", value(), 0..3).prop_map(|map| {
            Value::map([
                ("Type", Value::from("Custom::Thing")),
                ("Properties", Value::Map(map.into_iter().collect())),
            ])
        }),
        scalar().prop_map(move |name| with("AWS::SNS::Topic", vec![("TopicName", name)])),
        prop::collection::vec(statement(), 0..4).prop_map(move |statements| {
            let document =
                Value::map([("Version", Value::from("2012-10-17")), ("Statement", Value::List(statements))]);
            with("AWS::IAM::ManagedPolicy", vec![("PolicyDocument", document)])
        }),
        prop::collection::vec((0i64..3, 0i64..3), 0..4).prop_map(move |rules| {
            let rules = rules.into_iter().map(|(port, network)| {
                Value::map([
                    ("IpProtocol", Value::from("tcp")),
                    ("FromPort", Value::from(port)),
                    ("ToPort", Value::from(port)),
                    ("CidrIp", Value::from(format!("10.{network}.0.0/16"))),
                ])
            });
            let rules = Value::list(rules);
            with(
                "AWS::EC2::SecurityGroup",
                vec![("GroupDescription", Value::from("a")), ("SecurityGroupIngress", rules)],
            )
        }),
    ]
}

fn template() -> impl Strategy<Value = Template> {
    prop::collection::btree_map("R[0-4]", resource(), 0..4).prop_map(|resources| {
        let mut template = Template::new();
        let parameters = template.section_mut("Parameters");
        parameters.insert("Parameter", Value::map([("Type", Value::from("String"))]));
        *template.section_mut("Resources") = resources.into_iter().collect();
        template
    })
}

/// The same template with the keys of every map the other way round, and numbers as text.
fn rewritten(value: &Value) -> Value {
    match value {
        Value::Map(map) => {
            let mut entries: Vec<(String, Value)> =
                map.iter().map(|(key, item)| (key.to_owned(), rewritten(item))).collect();
            entries.reverse();
            Value::Map(entries.into_iter().collect::<Map>())
        }
        Value::List(items) => Value::list(items.iter().map(rewritten)),
        Value::Number(number) => Value::from(number.to_string()),
        Value::Bool(flag) => Value::from(flag.to_string()),
        other => other.clone(),
    }
}

/// The places that change, and what is there.
fn places(diff: &StackDiff) -> Vec<(String, Action, usize)> {
    let mut places: Vec<(String, Action, usize)> = diff
        .resources
        .iter()
        .map(|resource| {
            let direct = resource.changes.iter().filter(|change| change.through.is_none());
            let mut properties: Vec<String> =
                direct.map(|change| format!("{:?}", change.path.steps().get(1))).collect();
            properties.dedup();
            (resource.logical_id.clone(), resource.action, properties.len())
        })
        .collect();
    places.sort();
    places
}

proptest! {
    #[test]
    fn a_template_does_not_differ_from_itself(template in template()) {
        prop_assert_eq!(tell(&between(&template, &template)), "");
        let yaml = read::read(&template.to_yaml()).unwrap().into_template();
        prop_assert_eq!(tell(&between(&template, &yaml)), "");
        let Value::Map(sections) = rewritten(&Value::from(template.clone())) else { unreachable!() };
        let other = Template::from_sections(sections);
        let forth = between(&template, &other);
        prop_assert!(forth.resources.is_empty(), "{}", tell(&forth));
        let back = between(&other, &template);
        prop_assert!(back.resources.is_empty(), "{}", tell(&back));
    }

    #[test]
    fn from_the_other_side_what_comes_goes(old in template(), new in template()) {
        let (forth, back) = (between(&old, &new), between(&new, &old));
        let turned: Vec<(String, Action, usize)> = places(&back)
            .into_iter()
            .map(|(id, action, count)| {
                let action = match action {
                    Action::Add => Action::Remove,
                    Action::Remove => Action::Add,
                    other => other,
                };
                (id, action, count)
            })
            .collect();
        let mut forth: Vec<(String, Action, usize)> = places(&forth);
        forth.retain(|(_, action, count)| *action != Action::Modify || *count > 0);
        let mut turned = turned;
        turned.retain(|(_, action, count)| *action != Action::Modify || *count > 0);
        prop_assert_eq!(forth, turned);
    }

    #[test]
    fn a_diff_applied_to_the_old_template_gives_the_new_one(old in template(), new in template()) {
        let diff = between(&old, &new);
        let applied = applied(&old, &diff);
        let left = between(&applied, &new);
        prop_assert!(left.resources.is_empty(), "{}\n{}", tell(&diff), tell(&left));
    }

    #[test]
    fn no_template_is_too_odd(old in odd(), new in odd()) {
        let (old, new) = (Template::from_sections(old), Template::from_sections(new));
        between(&old, &new);
        prop_assert!(between(&old, &old).is_empty());
    }
}

/// Sections that hold anything at all.
fn odd() -> impl Strategy<Value = Map> {
    let section = "(Resources|Parameters|Conditions|Mappings|Outputs|Transform|Metadata|Rules|Other)";
    let anything = || {
        value().prop_recursive(2, 12, 4, |inner| {
            let key = "(Ref|Fn::Sub|Fn::Join|Fn::If|Fn::GetAtt|Fn::Select|Fn::FindInMap|Fn::Split|Fn::Equals|\
                       Condition|Type|Properties|DependsOn|Default|NoEcho|Statement|Fn::Transform)";
            prop::collection::btree_map(key, inner, 0..3)
                .prop_map(|map| Value::Map(map.into_iter().collect()))
        })
    };
    let elements = prop::collection::btree_map("[A-C]", anything(), 0..3)
        .prop_map(|map| Value::Map(map.into_iter().collect()));
    prop::collection::btree_map(section, prop_oneof![elements, anything()], 0..5)
        .prop_map(|map| map.into_iter().collect())
}

/// The old template with all that the diff tells done to it, and nothing else.
fn applied(old: &Template, diff: &StackDiff) -> Template {
    let mut applied = old.clone();
    let resources = applied.section_mut("Resources");
    for change in &diff.resources {
        let id = change.logical_id.as_str();
        match change.action {
            Action::Remove => {
                resources.remove(id);
            }
            _ if change.action == Action::Add || change.old_type.is_some() => {
                let body = change.changes[0].new.clone().unwrap();
                resources.insert(id.to_owned(), Value::from(body));
            }
            _ => {
                let Some(body) = resources.get_mut(id) else { continue };
                let direct = change.changes.iter().filter(|change| change.through.is_none());
                let edits: Vec<Edit<'_>> = direct
                    .map(|change| {
                        (
                            change.path.steps(),
                            change.new.as_ref().map(|new| Value::from(new.clone())),
                            change.reordered,
                        )
                    })
                    .collect();
                *body = edited(body, &edits);
            }
        }
    }
    applied
}

/// The steps that are left, what is there afterwards, and whether a list only has another order.
type Edit<'e> = (&'e [PathStep], Option<Value>, bool);

fn edited(value: &Value, edits: &[Edit<'_>]) -> Value {
    if let Some((_, Some(whole), _)) = edits.iter().find(|(steps, _, _)| steps.is_empty()) {
        return whole.clone();
    }
    match value {
        Value::Map(map) => {
            let mut map = map.clone();
            let mut keys: Vec<&str> = Vec::new();
            for (steps, _, _) in edits {
                if let Some(PathStep::Key(key)) = steps.first()
                    && !keys.contains(&key.as_str())
                {
                    keys.push(key);
                }
            }
            for key in keys {
                let below: Vec<Edit<'_>> = edits
                    .iter()
                    .filter(
                        |(steps, _, _)| matches!(steps.first(), Some(PathStep::Key(found)) if found == key),
                    )
                    .map(|(steps, new, reordered)| (&steps[1..], new.clone(), *reordered))
                    .collect();
                match (below.as_slice(), map.get(key)) {
                    ([([], None, _)], _) => {
                        map.remove(key);
                    }
                    ([([], Some(new), _)], None) => {
                        map.insert(key.to_owned(), new.clone());
                    }
                    (below, Some(inner)) => {
                        let inner = edited(inner, below);
                        map.insert(key.to_owned(), inner);
                    }
                    (_, None) => {}
                }
            }
            Value::Map(map)
        }
        Value::List(items) => {
            let mut kept: Vec<Option<Value>> = items.iter().cloned().map(Some).collect();
            let mut fresh: Vec<(usize, Value)> = Vec::new();
            for (at, item) in items.iter().enumerate() {
                let below: Vec<Edit<'_>> = edits
                    .iter()
                    .filter(|(steps, _, _)| {
                        matches!(steps.first(), Some(PathStep::Item { old: Some(found), .. }) if *found == at)
                    })
                    .map(|(steps, new, reordered)| (&steps[1..], new.clone(), *reordered))
                    .collect();
                if below.iter().any(|(steps, new, _)| steps.is_empty() && new.is_none()) {
                    kept[at] = None;
                } else if !below.is_empty() {
                    kept[at] = Some(edited(item, &below));
                }
            }
            for (steps, new, _) in edits {
                if let ([PathStep::Item { old: None, new: Some(at), .. }], Some(new)) = (steps, new) {
                    fresh.push((*at, new.clone()));
                }
            }
            let mut list: Vec<Value> = kept.into_iter().flatten().collect();
            fresh.sort_by_key(|(at, _)| *at);
            for (at, new) in fresh {
                list.insert(at.min(list.len()), new);
            }
            Value::List(list)
        }
        // One item in place of a list of it.
        other if edits.iter().any(|(steps, _, _)| matches!(steps.first(), Some(PathStep::Item { .. }))) => {
            edited(&Value::list([other.clone()]), edits)
        }
        other => other.clone(),
    }
}
