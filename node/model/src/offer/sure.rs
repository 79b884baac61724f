//! The quick reader: says of most good documents, in one pass over their bytes and without building anything, that the strict reader takes them,
//! that their schema holds, and that no text in them is one that may not stand there.
//!
//! It is made out of the schemas themselves. Where it meets anything that it does not know for certain, in a schema or in a document, it says that
//! it is not sure; then the strict reader and the schema are asked. So it may be wrong in one way only, which tests look for: by being sure.

use std::fmt;
use std::sync::LazyLock;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::read::FRACTIONAL;
use super::{domain, forms, schema};
use crate::json::MOST_VALUES;
use crate::name::Kind;

/// Integers that the strict reader takes are at most this far from 0.
const FITS: i64 = 1 << 53;

/// What a document may be at one place.
enum Shape {
    Object {
        members: Vec<(String, Shape)>,
        /// One bit for each member that must be there.
        required: u64,
    },
    List {
        count: (usize, usize),
        each: Box<Shape>,
    },
    Text(Text),
    Integer {
        least: i64,
        most: i64,
        allowed: Option<Vec<i64>>,
    },
    Number {
        least: f64,
        most: f64,
    },
    Flag,
    /// A text or a list.
    Either(Box<Shape>, Box<Shape>),
    /// Nothing is certain here.
    Unknown,
}

/// What a text may be.
struct Text {
    /// Its length in characters, least and most.
    length: (usize, usize),
    follows: Vec<fn(&str) -> bool>,
    allowed: Option<Vec<String>>,
    /// Whether the rules about texts of the domain look at it.
    looked_at: bool,
}

static SHAPES: LazyLock<[Shape; 3]> = LazyLock::new(|| {
    Kind::ALL.map(|kind| {
        let schema = polder_schemas::schema(kind.as_str()).and_then(|text| serde_json::from_str(text).ok());
        schema.and_then(|schema| shape(&schema, "")).unwrap_or(Shape::Unknown)
    })
});

/// Whether a document surely passes the strict reader, the schema of its kind, and the rules of the domain about texts.
#[must_use]
pub fn is_surely_good(kind: Kind, bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| is_good(kind, text))
}

pub(super) fn is_good(kind: Kind, text: &str) -> bool {
    let place = Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0);
    let mut reader = serde_json::Deserializer::from_str(text);
    let mut left = MOST_VALUES;
    let look = Look { shape: &SHAPES[place], kind, left: &mut left };
    look.deserialize(&mut reader).is_ok() && reader.end().is_ok()
}

/// Keywords that say nothing about what is valid.
const TOLD: [&str; 6] = ["title", "x-title-nl", "description", "$schema", "$id", "type"];

/// The shape that a schema describes, at a member of that name; `None` where the schema says anything that is not known here.
fn shape(schema: &Value, member: &str) -> Option<Shape> {
    let keywords = schema.as_object()?;
    let only = |known: &[&str]| keywords.keys().all(|name| TOLD.contains(&name.as_str()) || known.contains(&name.as_str()));
    if keywords.get("$ref").is_some_and(|target| target == schema::TERMS_SCHEMA) && only(&["$ref"]) {
        return shape(&serde_json::from_str(polder_schemas::schema("terms")?).ok()?, member);
    }
    if let Some(Value::Array(ways)) = keywords.get("oneOf") {
        let [text, list] = ways.as_slice() else { return None };
        let (text, list) = (shape(text, member)?, shape(list, member)?);
        let apart = matches!((&text, &list), (Shape::Text(_), Shape::List { .. })) && only(&["oneOf"]);
        return apart.then(|| Shape::Either(Box::new(text), Box::new(list)));
    }
    let known = match keywords.get("type")?.as_str()? {
        "object" => only(&["properties", "required", "additionalProperties"]).then(|| object(schema))?,
        "array" => only(&["items", "minItems", "maxItems", "uniqueItems"]).then(|| list(schema, member))?,
        "string" => only(&["minLength", "maxLength", "pattern", "format", "enum", "const"]).then(|| text(schema, member))?,
        "integer" => only(&["minimum", "maximum", "enum"]).then(|| integer(schema))?,
        "number" => only(&["minimum", "maximum"]).then(|| number(schema, member))?,
        "boolean" => only(&[]).then_some(Some(Shape::Flag))?,
        _ => None,
    };
    // Of a member that is not known all others still may be.
    Some(known.unwrap_or(Shape::Unknown))
}

