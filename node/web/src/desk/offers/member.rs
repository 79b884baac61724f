//! What a member of an offer is called and may be, from its schema: for whoever mends it, in their own language.

use polder_exchange::people::Language;
use polder_model::{Finding, FindingCode, Kind};
use serde::Serialize;
use serde_json::{Value, json};

use super::form::{label, part};
use crate::pages::bounded::cut;
use crate::pages::money::euros;
use crate::pages::{Said, Words};

/// Characters of a name or a list of words that are said.
const LONGEST: usize = 300;
/// Names of members that nobody knows that are said.
const UNKNOWN: usize = 5;
/// Characters of such a name.
const LONGEST_NAME: usize = 40;

/// What is wrong, and with which part of the form.
#[derive(Debug, Serialize)]
pub(super) struct Wrong {
    /// The part; empty where the form has none for it.
    pub part: &'static str,
    /// The member, as people call it.
    pub label: String,
    /// Where it stands in the document.
    pub pointer: String,
    /// What is wrong, what is allowed, and what to do.
    pub text: String,
}

/// What a schema says of the members of a document.
pub(super) struct Shape<'w> {
    kind: Kind,
    schema: Value,
    words: &'w Words,
    language: Language,
    /// Whether people write the document itself, and no form or table of it.
    is_json: bool,
    /// The message that says how a day is written.
    day: &'static str,
}

impl<'w> Shape<'w> {
    /// Of the offers of a kind.
    pub(super) fn of(kind: Kind, words: &'w Words, language: Language) -> Self {
        let read = |name: &str| polder_schemas::schema(name).and_then(|text| serde_json::from_str::<Value>(text).ok()).unwrap_or_default();
        let mut schema = read(kind.as_str());
        schema["properties"]["terms"] = read("terms");
        Self { kind, schema, words, language, is_json: false, day: "member-date" }
    }

    /// The same of documents that people write themselves.
    pub(super) fn in_json(self) -> Self {
        Self { is_json: true, ..self }
    }

    /// The same of rows of a table: a day may be written there as people do.
    pub(super) fn in_table(self) -> Self {
        Self { day: "member-date-written", ..self }
    }

    /// Of a line around an offer.
    pub(super) fn of_line(kind: Kind, words: &'w Words, language: Language) -> Self {
        let schema = json!({"properties": {
            "key": {"title": "Key", "x-title-nl": "Kenmerk", "type": "string", "minLength": 1, "maxLength": 100},
            "kind": {"title": "Kind", "x-title-nl": "Soort", "enum": [kind]},
            "document": {"title": "The offer", "x-title-nl": "Het aanbod", "type": "object"},
            "version": {}, "modifiedAt": {},
        }});
        Self { kind, schema, words, language, is_json: true, day: "member-date" }
    }

    /// A finding in words. Whoever sees it has written the document: what it calls a member that nobody knows is said.
    pub(super) fn wrong(&self, finding: &Finding, document: &Value) -> Wrong {
        Wrong {
            part: part(self.kind, &finding.pointer),
            label: self.label(&finding.pointer),
            pointer: finding.pointer.clone(),
            text: self.text(finding, document),
        }
    }

    fn at(&self, pointer: &str) -> &Value {
        steps(pointer).fold(&self.schema, inner)
    }

    /// What people call a member, with that in which it stands.
    pub(super) fn label(&self, pointer: &str) -> String {
        if let Some(named) = label(self.kind, pointer).filter(|_| !self.is_json) {
            return self.words.text(&named, &[]);
        }
        let (mut place, mut names) = (&self.schema, Vec::new());
        for step in steps(pointer) {
            place = inner(place, step);
            match step.parse::<i64>() {
                Ok(number) => names.push(self.words.text("member-number", &[("number", Said::Number(number + 1))])),
                Err(_) => names.push(self.title(place).unwrap_or(step).to_owned()),
            }
        }
        names.join(" › ")
    }

