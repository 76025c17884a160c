//! Markdown and HTML by Handlebars, from the command's own templates or a project's.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason, TemplateError,
    html_escape,
};

use super::report::Report;
use crate::{failure::Failure, place, terminal::legible};

/// The most that a comment on a code host takes: characters, of which none is shorter than a byte.
const COMMENT: usize = 65_536;

/// The form of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// For a comment on a pull request.
    Markdown,
    /// One page that needs nothing else.
    Html,
}

impl Page {
    const fn own(self) -> &'static str {
        match self {
            Self::Markdown => include_str!("../../../../../templates/diff/comment.md.hbs"),
            Self::Html => include_str!("../../../../../templates/diff/page.html.hbs"),
        }
    }

    /// Renders a report, by the template of a project where it has one.
    pub(crate) fn render(self, report: Report, template: Option<&Path>) -> Result<String> {
        let (source, name) = match template {
            Some(path) => {
                let shown = place::shown(path);
                let text = fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?;
                (text, shown)
            }
            None => (self.own().to_owned(), "the command's own template".to_owned()),
        };
        let mut engine = self.engine();
        engine.register_template_string("page", source).map_err(|error| not_understood(&name, &error))?;
        let fill = |report: &Report| {
            engine.render("page", report).map_err(|error| {
                let failure = Failure::new(format!("cannot fill in `{name}`: {}", error.reason()));
                failure.hint("the manual of `formwork diff` lists what a template can name")
            })
        };
        match self {
            Self::Html => Ok(fill(&report)?),
            Self::Markdown => fit(&report.with_values_cut(1_000, 40), COMMENT, |report| Ok(fill(report)?)),
        }
    }

    /// Handlebars with the helpers of this form, which takes the meaning out of what it fills in.
    pub(crate) fn engine(self) -> Handlebars<'static> {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        match self {
            Self::Markdown => engine.register_escape_fn(markdown),
            Self::Html => engine.register_escape_fn(html),
        }
        let code = match self {
            Self::Markdown => markdown_code,
            Self::Html => html_code,
        };
        let escape: fn(&str) -> String = match self {
            Self::Markdown => markdown,
            Self::Html => html,
        };
        engine.register_helper("code", helper(code));
        engine.register_helper("prose", helper(move |text| prose(text, code, escape)));
        engine.register_helper("word", helper(|sign| word(sign).to_owned()));
        let block: fn(&[(String, String)]) -> String = match self {
            Self::Markdown => markdown_block,
            Self::Html => html_block,
        };
        engine.register_helper("block", lines_helper(block));
        engine
    }
}

/// A template that is no Handlebars. What the parser expected there helps nobody.
pub(crate) fn not_understood(name: &str, error: &TemplateError) -> Failure {
    let place = error.pos().map(|(line, column)| format!(", line {line}, column {column}"));
    let failure = Failure::new(format!("`{name}`{} is not understood", place.unwrap_or_default()));
    failure.hint("it is Handlebars: what `{{#if stacks}}` opens, `{{/if}}` closes")
}

/// A helper of one text. What is not there is nothing.
fn helper(
    write: impl Fn(&str) -> String + Send + Sync + 'static,
) -> Box<dyn handlebars::HelperDef + Send + Sync> {
    Box::new(
        move |helper: &Helper<'_>,
              _: &Handlebars<'_>,
              _: &Context,
              _: &mut RenderContext<'_, '_>,
              output: &mut dyn Output|
              -> HelperResult {
            let value = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("text", 0))?.value();
            let text = match value {
                serde_json::Value::Null => return Ok(()),
                serde_json::Value::String(text) => write(text),
                other => write(&other.to_string()),
            };
            // In a cell of a Markdown table code ends at this character too.
            let in_table = helper.hash_get("table").is_some();
            output.write(&if in_table { text.replace('|', "\\|") } else { text })?;
            Ok(())
        },
    )
}

