//! `formwork diff`

use std::{fs, process::Command};

use insta::assert_snapshot;

use crate::project::{Project, sample};

/// Two templates that differ in every way that is shown.
const OLD: &str = include_str!("diff/old.yaml");
const NEW: &str = include_str!("diff/new.json");

fn pair() -> Project {
    let project = Project::empty();
    project.write("old.yaml", OLD);
    project.write("new.json", NEW);
    project
}

fn shown(arguments: &[&str]) -> String {
    pair().run(&[&["diff", "old.yaml", "new.json"], arguments].concat())
}

#[test]
fn text() {
    assert_snapshot!(shown(&[]));
}

#[test]
fn text_in_colour_and_whole() {
    assert_snapshot!(shown(&["--color", "always", "--verbose"]));
}

#[test]
fn text_in_a_narrow_terminal() {
    assert_snapshot!(pair().with("COLUMNS", "60").run(&["diff", "old.yaml", "new.json"]));
}

#[test]
fn json() {
    assert_snapshot!(shown(&["--json"]));
}

#[test]
fn markdown() {
    assert_snapshot!(shown(&["--format", "markdown"]));
}

#[test]
fn html() {
    assert_snapshot!(shown(&["--format", "html"]));
}

#[test]
fn sarif() {
    assert_snapshot!(shown(&["--format", "sarif"]));
}

