//! Changes of JSON documents that know what JSON is: members, elements, texts, numbers; also what JSON allows and readers disagree about.

use serde_json::Value;

use crate::random::Random;
use crate::words;

/// JSON as it is written: with members in their order, also twice, and numbers and texts as they stand.
#[derive(Clone, Debug)]
enum Tree {
    /// As it stands: a number, a word, or what is no JSON.
    Plain(String),
    /// A text, as it stands between its quotes.
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// Deepest nesting that is made.
const DEEP: usize = 40;
/// Most bytes that are written: more than anything here reads.
const MOST_BYTES: usize = 300_000;

fn between_quotes(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

impl Tree {
    fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::Text(between_quotes(text)),
            Value::Array(list) => Self::List(list.iter().map(Self::of).collect()),
            Value::Object(members) => Self::Object(members.iter().map(|(name, value)| (between_quotes(name), Self::of(value))).collect()),
            plain => Self::Plain(plain.to_string()),
        }
    }

    fn size(&self) -> usize {
        1 + match self {
            Self::List(list) => list.iter().map(Self::size).sum(),
            Self::Object(members) => members.iter().map(|(_, value)| value.size()).sum(),
            Self::Plain(_) | Self::Text(_) => 0,
        }
    }

    /// The node with that number, counted from the top.
    fn node(&mut self, number: usize) -> &mut Self {
        let mut left = number;
        self.find(&mut left).expect("there are as many nodes")
    }

    fn find(&mut self, left: &mut usize) -> Option<&mut Self> {
        if *left == 0 {
            return Some(self);
        }
        *left -= 1;
        match self {
            Self::List(list) => list.iter_mut().find_map(|one| one.find(left)),
            Self::Object(members) => members.iter_mut().find_map(|(_, value)| value.find(left)),
            Self::Plain(_) | Self::Text(_) => None,
        }
    }

    fn any(&mut self, random: &mut Random) -> &mut Self {
        let size = self.size();
        self.node(random.below(size))
    }

    fn write(&self, spaced: bool, to: &mut String) {
        let (comma, colon) = if spaced { (",\r\n\t ", " :\t") } else { (",", ":") };
        match self {
            _ if to.len() > MOST_BYTES => to.push('0'),
            Self::Plain(text) => to.push_str(text),
            Self::Text(text) => to.extend(["\"", text, "\""]),
            Self::List(list) => {
                to.push('[');
                for (number, one) in list.iter().enumerate() {
                    to.push_str(if number > 0 { comma } else { "" });
                    one.write(spaced, to);
                }
                to.push(']');
            }
            Self::Object(members) => {
                to.push('{');
                for (number, (name, value)) in members.iter().enumerate() {
                    to.extend([if number > 0 { comma } else { "" }, "\"", name, "\"", colon]);
                    value.write(spaced, to);
                }
                to.push('}');
            }
        }
    }
}

fn leaf(random: &mut Random) -> Tree {
    match random.below(10) {
        0 => Tree::Plain("null".to_owned()),
        1 => Tree::Plain("true".to_owned()),
        2 => Tree::List(Vec::new()),
        3 => Tree::Object(Vec::new()),
        4 => Tree::Plain(words::raw(random)),
        5 | 6 => Tree::Plain(words::number(random)),
        _ => Tree::Text(words::text(random)),
    }
}

/// Changes a document, with parts of another one. `None` where the input is no JSON.
pub(crate) fn change(input: &[u8], other: &[u8], names: &[&str], random: &mut Random) -> Option<Vec<u8>> {
    let mut tree = Tree::of(&serde_json::from_slice(input).ok()?);
    let mut other = Tree::of(&serde_json::from_slice(other).unwrap_or(Value::Null));
    for _ in 0..=random.below(4) {
        let node = tree.any(random);
        match random.below(12) {
            0 => *node = leaf(random),
            1 => *node = other.any(random).clone(),
            2 => wrap(node, random),
            _ => inside(node, &mut other, names, random),
        }
    }
    let mut text = String::new();
    tree.write(random.chance(10), &mut text);
    Some(text.into_bytes())
}

fn wrap(node: &mut Tree, random: &mut Random) {
    let most = if random.chance(20) { DEEP } else { 2 };
    for _ in 0..=random.below(most) {
        let inner = std::mem::replace(node, Tree::Plain(String::new()));
        *node = if random.chance(50) { Tree::List(vec![inner]) } else { Tree::Object(vec![("a".to_owned(), inner)]) };
    }
}

fn inside(node: &mut Tree, other: &mut Tree, names: &[&str], random: &mut Random) {
    match node {
        Tree::Object(members) => in_object(members, other, names, random),
        Tree::List(list) => in_list(list, other, random),
        Tree::Text(text) => in_text(text, random),
        Tree::Plain(text) => {
            *text = match text.parse::<i64>() {
                Ok(number) => match random.below(5) {
                    0 => number.wrapping_add(1).to_string(),
                    1 => number.wrapping_sub(1).to_string(),
                    2 => number.wrapping_mul(10).to_string(),
                    3 => format!("{number}.0"),
                    _ => words::number(random),
                },
                Err(_) => words::number(random),
            }
        }
    }
}

fn in_object(members: &mut Vec<(String, Tree)>, other: &mut Tree, names: &[&str], random: &mut Random) {
    let here = random.below(members.len());
    match random.below(6) {
        0 if !members.is_empty() => drop(members.remove(here)),
        1 if !members.is_empty() => {
            // The same name twice, written in one way or in two.
            let (mut name, value) = members[here].clone();
            if random.chance(30) && name.starts_with(|first: char| first.is_ascii_alphabetic()) {
                name = format!("\\u{:04x}{}", u32::from(name.as_bytes()[0]), &name[1..]);
            }
            members.push((name, if random.chance(50) { value } else { leaf(random) }));
        }
        2 if !members.is_empty() => {
            let to = random.below(members.len());
            members.swap(here, to);
        }
        3 if !members.is_empty() && !names.is_empty() => members[here].0 = (*random.pick(names)).to_owned(),
        4 if !names.is_empty() => {
            let value = if random.chance(50) { leaf(random) } else { other.any(random).clone() };
            members.push(((*random.pick(names)).to_owned(), value));
        }
        _ => members.push((words::text(random), leaf(random))),
    }
}

fn in_list(list: &mut Vec<Tree>, other: &mut Tree, random: &mut Random) {
    let here = random.below(list.len());
    match random.below(5) {
        0 if !list.is_empty() => drop(list.remove(here)),
        1 if !list.is_empty() => {
            let (one, times) = (list[here].clone(), *random.pick(&[1, 1, 2, 20, 60, 130]));
            list.extend(std::iter::repeat_n(one, times));
        }
        2 if !list.is_empty() => {
            let to = random.below(list.len());
            list.swap(here, to);
        }
        3 => list.push(other.any(random).clone()),
        _ => list.push(leaf(random)),
    }
}

fn in_text(text: &mut String, random: &mut Random) {
    let places: Vec<usize> = text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
    let here = *random.pick(&places);
    match random.below(4) {
        0 => *text = words::text(random),
        1 => text.truncate(here),
        2 => text.insert_str(here, &words::text(random)),
        _ => *text = format!("{}{}", &text[here..], &text[..here]),
    }
}
