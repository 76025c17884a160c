//! A short run of every fuzz target, the same in every run.
#![expect(clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "the helper of tests")]

use std::{
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use formwork_fuzz_bodies::{BODIES, Body, mutate, seeds};

/// How many executions each target gets.
const EXECUTIONS: &str = "FORMWORK_FUZZ_EXECUTIONS";
/// A few seconds without optimization.
const FEW: u64 = 5_000;

fn run(name: &str, body: Body) {
    let executions = env::var(EXECUTIONS).map_or(FEW, |number| number.parse().expect("a number"));
    let seeds = seeds::of(name).expect("seeds can be read");
    assert!(!seeds.is_empty());
    for seed in &seeds {
        body(seed);
    }
    let start = Instant::now();
    let mut slowest = (Duration::ZERO, 0);
    for number in 0..executions {
        let data = mutate::template(number, &seeds);
        let begin = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| body(&data))).is_err() {
            let file = env::temp_dir().join(format!("formwork-fuzz-{name}-{number}"));
            fs::write(&file, &data).expect("the input can be kept");
            panic!("execution {number} of `{name}` fails; its input is kept in {}", file.display());
        }
        slowest = slowest.max((begin.elapsed(), number));
    }
    println!(
        "{name}: {executions} executions of {} seeds in {:.1?}; the slowest, {}, took {:.1?}",
        seeds.len(),
        start.elapsed(),
        slowest.1,
        slowest.0
    );
}

#[test]
fn json() {
    run(BODIES[0].0, BODIES[0].1);
}

#[test]
fn yaml() {
    run(BODIES[1].0, BODIES[1].1);
}

#[test]
fn check() {
    run(BODIES[2].0, BODIES[2].1);
}
