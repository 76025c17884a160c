//! Texts that are made to cost time or memory.

const MILLION: usize = 1_000_000;

/// The texts, each under the name of its file.
pub(crate) fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let mut texts = nested();
    texts.extend(large());
    texts.extend(repeated());
    texts.extend([
        ("latin-1.yaml", b"Resources:\n  A: caf\xe9\n".to_vec()),
        ("utf-16.json", "\u{feff}{\"A\": 1}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("nul.yaml", vec![0; 1_000]),
        ("number.json", format!("{{\"Resources\":{{\"A\":{}}}}}", "9".repeat(MILLION)).into_bytes()),
        ("number.yaml", format!("Resources:\n  A: {}\n", "9".repeat(MILLION)).into_bytes()),
    ]);
    texts
}

/// Nested beyond what is read.
fn nested() -> Vec<(&'static str, Vec<u8>)> {
    let deep = 10_000;
    let blocks = (0..2_000).fold(String::new(), |text, depth| text + &" ".repeat(depth) + "a:\n");
    let both = (0..12)
        .fold("\"x\"".to_owned(), |inner, number| format!("{{\"Fn::If\":[\"C{number}\",{inner},{inner}]}}"));
    let conditions: Vec<String> = (0..400)
        .map(|number| format!("\"C{number}\":{{\"Fn::Equals\":[{{\"Ref\":\"P\"}},\"{number}\"]}}"))
        .collect();
    let chain = (0..400)
        .fold("\"x\"".to_owned(), |inner, number| format!("{{\"Fn::If\":[\"C{number}\",{inner},\"y\"]}}"));
    let with = |value: &str| {
        let conditions = conditions.join(",");
        format!(
            r#"{{"Parameters":{{"P":{{"Type":"String"}}}},"Conditions":{{{conditions}}},"Resources":{{"A":{{"Type":"AWS::SNS::Topic","Properties":{{"DisplayName":{value}}}}}}}}}"#
        )
        .into_bytes()
    };
    vec![
        ("deep-objects.json", ("{\"a\":".repeat(deep) + "1" + &"}".repeat(deep)).into_bytes()),
        (
            "deep-lists.json",
            ("{\"a\":".to_owned() + &"[".repeat(deep) + &"]".repeat(deep) + "}").into_bytes(),
        ),
        ("deep-flow.yaml", ("a: ".to_owned() + &"[".repeat(deep) + &"]".repeat(deep)).into_bytes()),
        ("deep-lists.yaml", ("a:\n ".to_owned() + &"- ".repeat(deep) + "x\n").into_bytes()),
        ("deep-maps.yaml", blocks.into_bytes()),
        ("if-400-deep.json", with(&chain)),
        ("if-both-branches-12-deep.json", with(&both)),
    ]
}

/// As large as is read, or larger.
fn large() -> Vec<(&'static str, Vec<u8>)> {
    let resources = |count: usize, resource: &dyn Fn(usize) -> String| {
        let each: Vec<String> =
            (0..count).map(|number| format!("\"R{number}\":{}", resource(number))).collect();
        format!("{{\"Resources\":{{{}}}}}", each.join(",")).into_bytes()
    };
    let waits = |last: &str| {
        resources(100_000, &|number| match number + 1 {
            100_000 => last.to_owned(),
            next => format!("{{\"DependsOn\":\"R{next}\"}}"),
        })
    };
    let keys: Vec<String> = (0..MILLION).map(|number| format!("\"{number}\":0")).collect();
    let sub = |text: String| {
        resources(1, &|_| {
            format!(r#"{{"Type":"AWS::SNS::Topic","Properties":{{"DisplayName":{{"Fn::Sub":"{text}"}}}}}}"#)
        })
    };
    vec![
        ("key-of-100-mb.json", format!("{{\"{}\":1}}", "k".repeat(100 * MILLION)).into_bytes()),
        ("text-of-100-mb.yaml", format!("a: '{}'", "k".repeat(100 * MILLION)).into_bytes()),
        ("text-of-4-mb.yaml", format!("Description: '{}'", "k".repeat(4 * MILLION)).into_bytes()),
        ("million-keys.json", format!("{{{}}}", keys.join(",")).into_bytes()),
        ("200000-keys.json", format!("{{{}}}", keys[..200_000].join(",")).into_bytes()),
        ("same-key-100000-times.yaml", ("a:\n".to_owned() + &"  b: 1\n".repeat(100_000)).into_bytes()),
        ("chain-of-100000.json", waits("{}")),
        ("circle-of-100000.json", waits("{\"DependsOn\":\"R0\"}")),
        ("way-into-a-circle.json", waits("{\"DependsOn\":\"R99999\"}")),
        (
            "unknown-types.json",
            resources(60_000, &|number| format!("{{\"Type\":\"AWS::EC2::Instanc{number}\"}}")),
        ),
        (
            "missing-names.json",
            resources(60_000, &|number| {
                format!("{{\"Type\":\"A::B::C\",\"Properties\":{{\"X\":{{\"Ref\":\"Q{number}\"}}}}}}")
            }),
        ),
        ("sub-never-closed.json", sub("${".repeat(MILLION))),
        ("sub-of-missing-names.json", sub("${B}".repeat(900_000))),
    ]
}

/// Repeated by aliases.
fn repeated() -> Vec<(&'static str, Vec<u8>)> {
    let laughs = |first: &str, line: &dyn Fn(char, &str) -> String| {
        let mut text = format!("a: &a {first}\n");
        for (before, name) in ('a'..='i').zip('b'..='j') {
            text.push_str(&line(name, &vec![format!("*{before}"); 9].join(", ")));
        }
        text.into_bytes()
    };
    let quoted = "  - 'b\n c'\n".repeat(100_000);
    vec![
        ("billion-laughs.yaml", laughs("[lol, lol]", &|name, nine| format!("{name}: &{name} [{nine}]\n"))),
        (
            "merge-keys.yaml",
            laughs("{k: 1}", &|name, nine| format!("{name}: &{name} {{<<: [{nine}], {name}: 1}}\n")),
        ),
        ("quoted-too-far-left.yaml", format!("a:\n{quoted}").into_bytes()),
    ]
}
