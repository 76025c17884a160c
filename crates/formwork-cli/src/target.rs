//! [`Targets`]: the accounts and regions that stacks are in.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use formwork_core::AssemblyStack;
use formwork_deploy::{
    asset::Site,
    bucket::Bucket,
    client::{Aws, Client, Connection},
    stopped_task::Ecs,
};
use tokio::runtime::{Builder, Runtime};

use crate::{
    connection_options::{ConnectionOptions, connect},
    failure::Failure,
};

/// What asks the service: everything happens on one thread.
pub(crate) fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_all().build().context("cannot start the runtime for calls")
}

/// An account and region.
pub(crate) struct Target {
    aws: Aws,
    pub(crate) client: Client,
    /// Where templates go that are too long for a call.
    pub(crate) bucket: Bucket,
    /// Where assets go.
    pub(crate) site: Site,
    /// Who knows why tasks stopped.
    pub(crate) tasks: Ecs,
}

/// The accounts and regions that stacks are in.
#[derive(Default)]
pub(crate) struct Targets {
    targets: BTreeMap<Connection, Target>,
    /// The bucket for templates that the user has named.
    bucket: Option<String>,
}

impl Targets {
    /// Puts templates that are too long for a call into a bucket of this name, and not into that of the
    /// account's bootstrap stack.
    pub(crate) fn with_bucket(bucket: Option<&str>) -> Self {
        Self { targets: BTreeMap::new(), bucket: bucket.map(str::to_owned) }
    }

    /// Connects to the place of a stack: in its region, and in its account by the role that is to be assumed
    /// there.
    ///
    /// An account that the author states has to be the one that the credentials are of.
    pub(crate) async fn add(
        &mut self,
        stack: &AssemblyStack,
        options: &ConnectionOptions,
        roles: &BTreeMap<String, String>,
    ) -> Result<Connection> {
        let mut connection = options.connection(stack.environment.region.as_deref());
        let account = stack.environment.account.as_ref().filter(|_| !options.is_local());
        connection.role = account.and_then(|account| roles.get(account).cloned());
        self.connect(&connection).await?;
        if let Some(account) = account {
            let name = &stack.name;
            let actual = self
                .target(&connection)?
                .aws
                .account()
                .await
                .with_context(|| format!("cannot tell the account of `{name}`"))?;
            if actual != *account {
                let message =
                    format!("`{name}` belongs in account {account}, and the credentials are of {actual}");
                let hint = format!(
                    "`--profile NAME`, or the role to assume there: `{account} = \"arn:aws:iam::{account}:role/...\"` in `[deploy.accounts]` of `formwork.toml`"
                );
                return Err(Failure::new(message).hint(hint).into());
            }
        }
        Ok(connection)
    }

    /// Connects, unless that has been done.
    pub(crate) async fn connect(&mut self, connection: &Connection) -> Result<()> {
        if !self.targets.contains_key(connection) {
            let aws = connect(connection).await?;
            let (client, tasks) = (Client::new(&aws), Ecs::new(&aws));
            let bucket = Bucket::new(&aws, self.bucket.as_deref());
            self.targets
                .insert(connection.clone(), Target { site: Site::new(&aws), aws, client, bucket, tasks });
        }
        Ok(())
    }

    /// What a connection that was added leads to.
    pub(crate) fn target(&self, connection: &Connection) -> Result<&Target> {
        self.targets.get(connection).context("nothing is connected there")
    }
}
