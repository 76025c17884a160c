//! New templates out of seeds, by a generator whose every choice follows from one number.

use std::ops::Range;

use fastrand::Rng;
use formwork_template::{Map, Template, Value, read};

/// Changes that one execution makes at most.
const CHANGES: usize = 5;
/// Bytes that an execution makes at most.
const LONGEST: usize = 64 << 10;

/// What readers and rules look for.
const WORDS: [&str; 92] = [
    "Resources",
    "Parameters",
    "Conditions",
    "Outputs",
    "Mappings",
    "Rules",
    "Transform",
    "Metadata",
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "DeletionPolicy",
    "UpdatePolicy",
    "CreationPolicy",
    "Default",
    "AllowedValues",
    "Ref",
    "Fn::GetAtt",
    "Fn::Sub",
    "Fn::If",
    "Fn::Join",
    "Fn::Select",
    "Fn::Split",
    "Fn::FindInMap",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::GetAZs",
    "Fn::ImportValue",
    "Fn::Equals",
    "Fn::And",
    "Fn::Not",
    "Fn::Or",
    "Fn::ForEach::Loop",
    "Fn::Transform",
    "Fn::Length",
    "Fn::ToJsonString",
    "AWS::NoValue",
    "AWS::Region",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::IAM::Role",
    "AWS::LanguageExtensions",
    "AWS::Serverless-2016-10-31",
    "AWS::EC2::SecurityGroup",
    "!Ref ",
    "!GetAtt ",
    "!Sub ",
    "!If ",
    "!Join ",
    "!Base64 ",
    "!Select ",
    "!FindInMap ",
    "!GetAZs",
    "!Equals ",
    "!Condition ",
    "!!str ",
    "!!int ",
    "!!binary ",
    "! ",
    "&a ",
    "*a",
    "<<: *a",
    "<<",
    "? ",
    ": ",
    "- ",
    "| ",
    "|-\n",
    ">+\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "# ",
    "\t",
    "null",
    "~",
    "yes",
    "1:30",
    "0x1F",
    "1e999",
    "-0",
    "18446744073709551616",
    "0.1e-400",
    "\\u0000",
    "\\ud800",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "${",
    "${A.B}",
    "${!",
];
/// What goes on inside itself, and what ends it again.
const NESTS: [(&str, &str); 9] = [
    ("[", "]"),
    ("{\"a\":", "}"),
    ("{a: ", "}"),
    ("- ", ""),
    ("? ", ""),
    ("!If [A, ", ", b]"),
    ("{\"Fn::If\": [\"A\", 1, ", "]}"),
    ("!Sub ", ""),
    ("'", "'"),
];

/// A template made of the seeds, another for every number.
pub fn template(number: u64, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut random = Rng::with_seed(number);
    let mut data = seed(&mut random, seeds).to_vec();
    if random.u8(..3) == 0
        && let Some(grafted) = graft(&data, seed(&mut random, seeds), &mut random)
    {
        data = grafted;
        if random.bool() {
            return data;
        }
    }
    for _ in 0..random.usize(1..=CHANGES) {
        change(&mut data, seeds, &mut random);
        data.truncate(LONGEST);
    }
    data
}

fn seed<'s>(random: &mut Rng, seeds: &'s [Vec<u8>]) -> &'s [u8] {
    random.choice(seeds).map_or(b"Resources: {}", Vec::as_slice)
}

fn change(data: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Rng) {
    match random.u8(..11) {
        0 => swap(data, random),
        1 => {
            let at = token(data, random);
            replace(data, at, word(random).as_bytes());
        }
        2 => {
            let at = random.usize(..=data.len());
            replace(data, at..at, word(random).as_bytes());
        }
        3 => {
            let at = token(data, random);
            replace(data, at, b"");
        }
        4 => {
            let (at, other) = (token(data, random), token(data, random));
            let copy = data[other].to_vec();
            replace(data, at, &copy);
        }
        5 => {
            if let Some(byte) = random.choice(data.iter_mut()) {
                *byte ^= 1 << random.u32(..8);
            }
        }
        6 => {
            let at = random.usize(..=data.len());
            replace(data, at..at, &[random.u8(..)]);
        }
        7 => data.truncate(random.usize(..=data.len())),
        8 => {
            let other = seed(random, seeds);
            let (end, start) = (line(data, random).start, line(other, random).start);
            data.truncate(end);
            data.extend_from_slice(&other[start..]);
        }
        9 => nest(data, random),
        _ => lines(data, random),
    }
}

fn word(random: &mut Rng) -> &'static str {
    random.choice(WORDS).unwrap_or_default()
}

fn replace(data: &mut Vec<u8>, range: Range<usize>, with: &[u8]) {
    data.splice(range, with.iter().copied());
}

