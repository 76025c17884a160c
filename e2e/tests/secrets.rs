//! What is secret reaches the service, and nothing that the command prints or writes.

use anyhow::{Context as _, Result, ensure};
use formwork_e2e::{
    Judges,
    command::{App, Variable},
    emulator::Emulator,
    proxy::{Fault, Injection, Proxy},
};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// The value of a parameter that is not to be echoed.
const PASSWORD: &str = "correct-horse-battery";
/// The value that a dynamic reference stands for.
const RESOLVED: &str = "resolved-at-the-service";
const CREDENTIALS: [Variable; 3] = [
    ("AWS_ACCESS_KEY_ID", "AKIAKEYOFTHISTEST000"),
    ("AWS_SECRET_ACCESS_KEY", "secret-key-of-this-test"),
    ("AWS_SESSION_TOKEN", "session-token-of-this-test"),
];

/// All that was printed and written, with what did it.
#[derive(Default)]
struct Record(Vec<(String, String)>);

impl Record {
    /// Runs a command, and keeps what it prints; its exit code.
    fn run(&mut self, app: &App, arguments: &[&str], endpoint: &str) -> Result<i32> {
        let mut command = app.command(arguments, endpoint, &CREDENTIALS)?;
        // What the libraries below would write, if somebody let them.
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full").env("TMPDIR", app.directory());
        let output = command.stdin(Stdio::null()).output()?;
        let shown = arguments.join(" ").replace(PASSWORD, "PASSWORD");
        for (stream, bytes) in [("output", output.stdout), ("errors", output.stderr)] {
            self.0.push((format!("{stream} of {shown}"), String::from_utf8(bytes)?));
        }
        output.status.code().with_context(|| format!("{shown}: {}", output.status))
    }

    /// Keeps what stands in the files of a directory.
    fn files(&mut self, directory: &Path) -> Result<()> {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                self.files(&path)?;
            } else {
                let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
                self.0.push((path.display().to_string(), text));
            }
        }
        Ok(())
    }

    /// Where a text stands.
    fn find(&self, text: &str) -> Vec<&str> {
        let found = self.0.iter().filter(|(_, printed)| printed.contains(text));
        found.map(|(place, _)| place.as_str()).collect()
    }

    fn check(&self) -> Result<()> {
        let credentials = CREDENTIALS.iter().map(|(_, value)| *value);
        for secret in [PASSWORD, RESOLVED].into_iter().chain(credentials) {
            let found = self.find(secret);
            ensure!(found.is_empty(), "{secret} stands in the {}", found.join(", "));
        }
        Ok(())
    }
}

fn template(version: &str) -> Value {
    let parameter = |value: Value| json!({"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}});
    json!({
        "Parameters": {"Password": {"Type": "String", "NoEcho": true}},
        "Resources": {
            "Given": parameter(json!({"Ref": "Password"})),
            "Looked": parameter(json!("{{resolve:ssm-secure:/outside/secret}}")),
            "Version": parameter(json!(version)),
        },
        "Outputs": {"Version": {"Value": {"Fn::GetAtt": ["Version", "Value"]}}},
    })
}

/// A function's address, of a function that is named by the password: the refusal names it, too.
fn failing() -> Value {
    let mut template = template("failing");
    let address = json!({"TargetFunctionArn": {"Ref": "Password"}, "AuthType": "AWS_IAM"});
    template["Resources"]["Address"] = json!({"Type": "AWS::Lambda::Url", "Properties": address});
    template
}

#[test]
fn secrets_are_neither_printed_nor_written() -> Result<()> {
    let Some(judges) = Judges::or_skip("what the command prints holds no secret") else { return Ok(()) };
    let emulator = Emulator::start(&judges)?;
    emulator.put_secret("/outside/secret", RESOLVED)?;
    let proxy = Proxy::start(emulator.endpoint())?;
    let at = proxy.endpoint();
    let password = format!("--parameters=Password={PASSWORD}");
    let mut record = Record::default();

    let app = App::new("web", &template("1"))?;
    let new = format!("--parameters-new=Password={PASSWORD}");
    record.run(&app, &["diff", "-v", &new], at)?;
    let code = record.run(&app, &["deploy", "-vv", "--yes", "-O", "outputs.json", &password], at)?;
    ensure!(code == 0, "{:#?}", record.0);
    let reached =
        |secret: &str| emulator.values()?.contains(&secret.to_owned()).then_some(()).context("reached");
    reached(PASSWORD)?;
    reached(RESOLVED)?;
    ensure!(record.find("CREATE_COMPLETE").len() == 1, "{:#?}", record.0);

    app.write(&template("2"))?;
    record.run(&app, &["diff", "-v", "--json", &new], at)?;
    record.run(&app, &["diff", "-v", "--method", "change-set", &new], at)?;
    record.run(&app, &["diff", "-v", "--parameters-old", &format!("Password={PASSWORD}")], at)?;
    ensure!(record.run(&app, &["deploy", "--json", "--yes", &password], at)? == 0);
    app.write(&template("3"))?;
    ensure!(record.run(&app, &["deploy", "--progress=json", "--json", "--yes", &password], at)? == 0);
    for arguments in [["events", "-v"], ["events", "--json"], ["outputs", "-v"], ["outputs", "--json"]] {
        ensure!(record.run(&app, &arguments, at)? == 0, "{arguments:?}");
    }
    // What is wrong with the command line may be the secret.
    ensure!(record.run(&app, &["deploy", "--yes", &format!("--parameters=Pasword={PASSWORD}")], at)? == 1);
    ensure!(record.run(&app, &["deploy", "--yes", &format!("--parameters={PASSWORD}")], at)? != 0);
    ensure!(record.run(&app, &["deploy", "--yes", &format!("--parameter=Password={PASSWORD}")], at)? == 2);
    app.write(&template("4"))?;
    for fault in Fault::all(std::time::Duration::ZERO) {
        let action = if fault == Fault::ExpiredToken { "ExecuteChangeSet" } else { "CreateChangeSet" };
        proxy.plan(vec![Injection::once_of(action, 0, fault)]);
        record.run(&app, &["deploy", "-vv", "--json", "--yes", &password], at)?;
    }
    proxy.plan(Vec::new());

    // The service repeats the password in its reasons.
    app.write(&failing())?;
    for progress in ["--progress=events", "--progress=json"] {
        let code = record.run(&app, &["deploy", "-vv", "--json", progress, "--yes", &password], at)?;
        ensure!(code == 7, "{code} {:#?}", record.0.last());
    }
    ensure!(record.find("Lambda function not found").len() == 4, "the service says why");
    ensure!(record.run(&app, &["destroy", "-vv", "--yes"], at)? == 0);
    record.files(app.directory())?;
    record.check()
}
