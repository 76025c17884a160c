//! Tables: columns that stand under each other, and nothing around them.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::terminal::STRONG;

/// A column: its title, and whether it holds numbers.
pub(crate) struct Column(pub(crate) &'static str, pub(crate) Align);

/// On which side a column's values stand under each other.
#[derive(Clone, Copy)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Renders rows below the titles of their columns.
pub(crate) fn render(columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    arrange(Table::new().set_content_arrangement(ContentArrangement::Disabled), columns, rows)
}

/// Renders rows within so many columns of the terminal: cells that are long are broken.
pub(crate) fn render_within(
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<String>>,
    width: usize,
) -> String {
    let mut table = Table::new();
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    arrange(&mut table, columns, rows)
}

fn arrange(table: &mut Table, columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    table.load_style(presets::NOTHING);
    table.set_header(columns.iter().map(|Column(title, _)| *title));
    table.add_rows(rows);
    for (position, Column(_, align)) in columns.iter().enumerate() {
        if let Some(column) = table.column_mut(position) {
            column.set_padding((0, 2));
            column.set_cell_alignment(match align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
        }
    }
    let mut lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    if let Some(header) = lines.first_mut() {
        *header = format!("{STRONG}{header}{STRONG:#}");
    }
    lines.join("\n") + "\n"
}
