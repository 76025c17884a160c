//! The canonical order of keys, which every writer shares.

use crate::{
    template::{RESOURCE_ATTRIBUTES, SECTIONS},
    value::{Map, Text, Value},
};

/// Where a value stands, which decides the order of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Root,
    Section,
    Resources,
    Resource,
    Inside,
}

impl Place {
    /// Where the value under a key of a map at this place stands.
    pub(crate) fn below(self, key: &str) -> Self {
        match self {
            Self::Root if key == "Resources" => Self::Resources,
            Self::Root => Self::Section,
            Self::Resources => Self::Resource,
            _ => Self::Inside,
        }
    }

    /// Calls `visit` with the pairs of a map at this place in canonical order: sections and
    /// resource attributes as is customary, unknown ones after them; every other key sorted.
    pub(crate) fn visit<'a>(self, map: &'a Map, mut visit: impl FnMut(usize, &'a (Text, Value))) {
        let pairs = &map.0;
        let order: Option<&[&str]> = match self {
            Self::Root => Some(&SECTIONS),
            Self::Resource => Some(&RESOURCE_ATTRIBUTES),
            _ => None,
        };
        if order.is_none() && pairs.is_sorted_by(|left, right| left.0 <= right.0) {
            pairs.iter().enumerate().for_each(|(position, pair)| visit(position, pair));
            return;
        }
        let mut sorted: Vec<&(Text, Value)> = pairs.iter().collect();
        sorted.sort_by(|left, right| match order {
            Some(order) => (rank(order, &left.0), &left.0).cmp(&(rank(order, &right.0), &right.0)),
            None => left.0.cmp(&right.0),
        });
        sorted.into_iter().enumerate().for_each(|(position, pair)| visit(position, pair));
    }
}

/// Where a section or attribute stands; unknown names come last.
fn rank(order: &[&str], name: &str) -> usize {
    order.iter().position(|known| *known == name).unwrap_or(order.len())
}
