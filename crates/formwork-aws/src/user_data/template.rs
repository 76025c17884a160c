//! User data from a Handlebars template.

use std::panic::Location;

use formwork_core::{Expr, Finding, IntoNode, builder::Node};
use handlebars::{Handlebars, no_escape};
use serde::Serialize;

use super::UserData;

/// Stands around the name of an expression in rendered text. No template has it.
const MARK: char = '\u{1}';

impl UserData {
    /// Renders a Handlebars template with data, strictly: a variable that the data does not have is
    /// a finding (`FW0422`) with the template's line and column. Nothing is escaped.
    ///
    /// ```
    /// use formwork_aws::user_data::UserData;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Site {
    ///     name: &'static str,
    /// }
    ///
    /// let source = "#!/bin/bash\necho {{name}} > /usr/share/nginx/html/index.html\n";
    /// let script = UserData::template(source, &Site { name: "docs" });
    /// # let _ = script;
    /// ```
    #[track_caller]
    pub fn template(source: &str, data: &impl Serialize) -> Self {
        Self::template_with::<&str>(source, data, [])
    }

    /// Renders a Handlebars template with data, and with expressions under their names: values that
    /// are known only when the stack is deployed.
    ///
    /// ```
    /// use formwork_aws::user_data::UserData;
    /// use formwork_core::pseudo;
    ///
    /// let source = "#!/bin/bash\necho {{region}} > /etc/region\n";
    /// let script = UserData::template_with(source, &(), [("region", pseudo::region())]);
    /// # let _ = script;
    /// ```
    #[track_caller]
    pub fn template_with<N: Into<String>>(
        source: &str,
        data: &impl Serialize,
        expressions: impl IntoIterator<Item = (N, Expr<String>)>,
    ) -> Self {
        let expressions: Vec<(String, Node)> =
            expressions.into_iter().map(|(name, value)| (name.into(), value.into_node())).collect();
        match render(source, data, &expressions) {
            Ok(text) => Self { parts: split(&text, &expressions), findings: Vec::new() },
            Err(reason) => {
                let finding = Finding::error("FW0422", format!("the user data cannot be rendered: {reason}"))
                    .hint("every `{{name}}` of the template is a field of the data or one of the expressions")
                    .at(Location::caller());
                Self { parts: Vec::new(), findings: vec![finding] }
            }
        }
    }
}

fn render(source: &str, data: &impl Serialize, expressions: &[(String, Node)]) -> Result<String, String> {
    let mut values = match handlebars::to_json(data) {
        handlebars::JsonValue::Object(values) => values,
        handlebars::JsonValue::Null => serde_json::Map::new(),
        other => return Err(format!("the data is not a struct or map, but {other}")),
    };
    for (name, _) in expressions {
        if values.contains_key(name) {
            return Err(format!("`{name}` is both a field of the data and an expression"));
        }
        values.insert(name.clone(), format!("{MARK}{name}{MARK}").into());
    }
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(no_escape);
    registry.render_template(source, &values).map_err(|error| error.to_string().replace('\n', " "))
}

/// Takes rendered text apart at the marks.
fn split(text: &str, expressions: &[(String, Node)]) -> Vec<Node> {
    let mut parts = Vec::new();
    for (position, piece) in text.split(MARK).enumerate() {
        let expression = expressions.iter().find(|(name, _)| position % 2 == 1 && name == piece);
        match expression {
            Some((_, node)) => parts.push(node.clone()),
            None => parts.push(piece.into_node()),
        }
    }
    parts
}
