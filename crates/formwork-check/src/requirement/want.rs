//! Says what is wrong with a value that a schema must hold of.

use formwork_spec::{Choose, JsonKind, Literal, Operand, Requirement, Schema, Test};
use formwork_template::{Value, json};

use super::{
    Problem,
    verdict::{Verdict, entries, named, text_of},
};
use crate::{index::Index, judge::referred, nearest::nearest, patterns};

/// More values than these are not listed.
const LISTED: usize = 12;
/// The characters of a value that are shown.
const SHOWN: usize = 40;

/// Looks for what is wrong with one subject in one world.
pub(super) struct Want<'a> {
    pub(super) requirement: &'static Requirement,
    pub(super) index: &'a Index<'a>,
    pub(super) world: &'a [(String, bool)],
    /// The resources that gathered values are of.
    names: &'a [(String, String)],
    /// What the values of other places are found in.
    pub(super) root: Option<&'a Value>,
    pub(super) problems: Vec<Problem>,
    path: Vec<String>,
    /// What makes the schema hold: values found on the way.
    since: Vec<Vec<String>>,
}

impl<'a> Want<'a> {
    pub(super) const fn new(
        requirement: &'static Requirement,
        index: &'a Index<'a>,
        world: &'a [(String, bool)],
        names: &'a [(String, String)],
    ) -> Self {
        Self {
            requirement,
            index,
            world,
            names,
            root: None,
            problems: Vec::new(),
            path: Vec::new(),
            since: Vec::new(),
        }
    }

    /// Reports what keeps a schema from holding of a whole subject.
    pub(super) fn require(&mut self, subject: &'a Value, schema: &'static Schema) {
        self.root = Some(subject);
        self.schema(subject, schema);
    }

    fn schema(&mut self, value: &Value, schema: &'static Schema) {
        if self.verdict(value, schema, 0) != Verdict::Fails {
            // Open or sound as a whole: what fails for certain within still fails as a whole.
            return;
        }
        let Ok(Some(value)) = self.settled(value) else {
            for test in &schema.tests {
                if let (Test::Format(format), Verdict::Fails) = (test, self.open(value, test)) {
                    let whose =
                        referred(value).map(|name| format!("the ARN of `{name}`")).unwrap_or_default();
                    self.problem(format!("{whose} is no {format}"), None);
                }
            }
            return;
        };
        for test in &schema.tests {
            if self.test(value, test, schema, 0) == Verdict::Fails {
                self.failed(value, test, schema);
            }
        }
    }

    fn within(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(step.to_owned());
        check(self);
        self.path.pop();
    }

    fn problem(&mut self, message: impl Into<String>, hint: Option<String>) {
        let mut message = message.into();
        // A value of another resource is named with that.
        if let [gathered, property, ..] = self.path.as_slice()
            && let Some((_, id)) = self.names.iter().find(|(name, _)| name == gathered)
        {
            message = format!("`{property}` of `{id}`: {message}");
        }
        let own = self.path.last().map(|name| format!("`{name}` is "));
        let since = self.since.last().into_iter().flatten();
        let since: Vec<&str> = since
            .filter(|word| {
                let name = word.split(' ').next().unwrap_or_default();
                own.as_ref().is_none_or(|own| !word.starts_with(own.as_str())) && !message.contains(name)
            })
            .map(String::as_str)
            .collect();
        if !since.is_empty() {
            message = format!("{message}, since {}", since.join(" and "));
        }
        self.problems.push(Problem { path: self.path.clone(), message, hint });
    }

