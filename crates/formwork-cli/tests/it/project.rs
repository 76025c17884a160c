//! [`Project`]: a directory that the command is run in.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A directory of its own, and what the command does in it.
pub(crate) struct Project {
    directory: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Project {
    /// An empty directory.
    pub(crate) fn empty() -> Self {
        let directory = tempfile::Builder::new().prefix("project").tempdir().expect("a temporary directory");
        Self { directory, variables: Vec::new() }
    }

    /// A directory whose `formwork.toml` runs the sample app in a mode.
    pub(crate) fn sample(mode: &str) -> Self {
        let project = Self::empty();
        project.write("formwork.toml", &format!("app = \"{} {mode}\"\n", sample()));
        project
    }

    /// Sets a variable of the environment.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// A path in the directory, without symbolic links in it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().canonicalize().expect("the directory is there").join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file is in a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the file is there")
    }

    /// Runs the command, and tells its exit code and both streams, the same wherever it runs.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        self.run_in("", arguments)
    }

    /// Runs the command in a directory of the project.
    pub(crate) fn run_in(&self, directory: &str, arguments: &[&str]) -> String {
        let output = self.output(directory, arguments);
        let text = |bytes: &[u8]| self.normalized(&String::from_utf8_lossy(bytes));
        let code = output.status.code().map_or("none".to_owned(), |code| code.to_string());
        let line = self.normalized(&arguments.join(" "));
        format!(
            "$ formwork {line}\nexit code: {code}\n--- stdout\n{}--- stderr\n{}",
            text(&output.stdout),
            text(&output.stderr)
        )
    }

    /// Runs the command, and gives what it wrote to standard output; it must succeed.
    pub(crate) fn data(&self, arguments: &[&str]) -> String {
        let output = self.output("", arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    pub(crate) fn output(&self, directory: &str, arguments: &[&str]) -> Output {
        self.command(directory, arguments).output().expect("the command starts")
    }

    pub(crate) fn command(&self, directory: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_formwork"));
        command.args(arguments).current_dir(self.path(directory)).env_clear();
        // What cargo and programs need to be found; nothing else of the environment gets through.
        for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "TMPDIR"] {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Takes out what differs from run to run: where things are, and how long they take.
    fn normalized(&self, text: &str) -> String {
        let text = text
            .replace(&self.path("").display().to_string().trim_end_matches('/').to_owned(), "[PROJECT]")
            .replace(&sample(), "sample")
            .replace(&workspace().display().to_string(), "[WORKSPACE]")
            .replace('\u{1b}', "\\e");
        let lines = text.lines().map(|line| match line.strip_prefix("it took ") {
            Some(_) => "it took [TIME]\n".to_owned(),
            None => format!("{line}\n"),
        });
        lines.collect()
    }
}

/// The app that the tests run: an example of this package, which cargo builds with the tests.
pub(crate) fn sample() -> String {
    let test = env::current_exe().expect("the path of the test");
    let path = test.parent().and_then(Path::parent).expect("cargo's directory").join("examples/sample");
    assert!(path.is_file(), "build it with `cargo build -p formwork-cli --examples`");
    path.display().to_string()
}

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace is there")
}
