//! What the assertions say when they fail, and that they hold when they should.

#![expect(clippy::expect_used, clippy::panic, reason = "what must not be fails the test")]

mod app;
mod clean;
mod failures;
mod matchers;
mod snapshots;
