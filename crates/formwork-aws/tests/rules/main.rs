//! That every rule of synthesis has its text, and that the examples in it are true.
//!
//! What `formwork explain FW0404` shows is the bodies of `fails` and `passes` in `fw0404.rs` here: they
//! are built, judged, and compared with `crates/formwork-check/rules/FW0404.md`. After a change
//! `FORMWORK_UPDATE_RULES=1` writes them there.
#![cfg(all(
    feature = "code-deploy",
    feature = "container-instances",
    feature = "file-systems",
    feature = "queue-services",
    feature = "scheduled-tasks",
    feature = "service-discovery",
    feature = "user-data"
))]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "examples have a network as a stack has it that built one"
)]

use std::{collections::BTreeSet, env, fs, path::Path};

use formwork_check::Options;
use formwork_core::Severity;
use formwork_template::read;
use prelude::{App, Finding, NatPolicy, Stack, Tier, Vpc, VpcHandle, Zones};

/// What stands in `formwork::prelude` of it, whose crate is a floor above.
mod prelude {
    pub(crate) use formwork_aws::prelude::*;
    pub(crate) use formwork_cfn::*;
    pub(crate) use formwork_core::{
        App, Build, DeletionPolicy, Environment, Expr, Finding, Parameter, Rule, Stack, UpdateReplacePolicy,
        Via, equals, id, if_else, join, pseudo, secret,
    };
}

mod fw0100;
mod fw0101;
mod fw0102;
mod fw0103;
mod fw0104;
mod fw0106;
mod fw0107;
mod fw0108;
mod fw0110;
mod fw0111;
mod fw0201;
mod fw0202;
mod fw0203;
mod fw0302;
mod fw0303;
mod fw0401;
mod fw0402;
mod fw0403;
mod fw0404;
mod fw0405;
mod fw0406;
mod fw0409;
mod fw0410;
mod fw0411;
mod fw0412;
mod fw0413;
mod fw0414;
mod fw0420;
mod fw0421;
mod fw0422;
mod fw0423;
mod fw0424;
mod fw0425;
mod fw0426;
mod fw0427;
mod fw0428;
mod fw0429;
mod fw0430;
mod fw0431;
mod fw0432;
mod fw0433;
mod fw0434;
mod fw0435;
mod fw0436;
mod fw0437;
mod fw0438;
mod fw0439;
mod fw0440;
mod fw0441;
mod fw0442;
mod fw0443;
mod fw0444;
mod fw0445;
mod fw0446;
mod fw0447;
mod fw0448;
mod fw0449;
mod fw0450;
mod fw0451;
mod fw0452;
mod fw0460;
mod fw0461;
mod fw0462;
mod fw0463;
mod fw0464;
mod fw0465;
mod fw0466;
mod fw0467;
mod fw0468;
mod fw0469;
mod fw0470;
mod fw0471;
mod fw0472;
mod fw0473;
mod fw0480;
mod fw0481;
mod fw0482;
mod fw0483;
mod fw0484;
mod fw0485;
mod fw0486;
mod fw0487;
mod fw0488;
mod fw0490;
mod fw0491;
mod fw0492;
mod fw0493;
mod fw0494;
mod fw0495;
mod fw0496;
mod fw0602;
mod fw3001;
mod fw3002;
mod grave_mistakes;
mod w3037;

/// A rule, by its module.
macro_rules! fixture {
    ($kind:ident, $id:literal, $module:ident) => {
        Fixture {
            id: $id,
            source: include_str!(concat!(stringify!($module), ".rs")),
            fails: Example::$kind($module::fails),
            passes: Example::$kind($module::passes),
        }
    };
}

