//! The catalogue: what every rule means, with a template or code that it objects to, and what passes.
//!
//! Each rule has a file in `rules/`, which is the only place where its text stands. Rules that
//! synthesis alone has (`FW01`, `FW02`, `FW04`) stand there too, whose examples are Rust: the crates
//! above have the code, and this one the words.

use formwork_template::Severity;

/// What one rule means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleText {
    /// The id (`E3012`).
    pub id: &'static str,
    /// What is wrong where the rule objects, in one line.
    pub title: &'static str,
    /// How bad that is, where nothing else is said of the rule. Some rules on limits only warn
    /// before the limit is reached.
    pub severity: Severity,
    /// What the rule means, why it matters, and what to do.
    pub meaning: &'static str,
    /// Where the rule applies, if it does not apply to every template (`synthesis`).
    pub only: Option<&'static str>,
    /// What the rule objects to.
    pub fails: Example,
    /// What passes.
    pub passes: Example,
}

/// An example of what a rule is about: a template, code, or both; or words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Example {
    /// A template in YAML.
    pub template: Option<&'static str>,
    /// Rust that adds to an `app` or a `stack`, with `formwork::prelude::*` in scope.
    pub code: Option<&'static str>,
    /// What would be too long to show.
    pub words: Option<&'static str>,
}

impl Example {
    /// What there is of it as Markdown, a block after the other.
    ///
    /// ```
    /// let rule = formwork_check::explain("FW0101").unwrap();
    /// assert!(rule.fails.markdown().starts_with("```rust\n"));
    /// ```
    pub fn markdown(&self) -> String {
        let block = |language: &str, text: Option<&str>| text.map(|text| format!("```{language}\n{text}```"));
        let words = self.words.map(str::to_owned);
        let blocks = [words, block("rust", self.code), block("yaml", self.template)];
        blocks.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
    }
}

/// Embeds the file of each rule.
macro_rules! texts {
    ($($id:literal)*) => {
        &[$(($id, include_str!(concat!("../rules/", $id, ".md")))),*]
    };
}

