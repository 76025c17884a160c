//! What an expression refers to.

use formwork_template::{
    intrinsic::{Reference, SubPart, references, sub_parts},
    json,
};

#[test]
fn references_are_found_wherever_they_stand() {
    use Reference::{Attribute, Condition, Mapping, Name};
    let cases: [(&str, &[Reference<'_>]); 14] = [
        (r#""plain""#, &[]),
        (r#"{"Ref": "A"}"#, &[Name("A")]),
        (r#"{"Ref": "A", "B": 1}"#, &[]),
        (r#"{"Fn::GetAtt": ["A", "B.C"]}"#, &[Attribute("A", "B.C")]),
        (r#"{"Fn::GetAtt": "A.B.C"}"#, &[Attribute("A", "B.C")]),
        (r#"{"Fn::GetAtt": "A"}"#, &[]),
        (r#"{"Condition": "IsProd"}"#, &[Condition("IsProd")]),
        (r#"{"Condition": {"Bool": {"Ref": "A"}}}"#, &[Name("A")]),
        (
            r#"{"Fn::If": ["IsProd", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}"#,
            &[Condition("IsProd"), Name("A"), Name("AWS::NoValue")],
        ),
        (
            r#"{"Fn::FindInMap": ["Map", {"Ref": "AWS::Region"}, "Key"]}"#,
            &[Mapping("Map"), Name("AWS::Region")],
        ),
        (r#"{"Fn::Sub": "${A}-${B.C}-${!D}-${ E }-${"}"#, &[Name("A"), Attribute("B", "C"), Name("E")]),
        (r#"{"Fn::Sub": ["${A}-${Own}", {"Own": {"Ref": "B"}}]}"#, &[Name("A"), Name("B")]),
        (r#"{"Fn::Join": ["", ["a", {"Fn::GetAtt": ["A", "Arn"]}]]}"#, &[Attribute("A", "Arn")]),
        (r#"[{"P": {"Ref": "A"}}, {"Ref": "B"}]"#, &[Name("A"), Name("B")]),
    ];
    for (text, expected) in cases {
        let value = json::read(text).unwrap();
        let mut found = Vec::new();
        references(&value, &mut |reference| found.push(reference));
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn the_text_of_a_sub_comes_apart_without_loss() {
    use SubPart::{Escaped, Placeholder, Text};
    assert_eq!(
        sub_parts("a${B}c${!D}$e${f"),
        [Text("a"), Placeholder("B"), Text("c"), Escaped("D"), Text("$e${f"),]
    );
    assert_eq!(sub_parts(""), []);
    assert_eq!(sub_parts("${}"), [Placeholder("")]);
}
