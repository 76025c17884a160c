//! A stack that is made, changed and taken away through the proxy.

use anyhow::{Context as _, Result, ensure};
use formwork_deploy::{
    bucket::Bucket,
    client::Client,
    clock::{Clock, Sleep, SystemClock},
    connection::{Aws, Connection, StaticCredentials},
    deployment::Deployment,
    drift::{DriftReport, DriftStack, Options, detect},
    engine::Engine,
    operator::Unattended,
    request::{DeployRequest, StackRequest},
    retry::RetryPolicy,
};
use formwork_e2e::{
    command::{App, CREDENTIALS},
    emulator::Emulator,
    proxy::{Injection, Proxy},
};
use serde_json::{Value, json};
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::runtime::Runtime;

/// The bucket into which [`Emulator::store`] puts templates.
const BUCKET: &str = "templates";

/// What is done to a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    Create,
    Update,
    /// Deploying what is deployed already.
    Same,
    /// Creating by a template that is too long for a call, and goes through a bucket.
    Upload,
    /// Creating what could not be created the first time.
    CreateAnew,
    /// Rolling back what failed without a rollback.
    RollBack,
    Destroy,
}

impl Operation {
    pub(crate) const ALL: [Self; 7] = [
        Self::Create,
        Self::Update,
        Self::Same,
        Self::Upload,
        Self::CreateAnew,
        Self::RollBack,
        Self::Destroy,
    ];

    /// The calls that other operations do not make in the same way, with their numbers.
    pub(crate) fn own(self, calls: Vec<String>) -> impl Iterator<Item = (usize, String)> {
        // From there on, it is a creation.
        let begins = matches!(self, Self::Upload | Self::CreateAnew);
        let calls = calls.into_iter().enumerate();
        calls.take_while(move |(_, action)| !(begins && action == "CreateChangeSet"))
    }

    /// Whether it begins with nothing.
    fn begins_empty(self) -> bool {
        matches!(self, Self::Create | Self::Upload | Self::CreateAnew)
    }
}

/// A client of its own for one thread, and its way to the emulator that all share.
pub(crate) struct Lab<'a> {
    pub(crate) emulator: &'a Emulator,
    pub(crate) proxy: Proxy,
    aws: Aws,
    client: Client,
    runtime: Runtime,
    clock: QuickClock,
    retry: RetryPolicy,
}

/// A clock whose waits are short.
struct QuickClock(SystemClock);

impl Clock for QuickClock {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        self.0.sleep(duration / 100)
    }

    fn random(&self) -> u64 {
        self.0.random()
    }
}

impl<'a> Lab<'a> {
    pub(crate) fn new(emulator: &'a Emulator) -> Result<Self> {
        let proxy = Proxy::start(emulator.endpoint())?;
        proxy.show_progress(1);
        let connection = Connection {
            region: Some("us-east-1".to_owned()),
            endpoint: Some(proxy.endpoint().to_owned()),
            credentials: Some(StaticCredentials::test()),
            ..Connection::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let aws = runtime.block_on(Aws::connect(&connection))?;
        let client = Client::new(&aws);
        // It makes the bucket.
        emulator.store("none", "")?;
        let (clock, retry) = (QuickClock(SystemClock::new()), RetryPolicy::default());
        Ok(Self { emulator, proxy, aws, client, runtime, clock, retry: RetryPolicy { attempts: 4, ..retry } })
    }

    /// Brings a stack to where the operation begins.
    pub(crate) fn prepare(&self, operation: Operation, stack: &str) -> Result<()> {
        self.proxy.plan(Vec::new());
        if !operation.begins_empty() {
            let result = self.deploy(&created(stack));
            ensure!(result.is_success(), "{result:?}");
        }
        if operation == Operation::CreateAnew || operation == Operation::RollBack {
            let result = self.deploy(&broken(stack, operation == Operation::RollBack));
            ensure!(!result.is_success() && result.root_cause.is_some(), "{result:?}");
        }
        Ok(())
    }

    /// Does it, while things happen by a plan.
    pub(crate) fn run(&self, operation: Operation, stack: &str, plan: Vec<Injection>) -> Deployment {
        self.proxy.plan(plan);
        match operation {
            Operation::Create | Operation::Same | Operation::CreateAnew => self.deploy(&created(stack)),
            Operation::Upload => {
                let mut request = created(stack);
                request.template = long(stack).to_string();
                let bucket = Bucket::new(&self.aws, Some(BUCKET));
                self.runtime.block_on(self.engine().template_store(&bucket).deploy(&request))
            }
            Operation::Update => self.deploy(&updated(stack)),
            Operation::RollBack => self.runtime.block_on(self.engine().roll_back(&StackRequest::new(stack))),
            Operation::Destroy => self.runtime.block_on(self.engine().destroy(&StackRequest::new(stack))),
        }
    }

    /// Looks for drift, while things happen by a plan.
    pub(crate) fn detect(&self, stack: &str, plan: Vec<Injection>) -> DriftReport {
        self.proxy.plan(plan);
        let stack = DriftStack {
            name: stack.to_owned(),
            service: &self.client,
            live: Some(self.client.live_resources()),
            code: None,
        };
        let (stacks, options) = ([stack], Options::default());
        self.runtime.block_on(detect(&stacks, &options, &self.clock, &|_| ()))
    }

    fn deploy(&self, request: &DeployRequest) -> Deployment {
        self.runtime.block_on(self.engine().deploy(request))
    }

    fn engine(&self) -> Engine<'_> {
        Engine::new(&self.client, &self.clock, &Unattended).retry(&self.retry)
    }

