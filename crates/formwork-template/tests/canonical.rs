//! The canonical order, and the text of both writers.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formwork_template::{Template, Value, json, yaml};

const JSON: &str = r#"{
  "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["Topic", "TopicArn"]}}},
  "Zebra": 1,
  "Resources": {
    "Topic": {
      "Properties": {"TopicName": "t", "DisplayName": {"Fn::Sub": "${AWS::StackName} topic"}},
      "Unknown": true,
      "DependsOn": ["B", "A"],
      "Type": "AWS::SNS::Topic"
    },
    "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {}, "Condition": "IsProd"}
  },
  "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
  "AWSTemplateFormatVersion": "2010-09-09",
  "Parameters": {"Stage": {"Type": "String", "Default": "dev"}}
}"#;

#[test]
fn json_has_sections_and_attributes_in_the_customary_order() {
    let template = Template::from_json(JSON).unwrap();
    let expected = r#"{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Parameters": {
    "Stage": {
      "Default": "dev",
      "Type": "String"
    }
  },
  "Conditions": {
    "IsProd": {
      "Fn::Equals": [
        {
          "Ref": "Stage"
        },
        "prod"
      ]
    }
  },
  "Resources": {
    "Alarm": {
      "Type": "AWS::CloudWatch::Alarm",
      "Condition": "IsProd",
      "Properties": {}
    },
    "Topic": {
      "Type": "AWS::SNS::Topic",
      "DependsOn": [
        "B",
        "A"
      ],
      "Properties": {
        "DisplayName": {
          "Fn::Sub": "${AWS::StackName} topic"
        },
        "TopicName": "t"
      },
      "Unknown": true
    }
  },
  "Outputs": {
    "Url": {
      "Value": {
        "Fn::GetAtt": [
          "Topic",
          "TopicArn"
        ]
      }
    }
  },
  "Zebra": 1
}
"#;
    assert_eq!(template.to_json(), expected);
    assert_eq!(Template::from_json(&template.to_compact_json()).unwrap().to_json(), expected);
}

#[test]
fn yaml_has_the_same_order_in_short_forms() {
    let expected = r#"AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage:
    Default: dev
    Type: String
Conditions:
  IsProd: !Equals
    - !Ref Stage
    - prod
Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Condition: IsProd
    Properties: {}
  Topic:
    Type: AWS::SNS::Topic
    DependsOn:
      - B
      - A
    Properties:
      DisplayName: !Sub "${AWS::StackName} topic"
      TopicName: t
    Unknown: true
Outputs:
  Url:
    Value: !GetAtt Topic.TopicArn
Zebra: 1
"#;
    assert_eq!(Template::from_json(JSON).unwrap().to_yaml(), expected);
    assert_eq!(Template::new().to_yaml(), "{}\n");
}

#[track_caller]
fn assert_yaml(json: &str, expected: &str) {
    let value: Value = json::read(json).unwrap();
    assert_eq!(yaml::write(&value), expected, "{json}");
}

#[test]
fn a_function_that_is_a_whole_argument_is_written_in_the_long_form() {
    assert_yaml(
        r#"{"UserData": {"Fn::Base64": {"Fn::Sub": "a\nb ${C}\n"}}}"#,
        "UserData: !Base64\n  Fn::Sub: |\n    a\n    b ${C}\n",
    );
    assert_yaml(
        r#"{"Zone": {"Fn::Select": [0, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]}}"#,
        "Zone: !Select\n  - 0\n  - !GetAZs\n    Ref: AWS::Region\n",
    );
    assert_yaml(
        r#"[{"Fn::If": ["C", {"A": [1, [2, 3]]}, {"Ref": "AWS::NoValue"}]}]"#,
        "- !If\n  - C\n  - A:\n      - 1\n      - - 2\n        - 3\n  - !Ref AWS::NoValue\n",
    );
}

