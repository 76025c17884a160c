//! [`Template`]: the sections of a template.

use crate::{
    json,
    value::{Map, Value},
    yaml,
};

/// A whole template: its sections by name, whatever they hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Template {
    sections: Map,
}

impl Template {
    /// A template without any section.
    pub const fn new() -> Self {
        Self { sections: Map::new() }
    }

    /// A template from its root map.
    pub const fn from_sections(sections: Map) -> Self {
        Self { sections }
    }

    /// Reads a template from JSON text.
    ///
    /// # Errors
    /// The text is not JSON, or its root is not an object.
    pub fn from_json(text: &str) -> Result<Self, json::ReadError> {
        json::read_template(text)
    }

    /// The root map: section names and what they hold.
    pub const fn sections(&self) -> &Map {
        &self.sections
    }

    /// The root map, to change it.
    pub const fn sections_mut(&mut self) -> &mut Map {
        &mut self.sections
    }

    /// The root map, out of the template.
    pub fn into_sections(self) -> Map {
        self.sections
    }

    /// A section that is a map (`Resources`, `Parameters`, ...), if it is there.
    pub fn section(&self, name: &str) -> Option<&Map> {
        self.sections.get(name)?.as_map()
    }

    /// A section that is a map; made if it is missing, and emptied if it is anything else.
    pub fn section_mut(&mut self, name: &'static str) -> &mut Map {
        self.sections.entry(name).or_map()
    }

    /// The text under `Description`.
    pub fn description(&self) -> Option<&str> {
        self.sections.get("Description")?.as_str()
    }

    /// The resources, in the order they stand.
    pub fn resources(&self) -> impl Iterator<Item = ResourceView<'_>> {
        self.section("Resources")
            .into_iter()
            .flat_map(Map::iter)
            .filter_map(|(logical_id, value)| Some(ResourceView { logical_id, attributes: value.as_map()? }))
    }

    /// One resource by its logical id.
    pub fn resource(&self, logical_id: &str) -> Option<ResourceView<'_>> {
        let (logical_id, value) = self.section("Resources")?.iter().find(|(key, _)| *key == logical_id)?;
        Some(ResourceView { logical_id, attributes: value.as_map()? })
    }

    /// The canonical form, indented, with a newline at the end: what is written to disk and reviewed.
    pub fn to_json(&self) -> String {
        json::write_template(self, json::Style::Pretty)
    }

    /// The canonical form without white space: what is submitted, and what the size limits count.
    pub fn to_compact_json(&self) -> String {
        json::write_template(self, json::Style::Compact)
    }

    /// The bytes of [`Template::to_compact_json`].
    pub fn compact_json_bytes(&self) -> usize {
        json::compact_map_bytes(&self.sections)
    }

    /// YAML in the canonical order with CloudFormation's short forms, which a reader of YAML 1.1
    /// reads back to the same data.
    pub fn to_yaml(&self) -> String {
        yaml::write_template(self)
    }
}

impl From<Template> for Value {
    fn from(template: Template) -> Self {
        Self::Map(template.sections)
    }
}

/// One resource of a template.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResourceView<'a> {
    /// The key under `Resources`.
    pub logical_id: &'a str,
    /// `Type`, `Properties`, `DependsOn` and the rest.
    pub attributes: &'a Map,
}

impl<'a> ResourceView<'a> {
    /// The type (`AWS::SNS::Topic`), or nothing when the template does not say.
    pub fn resource_type(&self) -> Option<&'a str> {
        self.attributes.get("Type")?.as_str()
    }

    /// The properties, if there are any.
    pub fn properties(&self) -> Option<&'a Map> {
        self.attributes.get("Properties")?.as_map()
    }

    /// One property.
    pub fn property(&self, name: &str) -> Option<&'a Value> {
        self.properties()?.get(name)
    }

    /// The logical ids under `DependsOn`, a string or a list.
    pub fn depends_on(&self) -> Vec<&'a str> {
        match self.attributes.get("DependsOn") {
            Some(Value::String(id)) => vec![id.as_ref()],
            Some(Value::List(ids)) => ids.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// The sections that a template may have, in the customary order of the canonical form.
pub const SECTIONS: [&str; 12] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Transform",
    "Parameters",
    "Mappings",
    "Rules",
    "Conditions",
    "Globals",
    "Hooks",
    "Resources",
    "Outputs",
];

/// Where a resource's metadata says which logical id it had before.
pub const MOVED_FROM: [&str; 2] = ["formwork", "moved_from"];

/// The attributes that a resource may have, in the customary order of the canonical form.
pub const RESOURCE_ATTRIBUTES: [&str; 9] = [
    "Type",
    "Condition",
    "DependsOn",
    "CreationPolicy",
    "UpdatePolicy",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
    "Properties",
];
