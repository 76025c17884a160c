//! Writing what is there into the Rust code that says otherwise, where it says it as a literal.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde_json::Value;

/// What begins a statement that ends with a block.
const BLOCKS: [&str; 6] = ["if", "else", "for", "while", "loop", "unsafe"];

/// A literal in the code, and what stands in its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) place: Range<usize>,
    pub(crate) text: String,
}

/// The edit that makes the statement at a line say what is there.
///
/// In the statement, the literal is the argument of the property's own method, or the only one of its
/// value. `None` where there is none: the value is computed, or stands elsewhere.
pub(crate) fn edit(code: &str, line: usize, path: &str, declared: &Value, actual: &Value) -> Option<Edit> {
    let tokens: TokenStream = code.parse().ok()?;
    let statement = statement(tokens, line)?;
    let mut found = Vec::new();
    literals(&statement, None, &mut found);
    found.retain(|literal| says(&literal.text, declared));
    let method = path.rsplit('/').find(|step| step.parse::<usize>().is_err()).map(snake_case)?;
    let own: Vec<&Literal> = found.iter().filter(|found| found.method.as_ref() == Some(&method)).collect();
    let chosen = match (own.as_slice(), found.as_slice()) {
        ([only], _) => only,
        ([], [only]) => only,
        _ => return None,
    };
    Some(Edit { place: chosen.place.clone(), text: written(actual, &chosen.text)? })
}

/// A literal, with the method whose only argument it is.
struct Literal {
    text: String,
    place: Range<usize>,
    method: Option<String>,
}

/// The tokens of the innermost statement that holds a line.
fn statement(tokens: TokenStream, line: usize) -> Option<Vec<TokenTree>> {
    let mut statements: Vec<Vec<TokenTree>> = vec![Vec::new()];
    for token in tokens {
        let Some(last) = statements.last_mut() else { break };
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            // What begins so ends with its block.
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                matches!(last.first(), Some(TokenTree::Ident(word)) if BLOCKS.contains(&word.to_string().as_str()))
            }
            _ => false,
        };
        last.push(token);
        if ends {
            statements.push(Vec::new());
        }
    }
    let holds = |tokens: &[TokenTree]| {
        let start = tokens.first().map(|token| token.span().start().line);
        let end = tokens.last().map(|token| token.span().end().line);
        start.zip(end).is_some_and(|(start, end)| (start..=end).contains(&line))
    };
    let own = statements.into_iter().find(|tokens| holds(tokens))?;
    // A block within it may hold the line more closely.
    let inner = own.iter().find_map(|token| within(token, line));
    Some(inner.unwrap_or(own))
}

fn within(token: &TokenTree, line: usize) -> Option<Vec<TokenTree>> {
    let TokenTree::Group(group) = token else { return None };
    let (start, end) = (group.span().start().line, group.span().end().line);
    if !(start..=end).contains(&line) {
        return None;
    }
    match group.delimiter() {
        Delimiter::Brace => statement(group.stream(), line),
        _ => group.stream().into_iter().find_map(|token| within(&token, line)),
    }
}

fn literals(tokens: &[TokenTree], method: Option<&str>, found: &mut Vec<Literal>) {
    let only = tokens.len() == 1;
    let mut before = None;
    for token in tokens {
        match token {
            TokenTree::Literal(literal) => found.push(Literal {
                text: literal.to_string(),
                place: literal.span().byte_range(),
                method: method.filter(|_| only).map(str::to_owned),
            }),
            TokenTree::Ident(word) if *word == "true" || *word == "false" => found.push(Literal {
                text: word.to_string(),
                place: word.span().byte_range(),
                method: method.filter(|_| only).map(str::to_owned),
            }),
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let method = before.filter(|_| group.delimiter() == Delimiter::Parenthesis);
                literals(&inner, method.as_deref(), found);
            }
            _ => {}
        }
        before = match token {
            TokenTree::Ident(word) => Some(word.to_string()),
            _ => None,
        };
    }
}

