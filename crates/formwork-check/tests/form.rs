//! The form of templates and of functions: what is objected to, where, and what passes.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formwork_template::read;

/// The findings on a template in YAML: rule, severity, place, message.
fn found(text: &str) -> String {
    let template = read::read(text).unwrap().into_template();
    let findings = formwork_check::check_form(&template, template.compact_json_bytes(), &()).into_iter();
    findings
        .map(|finding| {
            format!(
                "{} {} {}\n    {}",
                finding.rule,
                finding.severity,
                finding.path.join("/"),
                finding.message
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn sections_and_elements() {
    let text = found(
        r"
AWSTemplateFormatVersion: 2010-09-10
Description: [a]
Paramters: {}
Parameters:
  NoType: {Default: a}
  OddType: {Type: Text}
  OddKey: {Type: String, Defualt: a}
  OddDefault: {Type: String, Default: c, AllowedValues: [a, b]}
  NotAnObject: String
Mappings:
  Flat: {a: b}
Conditions:
  Unused: !Equals [a, b]
Resources:
  Topic: {Type: AWS::SNS::Topic, DeletionPolicy: Keep, UpdateReplacePolicy: RetainExceptOnCreate}
  NotAnObject: [1]
Outputs:
  NoValue: {Description: a}
  List: {Value: [a]}
  OddKey: {Value: a, Exports: {Name: b}}
  NoName: {Value: a, Export: {}}
",
    );
    insta::assert_snapshot!(text);
}

#[test]
fn functions() {
    let wrong = [
        "!Ref [a]",
        "!GetAtt Topic",
        "!Sub [a]",
        "!Join ['-', a, b]",
        "!Select [0]",
        "!Split a",
        "!If [Sure, a]",
        "!FindInMap [Table, a]",
        "!Equals [a]",
        "!Not [a, b]",
        "!And [a]",
        "!Or a",
        "!Cidr [a]",
        "!Base64 [a]",
        "!ImportValue [a]",
        "!GetAZs [a]",
        "{'Fn::Length': a}",
        "{'Fn::ToJsonString': a}",
        "{'Fn::Reverse': [a]}",
    ];
    let properties: Vec<String> =
        wrong.iter().enumerate().map(|(number, function)| format!("      P{number}: {function}\n")).collect();
    let text = found(&format!(
        "Conditions: {{Sure: !Equals [a, b]}}\nResources:\n  Topic:\n    Type: Custom::Thing\n    Properties:\n{}",
        properties.concat()
    ));
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_sound_passes() {
    let text = found(
        r"
AWSTemplateFormatVersion: 2010-09-09
Description: fine
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'a, b', AllowedValues: [a, b, c]}
  Vpc: {Type: AWS::EC2::VPC::Id}
  Image: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /a}
Mappings: {Table: {a: {b: c}}}
Conditions:
  Sure: !And [!Equals [!Ref Vpc, a], !Not [!Condition Other]]
  Other: !Or [!Equals [!Ref Image, a], !Equals [a, b]]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Condition: Sure
    DeletionPolicy: RetainExceptOnCreate
    Properties:
      DisplayName: !Sub ['${a}-${AWS::Region}-${!b}', {a: !Select [0, !Ref Names]}]
      TopicName: !FindInMap [Table, a, b]
      Tags: !If [Sure, [{Key: a, Value: !Join ['-', [a, !Ref AWS::StackName]]}], !Ref AWS::NoValue]
Outputs:
  Name: {Condition: Sure, Value: !GetAtt Topic.TopicName, Export: {Name: !Sub '${AWS::StackName}-name'}}
",
    );
    assert_eq!(text, "");
}

#[test]
fn what_is_accepted_with_a_reason_is_a_note() {
    let text = found(
        r"
Resources:
  Accepted:
    Type: AWS::SNS::Topic
    DependsOn: Ghost
    Metadata: {formwork: {accept: {E3005: the ghost comes with the macro of the team}}}
  Silent: {Type: AWS::SNS::Topic, DependsOn: Ghost, Metadata: {formwork: {accept: {E3005: ' '}}}}
  Other: {Type: AWS::SNS::Topic, DependsOn: Ghost, Metadata: {formwork: {accept: {E3004: no}}}}
",
    );
    insta::assert_snapshot!(text);
}