/// Every rule that synthesis has, by what its examples are given.
const FIXTURES: &[Fixture] = &[
    fixture!(App, "FW0100", fw0100),
    fixture!(App, "FW0101", fw0101),
    fixture!(App, "FW0102", fw0102),
    fixture!(Stack, "FW0103", fw0103),
    fixture!(App, "FW0104", fw0104),
    fixture!(App, "FW0106", fw0106),
    fixture!(Stack, "FW0107", fw0107),
    fixture!(App, "FW0108", fw0108),
    fixture!(Stack, "FW0110", fw0110),
    fixture!(Stack, "FW0111", fw0111),
    fixture!(App, "FW0201", fw0201),
    fixture!(App, "FW0202", fw0202),
    fixture!(App, "FW0203", fw0203),
    fixture!(Stack, "FW0302", fw0302),
    fixture!(Stack, "FW0303", fw0303),
    fixture!(Stack, "FW0401", fw0401),
    fixture!(Stack, "FW0402", fw0402),
    fixture!(Stack, "FW0403", fw0403),
    fixture!(Stack, "FW0404", fw0404),
    fixture!(Network, "FW0405", fw0405),
    fixture!(Network, "FW0406", fw0406),
    fixture!(Network, "FW0409", fw0409),
    fixture!(Stack, "FW0410", fw0410),
    fixture!(Stack, "FW0411", fw0411),
    fixture!(Stack, "FW0412", fw0412),
    fixture!(Stack, "FW0413", fw0413),
    fixture!(Stack, "FW0414", fw0414),
    fixture!(Network, "FW0420", fw0420),
    fixture!(Network, "FW0421", fw0421),
    fixture!(Stack, "FW0422", fw0422),
    fixture!(Stack, "FW0423", fw0423),
    fixture!(Network, "FW0424", fw0424),
    fixture!(Network, "FW0425", fw0425),
    fixture!(Network, "FW0426", fw0426),
    fixture!(Network, "FW0427", fw0427),
    fixture!(Network, "FW0428", fw0428),
    fixture!(Stack, "FW0429", fw0429),
    fixture!(Stack, "FW0430", fw0430),
    fixture!(Stack, "FW0431", fw0431),
    fixture!(Network, "FW0432", fw0432),
    fixture!(Stack, "FW0433", fw0433),
    fixture!(Stack, "FW0434", fw0434),
    fixture!(Stack, "FW0435", fw0435),
    fixture!(Stack, "FW0436", fw0436),
    fixture!(Stack, "FW0437", fw0437),
    fixture!(Stack, "FW0438", fw0438),
    fixture!(Stack, "FW0439", fw0439),
    fixture!(Stack, "FW0440", fw0440),
    fixture!(Stack, "FW0441", fw0441),
    fixture!(Network, "FW0442", fw0442),
    fixture!(Network, "FW0443", fw0443),
    fixture!(Network, "FW0444", fw0444),
    fixture!(Network, "FW0445", fw0445),
    fixture!(Network, "FW0446", fw0446),
    fixture!(Network, "FW0447", fw0447),
    fixture!(Network, "FW0448", fw0448),
    fixture!(Network, "FW0449", fw0449),
    fixture!(Stack, "FW0450", fw0450),
    fixture!(Network, "FW0451", fw0451),
    fixture!(Network, "FW0452", fw0452),
    fixture!(Network, "FW0460", fw0460),
    fixture!(Network, "FW0461", fw0461),
    fixture!(Network, "FW0462", fw0462),
    fixture!(Network, "FW0463", fw0463),
    fixture!(Network, "FW0464", fw0464),
    fixture!(Network, "FW0465", fw0465),
    fixture!(Network, "FW0466", fw0466),
    fixture!(Network, "FW0467", fw0467),
    fixture!(Stack, "FW0468", fw0468),
    fixture!(Stack, "FW0469", fw0469),
    fixture!(Stack, "FW0470", fw0470),
    fixture!(Network, "FW0471", fw0471),
    fixture!(Network, "FW0472", fw0472),
    fixture!(Network, "FW0473", fw0473),
    fixture!(Network, "FW0480", fw0480),
    fixture!(Network, "FW0481", fw0481),
    fixture!(Stack, "FW0482", fw0482),
    fixture!(Stack, "FW0483", fw0483),
    fixture!(Network, "FW0484", fw0484),
    fixture!(Stack, "FW0485", fw0485),
    fixture!(Stack, "FW0486", fw0486),
    fixture!(Stack, "FW0487", fw0487),
    fixture!(Stack, "FW0488", fw0488),
    fixture!(Network, "FW0490", fw0490),
    fixture!(Network, "FW0491", fw0491),
    fixture!(Network, "FW0492", fw0492),
    fixture!(Network, "FW0493", fw0493),
    fixture!(Network, "FW0494", fw0494),
    fixture!(Network, "FW0495", fw0495),
    fixture!(Network, "FW0496", fw0496),
    fixture!(Stack, "FW0602", fw0602),
    fixture!(Network, "FW3001", fw3001),
    fixture!(Stack, "FW3002", fw3002),
    fixture!(Stack, "W3037", w3037),
];

