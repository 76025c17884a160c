//! What may be done with an event bus.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with an event bus.
///
/// ```
/// use formwork_aws::grants::EventBusGrants;
/// use formwork_cfn::ids::events::EventBusArn;
/// use formwork_core::{Expr, id};
///
/// let orders: Expr<EventBusArn> = id("arn:aws:events:eu-west-1:111111111111:event-bus/orders");
/// let permission = orders.put_events();
/// # let _ = permission;
/// ```
pub trait EventBusGrants {
    /// The ARN of the event bus.
    fn event_bus(&self) -> Expr<ids::events::EventBusArn>;

    /// Puts events on it.
    fn put_events(&self) -> Permission {
        Permission::new(["events:PutEvents"], [self.event_bus()])
    }
}

granted!(EventBusGrants, event_bus, ids::events::EventBusArn);