    /// Says why one test fails.
    fn failed(&mut self, value: &Value, test: &'static Test, schema: &'static Schema) {
        let shown = shown(value);
        match test {
            Test::Never => self.never(),
            Test::Part(name) => {
                if let Some(part) = self.part(name) {
                    self.schema(value, part);
                }
            }
            Test::Kinds(kinds) => {
                let kinds: Vec<&str> = kinds.iter().map(|kind| noun(*kind)).collect();
                self.problem(format!("{shown} stands where {} is wanted", kinds.join(" or ")), None);
            }
            Test::Equal(operand) => self.unequal(value, operand),
            Test::Allowed(allowed) => self.not_allowed(value, allowed),
            Test::Pattern(pattern) => {
                self.problem(
                    format!("{shown} has not the form that is wanted"),
                    Some(format!("it must match `{pattern}`")),
                );
            }
            Test::MinLength(least) => {
                self.problem(format!("{shown} has fewer than {least} characters"), None);
            }
            Test::MaxLength(most) => self.problem(format!("{shown} has more than {most} characters"), None),
            Test::Minimum(operand) => self.out_of_range(&shown, "less than", operand),
            Test::Maximum(operand) => self.out_of_range(&shown, "more than", operand),
            Test::Above(operand) => self.out_of_range(&shown, "not more than", operand),
            Test::Below(operand) => self.out_of_range(&shown, "not less than", operand),
            Test::MultipleOf(factor) => self.problem(format!("{shown} is no multiple of {factor}"), None),
            Test::MinItems(least) => {
                self.problem(
                    format!("the list has {} items, and needs at least {least}", count(value)),
                    None,
                );
            }
            Test::MaxItems(most) => {
                self.problem(format!("the list has {} items, and takes at most {most}", count(value)), None);
            }
            Test::Format(name) => self.problem(format!("{shown} is no {name}"), None),
            Test::Items(inner) => {
                for (position, item) in value.as_list().unwrap_or_default().iter().enumerate() {
                    self.within(&position.to_string(), |want| want.schema(item, inner));
                }
            }
            Test::Contains(inner) => {
                let refused = match inner.tests.as_slice() {
                    [Test::Not(refused)] => describe(refused),
                    _ => String::new(),
                };
                let wanted = describe(inner);
                let message = match (wanted.is_empty(), refused.is_empty()) {
                    (false, _) => format!("one item must be so, and none is: {wanted}"),
                    (true, false) => format!("one item must be otherwise, and of each {refused}"),
                    (true, true) => "no item of the list is as one must be".to_owned(),
                };
                self.problem(message, None);
            }
            Test::UniqueItems => self.problem("an item stands in the list twice", None),
            Test::Properties(properties) => {
                for (name, inner) in properties {
                    if let Some(value) = value.as_map().and_then(|map| map.get(name)) {
                        self.within(name, |want| want.schema(value, inner));
                    }
                }
            }
            Test::Patterned(patterned) => {
                for (key, item) in entries(value) {
                    if let Some((_, inner)) =
                        patterned.iter().find(|(pattern, _)| patterns::matches(pattern, key))
                    {
                        self.within(key, |want| want.schema(item, inner));
                    }
                }
            }
            Test::Closed => self.not_closed(value, schema),
            Test::Others(inner) => {
                for (key, item) in entries(value).filter(|(key, _)| !named(key, schema)).collect::<Vec<_>>() {
                    self.within(key, |want| want.schema(item, inner));
                }
            }
            Test::Names(inner) => {
                for (key, _) in entries(value) {
                    let name = Value::String(key.to_owned().into());
                    if self.verdict(&name, inner, 0) == Verdict::Fails {
                        let hint = names_of(inner).and_then(|known| {
                            nearest(key, known.iter().map(String::as_str)).map(str::to_owned)
                        });
                        let hint = hint.map(|known| format!("is it `{known}` that is meant?"));
                        self.within(key, |want| {
                            want.problem(format!("`{key}` is no name that can stand here"), hint);
                        });
                    }
                }
            }
            Test::Required(names) => {
                let missing = names.iter().filter(|name| !self.has(value, name)).collect::<Vec<_>>();
                for name in missing {
                    self.problem(format!("the property `{name}` is missing"), None);
                }
            }
            Test::ExactlyOne(names) => {
                self.problem(format!("exactly one is wanted of {}", list(names)), None);
            }
            Test::AtLeastOne(names) => {
                self.problem(format!("at least one is wanted of {}", list(names)), None);
            }
            Test::MinProperties(least) => {
                self.problem(format!("at least {least} properties are wanted"), None);
            }
            Test::MaxProperties(most) => self.problem(format!("at most {most} properties are wanted"), None),
            Test::Needs(dependencies) => {
                for (when, others) in
                    dependencies.iter().filter(|(when, _)| self.has(value, when)).collect::<Vec<_>>()
                {
                    for other in others.iter().filter(|other| !self.has(value, other)).collect::<Vec<_>>() {
                        self.problem(format!("with `{when}`, `{other}` is needed too"), None);
                    }
                }
            }
            Test::Excludes(dependencies) => {
                for (when, others) in
                    dependencies.iter().filter(|(when, _)| self.has(value, when)).collect::<Vec<_>>()
                {
                    for other in others.iter().filter(|other| self.has(value, other)).collect::<Vec<_>>() {
                        self.within(other, |want| {
                            want.problem(format!("`{other}` cannot stand beside `{when}`"), None);
                        });
                    }
                }
            }
            Test::Any(choices) | Test::One(choices) => self.no_choice(value, choices),
            Test::Not(inner) => self.refused(value, inner),
            Test::If(choose) => self.chosen(value, choose),
        }
    }

