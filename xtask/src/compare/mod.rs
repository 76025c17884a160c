//! `cargo xtask compare`: formwork and the CDK at the same work, resource by resource.

mod classes;
mod code;
mod difference;
mod meaning;
mod page;
mod pairs;
mod sentences;

use crate::bench::{cdk, report::table};
use crate::{process, workspace::Workspace};
use anyhow::{Context as _, Result};
use code::Size;
use page::Side;
use sentences::Notes;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Where the generated part of a page begins and ends.
const BEGIN: &str = "<!-- begin: written by `cargo xtask compare` -->\n";
const END: &str = "<!-- end -->\n";

/// From so many bytes on, nobody reads a template.
const LONG: usize = 100_000;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Synthesize the CDK's templates anew as well, and look for the classes that docs/constructs.md names:
    /// needs Node.js and npm
    #[arg(long)]
    cdk: bool,
}

/// Work that both have done.
struct Work {
    /// The page, the notes, and the binary of `formwork-bench`.
    name: &'static str,
    /// The app in `bench/cdk/apps`, and its template.
    app: &'static str,
    /// What both call the stack.
    stack: &'static str,
    /// What else the CDK's app is written in.
    shared: &'static [&'static str],
}

const WORK: [Work; 3] = [
    Work { name: "web-asg", app: "a2-web-asg", stack: "WebAsg", shared: &["lib/web-tier.ts", "lib/vpc.ts"] },
    Work { name: "ecs-fargate", app: "a3-ecs-fargate", stack: "EcsFargate", shared: &["lib/vpc.ts"] },
    Work { name: "iam-heavy", app: "a7-iam-heavy", stack: "IamHeavy", shared: &[] },
];

pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    process::run(&mut workspace.cargo(["build", "--package", "formwork-bench", "--bins"]))?;
    let scratch = workspace.target.join("compare");
    for work in &WORK {
        let directory = scratch.join(work.name);
        fs::create_dir_all(&directory)?;
        let program = workspace.target.join("debug").join(work.name);
        process::run(Command::new(program).current_dir(&directory).env("CDK_OUTDIR", &directory))?;
        keep(&directory, work.stack, &work.our_template(&workspace.root))?;
    }
    if arguments.cdk {
        let installation = cdk::Installation::prepare(workspace)?;
        let page = fs::read_to_string(workspace.root.join("docs/constructs.md"))?;
        classes::check(&page, &installation.library())?;
        for work in &WORK {
            let directory = scratch.join(work.app);
            fs::create_dir_all(&directory)?;
            process::run(installation.app(work.app, false).env("CDK_OUTDIR", &directory))?;
            keep(&directory, work.stack, &work.their_template(&workspace.root))?;
        }
    }
    let mut rows = Vec::new();
    for work in &WORK {
        let [ours, theirs] = work.sizes(&workspace.root)?;
        let cell = |ours: usize, theirs: usize| format!("{ours} and {theirs}");
        rows.push(vec![
            work.name.to_owned(),
            cell(ours.lines, theirs.lines),
            cell(ours.characters, theirs.characters),
        ]);
        let page = work.page(&workspace.root);
        let text = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
        fs::write(&page, placed(&text, &work.generate(&workspace.root)?)?)?;
    }
    println!("{}", table(&["formwork and CDK", "lines", "characters"], None, rows.into_iter()));
    Ok(())
}

/// Puts a template into the project: with white space for people, unless it is too long for them.
fn keep(directory: &Path, stack: &str, file: &Path) -> Result<()> {
    let text = fs::read_to_string(directory.join(format!("{stack}.template.json")))?;
    let document: serde_json::Value = serde_json::from_str(&text)?;
    let mut kept =
        if text.len() > LONG { document.to_string() } else { serde_json::to_string_pretty(&document)? };
    kept.push('\n');
    fs::write(file, kept).with_context(|| format!("cannot write {}", file.display()))
}

impl Work {
    fn our_template(&self, root: &Path) -> std::path::PathBuf {
        root.join("bench/templates").join(format!("{}.template.json", self.name))
    }

    fn their_template(&self, root: &Path) -> std::path::PathBuf {
        root.join("bench/cdk/templates").join(format!("{}.template.json", self.app))
    }

    fn page(&self, root: &Path) -> std::path::PathBuf {
        root.join("docs/cdk").join(format!("{}.md", self.name))
    }

    /// The files of the code, ours and theirs.
    fn files(&self) -> [Vec<String>; 2] {
        let theirs = [format!("bench/cdk/apps/{}.ts", self.app)];
        let shared = self.shared.iter().map(|file| format!("bench/cdk/{file}"));
        [vec![format!("bench/src/bin/{}.rs", self.name)], theirs.into_iter().chain(shared).collect()]
    }

    fn sizes(&self, root: &Path) -> Result<[Size; 2]> {
        let [ours, theirs] = self.files();
        let size = |files: Vec<String>| -> Result<Size> {
            let mut size = Size::default();
            for file in files {
                size += Size::of(&fs::read_to_string(root.join(file))?);
            }
            Ok(size)
        };
        Ok([size(ours)?, size(theirs)?])
    }

    /// The generated part of the page, from what is in the project.
    fn generate(&self, root: &Path) -> Result<String> {
        let notes = Notes::read(&root.join("bench/compare"), self.name)?;
        let [our_size, their_size] = self.sizes(root)?;
        let [our_files, their_files] = self.files().map(|files| {
            files.iter().map(|file| format!("[`{file}`](../../{file})")).collect::<Vec<_>>().join(", ")
        });
        let (ours, theirs) =
            (fs::read_to_string(self.our_template(root))?, fs::read_to_string(self.their_template(root))?);
        let side = |text, size, files| Side { stack: self.stack, text, size, files };
        page::generate(&side(&ours, our_size, our_files), &side(&theirs, their_size, their_files), &notes)
            .with_context(|| format!("docs/cdk/{}.md", self.name))
    }
}

/// A page with its generated part in its place.
fn placed(page: &str, generated: &str) -> Result<String> {
    let (before, rest) =
        page.split_once(BEGIN).context("the page says nowhere where the generated part begins")?;
    let (_, after) = rest.split_once(END).context("the page says nowhere where the generated part ends")?;
    Ok(format!("{before}{BEGIN}\n{generated}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_say_what_the_templates_say() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for work in &WORK {
            let text = fs::read_to_string(work.page(&root)).unwrap();
            let fresh = placed(&text, &work.generate(&root).unwrap()).unwrap();
            assert!(text == fresh, "docs/cdk/{}.md is stale: run `cargo xtask compare`", work.name);
        }
    }
}
