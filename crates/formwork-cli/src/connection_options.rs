//! [`ConnectionOptions`]: which account and region are asked.

use clap::Args;
use formwork_deploy::client::Connection;

/// Which account and region are asked.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionOptions {
    /// The profile in the AWS configuration files
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The region of stacks that say none
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Another address than AWS's, for example of an emulator
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL")]
    endpoint_url: Option<String>,
}

impl ConnectionOptions {
    /// How to reach the region of a stack.
    pub(crate) fn connection(&self, region: Option<&str>) -> Connection {
        Connection {
            profile: self.profile.clone(),
            region: region.map(str::to_owned).or_else(|| self.region.clone()),
            endpoint: self.endpoint_url.clone(),
            ..Connection::default()
        }
    }
}
