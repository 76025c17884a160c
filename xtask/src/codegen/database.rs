//! Reads the database of types, the first source.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use anyhow::{Context, Result};
use formwork_spec::{
    AttributeFacts, Constraints, Kind, NestedFacts, NestedId, PropertyFacts, Reference, ResourceFacts, Rules,
    Scrutiny, Source, Tagging, Target, Update, ValueFacts, Yield,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

/// The entries of a JSON object in the order of the text.
struct Ordered<V>(Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Ordered<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
            type Value = Ordered<V>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

#[derive(Deserialize)]
struct Root {
    schema: Schema,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    resource: Entities<Resource>,
    type_definition: Entities<Definition>,
    uses_type: Relation,
}

#[derive(Deserialize)]
struct Entities<T> {
    entities: Vec<T>,
}

#[derive(Deserialize)]
struct Relation {
    forward: BTreeMap<String, Vec<Id>>,
}

#[derive(Deserialize)]
struct Id {
    #[serde(rename = "$id")]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    #[serde(rename = "$id")]
    id: String,
    cloud_formation_type: String,
    cloud_formation_transform: Option<String>,
    primary_identifier: Option<Vec<String>>,
    cfn_ref_identifier: Option<Vec<String>>,
    properties: Ordered<Property>,
    attributes: Ordered<Attribute>,
    arn_template: Option<String>,
    #[serde(default)]
    is_stateful: bool,
    tag_information: Option<TagInformation>,
    scrutinizable: Option<String>,
    additional_replacement_properties: Option<Vec<Vec<String>>>,
}

#[derive(Deserialize)]
struct Definition {
    #[serde(rename = "$id")]
    id: String,
    name: String,
    properties: Ordered<Property>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Property {
    #[serde(default)]
    required: bool,
    #[serde(rename = "type")]
    kind: Type,
    default_value: Option<String>,
    deprecated: Option<String>,
    scrutinizable: Option<String>,
    causes_replacement: Option<String>,
    #[serde(default)]
    relationship_refs: Vec<RelationshipRef>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RelationshipRef {
    cloud_formation_type: String,
    property_name: String,
}

#[derive(Deserialize)]
struct Attribute {
    #[serde(rename = "type")]
    kind: Type,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TagInformation {
    tag_property_name: String,
    variant: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Type {
    #[serde(rename_all = "camelCase")]
    String {
        #[serde(default)]
        allowed_values: Vec<String>,
    },
    #[serde(rename_all = "camelCase")]
    Integer {
        #[serde(default)]
        allowed_values: Vec<i64>,
    },
    Number,
    Boolean,
    Json,
    DateTime,
    Null,
    Tag,
    Ref {
        reference: TypeReference,
    },
    Array {
        element: Box<Type>,
    },
    Map {
        element: Box<Type>,
    },
    Union {
        types: Vec<Type>,
    },
}

#[derive(Deserialize)]
struct TypeReference {
    #[serde(rename = "$ref")]
    id: String,
}

/// Turns the database into facts. Relationships are still as the source names them.
pub(crate) fn read(text: &[u8]) -> Result<Vec<ResourceFacts>> {
    let root: Root = serde_json::from_slice(text).context("read the database of types")?;
    let definitions: BTreeMap<&str, &Definition> =
        root.schema.type_definition.entities.iter().map(|entity| (entity.id.as_str(), entity)).collect();
    let used = &root.schema.uses_type.forward;
    root.schema
        .resource
        .entities
        .iter()
        .map(|resource| {
            let ids: Vec<&str> =
                used.get(&resource.id).into_iter().flatten().map(|entry| entry.id.as_str()).collect();
            Reader { ids, definitions: &definitions }
                .resource(resource)
                .with_context(|| format!("read {}", resource.cloud_formation_type))
        })
        .collect()
}

struct Reader<'a> {
    /// The database's ids of the resource's property types; the position becomes the [`NestedId`].
    ids: Vec<&'a str>,
    definitions: &'a BTreeMap<&'a str, &'a Definition>,
}

impl Reader<'_> {
    fn resource(&self, resource: &Resource) -> Result<ResourceFacts> {
        let nested = self.ids.iter().map(|id| self.nested(id)).collect::<Result<Vec<_>>>()?;
        let create_only = resource.additional_replacement_properties.iter().flatten();
        let primary_identifier = resource.primary_identifier.clone().unwrap_or_default();
        let reference = resource.cfn_ref_identifier.as_ref().unwrap_or(&primary_identifier);
        let mut facts = ResourceFacts {
            type_name: resource.cloud_formation_type.clone(),
            source: Source::Types,
            properties: self.properties(&resource.properties)?,
            rules: Rules::default(),
            nested,
            attributes: Vec::new(),
            reference: reference_of(reference),
            primary_identifier,
            tagging: resource.tag_information.as_ref().map_or(Tagging::None, tagging),
            stateful: resource.is_stateful,
            arn_template: resource.arn_template.clone(),
            transform: resource.cloud_formation_transform.clone(),
            deletes_before_create: false,
            scrutiny: scrutiny(resource.scrutinizable.as_deref()),
            create_only: create_only.map(|path| path.join("/")).collect(),
            conditional_create_only: Vec::new(),
            write_only: Vec::new(),
            read_only: Vec::new(),
            deprecated: Vec::new(),
            requirements: Vec::new(),
            lifecycles: Vec::new(),
        };
        facts.create_only.sort();
        facts.create_only.dedup();
        for (name, attribute) in &resource.attributes.0 {
            facts.attributes.push(AttributeFacts { name: name.clone(), value: self.value(&attribute.kind)? });
        }
        Ok(facts)
    }

    fn nested(&self, id: &str) -> Result<NestedFacts> {
        let definition = self.definitions.get(id).with_context(|| format!("no property type {id}"))?;
        Ok(NestedFacts {
            name: definition.name.clone(),
            properties: self.properties(&definition.properties)?,
            rules: Rules::default(),
        })
    }

    fn properties(&self, properties: &Ordered<Property>) -> Result<Vec<PropertyFacts>> {
        properties
            .0
            .iter()
            .map(|(name, property)| {
                let mut value = self.value(&property.kind)?;
                for target in &property.relationship_refs {
                    relate(&mut value, &target.cloud_formation_type, &target.property_name);
                }
                Ok(PropertyFacts {
                    name: name.clone(),
                    value,
                    required: property.required,
                    update: match property.causes_replacement.as_deref() {
                        Some("yes") => Update::Replacement,
                        Some("maybe") => Update::Conditional,
                        _ => Update::NoInterruption,
                    },
                    deprecated: property.deprecated.is_some(),
                    default: property.default_value.as_deref().and_then(plain_default),
                    scrutiny: scrutiny(property.scrutinizable.as_deref()),
                })
            })
            .collect()
    }

    fn value(&self, kind: &Type) -> Result<ValueFacts> {
        let mut constraints = None;
        let kind = match kind {
            Type::String { allowed_values } => {
                if !allowed_values.is_empty() {
                    constraints =
                        Some(Box::new(Constraints { allowed: allowed_values.clone(), ..Default::default() }));
                }
                Kind::String
            }
            Type::Integer { allowed_values } => {
                if !allowed_values.is_empty() {
                    let allowed_numbers =
                        allowed_values.iter().copied().map(formwork_spec::Bound::Integer).collect();
                    constraints = Some(Box::new(Constraints { allowed_numbers, ..Default::default() }));
                }
                Kind::Integer
            }
            Type::Number => Kind::Number,
            Type::Boolean => Kind::Boolean,
            Type::Json | Type::Null => Kind::Json,
            Type::DateTime => Kind::Timestamp,
            Type::Tag => Kind::Tag,
            Type::Ref { reference } => {
                let position = self.ids.iter().position(|id| *id == reference.id);
                let position = position.with_context(|| format!("foreign property type {}", reference.id))?;
                Kind::Nested(NestedId(u16::try_from(position)?))
            }
            Type::Array { element } => Kind::List(Box::new(self.value(element)?)),
            Type::Map { element } => Kind::Map(Box::new(self.value(element)?)),
            Type::Union { types } => {
                Kind::Union(types.iter().map(|member| self.value(member)).collect::<Result<_>>()?)
            }
        };
        Ok(ValueFacts { kind, constraints, refers_to: Vec::new() })
    }
}

/// Adds a relationship to the strings of a value. How it is obtained is settled later.
pub(crate) fn relate(value: &mut ValueFacts, type_name: &str, attribute: &str) {
    match &mut value.kind {
        Kind::String => {
            let target = Target {
                type_name: type_name.to_owned(),
                attribute: attribute.replace('/', "."),
                obtained_by: Yield::Attribute,
            };
            if !value.refers_to.contains(&target) {
                value.refers_to.push(target);
            }
        }
        Kind::List(inner) => relate(inner, type_name, attribute),
        _ => {}
    }
}

fn reference_of(identifier: &[String]) -> Reference {
    match identifier {
        [] => Reference::Unknown,
        [single] => Reference::Identifier(single.replace('/', ".")),
        several => Reference::Composite(several.to_vec()),
    }
}

fn tagging(information: &TagInformation) -> Tagging {
    let property = information.tag_property_name.clone();
    match information.variant.as_str() {
        "map" => Tagging::Map(property),
        "asg" => Tagging::AutoScaling(property),
        _ => Tagging::List(property),
    }
}

fn scrutiny(name: Option<&str>) -> Scrutiny {
    match name {
        Some("ResourcePolicyResource" | "InlineResourcePolicy") => Scrutiny::ResourcePolicy,
        Some("IdentityPolicyResource" | "InlineIdentityPolicies") => Scrutiny::IdentityPolicy,
        Some("ManagedPolicies") => Scrutiny::ManagedPolicies,
        Some("LambdaPermission") => Scrutiny::LambdaPermission,
        Some("IngressRuleResource" | "IngressRules") => Scrutiny::Ingress,
        Some("EgressRuleResource" | "EgressRules") => Scrutiny::Egress,
        Some(name) if name.starts_with("Sso") => Scrutiny::Sso,
        _ => Scrutiny::None,
    }
}

/// The source writes defaults as JSON text; only plain values are facts that a reader can use.
fn plain_default(text: &str) -> Option<String> {
    match serde_json::from_str(text).ok()? {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Bool(flag) => Some(flag.to_string()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