/// Every rule, in the order of the ids.
#[rustfmt::skip]
const TEXTS: &[(&str, &str)] = texts! {
    "E0000"
    "E1001"
    "E1002"
    "E1003"
    "E1004"
    "E1005"
    "E1010"
    "E1011"
    "E1015"
    "E1016"
    "E1017"
    "E1018"
    "E1019"
    "E1020"
    "E1021"
    "E1022"
    "E1024"
    "E1027"
    "E1028"
    "E1029"
    "E1030"
    "E1031"
    "E1032"
    "E1033"
    "E1040"
    "E1041"
    "E1050"
    "E1051"
    "E1103"
    "E1150"
    "E1151"
    "E1152"
    "E1153"
    "E1154"
    "E1155"
    "E1156"
    "E1157"
    "E1158"
    "E1159"
    "E1160"
    "E1161"
    "E1700"
    "E1701"
    "E2001"
    "E2002"
    "E2003"
    "E2010"
    "E2011"
    "E2015"
    "E2529"
    "E2530"
    "E2531"
    "E2533"
    "E2900"
    "E3001"
    "E3002"
    "E3003"
    "E3004"
    "E3005"
    "E3006"
    "E3007"
    "E3009"
    "E3010"
    "E3011"
    "E3012"
    "E3013"
    "E3014"
    "E3015"
    "E3016"
    "E3017"
    "E3018"
    "E3019"
    "E3020"
    "E3021"
    "E3022"
    "E3023"
    "E3024"
    "E3025"
    "E3026"
    "E3027"
    "E3028"
    "E3029"
    "E3030"
    "E3031"
    "E3032"
    "E3033"
    "E3034"
    "E3035"
    "E3036"
    "E3037"
    "E3038"
    "E3039"
    "E3040"
    "E3041"
    "E3042"
    "E3044"
    "E3045"
    "E3046"
    "E3047"
    "E3048"
    "E3049"
    "E3050"
    "E3052"
    "E3053"
    "E3054"
    "E3055"
    "E3056"
    "E3057"
    "E3059"
    "E3060"
    "E3061"
    "E3064"
    "E3501"
    "E3502"
    "E3503"
    "E3504"
    "E3505"
    "E3510"
    "E3512"
    "E3513"
    "E3530"
    "E3601"
    "E3615"
    "E3617"
    "E3620"
    "E3621"
    "E3628"
    "E3633"
    "E3634"
    "E3635"
    "E3636"
    "E3638"
    "E3639"
    "E3640"
    "E3641"
    "E3642"
    "E3643"
    "E3644"
    "E3647"
    "E3652"
    "E3653"
    "E3660"
    "E3661"
    "E3663"
    "E3667"
    "E3670"
    "E3671"
    "E3672"
    "E3673"
    "E3674"
    "E3675"
    "E3676"
    "E3677"
    "E3678"
    "E3679"
    "E3680"
    "E3681"
    "E3682"
    "E3683"
    "E3684"
    "E3685"
    "E3686"
    "E3687"
    "E3688"
    "E3689"
    "E3690"
    "E3691"
    "E3692"
    "E3693"
    "E3694"
    "E3695"
    "E3696"
    "E3697"
    "E3698"
    "E3699"
    "E3700"
    "E3701"
    "E3702"
    "E3704"
    "E3705"
    "E3706"
    "E3707"
    "E3708"
    "E3709"
    "E3711"
    "E3712"
    "E3713"
    "E3714"
    "E3715"
    "E3717"
    "E3718"
    "E3719"
    "E3720"
    "E3721"
    "E3722"
    "E3723"
    "E3725"
    "E4001"
    "E4002"
    "E5001"
    "E6001"
    "E6002"
    "E6003"
    "E6004"
    "E6005"
    "E6010"
    "E6011"
    "E6101"
    "E6102"
    "E7001"
    "E7002"
    "E7010"
    "E8001"
    "E8002"
    "E8003"
    "E8004"
    "E8005"
    "E8006"
    "E8007"
    "FW0100"
    "FW0101"
    "FW0102"
    "FW0103"
    "FW0104"
    "FW0106"
    "FW0107"
    "FW0108"
    "FW0109"
    "FW0110"
    "FW0111"
    "FW0201"
    "FW0202"
    "FW0203"
    "FW0301"
    "FW0302"
    "FW0303"
    "FW0304"
    "FW0401"
    "FW0402"
    "FW0403"
    "FW0404"
    "FW0405"
    "FW0406"
    "FW0409"
    "FW0410"
    "FW0411"
    "FW0412"
    "FW0413"
    "FW0414"
    "FW0420"
    "FW0421"
    "FW0422"
    "FW0423"
    "FW0424"
    "FW0425"
    "FW0426"
    "FW0427"
    "FW0428"
    "FW0429"
    "FW0430"
    "FW0431"
    "FW0432"
    "FW0433"
    "FW0434"
    "FW0435"
    "FW0436"
    "FW0437"
    "FW0438"
    "FW0439"
    "FW0440"
    "FW0441"
    "FW0442"
    "FW0443"
    "FW0444"
    "FW0445"
    "FW0446"
    "FW0447"
    "FW0448"
    "FW0449"
    "FW0450"
    "FW0451"
    "FW0452"
    "FW0460"
    "FW0461"
    "FW0462"
    "FW0463"
    "FW0464"
    "FW0465"
    "FW0466"
    "FW0467"
    "FW0468"
    "FW0469"
    "FW0470"
    "FW0471"
    "FW0472"
    "FW0473"
    "FW0480"
    "FW0481"
    "FW0482"
    "FW0483"
    "FW0484"
    "FW0485"
    "FW0486"
    "FW0487"
    "FW0488"
    "FW0490"
    "FW0491"
    "FW0492"
    "FW0493"
    "FW0494"
    "FW0495"
    "FW0496"
    "FW0510"
    "FW0511"
    "FW0520"
    "FW0521"
    "FW0530"
    "FW0531"
    "FW0541"
    "FW0542"
    "FW0550"
    "FW0551"
    "FW0560"
    "FW0570"
    "FW0601"
    "FW0602"
    "FW0603"
    "FW0604"
    "FW0605"
    "FW0606"
    "FW3001"
    "FW3002"
    "FW3003"
    "FW3004"
    "FW3010"
    "FW3011"
    "FW3020"
    "FW3021"
    "FW3022"
    "FW3030"
    "FW3031"
    "FW3040"
    "FW3041"
    "FW3050"
    "I1002"
    "I1003"
    "I2003"
    "I2010"
    "I3010"
    "I3011"
    "I6010"
    "I7010"
    "W1001"
    "W1019"
    "W2001"
    "W2531"
    "W3002"
    "W3005"
    "W3037"
    "W3663"
    "W3687"
    "W3688"
    "W3689"
    "W3690"
    "W3691"
    "W3693"
    "W3694"
    "W3702"
    "W3703"
    "W4001"
    "W7001"
    "W8001"
    "W8003"
};

