//! Stacks that are looked at without running the app: by the last assembly, or by their names.

use std::collections::BTreeMap;

use anyhow::Result;
use formwork_core::{Assembly, AssemblyStack, Source};
use formwork_deploy::client::Connection;

use crate::{
    arguments::Global,
    connection_options::ConnectionOptions,
    exit_code,
    failure::Failure,
    project_file::ProjectFile,
    settings::{App, Settings},
    source_lines::source_lines,
};

/// A stack of the last assembly, or of the account.
pub(crate) struct KnownStack {
    /// Its name in the app, or what it was called.
    pub(crate) name: String,
    /// Its name in the account.
    pub(crate) stack_name: String,
    /// How it is reached.
    pub(crate) connection: Connection,
    /// The Rust line of every resource, as far as they are known.
    pub(crate) sources: BTreeMap<String, Source>,
}

/// The stacks of these names; without a name, all of the last assembly.
///
/// The app is not run, so that this is quick, and goes when the code does not compile: what it says is
/// read from the assembly that the last run left. A name that is not in it is one of the account's.
pub(crate) fn resolve(
    names: &[String],
    global: &Global,
    options: &ConnectionOptions,
) -> Result<Vec<KnownStack>> {
    let project = ProjectFile::of_current_directory()?;
    let assembly = Settings::load(global).ok().and_then(|settings| {
        let directory = match settings.app {
            App::Assembly(directory) => directory,
            App::Program(_) => settings.output,
        };
        Assembly::read(directory).ok()
    });
    let known = |stack: &AssemblyStack, assembly: &Assembly| -> KnownStack {
        let mut connection = options.connection(stack.environment.region.as_deref());
        let account = stack.environment.account.as_ref().filter(|_| !options.is_local());
        connection.role = account.and_then(|account| project.deploy.accounts.get(account).cloned());
        let template = assembly.template(stack).ok();
        KnownStack {
            name: stack.name.clone(),
            stack_name: stack.stack_name.clone(),
            connection,
            sources: template
                .and_then(|template| source_lines(assembly, stack, &template).ok())
                .unwrap_or_default(),
        }
    };
    if names.is_empty() {
        let Some(assembly) = assembly.filter(|assembly| !assembly.stacks.is_empty()) else {
            let failure = Failure::new("no stack is named, and there is no assembly that has some");
            return Err(failure
                .hint("name the stack, or run `formwork synth` first")
                .code(exit_code::USAGE)
                .into());
        };
        return Ok(assembly.stacks.iter().map(|stack| known(stack, &assembly)).collect());
    }
    let found = names.iter().map(|name| {
        let stacks =
            assembly.iter().flat_map(|assembly| assembly.stacks.iter().map(move |stack| (assembly, stack)));
        let mut named = stacks.filter(|(_, stack)| stack.name == *name || stack.stack_name == *name);
        match named.next() {
            Some((assembly, stack)) => known(stack, assembly),
            None => KnownStack {
                name: name.clone(),
                stack_name: name.clone(),
                connection: options.connection(region(name)),
                sources: BTreeMap::new(),
            },
        }
    });
    Ok(found.collect())
}

/// The region of a stack that is named by its ARN.
fn region(name: &str) -> Option<&str> {
    name.strip_prefix("arn:")?.split(':').nth(2)
}
