//! JUnit XML, which build servers read.
//!
//! There is no standard; [what readers have in common](https://github.com/testmoapp/junitxml) is
//! written here.

use std::io;

use formwork_core::{Finding, Severity};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::Place;
use crate::judged::Judged;

/// A suite for each template, with a case for each finding. Those at or above `fail_on` fail; a
/// template without findings is one case that passes.
pub(crate) fn render(judged: &[Judged], fail_on: Severity) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let cases: usize = judged.iter().map(cases).sum();
    let failures: usize = judged.iter().map(|judged| failures(judged, fail_on)).sum();
    writer
        .create_element("testsuites")
        .with_attribute(("name", "formwork check"))
        .with_attribute(("tests", cases.to_string().as_str()))
        .with_attribute(("failures", failures.to_string().as_str()))
        .write_inner_content(|writer| judged.iter().try_for_each(|judged| suite(writer, judged, fail_on)))?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn cases(judged: &Judged) -> usize {
    judged.unaccepted().count().max(1)
}

fn failures(judged: &Judged, fail_on: Severity) -> usize {
    judged.unaccepted().filter(|shown| shown.finding.severity >= fail_on).count()
}

fn suite(writer: &mut Writer<Vec<u8>>, judged: &Judged, fail_on: Severity) -> io::Result<()> {
    let subject = legible(&judged.subject.to_string());
    writer
        .create_element("testsuite")
        .with_attribute(("name", subject.as_str()))
        .with_attribute(("tests", cases(judged).to_string().as_str()))
        .with_attribute(("failures", failures(judged, fail_on).to_string().as_str()))
        .write_inner_content(|writer| {
            if judged.unaccepted().next().is_none() {
                writer
                    .create_element("testcase")
                    .with_attribute(("name", "no findings"))
                    .with_attribute(("classname", subject.as_str()))
                    .write_empty()?;
            }
            judged.unaccepted().try_for_each(|shown| case(writer, &shown.finding, &subject, fail_on))
        })?;
    Ok(())
}

fn case(writer: &mut Writer<Vec<u8>>, finding: &Finding, subject: &str, fail_on: Severity) -> io::Result<()> {
    let name = legible(format!("{} {}", finding.rule, finding.path.join("/")).trim_end());
    let mut element = writer
        .create_element("testcase")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("classname", subject));
    if let Some(place) = Place::of(finding) {
        element = element.with_attribute(("file", legible(place.file).as_str()));
        if let Some(line) = place.line {
            element = element.with_attribute(("line", line.to_string().as_str()));
        }
    }
    element.write_inner_content(|writer| {
        let whole = legible(&finding.to_string());
        let content = BytesText::new(&whole);
        if finding.severity < fail_on {
            writer.create_element("system-out").write_text_content(content)?;
        } else {
            let first = finding.message.lines().next().unwrap_or_default();
            writer
                .create_element("failure")
                .with_attribute(("type", finding.rule.as_ref()))
                .with_attribute(("message", legible(first).as_str()))
                .write_text_content(content)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A text without the characters that XML cannot say, not even escaped.
fn legible(text: &str) -> String {
    let legal = |character: char| match character {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        other => other >= ' ',
    };
    text.chars().map(|each| if legal(each) { each } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judged::{Shown, Subject};

    #[test]
    fn what_xml_cannot_say_is_replaced() {
        let finding = Finding::error("E1", "a\u{1}b <\"&\"> c\nd").hint("mend]]>").path(["A", "\u{0}"]);
        let judged = Judged {
            subject: Subject::Stack("a<b".to_owned()),
            shown: vec![Shown { finding, excerpt: None, in_baseline: false }],
        };
        let text = render(&[judged], Severity::Error).expect("memory takes everything");
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"formwork check\" tests=\"1\" failures=\"1\">
  <testsuite name=\"a&lt;b\" tests=\"1\" failures=\"1\">
    <testcase name=\"E1 A/\u{fffd}\" classname=\"a&lt;b\">
      <failure type=\"E1\" message=\"a\u{fffd}b &lt;&quot;&amp;&quot;&gt; c\">error[E1]: a\u{fffd}b &lt;&quot;&amp;&quot;&gt; c
d
  at A/\u{fffd}
  hint: mend]]&gt;</failure>
    </testcase>
  </testsuite>
</testsuites>
";
        assert_eq!(text, expected);
    }
}
