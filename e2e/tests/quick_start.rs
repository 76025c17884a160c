//! What the README says to type, typed.

use anyhow::{Context as _, Result, ensure};
use formwork_e2e::{Judges, program, workspace};
use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

/// The emulator that the commands have started, which runs on by itself.
struct Started(Option<String>);

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(process) = &self.0 {
            drop(Command::new("kill").arg(process).status());
        }
    }
}

/// The commands of a section, but for those that install what is here already.
fn commands(section: &str) -> Result<String> {
    let readme = fs::read_to_string(workspace().join("README.md"))?;
    let section = readme.split(section).nth(1).context("the README has the section")?;
    let section = section.split("\n## ").next().unwrap_or_default();
    let blocks = section.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).filter(|line| !line.contains(" install "));
    Ok(lines.flat_map(|line| [line, "\n"]).collect())
}

#[test]
#[cfg(unix)]
fn what_the_readme_says_works() -> Result<()> {
    let Some(judges) = Judges::or_skip("the quick start") else { return Ok(()) };
    let directory = tempfile::tempdir()?;
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port().to_string();
    let checkout = workspace();
    let script = commands("## Deploy something, without an account\n")?
        .replace("--formwork-path .", &format!("--formwork-path '{}'", checkout.display()))
        .replace("cd shop\n", &format!("cd shop\ncp '{}/Cargo.lock' .\n", checkout.display()))
        .replace("4566", &port);
    ensure!(script.contains("formwork drift"), "the section is found:\n{script}");
    let installed = judges.python("ministack").parent().context("it is in a directory")?.to_owned();
    let mut path = vec![program::built()?, installed];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    // What the tests of `formwork init` have built there need not be built again.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("init");
    let output = Command::new("bash")
        .args(["-euc", &script])
        .current_dir(directory.path())
        .env("PATH", env::join_paths(path)?)
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("TMPDIR", directory.path())
        .output()?;
    let (data, messages) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr).into_owned());
    let process = messages.split("`kill ").nth(1).and_then(|rest| rest.split('`').next());
    let _started = Started(process.map(str::to_owned));
    ensure!(output.status.success(), "{data}\n{messages}");
    for word in [
        "created",
        "DisplayName: shop (dev) -> the shop (dev)",
        "updated",
        "the shop (dev) -> nobody",
        "deleted",
    ] {
        ensure!(data.contains(word), "no `{word}` in\n{data}\n{messages}");
    }
    Ok(())
}
