//! [`sub!`](crate::sub): text with expressions in it.

use formwork_template::Text;

use crate::{
    expr::Expr,
    node::{FormatPart, Function, Node},
    object::IntoNode,
};

/// Formats text with expressions in it, as `format!` does with values.
///
/// Placeholders are checked when the code is compiled: one without an argument, and an argument
/// without a placeholder, do not compile. `{{` and `}}` stand for braces. Arguments are anything
/// that can stand in a template: literals, expressions, parameters. Written as `Fn::Sub`, or as a
/// plain string where every argument is a literal.
///
/// ```
/// use formwork_core::{pseudo, sub};
///
/// let arn = sub!(
///     "arn:{partition}:s3:::{bucket}/*",
///     partition = pseudo::partition(),
///     bucket = "assets",
/// );
/// # let _ = arn;
/// ```
///
/// ```compile_fail
/// use formwork_core::sub;
///
/// let url = sub!("https://{host}/", hots = "example.com");
/// ```
#[macro_export]
macro_rules! sub {
    ($format:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        // Never run: the compiler checks the placeholders against the names, and says which is wrong.
        let _ = || ::core::format_args!($format $(, $name = "")*).as_str().is_some();
        const {
            $crate::builder::check_placeholders($format, &[$(::core::stringify!($name)),*]);
        }
        $crate::builder::format_expression(
            $format,
            ::std::vec![$((::core::stringify!($name), $crate::IntoNode::into_node($value))),*],
        )
    }};
}

/// The compile-time half of [`sub!`](crate::sub): `format!` would take a placeholder without an
/// argument from a variable in scope, and accept a format after a colon; this does not.
///
/// # Panics
/// At compile time, when a placeholder is not one of the names.
#[doc(hidden)]
#[expect(
    clippy::panic,
    clippy::manual_assert,
    reason = "a panic in a constant is a compile error, which is the point"
)]
pub const fn check_placeholders(format: &str, names: &[&str]) {
    let bytes = format.as_bytes();
    let mut position = 0;
    while position < bytes.len() {
        if bytes[position] == b'{' {
            if position + 1 < bytes.len() && bytes[position + 1] == b'{' {
                position += 2;
                continue;
            }
            let start = position + 1;
            while position < bytes.len() && bytes[position] != b'}' {
                position += 1;
            }
            let mut known = false;
            let mut index = 0;
            while index < names.len() {
                known |= is_at(bytes, start, position, names[index].as_bytes());
                index += 1;
            }
            if !known {
                panic!(
                    "every placeholder of `sub!` is the name of an argument, without a format: `{{host}}`, host = ..."
                );
            }
        }
        position += 1;
    }
}

const fn is_at(bytes: &[u8], start: usize, end: usize, name: &[u8]) -> bool {
    if end - start != name.len() {
        return false;
    }
    let mut index = 0;
    while index < name.len() {
        if bytes[start + index] != name[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// The run-time half of [`sub!`](crate::sub).
#[doc(hidden)]
#[expect(clippy::needless_pass_by_value, reason = "the macro gives a vector that nobody else has")]
pub fn format_expression(format: &'static str, arguments: Vec<(&'static str, Node)>) -> Expr<String> {
    let mut parts = Parts::default();
    let mut rest = format;
    while let Some(position) = rest.find(['{', '}']) {
        parts.text(&rest[..position]);
        let tail = &rest[position..];
        if tail.starts_with("{{") || tail.starts_with("}}") {
            parts.text(&tail[..1]);
            rest = &tail[2..];
        } else if let Some(end) = tail.find('}') {
            let name = &tail[1..end];
            if let Some((known, node)) = arguments.iter().find(|(known, _)| *known == name) {
                parts.value(known, node.clone());
            }
            rest = &tail[end + 1..];
        } else {
            parts.text(&tail[..1]);
            rest = &tail[1..];
        }
    }
    parts.text(rest);
    parts.finish()
}

/// Text and values, with literals already melted into the text.
#[derive(Default)]
struct Parts(Vec<FormatPart>);

impl Parts {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(FormatPart::Text(last)) = self.0.last_mut() {
            last.to_mut().push_str(text);
        } else {
            self.0.push(FormatPart::Text(Text::Owned(text.to_owned())));
        }
    }

    fn value(&mut self, name: &'static str, node: Node) {
        match node {
            Node::String(text) => self.text(&text),
            Node::Integer(number) => self.text(&number.to_string()),
            Node::Float(number) => self.text(&number.to_string()),
            Node::Bool(flag) => self.text(if flag { "true" } else { "false" }),
            Node::Function(function) => match *function {
                Function::Format(parts) => {
                    for part in parts {
                        match part {
                            FormatPart::Text(text) => self.text(&text),
                            FormatPart::Value(..) => self.0.push(part),
                        }
                    }
                }
                other => self.0.push(FormatPart::Value(Text::Borrowed(name), Node::function(other))),
            },
            other => self.0.push(FormatPart::Value(Text::Borrowed(name), other)),
        }
    }

    fn finish(mut self) -> Expr<String> {
        Expr::from_node(match (self.0.pop(), self.0.is_empty()) {
            (None, _) => Node::String(Text::Borrowed("")),
            (Some(FormatPart::Text(text)), true) => Node::String(text),
            (Some(last), _) => {
                self.0.push(last);
                Node::function(Function::Format(self.0))
            }
        })
    }
}

/// Text pieces and expressions one after another, without a delimiter.
///
/// ```
/// use formwork_core::{concat, pseudo};
///
/// let name = concat([pseudo::stack_name(), "-assets".into()]);
/// # let _ = name;
/// ```
pub fn concat<A: IntoNode>(pieces: impl IntoIterator<Item = A>) -> Expr<String> {
    let mut parts = Parts::default();
    for piece in pieces {
        parts.value("part", piece.into_node());
    }
    parts.finish()
}
