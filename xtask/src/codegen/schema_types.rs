//! Builds facts for the types that the schemas alone know.

use std::collections::BTreeMap;

use formwork_spec::{
    AttributeFacts, Kind, NestedFacts, NestedId, PropertyFacts, Reference, ResourceFacts, Rules, Scrutiny,
    Source, Tagging, Update, ValueFacts,
};
use serde_json::{Map, Value};

use super::schemas::Schema;

type Node<'a> = &'a Map<String, Value>;

/// The facts on a type, without what [`super::overlay`] adds.
pub(crate) fn read(type_name: &str, schema: Schema<'_>) -> ResourceFacts {
    let mut builder = Builder { schema, nested: Vec::new(), by_place: BTreeMap::new() };
    let read_only = schema.paths("readOnlyProperties");
    let views = schema.views(schema.root);
    let properties = builder.properties(&views, "", |name| !read_only.iter().any(|path| path == name));
    let attributes: Vec<AttributeFacts> = read_only
        .iter()
        .filter(|path| !path.contains('*'))
        .filter_map(|path| builder.attribute(path))
        .collect();
    let primary_identifier = schema.paths_in_order("primaryIdentifier");
    let serverless = type_name.starts_with("AWS::Serverless::");
    ResourceFacts {
        type_name: type_name.to_owned(),
        source: Source::Schemas,
        tagging: tagging(schema, &properties),
        properties,
        rules: Rules::default(),
        nested: builder.nested,
        attributes,
        reference: match primary_identifier.as_slice() {
            _ if serverless => Reference::Unknown,
            [] => Reference::Unknown,
            [single] => Reference::Identifier(single.replace('/', ".")),
            several => Reference::Composite(several.to_vec()),
        },
        primary_identifier,
        stateful: false,
        arn_template: None,
        transform: serverless.then(|| "AWS::Serverless-2016-10-31".to_owned()),
        deletes_before_create: false,
        scrutiny: Scrutiny::None,
        create_only: Vec::new(),
        conditional_create_only: Vec::new(),
        write_only: Vec::new(),
        read_only: Vec::new(),
        deprecated: Vec::new(),
        requirements: Vec::new(),
        lifecycles: Vec::new(),
    }
}

struct Builder<'a> {
    schema: Schema<'a>,
    nested: Vec<NestedFacts>,
    by_place: BTreeMap<*const Map<String, Value>, NestedId>,
}

