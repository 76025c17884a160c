//! The figures as Markdown, and their place in `bench/RESULTS.md`.

use super::measure::{Series, Spread, floor, significant};
use anyhow::Result;
use std::fmt;
use std::fs;
use std::path::Path;

/// The start of the file, above the sections that the runs write.
const TITLE: &str = "# Results\n\nWritten by `cargo xtask bench`, and by `build`, `check`, `diff`, `deploy` and `drift` of it; do not edit.\n";

/// One kind of work, done by both.
pub(crate) struct Row {
    label: String,
    pub(crate) ours: Series,
    /// The CDK with its template validation off.
    pub(crate) theirs: Series,
    /// The CDK as it comes, with its template validation on; may be empty.
    pub(crate) validated: Series,
    pub(crate) our_resources: u64,
    pub(crate) their_resources: u64,
}

impl Row {
    pub(crate) fn new(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            ours: Series::default(),
            theirs: Series::default(),
            validated: Series::default(),
            our_resources: 0,
            their_resources: 0,
        }
    }
}

/// One section of the file: a heading and what stands below it.
pub(crate) struct Section {
    heading: &'static str,
    body: String,
}

impl fmt::Display for Section {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n\n{}", self.heading, self.body)
    }
}

impl Section {
    pub(crate) fn new(heading: &'static str, body: String) -> Self {
        Self { heading, body }
    }

    /// Puts the section in the file, in the place of its older self when there is one.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let text = fs::read_to_string(file).unwrap_or_else(|_| TITLE.to_owned());
        fs::write(file, self.placed(&text))?;
        eprintln!("wrote bench/RESULTS.md");
        Ok(())
    }

    fn placed(&self, text: &str) -> String {
        let start = text.find(&format!("{}\n", self.heading)).unwrap_or(text.len());
        let after = text.get(start + self.heading.len()..).unwrap_or_default();
        let rest = after.find("\n## ").map_or("", |end| after.get(end + 1..).unwrap_or_default());
        let before = text.get(..start).unwrap_or_default().trim_end();
        let mut placed = format!("{before}\n\n{self}");
        if !rest.is_empty() {
            placed.push('\n');
            placed.push_str(rest);
        }
        placed
    }
}

/// The section on synthesis.
pub(crate) fn synthesis(machine: &str, versions: &str, command: &str, rows: &[Row]) -> Section {
    let mut body = format!("{machine}, {versions}. `{command}`\n\n");
    body.push_str(
        "Each program is already built (ours by `cargo build --release`, the CDK's by `tsc`) and runs alone, \
         in turns with the others; without the `cdk` command, which adds to theirs. Times are CPU seconds, user \
         and system, of the process and its descendants: the median and, in brackets, the least and the most. \
         Memory is the median peak of the largest process. \"Validation\" is the CDK's own check of templates, \
         which is on by default; formwork's own findings are always on.\n\n",
    );
    let validated = rows.iter().any(|row| row.validated.runs() > 0);
    body.push_str(&table(
        &["CPU", "resources, ours and CDK", "formwork", "CDK, validation off", "ratio"],
        validated.then_some(&["CDK, validation on", "ratio"]),
        rows.iter().map(|row| {
            let ours = row.ours.cpu();
            let mut cells =
                vec![row.label.clone(), format!("{} and {}", row.our_resources, row.their_resources)];
            cells.push(ours.time());
            cells.extend(against(&row.theirs, Series::cpu, Spread::time, ours));
            if validated {
                cells.extend(against(&row.validated, Series::cpu, Spread::time, ours));
            }
            cells
        }),
    ));
    body.push('\n');
    body.push_str(&table(
        &["memory and wall", "formwork", "CDK, validation off", "ratio of memory"],
        validated.then_some(&["CDK, validation on", "ratio of memory"]),
        rows.iter().map(|row| {
            let ours = row.ours.memory();
            let mut cells = vec![row.label.clone(), size_and_wall(&row.ours)];
            for series in [&row.theirs, &row.validated].into_iter().take(if validated { 2 } else { 1 }) {
                cells.push(size_and_wall(series));
                cells.push(ratio(series.memory(), ours));
            }
            cells
        }),
    ));
    let runs = |series: fn(&Row) -> &Series| {
        let mut counts: Vec<usize> = rows.iter().map(|row| series(row).runs()).collect();
        counts.dedup();
        counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let (ours, theirs) = (runs(|row| &row.ours), runs(|row| &row.theirs));
    let counted = format!("\nCounted runs, down the rows: ours {ours}; CDK {theirs}.\n");
    body.push_str(&counted);
    if let Some(floor) = floor() {
        body.push_str("No figure of memory can be below that of the command that measures: ");
        body.push_str(&significant(floor));
        body.push_str(" MiB.\n");
    }
    Section::new("## Synthesis", body)
}

/// A figure of theirs and how many times ours it is.
fn against(
    theirs: &Series,
    figure: fn(&Series) -> Spread,
    shown: fn(&Spread) -> String,
    ours: Spread,
) -> [String; 2] {
    let theirs = figure(theirs);
    [shown(&theirs), ratio(theirs, ours)]
}

fn ratio(theirs: Spread, ours: Spread) -> String {
    format!("{} x", significant(theirs.median / ours.median))
}

fn size_and_wall(series: &Series) -> String {
    format!("{} MiB, {}", significant(series.memory().median), series.wall().time())
}

/// A Markdown table.
pub(crate) fn table(
    head: &[&str],
    more: Option<&[&str; 2]>,
    rows: impl Iterator<Item = Vec<String>>,
) -> String {
    let head: Vec<String> =
        head.iter().chain(more.into_iter().flatten()).map(|cell| (*cell).to_owned()).collect();
    let rule = head.iter().map(|_| "---".to_owned()).collect();
    let mut table = String::new();
    for cells in [head, rule].into_iter().chain(rows) {
        table.push_str("| ");
        table.push_str(&cells.join(" | "));
        table.push_str(" |\n");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::measure::Sample;
    use super::*;

    #[test]
    fn a_section_takes_the_place_of_its_older_self() {
        let first = Section::new("## Synthesis", "one\n".into());
        let second = Section::new("## Building", "two\n".into());
        let both = second.placed(&first.placed(TITLE));
        assert_eq!(both, format!("{TITLE}\n## Synthesis\n\none\n\n## Building\n\ntwo\n"));
        let newer = Section::new("## Synthesis", "three\n".into());
        assert_eq!(newer.placed(&both), format!("{TITLE}\n## Synthesis\n\nthree\n\n## Building\n\ntwo\n"));
        let newest = Section::new("## Building", "four\n".into());
        assert_eq!(newest.placed(&both), format!("{TITLE}\n## Synthesis\n\none\n\n## Building\n\nfour\n"));
    }

    #[test]
    fn the_table_has_a_ratio_a_row() {
        let mut row = Row::new("hello");
        row.ours.push(Sample { cpu: 0.004, wall: 0.005, memory: 4.0 });
        row.theirs.push(Sample { cpu: 0.3, wall: 0.4, memory: 70.0 });
        let section = synthesis("a machine", "a CDK", "the command", &[row]).to_string();
        assert!(section.contains("| 4.00 ms (4.00 to 4.00) | 300 ms (300 to 300) | 75.0 x |"), "{section}");
        assert!(!section.contains("validation on |"), "{section}");
    }
}
