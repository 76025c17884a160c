//! The projects that `formwork init` can start from. Their sources are in `templates/init`.

/// The one that is taken when nothing is said.
pub(crate) const DEFAULT: &str = "starter";

/// The sources of a project: Handlebars, in their paths too.
#[derive(Debug)]
pub(crate) struct Scaffold {
    pub(crate) name: &'static str,
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// Pairs the path of each file in the project with its source.
macro_rules! files {
    ($scaffold:literal: $($path:literal from $source:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../templates/init/", $scaffold, "/", $source)))),*]
    };
}

const ALL: [Scaffold; 1] = [Scaffold {
    name: DEFAULT,
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
}];

impl Scaffold {
    /// The project of a name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        const { &ALL }.iter().find(|scaffold| scaffold.name == name)
    }
}

/// The names that `--template` takes.
pub(crate) fn names() -> Vec<&'static str> {
    ALL.iter().map(|scaffold| scaffold.name).collect()
}
