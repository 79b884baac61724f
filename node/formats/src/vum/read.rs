//! Vacancies that the exchange shows a mediator, as vacancies that are ranked and shown here. Nothing is taken for more than it says: what has no member of ours
//! stands in the text, in words.

use std::fmt;

use polder_model::json::read_strict;
use polder_model::{CodeUri, Date, Kind, OfferKey, Postcode4, offer};
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::vacancy::is_competentnl;
use super::{Crosswalk, MOST_MATCHES, codes};
use crate::text::{at_most, one_line, tidy};
use crate::{key, values};

/// Longest title, text and name of an offer, in characters.
const TITLE: usize = 200;
const DESCRIPTION: usize = 9_000;
const NAME: usize = 200;
/// Longest line about something that has no member of its own, in characters.
const LINE: usize = 500;
/// Most skills, licences and entries of another list that are read.
const MOST_SKILLS: usize = 50;
const MOST_OTHERS: usize = 20;
/// What stands where the exchange says no title, or no employer.
const NO_TITLE: &str = "Vacature zonder titel";
const NO_EMPLOYER: &str = "Werkgever niet genoemd";

/// What the exchange answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The vacancies that can be read and still stand; at most [`MOST_MATCHES`].
    pub vacancies: Vec<Matched>,
    /// How many cannot be read.
    pub unread: usize,
    /// Whether there are more than these.
    pub more: bool,
}

/// A vacancy of the exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// A key for it here, the same for the same vacancy.
    pub key: OfferKey,
    /// It, as a vacancy: [`polder_model::offer::parse`] takes it.
    pub document: String,
    /// The levels of education that the least one asked may be, NLQF × 10: VUM tells fewer apart. `None` where it says none, or one below them.
    pub level: Option<(u8, u8)>,
}

/// The members of an answer that are read.
#[derive(Deserialize)]
struct Body<'b> {
    #[serde(rename = "maximumAantalResultatenBereikt", default)]
    more: bool,
    #[serde(borrow)]
    matches: Matches<'b>,
}

/// As many matches as are read, each as it is written; and whether there are others.
struct Matches<'b>(Vec<&'b RawValue>, bool);

impl<'de: 'b, 'b> Deserialize<'de> for Matches<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsMany;

        impl<'de> Visitor<'de> for AsMany {
            type Value = Matches<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut some = Vec::new();
                while some.len() < MOST_MATCHES {
                    let Some(one) = entries.next_element()? else { return Ok(Matches(some, false)) };
                    some.push(one);
                }
                let mut others = false;
                while entries.next_element::<IgnoredAny>()?.is_some() {
                    others = true;
                }
                Ok(Matches(some, others))
            }
        }
        deserializer.deserialize_seq(AsMany)
    }
}

/// Reads an answer, with the codes of ESCO that those of CompetentNL are; `None` where it is none. A vacancy that cannot be read spoils no other.
#[must_use]
pub fn answer(body: &[u8], today: Date, crosswalk: Crosswalk<'_>) -> Option<Answer> {
    let Body { more, matches: Matches(matches, others) } = serde_json::from_slice(body).ok()?;
    let mut answer = Answer { more: more || others, ..Answer::default() };
    for one in matches {
        // As deep and as large as an offer may be, and each member once.
        let one = Some(one.get().as_bytes()).filter(|bytes| bytes.len() <= offer::LARGEST_OFFER).and_then(|bytes| read_strict(bytes).ok());
        match one.and_then(|one| vacancy(&one, crosswalk)) {
            Some((_, Some(closing))) if closing < today => {}
            Some((matched, _)) if !answer.vacancies.iter().any(|known| known.key == matched.key) => answer.vacancies.push(matched),
            Some(_) => {}
            None => answer.unread += 1,
        }
    }
    Some(answer)
}