fn object(schema: &Value) -> Option<Shape> {
    let properties = schema["properties"].as_object().filter(|properties| properties.len() <= 64)?;
    if schema["additionalProperties"] != false {
        return None;
    }
    let members: Vec<(String, Shape)> =
        properties.iter().map(|(name, inner)| (name.clone(), shape(inner, name).unwrap_or(Shape::Unknown))).collect();
    let mut required = 0;
    for name in schema["required"].as_array()? {
        required |= 1 << members.iter().position(|(known, _)| *name == known.as_str())?;
    }
    Some(Shape::Object { members, required })
}

/// Entries of a list that need not be distinct are taken for distinct ones: then this is less sure than it could be.
fn list(schema: &Value, member: &str) -> Option<Shape> {
    let bound = |name: &str| usize::try_from(schema[name].as_u64()?).ok();
    Some(Shape::List { count: (bound("minItems")?, bound("maxItems")?), each: Box::new(shape(&schema["items"], member)?) })
}

fn text(schema: &Value, member: &str) -> Option<Shape> {
    let bound = |name: &str| usize::try_from(schema[name].as_u64()?).ok();
    let mut follows = Vec::new();
    if let Some(pattern) = schema.get("pattern") {
        follows.push(forms::checker(pattern.as_str()?)?);
    }
    if let Some(format) = schema.get("format") {
        follows.push(forms::checker_of_format(format.as_str()?)?);
    }
    let words = |list: &Value| list.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>();
    let allowed = match (schema.get("enum"), schema.get("const")) {
        (Some(list), None) => Some(words(list)?),
        (None, Some(word)) => Some(vec![word.as_str()?.to_owned()]),
        (None, None) => None,
        (Some(_), Some(_)) => return None,
    };
    Some(Shape::Text(Text {
        length: (bound("minLength")?, bound("maxLength")?),
        follows,
        allowed,
        looked_at: !domain::EXEMPT.contains(&member),
    }))
}

fn integer(schema: &Value) -> Option<Shape> {
    let bound = |name: &str| schema[name].as_i64().filter(|bound| (-FITS..=FITS).contains(bound));
    let allowed = match schema.get("enum") {
        Some(list) => Some(list.as_array()?.iter().map(Value::as_i64).collect::<Option<Vec<i64>>>()?),
        None => None,
    };
    let (least, most) = match &allowed {
        Some(list) => (*list.iter().min()?, *list.iter().max()?),
        None => (bound("minimum")?, bound("maximum")?),
    };
    let within = (-FITS..=FITS).contains(&least) && (-FITS..=FITS).contains(&most);
    let least = least.max(schema["minimum"].as_i64().unwrap_or(least));
    let most = most.min(schema["maximum"].as_i64().unwrap_or(most));
    within.then_some(Shape::Integer { least, most, allowed })
}

fn number(schema: &Value, member: &str) -> Option<Shape> {
    let bound = |name: &str| schema[name].as_f64().filter(|bound| bound.abs() <= FITS as f64);
    FRACTIONAL.contains(&member).then_some(Shape::Number { least: bound("minimum")?, most: bound("maximum")? })
}

/// A look at one value. It gives a digest of the value, the same for values that are equal as JSON Schema sees it.
struct Look<'l> {
    shape: &'l Shape,
    kind: Kind,
    left: &'l mut usize,
}

impl Look<'_> {
    fn spend<E: de::Error>(&mut self) -> Result<(), E> {
        *self.left = self.left.checked_sub(1).ok_or_else(not_sure)?;
        Ok(())
    }
}

fn not_sure<E: de::Error>() -> E {
    E::custom("not sure")
}