/// Whether a literal is this value.
fn says(literal: &str, value: &Value) -> bool {
    match value {
        Value::Bool(flag) => literal == flag.to_string(),
        // A number may be declared as text, and text as a number.
        Value::Number(number) => is_number(literal, &number.to_string()),
        Value::String(text) => content(literal)
            .map_or_else(|| is_number(literal, text) || literal == text, |content| content == *text),
        _ => false,
    }
}

fn is_number(literal: &str, number: &str) -> bool {
    let digits: String = literal.chars().filter(|each| *each != '_').collect();
    let suffix = |each: char| each.is_ascii_alphabetic();
    let digits = digits.find(suffix).map_or(digits.as_str(), |at| digits.get(..at).unwrap_or_default());
    let (literal, number) = (digits.parse::<f64>(), number.parse::<f64>());
    matches!((literal, number), (Ok(literal), Ok(number)) if literal.total_cmp(&number).is_eq())
}

/// What a literal of text says, where nothing in it is written in another way.
fn content(literal: &str) -> Option<&str> {
    if let Some(raw) = literal.strip_prefix('r') {
        let raw = raw.trim_matches('#');
        return raw.strip_prefix('"')?.strip_suffix('"');
    }
    literal.strip_prefix('"')?.strip_suffix('"').filter(|content| !content.contains('\\'))
}

/// A value as a literal of the same kind as the one before.
fn written(value: &Value, before: &str) -> Option<String> {
    let is_text = before.ends_with('"') || before.ends_with('#');
    match value {
        Value::String(text) if is_text => Some(format!("{text:?}")),
        Value::String(text) => {
            (text.parse::<f64>().is_ok() || text.parse::<bool>().is_ok()).then(|| text.clone())
        }
        Value::Number(_) | Value::Bool(_) if is_text => Some(format!("\"{value}\"")),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// The name of a property's method.
fn snake_case(property: &str) -> String {
    let letters: Vec<char> = property.chars().collect();
    let mut name = String::new();
    for (position, letter) in letters.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(position + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        if begins {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CODE: &str = r##"fn stack(app: &mut App) {
    let stack = app.stack("shop");
    Queue::new(stack, "Orders")
        .delay_seconds(0)
        .visibility_timeout(0)
        .queue_name("orders");
    if large {
        Queue::new(stack, "Large").message_retention_period(1_209_600).fifo_queue(true); // 5
    }
    Topic::new(stack, "News").display_name(r#"The "news""#);
    let minutes = 5;
    Queue::new(stack, "Slow").delay_seconds(minutes * 60);
    Alarm::new(stack, "Busy", Threshold::above(80), Period::seconds(60));
}
"##;

    fn after(line: usize, path: &str, declared: &Value, actual: &Value) -> Option<String> {
        let edit = edit(CODE, line, path, declared, actual)?;
        let mut code = CODE.to_owned();
        code.replace_range(edit.place, &edit.text);
        let changed: Vec<&str> =
            code.lines().filter(|line| !CODE.lines().any(|other| other == *line)).map(str::trim).collect();
        Some(changed.join("\n"))
    }

    #[test]
    fn the_literal_of_the_property_is_found() {
        let edits = [
            after(3, "/DelaySeconds", &json!(0), &json!(5)),
            after(4, "/VisibilityTimeout", &json!(0), &json!("30")),
            after(3, "/QueueName", &json!("orders"), &json!("or\"ders")),
            after(8, "/MessageRetentionPeriod", &json!(1_209_600), &json!(60)),
            after(8, "/FifoQueue", &json!("true"), &json!("false")),
            after(10, "/DisplayName", &json!("The \"news\""), &json!("No news")),
            // The only literal of the value will do.
            after(13, "/Threshold", &json!(80), &json!(90)),
            // What is computed, not there or stands twice is left to people.
            after(12, "/DelaySeconds", &json!(300), &json!(5)),
            after(3, "/MaximumMessageSize", &json!(0), &json!(5)),
            after(3, "/Tags", &json!([]), &json!([1])),
            after(99, "/DelaySeconds", &json!(0), &json!(5)),
        ];
        let edits: Vec<String> =
            edits.into_iter().map(|edit| edit.unwrap_or_else(|| "-".to_owned())).collect();
        insta::assert_snapshot!(edits.join("\n"));
    }
}