    fn title<'s>(&self, place: &'s Value) -> Option<&'s str> {
        place[if self.language == Language::Nl { "x-title-nl" } else { "title" }].as_str()
    }

    fn text(&self, finding: &Finding, document: &Value) -> String {
        let place = self.at(&finding.pointer);
        let say = |name: &str| self.words.text(name, &[]);
        let with = |name: &str, said: &str| self.words.text(name, &[("said", Said::Text(&cut(said, LONGEST)))]);
        let mut all = Vec::new();
        match finding.code {
            FindingCode::UnknownMember => {
                let unknown = unknown(place, document, &finding.pointer);
                all.push(if unknown.is_empty() { say("finding-unknown-member") } else { with("member-unknown", &unknown) });
                match after(&finding.message, "the nearest it has: ") {
                    Some(nearest) => all.push(with("member-nearest", nearest)),
                    None => all.push(with("member-members", &members(place).join(", "))),
                }
            }
            FindingCode::UnknownCode => {
                all.push(say("finding-unknown-code"));
                all.extend(after(&finding.message, "nearest are: ").map(|nearest| with("member-nearest", nearest)));
            }
            FindingCode::WrongType if !["integer", "number"].contains(&place["type"].as_str().unwrap_or_default()) => {
                all.push(say("member-wrong-type"));
                all.extend(self.allowed(place));
            }
            FindingCode::WrongType => {
                all.push(say("finding-wrong-type"));
                all.extend(self.allowed(place));
            }
            FindingCode::NotJson => all.extend([say("finding-not-json"), say("member-not-json")]),
            // An amount may be within the bounds of its schema, and yet be none for its period.
            FindingCode::OutOfBounds if place["properties"]["period"].is_object() => all.push(say("member-pay")),
            FindingCode::OutOfBounds => match self.allowed(place) {
                Some(allowed) => all.extend([say("member-out-of-bounds"), allowed]),
                None => all.push(say("finding-out-of-bounds")),
            },
            FindingCode::AnotherHost => {
                all.push(say("finding-another-host"));
                let hosts = after(&finding.message, "it names ").and_then(|rest| rest.split_once(" and what lies below"));
                all.extend(hosts.map(|(hosts, _)| with("member-hosts", hosts)));
            }
            FindingCode::Contradiction => all.push(say(match place["type"].as_str() {
                Some("array") => "member-twice",
                Some("string") => "member-days-turned",
                _ if place["properties"]["min"].is_object() => "member-turned",
                _ => "finding-contradiction",
            })),
            code => {
                let code = json!(code);
                all.push(say(&format!("finding-{}", code.as_str().unwrap_or_default())));
            }
        }
        all.join(" ")
    }

    /// What a member may be.
    fn allowed(&self, place: &Value) -> Option<String> {
        let bound = |name: &str| Said::Number(place[name].as_i64().unwrap_or_default());
        let say = |name: &str, given: &[(&str, Said<'_>)]| Some(self.words.text(name, given));
        if let Some(words) = place["enum"].as_array() {
            let words: Vec<String> = words.iter().map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned)).collect();
            return say("member-one-of", &[("said", Said::Text(&cut(&words.join(", "), LONGEST)))]);
        }
        match (place["type"].as_str()?, place["format"].as_str(), place["pattern"].as_str()) {
            ("integer" | "number", ..) if is_cents(place) => {
                let most = euros(self.language, place["maximum"].as_u64().unwrap_or_default());
                let amount = say("member-amount", &[("most", Said::Text(&most))])?;
                Some(if self.is_json { format!("{amount} {}", self.words.text("member-cents", &[])) } else { amount })
            }
            ("integer" | "number", ..) => say("member-whole", &[("least", bound("minimum")), ("most", bound("maximum"))]),
            ("string", Some("date"), _) => say(self.day, &[]),
            ("string", Some("email"), _) => say("member-email", &[]),
            ("string", _, Some(pattern)) if pattern.starts_with("^https:") => say("member-url", &[]),
            ("string", _, Some("^[1-9][0-9]{3}( ?[A-Z]{2})?$")) => say("member-postcode", &[]),
            ("string", _, Some("^[0-9]{8}$")) => say("member-kvk", &[]),
            ("string", _, Some(pattern)) if pattern.starts_with("^\\+?[0-9]") => say("member-telephone", &[]),
            ("string", _, Some(pattern)) if pattern.starts_with("^(19[7-9]") => say(self.day, &[]),
            ("string", _, Some("^[a-z]{2}$")) => say("member-two-letters", &[]),
            ("string", _, Some(pattern)) => say("member-pattern", &[("said", Said::Text(pattern))]),
            ("string", ..) => say("member-length", &[("least", bound("minLength")), ("most", bound("maxLength"))]),
            ("array", ..) => say("member-list", &[("most", bound("maxItems"))]),
            ("object", ..) => say("member-object", &[("said", Said::Text(&cut(&members(place).join(", "), LONGEST)))]),
            ("boolean", ..) => say("member-yes-no", &[]),
            _ => None,
        }
    }
}

fn steps(pointer: &str) -> impl Iterator<Item = &str> {
    pointer.split('/').skip(1)
}

fn inner<'s>(place: &'s Value, step: &str) -> &'s Value {
    if place["items"].is_object() { &place["items"] } else { &place["properties"][step] }
}

/// Whether it is an amount, which people say in euros.
fn is_cents(place: &Value) -> bool {
    place["title"].as_str().is_some_and(|title| title.ends_with("in cents"))
}