const fn mix(digest: u64, next: u64) -> u64 {
    (digest ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}

fn digest_of(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let digest = words.iter().fold(text.len() as u64, |digest, word| mix(digest, u64::from_le_bytes(*word)));
    rest.iter().fold(digest, |digest, byte| mix(digest, u64::from(*byte)))
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = u64;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that is surely good")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<u64, E> {
        if matches!(self.shape, Shape::Flag) { Ok(mix(1, u64::from(value))) } else { Err(not_sure()) }
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<u64, E> {
        match self.shape {
            Shape::Integer { least, most, allowed } => {
                let good = (*least..=*most).contains(&value) && allowed.as_ref().is_none_or(|allowed| allowed.contains(&value));
                if good { Ok(mix(2, value.cast_unsigned())) } else { Err(not_sure()) }
            }
            // An integer within the bounds of such a number loses nothing as one.
            Shape::Number { .. } => self.visit_f64(value as f64),
            _ => Err(not_sure()),
        }
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
        self.visit_i64(i64::try_from(value).map_err(|_| not_sure())?)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<u64, E> {
        match self.shape {
            Shape::Number { least, most } if (*least..=*most).contains(&value) && !(value == 0.0 && value.is_sign_negative()) => {
                Ok(mix(3, value.to_bits()))
            }
            _ => Err(not_sure()),
        }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<u64, E> {
        let shape: &Shape = if let Shape::Either(text, _) = self.shape { text } else { self.shape };
        match shape {
            Shape::Text(text) if text.surely_holds(value, self.kind) => Ok(digest_of(value)),
            _ => Err(not_sure()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<u64, A::Error> {
        let shape: &Shape = if let Shape::Either(_, list) = self.shape { list } else { self.shape };
        let Shape::List { count, each } = shape else { return Err(not_sure()) };
        let mut digests = Vec::new();
        while let Some(digest) = list.next_element_seed(Look { shape: each, kind: self.kind, left: &mut *self.left })? {
            self.spend()?;
            digests.push(digest);
            if digests.len() > count.1 {
                return Err(not_sure());
            }
        }
        let whole = digests.iter().fold(4, |whole, digest| mix(whole, *digest));
        digests.sort_unstable();
        let distinct = digests.windows(2).all(|pair| pair[0] != pair[1]);
        if distinct && digests.len() >= count.0 { Ok(whole) } else { Err(not_sure()) }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<u64, A::Error> {
        let Shape::Object { members, required } = self.shape else { return Err(not_sure()) };
        let (mut seen, mut whole) = (0_u64, 5_u64);
        while let Some(at) = object.next_key_seed(Name(members))? {
            if seen >> at & 1 == 1 {
                return Err(not_sure());
            }
            seen |= 1 << at;
            let digest = object.next_value_seed(Look { shape: &members[at].1, kind: self.kind, left: &mut *self.left })?;
            self.spend()?;
            // In whatever order the members come.
            whole = whole.wrapping_add(mix(mix(at as u64, 6), digest));
        }
        if seen & required == *required { Ok(mix(whole, 7)) } else { Err(not_sure()) }
    }
}

impl Text {
    fn surely_holds(&self, text: &str, kind: Kind) -> bool {
        let length = if text.is_ascii() { text.len() } else { text.chars().count() };
        (self.length.0..=self.length.1).contains(&length)
            && self.allowed.as_ref().is_none_or(|allowed| allowed.iter().any(|word| word == text))
            && self.follows.iter().all(|follows| follows(text))
            && !text.as_bytes().contains(&0)
            && !(self.looked_at && domain::may_not_stand(kind, text))
    }
}

/// The place of a name among the members of an object.
struct Name<'s>(&'s [(String, Shape)]);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = usize;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<usize, E> {
        self.0.iter().position(|(known, _)| known == name).ok_or_else(not_sure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(shape: &Shape) -> bool {
        match shape {
            Shape::Object { members, .. } => members.iter().any(|(_, inner)| unknown(inner)),
            Shape::List { each, .. } => unknown(each),
            Shape::Either(text, list) => unknown(text) || unknown(list),
            Shape::Unknown => true,
            _ => false,
        }
    }

    /// A keyword, pattern or format that is not known here costs no correctness, but time for each offer.
    #[test]
    fn nothing_in_the_schemas_is_unknown() {
        for (kind, shape) in Kind::ALL.iter().zip(&*SHAPES) {
            assert!(!unknown(shape), "{kind}");
        }
    }

    #[test]
    fn a_keyword_that_is_not_known_makes_it_unsure() {
        let schema = serde_json::json!({"type": "object", "additionalProperties": false, "required": [], "properties": {
            "plain": {"type": "integer", "minimum": 0, "maximum": 9},
            "odd": {"type": "integer", "minimum": 0, "maximum": 9, "multipleOf": 2}}});
        let shape = shape(&schema, "").expect("an object");
        let sure = |text: &str| {
            let look = Look { shape: &shape, kind: Kind::Vacancy, left: &mut 99 };
            look.deserialize(&mut serde_json::Deserializer::from_str(text)).is_ok()
        };
        assert!(sure(r#"{"plain":3}"#));
        assert!(!sure(r#"{"odd":4}"#) && !sure(r#"{"plain":10}"#) && !sure(r#"{"other":1}"#));
    }
}
