//! The commands on an emulator of the service, as a person types them.

use anyhow::{Context as _, Result, ensure};
use formwork_e2e::emulator::Emulator;
use formwork_e2e::{Judges, program};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A directory with an assembly, and what the command does there.
struct Desk<'a> {
    emulator: &'a Emulator,
    directory: TempDir,
}

impl<'a> Desk<'a> {
    fn new(emulator: &'a Emulator) -> Result<Self> {
        Ok(Self { emulator, directory: tempfile::tempdir()? })
    }

    /// Puts stacks where the command finds them: each with its template and the stacks that it needs.
    fn write(&self, stacks: &[(&str, Value, &[&str])]) -> Result<()> {
        let directory = self.directory.path().join("app");
        fs::create_dir_all(&directory)?;
        let mut artifacts = serde_json::Map::new();
        for (name, template, depends_on) in stacks {
            let file = format!("{name}.template.json");
            fs::write(directory.join(&file), template.to_string())?;
            let artifact = json!({
                "type": "aws:cloudformation:stack",
                "environment": "aws://unknown-account/unknown-region",
                "properties": {"templateFile": file, "stackName": name},
                "dependencies": depends_on,
            });
            artifacts.insert((*name).to_owned(), artifact);
        }
        let manifest = json!({"version": "36.0.0", "artifacts": artifacts});
        Ok(fs::write(directory.join("manifest.json"), manifest.to_string())?)
    }

    fn output(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(program::built()?.join("formwork"));
        command.args(arguments).args(["--app", "app", "--endpoint-url", self.emulator.endpoint()]);
        let environment = [
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_CONFIG_FILE", "none"),
            ("AWS_SHARED_CREDENTIALS_FILE", "none"),
            ("NO_COLOR", "1"),
        ];
        Ok(command.envs(environment).current_dir(self.directory.path()).output()?)
    }

    /// What a person sees, the same every time.
    fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.output(arguments)?;
        let code = output.status.code().context("it ends by itself")?;
        let text = format!(
            "$ formwork {}\n{}{}exit code: {code}\n",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        Ok(self.steady(&text))
    }

    /// Takes out what the emulator makes up, and when.
    fn steady(&self, text: &str) -> String {
        let text = text.replace(self.emulator.endpoint(), "[ENDPOINT]");
        let lines = text.lines().map(|line| {
            let words = line.split(' ').map(|word| {
                let is_time = word.len() == 8 && word.chars().filter(|each| *each == ':').count() == 2;
                if is_time { "[TIME]".to_owned() } else { without_suffix(word) }
            });
            words.collect::<Vec<_>>().join(" ").trim_end().to_owned() + "\n"
        });
        lines.collect()
    }

    fn path(&self, file: &str) -> std::path::PathBuf {
        self.directory.path().join(file)
    }
}

/// A name without the letters and digits that the emulator appends to it.
fn without_suffix(word: &str) -> String {
    let parts = word.split('-').map(|part| {
        let letters: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
        let is_made_up = letters.len() >= 12 && letters.chars().all(|each| each.is_ascii_hexdigit());
        if is_made_up { part.replacen(&letters, "[ID]", 1) } else { part.to_owned() }
    });
    parts.collect::<Vec<_>>().join("-")
}

fn queue(delay: u32) -> Value {
    json!({"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": delay}})
}

/// A template of one queue and what is added.
fn orders(delay: u32, more: &Value) -> Value {
    let mut resources = json!({"Orders": queue(delay)});
    if let (Some(all), Some(more)) = (resources.as_object_mut(), more.as_object()) {
        all.extend(more.clone());
    }
    json!({"Resources": resources, "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Orders", "QueueName"]}}}})
}

