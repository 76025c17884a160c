//! `formwork check` with findings that are accepted for now.

use insta::assert_snapshot;

use crate::project::Project;

/// Two findings that are the same, and one more.
const KNOWN: &str = "\
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      DisplayName: orders
      QueueName: !Sub '${Ghost}-${Ghost}'
";

fn project() -> Project {
    let project = Project::empty();
    project.write("templates/queue.yaml", KNOWN);
    project.data(&["check", "templates/queue.yaml", "--write-baseline", "check.json"]);
    project
}

#[test]
fn what_is_found_is_written() {
    let project = Project::empty();
    project.write("templates/queue.yaml", KNOWN);
    project.write("topic.yaml", "Resources: {Topic: {Type: AWS::SNS::Topic}}\nOutputs: {Topic: {}}\n");
    project.write("garbage.json", "{");
    let line = &["check", "topic.yaml", "templates/queue.yaml", "--write-baseline", "check.json"];
    let run = project.run(line);
    let unreadable = project.run(&["check", "garbage.json", "--write-baseline", "other.json"]);
    assert_snapshot!([run, project.read("check.json"), unreadable].join("\n"));
    let first = project.read("check.json");
    project.data(line);
    assert_eq!(project.read("check.json"), first);
}

#[test]
fn what_is_new_fails() {
    let project = project();
    let line = ["check", "queue.yaml", "--baseline", "../check.json"];
    let known = project.run_in("templates", &line);
    // Lines move, a finding comes once more, and another one comes new.
    let text = KNOWN.replace("-${Ghost}'", "-${Ghost}-${Ghost}'\n      DelaySeconds: 901");
    project.write("templates/queue.yaml", &format!("# moved\n\n{text}"));
    assert_snapshot!([known, project.run_in("templates", &line)].join("\n"));
}

#[test]
fn what_is_gone_is_told() {
    let project = project();
    project.write("formwork.toml", "[check]\nbaseline = \"check.json\"\n");
    project.write("templates/queue.yaml", &KNOWN.replace("-${Ghost}", ""));
    let runs = [
        project.run_in("templates", &["check", "queue.yaml"]),
        // Rules that are off, and other templates, are not missed.
        project.run(&["check", "templates/queue.yaml", "--ignore", "E1012"]),
        project.run_in("templates", &["check", "queue.yaml", "-q"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn every_format() {
    let project = project();
    project.write("templates/queue.yaml", &format!("{KNOWN}      DelaySeconds: 901\n"));
    let run = |format: &str| {
        let line = ["check", "templates/queue.yaml", "--baseline", "check.json", "--format", format];
        let output = project.output("", &line);
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let json: serde_json::Value = serde_json::from_str(&run("json")).expect("JSON");
    let sarif: serde_json::Value = serde_json::from_str(&run("sarif")).expect("JSON");
    let rules = |findings: &serde_json::Value| -> Vec<String> {
        let findings = findings.as_array().expect("a list").iter();
        findings.map(|finding| finding["rule"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let results = sarif["runs"][0]["results"].as_array().expect("results").iter();
    let states: Vec<String> =
        results.map(|result| format!("{} {}", result["ruleId"], result["baselineState"])).collect();
    assert_snapshot!(format!(
        "findings: {:?}\nbaselined: {:?}\nstates: {states:?}\n\n{}\n{}",
        rules(&json["findings"]),
        rules(&json["baselined"]),
        run("github"),
        run("junit")
    ));
}

#[test]
fn stacks_of_the_app() {
    let project = Project::sample("one");
    project.data(&["synth"]);
    let template = "formwork.out/web.template.json";
    project.write(template, &project.read(template).replace("DisplayName", "DisplayNam"));
    project.write("formwork.toml", "app = \"formwork.out\"\n");
    let write = project.run(&["check", "--write-baseline", "check.json"]);
    let runs = [write, project.read("check.json"), project.run(&["check", "--baseline", "check.json"])];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn files_that_are_no_baseline() {
    let project = project();
    project.write("other.json", r#"{"schema": "formwork.baseline/9", "findings": []}"#);
    let lines = [
        &["check", "templates/queue.yaml", "--baseline", "nowhere.json"][..],
        &["check", "templates/queue.yaml", "--baseline", "other.json"],
        &["check", "templates/queue.yaml", "--baseline", "templates/queue.yaml"],
        &["check", "templates/queue.yaml", "--write-baseline", "templates/queue.yaml"],
        &["check", "templates/queue.yaml", "--write-baseline", "check.json", "--baseline", "check.json"],
    ];
    assert_snapshot!(lines.map(|line| project.run(line)).join("\n"));
    assert_eq!(project.read("templates/queue.yaml"), KNOWN);
}