/// A vacancy, and the day on which it closes.
fn vacancy(one: &Value, crosswalk: Crosswalk<'_>) -> Option<(Matched, Option<Date>)> {
    let id = one["vumID"].as_str().filter(|id| (1..=200).contains(&id.len()))?;
    let mut lines = Vec::new();
    let mut document = Map::new();
    let title = text(&one["naamVacature"], TITLE).filter(|title| title.chars().count() >= 2);
    document.insert("title".to_owned(), title.unwrap_or_else(|| NO_TITLE.to_owned()).into());
    let employer = text(&one["werkgever"]["handelsnaamOrganisatie"], NAME).unwrap_or_else(|| NO_EMPLOYER.to_owned());
    document.insert("employer".to_owned(), json!({"name": employer}));
    if let Some(sbi) = one["sector"]["codeSbi"].as_u64().filter(|code| (10_000..=99_999).contains(code)) {
        // A code that is shorter may have lost a zero before it, or stand for all that begin with it.
        document["employer"]["sbi"] = sbi.to_string().into();
    }
    codes_of(one, crosswalk, &mut document);
    if let Some(postcode) = one["adres"]["postcode"].as_str().filter(|text| Postcode4::from_postcode(text).is_ok()) {
        document.insert("location".to_owned(), json!({"postcode": postcode.get(..4)}));
    }
    conditions(one, &mut document, &mut lines);
    let closing = day(&one["sluitingsdatumVacature"]);
    closing.into_iter().for_each(|day| _ = document.insert("closingDate".to_owned(), day.to_string().into()));
    let level = one["codeWerkEnDenkniveauMinimaal"].as_str().and_then(|code| {
        lines.push(format!("Werk- en denkniveau: {}", codes::level_in_words(code)?));
        codes::levels(code)
    });
    let said = one["omschrijvingVacature"].as_str().map(tidy).unwrap_or_default();
    let whole =
        [at_most(&said, DESCRIPTION - LINE * 2).0].into_iter().chain(lines.iter().map(String::as_str)).filter(|part| !part.is_empty());
    let whole = whole.collect::<Vec<_>>().join("\n");
    let description = at_most(&whole, DESCRIPTION).0;
    let description = if description.is_empty() { NO_DESCRIPTION } else { description };
    document.insert("description".to_owned(), description.into());
    let document = Value::Object(document).to_string();
    // Nothing is shown here that no partner could publish: a number of a citizen, or what is said of somebody's health.
    offer::parse(Kind::Vacancy, document.as_bytes()).ok()?;
    Some((Matched { key: key::of(id)?, document, level }, closing))
}

/// What stands where the exchange says no more.
const NO_DESCRIPTION: &str = "De uitwisseling geeft geen omschrijving.";

/// Occupations by both codes where a table has both, skills by that of ESCO where a table has one.
fn codes_of(one: &Value, crosswalk: Crosswalk<'_>, document: &mut Map<String, Value>) {
    let code = |value: &Value| value.as_str().filter(|uri| uri.parse::<CodeUri>().is_ok() && is_competentnl(uri)).map(str::to_owned);
    if let Some(uri) = code(&one["beroep"]["codeBeroepsnaam"]) {
        let esco = crosswalk(&uri).map(|esco| json!({"scheme": "esco", "uri": esco}));
        let both: Vec<Value> = esco.into_iter().chain([json!({"scheme": "competentnl", "uri": uri})]).collect();
        document.insert("occupations".to_owned(), both.into());
    }
    let mut skills: Vec<Value> = Vec::new();
    for uri in list(one, "competentiebeheersing").take(MOST_SKILLS).filter_map(|skill| code(&skill["codeCompetentie"])) {
        let skill = json!({"uri": crosswalk(&uri).unwrap_or(uri)});
        if !skills.contains(&skill) {
            skills.push(skill);
        }
    }
    if !skills.is_empty() {
        document.insert("skills".to_owned(), skills.into());
    }
}