/// A helper of the lines of a value: of each the sign and the text.
fn lines_helper(write: fn(&[(String, String)]) -> String) -> Box<dyn handlebars::HelperDef + Send + Sync> {
    Box::new(
        move |helper: &Helper<'_>,
              _: &Handlebars<'_>,
              _: &Context,
              _: &mut RenderContext<'_, '_>,
              output: &mut dyn Output|
              -> HelperResult {
            let lines = helper.param(0).and_then(|lines| lines.value().as_array()).into_iter().flatten();
            let text = |line: &serde_json::Value, key: &str| {
                line.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
            };
            let lines: Vec<_> = lines.map(|line| (text(line, "sign"), text(line, "text"))).collect();
            output.write(&write(&lines))?;
            Ok(())
        },
    )
}

/// The class of a sign.
fn word(sign: &str) -> &'static str {
    match sign {
        "+" => "added",
        "-" => "removed",
        "~" => "changed",
        _ => "same",
    }
}

/// A block of code below an item of a list within a list.
fn markdown_block(lines: &[(String, String)]) -> String {
    let text: Vec<String> =
        lines.iter().map(|(sign, text)| format!("    {}{text}", sign.replace('.', "@"))).collect();
    let text = legible(&text.join("\n"));
    let fence = fence(&text);
    format!("    {fence}diff\n{text}\n    {fence}\n")
}

fn html_block(lines: &[(String, String)]) -> String {
    let lines = lines.iter().map(|(sign, text)| {
        let class = word(sign);
        format!("<span class=\"{class}\">{} {}</span>\n", html(&sign.replace('.', " ")), html(text))
    });
    format!("<pre>{}</pre>", lines.collect::<String>())
}

/// Takes the meaning in Markdown from what has one, also that of names and issues of code hosts.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for each in legible(text).chars() {
        match each {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '\n' | '\r' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(each);
            }
            each => escaped.push(each),
        }
    }
    escaped
}

/// Code in a line of Markdown.
fn markdown_code(text: &str) -> String {
    let text = legible(text).replace(['\n', '\r'], " ");
    let longest = longest_run(&text, '`');
    let ticks = "`".repeat(longest + 1);
    let space = if longest > 0 || text.is_empty() { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// The mark around a block of code that holds this text.
fn fence(text: &str) -> String {
    "`".repeat(longest_run(text, '`').max(2) + 1)
}

fn longest_run(text: &str, wanted: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for each in text.chars() {
        run = if each == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Takes the meaning in HTML from what has one.
fn html(text: &str) -> String {
    html_escape(&legible(text))
}

fn html_code(text: &str) -> String {
    format!("<code>{}</code>", html(text))
}

/// A sentence with code in it between backticks.
fn prose(text: &str, code: fn(&str) -> String, escape: fn(&str) -> String) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let parts = parts.iter().enumerate().map(|(position, part)| match position % 2 {
        1 if !part.is_empty() => code(part),
        _ => escape(part),
    });
    parts.collect()
}

/// Renders as much as fits, what matters most first.
fn fit(report: &Report, most: usize, fill: impl Fn(&Report) -> Result<String>) -> Result<String> {
    let whole = fill(report)?;
    if whole.len() <= most {
        return Ok(whole);
    }
    // The largest number of entries that fits lies between these.
    let (mut fits, mut too_many) = (0, most);
    let mut best = fill(&report.shortened(0))?;
    while too_many - fits > 1 {
        let middle = fits.midpoint(too_many);
        let text = fill(&report.shortened(middle))?;
        if text.len() <= most {
            (fits, best) = (middle, text);
        } else {
            too_many = middle;
        }
    }
    if best.len() > most {
        // A project's template that is too long by itself.
        best.truncate(best.floor_char_boundary(most));
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_has_a_meaning_in_markdown() {
        let text = "<!-- @team #1 a|b `c` [d](e) *f* __g__ \\";
        let expected = "&lt;\\!-- &#64;team &#35;1 a|b \\`c\\` \\[d\\](e) \\*f\\* \\_\\_g\\_\\_ \\\\";
        assert_eq!(markdown(text), expected);
        assert_eq!(markdown_code("a``b|c"), "``` a``b|c ```");
        assert_eq!(html("\u{202e}<"), "\u{fffd}&lt;");
        assert_eq!(fence("````"), "`````");
        assert_eq!(prose("role `A*` may *", markdown_code, markdown), "role `A*` may \\*");
        assert_eq!(prose("an odd ` one", html_code, html), "an odd &#x60; one");
    }
}