/// What the emulator cannot make.
fn broken() -> Value {
    json!({"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "http://127.0.0.1:1/none"}}})
}

fn role() -> Value {
    let trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ]});
    json!({"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}})
}

/// A day with one stack.
#[test]
fn a_stack_from_its_first_deployment_to_its_end() -> Result<()> {
    let Some(judges) = Judges::or_skip("the commands against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let desk = Desk::new(&emulator)?;
    let mut day = String::new();
    let mut act = |arguments: &[&str]| -> Result<()> {
        day.push_str(&desk.run(arguments)?);
        day.push('\n');
        Ok(())
    };
    desk.write(&[("shop", orders(0, &json!({})), &[])])?;
    act(&["deploy", "--outputs-file", "outputs.json"])?;
    act(&["deploy"])?;
    act(&["outputs", "shop", "--key", "Name"])?;
    // Somebody gets access, and nobody is there to be asked.
    desk.write(&[("shop", orders(5, &role()), &[])])?;
    act(&["deploy"])?;
    act(&["deploy", "--yes"])?;
    desk.write(&[("shop", orders(9, &broken()), &[])])?;
    act(&["deploy", "--yes"])?;
    act(&["events", "shop", "--failed"])?;
    act(&["deploy", "--yes", "--no-rollback"])?;
    act(&["deploy", "--yes"])?;
    act(&["rollback", "shop", "--yes"])?;
    desk.write(&[("shop", orders(5, &role()), &[])])?;
    act(&["deploy", "--yes", "--termination-protection", "on"])?;
    act(&["destroy", "--yes"])?;
    act(&["deploy", "--termination-protection", "off"])?;
    act(&["destroy"])?;
    act(&["destroy", "--yes"])?;
    act(&["destroy", "--yes"])?;
    act(&["events", "shop"])?;
    let outputs: Value = serde_json::from_str(&fs::read_to_string(desk.path("outputs.json"))?)?;
    ensure!(outputs["shop"]["Name"].is_string(), "{outputs}");
    insta::assert_snapshot!(day);
    Ok(())
}

/// Several stacks: which are named, what is needed, what values they are given.
#[test]
fn an_app_of_several_stacks() -> Result<()> {
    let Some(judges) = Judges::or_skip("the commands against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let desk = Desk::new(&emulator)?;
    let exported = json!({"Value": {"Fn::GetAtt": ["Orders", "Arn"]}, "Export": {"Name": "data:Orders"}});
    let mut data = orders(0, &json!({}));
    data["Outputs"]["Arn"] = exported;
    let parameter = json!({"Type": "AWS::SSM::Parameter", "Properties": {
        "Type": "String", "Value": {"Fn::ImportValue": "data:Orders"}, "Description": {"Ref": "Stage"},
    }});
    let web = json!({
        "Parameters": {"Stage": {"Type": "String"}},
        "Resources": {"Address": parameter},
        "Outputs": {"Stage": {"Value": {"Ref": "Stage"}}},
    });
    let alone = json!({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}});
    desk.write(&[
        ("data", data, &[]),
        ("web-dev", web.clone(), &["data"]),
        ("web-prod", web, &["data"]),
        ("alone", alone, &[]),
    ])?;
    let mut day = String::new();
    let mut act = |arguments: &[&str]| -> Result<()> {
        day.push_str(&desk.run(arguments)?);
        day.push('\n');
        Ok(())
    };
    act(&["deploy"])?;
    act(&["deploy", "web-prd"])?;
    act(&["deploy", "web-*"])?;
    act(&["deploy", "web-*", "--parameters", "Stag=dev"])?;
    let parameters = ["--parameters", "Stage=dev", "--parameters", "web-prod:Stage=prod"];
    let quiet = ["--quiet", "--concurrency", "1"];
    act(&[&["deploy", "web-*"], &parameters[..], &quiet].concat())?;
    act(&["outputs"])?;
    act(&["destroy", "data", "--exclusively", "--yes"])?;
    act(&["destroy", "data"])?;
    act(&["destroy", "web-dev", "--by-name", "--yes", "--quiet"])?;
    act(&["destroy", "data", "--yes", "--concurrency", "1"])?;
    insta::assert_snapshot!(day);

    let output = desk.output(&["deploy", "alone", "--json", "--progress", "json"])?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    ensure!(
        report["schema"] == "formwork.deploy/1" && report["stacks"][0]["outcome"] == "created",
        "{report}"
    );
    let lines = String::from_utf8(output.stderr)?;
    let progress: Vec<Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let events = progress.iter().filter(|line| line["progress"] == "event").count();
    ensure!(events == 4 && progress.last().is_some_and(|line| line["outcome"] == "created"), "{lines}");
    Ok(())
}

/// A resource that is replaced, and one that gets another id, which the emulator cannot do.
#[test]
fn what_is_replaced_and_what_is_renamed() -> Result<()> {
    let Some(judges) = Judges::or_skip("the commands against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let desk = Desk::new(&emulator)?;
    let named = |name: &str| json!({"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}});
    let template = |resources: Value| json!({"Resources": resources});
    let mut day = String::new();
    let mut act = |arguments: &[&str]| -> Result<()> {
        day.push_str(&desk.run(arguments)?);
        day.push('\n');
        Ok(())
    };
    desk.write(&[("shop", template(json!({"Orders": named("orders")})), &[])])?;
    act(&["deploy", "--quiet"])?;
    // Another name is another queue.
    desk.write(&[("shop", template(json!({"Orders": named("new-orders")})), &[])])?;
    act(&["deploy", "--require-approval", "any-change"])?;
    act(&["deploy", "--yes"])?;
    let mut moved = named("new-orders");
    moved["Metadata"] = json!({"formwork": {"moved_from": "Orders"}});
    desk.write(&[("shop", template(json!({"Incoming": moved})), &[])])?;
    act(&["deploy", "--yes"])?;
    act(&["deploy", "--yes", "--replace-renamed"])?;
    act(&["events", "shop", "--limit", "2"])?;
    insta::assert_snapshot!(day);
    Ok(())
}

/// Stacks in two regions, and one in an account that is not ours.
#[test]
fn stacks_are_deployed_where_they_belong() -> Result<()> {
    let Some(judges) = Judges::or_skip("the commands against the emulator") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let desk = Desk::new(&emulator)?;
    let topic = || {
        json!({
            "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {"Arn": {"Value": {"Ref": "Topic"}}},
        })
    };
    desk.write(&[("near", topic(), &[]), ("far", topic(), &["near"]), ("theirs", topic(), &[])])?;
    let manifest = desk.path("app/manifest.json");
    let mut places: Value = serde_json::from_str(&fs::read_to_string(&manifest)?)?;
    places["artifacts"]["far"]["environment"] = json!("aws://123456789012/ap-southeast-2");
    places["artifacts"]["theirs"]["environment"] = json!("aws://999999999999/us-east-1");
    fs::write(&manifest, places.to_string())?;
    let mut day = String::new();
    for arguments in [
        &["deploy", "--all"][..],
        &["deploy", "far", "--concurrency", "1"],
        &["destroy", "far", "near", "--yes", "--quiet"],
    ] {
        day.push_str(&desk.run(arguments)?);
        day.push('\n');
    }
    insta::assert_snapshot!(day);
    Ok(())
}

/// At a terminal there are bars and questions.
#[test]
#[cfg(unix)]
fn a_person_at_a_terminal_is_asked() -> Result<()> {
    let Some(judges) = Judges::or_skip("the commands at a terminal") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let desk = Desk::new(&emulator)?;
    let topic = || json!({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}});
    desk.write(&[("shop", orders(0, &role()), &[]), ("news", topic(), &["shop"])])?;
    let script = formwork_e2e::workspace().join("e2e/tests/terminal.py");
    let act = |answers: &str, arguments: &[&str]| -> Result<(i32, String)> {
        let mut command = Command::new(judges.python("python"));
        command.arg(&script).arg(answers).arg(program::built()?.join("formwork")).args(arguments);
        command.args(["--app", "app", "--endpoint-url", emulator.endpoint()]).env_remove("CI");
        command.envs(formwork_e2e::command::CREDENTIALS).env("AWS_REGION", "us-east-1").env("TERM", "xterm");
        let output = command.current_dir(desk.directory.path()).output()?;
        let code = output.status.code().context("it ends by itself")?;
        Ok((code, String::from_utf8_lossy(&output.stdout).into_owned()))
    };
    let says = |text: &str, words: &[&str]| -> Result<()> {
        for word in words {
            ensure!(text.contains(word), "no `{word}` in\n{text}");
        }
        Ok(())
    };
    let (code, text) = act("n", &["deploy", "--all"])?;
    says(&text, &["deploy `shop`? (broadening: 1 change of access) [y/N]", "not approved", "was not tried"])?;
    ensure!(code == 1 && !text.contains("nobody can be asked"), "{code}: {text}");
    let (code, text) = act("y", &["deploy", "--all"])?;
    says(&text, &["[========================] 2/2", "[========================] 1/1", "created"])?;
    ensure!(code == 0, "{code}: {text}");
    let (code, text) = act("y", &["destroy", "--all"])?;
    says(&text, &["? [y/N]", "deleted"])?;
    ensure!(code == 0, "{code}: {text}");
    Ok(())
}

/// `--local` starts what it finds on the path, and says how to get it where it finds nothing.
#[test]
#[cfg(unix)]
fn no_account_is_needed() -> Result<()> {
    let Some(judges) = Judges::or_skip("`--local`") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    let desk = Desk::new(&emulator)?;
    desk.write(&[("shop", orders(0, &json!({})), &[])])?;
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let run = |path: &Path| {
        let mut command = Command::new(program::built()?.join("formwork"));
        command.args(["deploy", "--app", "app", "--local", "--endpoint-url", &endpoint]);
        command.env_clear().env("PATH", path).env("TMPDIR", desk.directory.path());
        anyhow::Ok(command.current_dir(desk.directory.path()).output()?)
    };
    let nothing = run(desk.directory.path())?;
    let said = String::from_utf8_lossy(&nothing.stderr).replace(&endpoint, "[ENDPOINT]");
    insta::assert_snapshot!(said, @r"
    error: nothing listens at [ENDPOINT], and there is no `ministack` to start
    hint: `pip install ministack==1.5.33` installs it; or start another emulator there
    ");
    let program = judges.python("ministack");
    let started = run(program.parent().context("a program is in a directory")?)?;
    let said = String::from_utf8_lossy(&started.stderr).into_owned();
    let process = said.split("`kill ").nth(1).and_then(|rest| rest.split('`').next());
    let process = process.with_context(|| format!("it says how to end it: {said}"))?;
    let again = run(desk.directory.path());
    ensure!(Command::new("kill").arg(process).status()?.success(), "it runs on");
    ensure!(started.status.success(), "{said}");
    let table = String::from_utf8(again?.stdout)?;
    ensure!(table.contains("no change"), "what the one has made, the next finds: {table}");
    Ok(())
}
