//! The app that the tests of the command run: `sample MODE`. Its lines stand in snapshots.

use std::{env, error::Error, fs, io, io::Write as _, path::PathBuf};

use formwork_core::{App, Build, Environment, Finding, RawResource};

fn main() -> Result<(), Box<dyn Error>> {
    let mut app = App::new();
    match env::args().nth(1).unwrap_or_default().as_str() {
        "stacks" => stacks(&mut app),
        "nothing" => {}
        "one" => one(&mut app),
        "warning" => warning(&mut app),
        "errors" => {
            writeln!(io::stderr(), "looking up zones")?;
            errors(&mut app);
        }
        "secretive" => {
            errors(&mut app);
            // It keeps what was found to itself.
            let _ = app.synth();
            return Ok(());
        }
        "chatter" => {
            writeln!(io::stdout(), "this line is not data")?;
            one(&mut app);
        }
        "garbage" => return Ok(writeln!(io::stdout(), "garbage")?),
        "broken" => {
            return Ok(fs::write(output()?.join("manifest.json"), "{\n  \"artifacts\": nonsense\n}")?);
        }
        "fails" => return Err("the zones cannot be looked up".into()),
        mode => return Err(format!("there is no mode `{mode}`").into()),
    }
    app.synth()?;
    Ok(())
}

fn output() -> io::Result<PathBuf> {
    let directory = PathBuf::from(env::var_os("CDK_OUTDIR").unwrap_or_default());
    fs::create_dir_all(&directory)?;
    Ok(directory)
}

fn stacks(app: &mut App) {
    let mut data = app.stack("data");
    data.environment(Environment { account: None, region: Some("eu-west-1".to_owned()) });
    let topic = RawResource::new("AWS::SNS::Topic").build(&mut data, "Topic");
    let mut web = app.stack("web");
    web.environment(Environment { account: None, region: Some("eu-west-1".to_owned()) })
        .deployed_as("shop-web");
    for id in ["First", "Second"] {
        let subscription = RawResource::new("AWS::SNS::Subscription").property("Protocol", "sqs");
        subscription.property("TopicArn", topic.reference()).build(&mut web, id);
    }
}

fn one(app: &mut App) {
    let stage = app.context("stage").and_then(|stage| stage.as_str().map(str::to_owned));
    let topic = RawResource::new("AWS::SNS::Topic").property("DisplayName", stage.unwrap_or_default());
    topic.build(&mut app.stack("web"), "Topic");
}

fn warning(app: &mut App) {
    stacks(app);
    let hint = "give it a queue that takes what cannot be delivered";
    let finding = Finding::warning("SHOP01", "messages that cannot be delivered are lost").hint(hint);
    app.report(finding.in_stack("web").path(["Resources", "First"]));
}

fn errors(app: &mut App) {
    let mut stack = app.stack("web");
    RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
    RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
    RawResource::new("AWS::SNS::Topic").build(&mut stack, "other-topic");
}
