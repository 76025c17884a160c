//! [`Targets`]: the accounts and regions that stacks are in, each with one client.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use formwork_core::AssemblyStack;
use formwork_deploy::client::{Client, Connection};
use tokio::runtime::{Builder, Runtime};

use crate::{
    connection_options::{ConnectionOptions, connect},
    failure::Failure,
};

/// What asks the service: everything happens on one thread.
pub(crate) fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_all().build().context("cannot start the runtime for calls")
}

/// The accounts and regions that stacks are in, each with one client.
#[derive(Default)]
pub(crate) struct Targets {
    clients: BTreeMap<Connection, Client>,
}

impl Targets {
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
            let client = self.client(&connection)?;
            let actual =
                client.account().await.with_context(|| format!("cannot tell the account of `{name}`"))?;
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
        if !self.clients.contains_key(connection) {
            self.clients.insert(connection.clone(), connect(connection).await?);
        }
        Ok(())
    }

    /// The client of a connection that was added.
    pub(crate) fn client(&self, connection: &Connection) -> Result<&Client> {
        self.clients.get(connection).context("nothing is connected there")
    }
}
