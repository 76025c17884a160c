//! What is set on the stack itself, once it is as its template says.

use crate::{error::ServiceError, progress::Progress, retry::attempt};

use super::operation::{Operation, Work};

impl Operation<'_> {
    /// Sets the termination protection and the stack policy. What fails here is told, and undoes nothing:
    /// which settings failed, and why.
    pub(super) async fn change_settings(&mut self) -> Vec<(&'static str, ServiceError)> {
        let mut failures = Vec::new();
        let Work::Deploy { request, .. } = self.work else { return failures };
        let Some(seen) = &self.seen else { return failures };
        let engine = self.engine;
        let arn = seen.arn.as_str();
        if let Some(wanted) = request.termination_protection
            && wanted != seen.termination_protection
        {
            let answer = attempt(engine.clock, engine.retry, || {
                engine.service.set_termination_protection(arn, wanted)
            });
            failures.extend(answer.await.result.err().map(|error| ("termination protection", error)));
        }
        if let Some(policy) = &request.stack_policy {
            let answer = attempt(engine.clock, engine.retry, || engine.service.set_stack_policy(arn, policy));
            failures.extend(answer.await.result.err().map(|error| ("stack policy", error)));
        }
        for (setting, error) in &failures {
            let (stack, reason) = (self.name.to_owned(), error.to_string());
            self.tell(&Progress::SettingFailed { stack, setting, reason });
        }
        failures
    }
}
