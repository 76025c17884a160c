//! Markdown and HTML of drift by Handlebars, from the command's own templates or a project's.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use super::report::Report;
use crate::{
    failure::Failure,
    place,
    rendering::diff::page::{Page, not_understood},
};

/// The most that an issue on a code host takes.
const ISSUE: usize = 65_536;

const fn own(page: Page) -> &'static str {
    match page {
        Page::Markdown => include_str!("../../../../../templates/drift/issue.md.hbs"),
        Page::Html => include_str!("../../../../../templates/drift/page.html.hbs"),
    }
}

/// Renders drift, by the template of a project where it has one.
pub(crate) fn render(page: Page, report: &Report, template: Option<&Path>) -> Result<String> {
    let (source, name) = match template {
        Some(path) => {
            let shown = place::shown(path);
            (fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?, shown)
        }
        None => (own(page).to_owned(), "the command's own template".to_owned()),
    };
    let mut engine = page.engine();
    engine.register_template_string("page", source).map_err(|error| not_understood(&name, &error))?;
    let fill = |report: &Report| {
        engine.render("page", report).map_err(|error| {
            let failure = Failure::new(format!("cannot fill in `{name}`: {}", error.reason()));
            failure.hint("the manual of `formwork drift` lists what a template can name")
        })
    };
    let whole = fill(report)?;
    if page == Page::Html || whole.len() <= ISSUE {
        return Ok(whole);
    }
    // As many resources of each stack as fit.
    let most = report.stacks.iter().map(|stack| stack.resources.len()).max().unwrap_or_default();
    let (mut fits, mut too_many) = (0, most);
    let mut best = fill(&report.shortened(0))?;
    while too_many - fits > 1 {
        let middle = fits.midpoint(too_many);
        let text = fill(&report.shortened(middle))?;
        if text.len() <= ISSUE {
            (fits, best) = (middle, text);
        } else {
            too_many = middle;
        }
    }
    best.truncate(best.floor_char_boundary(ISSUE));
    Ok(best)
}