#[test]
fn a_short_form_stands_only_where_it_reads_back_to_the_same_data() {
    for (json, expected) in [
        (r#"{"Fn::GetAtt": ["A", "B.C"]}"#, "!GetAtt A.B.C\n"),
        (r#"{"Fn::GetAtt": ["A.B", "C"]}"#, "!GetAtt\n  - A.B\n  - C\n"),
        (r#"{"Fn::GetAtt": ["A", {"Ref": "B"}]}"#, "!GetAtt\n  - A\n  - !Ref B\n"),
        (r#"{"Fn::GetAtt": "A.B"}"#, "Fn::GetAtt: A.B\n"),
        (r#"{"Ref": 5}"#, "Ref: 5\n"),
        (r#"{"Ref": "A", "B": 1}"#, "B: 1\nRef: A\n"),
        (r#"{"Condition": "IsProd"}"#, "!Condition IsProd\n"),
        (r#"{"Condition": {"Bool": true}}"#, "Condition:\n  Bool: true\n"),
        (r#"{"Fn::ForEach::Loop": []}"#, "Fn::ForEach::Loop: []\n"),
        (r#"{"Fn::Transform": {"Name": "M"}}"#, "Fn::Transform:\n  Name: M\n"),
        (r#"{"Fn::Join": []}"#, "!Join []\n"),
    ] {
        assert_yaml(json, expected);
    }
}

#[test]
fn what_a_reader_could_misread_is_quoted() {
    for text in [
        "",
        " ",
        "a ",
        " a",
        "y",
        "N",
        "yes",
        "Off",
        "TRUE",
        "null",
        "~",
        "NaN",
        ".inf",
        "=",
        "<<",
        "-",
        "---",
        "?",
        ":",
        "a:",
        "a: b",
        "a #b",
        "#",
        "12:30:45",
        "1_000",
        "2012-10-17",
        "0o17",
        "017",
        "0x1f",
        "0b1",
        "1e3",
        "+1",
        "-1",
        ".5",
        "123456789012",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "[a]",
        "{a}",
        "a\tb",
        "'a'",
        "\"a\"",
        "|",
        ">",
        "a\\b",
        "é",
        "a\u{85}b",
        "\u{feff}",
        "a\u{2028}b",
        "\0",
        "\u{7f}",
        "\r\n",
        "\n",
        "a\n ",
        " a\nb",
        "a \nb",
    ] {
        let written = yaml::write(&Value::from(text.to_owned()));
        assert!(written.starts_with('"') && written.ends_with("\"\n"), "{text:?} is written as {written}");
        assert!(!written.trim_end().contains('\n'), "{written}");
    }
    for text in
        ["a", "AWS::Region", "arn:aws:s3:::b/*".trim_end_matches('*'), "/var/log", "Allow HTTP, and HTTPS"]
    {
        assert_eq!(yaml::write(&Value::from(text.to_owned())), format!("{text}\n"));
    }
    assert_yaml("\"\\u0085\\u2028\\ufeff\\uffff😀\"", "\"\\u0085\\u2028\\ufeff\\uffff😀\"\n");
}

#[test]
fn text_of_several_lines_is_a_literal_block_that_keeps_its_end() {
    assert_yaml(r#"{"A": "x\ny"}"#, "A: |-\n  x\n  y\n");
    assert_yaml(r#"{"A": "x\n\n\ty\n"}"#, "A: |\n  x\n\n  \ty\n");
    assert_yaml(r#"{"A": "x\n\n", "B": 1}"#, "A: |+\n  x\n\nB: 1\n");
    assert_yaml(r##"["#!/bin/sh\nset -e\n"]"##, "- |\n  #!/bin/sh\n  set -e\n");
}

#[test]
fn floats_are_floats_in_yaml_1_1() {
    assert_yaml("[1.5, 1e21, 1e-7, -0.0, 18446744073709551615]", {
        "- 1.5\n- 1.0e+21\n- 1.0e-7\n- -0.0\n- 18446744073709551615\n"
    });
}

#[test]
fn a_key_that_is_too_long_to_look_ahead_is_explicit() {
    let key = "k".repeat(2_000);
    let value = Value::map([(key.clone(), Value::map([("A", Value::from(1))]))]);
    assert_eq!(yaml::write(&value), format!("? {key}\n:\n  A: 1\n"));
}