fn members(place: &Value) -> Vec<&str> {
    place["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

/// The members of a part of a document that its schema does not know.
fn unknown(place: &Value, document: &Value, pointer: &str) -> String {
    let known = members(place);
    let found = document.pointer(pointer).and_then(Value::as_object).into_iter().flatten();
    let names = found.map(|(name, _)| name.as_str()).filter(|name| !known.contains(name));
    names.take(UNKNOWN).map(|name| format!("“{}”", cut(name, LONGEST_NAME))).collect::<Vec<_>>().join(", ")
}

/// What a message says behind these words, up to the next part of it.
fn after<'m>(message: &'m str, words: &str) -> Option<&'m str> {
    let (_, rest) = message.split_once(words)?;
    let end = if words.starts_with("the nearest") { rest.find([';', '(']) } else { rest.find(" (") };
    Some(rest[..end.unwrap_or(rest.len())].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pointer: &str, code: FindingCode, message: &str, document: &Value) -> (String, String) {
        let words = Words::new(Language::Nl);
        let wrong = Shape::of(Kind::Vacancy, &words, Language::Nl).in_json().wrong(&Finding::new(pointer, code, message), document);
        (wrong.label, wrong.text)
    }

    #[test]
    fn what_is_wrong_is_said_by_its_label_with_what_is_allowed() {
        let none = json!({});
        let bounds = |pointer: &str| said(pointer, FindingCode::OutOfBounds, "", &none);
        assert_eq!(
            bounds("/hours/max"),
            ("Uren per week › Maximaal".to_owned(), "Dit kan niet. Een heel getal van 0 tot en met 80.".to_owned())
        );
        assert_eq!(bounds("/skills/2/importance").0, "Vaardigheden › nummer 3 › Belang");
        assert_eq!(bounds("/skills/2/importance").1, "Dit kan niet. Kies uit: essential, important, optional.");
        assert!(bounds("/salary").1.starts_with("Dat is meer dan iemand in die periode verdient."));
        assert_eq!(bounds("/title").1, "Dit kan niet. 2 tot en met 200 tekens.");
        assert_eq!(bounds("/startDate").1, "Dit kan niet. Een dag die bestaat: jaar, maand en dag, zoals 2027-01-31.");
        assert_eq!(bounds("/employer/kvk").1, "Dit kan niet. Acht cijfers, zonder punten of spaties.");
        assert!(bounds("/application/telephone").1.starts_with("Dit kan niet. Een telefoonnummer"));
        assert_eq!(bounds("/salary/min").1, "Dit kan niet. Een bedrag tot en met € 1.000.000. In een regel staat het in hele centen.");
        let words = Words::new(Language::Nl);
        let row = Shape::of(Kind::Vacancy, &words, Language::Nl).in_table();
        let day = row.wrong(&Finding::new("/startDate", FindingCode::OutOfBounds, ""), &none).text;
        assert_eq!(day, "Dit kan niet. Een dag die bestaat, zoals 31-1-2027 of 2027-01-31.");
        let shape = Shape::of(Kind::Training, &words, Language::Nl);
        for (pointer, said) in [
            ("/hoursPerWeek", "Het kleinste getal is groter dan het grootste."),
            ("/editions/0/endDate", "De eerste dag ligt na de laatste."),
            ("/skillsTaught", "Dit staat er twee keer."),
        ] {
            assert_eq!(shape.wrong(&Finding::new(pointer, FindingCode::Contradiction, ""), &none).text, said, "{pointer}");
        }
        assert_eq!(said("/positions", FindingCode::WrongType, "", &none).1, "Dit is geen getal. Een heel getal van 1 tot en met 1000.");
        assert_eq!(said("/title", FindingCode::WrongType, "", &none).1, "Dit is niet van de goede soort. 2 tot en met 200 tekens.");
    }

    #[test]
    fn which_member_is_unknown_is_said_and_which_are_known() {
        let document = json!({"title": "Kok", "uren": 3, "hours": {"mim": 1, "max": 2}});
        let near = "1 member(s) that are not known here, the nearest it has: min; leave out what is not meant (the first at column 3)";
        let (label, text) = said("/hours", FindingCode::UnknownMember, near, &document);
        assert_eq!((label.as_str(), text.as_str()), ("Uren per week", "Dit kennen wij niet: “mim”. Bedoelt u: min?"));
        let (_, text) = said("", FindingCode::UnknownMember, "1 member(s)", &document);
        assert!(text.starts_with("Dit kennen wij niet: “uren”. Hier mag staan: ") && text.contains("closingDate"), "{text}");
        let near = "no table knows this place; nearest are: Lelystad; Emmeloord";
        assert_eq!(said("/location/place", FindingCode::UnknownCode, near, &document).1.matches("Lelystad; Emmeloord").count(), 1);
    }
}
