//! [`ConnectionOptions`]: which account and region are asked.

use anyhow::Result;
use clap::Args;
use formwork_deploy::{
    client::{Aws, Connection, StaticCredentials},
    error::ServiceError,
};

use crate::{failure::Failure, local, terminal::Terminal};

/// The region of an emulator, where nobody says another.
const LOCAL_REGION: &str = "us-east-1";

/// Which account and region are asked.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionOptions {
    /// The profile in the AWS configuration files
    #[arg(long, value_name = "NAME", conflicts_with = "local")]
    profile: Option<String>,
    /// The region of stacks that say none
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Another address than AWS's, for example of an emulator
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL")]
    endpoint_url: Option<String>,
    /// An emulator on this machine in place of AWS: no account is needed, and nothing costs
    ///
    /// The emulator is `ministack`, at `http://127.0.0.1:4566` unless `--endpoint-url` names another
    /// port. It is started if it does not run, and runs on.
    #[arg(long)]
    local: bool,
}

impl ConnectionOptions {
    /// How to reach the region of a stack.
    pub(crate) fn connection(&self, region: Option<&str>) -> Connection {
        let region = region.map(str::to_owned).or_else(|| self.region.clone());
        if self.local {
            return Connection {
                region: Some(region.unwrap_or_else(|| LOCAL_REGION.to_owned())),
                endpoint: Some(self.local_endpoint().to_owned()),
                credentials: Some(StaticCredentials::test()),
                ..Connection::default()
            };
        }
        Connection {
            profile: self.profile.clone(),
            region,
            endpoint: self.endpoint_url.clone(),
            ..Connection::default()
        }
    }

    /// Whether an emulator stands in for AWS, so that accounts mean nothing.
    pub(crate) const fn is_local(&self) -> bool {
        self.local
    }

    /// Sees to it that there is somebody to connect to.
    pub(crate) fn prepare(&self, terminal: &mut Terminal) -> Result<()> {
        if self.local { local::ensure(self.local_endpoint(), terminal) } else { Ok(()) }
    }

    /// What another command has to be given to reach the same place.
    pub(crate) fn as_arguments(&self) -> String {
        let mut words = Vec::new();
        let options = [("--profile", &self.profile), ("--region", &self.region)];
        for (option, value) in options {
            words.extend(value.iter().flat_map(|value| [option.to_owned(), value.clone()]));
        }
        if self.local {
            words.push("--local".to_owned());
        }
        if let Some(endpoint) = self.endpoint_url.as_ref().filter(|endpoint| *endpoint != local::ENDPOINT) {
            words.extend(["--endpoint-url".to_owned(), endpoint.clone()]);
        }
        shell_words::join(words)
    }

    fn local_endpoint(&self) -> &str {
        self.endpoint_url.as_deref().unwrap_or(local::ENDPOINT)
    }
}

/// The account and region of a connection, or what is missing for one.
pub(crate) async fn connect(connection: &Connection) -> Result<Aws> {
    Aws::connect(connection).await.map_err(|error| {
        let text = match error {
            ServiceError::Other { message, .. } => message,
            other => other.to_string(),
        };
        Failure::new(text)
            .hint("`--region REGION`, or the variable AWS_REGION; `--local` for an emulator on this machine")
            .into()
    })
}