/// Every rule, in the order of the ids.
///
/// ```
/// let security = formwork_check::catalogue().filter(|rule| rule.id.starts_with("FW3"));
/// for rule in security {
///     assert!(!rule.title.is_empty());
/// }
/// ```
pub fn catalogue() -> impl Iterator<Item = RuleText> {
    TEXTS.iter().filter_map(|(id, text)| parse(id, text))
}

/// What a rule means, by its id.
///
/// ```
/// let rule = formwork_check::explain("E3012").unwrap();
/// assert_eq!(rule.title, "a value is of the wrong kind");
/// assert_eq!(formwork_check::explain("E9999"), None);
/// ```
pub fn explain(rule: &str) -> Option<RuleText> {
    let position = TEXTS.binary_search_by_key(&rule, |(id, _)| id).ok()?;
    let (id, text) = TEXTS.get(position)?;
    parse(id, text)
}

/// Takes the file of a rule apart; that every file can be is for the tests to say.
fn parse(id: &'static str, text: &'static str) -> Option<RuleText> {
    let (title, rest) = text.strip_prefix("# ")?.strip_prefix(id)?.strip_prefix(": ")?.split_once('\n')?;
    let (meaning, rest) = rest.split_once("\nSeverity: ")?;
    let (facts, rest) = rest.split_once("\n## Fails\n")?;
    let (fails, passes) = rest.split_once("\n## Passes\n")?;
    let (severity, others) = facts.split_once('\n')?;
    let severity = match severity {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        "info" => Severity::Info,
        _ => return None,
    };
    let only = others.lines().find_map(|line| line.strip_prefix("Only: "));
    let (fails, passes) = (example(fails)?, example(passes)?);
    Some(RuleText { id, title, severity, meaning: meaning.trim(), only, fails, passes })
}

/// Takes an example apart: blocks of YAML and Rust, at most one of each, and words around them.
fn example(text: &'static str) -> Option<Example> {
    let (mut example, mut rest) = (Example::default(), text.trim());
    while !rest.is_empty() {
        let Some(block) = rest.strip_prefix("```") else {
            let (words, after) = rest.split_at(rest.find("\n```").unwrap_or(rest.len()));
            put(&mut example.words, words)?;
            rest = after.trim_start();
            continue;
        };
        let (language, block) = block.split_once('\n')?;
        let end = block.find("\n```")? + 1;
        let slot = match language {
            "yaml" => &mut example.template,
            "rust" => &mut example.code,
            _ => return None,
        };
        put(slot, &block[..end])?;
        rest = block[end..].strip_prefix("```")?.trim_start();
    }
    (example != Example::default()).then_some(example)
}

/// Fills what is empty.
fn put(slot: &mut Option<&'static str>, text: &'static str) -> Option<()> {
    slot.replace(text).is_none().then_some(())
}