    /// Nothing may stand here. Where that is said of a whole, what was asked last is too much.
    fn never(&mut self) {
        if let Some(name) = self.path.last().cloned() {
            let heeded =
                if self.requirement.rule.starts_with('W') { "is not heeded" } else { "cannot stand" };
            self.problem(format!("`{name}` {heeded} here"), None);
            return;
        }
        let told = self.since.last_mut().and_then(Vec::pop);
        let name = told.as_deref().and_then(|word| word.split('`').nth(1)).unwrap_or_default().to_owned();
        let value = told.as_deref().and_then(|word| word.split('`').nth(3)).unwrap_or_default().to_owned();
        self.within(&name, |want| want.problem(format!("`{name}` cannot be `{value}`"), None));
    }

    fn unequal(&mut self, value: &Value, operand: &Operand) {
        let shown = |value: &Value| match referred(value) {
            Some(name) => format!("`{name}`"),
            None => self::shown(value),
        };
        let wanted = self.operand(operand).map(|value| shown(&value)).unwrap_or_default();
        let whose = match operand {
            Operand::Gathered(path) => self.whose(path) + ",",
            Operand::Literal(_) => String::new(),
        };
        self.problem(format!("{} stands where {wanted}{whose} is wanted", shown(value)), None);
    }

    /// Which value of which resource something is compared with.
    fn whose(&self, path: &[String]) -> String {
        let id = self.names.iter().find(|(name, _)| Some(name) == path.first()).map(|(_, id)| id.as_str());
        match (path.last(), id) {
            (Some(property), Some(id)) => format!(", the `{property}` of `{id}`"),
            (Some(property), None) => format!(", the `{property}` here"),
            _ => String::new(),
        }
    }

    fn out_of_range(&mut self, shown: &str, how: &str, operand: &Operand) {
        let bound = self.operand(operand).and_then(|value| text_of(&value)).unwrap_or_default();
        let whose = match operand {
            Operand::Gathered(path) => self.whose(path),
            Operand::Literal(_) => String::new(),
        };
        self.problem(format!("{shown} is {how} {bound}{whose}"), None);
    }

    fn not_allowed(&mut self, value: &Value, allowed: &'static [Literal]) {
        let mut words: Vec<String> = allowed.iter().map(plain).collect();
        words.dedup();
        let text = text_of(value).unwrap_or_default();
        let hint = match nearest(&text, words.iter().map(String::as_str)) {
            Some(known) => format!("is it `{known}` that is meant?"),
            None if words.len() == 1 => format!("it is `{}`", words[0]),
            None if words.len() <= LISTED => format!("it is one of {}", words.join(", ")),
            None => {
                // The newest stand last.
                let last = words.split_at(words.len() - LISTED).1;
                format!("{} values are known, {} among them", words.len(), last.join(", "))
            }
        };
        self.problem(format!("{} is none of the values that are taken here", shown(value)), Some(hint));
    }

