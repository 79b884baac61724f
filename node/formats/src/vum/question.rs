//! What a source is asked: a place, and conditions in a part of the query language of MongoDB.

use std::fmt;

use polder_model::Postcode4;
use polder_model::json::read_strict;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::MOST_KILOMETRES;

/// Largest question, in bytes.
pub const LARGEST_QUESTION: usize = 64 * 1024;
/// Most conditions in a question, and in those within them.
const MOST_CONDITIONS: usize = 500;

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The middle of the area.
    pub postcode: Postcode4,
    /// How far from there, in kilometres; 0 to 999.
    pub kilometres: u16,
    conditions: Map<String, Value>,
    digest: [u8; 32],
}

/// Why something is no question. None of its words is from the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAsked {
    /// More bytes or conditions than are taken.
    TooLarge,
    /// It is not JSON, or JSON of a kind that is refused.
    NotJson,
    /// It has no `vraagObject`.
    NoObject,
    /// `selectiegebied` lacks, or is not of its form.
    NoArea,
}

impl fmt::Display for NotAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "at most {LARGEST_QUESTION} bytes and {MOST_CONDITIONS} conditions"),
            Self::NotJson => f.write_str("the body is not JSON"),
            Self::NoObject => f.write_str("the body must have vraagObject, an object"),
            Self::NoArea => {
                f.write_str("vraagObject must have selectiegebied: postcode, four digits and two letters, and afstand, 0 to 999")
            }
        }
    }
}

impl Question {
    /// Reads the body of a question.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, NotAsked> {
        if bytes.len() > LARGEST_QUESTION {
            return Err(NotAsked::TooLarge);
        }
        let mut body = read_strict(bytes).map_err(|_| NotAsked::NotJson)?;
        let Some(Value::Object(mut conditions)) = body.get_mut("vraagObject").map(Value::take) else { return Err(NotAsked::NoObject) };
        let area = conditions.remove("selectiegebied").ok_or(NotAsked::NoArea)?;
        if count(&Value::Object(conditions.clone())) > MOST_CONDITIONS {
            return Err(NotAsked::TooLarge);
        }
        let postcode = area["postcode"].as_str().filter(|text| {
            let letters = text.get(4..).unwrap_or_default();
            letters.len() == 2 && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
        let postcode = postcode.and_then(|text| text.get(..4)?.parse().ok()).ok_or(NotAsked::NoArea)?;
        let kilometres = area["afstand"]
            .as_u64()
            .filter(|kilometres| *kilometres <= MOST_KILOMETRES.into())
            .and_then(|kilometres| u16::try_from(kilometres).ok());
        Ok(Self { postcode, kilometres: kilometres.ok_or(NotAsked::NoArea)?, conditions, digest: Sha256::digest(bytes).into() })
    }

    /// The SHA-256 of its body: the same question has the same.
    #[must_use]
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Whether a document, as it is searched, fits every condition; the area is not looked at.
    #[must_use]
    pub fn fits(&self, searched: &Value) -> bool {
        holds(&self.conditions, searched)
    }
}

/// How many members and entries a value has, with those within.
fn count(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.values().map(|inner| 1 + count(inner)).sum(),
        Value::Array(entries) => entries.iter().map(|inner| 1 + count(inner)).sum(),
        _ => 0,
    }
}

/// Members of a question that VUM 3.0 knows: any other is left aside.
const KNOWN: &[&str] = &[
    "beroep.codeBeroepsnaam",
    "bemiddelingsberoep",
    "codeWerkEnDenkniveauMinimaal",
    "datumAanvangWerkzaamheden",
    "datumAanvangBeschikbaarVoorWerk",
    "contractvorm",
    "rijbewijs",
    "arbeidsmarktkwalificatie.rijbewijs",
    "taalbeheersing",
    "arbeidsmarktkwalificatie.taalbeheersing",
    "werktijden.aantalWerkurenPerWeekMinimaal",
    "werktijden.aantalWerkurenPerWeekMaximaal",
    "werktijden.indicatieKantoortijden",
    "flexibiliteit.indicatieOnregelmatigWerkOfPloegendienst",
    // Of an entry of a list.
    "codeBeroepsnaam",
    "codeTypeArbeidscontract",
    "codeSoortRijbewijs",
    "codeTaal",
    "codeNiveauTaalbeheersingMondeling",
    "codeNiveauTaalbeheersingSchriftelijk",
];

/// Whether a document fits all of these conditions.
fn holds(conditions: &Map<String, Value>, document: &Value) -> bool {
    conditions.iter().all(|(name, condition)| match name.as_str() {
        "$or" => any(condition, |one| one.as_object().is_none_or(|conditions| holds(conditions, document))),
        known if KNOWN.contains(&known) => condition.as_object().is_none_or(|operators| meets(operators, at(document, known))),
        _ => true,
    })
}

/// Whether one of a list does; a list of nothing asks for nothing.
fn any(list: &Value, does: impl Fn(&Value) -> bool) -> bool {
    list.as_array().is_none_or(|entries| entries.is_empty() || entries.iter().any(does))
}

fn at<'d>(document: &'d Value, path: &str) -> &'d Value {
    path.split('.').fold(document, |value, step| value.get(step).unwrap_or(&Value::Null))
}

/// Whether a value meets all of these operators.
fn meets(operators: &Map<String, Value>, value: &Value) -> bool {
    operators.iter().all(|(operator, asked)| match operator.as_str() {
        "$eq" => value == asked || value.as_array().is_some_and(|entries| entries.contains(asked)),
        "$gte" => order(value, asked).is_some_and(std::cmp::Ordering::is_ge),
        "$lte" => order(value, asked).is_some_and(std::cmp::Ordering::is_le),
        "$lt" => order(value, asked).is_some_and(std::cmp::Ordering::is_lt),
        "$elemMatch" => has(value, asked),
        "$all" => asked.as_array().is_none_or(|all| {
            all.iter().all(|one| match one.get("$elemMatch") {
                Some(asked) => has(value, asked),
                None => one.is_object() || value.as_array().is_some_and(|entries| entries.contains(one)),
            })
        }),
        _ => true,
    })
}

/// Whether an entry of a list fits conditions.
fn has(list: &Value, asked: &Value) -> bool {
    let Some(conditions) = asked.as_object() else { return true };
    list.as_array().is_some_and(|entries| entries.iter().any(|entry| holds(conditions, entry)))
}

/// The order of two values of one type: numbers, or texts such as codes of one digit and dates.
fn order(one: &Value, other: &Value) -> Option<std::cmp::Ordering> {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64()?.partial_cmp(&other.as_f64()?),
        (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
        _ => None,
    }
}
