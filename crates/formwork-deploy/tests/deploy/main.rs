//! The engine against the simulated service.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod app;
mod caprice;
mod convergence;
mod drift;
mod engine;
mod exports;
mod rename;
mod support;