    fn not_closed(&mut self, value: &Value, schema: &'static Schema) {
        let known = schema.tests.iter().flat_map(|test| match test {
            Test::Properties(properties) => properties.as_slice(),
            _ => &[],
        });
        let known: Vec<&str> = known.map(|(name, _)| name.as_str()).collect();
        let unknown: Vec<&str> =
            entries(value).map(|(key, _)| key).filter(|key| !named(key, schema)).collect();
        for key in unknown {
            let hint =
                nearest(key, known.iter().copied()).map(|known| format!("is it `{known}` that is meant?"));
            self.within(key, |want| want.problem(format!("there is no `{key}` here"), hint));
        }
    }

    /// Nothing that may be chosen fits, or more than one: the nearest choice says what is wrong.
    fn no_choice(&mut self, value: &Value, choices: &'static [Schema]) {
        let sets: Option<Vec<String>> = choices
            .iter()
            .map(|choice| match choice.tests.as_slice() {
                [Test::Required(names)] => Some(list(names)),
                _ => None,
            })
            .collect();
        if let Some(sets) = sets {
            self.problem(format!("one of these is wanted: {}", sets.join(", or ")), None);
            return;
        }
        let before = self.problems.len();
        let mut fewest: Option<Vec<Problem>> = None;
        for choice in choices {
            self.schema(value, choice);
            let problems = self.problems.split_off(before);
            if fewest.as_ref().is_none_or(|known| problems.len() < known.len()) {
                fewest = Some(problems);
            }
        }
        match fewest {
            Some(problems) if !problems.is_empty() => self.problems.extend(problems),
            _ => self.problem(format!("{} fits in more than one way", shown(value)), None),
        }
    }

    /// What must not be, is.
    fn refused(&mut self, value: &Value, inner: &'static Schema) {
        if let [Test::Required(names)] = inner.tests.as_slice() {
            let present = names.iter().filter(|name| self.has(value, name)).collect::<Vec<_>>();
            for name in present {
                self.within(name, |want| want.problem(format!("`{name}` cannot stand here"), None));
            }
            return;
        }
        // Of several that cannot be, those are told that are.
        if let Some(Test::Any(choices)) = inner.tests.iter().find(|test| matches!(test, Test::Any(_))) {
            let holding: Vec<_> =
                choices.iter().filter(|choice| self.verdict(value, choice, 0) == Verdict::Holds).collect();
            for choice in holding {
                self.refused(value, choice);
            }
            return;
        }
        let what = describe(inner);
        let what = if what.is_empty() { shown(value) } else { what };
        self.problem(format!("{what}, which cannot be here"), None);
    }

    fn chosen(&mut self, value: &Value, choose: &'static Choose) {
        if self.verdict(value, &choose.when, 0) == Verdict::Holds {
            let mut words = Vec::new();
            self.reasons(value, &choose.when, &mut words);
            self.since.push(words);
            self.schema(value, &choose.then);
            self.since.pop();
        } else {
            self.schema(value, &choose.otherwise);
        }
    }

