//! Reading YAML and JSON: data, positions, and what is refused.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use formwork_template::{
    json,
    read::{BYTES, Format, Position, ReadError, Reason, Span, read, read_bytes},
};

/// The data of a text as compact JSON.
#[track_caller]
fn data(text: &str) -> String {
    read(text).unwrap_or_else(|error| panic!("{error}\n{text}")).template().to_compact_json()
}

fn refuse(text: &str) -> ReadError {
    read(text).expect_err(text)
}

fn at(line: u32, column: u32) -> Position {
    Position { line, column }
}

#[test]
fn short_forms_become_long_forms() {
    for (yaml, expected) in [
        ("A: !Ref B", r#"{"A":{"Ref":"B"}}"#),
        ("A: !Condition B", r#"{"A":{"Condition":"B"}}"#),
        ("A: !GetAtt B.C.D", r#"{"A":{"Fn::GetAtt":["B","C.D"]}}"#),
        ("A: !GetAtt 'B.C'", r#"{"A":{"Fn::GetAtt":["B","C"]}}"#),
        ("A: !GetAtt [B, C]", r#"{"A":{"Fn::GetAtt":["B","C"]}}"#),
        ("A: !GetAtt B", r#"{"A":{"Fn::GetAtt":"B"}}"#),
        ("A: !Sub ['${X}', {X: !Ref B}]", r#"{"A":{"Fn::Sub":["${X}",{"X":{"Ref":"B"}}]}}"#),
        ("A: !Sub |\n  x\n   ${B}\n", r#"{"A":{"Fn::Sub":"x\n ${B}\n"}}"#),
        ("A: !Base64\n  Fn::Sub: x", r#"{"A":{"Fn::Base64":{"Fn::Sub":"x"}}}"#),
        (
            "A: !If [C, !Ref B, !If [D, 1, yes]]",
            r#"{"A":{"Fn::If":["C",{"Ref":"B"},{"Fn::If":["D",1,true]}]}}"#,
        ),
        ("A: !Ref 010", r#"{"A":{"Ref":"010"}}"#),
        ("A: !GetAZs", r#"{"A":{"Fn::GetAZs":""}}"#),
        ("A: !GetAZs ''", r#"{"A":{"Fn::GetAZs":""}}"#),
        ("A: !Transform {Name: M}", r#"{"A":{"Fn::Transform":{"Name":"M"}}}"#),
        ("A: !Rain::Embed f", r#"{"A":{"Fn::Rain::Embed":"f"}}"#),
    ] {
        assert_eq!(data(yaml), expected, "{yaml}");
    }
}

#[test]
fn scalars_are_those_of_yaml_1_1() {
    let yaml =
        "A: [2012-10-17, '1', \"yes\", no, 017, 0x1f, 1:30, 1_000, 1.10, ~, null, 08, .inf, 123456789012]";
    assert_eq!(
        data(yaml),
        r#"{"A":["2012-10-17","1","yes",false,15,31,90,1000,1.1,null,null,"08",".inf",123456789012]}"#
    );
    assert_eq!(
        data("A: !!str 12\nB: !!int '12'\nC: ! 12\nD: !!binary aGk="),
        r#"{"A":"12","B":12,"C":"12","D":"aGk="}"#
    );
}

#[test]
fn keys_are_strings_as_they_are_written() {
    assert_eq!(data("012345678901: 1\non: 2\n1.10: 3\n~: 4\n'': 5"), {
        r#"{"":5,"012345678901":1,"1.10":3,"on":2,"~":4}"#
    });
}

#[test]
fn anchors_aliases_and_merge_keys_are_resolved() {
    let yaml = "\
Base: &base {A: 1, B: 2}
Other: &other {B: 3, C: 4}
One:
  <<: *base
  B: 9
Two:
  <<: [*base, *other]
Three: *base
&key Name: *key
Quoted: {'<<': 1}
";
    assert_eq!(
        data(yaml),
        r#"{"Base":{"A":1,"B":2},"Name":"Name","One":{"A":1,"B":9},"Other":{"B":3,"C":4},"Quoted":{"<<":1},"Three":{"A":1,"B":2},"Two":{"A":1,"B":2,"C":4}}"#
    );
}

#[test]
fn indentation_is_as_loose_as_the_service_takes_it() {
    let yaml = "\
Resources:
    Policy:
        Document: {
      \"Version\": \"2012-10-17\"
  }
    Text: 'goes on
    in the column of its key,
  and ''further'' left'
    Next: \"x
    y\" # done
";
    assert_eq!(
        data(yaml),
        r#"{"Resources":{"Next":"x y","Policy":{"Document":{"Version":"2012-10-17"}},"Text":"goes on in the column of its key, and 'further' left"}}"#
    );
    let document = read(yaml).unwrap();
    let text = document.locate(["Resources", "Text"]).unwrap();
    assert_eq!(text.value, Span { start: at(6, 11), end: at(8, 24) });
    assert_eq!(document.locate(["Resources", "Next"]).unwrap().key.unwrap().start, at(9, 5));
}

#[test]
fn a_block_that_ends_with_the_text_has_the_lines_that_are_there() {
    assert_eq!(data("A: |\n  x\n  y"), r#"{"A":"x\ny"}"#);
    assert_eq!(data("A: |\n  x\n\n"), r#"{"A":"x\n"}"#);
    assert_eq!(data("A: |+\n  x\n\n"), r#"{"A":"x\n\n"}"#);
    assert_eq!(data("A: >-\n  x\n  y\r\n"), r#"{"A":"x y"}"#);
}

#[test]
fn every_node_of_yaml_has_its_place() {
    let yaml = "\
Resources:
  Töpic:
    Type: AWS::SNS::Topic
    Properties:
      Name: !Sub 'a'
      Arn:   !GetAtt Other.Arn
      Code: |  # text

        x
      List:
        - one
        - Key: v
";
    let document = read(yaml).unwrap();
    assert_eq!(document.format(), Format::Yaml);
    let place = |path: &str| {
        let location = document.locate(path.split('/').filter(|step| !step.is_empty())).expect(path);
        (location.key.map(|key| key.start), location.value.start)
    };
    assert_eq!(place(""), (None, at(1, 1)));
    assert_eq!(place("Resources/Töpic"), (Some(at(2, 3)), at(3, 5)));
    assert_eq!(place("Resources/Töpic/Type"), (Some(at(3, 5)), at(3, 11)));
    let properties = "Resources/Töpic/Properties";
    assert_eq!(place(&format!("{properties}/Name")), (Some(at(5, 7)), at(5, 13)));
    assert_eq!(place(&format!("{properties}/Name/Fn::Sub")), (Some(at(5, 13)), at(5, 18)));
    assert_eq!(place(&format!("{properties}/Arn/Fn::GetAtt/1")), (None, at(6, 28)));
    assert_eq!(place(&format!("{properties}/Code")), (Some(at(7, 7)), at(7, 13)));
    assert_eq!(place(&format!("{properties}/List/0")), (None, at(11, 11)));
    assert_eq!(place(&format!("{properties}/List/1/Key")), (Some(at(12, 11)), at(12, 16)));
    assert_eq!(document.locate(["Resources", "Missing"]), None);
    assert_eq!(document.locate(["Resources", "Töpic", "Type", "0"]), None);
    assert_eq!(
        document.locate_nearest(["Resources", "Missing", "X"]),
        document.locate(["Resources"]).unwrap()
    );
    let whole = document.locate(["Resources"]).unwrap();
    assert_eq!(whole.value.end, at(12, 17));
    assert_eq!(whole.start(), at(1, 1));
}

#[test]
fn every_node_of_json_has_its_place() {
    let text =
        "\u{feff}{\r\n\t\"Resources\": {\r\n\t\t\"é\\u00e9\":\t[1, {\"B\" : \"\\\"x\"}]\r\n\t}\r\n}\r\n";
    let document = read(text).unwrap();
    assert_eq!(document.format(), Format::Json);
    assert_eq!(document.template().to_compact_json(), r#"{"Resources":{"éé":[1,{"B":"\"x"}]}}"#);
    let place = |path: &[&str]| document.locate(path.iter().copied()).unwrap();
    assert_eq!(place(&[]).value, Span { start: at(1, 1), end: at(5, 2) });
    assert_eq!(place(&["Resources"]).key.unwrap(), Span { start: at(2, 2), end: at(2, 13) });
    assert_eq!(place(&["Resources", "éé"]).key.unwrap(), Span { start: at(3, 3), end: at(3, 12) });
    assert_eq!(place(&["Resources", "éé"]).value.start, at(3, 14));
    assert_eq!(place(&["Resources", "éé", "0"]).value, Span { start: at(3, 15), end: at(3, 16) });
    assert_eq!(place(&["Resources", "éé", "1", "B"]).value, Span { start: at(3, 25), end: at(3, 30) });
}

#[test]
fn what_an_alias_brings_in_stands_where_it_was_written() {
    let document = read("A: &a\n  X: 1\nB: *a\nC:\n  <<: *a\n").unwrap();
    assert_eq!(document.locate(["B"]).unwrap().value.start, at(3, 4));
    assert_eq!(document.locate(["B", "X"]).unwrap().value.start, at(2, 6));
    assert_eq!(document.locate(["C", "X"]).unwrap().key.unwrap().start, at(2, 3));
}

#[test]
fn a_key_that_stands_twice_is_an_error_at_both_places() {
    for text in
        ["A: 1\nB:\n  C: 1\n  'C': 2\n", "{\"A\": 1, \"B\": {\n  \"C\": 1,\n\"D\": 2,\n\"\\u0043\": 2}}"]
    {
        let error = refuse(text);
        assert_eq!(error.reason, Reason::DuplicateKey);
        assert!(error.first.is_some_and(|first| first < error.position));
    }
    assert_eq!(
        refuse("A: 1\nB:\n  C: 1\n  'C': 2\n").to_string(),
        "the key `C` stands twice, at line 3, column 3 and at line 4, column 3"
    );
}

#[test]
fn malformed_text_is_refused_with_a_place_and_a_reason() {
    let deep_yaml = "A: ".to_owned() + &"[".repeat(101) + &"]".repeat(101);
    let deep_json = "{\"A\":".repeat(20_000) + "1" + &"}".repeat(20_000);
    let laughs = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text + &format!("a{level}: &a{level} [{aliases}]\n")
    });
    let big = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 1_000].join(", "));
    for (text, reason, place) in [
        ("", Reason::Root, at(1, 1)),
        ("# nothing", Reason::Root, at(1, 1)),
        ("- A", Reason::Root, at(1, 1)),
        ("A: 1\n---\nB: 1", Reason::Root, at(2, 1)),
        ("A: [1", Reason::Syntax, at(1, 4)),
        ("A:\n\tB: 1", Reason::Syntax, at(2, 2)),
        ("A: \"x", Reason::Syntax, at(1, 4)),
        ("A: \0", Reason::Syntax, at(1, 4)),
        ("A: *b", Reason::Syntax, at(1, 4)),
        ("{\"A\": 1,}", Reason::Syntax, at(1, 9)),
        ("{\"é\": x}", Reason::Syntax, at(1, 7)),
        ("{\"A\": \"\\ud800\"}", Reason::Syntax, at(1, 7)),
        ("{\"A\": 1e999}", Reason::Syntax, at(1, 7)),
        ("? [A]\n: 1", Reason::Key, at(1, 3)),
        ("A: {!Sub x: 1}", Reason::Key, at(1, 10)),
        ("A: !!set {x}", Reason::Tag, at(1, 4)),
        ("A: !!int x", Reason::Tag, at(1, 4)),
        ("A: !<tag:example.com,2000:x> y", Reason::Tag, at(1, 4)),
        ("A: &a [*a]", Reason::Alias, at(1, 8)),
        ("A: &a {<<: *a}", Reason::Alias, at(1, 12)),
        ("A: {<<: [1]}", Reason::Alias, at(1, 10)),
        (deep_yaml.as_str(), Reason::Limit, at(1, 103)),
        (deep_json.as_str(), Reason::Limit, at(1, 501)),
        (laughs.as_str(), Reason::Limit, at(6, 20)),
        (big.as_str(), Reason::Limit, at(2, 669)),
    ] {
        let error = refuse(text);
        let start: String = text.chars().take(40).collect();
        assert_eq!((error.reason, error.position), (reason, place), "{start:?}: {error}");
        assert!(error.to_string().contains(&error.message));
    }
    assert_eq!(
        refuse("A:\n\tB: 1").to_string().lines().last(),
        Some("hint: indent with spaces, not with tabs")
    );
}

#[test]
fn bytes_must_be_utf_8_and_not_too_many() {
    let error = read_bytes(b"A: 1\nB: \xff").unwrap_err();
    assert_eq!((error.reason, error.position), (Reason::Encoding, at(2, 4)));
    let error = read_bytes(&vec![b'x'; BYTES + 1]).unwrap_err();
    assert_eq!(error.reason, Reason::Limit);
    let document = read_bytes(b"\xef\xbb\xbfA: 1").unwrap();
    assert_eq!(document.locate(["A"]).unwrap().value.start, at(1, 4));
}

#[test]
fn a_template_that_is_cut_off_anywhere_is_read_or_refused() {
    let yaml = "A: &a {B: [!Sub 'x', \"y\\n\"]}\nC:\n  <<: *a\n  D: |-\n    é\n  ? E\n  : !GetAtt F.G\n";
    let json = json::read("{\"A\": [1, {\"é\\n\": \"\\\"\"}], \"B\": true}").unwrap();
    let json = json::write(&json, json::Style::Pretty);
    for text in [yaml, &json] {
        for (cut, _) in text.char_indices() {
            for part in [&text[..cut], &text[cut..]] {
                if let Err(error) = read(part) {
                    assert!(error.position >= at(1, 1));
                }
            }
        }
    }
}
