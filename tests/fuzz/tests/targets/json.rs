//! The strict reader: agrees with serde_json on what both take, and refuses what serde_json lets pass.

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, MARK, Target, examples};
use polder_model::json::{DEEPEST, MOST_VALUES, read_strict};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// What a document has that is refused, as found by a reader of its own.
#[derive(Default)]
struct Looked {
    twice: bool,
    nul: bool,
    deepest: usize,
    values: usize,
    too_large: bool,
}

struct Look<'l>(&'l mut Looked, usize);

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.0.values += 1;
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.values += 1;
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.0.values += 1;
        self.0.too_large |= number.unsigned_abs() > 1 << 53;
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.0.values += 1;
        self.0.too_large |= number > 1 << 53;
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.0.values += 1;
        // Integers that fit no 64 bits, `-0`, and `1e400` come as floating point numbers.
        self.0.too_large |= !number.is_finite() || number.abs() > 9_007_199_254_740_992.0 || number == 0.0 && number.is_sign_negative();
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.0.values += 1;
        self.0.nul |= text.contains('\0');
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.values += 1;
        self.0.deepest = self.0.deepest.max(self.1 + 1);
        while list.next_element_seed(Look(self.0, self.1 + 1))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.values += 1;
        self.0.deepest = self.0.deepest.max(self.1 + 1);
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            self.0.nul |= name.contains('\0');
            self.0.twice |= !names.insert(name);
            members.next_value_seed(Look(self.0, self.1 + 1))?;
        }
        Ok(())
    }
}

fn look(input: &[u8]) -> Result<Looked, serde_json::Error> {
    let mut looked = Looked::default();
    let mut reader = serde_json::Deserializer::from_slice(input);
    Look(&mut looked, 0).deserialize(&mut reader)?;
    reader.end()?;
    Ok(looked)
}

fn property(input: &[u8]) -> Verdict {
    let (strict, plain, looked) = (read_strict(input), serde_json::from_slice::<Value>(input), look(input));
    let must_refuse = match &looked {
        Err(_) => Some("no JSON"),
        Ok(looked) if looked.twice => Some("a key twice"),
        Ok(looked) if looked.nul => Some("NUL"),
        Ok(looked) if looked.deepest > DEEPEST => Some("deep"),
        Ok(looked) if looked.too_large => Some("a number"),
        Ok(looked) if looked.values > MOST_VALUES => Some("many values"),
        Ok(_) => None,
    };
    match (strict, plain, must_refuse) {
        (Ok(value), Ok(other), None) if value == other => {
            let again = read_strict(value.to_string().as_bytes());
            if again.as_ref() == Ok(&value) { Ok("taken".to_owned()) } else { Err(format!("it reads as {value}, and that as {again:?}")) }
        }
        (Ok(_), Ok(_), None) => Err("it reads as another value than serde_json does".to_owned()),
        (Ok(_), _, Some(why)) => Err(format!("taken, although: {why}")),
        (Ok(_), Err(error), None) => Err(format!("taken, although serde_json says {error}")),
        (Err(finding), _, None) => Err(format!("refused without reason: {}", finding.message)),
        (Err(finding), _, Some(why)) if finding.message.contains(MARK) => {
            Err(format!("{why}: the message has a value in it: {}", finding.message))
        }
        (Err(finding), _, Some(why)) => Ok(format!("{why}: {}", finding.message.split(" (").next().unwrap_or_default())),
    }
}

#[test]
fn json() {
    let mut seeds = examples::of_schemas(&["vacancy", "training", "skill-offer", "query", "problem", "register-members"]);
    seeds.extend([&b"[]"[..], b"{\"a\":[1,-2,3.5e2,true,null,\"\\u00e9\"]}", b"\"x\""].map(<[u8]>::to_vec));
    let target = Target { name: "json", seeds, grammar: Grammar::Json, words: &["title", "a", "type"], bound: Duration::from_millis(500) };
    target.run(property);
}
