//! [`Subject`]: a stack that drift is looked for in.

use std::collections::BTreeMap;

use anyhow::Result;
use formwork_core::{Assembly, AssemblyStack};
use formwork_deploy::{client::Connection, request::DeployRequest};

use crate::{
    app::{self, Synthesized},
    arguments::Global,
    command::synth::report_failed,
    connection_options::ConnectionOptions,
    selection::select,
    settings::Settings,
    source_lines::source_lines,
    target::Targets,
    terminal::Terminal,
};

/// A stack of the app, or one of the account that no app here has.
pub(crate) struct Subject {
    /// Its name or ARN in the account.
    pub(crate) stack_name: String,
    /// What the code says.
    pub(crate) code: Option<DeployRequest>,
    stack: Option<AssemblyStack>,
}

/// The stacks of these names; without a name, all of the app.
///
/// An ARN, and outside of a project any name, is of a stack that only the account has.
pub(crate) fn find(names: &[String], global: &Global, terminal: &mut Terminal) -> Result<Vec<Subject>> {
    let (foreign, own): (Vec<&String>, Vec<&String>) =
        names.iter().partition(|name| name.starts_with("arn:"));
    let foreign = foreign.into_iter().map(|name| Subject::of_account(name));
    if !names.is_empty() && own.is_empty() {
        return Ok(foreign.collect());
    }
    let settings = match Settings::load(global) {
        Ok(settings) => settings,
        Err(_) if !own.is_empty() => return Ok(names.iter().map(|name| Subject::of_account(name)).collect()),
        Err(error) => return Err(error),
    };
    let assembly = match app::synthesize(&settings, terminal)? {
        Synthesized::Assembly(assembly) => assembly,
        Synthesized::Findings(findings) => return Err(report_failed(&findings, terminal)),
    };
    let own: Vec<String> = own.into_iter().cloned().collect();
    let stacks = select(&assembly, &own)?;
    let of_app = stacks.into_iter().map(|stack| Subject::of_app(&assembly, stack));
    of_app.chain(foreign.map(Ok)).collect()
}

impl Subject {
    fn of_account(name: &str) -> Self {
        Self { stack_name: name.to_owned(), code: None, stack: None }
    }

    fn of_app(assembly: &Assembly, stack: &AssemblyStack) -> Result<Self> {
        let template = assembly.template(stack)?;
        let mut code = DeployRequest::new(&stack.stack_name, template.to_compact_json());
        code.sources = source_lines(assembly, stack, &template)?;
        // What somebody has switched on by hand stays on, as in a deployment.
        code.termination_protection = stack.termination_protection.then_some(true);
        Ok(Self { stack_name: stack.stack_name.clone(), code: Some(code), stack: Some(stack.clone()) })
    }

    /// Connects to where the stack is.
    pub(crate) async fn place(
        &self,
        targets: &mut Targets,
        options: &ConnectionOptions,
        roles: &BTreeMap<String, String>,
    ) -> Result<Connection> {
        if let Some(stack) = &self.stack {
            return targets.add(stack, options, roles).await;
        }
        let region = self.stack_name.strip_prefix("arn:").and_then(|arn| arn.split(':').nth(2));
        let connection = options.connection(region);
        targets.connect(&connection).await?;
        Ok(connection)
    }
}
