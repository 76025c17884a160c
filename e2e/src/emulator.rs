//! An emulator of the service, and as much of the service's query API as the tests need.

mod standing;

use crate::Judges;
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The largest template that a request may hold; a larger one comes from a bucket.
const INLINE: usize = 51_200;

/// Longer than any deployment takes here, where nothing is real.
const PATIENCE: Duration = Duration::from_mins(2);

/// The names of public parameters, which the emulator has none of and lets nobody write, and of
/// those that stand in for them.
const PUBLIC: (&str, &str) = ("/aws/service/", "/emulated/service/");

/// A running emulator; it is stopped when this goes, also when a test fails.
#[derive(Debug)]
pub struct Emulator {
    process: Child,
    endpoint: String,
    agent: ureq::Agent,
    /// Its temporary files.
    _directory: TempDir,
}

/// What the service says about a stack.
#[derive(Clone, Debug)]
pub struct Description {
    /// For example `CREATE_COMPLETE`.
    pub status: String,
    /// The values of its outputs.
    pub outputs: BTreeMap<String, String>,
}

/// A call of a service, in the protocol that it speaks.
#[derive(Clone, Debug)]
pub enum Call<'a> {
    /// JSON, with the operation's name.
    Json(&'a str, Value),
    /// A form.
    Form(&'a [(&'a str, &'a str)]),
    /// A body at a path.
    Put(&'a str, &'a str),
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended by itself, which is no reason for a test to fail here.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Emulator {
    /// Starts one of its own for the test, on a free port.
    pub fn start(judges: &Judges) -> Result<Self> {
        // Another program may take the port between the look and the start.
        let mut attempt = Self::attempt(judges);
        for _ in 0..2 {
            if attempt.is_err() {
                attempt = Self::attempt(judges);
            }
        }
        attempt
    }

    fn attempt(judges: &Judges) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let directory = tempfile::tempdir()?;
        let log = directory.path().join("log");
        let output = File::create(&log)?;
        let mut command = Command::new(judges.python("ministack"));
        command
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("MINISTACK_ACCOUNT_ID", "123456789012")
            .env("TMPDIR", directory.path())
            .env("S3_DATA_DIR", directory.path().join("s3"))
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let process = command.spawn().context("start ministack")?;
        let config = ureq::Agent::config_builder();
        let config = config.http_status_as_error(false).proxy(None).timeout_global(Some(PATIENCE));
        let agent = config.build().into();
        let endpoint = format!("http://127.0.0.1:{port}");
        let mut emulator = Self { process, endpoint, agent, _directory: directory };
        let start = Instant::now();
        while emulator.agent.get(format!("{}/_ministack/health", emulator.endpoint)).call().is_err() {
            if emulator.process.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                bail!("ministack does not start:\n{}", fs::read_to_string(&log)?);
            }
            sleep(Duration::from_millis(50));
        }
        Ok(emulator)
    }

    /// Where it listens.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The process, for the test that it ends.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// The types in a template that the emulator refuses, in its own words.
    pub fn refused_types(&self, template: &Value) -> Result<Vec<String>> {
        match self.call("ValidateTemplate", &self.template(template)?)? {
            Answer::Document(_) => Ok(Vec::new()),
            Answer::Error(message) => {
                let list = message
                    .split_once("Unrecognized resource types: [")
                    .and_then(|(_, rest)| rest.split_once(']'));
                let (list, _) = list.with_context(|| format!("ValidateTemplate: {message}"))?;
                Ok(list.split(", ").map(str::to_owned).collect())
            }
        }
    }

    /// Creates a stack and waits for its end, whichever that is.
    pub fn create(&self, stack: &str, template: &Value) -> Result<Description> {
        self.submit("CreateStack", stack, template)?.map_err(anyhow::Error::msg)?;
        self.settled(stack)
    }

    /// Updates a stack and waits for its end; `None` when there is nothing to update.
    pub fn update(&self, stack: &str, template: &Value) -> Result<Option<Description>> {
        match self.submit("UpdateStack", stack, template)? {
            Ok(()) => self.settled(stack).map(Some),
            Err(message) if message.contains("No updates are to be performed") => Ok(None),
            Err(message) => bail!("{message}"),
        }
    }

    /// Deletes a stack and waits until it is gone.
    pub fn delete(&self, stack: &str) -> Result<()> {
        if let Answer::Error(message) = self.call("DeleteStack", &[("StackName", stack.to_owned())])? {
            bail!("DeleteStack {stack}: {message}");
        }
        let start = Instant::now();
        while let Some(description) = self.describe(stack)? {
            ensure!(
                description.status.ends_with("IN_PROGRESS"),
                "{stack} is {} after DeleteStack",
                description.status
            );
            ensure!(start.elapsed() < PATIENCE, "{stack} is not deleted");
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// A stack as it stands; `None` when there is none.
    pub fn describe(&self, stack: &str) -> Result<Option<Description>> {
        let text = match self.call("DescribeStacks", &[("StackName", stack.to_owned())])? {
            Answer::Document(text) => text,
            Answer::Error(message) if message.contains("does not exist") => return Ok(None),
            Answer::Error(message) => bail!("DescribeStacks {stack}: {message}"),
        };
        let document = roxmltree::Document::parse(&text)?;
        let status = text_of(document.root(), "StackStatus").context("a stack has a status")?;
        let outputs = members(document.root(), "Outputs")
            .filter_map(|output| Some((text_of(output, "OutputKey")?, text_of(output, "OutputValue")?)))
            .collect();
        Ok(Some(Description { status, outputs }))
    }

    /// The logical ids of a stack's resources that are complete.
    pub fn complete_resources(&self, stack: &str) -> Result<BTreeSet<String>> {
        let text = match self.call("DescribeStackResources", &[("StackName", stack.to_owned())])? {
            Answer::Document(text) => text,
            Answer::Error(message) => bail!("DescribeStackResources {stack}: {message}"),
        };
        let document = roxmltree::Document::parse(&text)?;
        let complete = members(document.root(), "StackResources").filter_map(|resource| {
            let complete = text_of(resource, "ResourceStatus")?.ends_with("_COMPLETE");
            if complete { text_of(resource, "LogicalResourceId") } else { None }
        });
        Ok(complete.collect())
    }

    /// What failed in a stack, oldest first.
    pub fn failures(&self, stack: &str) -> Result<Vec<String>> {
        let text = match self.call("DescribeStackEvents", &[("StackName", stack.to_owned())])? {
            Answer::Document(text) => text,
            Answer::Error(message) => bail!("DescribeStackEvents {stack}: {message}"),
        };
        let document = roxmltree::Document::parse(&text)?;
        let mut failures: Vec<String> = members(document.root(), "StackEvents")
            .filter(|event| {
                text_of(*event, "ResourceStatus").is_some_and(|status| status.ends_with("FAILED"))
            })
            .map(|event| {
                let part = |name| text_of(event, name).unwrap_or_default();
                format!(
                    "{} ({}): {}",
                    part("LogicalResourceId"),
                    part("ResourceType"),
                    part("ResourceStatusReason")
                )
            })
            .collect();
        failures.reverse();
        Ok(failures)
    }

    /// Sends a template; the inner error is the service's refusal.
    fn submit(&self, action: &str, stack: &str, template: &Value) -> Result<Result<(), String>> {
        let mut parameters = self.template(template)?;
        parameters.push(("StackName", stack.to_owned()));
        for (number, capability) in ["IAM", "NAMED_IAM", "AUTO_EXPAND"].into_iter().enumerate() {
            let name = ["Capabilities.member.1", "Capabilities.member.2", "Capabilities.member.3"];
            parameters.push((name[number], format!("CAPABILITY_{capability}")));
        }
        Ok(match self.call(action, &parameters)? {
            Answer::Document(_) => Ok(()),
            Answer::Error(message) => Err(format!("{action} {stack}: {message}")),
        })
    }

    /// The parameter that carries a template: its text, or its address in a bucket.
    fn template(&self, template: &Value) -> Result<Vec<(&'static str, String)>> {
        let text = template.to_string();
        for name in public_parameters(&text) {
            self.put_parameter(&name.replace(PUBLIC.0, PUBLIC.1), "ami-0123456789abcdef0")?;
        }
        let text = text.replace(PUBLIC.0, PUBLIC.1);
        if text.len() <= INLINE {
            return Ok(vec![("TemplateBody", text)]);
        }
        Ok(vec![("TemplateURL", self.store(&format!("{}.json", text.len()), &text)?)])
    }

    /// Puts a template into a bucket, and says its address.
    pub fn store(&self, name: &str, text: &str) -> Result<String> {
        let address = format!("{}/templates/{name}", self.endpoint);
        self.agent.put(format!("{}/templates", self.endpoint)).send_empty()?;
        let answer = self.agent.put(&address).send(text)?;
        ensure!(answer.status().is_success(), "put a template of {} bytes: {}", text.len(), answer.status());
        Ok(address)
    }

    /// Calls another service than CloudFormation, as somebody does behind its back.
    pub fn behind(&self, service: &str, region: &str, call: &Call<'_>) -> Result<String> {
        // Where a call goes is read from what it is signed for; the signature is not looked at.
        let scope = format!("Credential=test/20260101/{region}/{service}/aws4_request");
        let authorization = format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none");
        let request = |path: &str| {
            let address = format!("{}{path}", self.endpoint);
            self.agent.post(address).header("Authorization", &authorization)
        };
        let mut answer = match call {
            Call::Json(target, body) => {
                let request = request("/").header("X-Amz-Target", *target);
                request.content_type("application/x-amz-json-1.1").send(body.to_string())?
            }
            Call::Form(fields) => request("/").send_form(fields.iter().copied())?,
            Call::Put(path, body) => {
                let address = format!("{}{path}", self.endpoint);
                self.agent.put(address).header("Authorization", &authorization).send(*body)?
            }
        };
        let text = answer.body_mut().read_to_string()?;
        ensure!(answer.status().is_success(), "{service}: {} {text}", answer.status());
        Ok(text)
    }

    fn put_parameter(&self, name: &str, value: &str) -> Result<()> {
        let body = json!({"Name": name, "Value": value, "Type": "String", "Overwrite": true});
        let request = self.agent.post(&self.endpoint).header("X-Amz-Target", "AmazonSSM.PutParameter");
        let mut answer = request.content_type("application/x-amz-json-1.1").send(body.to_string())?;
        ensure!(answer.status().is_success(), "PutParameter {name}: {}", answer.body_mut().read_to_string()?);
        Ok(())
    }

    /// A stack once nothing is in progress any more.
    fn settled(&self, stack: &str) -> Result<Description> {
        let start = Instant::now();
        loop {
            let description = self.describe(stack)?.with_context(|| format!("{stack} does not exist"))?;
            if !description.status.ends_with("IN_PROGRESS") {
                return Ok(description);
            }
            ensure!(start.elapsed() < PATIENCE, "{stack} is still {}", description.status);
            sleep(Duration::from_millis(100));
        }
    }

    fn call(&self, action: &str, parameters: &[(&'static str, String)]) -> Result<Answer> {
        let mut form = vec![("Action", action), ("Version", "2010-05-15")];
        form.extend(parameters.iter().map(|(name, value)| (*name, value.as_str())));
        let mut answer =
            self.agent.post(&self.endpoint).send_form(form).with_context(|| action.to_owned())?;
        let text = answer.body_mut().read_to_string()?;
        if answer.status().is_success() {
            return Ok(Answer::Document(text));
        }
        let document = roxmltree::Document::parse(&text).with_context(|| format!("{action}: {text}"))?;
        Ok(Answer::Error(text_of(document.root(), "Message").unwrap_or_default()))
    }
}

/// What the service answers: XML, or the message of its refusal.
enum Answer {
    Document(String),
    Error(String),
}

/// The `member` elements of the list with this name.
fn members<'document>(
    node: roxmltree::Node<'document, 'document>,
    list: &'static str,
) -> impl Iterator<Item = roxmltree::Node<'document, 'document>> {
    let list = node.descendants().find(move |node| node.tag_name().name() == list);
    list.into_iter().flat_map(|list| list.children().filter(|child| child.tag_name().name() == "member"))
}

/// The text of the first element with this name.
fn text_of(node: roxmltree::Node<'_, '_>, name: &str) -> Option<String> {
    let element = node.descendants().find(|node| node.tag_name().name() == name)?;
    Some(element.text().unwrap_or_default().to_owned())
}

/// The names of public parameters in the text of a template.
fn public_parameters(template: &str) -> BTreeSet<&str> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || "/._-".contains(character);
    let starts = template.match_indices(PUBLIC.0).map(|(start, _)| template.split_at(start).1);
    starts.filter_map(|rest| rest.split(|character| !is_name(character)).next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_parameters_are_found_wherever_they_stand() {
        let template =
            r#"{"Default":"/aws/service/ami/al2023-arm64","X":"{{resolve:ssm:/aws/service/ecs/v1.2:3}}"}"#;
        let names: Vec<&str> = public_parameters(template).into_iter().collect();
        assert_eq!(names, ["/aws/service/ami/al2023-arm64", "/aws/service/ecs/v1.2"]);
    }

    #[test]
    fn a_list_in_an_answer_is_read() {
        let document = roxmltree::Document::parse(
            "<R xmlns='urn:x'><Outputs><member><OutputKey>Url</OutputKey><OutputValue>u</OutputValue></member>\
             <member><OutputKey>Arn</OutputKey></member></Outputs></R>",
        );
        let document = document.unwrap();
        let keys: Vec<String> =
            members(document.root(), "Outputs").filter_map(|output| text_of(output, "OutputKey")).collect();
        assert_eq!(keys, ["Url", "Arn"]);
        assert_eq!(text_of(document.root(), "Exports"), None);
    }
}
