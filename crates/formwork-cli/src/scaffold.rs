//! The projects that `formwork init` can start from. Their sources are in `templates/init`.

use clap::builder::PossibleValue;

/// The one that is taken when nothing is said.
pub(crate) const DEFAULT: &str = "starter";

/// The sources of a project: Handlebars, in their paths too.
#[derive(Debug)]
pub(crate) struct Scaffold {
    name: &'static str,
    about: &'static str,
    /// The path of each file in the project, and its source.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// Pairs the path of each file in the project with its source.
macro_rules! files {
    ($scaffold:literal: $($path:literal from $source:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../templates/init/", $scaffold, "/", $source)))),*]
    };
}

static ALL: [Scaffold; 2] = [
    Scaffold {
        name: DEFAULT,
        about: "A library of stacks, with assertions and a snapshot for review",
        files: files! { "starter":
            "Cargo.toml" from "Cargo.toml.hbs",
            "formwork.toml" from "formwork.toml.hbs",
            "src/lib.rs" from "src/lib.rs.hbs",
            "src/main.rs" from "src/main.rs.hbs",
            "tests/stack.rs" from "tests/stack.rs.hbs",
            "snapshots/{{stack}}.template.json" from "snapshots/stack.template.json.hbs",
            "README.md" from "README.md.hbs",
            ".gitignore" from "gitignore.hbs",
        },
    },
    Scaffold {
        name: "minimal",
        about: "One stack and its test in one file",
        files: files! { "minimal":
            "Cargo.toml" from "Cargo.toml.hbs",
            "formwork.toml" from "formwork.toml.hbs",
            "src/main.rs" from "src/main.rs.hbs",
            ".gitignore" from "gitignore.hbs",
        },
    },
];

impl Scaffold {
    /// The project of a name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|scaffold| scaffold.name == name)
    }
}

/// What `--template` takes.
pub(crate) fn names() -> impl Iterator<Item = PossibleValue> {
    ALL.iter().map(|scaffold| PossibleValue::new(scaffold.name).help(scaffold.about))
}
