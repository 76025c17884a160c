//! The names of one generated module, and how its code names types.

use std::collections::{BTreeMap, BTreeSet};

use formwork_spec::{Constraints, Kind, NestedId, PropertyFacts, ResourceFacts, ValueFacts};

use crate::codegen::{lock::Lock, names};

/// Whose property it is: the resource's, or a property type's.
pub(crate) type Owner = Option<NestedId>;

/// The names in a resource's module. A name that the module defines hides the
/// prelude's, which is then written with its path.
pub(crate) struct Scope<'a> {
    pub facts: &'a ResourceFacts,
    pub lock: &'a Lock,
    pub resource: String,
    pub attributes: String,
    taken: BTreeSet<String>,
    nested: Vec<String>,
    required: BTreeMap<Owner, String>,
    enumerations: BTreeMap<(Owner, String), String>,
}

impl<'a> Scope<'a> {
    /// Settles all names of the module.
    pub(crate) fn new(facts: &'a ResourceFacts, lock: &'a Lock) -> Self {
        let resource = names::pascal(facts.name());
        let attributes = format!("{resource}Attributes");
        let mut scope = Self {
            facts,
            lock,
            taken: [resource.clone(), attributes.clone()].into(),
            resource,
            attributes,
            nested: Vec::new(),
            required: BTreeMap::new(),
            enumerations: BTreeMap::new(),
        };
        for nested in &facts.nested {
            let name = scope.take(names::pascal(&nested.name), "Property");
            scope.nested.push(name);
        }
        let owners: Vec<(Owner, &[PropertyFacts])> = owners(facts).collect();
        for (owner, _) in &owners {
            if scope.arguments(*owner).len() > MOST_ARGUMENTS {
                let name = scope.take(format!("{}Required", scope.owner_name(*owner)), "Arguments");
                scope.required.insert(*owner, name);
            }
        }
        for (owner, properties) in owners {
            for property in properties {
                if allowed(&property.value).is_some() {
                    let name = match owner {
                        None => names::pascal(&property.name),
                        Some(_) => format!("{}{}", scope.owner_name(owner), names::pascal(&property.name)),
                    };
                    let name = scope.take(name, "Value");
                    scope.enumerations.insert((owner, property.name.clone()), name);
                }
            }
        }
        scope
    }

    fn take(&mut self, mut name: String, suffix: &str) -> String {
        while !self.taken.insert(name.clone()) {
            name.push_str(suffix);
        }
        name
    }

    /// The struct of the resource or of a property type.
    pub(crate) fn owner_name(&self, owner: Owner) -> &str {
        match owner {
            None => &self.resource,
            Some(id) => self.nested.get(usize::from(id.0)).map_or("", String::as_str),
        }
    }

    /// The struct of the owner's required properties, when they are too many for arguments.
    pub(crate) fn required_struct(&self, owner: Owner) -> Option<&str> {
        self.required.get(&owner).map(String::as_str)
    }

    /// The type of a property's values, when it has known ones.
    pub(crate) fn enumeration(&self, owner: Owner, property: &str) -> Option<&str> {
        self.enumerations.get(&(owner, property.to_owned())).map(String::as_str)
    }

