//! How tasks reach other services by name, and are reached: Service Connect.

use formwork_cfn::ecs::service::{
    ServiceConnectClientAlias, ServiceConnectConfiguration, ServiceConnectService,
};
use formwork_core::{Expr, Finding, Scope};

/// The namespace whose services tasks reach, and the port that they offer there.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    namespace: Expr<String>,
    offered: Option<String>,
}

impl Connection {
    pub(super) const fn to(namespace: Expr<String>) -> Self {
        Self { namespace, offered: None }
    }

    pub(super) const fn offering(namespace: Expr<String>, port_name: String) -> Self {
        Self { namespace, offered: Some(port_name) }
    }

    /// Reports (`FW0484`) a port that the task has not named.
    pub(super) fn into_property(
        self,
        names: &[(u16, String)],
        scope: &mut Scope<'_>,
    ) -> ServiceConnectConfiguration {
        let mut configuration = ServiceConnectConfiguration::new(true).namespace(self.namespace);
        let Some(offered) = self.offered else { return configuration };
        if let Some((port, name)) = names.iter().find(|(_, name)| *name == offered) {
            let alias = ServiceConnectClientAlias::new(*port).dns_name(name.as_str());
            configuration =
                configuration.services([ServiceConnectService::new(name.as_str()).client_aliases([alias])]);
        } else {
            let message = format!("no container of the task has a port with the name `{offered}`");
            let hint = format!("name it: `Container::new(...).named_port(\"{offered}\", port)`");
            scope.report(Finding::error("FW0484", message).hint(hint));
        }
        configuration
    }
}
