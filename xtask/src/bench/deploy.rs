//! `cargo xtask bench deploy`: deployments to an emulator on this machine, start to exit.

use super::measure::{self, Series, floor, significant};
use super::report::{Section, table};
use super::{Arguments, machine};
use crate::judges;
use crate::{process, workspace::Workspace};
use anyhow::{Context as _, Result, bail};
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The stacks of the large app, of three resources each.
const STACKS: u32 = 100;
/// How many of them are worked on at a time.
const CONCURRENCY: &str = "16";
/// Longer than the emulator takes to start.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Section> {
    let packages =
        ["build", "--release", "--package", "formwork-cli", "--package", "formwork-bench", "--bins"];
    process::run(&mut workspace.cargo(packages))?;
    let directory = workspace.target.join("bench/deploy");
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    let programs = workspace.target.join("release");
    for (name, stacks) in [("one", 1), ("many", STACKS)] {
        let mut app = Command::new(programs.join("queues"));
        process::run(app.env("CDK_OUTDIR", directory.join(name)).env("N", stacks.to_string()))?;
    }
    let bench = Bench {
        formwork: programs.join("formwork"),
        emulator: judges::python_programs(workspace)?.join("ministack"),
        log: workspace.target.join("bench/log"),
        directory,
        runs: if arguments.quick { 1 } else { arguments.runs },
    };
    let machine = machine::describe(arguments.date.as_deref())?;
    let mut body = format!(
        "{machine}. `cargo xtask bench deploy --runs {}`\n\n\
         `formwork deploy` on an assembly of `bench/src/bin/queues.rs`, three resources a stack, to ministack \
         on the same machine, which shares its cores; from start to exit. CPU and memory are those of the \
         command alone: the median and, in brackets, the least and the most. Each run that creates has an \
         emulator of its own.\n\n{}",
        bench.runs,
        bench.table()?,
    );
    if let Some(floor) = floor() {
        body.push_str("\nNo figure of memory can be below that of the command that measures: ");
        body.push_str(&significant(floor));
        body.push_str(" MiB.\n");
    }
    Ok(Section::new("## Deployments", body))
}

struct Bench {
    formwork: PathBuf,
    emulator: PathBuf,
    directory: PathBuf,
    log: PathBuf,
    runs: u32,
}

impl Bench {
    fn table(&self) -> Result<String> {
        let mut rows = Vec::new();
        for (name, stacks) in [("one", 1), ("many", STACKS)] {
            let (mut created, mut unchanged) = (Series::default(), Series::default());
            for _ in 0..self.runs {
                let emulator = Emulator::start(&self.emulator, &self.directory)?;
                created.push(self.deploy(name, &emulator)?);
                unchanged.push(self.deploy(name, &emulator)?);
            }
            let noun = if stacks == 1 { "stack" } else { "stacks" };
            for (what, series) in [("created", created), ("with nothing to do", unchanged)] {
                rows.push(vec![
                    format!("{stacks} {noun}, {what}"),
                    series.cpu().time(),
                    series.wall().time(),
                    significant(f64::from(stacks) / series.wall().median),
                    format!("{} MiB", significant(series.memory().median)),
                ]);
            }
        }
        Ok(table(&["deployment", "CPU", "wall", "stacks a second", "memory"], None, rows.into_iter()))
    }

    fn deploy(&self, name: &str, emulator: &Emulator) -> Result<measure::Sample> {
        let mut command = Command::new(&self.formwork);
        command.args(["deploy", "--all", "--yes", "--concurrency", CONCURRENCY, "--app"]);
        command.arg(self.directory.join(name)).args(["--endpoint-url", &emulator.endpoint]);
        let environment = [
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_CONFIG_FILE", "none"),
            ("AWS_SHARED_CREDENTIALS_FILE", "none"),
        ];
        measure::measure(command.envs(environment).current_dir(&self.directory), &self.log)
    }
}

/// An emulator that goes when this goes.
pub(super) struct Emulator {
    process: Child,
    pub(super) endpoint: String,
}

impl Emulator {
    pub(super) fn start(program: &Path, directory: &Path) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let log = directory.join("emulator.log");
        let output = File::create(&log)?;
        let mut command = Command::new(program);
        command
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let process = command.spawn().context("cannot start ministack")?;
        let emulator = Self { process, endpoint: format!("http://127.0.0.1:{port}") };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if start.elapsed() > PATIENCE {
                bail!("ministack does not start:\n{}", fs::read_to_string(&log)?);
            }
            sleep(Duration::from_millis(50));
        }
        Ok(emulator)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