    /// The required properties in the order of the constructor's arguments.
    pub(crate) fn arguments(&self, owner: Owner) -> Vec<&'a PropertyFacts> {
        match owner {
            None => self.lock.ordered(&self.facts.type_name, &self.facts.properties),
            Some(id) => self.facts.nested(id).map_or_else(Vec::new, |nested| {
                self.lock.ordered(&format!("{}/{}", self.facts.type_name, nested.name), &nested.properties)
            }),
        }
    }

    /// A name of the prelude, with its path where the module hides it.
    pub(crate) fn prelude(&self, name: &str) -> String {
        if !self.taken.contains(name) {
            return name.to_owned();
        }
        match name {
            "String" => "::std::string::String".to_owned(),
            "Into" | "From" => format!("::core::convert::{name}"),
            _ => format!("crate::prelude::{name}"),
        }
    }

    /// The `T` of a property's `Expr<T>`.
    pub(crate) fn property_type(&self, owner: Owner, property: &PropertyFacts) -> String {
        self.value_type(&property.value, self.enumeration(owner, &property.name))
    }

    /// The `T` of a value's `Expr<T>`.
    pub(crate) fn value_type(&self, value: &ValueFacts, enumeration: Option<&str>) -> String {
        match &value.kind {
            Kind::String => match (enumeration, value.refers_to.as_slice()) {
                (Some(name), _) => name.to_owned(),
                (None, []) => self.prelude("String"),
                (None, targets) => self.reference_type(targets),
            },
            Kind::Timestamp => self.prelude("String"),
            Kind::Integer => "i64".to_owned(),
            Kind::Number => "f64".to_owned(),
            Kind::Boolean => "bool".to_owned(),
            Kind::Json => self.prelude("Json"),
            Kind::Tag => self.prelude("Tag"),
            Kind::Nested(id) => self.owner_name(Some(*id)).to_owned(),
            Kind::List(inner) => format!("{}<{}>", self.prelude("List"), self.value_type(inner, enumeration)),
            Kind::Map(inner) => format!("{}<{}>", self.prelude("Map"), self.value_type(inner, enumeration)),
            Kind::Union(members) => self.union_type(members),
        }
    }

    fn reference_type(&self, targets: &[formwork_spec::Target]) -> String {
        match targets {
            [target] => {
                let (service, _) = target.type_name.rsplit_once("::").unwrap_or_default();
                format!("ids::{}::{}", names::service(service), self.lock.identifier(target))
            }
            several => format!("{}<ids::any::{}>", self.prelude("AnyOf"), self.lock.union(several)),
        }
    }

    /// Of several kinds the one that can express the others: a list takes a single item, text takes
    /// numbers and flags, and where objects or JSON come in, JSON takes all.
    fn union_type(&self, members: &[ValueFacts]) -> String {
        let scalar = |kind: &Kind| {
            matches!(kind, Kind::String | Kind::Timestamp | Kind::Integer | Kind::Number | Kind::Boolean)
        };
        if members.iter().all(|member| scalar(&member.kind)) {
            return self.prelude("String");
        }
        // What the service describes is worth more than the JSON that it takes as well.
        let described: Vec<&ValueFacts> =
            members.iter().filter(|member| !matches!(member.kind, Kind::Json)).collect();
        if let [single] = described.as_slice()
            && is_described(&single.kind)
        {
            return self.value_type(single, None);
        }
        let lists: Vec<&ValueFacts> =
            members.iter().filter(|member| matches!(member.kind, Kind::List(_))).collect();
        let items_are_scalar = lists.iter().all(|list| match &list.kind {
            Kind::List(inner) => scalar(&inner.kind),
            _ => false,
        });
        let others_are_scalar =
            members.iter().all(|member| matches!(member.kind, Kind::List(_)) || scalar(&member.kind));
        match lists.as_slice() {
            [list] if items_are_scalar && others_are_scalar => self.value_type(list, None),
            _ => self.prelude("Json"),
        }
    }
}

/// Whether the facts say of what properties a value is made.
fn is_described(kind: &Kind) -> bool {
    match kind {
        Kind::Nested(_) | Kind::Tag => true,
        Kind::List(inner) | Kind::Map(inner) => is_described(&inner.kind),
        _ => false,
    }
}

/// Beyond this many required properties a constructor takes a struct.
pub(crate) const MOST_ARGUMENTS: usize = 3;

/// The resource and its property types, each with its properties.
pub(crate) fn owners(facts: &ResourceFacts) -> impl Iterator<Item = (Owner, &[PropertyFacts])> {
    let nested = facts.nested.iter().enumerate().filter_map(|(position, nested)| {
        Some((Some(NestedId(u16::try_from(position).ok()?)), nested.properties.as_slice()))
    });
    std::iter::once((None, facts.properties.as_slice())).chain(nested)
}

/// The bounds with the known values of a string, or of the strings in a list or a map.
pub(crate) fn allowed(value: &ValueFacts) -> Option<&Constraints> {
    match &value.kind {
        Kind::String => value.constraints.as_deref().filter(|bounds| !bounds.allowed.is_empty()),
        Kind::List(inner) | Kind::Map(inner) => allowed(inner),
        _ => None,
    }
}
