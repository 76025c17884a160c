//! [`interruptible`]: Ctrl-C and `--timeout`, for what goes on at the service without us.

use std::{future::Future, time::Duration};

use anyhow::{Context as _, Result};
use formwork_deploy::operator::Interruption;
use tokio::signal;

/// How work came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By itself.
    Own,
    /// The user wanted it to stop.
    Interrupted,
    /// It took longer than it was given.
    TimedOut,
}

/// Does some work until it is done.
///
/// The first Ctrl-C, or the end of the time, asks it to stop, which it does in good order; `told` is called
/// then. The second Ctrl-C drops it where it is: there is no result then.
pub(crate) async fn interruptible<T>(
    work: impl Future<Output = T>,
    interruption: &Interruption,
    timeout: Option<Duration>,
    told: impl Fn(Ending),
) -> Result<(Option<T>, Ending)> {
    let mut work = std::pin::pin!(work);
    let never = std::future::pending::<()>;
    let over = async {
        match timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => never().await,
        }
    };
    // From here on, Ctrl-C does not end the process by itself.
    let mut presses = std::pin::pin!(signal::ctrl_c());
    let ending = tokio::select! {
        done = &mut work => return Ok((Some(done), Ending::Own)),
        pressed = &mut presses => {
            pressed.context("cannot wait for Ctrl-C")?;
            Ending::Interrupted
        }
        () = over => Ending::TimedOut,
    };
    interruption.interrupt();
    told(ending);
    tokio::select! {
        done = &mut work => Ok((Some(done), ending)),
        _ = signal::ctrl_c() => Ok((None, Ending::Interrupted)),
    }
}