/// One token: a run of letters and digits, of white space, or a single other byte.
fn token(data: &[u8], random: &mut Rng) -> Range<usize> {
    let kind = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | 0x80.. => 1,
        b' ' | b'\n' | b'\t' | b'\r' => 2,
        _ => 3,
    };
    if data.is_empty() {
        return 0..0;
    }
    let at = random.usize(..data.len());
    if kind(data[at]) == 3 {
        return at..at + 1;
    }
    let outside = |byte: &u8| kind(*byte) != kind(data[at]);
    let start = data[..at].iter().rposition(outside).map_or(0, |before| before + 1);
    let end = data[at..].iter().position(outside).map_or(data.len(), |length| at + length);
    start..end
}

/// One line, with its newline.
fn line(data: &[u8], random: &mut Rng) -> Range<usize> {
    let at = random.usize(..=data.len());
    let start = data[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let end = data[at..].iter().position(|byte| *byte == b'\n').map_or(data.len(), |length| at + length + 1);
    start..end
}

/// Two tokens change places.
fn swap(data: &mut Vec<u8>, random: &mut Rng) {
    let (one, other) = (token(data, random), token(data, random));
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    if first.end <= second.start {
        let (early, late) = (data[first.clone()].to_vec(), data[second.clone()].to_vec());
        replace(data, second, &early);
        replace(data, first, &late);
    }
}

/// Something inside itself, a few or many times, around a token.
fn nest(data: &mut Vec<u8>, random: &mut Rng) {
    let Some((open, close)) = random.choice(NESTS) else { return };
    let times = if random.u8(..8) == 0 { random.usize(..400) } else { random.usize(..8) };
    let at = token(data, random);
    let closed = if random.bool() { times } else { random.usize(..=times) };
    replace(data, at.end..at.end, close.repeat(closed).as_bytes());
    replace(data, at.start..at.start, open.repeat(times).as_bytes());
}

/// A line again, elsewhere, further in, or without its beginning.
fn lines(data: &mut Vec<u8>, random: &mut Rng) {
    let one = line(data, random);
    let copy = data[one.clone()].to_vec();
    match random.u8(..4) {
        0 => replace(data, one.end..one.end, &copy),
        1 => {
            let other = line(data, random);
            replace(data, other.start..other.start, &copy);
        }
        2 => replace(data, one.start..one.start, &b" ".repeat(random.usize(1..5))),
        _ => {
            let spaces = copy.iter().take_while(|byte| **byte == b' ').count();
            replace(data, one.start..one.start + random.usize(..=spaces), b"");
        }
    }
}

/// A value of one template put in the place of a value of another, if both can be read.
fn graft(data: &[u8], other: &[u8], random: &mut Rng) -> Option<Vec<u8>> {
    let read = |bytes| Some(Value::Map(read::read_bytes(bytes).ok()?.into_template().into_sections()));
    let (mut root, donor) = (read(data)?, read(other)?);
    for _ in 0..random.usize(1..=CHANGES) {
        let value = match random.u8(..6) {
            0 => Value::Null,
            1 => Value::from(i64::from(random.i8(..))),
            2 => Value::list((0..random.usize(..3)).map(|_| Value::from(word(random).to_owned()))),
            3 => Value::map([(word(random), nth(&donor, &mut random.usize(..count(&donor)))?.clone())]),
            _ => nth(&donor, &mut random.usize(..count(&donor)))?.clone(),
        };
        let mut at = random.usize(..count(&root));
        *nth_mut(&mut root, &mut at)? = value;
    }
    let sections = match root {
        Value::Map(sections) => sections,
        other => Map::from_iter([("Resources", other)]),
    };
    let template = Template::from_sections(sections);
    Some(if random.bool() { template.to_json() } else { template.to_yaml() }.into_bytes())
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::List(items) => items.iter().map(count).sum(),
        Value::Map(map) => map.iter().map(|(_, item)| count(item)).sum(),
        _ => 0,
    }
}

fn nth<'v>(value: &'v Value, left: &mut usize) -> Option<&'v Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::List(items) => items.iter().find_map(|item| nth(item, left)),
        Value::Map(map) => map.iter().find_map(|(_, item)| nth(item, left)),
        _ => None,
    }
}

fn nth_mut<'v>(value: &'v mut Value, left: &mut usize) -> Option<&'v mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::List(items) => items.iter_mut().find_map(|item| nth_mut(item, left)),
        Value::Map(map) => map.iter_mut().find_map(|(_, item)| nth_mut(item, left)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn a_number_always_makes_the_same_template() {
        let seeds =
            [b"Resources:\n  A: {Type: B}\n".to_vec(), br#"{"Resources": {"A": {"Ref": "B"}}}"#.to_vec()];
        for number in 0..500 {
            assert_eq!(template(number, &seeds), template(number, &seeds));
        }
    }
}