    /// The same as a command, with its app.
    pub(crate) fn command(&self, operation: Operation, stack: &str) -> Result<(App, Command)> {
        let template = match operation {
            Operation::Update => template(stack, 6),
            Operation::Upload => long(stack),
            _ => template(stack, 5),
        };
        let app = App::new(stack, &template)?;
        let file = app.directory().join("policy.json");
        fs::write(&file, policy())?;
        let file = file.to_string_lossy();
        let arguments = match operation {
            Operation::Create | Operation::Same | Operation::CreateAnew => {
                vec!["deploy", "--yes", "--parameters=Delay=7", "--stack-policy", &file]
            }
            Operation::Upload => {
                let bucket = ["--template-bucket", BUCKET];
                let arguments = ["deploy", "--yes", "--parameters=Delay=7", "--stack-policy", &file];
                arguments.into_iter().chain(bucket).collect()
            }
            Operation::Update => vec!["deploy", "--yes", "--termination-protection=on"],
            Operation::RollBack => vec!["rollback", "--yes"],
            Operation::Destroy => vec!["destroy", "--yes"],
        };
        let mut command = app.command(&arguments, self.proxy.endpoint(), &CREDENTIALS)?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok((app, command))
    }

    /// Runs the command to its end, without a fault.
    pub(crate) fn run_command(&self, operation: Operation, stack: &str) -> Result<()> {
        self.proxy.plan(Vec::new());
        let (_app, mut command) = self.command(operation, stack)?;
        let output = command.output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{operation:?} again, {}: {text}", output.status);
        Ok(())
    }

    /// What is done without a fault by the command: the calls, and what stands afterwards.
    pub(crate) fn clean_command(
        &self,
        operation: Operation,
        stack: &str,
    ) -> Result<(Vec<String>, Vec<String>)> {
        self.prepare(operation, stack)?;
        self.run_command(operation, stack)?;
        self.ended(stack)
    }

    /// What is done without a fault: the calls, and what stands afterwards.
    pub(crate) fn clean(&self, operation: Operation, stack: &str) -> Result<(Vec<String>, Vec<String>)> {
        self.prepare(operation, stack)?;
        let result = self.run(operation, stack, Vec::new());
        ensure!(result.is_success(), "{result:?}");
        self.ended(stack)
    }

    /// Compares what stands at the end of a run with what is wanted, and takes it away.
    pub(crate) fn check(&self, stack: &str, wanted: &[String]) -> Result<()> {
        let stands = self.emulator.standing(stack)?;
        ensure!(stands == *wanted, "{stands:#?}\ninstead of {wanted:#?}");
        self.emulator.clear(stack)
    }

    fn ended(&self, stack: &str) -> Result<(Vec<String>, Vec<String>)> {
        let calls = self.proxy.calls().into_iter().map(|call| call.action).collect();
        let standing = self.emulator.standing(stack)?;
        self.emulator.clear(stack).context("after the clean run")?;
        Ok((calls, standing))
    }
}

/// Three resources, a parameter, an export and a policy.
fn created(stack: &str) -> DeployRequest {
    let mut request = DeployRequest::new(stack, template(stack, 5).to_string());
    request.parameters.insert("Delay".to_owned(), "7".to_owned());
    request.stack_policy = Some(policy());
    request
}

/// One resource changes, one comes; the parameter stays; the protection is switched on.
fn updated(stack: &str) -> DeployRequest {
    let mut request = DeployRequest::new(stack, template(stack, 6).to_string());
    request.termination_protection = Some(true);
    request
}

/// The same as at first, with a template that is too long for a call.
fn long(stack: &str) -> Value {
    let mut template = template(stack, 5);
    template["Metadata"] = json!({"Notes": "n".repeat(60_000)});
    template
}

/// A resource comes that the emulator cannot make.
fn broken(stack: &str, disable_rollback: bool) -> DeployRequest {
    let mut request = DeployRequest::new(stack, template(stack, 7).to_string());
    request.mode.disable_rollback = disable_rollback;
    request
}

fn policy() -> String {
    let statement = json!({"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"});
    json!({"Statement": [statement]}).to_string()
}

fn template(stack: &str, version: u32) -> Value {
    let mut template = json!({
        "Parameters": {"Delay": {"Type": "String", "Default": "0"}},
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": {"Ref": "Delay"}}},
            "Topic": {"Type": "AWS::SNS::Topic"},
            "Setting": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Name": format!("/{stack}/version"), "Type": "String", "Value": version.to_string()},
            },
        },
        "Outputs": {"Queue": {"Value": {"Ref": "Queue"}, "Export": {"Name": format!("{stack}:Queue")}}},
    });
    match version {
        6 => template["Resources"]["Other"] = json!({"Type": "AWS::SNS::Topic"}),
        7 => {
            let nowhere = json!({"TemplateURL": "http://127.0.0.1:1/none"});
            template["Resources"]["Inner"] =
                json!({"Type": "AWS::CloudFormation::Stack", "Properties": nowhere});
        }
        _ => {}
    }
    template
}
