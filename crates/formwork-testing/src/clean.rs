//! [`assert_clean`]: no rule objects.

use formwork_check::Options;
use formwork_core::{Finding, Severity, Synthesis};

/// Judges the template of every stack by all rules of `formwork check`, those on security among them:
/// there is no error, and no warning that its resource does not accept with a reason.
///
/// ```
/// use formwork_core::{App, Build, RawResource};
/// use formwork_testing::assert_clean;
///
/// let mut app = App::new();
/// RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut app.stack("web"), "Topic");
/// assert_clean(&app.synthesize()?);
/// # Ok::<(), formwork_core::SynthError>(())
/// ```
///
/// # Panics
/// There is an error or a warning; all of them are shown, with the lines of Rust.
#[track_caller]
pub fn assert_clean(synthesis: &Synthesis) {
    assert_clean_with(synthesis, &Options::new());
}

/// As [`assert_clean`], with options: which rules speak, and rules of your own.
///
/// ```
/// use formwork_check::{Level, Options, Selection};
/// use formwork_core::{App, Build, RawResource};
/// use formwork_testing::assert_clean_with;
///
/// let mut app = App::new();
/// RawResource::new("AWS::EC2::Volume")
///     .property("AvailabilityZone", "eu-central-1a")
///     .property("Size", 10)
///     .build(&mut app.stack("web"), "Volume");
/// // It is the account that encrypts volumes here.
/// let selection = Selection::new().level("FW3010", Level::Off);
/// assert_clean_with(&app.synthesize()?, &Options::new().selection(selection));
/// # Ok::<(), formwork_core::SynthError>(())
/// ```
///
/// # Panics
/// There is an error or a warning; all of them are shown, with the lines of Rust.
#[track_caller]
pub fn assert_clean_with(synthesis: &Synthesis, options: &Options<'_>) {
    let mut found: Vec<Finding> = Vec::new();
    for stack in &synthesis.stacks {
        let options = options.clone().sources(stack);
        let findings = formwork_check::check(&stack.template, &options).into_iter();
        found.extend(
            findings
                .filter(|finding| finding.severity >= Severity::Warning)
                .map(|finding| finding.in_stack(&stack.name)),
        );
    }
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "rules object to what the app synthesizes\n\n{}", found.join("\n\n"));
}