    /// What made a schema hold, with the values that were found.
    fn reasons(&self, value: &Value, schema: &'static Schema, words: &mut Vec<String>) {
        for test in &schema.tests {
            match test {
                Test::Properties(properties) => {
                    for (name, inner) in properties {
                        self.reason(value, name, inner, words);
                    }
                }
                Test::Required(names) => {
                    for name in names.iter().filter(|name| self.has(value, name)) {
                        let word = format!("`{name}` is set");
                        let told = words.iter().any(|word| word.starts_with(&format!("`{name}` ")));
                        if !told
                            && value
                                .as_map()
                                .and_then(|map| map.get(name))
                                .is_some_and(|value| !matches!(value, Value::Map(_)) || self.names.is_empty())
                        {
                            words.push(word);
                        }
                    }
                }
                Test::Any(choices) => {
                    for choice in
                        choices.iter().filter(|choice| self.verdict(value, choice, 0) == Verdict::Holds)
                    {
                        self.reasons(value, choice, words);
                    }
                }
                Test::Not(inner) => {
                    if let [Test::Required(names)] = inner.tests.as_slice() {
                        let absent = names.iter().filter(|name| !self.has(value, name));
                        words.extend(absent.map(|name| format!("`{name}` is not set")));
                    }
                }
                _ => {}
            }
        }
    }

    fn reason(&self, value: &Value, name: &str, inner: &'static Schema, words: &mut Vec<String>) {
        let found = value.as_map().and_then(|map| map.get(name)).map(|value| self.settled(value));
        let Some(Ok(Some(found))) = found else { return };
        let word = match found {
            Value::Map(_) => {
                self.reasons(found, inner, words);
                return;
            }
            Value::List(_) => {
                let wanted = inner.tests.iter().find_map(|test| match test {
                    Test::Contains(item) => Some(describe(item)),
                    _ => None,
                });
                let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else { return };
                format!("`{name}` has {wanted}")
            }
            Value::Null => return,
            // What is asked of it is nothing more than to be there.
            _ if inner.tests.iter().all(|test| matches!(test, Test::Kinds(_))) => format!("`{name}` is set"),
            plain => format!("`{name}` is `{}`", short(&text_of(plain).unwrap_or_default())),
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
}

/// A text on one line, not too long.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() && text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    format!("{}...", line.chars().take(SHOWN).collect::<String>())
}

/// The names that a schema of names allows.
fn names_of(schema: &Schema) -> Option<Vec<String>> {
    schema.tests.iter().find_map(|test| match test {
        Test::Allowed(allowed) => Some(allowed.iter().map(plain).collect()),
        _ => None,
    })
}

fn count(value: &Value) -> usize {
    value.as_list().map_or(0, <[Value]>::len)
}

fn plain(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".to_owned(),
        Literal::Bool(flag) => flag.to_string(),
        Literal::Number(number) => number.to_string(),
        Literal::String(text) => text.clone(),
    }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn noun(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Null => "nothing",
        JsonKind::Boolean => "true or false",
        JsonKind::Integer => "a whole number",
        JsonKind::Number => "a number",
        JsonKind::String => "a string",
        JsonKind::List => "a list",
        JsonKind::Object => "an object",
    }
}

/// A value for a message.
fn shown(value: &Value) -> String {
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            format!("`{}`", short(&text_of(value).unwrap_or_default()))
        }
        Value::Null => "nothing".to_owned(),
        Value::List(items) => format!("a list of {}", items.len()),
        Value::Map(_) => {
            let text = json::write(value, json::Style::Compact);
            if text.len() <= 60 { format!("`{text}`") } else { "an object".to_owned() }
        }
    }
}

/// A simple schema in words: which properties, and what they are.
fn describe(schema: &Schema) -> String {
    let mut words = Vec::new();
    for test in &schema.tests {
        match test {
            Test::Required(names) => words.push(list(names)),
            Test::Equal(Operand::Literal(literal)) => words.push(format!("`{}`", plain(literal))),
            Test::Allowed(allowed) if allowed.len() <= LISTED => {
                words.push(format!("one of {}", allowed.iter().map(plain).collect::<Vec<_>>().join(", ")));
            }
            Test::Properties(properties) => {
                for (name, inner) in properties {
                    let inner = describe(inner);
                    if !inner.is_empty() {
                        words.push(format!("`{name}` is {inner}"));
                    }
                }
            }
            _ => {}
        }
    }
    words.join(" and ")
}
