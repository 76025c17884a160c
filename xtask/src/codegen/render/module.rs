//! The module of one resource type.

use std::{collections::BTreeSet, fmt::Write as _};

use formwork_spec::{
    AttributeFacts, Kind, PropertyFacts, Reference, ResourceFacts, Tagging, ValueFacts, Yield,
};

use super::{
    GENERATED, document,
    identifiers::Identities,
    links,
    scope::{Owner, Scope, allowed, owners},
};
use crate::codegen::{lock::Lock, names};

/// Names that every builder of a resource has already.
const RESERVED: &[&str] = &[
    "accept",
    "build",
    "condition_on",
    "creation_policy",
    "delete_property",
    "deletion_policy",
    "depends_on",
    "draft",
    "from_draft",
    "into_draft",
    "metadata",
    "new",
    "set_property",
    "update_policy",
    "update_replace_policy",
    "when",
];
/// Names that every property type has already.
const RESERVED_NESTED: &[&str] = &["into_node", "new"];
/// Names that every handle has already.
const RESERVED_ATTRIBUTES: &[&str] = &["id", "reference", "clone"];

/// The text of the module.
pub(crate) fn render(facts: &ResourceFacts, lock: &Lock, identities: &Identities<'_>) -> String {
    let module = Module { scope: Scope::new(facts, lock), facts, identities };
    let mut text =
        format!("{GENERATED}//! `{}` and its property types.\n\nuse crate::prelude::*;\n\n", facts.type_name);
    module.resource(&mut text);
    module.attributes(&mut text);
    for (owner, properties) in owners(facts) {
        if owner.is_some() {
            module.nested(&mut text, owner);
        }
        module.enumerations(&mut text, owner, properties);
    }
    text
}

struct Module<'a> {
    scope: Scope<'a>,
    facts: &'a ResourceFacts,
    identities: &'a Identities<'a>,
}

