//! Step Functions: states that lead nowhere.
//!
//! See [the language](https://states-language.net/spec.html).

use formwork_template::{Map, Template, Value, intrinsic};

use crate::judge::{Judge, text};

/// The kinds of states.
const KINDS: [&str; 8] = ["Choice", "Fail", "Map", "Parallel", "Pass", "Succeed", "Task", "Wait"];
/// Kinds that neither go on nor end: they are the end, or choose.
const WITHOUT_NEXT: [&str; 3] = ["Choice", "Fail", "Succeed"];
/// Machines within machines deeper than this are not followed.
const DEPTH: usize = 16;

/// Every state that is named is there, and every state goes on or ends.
pub(super) fn check(judge: &mut Judge<'_>) {
    for machine in judge.resources("AWS::StepFunctions::StateMachine") {
        for property in ["Definition", "DefinitionString"] {
            let Some(value) = machine.property(property) else { continue };
            let path: Vec<String> =
                ["Resources", machine.logical_id, "Properties", property].map(str::to_owned).into();
            match value {
                Value::String(json) => {
                    if let Ok(read) = Template::from_json(json) {
                        // Within a text there are no places.
                        let read = Value::Map(read.into_sections());
                        let mut reader = Reader { judge: &mut *judge, path, fixed: true };
                        reader.machine(&read, 0);
                    } else if !json.contains("${") && !json.contains("{{") {
                        let path: Vec<&str> = path.iter().map(String::as_str).collect();
                        judge.error("E3601", &path, "the definition is no JSON object");
                    }
                }
                value => {
                    let mut reader = Reader { judge: &mut *judge, path, fixed: false };
                    reader.machine(value, 0);
                }
            }
        }
    }
}

struct Reader<'j, 'a> {
    judge: &'j mut Judge<'a>,
    path: Vec<String>,
    /// Whether all findings stand at one place.
    fixed: bool,
}

impl Reader<'_, '_> {
    fn report(&mut self, message: String) {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        self.judge.error("E3601", &path, message);
    }

    fn within(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        if self.fixed {
            check(self);
            return;
        }
        self.path.push(step.to_owned());
        check(self);
        self.path.pop();
    }

    fn machine(&mut self, value: &Value, depth: usize) {
        let Some(map) = value.as_map().filter(|map| intrinsic::of(map).is_none() && depth < DEPTH) else {
            return;
        };
        let states = match map.get("States") {
            Some(Value::Map(states)) if intrinsic::of(states).is_none() => states,
            Some(_) => return,
            None if map.keys().any(|key| key.starts_with("Fn::")) => return,
            None => {
                self.report("a state machine needs `States`".to_owned());
                return;
            }
        };
        match map.get("StartAt") {
            None => self.report("a state machine needs `StartAt`".to_owned()),
            Some(start) => self.within("StartAt", |reader| reader.leads_to(start, states)),
        }
        self.within("States", |reader| {
            for (name, state) in states.iter().filter(|(name, _)| !name.starts_with("Fn::")) {
                reader.within(name, |reader| reader.state(name, state, states, depth));
            }
        });
    }

    fn leads_to(&mut self, target: &Value, states: &Map) {
        if let Some(target) =
            text(target).filter(|target| !states.contains_key(target) && !target.contains("${"))
        {
            self.report(format!("there is no state `{target}`"));
        }
    }

    fn state(&mut self, name: &str, state: &Value, states: &Map, depth: usize) {
        let Some(map) = state.as_map().filter(|map| intrinsic::of(map).is_none()) else { return };
        let Some(kind) = map.get("Type") else {
            self.report(format!("the state `{name}` needs `Type`"));
            return;
        };
        let Some(kind) = text(kind) else { return };
        if !KINDS.contains(&&*kind) {
            self.within("Type", |reader| {
                reader.report(format!("`{kind}` is no kind of state: {}", KINDS.join(", ")));
            });
            return;
        }
        let goes_on = map.contains_key("Next") || map.contains_key("End");
        if !WITHOUT_NEXT.contains(&&*kind) && !goes_on {
            self.report(format!("the state `{name}` neither goes on, by `Next`, nor ends, by `End`"));
        }
        for key in ["Next", "Default"] {
            if let Some(next) = map.get(key) {
                self.within(key, |reader| reader.leads_to(next, states));
            }
        }
        for key in ["Choices", "Catch"] {
            let rules = map.get(key).and_then(Value::as_list).unwrap_or_default();
            self.within(key, |reader| {
                for (position, rule) in rules.iter().enumerate() {
                    let Some(next) = rule.get("Next") else { continue };
                    reader.within(&position.to_string(), |reader| {
                        reader.within("Next", |reader| reader.leads_to(next, states));
                    });
                }
            });
        }
        if kind == "Task" && !map.contains_key("Resource") {
            self.report(format!("the task `{name}` needs `Resource`"));
        }
        for key in ["Iterator", "ItemProcessor"] {
            if let Some(inner) = map.get(key) {
                self.within(key, |reader| reader.machine(inner, depth + 1));
            }
        }
        let branches = map.get("Branches").and_then(Value::as_list).unwrap_or_default();
        self.within("Branches", |reader| {
            for (position, branch) in branches.iter().enumerate() {
                reader.within(&position.to_string(), |reader| reader.machine(branch, depth + 1));
            }
        });
    }
}