fn conditions(one: &Value, document: &mut Map<String, Value>, lines: &mut Vec<String>) {
    let (terms, times) = (&one["arbeidsVoorwaarden"], &one["werktijden"]);
    let mut line = |name: &str, value: Option<String>| lines.extend(value.map(|value| format!("{name}: {value}")));
    if let Some(start) = day(&terms["datumAanvangWerkzaamheden"]) {
        document.insert("startDate".to_owned(), start.to_string().into());
    }
    line("Einde van het werk", day(&terms["datumEindeWerkzaamheden"]).map(|day| day.to_string()));
    line("Salaris", text(&terms["salarisIndicatie"], 100));
    line("Arbeidsvoorwaarden", text(&terms["omschrijvingArbeidsvoorwaarden"], LINE));
    let hours = |name: &str| times[name].as_u64().filter(|hours| *hours <= 80);
    match (hours("aantalWerkurenPerWeekMinimaal"), hours("aantalWerkurenPerWeekMaximaal")) {
        (Some(min), Some(max)) if min <= max => _ = document.insert("hours".to_owned(), json!({"min": min, "max": max})),
        (min, max) => {
            line("Uren per week, minstens", min.map(|hours| hours.to_string()));
            line("Uren per week, hoogstens", max.map(|hours| hours.to_string()));
        }
    }
    let mut forms: Vec<Value> = Vec::new();
    for contract in list(one, "contractvorm").take(MOST_OTHERS) {
        let form = codes::form(contract["codeTypeArbeidscontract"].as_str(), contract["codeTypeOvereenkomst"].as_str());
        let form = form.map(|form| json!({"form": form})).filter(|form| !forms.contains(form));
        forms.extend(form);
    }
    let mut licences: Vec<&str> = Vec::new();
    for code in list(one, "rijbewijs").take(MOST_OTHERS).filter_map(|licence| licence["codeSoortRijbewijs"].as_str()) {
        if code.parse::<polder_model::code::Licence>().is_ok() && !licences.contains(&code) {
            licences.push(code);
        }
    }
    for (name, all) in [("contracts", json!(forms)), ("licences", json!(licences))] {
        if all != json!([]) {
            document.insert(name.to_owned(), all);
        }
    }
    let languages: Vec<String> = list(one, "taalbeheersing").take(MOST_OTHERS).filter_map(language).collect();
    line("Talen", (!languages.is_empty()).then(|| languages.join(", ")));
    let courses: Vec<String> = list(one, "cursus").take(MOST_OTHERS).filter_map(|course| text(&course["naamCursus"], 120)).collect();
    line("Cursussen", (!courses.is_empty()).then(|| at_most(&courses.join("; "), LINE).0.to_owned()));
    let url = list(one, "sollicitatiewijze").find_map(|way| values::https(way["webadres"]["url"].as_str()?));
    if let Some(url) = url {
        document.insert("application".to_owned(), json!({"url": url}));
    }
}

/// A language by its code, with how well it is to be spoken: three levels of VUM are not six of the Common European Framework.
fn language(one: &Value) -> Option<String> {
    let code = one["codeTaal"].as_str().filter(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_lowercase()))?;
    let name = codes::language_in_words(code);
    let spoken = one["codeNiveauTaalbeheersingMondeling"].as_u64().and_then(codes::spoken);
    Some(spoken.map_or_else(|| name.to_owned(), |spoken| format!("{name} ({spoken})")))
}

fn list<'v>(of: &'v Value, member: &str) -> impl Iterator<Item = &'v Value> {
    of[member].as_array().into_iter().flatten()
}

/// A text on one line; `None` where there is none.
fn text(value: &Value, most: usize) -> Option<String> {
    let line = one_line(value.as_str()?);
    Some(at_most(&line, most).0.to_owned()).filter(|text| !text.is_empty())
}

/// A day.
fn day(value: &Value) -> Option<Date> {
    values::date(value.as_str()?)
}
