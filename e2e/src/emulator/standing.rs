//! What stands in the account, by the emulator's own word: to compare how two ways ended.

use super::{Answer, Emulator, members, text_of};
use anyhow::{Context as _, Result, bail, ensure};
use roxmltree::{Document, Node};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Emulator {
    /// All that stands of the stacks whose names begin with this, a line each, with `STACK` for it:
    /// stacks with parameters, outputs and policies, change sets, how often what happened, queues,
    /// topics and parameters.
    pub fn standing(&self, prefix: &str) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        let stacks = self.listed("DescribeStacks", &[], "Stacks", |stack| {
            Some([text_of(stack, "StackName")?, text_of(stack, "StackId")?, text_of(stack, "StackStatus")?])
        })?;
        for [name, id, status] in stacks {
            if name.starts_with(prefix) && status != "DELETE_COMPLETE" {
                lines.push(format!("stack {name} {status}"));
                self.standing_stack(&name, &id, &mut lines)?;
            }
        }
        for url in self.queues()? {
            if url.rsplit('/').next().is_some_and(|name| name.starts_with(prefix)) {
                lines.push(format!("queue {url} {}", self.delay(&url)?));
            }
        }
        for arn in self.listed("ListTopics", &[], "Topics", |topic| text_of(topic, "TopicArn"))? {
            if arn.rsplit(':').next().is_some_and(|name| name.starts_with(prefix)) {
                lines.push(format!("topic {arn}"));
            }
        }
        let parameters = self.ask("AmazonSSM.DescribeParameters", &json!({"MaxResults": 50}))?;
        ensure!(parameters["NextToken"].is_null(), "more than 50 parameters stand");
        for parameter in parameters["Parameters"].as_array().into_iter().flatten() {
            let name = parameter["Name"].as_str().unwrap_or_default();
            if name.trim_start_matches('/').starts_with(prefix) {
                let value = self.ask("AmazonSSM.GetParameter", &json!({"Name": name}))?;
                lines.push(format!("parameter {name} {}", value["Parameter"]["Value"]));
            }
        }
        // Where the emulator listens, and what it makes of the stack's name, says nothing here.
        let port = self.endpoint.rsplit(':').next().unwrap_or_default();
        let lines = lines.iter().map(|line| {
            let line = line.replace(&format!(":{port}/"), "/").replace(prefix, "STACK");
            line.split(' ').map(without_suffix).collect::<Vec<_>>().join(" ")
        });
        let mut lines: Vec<String> = lines.collect();
        lines.sort();
        Ok(lines)
    }

    fn standing_stack(&self, name: &str, id: &str, lines: &mut Vec<String>) -> Result<()> {
        let stack = [("StackName", name.to_owned())];
        let text = self.document("DescribeStacks", &stack)?;
        let document = Document::parse(&text)?;
        let pair = |node, key, value| {
            Some(format!("{} = {}", text_of(node, key)?, text_of(node, value).unwrap_or_default()))
        };
        let parameters = members(document.root(), "Parameters")
            .filter_map(|node| pair(node, "ParameterKey", "ParameterValue"));
        let outputs =
            members(document.root(), "Outputs").filter_map(|node| pair(node, "OutputKey", "OutputValue"));
        lines.extend(parameters.map(|line| format!("stack {name} parameter {line}")));
        lines.extend(outputs.map(|line| format!("stack {name} output {line}")));
        let protected = text_of(document.root(), "EnableTerminationProtection").unwrap_or_default();
        lines.push(format!("stack {name} protected {protected}"));
        let policy = self.document("GetStackPolicy", &stack)?;
        if let Some(policy) = text_of(Document::parse(&policy)?.root(), "StackPolicyBody") {
            lines.push(format!("stack {name} policy {policy}"));
        }
        // The emulator gives a stack under review another id with each change set, and lists by name.
        let sets = self.listed("ListChangeSets", &stack, "Summaries", |set| {
            text_of(set, "StackId").filter(|stack| stack == id)?;
            let part = |name| text_of(set, name).unwrap_or_default();
            Some(format!("change set of {name} {} {}", part("Status"), part("ExecutionStatus")))
        })?;
        lines.extend(sets);
        let events =
            self.listed("DescribeStackEvents", &[("StackName", id.to_owned())], "StackEvents", |event| {
                let part = |name| text_of(event, name).unwrap_or_default();
                let logical_id = part("LogicalResourceId");
                Some(format!("event of {logical_id} {}", part("ResourceStatus")))
            })?;
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for event in events {
            *counts.entry(event).or_default() += 1;
        }
        lines.extend(counts.iter().map(|(event, count)| format!("{event} {count} times")));
        Ok(())
    }

    /// Stores a secret parameter that no stack has made.
    pub fn put_secret(&self, name: &str, value: &str) -> Result<()> {
        let parameter = json!({"Name": name, "Value": value, "Type": "SecureString"});
        self.ask("AmazonSSM.PutParameter", &parameter).map(drop)
    }

    /// The values of all parameters.
    pub fn values(&self) -> Result<Vec<String>> {
        let parameters = self.ask("AmazonSSM.DescribeParameters", &json!({"MaxResults": 50}))?;
        let names = parameters["Parameters"].as_array().into_iter().flatten();
        let values = names.map(|parameter| {
            let value = self.ask("AmazonSSM.GetParameter", &json!({"Name": parameter["Name"]}))?;
            Ok(value["Parameter"]["Value"].as_str().unwrap_or_default().to_owned())
        });
        values.collect()
    }

    /// Takes a stack away, also one that is protected.
    pub fn clear(&self, stack: &str) -> Result<()> {
        let switch = [("StackName", stack.to_owned()), ("EnableTerminationProtection", "false".to_owned())];
        // There may be no such stack, which is what is wanted.
        self.call("UpdateTerminationProtection", &switch)?;
        self.delete(stack)
    }

    /// What `part` reads of every member of a list, of all pages.
    fn listed<T>(
        &self,
        action: &str,
        parameters: &[(&'static str, String)],
        list: &'static str,
        part: impl Fn(Node<'_, '_>) -> Option<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        let mut page = None;
        loop {
            let mut parameters = parameters.to_vec();
            parameters.extend(page.map(|token| ("NextToken", token)));
            let text = self.document(action, &parameters)?;
            let document = Document::parse(&text)?;
            all.extend(members(document.root(), list).filter_map(&part));
            page = text_of(document.root(), "NextToken");
            if page.is_none() {
                return Ok(all);
            }
        }
    }

    fn queues(&self) -> Result<Vec<String>> {
        let answer = self.ask("AmazonSQS.ListQueues", &json!({}))?;
        let urls = answer["QueueUrls"].as_array().into_iter().flatten();
        Ok(urls.filter_map(|url| url.as_str().map(str::to_owned)).collect())
    }

    /// How long a queue holds its messages back.
    fn delay(&self, queue: &str) -> Result<String> {
        let question = json!({"QueueUrl": queue, "AttributeNames": ["DelaySeconds"]});
        let answer = self.ask("AmazonSQS.GetQueueAttributes", &question)?;
        Ok(answer["Attributes"]["DelaySeconds"].to_string())
    }

    fn document(&self, action: &str, parameters: &[(&'static str, String)]) -> Result<String> {
        match self.call(action, parameters)? {
            Answer::Document(text) => Ok(text),
            Answer::Error(message) => bail!("{action}: {message}"),
        }
    }

    /// Asks a service that speaks JSON.
    fn ask(&self, target: &str, question: &Value) -> Result<Value> {
        let request = self.agent.post(&self.endpoint).header("X-Amz-Target", target);
        let mut answer = request.content_type("application/x-amz-json-1.1").send(question.to_string())?;
        let text = answer.body_mut().read_to_string()?;
        ensure!(answer.status().is_success(), "{target}: {text}");
        serde_json::from_str(&text).with_context(|| text.clone())
    }
}

/// A generated name without the digest of its stack's name at the end.
fn without_suffix(word: &str) -> String {
    let digest = |part: &str| part.len() == 13 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match word.rsplit_once('-') {
        Some((rest, last)) if digest(last) => rest.to_owned(),
        _ => word.to_owned(),
    }
}
