//! The emulator of `--local`.

use std::{
    env,
    fs::File,
    io::{self, Read as _, Write as _},
    net::{IpAddr, SocketAddr, TcpStream},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use crate::{failure::Failure, terminal::Terminal};

/// Where the emulator listens when nobody says another place.
pub(crate) const ENDPOINT: &str = "http://127.0.0.1:4566";
/// The program.
const PROGRAM: &str = "ministack";
/// The one line that installs it.
const INSTALL: &str = "pip install ministack==1.5.33";
/// It starts in less than a second on an idle machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the emulator, if it does not run.
pub(crate) fn ensure(endpoint: &str, terminal: &mut Terminal) -> Result<()> {
    let address = address(endpoint)?;
    if answers(address) {
        return Ok(());
    }
    let log = env::temp_dir().join(format!("formwork-{PROGRAM}-{}.log", address.port()));
    let output = File::create(&log).with_context(|| format!("cannot write `{}`", log.display()))?;
    let mut command = Command::new(PROGRAM);
    command
        .env("BIND_HOST", address.ip().to_string())
        .env("GATEWAY_PORT", address.port().to_string())
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    // Ctrl-C is for the command, and not for the emulator, which runs on.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut process = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            let failure =
                Failure::new(format!("nothing listens at {endpoint}, and there is no `{PROGRAM}` to start"));
            failure.hint(format!("`{INSTALL}` installs it; or start another emulator there"))
        }
        _ => Failure::new(format!("cannot start `{PROGRAM}`: {error}")),
    })?;
    let start = Instant::now();
    while !answers(address) {
        let ended = process.try_wait()?;
        if ended.is_some() || start.elapsed() > PATIENCE {
            let failure = Failure::new(format!("`{PROGRAM}` does not answer at {endpoint}"));
            return Err(failure.hint(format!("what it wrote is in `{}`", log.display())).into());
        }
        thread::sleep(Duration::from_millis(50));
    }
    terminal.tell(&format!(
        "started `{PROGRAM}` at {endpoint}; it runs on, and forgets everything at `kill {}`",
        process.id()
    ));
    Ok(())
}

/// The address of an endpoint, which has to be of this machine: nothing else is started, or taken for an
/// emulator.
fn address(endpoint: &str) -> Result<SocketAddr> {
    let refused = || {
        let failure =
            Failure::new(format!("`--local` is for this machine, and `{endpoint}` is another place"));
        failure.hint(format!("give an address such as `{ENDPOINT}`, or leave `--local` out"))
    };
    let host = endpoint.strip_prefix("http://").ok_or_else(refused)?.trim_end_matches('/');
    let host = host.replace("localhost", "127.0.0.1");
    let address: SocketAddr = host.parse().map_err(|_| refused())?;
    let is_here = match address.ip() {
        IpAddr::V4(ip) => ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_loopback(),
    };
    if is_here { Ok(address) } else { Err(refused().into()) }
}

/// Whether somebody speaks HTTP there.
fn answers(address: SocketAddr) -> bool {
    let ask = || -> io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET / HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"HTTP/")
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_local() {
        let shown = |endpoint: &str| match address(endpoint) {
            Ok(address) => address.to_string(),
            Err(error) => error.to_string(),
        };
        let endpoints = [
            "http://127.0.0.1:4566",
            "http://localhost:5000/",
            "http://[::1]:4566",
            "http://10.0.0.1:4566",
            "https://cloudformation.eu-west-1.amazonaws.com",
        ];
        insta::assert_snapshot!(endpoints.map(shown).join("\n"), @r"
        127.0.0.1:4566
        127.0.0.1:5000
        [::1]:4566
        `--local` is for this machine, and `http://10.0.0.1:4566` is another place
        `--local` is for this machine, and `https://cloudformation.eu-west-1.amazonaws.com` is another place
        ");
    }
}