#[test]
fn security_alone() {
    let runs = [
        shown(&["--security-only"]),
        shown(&["--security-only", "--format", "markdown"]),
        pair().run(&["diff", "old.yaml", "old.yaml", "--security-only", "--exit-code"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn the_summary_alone() {
    assert_snapshot!(shown(&["--quiet"]));
}

#[test]
fn parameters_have_values_on_both_sides() {
    assert_snapshot!(shown(&["--parameters-old", "Stage=prod", "--parameters-new", "Stage=prod", "-q"]));
}

#[test]
fn exit_codes_tell_what_differs() {
    let runs = [
        shown(&["-q", "--exit-code"]),
        shown(&["-q", "--exit-code", "--fail-on", "broadening"]),
        shown(&["-q", "--fail-on", "destruction,replacement"]),
        pair().run(&["diff", "old.yaml", "old.yaml", "--exit-code", "--fail-on", "broadening"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn another_language_is_no_difference() {
    let project = Project::empty();
    project
        .write("one.yaml", "Resources:\n  Topic: {Type: AWS::SNS::Topic, Properties: {FifoTopic: true}}\n");
    let json = r#"{"Resources":{"Topic":{"Properties":{"FifoTopic":"true"},"Type":"AWS::SNS::Topic"}}}"#;
    project.write("one.json", json);
    let forms = ["text", "markdown", "html"];
    let runs =
        forms.map(|form| project.run(&["diff", "one.yaml", "one.json", "--exit-code", "--format", form]));
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn an_assembly_is_the_old_side() {
    let project = Project::sample("stacks");
    project.data(&["synth", "--output", "before"]);
    let after = format!("{} one", sample());
    let runs = [
        project.run(&["diff", "--against", "before"]),
        project.run(&["diff", "--against", "before", "--app", &after]),
        project.run(&["diff", "data", "--against", "before", "--app", &after]),
        project.run(&["diff", "--against", "before", "--app", &after, "--format", "sarif"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn the_assembly_that_the_app_writes_over_is_the_old_side() {
    let project = Project::sample("stacks");
    project.data(&["synth"]);
    let after = format!("{} one", sample());
    let file = ["diff", "web", "--against", "formwork.out/web.template.json", "--app", &after, "-q"];
    assert_snapshot!(project.run(&file));
    project.data(&["synth"]);
    assert_snapshot!(project.run(&["diff", "--against", "formwork.out", "--app", &after, "-q"]));
}

/// The sample app, and what was different before as snapshots.
fn with_snapshots() -> Project {
    let project = Project::sample("stacks");
    project.write("snapshots/README.md", "What reviewers read.\n");
    let web = r#"{"Resources":{"First":{"Type":"AWS::SNS::Subscription","Properties":{"Protocol":"sqs",
        "TopicArn":{"Fn::ImportValue":"data-TopicRef"}}}}}"#;
    project.write("snapshots/web.template.json", web);
    project
}

#[test]
fn snapshots_and_files_are_the_old_side() {
    let project = with_snapshots();
    let runs = [
        project.run(&["diff", "--against", "snapshots"]),
        project.run(&["diff", "web", "--against", "snapshots/web.template.json"]),
        project.run(&["diff", "--app", "snapshots", "--against", "snapshots"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn stacks_are_seen_together() {
    let project = Project::empty();
    let queue =
        |id: &str| format!(r#""{id}":{{"Type":"AWS::SQS::Queue","Properties":{{"QueueName":"orders"}}}}"#);
    let export = r#""Outputs":{"Arn":{"Value":{"Fn::GetAtt":["Topic","Arn"]},"Export":{"Name":"topic"}}}"#;
    let topic = r#""Topic":{"Type":"AWS::SNS::Topic"}"#;
    let import = r#""Mail":{"Type":"AWS::SNS::Subscription","Properties":{"Protocol":"sqs",
        "TopicArn":{"Fn::ImportValue":"topic"}}}"#;
    let write = |path: &str, resources: &str, rest: &str| {
        project.write(path, &format!("{{\"Resources\":{{{resources}}}{rest}}}"));
    };
    write("old/a.template.json", &format!("{topic},{}", queue("Orders")), &format!(",{export}"));
    write("old/b.template.json", import, "");
    write("new/a.template.json", topic, "");
    write("new/b.template.json", &queue("Jobs"), "");
    let compared = ["diff", "--app", "new", "--against", "old"];
    let runs = [
        project.run(&compared),
        project.run(&[&compared[..], &["--format", "markdown"]].concat()),
        project.run(&[&compared[..], &["--format", "html"]].concat()),
    ];
    assert_snapshot!(runs.join("\n"));
}

fn git(project: &Project, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(project.path(""))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn commit(project: &Project) {
    git(project, &["init", "--quiet"]);
    git(project, &["add", "--all"]);
    git(project, &["commit", "--quiet", "--message", "before"]);
}

#[test]
fn the_snapshots_of_a_revision_are_the_old_side() {
    let project = with_snapshots();
    project.write(
        "apps/shop/formwork.toml",
        &format!("app = \"{} stacks\"\n[diff]\nsnapshots = \"../../snapshots\"\n", sample()),
    );
    commit(&project);
    fs::remove_dir_all(project.path("snapshots")).expect("they are there");
    let against = ["diff", "web", "--against", "git:main", "-q"];
    let runs = [project.run(&against), project.run_in("apps/shop", &against)];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn the_assembly_of_a_revision_is_the_old_side() {
    let project = Project::sample("stacks");
    project.data(&["synth"]);
    commit(&project);
    let after = format!("{} one", sample());
    assert_snapshot!(project.run(&["diff", "--against", "git:HEAD", "--app", &after]));
}

#[test]
fn the_app_of_a_revision_is_built_when_that_is_asked_for() {
    let project = Project::empty();
    let file = |stage: &str| format!("app = \"{} one\"\n[context]\nstage = \"{stage}\"\n", sample());
    project.write("formwork.toml", &file("dev"));
    commit(&project);
    project.write("formwork.toml", &file("prod"));
    let runs = [
        project.run(&["diff", "--against", "git:main"]),
        project.run(&["diff", "--against", "git:main", "--build"]),
    ];
    assert_snapshot!(runs.join("\n"));
    assert_eq!(git(&project, &["worktree", "list"]).lines().count(), 1, "the work tree is gone");
}

#[test]
fn a_project_has_templates_of_its_own() {
    let project = pair();
    project.write("formwork.toml", "[diff]\nmarkdown = \"own/comment.hbs\"\nhtml = \"own/page.hbs\"\n");
    let lines = "{{summary}}\n{{#each stacks}}{{#each resources}}{{sign}} {{code logical_id}} {{effect}}\n{{/each}}{{/each}}";
    project.write("own/comment.hbs", lines);
    project.write("own/page.hbs", "<p>{{sumary}}</p>\n");
    let runs =
        ["markdown", "html"].map(|form| project.run(&["diff", "old.yaml", "new.json", "--format", form]));
    project.write("own/page.hbs", "{{#if empty}}\n");
    let broken = project.run(&["diff", "old.yaml", "new.json", "--format", "html"]);
    fs::remove_file(project.path("own/page.hbs")).expect("it is there");
    let missing = project.run(&["diff", "old.yaml", "new.json", "--format", "html"]);
    assert_snapshot!([&runs[0], &runs[1], &broken, &missing].map(String::as_str).join("\n"));
}

#[test]
fn a_comment_takes_no_more_than_fits() {
    let project = Project::empty();
    let template = |count: usize, text: &str| {
        let topics: Vec<String> = (0..count)
            .map(|number| {
                format!("  Topic{number}: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: {text}}}}}")
            })
            .collect();
        format!("Resources:\n{}\n", topics.join("\n"))
    };
    project.write("old.yaml", &(template(3000, "old") + "  Ledger: {Type: AWS::DynamoDB::Table}\n"));
    project.write("new.yaml", &template(3000, "new"));
    let comment = project.data(&["diff", "old.yaml", "new.yaml", "--format", "markdown"]);
    assert!((60_000..=65_536).contains(&comment.len()), "{}", comment.len());
    assert!(comment.starts_with("<!-- formwork diff -->\n"));
    assert!(comment.contains("- **`Ledger`** (AWS::DynamoDB::Table): deleted, **its data is lost**"));
    assert!(comment.contains("</details>\n"));
    assert!(comment.contains(" entries are left out, since a comment takes no more."));
}

#[test]
fn what_cannot_be_compared() {
    let project = with_snapshots();
    project.write("old.yaml", OLD);
    project.write("package.json", "{\"name\": \"shop\"}");
    project.write("notes.yaml", "- one\n- two\n");
    project.write("empty/README.md", "Nothing.\n");
    let lines = [
        &["diff"][..],
        &["diff", "old.yaml"],
        &["diff", "old.yaml", "web"],
        &["diff", "old.yaml", "nowhere.yaml"],
        &["diff", "old.yaml", "package.json"],
        &["diff", "old.yaml", "notes.yaml"],
        &["diff", "old.yaml", "old.yaml", "--parameters-new", "Stagee=prod"],
        &["diff", "old.yaml", "old.yaml", "--parameters-new", "Stage"],
        &["diff", "old.yaml", "old.yaml", "--fail-on", "anything"],
        &["diff", "--against", "main"],
        &["diff", "--against", "empty"],
        &["diff", "--against", "old.yaml"],
        &["diff", "--against", "git:main"],
        &["diff", "wep", "--against", "snapshots"],
    ];
    let runs: Vec<String> = lines.into_iter().map(|line| project.run(line)).collect();
    commit(&project);
    let unknown = project.run(&["diff", "--against", "git:mian"]);
    assert_snapshot!([runs.join("\n"), unknown].join("\n"));
}

#[test]
fn what_a_template_says_has_no_meaning_where_it_is_shown() {
    let project = Project::empty();
    let odd = "</code><script>|`@all` \\e[31m \\u202E";
    let template = |text: &str| {
        format!(
            "Resources:\n  Topic: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: \"{text}\"}}}}\n  \
             Policy: {{Type: AWS::SNS::TopicPolicy, Properties: {{Topics: [!Ref Topic], PolicyDocument: {{Statement: \
             [{{Effect: Allow, Principal: {{AWS: \"{text}\"}}, Action: sns:Publish, Resource: \"{text}\"}}]}}}}}}\n"
        )
    };
    project.write("old.yaml", &template("plain"));
    project.write("new.yaml", &template(odd));
    let runs = ["text", "markdown", "html"].map(|form| {
        let run = project.run(&["diff", "old.yaml", "new.yaml", "--color", "always", "--format", form]);
        // The head of the page says nothing here.
        run.split("</head>").last().unwrap_or_default().to_owned()
    });
    assert_snapshot!(runs.join("\n"));
}