impl<'a> Builder<'a> {
    fn properties(
        &mut self,
        views: &[Node<'a>],
        owner: &str,
        wanted: impl Fn(&str) -> bool,
    ) -> Vec<PropertyFacts> {
        let mut properties: Vec<PropertyFacts> = Vec::new();
        let branches: Vec<Node<'a>> =
            views.iter().flat_map(|view| self.schema.branches(view)).flatten().collect();
        for view in views.iter().copied().chain(branches) {
            for (name, node) in view.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let Some(node) = node.as_object() else { continue };
                // A name with other characters is a template of names, not a property.
                let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric());
                if !plain || !wanted(name) || properties.iter().any(|property| property.name == *name) {
                    continue;
                }
                let value = self.value(node, &format!("{owner}{name}"));
                properties.push(PropertyFacts {
                    name: name.clone(),
                    value,
                    required: false,
                    update: Update::NoInterruption,
                    deprecated: false,
                    default: None,
                    scrutiny: Scrutiny::None,
                });
            }
        }
        properties
    }

    fn attribute(&mut self, path: &str) -> Option<AttributeFacts> {
        let mut node = self.schema.root;
        for key in path.split('/') {
            let views = self.schema.views(node);
            node = views.iter().find_map(|view| view.get("properties")?.get(key)?.as_object())?;
        }
        let name = path.replace('/', ".");
        let value = self.value(node, &path.replace('/', ""));
        Some(AttributeFacts { name, value })
    }

    fn value(&mut self, node: Node<'a>, name: &str) -> ValueFacts {
        let views = self.schema.views(node);
        let names: Vec<&str> = views
            .iter()
            .filter_map(|view| view.get("type"))
            .flat_map(|stated| match stated {
                Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                other => other.as_str().into_iter().collect::<Vec<_>>(),
            })
            .collect();
        ValueFacts::plain(self.kind(&views, &names, name))
    }

    fn kind(&mut self, views: &[Node<'a>], names: &[&str], name: &str) -> Kind {
        let has_properties = views.iter().any(|view| {
            view.contains_key("properties")
                || self.schema.branches(view).iter().flatten().any(|branch| branch.contains_key("properties"))
        });
        let mut distinct = names.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        match distinct.as_slice() {
            ["string"] => {
                let time =
                    views.iter().any(|view| view.get("format").and_then(Value::as_str) == Some("date-time"));
                if time { Kind::Timestamp } else { Kind::String }
            }
            ["integer"] => Kind::Integer,
            ["number"] => Kind::Number,
            ["boolean"] => Kind::Boolean,
            ["array"] => {
                let items = views.iter().find_map(|view| view.get("items")?.as_object());
                let items = items.map(|items| self.value(items, name));
                Kind::List(Box::new(items.unwrap_or_else(|| ValueFacts::plain(Kind::Json))))
            }
            ["object"] | [] if has_properties => self.nested(views, name),
            ["object"] => {
                let entry = views.iter().find_map(|view| super::bounds::map_entry(view));
                match entry {
                    Some(entry) => Kind::Map(Box::new(self.value(entry, name))),
                    None => Kind::Json,
                }
            }
            ["array", "string"] => Kind::List(Box::new(ValueFacts::plain(Kind::String))),
            [_, _, ..] if !distinct.contains(&"object") => Kind::String,
            _ => Kind::Json,
        }
    }

    fn nested(&mut self, views: &[Node<'a>], name: &str) -> Kind {
        let place = views.iter().rev().find(|view| view.contains_key("properties")).or(views.last());
        let Some(place) = place.map(|place| std::ptr::from_ref(*place)) else { return Kind::Json };
        if let Some(id) = self.by_place.get(&place) {
            return Kind::Nested(*id);
        }
        let definitions = self.schema.root.get("definitions").and_then(Value::as_object);
        let defined = definitions
            .into_iter()
            .flatten()
            .find(|(_, node)| node.as_object().is_some_and(|node| std::ptr::from_ref(node) == place))
            .map(|(name, _)| name.as_str());
        let wanted = defined.unwrap_or(name);
        let mut wanted: String = wanted.chars().filter(char::is_ascii_alphanumeric).collect();
        if let Some(first) = wanted.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        while self.nested.iter().any(|nested| nested.name == wanted) {
            wanted.push_str("Value");
        }
        let Ok(position) = u16::try_from(self.nested.len()) else { return Kind::Json };
        let id = NestedId(position);
        self.by_place.insert(place, id);
        self.nested.push(NestedFacts {
            name: wanted.clone(),
            properties: Vec::new(),
            rules: Rules::default(),
        });
        let properties = self.properties(views, &wanted, |_| true);
        if let Some(nested) = self.nested.get_mut(usize::from(position)) {
            nested.properties = properties;
        }
        Kind::Nested(id)
    }
}

fn tagging(schema: Schema<'_>, properties: &[PropertyFacts]) -> Tagging {
    let stated = schema.root.get("tagging").and_then(Value::as_object);
    if stated.and_then(|tagging| tagging.get("taggable")) == Some(&Value::Bool(false)) {
        return Tagging::None;
    }
    let path = stated.and_then(|tagging| tagging.get("tagProperty")).and_then(Value::as_str);
    let name = path.and_then(|path| path.strip_prefix("/properties/")).unwrap_or("Tags");
    match properties.iter().find(|property| property.name == name).map(|property| &property.value.kind) {
        Some(Kind::List(_)) => Tagging::List(name.to_owned()),
        Some(Kind::Map(_) | Kind::Json) => Tagging::Map(name.to_owned()),
        _ => Tagging::None,
    }
}
