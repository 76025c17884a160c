//! The `formwork` command, on an app of one stack.

use crate::program;
use anyhow::Result;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A variable of the credentials, and its value; there are no others.
pub type Variable = (&'static str, &'static str);

/// Credentials that an emulator takes.
pub const CREDENTIALS: [Variable; 2] = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];

/// An app of one stack, in a directory of its own; it goes when this goes.
#[derive(Debug)]
pub struct App {
    stack: String,
    directory: TempDir,
}

impl App {
    /// An app whose stack has this name and template.
    pub fn new(stack: &str, template: &Value) -> Result<Self> {
        let app = Self { stack: stack.to_owned(), directory: tempfile::tempdir()? };
        let template_file = format!("{stack}.template.json");
        let artifact = json!({
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": template_file},
        });
        let manifest = json!({"version": "36.0.0", "artifacts": {stack: artifact}});
        fs::create_dir(app.assembly())?;
        fs::write(app.assembly().join("manifest.json"), manifest.to_string())?;
        app.write(template)?;
        Ok(app)
    }

    /// Gives the stack another template.
    pub fn write(&self, template: &Value) -> Result<()> {
        let file = self.assembly().join(format!("{}.template.json", self.stack));
        Ok(fs::write(file, template.to_string())?)
    }

    fn assembly(&self) -> std::path::PathBuf {
        self.directory.path().join("assembly")
    }

    /// Where the command runs.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// `formwork ARGUMENTS STACK`, at an endpoint in place of AWS.
    pub fn command(&self, arguments: &[&str], endpoint: &str, credentials: &[Variable]) -> Result<Command> {
        let mut command = Command::new(program::built()?.join("formwork"));
        command.args(arguments).arg(&self.stack).arg("--app").arg(self.assembly());
        command.args(["--endpoint-url", endpoint]).current_dir(self.directory());
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("AWS_") || name.starts_with("FORMWORK_")) {
                command.env_remove(name);
            }
        }
        let nowhere = self.directory().join("none");
        command
            .env("AWS_REGION", "us-east-1")
            .env("AWS_CONFIG_FILE", &nowhere)
            .env("AWS_SHARED_CREDENTIALS_FILE", &nowhere)
            .envs(credentials.iter().copied());
        Ok(command)
    }
}