impl Module<'_> {
    fn resource(&self, text: &mut String) {
        let (facts, scope) = (self.facts, &self.scope);
        let (name, type_name) = (&scope.resource, &facts.type_name);
        let draft = scope.prelude("Draft");
        let _ = write!(text, "/// `{type_name}`\n///\n/// ");
        match &facts.reference {
            Reference::Identifier(identifier) => drop(write!(text, "Ref: `{identifier}`. ")),
            Reference::Composite(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| format!("`{part}`")).collect();
                let _ = write!(text, "Ref: {}, joined by `|`. ", parts.join(", "));
            }
            Reference::Unknown => {}
        }
        if let Some(transform) = &facts.transform {
            let _ = write!(text, "Needs the transform `{transform}`. ");
        }
        if facts.stateful {
            text.push_str("Holds data. ");
        }
        let _ = writeln!(text, "[AWS]({})", links::resource(facts));
        let _ = writeln!(text, "#[must_use = \"a resource is added to a stack by `build`\"]");
        let _ = writeln!(text, "pub struct {name}({draft});\nimpl {name} {{");
        self.constructor(text, None, &format!("{draft}::new({type_name:?})"));
        self.setters(text, None, &facts.properties);
        text.push_str("}\n");
        self.required_struct(text, None);
        self.resource_impl(text, &draft);
        for (path, target) in self.identities.provided(type_name) {
            let path = match path.strip_prefix("AnyOf") {
                Some(rest) => format!("{}{rest}", scope.prelude("AnyOf")),
                None => path,
            };
            let yields = scope.prelude("Yield");
            let how = match target.obtained_by {
                Yield::Ref => format!("{yields}::Ref"),
                Yield::Attribute => format!("{yields}::Attribute({:?})", target.attribute),
            };
            let provides = scope.prelude("Provides");
            let _ = writeln!(text, "impl {provides}<{path}> for {name} {{ const YIELD: {yields} = {how}; }}");
        }
    }

    fn resource_impl(&self, text: &mut String, draft: &str) {
        let (facts, scope) = (self.facts, &self.scope);
        let tagging = scope.prelude("Tagging");
        let held = match &facts.tagging {
            Tagging::None => format!("{tagging}::None"),
            Tagging::List(property) => format!("{tagging}::List({property:?})"),
            Tagging::Map(property) => format!("{tagging}::Map({property:?})"),
            Tagging::AutoScaling(property) => format!("{tagging}::AutoScaling({property:?})"),
            Tagging::LaunchTemplate => format!("{tagging}::LaunchTemplate"),
        };
        let attributes =
            if self.methods().is_empty() { scope.prelude("NoAttributes") } else { scope.attributes.clone() };
        let reference = match &facts.reference {
            Reference::Identifier(identifier) => self.identities.marker(&facts.type_name, identifier),
            Reference::Composite(_) | Reference::Unknown => None,
        };
        let _ = write!(
            text,
            "impl {resource} for {name} {{\n    \
             const TYPE: &'static str = {type_name:?};\n    \
             const TAGGING: {tagging} = {held};\n    \
             type Attributes = {attributes};\n    \
             type Ref = {reference};\n    \
             #[inline] fn from_draft(draft: {draft}) -> Self {{ Self(draft) }}\n    \
             #[inline] fn into_draft(self) -> {draft} {{ self.0 }}\n}}\n",
            resource = scope.prelude("Resource"),
            name = scope.resource,
            type_name = facts.type_name,
            reference = reference.unwrap_or_else(|| scope.prelude("String")),
        );
    }

    fn nested(&self, text: &mut String, owner: Owner) {
        let scope = &self.scope;
        let Some(nested) = owner.and_then(|id| self.facts.nested(id)) else { return };
        let name = scope.owner_name(owner);
        let properties = scope.prelude("Properties");
        let _ = write!(
            text,
            "\n/// `{}.{}` [AWS]({})\n#[must_use]\npub struct {name}({properties});\nimpl {name} {{\n",
            self.facts.type_name,
            nested.name,
            links::nested(self.facts, &nested.name),
        );
        self.constructor(text, owner, &format!("{properties}::new()"));
        self.setters(text, owner, &nested.properties);
        text.push_str("}\n");
        self.required_struct(text, owner);
        let _ = writeln!(
            text,
            "impl {} for {name} {{ #[inline] fn into_node(self) -> {} {{ self.0.into_node() }} }}",
            scope.prelude("Literal"),
            scope.prelude("Node"),
        );
        if let Some((bucket, key)) = object_location(&nested.properties) {
            let _ = writeln!(
                text,
                "impl {} for {name} {{ const BUCKET: &'static str = {bucket:?}; const KEY: &'static str = {key:?}; }}",
                scope.prelude("ObjectLocation"),
            );
        }
    }

    fn constructor(&self, text: &mut String, owner: Owner, empty: &str) {
        let (scope, arguments) = (&self.scope, self.scope.arguments(owner));
        let (into, expr) = (scope.prelude("Into"), scope.prelude("Expr"));
        if arguments.is_empty() {
            let _ = write!(
                text,
                "    /// Starts with no properties.\n    #[inline] pub fn new() -> Self {{ Self({empty}) }}\n"
            );
            return;
        }
        let names = argument_names(&arguments);
        if let Some(required) = scope.required_struct(owner) {
            let _ = write!(
                text,
                "    /// Starts with the required properties.\n    \
                 pub fn new(required: {required}) -> Self {{\n        let mut properties = {empty};\n"
            );
            for (property, name) in arguments.iter().zip(&names) {
                let _ = writeln!(text, "        properties.put({:?}, required.{name});", property.name);
            }
            text.push_str("        Self(properties)\n    }\n");
            return;
        }
        text.push_str("    /// Starts with the required properties.\n    ///\n");
        for property in &arguments {
            let _ = writeln!(text, "    /// - {}", self.describe(owner, property));
        }
        text.push_str("    pub fn new(");
        for (position, (property, name)) in arguments.iter().zip(&names).enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            let _ =
                write!(text, "{comma}{name}: impl {into}<{expr}<{}>>", scope.property_type(owner, property));
        }
        let mut body = empty.to_owned();
        for (property, name) in arguments.iter().zip(&names) {
            body = format!("{}({body}, {:?}, {name})", with(owner), property.name);
        }
        let _ = write!(text, ") -> Self {{\n        Self({body})\n    }}\n");
    }

    fn required_struct(&self, text: &mut String, owner: Owner) {
        let scope = &self.scope;
        let Some(required) = scope.required_struct(owner) else { return };
        let arguments = scope.arguments(owner);
        let _ = write!(
            text,
            "/// The required properties of [`{}`].\npub struct {required} {{\n",
            scope.owner_name(owner)
        );
        for (property, name) in arguments.iter().zip(argument_names(&arguments)) {
            let _ = write!(
                text,
                "    /// {}\n    pub {name}: {}<{}>,\n",
                self.describe(owner, property),
                scope.prelude("Expr"),
                scope.property_type(owner, property),
            );
        }
        text.push_str("}\n");
    }

    fn setters(&self, text: &mut String, owner: Owner, properties: &[PropertyFacts]) {
        let scope = &self.scope;
        let reserved = if owner.is_none() { RESERVED } else { RESERVED_NESTED };
        let mut taken = BTreeSet::new();
        let (into, expr) = (scope.prelude("Into"), scope.prelude("Expr"));
        for property in properties.iter().filter(|property| !property.required) {
            let mut name = names::snake(&property.name);
            while reserved.contains(&name.as_str()) || !taken.insert(name.clone()) {
                name.push_str("_property");
            }
            let _ = write!(
                text,
                "    /// {}\n    pub fn {name}(self, value: impl {into}<{expr}<{}>>) -> Self \
                 {{ Self({with}(self.0, {:?}, value)) }}\n",
                self.describe(owner, property),
                scope.property_type(owner, property),
                property.name,
                with = with(owner),
            );
        }
    }

    fn describe(&self, owner: Owner, property: &PropertyFacts) -> String {
        let nested = owner.and_then(|id| self.facts.nested(id)).map(|nested| nested.name.as_str());
        let page = nested.map_or_else(|| links::resource(self.facts), |name| links::nested(self.facts, name));
        format!(
            "`{}`: {} [AWS]({page}{})",
            property.name,
            document::property(self.facts, property),
            links::anchor(self.facts, nested, &property.name),
        )
    }

    fn enumerations(&self, text: &mut String, owner: Owner, properties: &[PropertyFacts]) {
        let scope = &self.scope;
        for property in properties {
            let Some(name) = scope.enumeration(owner, &property.name) else { continue };
            let Some(bounds) = allowed(&property.value) else { continue };
            let (textual, enumerated) = (scope.prelude("Textual"), scope.prelude("Enumerated"));
            let variant = scope.prelude("Variant");
            // Unless it is told not to, the compiler lists enumerations of other services when a
            // string stands where a handle is wanted.
            let _ = write!(
                text,
                "\n/// Values of `{}`.\npub enum {name} {{}}\n\
                 impl {textual} for {name} {{}}\n#[diagnostic::do_not_recommend] impl {enumerated} for {name} {{}}\nimpl {name} {{\n",
                property.name
            );
            let mut taken = BTreeSet::new();
            for value in &bounds.allowed {
                let mut constant = names::constant(value);
                let mut again = 1;
                while !taken.insert(constant.clone()) {
                    again += 1;
                    constant = format!("{}_{again}", names::constant(value));
                }
                let _ = write!(
                    text,
                    "    /// {}\n    pub const {constant}: {variant}<Self> = {variant}::new({value:?});\n",
                    document::code(value)
                );
            }
            text.push_str("}\n");
        }
    }

    fn attributes(&self, text: &mut String) {
        let scope = &self.scope;
        let methods = self.methods();
        if methods.is_empty() {
            return;
        }
        let (name, id) = (&scope.attributes, scope.prelude("ResourceId"));
        let _ = write!(
            text,
            "\n/// Attributes of a deployed [`{resource}`].\npub struct {name}({id});\n\
             impl {from}<{id}> for {name} {{ #[inline] fn from(id: {id}) -> Self {{ Self(id) }} }}\n\
             impl {name} {{\n",
            resource = scope.resource,
            from = scope.prelude("From"),
        );
        for (method, body) in methods {
            let _ = write!(text, "    /// {}\n    #[inline] pub fn {method}{}\n", body.0, body.1);
        }
        text.push_str("}\n");
    }

    /// The methods of the attributes: name, documentation, and the rest of the text.
    fn methods(&self) -> Vec<(String, (String, String))> {
        let facts = self.facts;
        let reference = match &facts.reference {
            Reference::Identifier(identifier) => Some(identifier.as_str()),
            Reference::Composite(_) | Reference::Unknown => None,
        };
        let mut taken = BTreeSet::new();
        let mut methods = Vec::new();
        let mut add = |attribute: &AttributeFacts, by_reference: bool| {
            // A handle has an `id` of its own, so `Id` is called in full: `security_group_id`.
            let mut method = match attribute.name.as_str() {
                "Id" => names::snake(&names::identifier(facts.name(), "Id")),
                name => names::snake(name),
            };
            while RESERVED_ATTRIBUTES.contains(&method.as_str()) || !taken.insert(method.clone()) {
                method.push_str("_attribute");
            }
            methods.push((method, self.attribute(attribute, by_reference)));
        };
        let known = reference.is_some_and(|name| facts.attribute(name).is_some());
        if let Some(name) = reference.filter(|_| !known)
            && let Some(property) = facts.property(name)
        {
            let value = ValueFacts { refers_to: Vec::new(), ..property.value.clone() };
            add(&AttributeFacts { name: name.to_owned(), value }, true);
        }
        for attribute in &facts.attributes {
            add(attribute, reference == Some(attribute.name.as_str()));
        }
        methods
    }

    fn attribute(&self, attribute: &AttributeFacts, by_reference: bool) -> (String, String) {
        let scope = &self.scope;
        let marker = self.identities.marker(&self.facts.type_name, &attribute.name);
        let kind = match (&attribute.value.kind, marker) {
            (Kind::String, Some(marker)) => marker,
            _ => scope.value_type(&attribute.value, None),
        };
        let expr = scope.prelude("Expr");
        let what = code_and_kind(&attribute.name, by_reference);
        let body = if by_reference {
            format!("(&self) -> {expr}<{kind}> {{ self.0.reference() }}")
        } else if let Kind::List(inner) = &attribute.value.kind {
            let inner = scope.value_type(inner, None);
            format!("(&self) -> {expr}<{kind}> {{ self.0.list_attribute::<{inner}>({:?}) }}", attribute.name)
        } else {
            format!("(&self) -> {expr}<{kind}> {{ self.0.attribute({:?}) }}", attribute.name)
        };
        (what, body)
    }
}

