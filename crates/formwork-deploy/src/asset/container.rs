//! [`ContainerCommand`]: `docker`, or what stands in for it.

use std::{
    ffi::{OsStr, OsString},
    io,
    path::Path,
    process::Stdio,
};

use tokio::{io::AsyncWriteExt as _, process::Command};

use super::manifest::Image;

/// The variables that name the command: formwork's own, and that of the CDK.
const VARIABLES: [&str; 2] = ["FORMWORK_DOCKER", "CDK_DOCKER"];
/// How many of the last lines of a failed command are told.
const LINES: usize = 20;

/// A command that builds and pushes images: `docker`, `podman`, `finch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerCommand(OsString);

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContainerError {
    /// It cannot be run.
    #[error(
        "`{command}` cannot be run: {error}\nhint: images need docker; `FORMWORK_DOCKER` names another command, such as `podman`"
    )]
    Missing {
        /// The command.
        command: String,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// It failed.
    #[error("`{command}` failed:\n{output}")]
    Failed {
        /// The command.
        command: String,
        /// The last lines that it wrote.
        output: String,
    },
}

impl ContainerCommand {
    /// A command by its name or path.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self(program.into())
    }

    /// What `FORMWORK_DOCKER` or `CDK_DOCKER` names, or `docker`.
    pub fn from_environment() -> Self {
        let named = VARIABLES.iter().filter_map(std::env::var_os).find(|name| !name.is_empty());
        Self(named.unwrap_or_else(|| "docker".into()))
    }

    /// Builds an image under a local name.
    pub(super) async fn build(
        &self,
        directory: &Path,
        image: &Image,
        name: &str,
    ) -> Result<(), ContainerError> {
        let mut arguments: Vec<OsString> = ["build", "--tag", name].map(OsString::from).to_vec();
        let mut option = |name: &str, value: &OsStr| arguments.extend([name.into(), value.to_owned()]);
        for (argument, value) in &image.docker_build_args {
            option("--build-arg", format!("{argument}={value}").as_ref());
        }
        let options = [
            ("--target", &image.docker_build_target),
            ("--platform", &image.platform),
            ("--network", &image.network_mode),
        ];
        for (name, value) in options {
            if let Some(value) = value {
                option(name, value.as_ref());
            }
        }
        if let Some(file) = &image.docker_file {
            option("--file", directory.join(file).as_ref());
        }
        arguments.push(directory.into());
        self.run(&arguments, None).await
    }

    /// Gives an image another name.
    pub(super) async fn tag(&self, name: &str, other: &str) -> Result<(), ContainerError> {
        self.run(&["tag".into(), name.into(), other.into()], None).await
    }

    /// Uploads an image.
    pub(super) async fn push(&self, name: &str) -> Result<(), ContainerError> {
        self.run(&["push".into(), name.into()], None).await
    }

    /// Logs in to a registry. The password is in no argument, where others could read it.
    pub(super) async fn log_in(&self, host: &str, user: &str, password: &str) -> Result<(), ContainerError> {
        let arguments = ["login", "--username", user, "--password-stdin", host].map(OsString::from);
        self.run(&arguments, Some(password)).await
    }

    async fn run(&self, arguments: &[OsString], input: Option<&str>) -> Result<(), ContainerError> {
        let verb = arguments.first().map(|verb| verb.to_string_lossy().into_owned()).unwrap_or_default();
        let command = format!("{} {verb}", self.0.display());
        let missing = |error| ContainerError::Missing { command: command.clone(), error };
        let mut child = Command::new(&self.0)
            .args(arguments)
            // Lambda refuses images with attestations beside them.
            .env("BUILDX_NO_DEFAULT_ATTESTATIONS", "1")
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(missing)?;
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
            // A command that does not read to the end says why by its exit.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        let output = child.wait_with_output().await.map_err(missing)?;
        if output.status.success() {
            return Ok(());
        }
        let written = [output.stdout, output.stderr].concat();
        let written = String::from_utf8_lossy(&written);
        let lines: Vec<&str> = written.lines().filter(|line| !line.trim().is_empty()).collect();
        let last = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join("\n");
        let output = if last.is_empty() { output.status.to_string() } else { last };
        Err(ContainerError::Failed { command, output })
    }
}
