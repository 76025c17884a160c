//! What is written is read back to the same data, by this crate and by another reader.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use formwork_template::{Template, Value, json, read, yaml};
use proptest::prelude::*;

/// Strings of the kinds that templates hold and that readers of YAML stumble over.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[A-Za-z][A-Za-z0-9 :/._-]{0,12}",
        2 => "[ -~]{0,16}",
        2 => "[ \t\n\r#:|>a-c\"'-]{0,24}",
        1 => any::<String>(),
        1 => "[0-9_.:eExXobn+-]{1,12}",
        1 => "[\u{0}-\u{a0}\u{2027}-\u{202a}\u{feff}\u{fffd}-\u{ffff}😀]{0,6}",
        1 => prop::sample::select(vec![
            "yes", "No", "on", "off", "y", "null", "~", "", "=", "<<", "2012-10-17", "12:30:45", "017", "0o17", ".inf",
            ".nan", "1_000", "---", "...", "123456789012", "- a", "? a", "a: b", "a #b", "line\n", "line\nline\n\n",
            "!Ref A", "&a", "*a", "%a", "@a", "`a`", "{{resolve:ssm:x}}", "${A}",
        ]).prop_map(str::to_owned),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(|number| Value::Number(number.into())),
        1 => any::<f64>().prop_filter_map("JSON holds finite numbers", |number| {
            serde_json::Number::from_f64(number).map(Value::Number)
        }),
        1 => Just(Value::Null),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            2 => prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            2 => prop::collection::vec((text(), inner.clone()), 0..5).prop_map(Value::map),
            2 => (prop::sample::select(vec![
                "Ref", "Condition", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::Join", "Fn::Base64", "Fn::GetAZs",
                "Fn::Transform", "Fn::ForEach::Loop", "Fn::Length", "Fn::Unknown",
            ]), inner.clone()).prop_map(|(function, argument)| Value::map([(function, argument)])),
            1 => (text(), text()).prop_map(|(resource, attribute)| {
                Value::map([("Fn::GetAtt", Value::list([resource.into(), attribute.into()]))])
            }),
            1 => inner.prop_map(|inner| Value::map([("Resources", Value::map([("A", Value::map([("Properties", inner)]))]))])),
        ]
    })
}

fn template() -> impl Strategy<Value = Template> {
    (prop::collection::vec((text(), value()), 0..4), value()).prop_map(|(pairs, properties)| {
        let mut template = Template::from_sections(pairs.into_iter().collect());
        let resource = Value::map([("Type", "AWS::X::Y".into()), ("Properties", properties)]);
        template.section_mut("Resources").insert("A", resource);
        template
    })
}

/// The data that `yaml_serde` reads, short forms made long.
fn from_other_reader(value: serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(flag) => Value::from(flag),
        serde_yaml::Value::Number(number) => Value::from(serde_json::to_value(number).unwrap()),
        serde_yaml::Value::String(text) => Value::from(text),
        serde_yaml::Value::Sequence(items) => Value::list(items.into_iter().map(from_other_reader)),
        serde_yaml::Value::Mapping(map) => Value::map(map.into_iter().map(|(key, value)| {
            (key.as_str().expect("every key is written as a string").to_owned(), from_other_reader(value))
        })),
        serde_yaml::Value::Tagged(tagged) => {
            let name = tagged.tag.to_string();
            let name = name.trim_start_matches('!');
            let key =
                if matches!(name, "Ref" | "Condition") { name.to_owned() } else { format!("Fn::{name}") };
            let argument = match (name, from_other_reader(tagged.value)) {
                ("GetAtt", Value::String(dotted)) => {
                    let (resource, attribute) = dotted.split_once('.').expect("written only with a dot");
                    Value::list([resource.to_owned().into(), attribute.to_owned().into()])
                }
                (_, argument) => argument,
            };
            Value::map([(key, argument)])
        }
    }
}

fn canonical(value: &Value) -> String {
    json::write(value, json::Style::Compact)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_template_survives_yaml(template in template()) {
        let written = template.to_yaml();
        let document = read::read(&written).map_err(|error| TestCaseError::fail(format!("{error}\n{written}")))?;
        prop_assert_eq!(document.template().to_json(), template.to_json(), "{}", written);
        prop_assert_eq!(document.template().to_yaml(), written);
    }

    #[test]
    fn a_template_survives_json(template in template()) {
        prop_assert_eq!(template.compact_json_bytes(), template.to_compact_json().len());
        for written in [template.to_json(), template.to_compact_json()] {
            let document = read::read(&written).map_err(|error| TestCaseError::fail(format!("{error}\n{written}")))?;
            prop_assert_eq!(document.template().to_json(), template.to_json());
            prop_assert_eq!(Template::from_json(&written).unwrap().to_json(), template.to_json());
        }
    }

    #[test]
    fn another_reader_reads_the_same_from_yaml(value in value()) {
        let written = yaml::write(&value);
        let read = serde_yaml::from_str(&written).map_err(|error| TestCaseError::fail(format!("{error}\n{written}")))?;
        prop_assert_eq!(canonical(&from_other_reader(read)), canonical(&value), "{}", written);
    }

    #[test]
    fn any_text_is_read_or_refused(text in prop_oneof![any::<String>(), "[ \n\t\r:?!&*<>|#'\"{}\\[\\],a-c0-9.~-]{0,60}"]) {
        for text in [text.clone(), format!("{{\"{text}"), format!("A: {text}")] {
            if let Ok(document) = read::read(&text) {
                prop_assert_eq!(document.locate([]).unwrap().key, None);
                prop_assert_eq!(
                    read::read(&document.template().to_yaml()).unwrap().template().to_json(),
                    document.template().to_json()
                );
            }
        }
    }
}