/// Rules whose examples are words, and the test that shows them.
const BY_WORDS: [(&str, &str); 1] = [("FW0109", "crates/formwork-core/tests/weak_points.rs")];

/// Errors that come with a rule wherever it fails.
const TOGETHER: [(&str, &str); 1] = [("FW0202", "E8003")];

/// The two examples of a rule.
struct Fixture {
    id: &'static str,
    source: &'static str,
    fails: Example,
    passes: Example,
}

/// An example, by what it is given.
#[derive(Clone)]
enum Example {
    /// It writes a whole app.
    App(fn() -> App),
    /// It adds to a stack.
    Stack(fn(&mut Stack<'_>)),
    /// It adds to a stack with a network of three tiers.
    Network(fn(&mut Stack<'_>, VpcHandle)),
    /// It is a template.
    Template(String),
}

impl Example {
    /// What is found about it: by synthesis, and where that succeeds by the facts as well.
    fn findings(&self) -> Vec<Finding> {
        let mut app = App::new();
        match self {
            Self::Template(text) => {
                let template = read::read(text).unwrap().into_template();
                return formwork_check::check(&template, &Options::new());
            }
            Self::App(write) => app = write(),
            Self::Stack(write) => write(&mut app.stack("shop")),
            Self::Network(write) => {
                let mut stack = app.stack("shop");
                let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
                    .tier(Tier::public("Public"))
                    .tier(Tier::private("App"))
                    .tier(Tier::isolated("Data"))
                    .build(&mut stack, "Network");
                write(&mut stack, vpc);
            }
        }
        match app.synthesize() {
            Err(error) => error.findings().to_vec(),
            Ok(synthesis) => {
                let mut findings = synthesis.findings;
                for stack in &synthesis.stacks {
                    let judged = formwork_check::check(&stack.template, &Options::new()).into_iter();
                    // What synthesis judges by the template is judged a second time here.
                    let told = |new: &Finding| {
                        findings.iter().any(|old| (&old.rule, &old.message) == (&new.rule, &new.message))
                    };
                    let judged: Vec<Finding> = judged.filter(|finding| !told(finding)).collect();
                    findings.extend(judged);
                }
                findings
            }
        }
    }
}

impl Fixture {
    /// The body of one of its functions, as the text of the rule shows it.
    fn shown(&self, function: &str) -> String {
        let from = self.source.find(&format!("fn {function}(")).unwrap();
        let body = &self.source[from..];
        let (start, end) = (body.find("{\n").unwrap() + "{\n".len(), body.find("\n}\n").unwrap());
        let body = &body[start..=end];
        // What a whole app returns is no part of the example.
        let body = body.strip_suffix("    app\n").unwrap_or(body);
        body.lines().map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned() + "\n").collect()
    }

    /// What its examples do otherwise than the text says.
    fn objections(&self, severity: Severity) -> Vec<String> {
        let list = |findings: &[Finding]| {
            findings.iter().map(|found| format!("\n{found}")).collect::<Vec<_>>().concat()
        };
        let mut objections = Vec::new();
        let found = self.fails.findings();
        if !found.iter().any(|finding| finding.rule == self.id && finding.severity == severity) {
            objections.push(format!("no such {severity} where it fails:{}", list(&found)));
        }
        let expected = |finding: &Finding| {
            finding.rule == self.id
                || finding.severity != Severity::Error
                || TOGETHER.contains(&(self.id, &finding.rule))
        };
        let others: Vec<Finding> = found.into_iter().filter(|finding| !expected(finding)).collect();
        if !others.is_empty() {
            objections.push(format!("other errors where it fails:{}", list(&others)));
        }
        let mut found = self.passes.findings();
        found.retain(|finding| finding.rule == self.id || finding.severity == Severity::Error);
        if !found.is_empty() {
            objections.push(format!("found where it passes:{}", list(&found)));
        }
        objections
    }
}

/// The ids of formwork's own rules that the sources below a directory name.
fn reported(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            reported(&path, found);
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let quoted = text.split('"').filter(|word| word.len() == "FW0000".len());
        let ids = quoted.filter(|word| word.starts_with("FW") && word[2..].parse::<u16>().is_ok());
        found.extend(ids.map(str::to_owned));
    }
}

#[test]
fn every_rule_of_synthesis_has_a_fixture() {
    let mut missing = BTreeSet::new();
    for name in ["formwork-core", "formwork-aws"] {
        reported(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src"), &mut missing);
    }
    for known in FIXTURES.iter().map(|fixture| fixture.id).chain(BY_WORDS.map(|(id, _)| id)) {
        missing.remove(known);
    }
    assert!(
        missing.is_empty(),
        "{missing:?}: add for each crates/formwork-aws/tests/rules/ID.rs (copy fw0404.rs), its `mod` and its line \
         in FIXTURES of main.rs; CONTRIBUTING.md has the steps",
    );
}

#[test]
fn examples_are_those_of_the_texts_and_fail_and_pass() {
    let mut wrong = Vec::new();
    for fixture in FIXTURES {
        let id = fixture.id;
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../formwork-check/rules").join(format!("{id}.md"));
        let text = fs::read_to_string(&path).unwrap_or_default();
        let Some((fresh, severity)) =
            with_examples(&text, &fixture.shown("fails"), &fixture.shown("passes")).zip(severity(&text))
        else {
            wrong.push(format!(
                "{id}: write crates/formwork-check/rules/{id}.md in the form of FW0404.md; CONTRIBUTING.md has the steps"
            ));
            continue;
        };
        if text != fresh && env::var_os("FORMWORK_UPDATE_RULES").is_some() {
            fs::write(path, fresh).unwrap();
        } else if text != fresh {
            let command = "FORMWORK_UPDATE_RULES=1 cargo test -p formwork-aws --all-features --test rules";
            wrong.push(format!("{id}: the text has other examples; `{command}` writes them"));
        }
        wrong.extend(fixture.objections(severity).into_iter().map(|objection| format!("{id}: {objection}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How bad a text says that its rule is.
fn severity(text: &str) -> Option<Severity> {
    text.lines().find_map(|line| match line.strip_prefix("Severity: ")? {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "info" => Some(Severity::Info),
        _ => None,
    })
}

/// The text of a rule with these examples as its blocks of Rust.
fn with_examples(text: &str, fails: &str, passes: &str) -> Option<String> {
    let (before, rest) = text.split_once("\n## Fails\n")?;
    let (failing, passing) = rest.split_once("\n## Passes\n")?;
    let block = |section: &str, code: &str| {
        let (before, after) = match section.split_once("```rust\n") {
            Some((before, rest)) => (before, rest.split_once("\n```")?.1),
            None => ("", section),
        };
        let parts = [before.trim(), &format!("```rust\n{code}```"), after.trim()].map(str::to_owned);
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Some(format!("\n{}\n", parts.join("\n\n")))
    };
    let (failing, passing) = (block(failing, fails)?, block(passing, passes)?);
    Some(format!("{before}\n## Fails\n{failing}\n## Passes\n{passing}"))
}
