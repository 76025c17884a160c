//! Formatted text and paths, for any input.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use formwork_core::{App, Build, Expr, Object, Parameter, RawResource, concat, join, pseudo, split};
use formwork_template::{Value, intrinsic};
use proptest::prelude::*;

/// A piece of text: as it stands, or known only at deployment.
#[derive(Debug, Clone)]
enum Piece {
    Plain(String),
    Region,
    Parameter,
    Joined,
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        "[a-z$!{}. ]{0,6}".prop_map(Piece::Plain),
        any::<String>().prop_map(Piece::Plain),
        Just(Piece::Region),
        Just(Piece::Parameter),
        Just(Piece::Joined),
    ]
}

/// What CloudFormation makes of a value: `Fn::Sub` with its variables, `Ref`, `Fn::Join`.
fn evaluate(value: &Value) -> String {
    if let Some(text) = value.as_str() {
        return text.to_owned();
    }
    let (function, argument) = intrinsic::of(value.as_map().unwrap()).unwrap();
    match (function, argument) {
        ("Ref", Value::String(name)) => known(name),
        ("Fn::Sub", Value::String(format)) => substitute(format, &Value::Null),
        ("Fn::Sub", Value::List(operands)) => substitute(operands[0].as_str().unwrap(), &operands[1]),
        ("Fn::Join", _) => "j|o".to_owned(),
        other => panic!("{other:?}"),
    }
}

fn known(name: &str) -> String {
    match name {
        "AWS::Region" => "eu-west-1".to_owned(),
        "Part" => "given".to_owned(),
        other => panic!("nothing has the name {other}"),
    }
}

fn substitute(format: &str, variables: &Value) -> String {
    let parts = intrinsic::sub_parts(format).into_iter();
    parts
        .map(|part| match part {
            intrinsic::SubPart::Text(text) => text.to_owned(),
            intrinsic::SubPart::Escaped(name) => format!("${{{name}}}"),
            intrinsic::SubPart::Placeholder(name) => match variables.get(name) {
                Some(value) => evaluate(value),
                None => known(name),
            },
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn formatted_text_says_what_was_put_in(pieces in prop::collection::vec(piece(), 0..8)) {
        let mut app = App::new();
        let mut stack = app.stack("web");
        // The id of the parameter is what unnamed variables are called.
        let parameter = stack.parameter("Part", Parameter::string());
        RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
        let expressions = pieces.iter().map(|piece| -> Expr<String> {
            match piece {
                Piece::Plain(text) => text.into(),
                Piece::Region => pseudo::region(),
                Piece::Parameter => parameter.value(),
                Piece::Joined => join("|", split(",", "j,o")),
            }
        });
        let text = concat(expressions);
        stack.output("Out", text);
        let expected: String = pieces.iter().map(|piece| match piece {
            Piece::Plain(text) => text.as_str(),
            Piece::Region => "eu-west-1",
            Piece::Parameter => "given",
            Piece::Joined => "j|o",
        }).collect();
        let template = app.synthesize().unwrap().stacks.remove(0).template;
        let value = template.section("Outputs").unwrap().get("Out").unwrap().get("Value").unwrap();
        prop_assert_eq!(evaluate(value), expected, "{:?}", value);
    }

    #[test]
    fn what_is_set_at_a_path_stands_there(path in prop::collection::vec("[A-Z][a-z]{0,3}|0", 1..5), number in any::<i64>()) {
        let path = path.join(".");
        prop_assume!(!path.starts_with('0'));
        let mut app = App::new();
        let mut stack = app.stack("web");
        RawResource::new("AWS::SNS::Topic").set_property(&path, number).build(&mut stack, "Set");
        RawResource::new("AWS::SNS::Topic")
            .property("Kept", Object::new())
            .set_property(&path, number)
            .delete_property(&path)
            .build(&mut stack, "Deleted");
        let template = app.synthesize().unwrap().stacks.remove(0).template;
        let at = |id: &str| {
            let properties = template.resource(id).unwrap().properties().cloned().map(Value::Map);
            properties.and_then(|properties| properties.at(path.split('.')).cloned())
        };
        prop_assert_eq!(at("Set").and_then(|value| value.as_i64()), Some(number));
        prop_assert_eq!(at("Deleted"), None);
    }
}
