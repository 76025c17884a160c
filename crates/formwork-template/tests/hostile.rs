//! Text that is made to cost time or memory, and text in the wrong encoding: each is refused with a
//! message and a place, or read.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::fmt::Write as _;

use formwork_template::read::{BYTES, read_bytes};

const MILLION: usize = 1_000_000;

/// What becomes of each text, one a line.
fn outcomes(texts: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> String {
    let mut outcomes = String::new();
    for (name, bytes) in texts {
        match read_bytes(&bytes) {
            Ok(document) => {
                let template = document.template();
                let bytes = template.compact_json_bytes();
                writeln!(outcomes, "{name}: read, {} sections, {bytes} bytes", template.sections().len())
            }
            Err(error) => writeln!(outcomes, "{name}: {:?}: {error}", error.reason),
        }
        .unwrap();
    }
    outcomes
}

/// Nine of what stands before in each line, ten lines.
fn laughs(first: &str, line: impl Fn(char, &str) -> String) -> Vec<u8> {
    let mut text = format!("a: &a {first}\n");
    for (before, name) in ('a'..='i').zip('b'..='j') {
        text.push_str(&line(name, &vec![format!("*{before}"); 9].join(", ")));
    }
    text.into_bytes()
}

#[test]
fn what_repeats_itself() {
    let maps = (0..1_000).fold(String::new(), |text, number| text + &format!("k{number}: 1, "));
    let merges = (0..1_000)
        .fold(format!("a: &a {{{maps}}}\n"), |text, number| text + &format!("m{number}: {{<<: *a}}\n"));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 1_000].join(", "));
    let shown = outcomes([
        ("billion laughs", laughs("[lol, lol, lol]", |name, nine| format!("{name}: &{name} [{nine}]\n"))),
        (
            "by merge keys",
            laughs("{k: 1}", |name, nine| format!("{name}: &{name} {{<<: [{nine}], {name}: 1}}\n")),
        ),
        (
            "by values of merged maps",
            laughs("{k: 1}", |name, nine| format!("{name}: &{name} {{<<: {{x: [{nine}]}}}}\n")),
        ),
        ("a large map merged often", merges.into_bytes()),
        ("a long text repeated", long.into_bytes()),
        ("an alias inside its own node", b"a: &a [*a]\n".to_vec()),
        ("a merge of itself", b"a: &a {<<: *a}\n".to_vec()),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn what_is_nested() {
    let depth = 10_000;
    let blocks = (0..2_000).fold(String::new(), |text, deep| text + &" ".repeat(deep) + "a:\n");
    let shown = outcomes([
        ("objects of JSON", format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)).into_bytes()),
        ("lists of JSON", format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth)).into_bytes()),
        ("lists of JSON, never closed", format!("{{\"a\":{}", "[".repeat(depth)).into_bytes()),
        ("lists in flow", format!("a: {}{}", "[".repeat(depth), "]".repeat(depth)).into_bytes()),
        ("maps in flow", format!("a: {}{}", "{a: ".repeat(depth), "}".repeat(depth)).into_bytes()),
        ("lists in blocks", format!("a:\n {}x\n", "- ".repeat(depth)).into_bytes()),
        ("maps in blocks", blocks.into_bytes()),
        ("keys of keys", format!("{}x\n", "? ".repeat(depth)).into_bytes()),
        ("short forms", format!("a: {}x{}", "!If [A, ".repeat(depth), "]".repeat(depth)).into_bytes()),
        (
            "conditions in JSON",
            format!("{{\"a\":{}1{}}}", "{\"Fn::If\":[\"A\",1,".repeat(400), "]}".repeat(400)).into_bytes(),
        ),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn what_is_large() {
    let keys = |count| (0..count).fold(String::new(), |text, number| text + &format!("k{number}: 1\n"));
    let chain = (0..100_000).fold("{\"Resources\":{".to_owned(), |text, number| {
        text + &format!("\"R{number}\":{{\"DependsOn\":\"R{}\"}},", number + 1)
    }) + "\"R100000\":{}}}";
    let shown = outcomes([
        ("a key of 100 MB", format!("{{\"{}\":1}}", "k".repeat(100 * MILLION)).into_bytes()),
        ("a text of 100 MB", format!("a: '{}'", "k".repeat(100 * MILLION)).into_bytes()),
        ("a key as long as may be", format!("{{\"{}\":1}}", "k".repeat(BYTES - 6)).into_bytes()),
        ("a text as long as may be", format!("a: '{}'", "k".repeat(BYTES - 5)).into_bytes()),
        ("a plain text", format!("a: {}", "k ".repeat(2 * MILLION)).into_bytes()),
        ("a folded text", format!("a: >\n{}", "  k\n".repeat(MILLION)).into_bytes()),
        ("a block of empty lines", format!("a: |{}  x\n", "\n".repeat(4 * MILLION)).into_bytes()),
        ("comments", format!("{}a: 1\n", "# x\n".repeat(MILLION)).into_bytes()),
        ("a million keys", keys(MILLION).into_bytes()),
        ("as many keys as may be", keys(240_000).into_bytes()),
        ("resources in a chain", chain.into_bytes()),
        ("a key that stands often", format!("a:\n{}", "  b: 1\n".repeat(100_000)).into_bytes()),
        (
            "a key of JSON that stands often",
            format!("{{{}\"a\":1}}", "\"a\":1,".repeat(100_000)).into_bytes(),
        ),
        ("anchors", format!("a: [{}]", "&a x,".repeat(200_000)).into_bytes()),
        ("tags", format!("a: [{}]", "!A x,".repeat(200_000)).into_bytes()),
        ("quoted strings too far left", format!("a:\n{}", "  - 'b\n c'\n".repeat(100_000)).into_bytes()),
        ("dollars and braces", format!("{{\"Fn::Sub\":\"{}\"}}", "${".repeat(MILLION)).into_bytes()),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn numbers_that_are_enormous() {
    let nines = "9".repeat(MILLION);
    let shown = outcomes([
        ("whole, JSON", format!("{{\"a\":{nines}}}").into_bytes()),
        ("whole, YAML", format!("a: {nines}").into_bytes()),
        ("after the point, JSON", format!("{{\"a\":0.{nines}}}").into_bytes()),
        ("after the point, YAML", format!("a: 0.{nines}").into_bytes()),
        ("an exponent, JSON", b"{\"a\":1e99999999999}".to_vec()),
        ("an exponent, YAML", b"a: 1.0e+99999999999".to_vec()),
        ("in sixties", format!("a: 1{}", ":1".repeat(MILLION)).into_bytes()),
    ]);
    insta::assert_snapshot!(shown);
}

#[test]
fn encodings() {
    let utf16 = |big: bool| {
        let units = "\u{feff}{\"Resources\": {}}".encode_utf16();
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<u8>>()
    };
    let shown = outcomes([
        ("Latin-1", b"Resources:\n  A: caf\xe9\n".to_vec()),
        ("Latin-1 in JSON", b"{\"A\": \"caf\xe9\"}".to_vec()),
        ("a surrogate in UTF-8", b"A: \xed\xa0\x80\n".to_vec()),
        ("UTF-16, little end first", utf16(false)),
        ("UTF-16, big end first", utf16(true)),
        ("UTF-16 without its mark", utf16(false)[2..].to_vec()),
        ("a byte order mark before JSON", b"\xef\xbb\xbf{\"A\": 1}".to_vec()),
        ("a byte order mark before YAML", b"\xef\xbb\xbfA: 1".to_vec()),
        ("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbfA: 1".to_vec()),
        ("half a surrogate pair", b"{\"A\": \"\\ud800\"}".to_vec()),
        ("NUL in JSON", b"{\"A\x00\": 1}".to_vec()),
        ("NUL in YAML", b"Resources:\n  A\x00: 1\n".to_vec()),
        ("nothing but NUL", vec![0; 1_000]),
        ("nothing", Vec::new()),
        ("white space", b" \n\t \n".to_vec()),
    ]);
    insta::assert_snapshot!(shown);
}
