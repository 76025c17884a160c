//! Deployments on which everything that can go wrong does: each ends as if nothing had happened, or says
//! why not, and the same again comes home. What is counted stands in `docs/faults.md`.

mod calls;
mod drift;
mod interrupted;
mod killed;
mod lab;
mod runs;
mod table;