fn code_and_kind(name: &str, by_reference: bool) -> String {
    if by_reference { format!("`{name}`, which `Ref` returns.") } else { format!("`{name}`.") }
}

/// The function that sets a property of a resource, or of a property type.
fn with(owner: Owner) -> &'static str {
    if owner.is_none() { "with_property" } else { "with_field" }
}

/// Names of arguments, none of them twice.
fn argument_names(arguments: &[&PropertyFacts]) -> Vec<String> {
    let mut names = Vec::new();
    for property in arguments {
        let mut name = names::snake(&property.name);
        while name == "properties" || names.contains(&name) {
            name.push_str("_property");
        }
        names.push(name);
    }
    names
}

/// The properties that name an object in a bucket, where they are all that must be said.
fn object_location(properties: &[PropertyFacts]) -> Option<(&'static str, &'static str)> {
    let names = [("S3Bucket", "S3Key"), ("Bucket", "Key")];
    names.into_iter().find(|(bucket, key)| {
        let is_text = |name: &str| {
            let mut known = properties.iter().filter(|property| property.name == name);
            known.any(|property| property.value.kind == Kind::String)
        };
        let others = properties.iter().filter(|other| other.name != *bucket && other.name != *key);
        is_text(bucket) && is_text(key) && others.into_iter().all(|other| !other.required)
    })
}
