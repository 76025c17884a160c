//! Loops (`Fn::ForEach`) written out, as far as what they go through is known.

use formwork_template::{Map, Template, Value, intrinsic};

use crate::{
    evaluate::{Environment, scalar_text},
    side::Side,
};

const PREFIX: &str = "Fn::ForEach::";
/// The most entries that the loops of a template may make; the service takes fewer.
const ENTRIES: usize = 20_000;

/// The template with its loops written out, when there are any.
pub(crate) fn expand(side: &Side<'_>) -> Option<Template> {
    if !side.template.sections().iter().any(|(_, section)| has_loop(section)) {
        return None;
    }
    let environment = Environment::of(side);
    let mut expansion = Expansion { environment: &environment, names: Vec::new(), entries: 0 };
    Some(Template::from_sections(expansion.map(side.template.sections())))
}

/// Whether a name is that of a loop which could not be written out.
pub(crate) fn is_loop(name: &str) -> bool {
    name.starts_with(PREFIX)
}

fn has_loop(value: &Value) -> bool {
    match value {
        Value::Map(map) => map.iter().any(|(key, item)| is_loop(key) || has_loop(item)),
        Value::List(items) => items.iter().any(has_loop),
        _ => false,
    }
}

struct Expansion<'e, 'a> {
    environment: &'e Environment<'a>,
    /// The loops' variables, and what each stands for now.
    names: Vec<(String, String)>,
    entries: usize,
}

impl Expansion<'_, '_> {
    fn map(&mut self, map: &Map) -> Map {
        let mut expanded = Map::with_capacity(map.len());
        for (key, item) in map.iter() {
            let known = is_loop(key).then(|| self.items(item)).flatten();
            let Some((name, items, body)) = known else {
                let value = self.value(item);
                expanded.insert(self.text(key), value);
                continue;
            };
            for item in items {
                self.names.push((name.clone(), item));
                for (key, value) in self.map(body) {
                    self.entries += 1;
                    expanded.insert(key, value);
                }
                self.names.pop();
            }
        }
        expanded
    }

    /// The variable, what it stands for one after the other, and what is made for each.
    fn items<'v>(&self, arguments: &'v Value) -> Option<(String, Vec<String>, &'v Map)> {
        let [name, collection, Value::Map(body)] = arguments.as_list()? else { return None };
        let collection = self.environment.evaluate(collection)?;
        let items: Option<Vec<String>> =
            collection.as_list()?.iter().map(|item| Some(self.text(&scalar_text(item)?))).collect();
        let items = items.filter(|items| self.entries + items.len() * body.len() <= ENTRIES)?;
        Some((name.as_str()?.to_owned(), items, body))
    }

    fn value(&mut self, value: &Value) -> Value {
        if self.names.is_empty() && !has_loop(value) {
            return value.clone();
        }
        match value {
            Value::List(items) => Value::List(items.iter().map(|item| self.value(item)).collect()),
            Value::Map(map) => {
                if let Some(("Ref", Value::String(name))) = intrinsic::of(map)
                    && let Some((_, item)) = self.names.iter().rev().find(|(known, _)| known == name)
                {
                    return Value::from(item.clone());
                }
                Value::Map(self.map(map))
            }
            Value::String(text) => Value::from(self.text(text)),
            other => other.clone(),
        }
    }

    fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, item) in self.names.iter().rev() {
            if text.contains(name.as_str()) {
                let letters: String = item.chars().filter(char::is_ascii_alphanumeric).collect();
                text = text.replace(&format!("${{{name}}}"), item).replace(&format!("&{{{name}}}"), &letters);
            }
        }
        text
    }
}
