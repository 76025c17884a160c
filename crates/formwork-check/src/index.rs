//! [`Index`]: what a template has, by name.

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
};

use formwork_template::{Map, ResourceView, Template, Value};

/// The transform that knows loops and functions of its own.
const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// The characters of an id, at most.
const LONGEST_ID: usize = 255;

/// What may be referred to in a template, found without walking it.
pub(crate) struct Index<'a> {
    pub(crate) template: &'a Template,
    /// The position of every resource, in the order they stand.
    pub(crate) positions: HashMap<&'a str, usize>,
    /// The ids of resources in the order they stand.
    pub(crate) order: Vec<&'a str>,
    resources: HashMap<&'a str, (ResourceView<'a>, &'a Value)>,
    /// Resources by their types, in the order they stand.
    #[cfg(feature = "facts")]
    by_type: HashMap<&'a str, Vec<ResourceView<'a>>>,
    parameters: HashMap<&'a str, &'a Value>,
    mappings: HashMap<&'a str, &'a Value>,
    conditions: HashMap<&'a str, &'a Value>,
    /// Resources that stand for others, whose ids begin with theirs and a dot.
    modules: HashSet<&'a str>,
    /// What may be referred to, by its letters without capitals; made when something is missing.
    alike: OnceCell<HashMap<String, String>>,
    /// Whether a transform or a loop makes names that nobody can see yet.
    pub(crate) open: bool,
    /// Whether the template has the language extensions.
    pub(crate) extended: bool,
}

impl<'a> Index<'a> {
    pub(crate) fn of(template: &'a Template) -> Self {
        let elements = |section: &str| {
            template.section(section).into_iter().flat_map(Map::iter).collect::<HashMap<&str, &Value>>()
        };
        let order: Vec<&str> = template.section("Resources").into_iter().flat_map(Map::keys).collect();
        let transforms: Vec<&str> = match template.sections().get("Transform") {
            None => Vec::new(),
            Some(Value::String(name)) => vec![name],
            Some(Value::List(names)) => names.iter().map(|name| name.as_str().unwrap_or("?")).collect(),
            Some(_) => vec!["?"],
        };
        let resources: HashMap<&str, (ResourceView<'_>, &Value)> = elements("Resources")
            .into_iter()
            .filter_map(|(id, whole)| {
                let attributes = whole.as_map()?;
                Some((id, (ResourceView { logical_id: id, attributes }, whole)))
            })
            .collect();
        let modules = template
            .resources()
            .filter(|resource| resource.resource_type().is_some_and(|kind| kind.ends_with("::MODULE")))
            .map(|resource| resource.logical_id)
            .collect();
        Self {
            template,
            open: transforms.iter().any(|name| *name != LANGUAGE_EXTENSIONS)
                || ["Conditions", "Outputs", "Resources"].iter().any(|section| {
                    let section = template.section(section).into_iter().flat_map(Map::keys);
                    section.into_iter().any(|id| id.starts_with("Fn::"))
                }),
            extended: transforms
                .iter()
                .any(|name| *name == LANGUAGE_EXTENSIONS || !name.starts_with("AWS::")),
            positions: order.iter().enumerate().map(|(index, id)| (*id, index)).collect(),
            order,
            resources,
            #[cfg(feature = "facts")]
            by_type: by_type(template),
            parameters: elements("Parameters"),
            mappings: elements("Mappings"),
            conditions: elements("Conditions"),
            modules,
            alike: OnceCell::new(),
        }
    }

    pub(crate) fn resource(&self, name: &str) -> Option<ResourceView<'a>> {
        self.resources.get(name).map(|(resource, _)| *resource)
    }

    /// A resource as the value that it is.
    #[cfg(feature = "facts")]
    pub(crate) fn whole(&self, name: &str) -> Option<&'a Value> {
        self.resources.get(name).map(|(_, whole)| *whole)
    }

    pub(crate) fn resource_type(&self, name: &str) -> Option<&'a str> {
        self.resource(name)?.resource_type()
    }

    /// The resources of a type, in the order they stand.
    #[cfg(feature = "facts")]
    pub(crate) fn of_type(&self, kind: &str) -> &[ResourceView<'a>] {
        self.by_type.get(kind).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&'a Value> {
        self.parameters.get(name).copied()
    }

    pub(crate) fn mapping(&self, name: &str) -> Option<&'a Map> {
        self.mappings.get(name)?.as_map()
    }

    pub(crate) fn has_mapping(&self, name: &str) -> bool {
        self.mappings.contains_key(name)
    }

    pub(crate) fn has_condition(&self, name: &str) -> bool {
        self.conditions.contains_key(name)
    }

    /// How to mend a name that is missing: by the one that differs in capitals alone, or by a handle.
    pub(crate) fn hint(&self, name: &str) -> String {
        let alike = self.alike.get_or_init(|| {
            let sets = [&self.parameters, &self.conditions, &self.mappings];
            let mut known: Vec<&str> = self.order.clone();
            known.extend(sets.into_iter().flat_map(HashMap::keys));
            // The first of several that differ in capitals alone is told.
            known.sort_unstable_by(|left, right| right.cmp(left));
            known.into_iter().map(|known| (known.to_ascii_lowercase(), known.to_owned())).collect()
        });
        match alike.get(&name.to_ascii_lowercase()) {
            Some(known) => format!("ids heed capitals: `{known}`"),
            None => "use a handle in place of a name, or add what is missing".to_owned(),
        }
    }

    /// Whether a name is of what a module makes.
    pub(crate) fn in_module(&self, name: &str) -> bool {
        // Its resources are called by its id and theirs, with a dot between or without.
        let ends = name.char_indices().map(|(end, _)| end).take_while(|end| *end <= LONGEST_ID);
        !self.modules.is_empty() && ends.skip(1).any(|end| self.modules.contains(&name[..end]))
    }

    /// Whether a name is a module's own.
    pub(crate) fn is_module(&self, name: &str) -> bool {
        self.modules.contains(name)
    }
}

#[cfg(feature = "facts")]
fn by_type(template: &Template) -> HashMap<&str, Vec<ResourceView<'_>>> {
    let mut by_type: HashMap<&str, Vec<ResourceView<'_>>> = HashMap::new();
    for resource in template.resources() {
        if let Some(kind) = resource.resource_type() {
            by_type.entry(kind).or_default().push(resource);
        }
    }
    by_type
}
