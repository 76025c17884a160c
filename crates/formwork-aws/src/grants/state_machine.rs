//! What may be done with a state machine.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource, concat, join, split};

use super::granted;
use crate::iam::Permission;

/// What may be done with a state machine.
///
/// ```
/// use formwork_aws::grants::StateMachineGrants;
/// use formwork_cfn::ids::stepfunctions::StateMachineArn;
/// use formwork_core::{Expr, id};
///
/// let orders: Expr<StateMachineArn> = id("arn:aws:states:eu-west-1:111111111111:stateMachine:orders");
/// let permission = orders.start();
/// # let _ = permission;
/// ```
pub trait StateMachineGrants {
    /// The ARN of the state machine.
    fn state_machine(&self) -> Expr<ids::stepfunctions::StateMachineArn>;

    /// Starts executions.
    fn start(&self) -> Permission {
        Permission::new(["states:StartExecution"], [self.state_machine()])
    }

    /// Starts executions of an express machine, and waits for what comes of them.
    fn start_and_wait(&self) -> Permission {
        Permission::new(["states:StartSyncExecution"], [self.state_machine()])
    }

    /// Lists executions.
    fn list(&self) -> Permission {
        Permission::new(["states:ListExecutions"], [self.state_machine()])
    }

    /// Looks at executions.
    fn read_executions(&self) -> Permission {
        let actions = ["states:DescribeExecution", "states:GetExecutionHistory"];
        Permission::new(actions, [executions(self.state_machine())])
    }

    /// Stops executions.
    fn stop(&self) -> Permission {
        Permission::new(["states:StopExecution"], [executions(self.state_machine())])
    }
}

/// The ARNs of the executions: those of the machine with another word and one part more.
fn executions(machine: Expr<ids::stepfunctions::StateMachineArn>) -> Expr<String> {
    join(":execution:", split(":stateMachine:", concat([Expr::<String>::from(machine), ":*".into()])))
}

granted!(StateMachineGrants, state_machine, ids::stepfunctions::StateMachineArn);
