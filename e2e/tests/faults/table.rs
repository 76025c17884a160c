//! How runs ended, counted by call and by what happened to it.

use std::collections::BTreeMap;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As if nothing had happened.
    Unharmed,
    /// With a clear error; and the same again came home.
    Again,
}

/// How many runs ended how.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    unharmed: usize,
    again: usize,
}

/// Runs, counted.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<String>,
    columns: Vec<String>,
    counts: BTreeMap<(String, String), Count>,
}

impl Table {
    /// Counts a run; rows and columns stand in the order in which they first come.
    pub(crate) fn add(&mut self, row: &str, column: &str, ending: Ending) {
        for (names, name) in [(&mut self.rows, row), (&mut self.columns, column)] {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        let count = self.counts.entry((row.to_owned(), column.to_owned())).or_default();
        match ending {
            Ending::Unharmed => count.unharmed += 1,
            Ending::Again => count.again += 1,
        }
    }

    fn sum(&self, counts: impl Fn(&str, &str) -> bool) -> Count {
        let chosen = self.counts.iter().filter(|((row, column), _)| counts(row, column));
        chosen.fold(Count::default(), |sum, (_, count)| Count {
            unharmed: sum.unharmed + count.unharmed,
            again: sum.again + count.again,
        })
    }

    /// As Markdown, with sums.
    pub(crate) fn markdown(&self, corner: &str) -> String {
        let head = format!("| {corner} | {} | all |", self.columns.join(" | "));
        let mut lines = vec![head, format!("|---|{}", "---:|".repeat(self.columns.len() + 1))];
        for row in self.rows.iter().map(Some).chain([None]) {
            let is_row = |candidate: &str| row.is_none_or(|row| row == candidate);
            let cells = self
                .columns
                .iter()
                .map(|column| self.sum(|candidate, other| is_row(candidate) && column == other).cell());
            let cells: Vec<String> = cells.collect();
            let all = self.sum(|candidate, _| is_row(candidate)).cell();
            let name = row.map_or("all", String::as_str);
            lines.push(format!("| {name} | {} | {all} |", cells.join(" | ")));
        }
        lines.join("\n")
    }
}

impl Count {
    /// `unharmed + again`, without what is none.
    fn cell(self) -> String {
        match (self.unharmed, self.again) {
            (0, 0) => "–".to_owned(),
            (unharmed, 0) => unharmed.to_string(),
            (0, again) => format!("*{again}*"),
            (unharmed, again) => format!("{unharmed} + *{again}*"),
        }
    }
}
