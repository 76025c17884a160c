//! The pack `security`: what is open, readable or unwatched that need not be.

mod access;
mod encryption;
mod exposure;
mod logging;
mod secrets;

use crate::judge::Judge;

/// Judges by the rules of the pack.
pub(super) fn check(judge: &mut Judge<'_>) {
    exposure::check(judge);
    encryption::check(judge);
    access::check(judge);
    secrets::check(judge);
    logging::check(judge);
}
