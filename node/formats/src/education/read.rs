//! One course or programme becomes a training.

use std::borrow::Cow;
use std::collections::HashMap;

use polder_model::Kind;
use serde_json::{Map, Value, json};

use super::provider::Organisations;
use super::spelling::{self, code_type, modern, word};
use super::values::{self, MOST, chosen, codes, day};
use super::{CONSUMER, CONSUMER_MEMBERS, Catalogue, Offered, Version, edition, fields};
use crate::draft::Draft;
use crate::fields::{Fate, Table};
use crate::json_ld::{list, said};
use crate::report::{Ended, Loss, NotLive, Place, Record, Refused, Why};
use crate::{Context, html, key};

/// Why the others of several languages are left out.
const SEVERAL_LANGUAGES: Loss =
    Loss::LeftOut { because: "it is in several languages, and an offer has one: that of its title, which is Dutch where there is Dutch" };

/// What is known besides the object itself.
pub(super) struct Known<'c> {
    pub(super) version: Version,
    pub(super) context: Context<'c>,
    provider: Option<&'c Value>,
    organisations: Organisations,
    outcomes: HashMap<String, Map<String, Value>>,
}

impl<'c> Known<'c> {
    pub(super) fn of(catalogue: &Catalogue<'c>, context: Context<'c>) -> Self {
        let outcomes = catalogue.outcomes.iter().map(|one| modern(catalogue.version, one));
        Self {
            version: catalogue.version,
            context,
            provider: catalogue.provider,
            organisations: Organisations::of(catalogue.version, catalogue.organisations),
            outcomes: outcomes.filter_map(|one| Some((one.get("learningOutcomeId")?.as_str()?.to_owned(), one))).collect(),
        }
    }
}

/// What came of it.
pub(super) enum Came {
    Ended(Ended),
    Record(Box<Result<Record, Refused>>),
}

/// Reads one.
pub(super) fn training(known: &Known<'_>, offered: &Offered<'_>, programme: bool, place: Place) -> Came {
    let object = modern(known.version, offered.object);
    let refused = |field: &str, allowed| {
        let field = spelling::name(known.version, field);
        Came::Record(Box::new(Err(Refused::new(place, field, Why::Missing { allowed }))))
    };
    let id = if programme { "programmeId" } else { "courseId" };
    let Some(key) = object.get(id).and_then(Value::as_str).filter(|id| !id.trim().is_empty()).and_then(key::of) else {
        return refused(id, "a UUID");
    };
    let today = known.context.today;
    let of = |name: &str| object.get(name).and_then(day);
    let specification = object.get("programmeType").and_then(Value::as_str).is_some_and(|kind| word(kind) == "specification");
    let editions = edition::live(known, &object, offered.offerings);
    let ended = if of("validTo").is_some_and(|last| last < today) {
        Some(NotLive::Past)
    } else if of("validFrom").is_some_and(|first| first > today) {
        Some(NotLive::NotYet)
    } else if specification {
        Some(NotLive::Specification)
    } else {
        editions.as_ref().err().copied()
    };
    if let Some(because) = ended {
        return Came::Ended(Ended { place, key, because });
    }
    let Some((language, title)) = object.get("name").and_then(|name| chosen(name, None)) else {
        return refused("name", "a text with its language");
    };
    let Some(provider) = known.organisations.provider(known.version, &object).or_else(|| known.provider.cloned()) else {
        return refused("organisation", "an organisation of the catalogue, or a provider that is given");
    };
    let mut reading =
        Reading { draft: Draft::new(Kind::Training, table(known.version, programme)), known, language, enrolment: Map::new() };
    if let Some(language) = reading.language.clone() {
        reading.draft.language(&language);
    }
    reading.draft.put("title", html::unescaped(&title));
    reading.in_one("name", "name", &object);
    reading.draft.put("provider", provider);
    reading.description(&object, &title);
    reading.level(&object);
    reading.fields(&object);
    match editions.unwrap_or_default() {
        none if none.is_empty() => {
            let (edition, lost) = edition::on_demand(known, &object);
            lost.into_iter().for_each(|(field, loss)| reading.draft.note(spelling::name(known.version, field), loss));
            reading.editions(edition.into_iter().collect());
        }
        live => reading.editions(live),
    }
    reading.consumer(&object);
    Came::Record(Box::new(reading.draft.finish(place, key)))
}

const fn table(version: Version, programme: bool) -> Table {
    match (version, programme) {
        (Version::V5, false) => fields::COURSE_5,
        (Version::V5, true) => fields::PROGRAMME_5,
        (Version::V6, false) => fields::COURSE_6,
        (Version::V6, true) => fields::PROGRAMME_6,
    }
}

/// A training in the making.
pub(super) struct Reading<'r> {
    pub(super) draft: Draft,
    known: &'r Known<'r>,
    pub(super) language: Option<String>,
    enrolment: Map<String, Value>,
}

impl Reading<'_> {
    fn name<'n>(&self, name: &'n str) -> &'n str {
        spelling::name(self.known.version, name)
    }

    /// All that a value says in the language of the training.
    fn text(&self, value: &Value) -> String {
        let one = |value: &Value| chosen(value, self.language.as_deref()).map(|(_, text)| html::plain(&text));
        match value {
            Value::Array(entries) if entries.iter().any(|entry| entry.is_array() || entry.is_string()) => {
                let lines = entries.iter().take(MOST).map(|entry| one(entry).unwrap_or_default()).filter(|line| !line.is_empty());
                lines.map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
            }
            _ => one(value).unwrap_or_else(|| said(value, self.language.as_deref() == Some("en"))),
        }
    }

    fn description(&mut self, object: &Map<String, Value>, title: &str) {
        let description = object.get("description").and_then(|value| chosen(value, self.language.as_deref()));
        match description.map(|(_, text)| html::plain(&text)).filter(|text| !text.is_empty()) {
            Some(text) => self.draft.put("description", text),
            None => {
                self.draft.put("description", html::unescaped(title));
                self.draft.note("description", Loss::Assumed { what: "the name stands in its place" });
            }
        }
        self.in_one("description", "description", object);
    }

    /// Notes that a field is in several languages, where it is: an offer has one.
    fn in_one(&mut self, name: &str, shown: &str, object: &Map<String, Value>) {
        if object.get(name).is_some_and(values::is_in_several) {
            self.draft.note(shown, SEVERAL_LANGUAGES);
        }
    }

    fn fields(&mut self, object: &Map<String, Value>) {
        let table = self.draft.table();
        for (name, value) in object {
            let shown = self.name(name).to_owned();
            match table.field(&shown).or_else(|| table.field(name)).map(|field| field.fate) {
                None => self.draft.note(&shown, Loss::UnknownField),
                Some(Fate::LeftOut(because)) => self.draft.note(&shown, Loss::LeftOut { because }),
                Some(Fate::Text(..)) => {
                    let text = self.text(value);
                    self.draft.keep(&shown, &text, ("", ""));
                    self.in_one(name, &shown, object);
                }
                Some(_) => self.field(name, &shown, value, object),
            }
        }
    }

    fn field(&mut self, name: &str, shown: &str, value: &Value, object: &Map<String, Value>) {
        match name {
            "primaryCode" => self.codes(object),
            "studyLoad" => self.study_load(shown, value),
            "duration" => self.duration(value),
            "modeOfStudy" => {
                let route =
                    value.as_str().map(word).map(|word| if word == "dual_training" { "dual".to_owned() } else { word.replace('_', "-") });
                match route.filter(|route| ["full-time", "part-time", "dual", "self-paced"].contains(&route.as_str())) {
                    Some(route) => self.draft.put("routes", json!([route])),
                    None => self.draft.keep(shown, &said(value, false), ("Vorm", "Mode of study")),
                }
            }
            "qualificationAwarded" | "formalDocument" => self.credential(shown, value),
            "learningOutcomes" | "learningOutcomeIds" if self.known.version == Version::V6 => self.outcomes(shown, value),
            "enrolment" => {
                let text = self.text(value);
                let (short, cut) = crate::text::at_most(&text, 2000);
                if cut {
                    self.draft.note(shown, Loss::Shortened { most: 2000 });
                }
                if !short.is_empty() {
                    self.enrolment.insert("instructions".to_owned(), short.into());
                }
                self.in_one(name, shown, object);
            }
            "link" => match value.as_str().and_then(crate::values::https) {
                Some(url) => drop(self.enrolment.insert("url".to_owned(), url.into())),
                None => self.draft.keep(shown, &said(value, false), ("Webadres", "Web address")),
            },
            // Names, ids, days, the provider and what editions have have been read.
            _ => {}
        }
    }

    fn codes(&mut self, object: &Map<String, Value>) {
        let mut found = Vec::new();
        for code in codes(object) {
            let level = self.draft.level();
            let scheme = match code_type(&code.kind).as_str() {
                "programmecode" => "rio",
                "crebo" | "crebocode" | "xcrebo" => "crebo",
                "croho" | "crohocode" | "xcroho" => "croho",
                "keuzedeel" | "keuzedeelcode" | "xkeuzedeel" => "keuzedeel",
                "crohocrebocode" if level.is_some_and(|level| level <= 40) => "crebo",
                "crohocrebocode" if level.is_some_and(|level| level >= 50) => "croho",
                "crohocrebocode" => {
                    self.draft.keep("otherCodes", &code.code, ("Croho of crebo", "Croho or crebo"));
                    continue;
                }
                _ => continue,
            };
            if (1..=40).contains(&code.code.len()) && code.code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                found.push(json!({"scheme": scheme, "code": code.code}));
            } else {
                self.draft.not_understood("otherCodes", "a code of at most 40 letters, digits and hyphens");
            }
        }
        self.draft.put_list("otherCodes", "programmeCodes", found, 10);
    }

    fn outcomes(&mut self, shown: &str, value: &Value) {
        let mut skills = self.draft.take_list("skillsTaught");
        let mut others = Vec::new();
        for one in list(value).iter().take(MOST) {
            let outcome = match one {
                Value::String(id) => match self.known.outcomes.get(id) {
                    Some(outcome) => Cow::Borrowed(outcome),
                    None => continue,
                },
                inner => Cow::Owned(modern(self.known.version, inner)),
            };
            let names = outcome.get("name").map(list).unwrap_or_default();
            let skill = codes(&outcome).into_iter().find(|code| crate::values::is_skill(&code.code) || word(&code.kind) == "x_skill");
            match skill {
                Some(code) => {
                    let mut skill = json!({"uri": code.code});
                    for name in names {
                        let language = name.get("language").and_then(Value::as_str).and_then(crate::values::language);
                        if let Some(language) = language.filter(|language| ["nl", "en"].contains(&language.as_str())) {
                            let text = crate::text::one_line(name["value"].as_str().unwrap_or_default());
                            if !text.is_empty() {
                                skill["label"][language] = crate::text::at_most(&text, 200).0.into();
                            }
                        }
                    }
                    skills.push(skill);
                }
                None => {
                    others.push(self.text(outcome.get("name").unwrap_or(&Value::Null)));
                    self.in_one("name", shown, &outcome);
                }
            }
        }
        self.draft.put_list(shown, "skillsTaught", skills, 50);
        others.retain(|other| !other.is_empty());
        if !others.is_empty() {
            let lines: Vec<String> = others.iter().map(|other| format!("- {other}")).collect();
            self.draft.keep(shown, &lines.join("\n"), ("U leert", "You learn"));
        }
    }

    fn editions(&mut self, live: Vec<edition::Live>) {
        if live.iter().any(|one| one.mode_assumed) {
            let field = self.name("modesOfDelivery");
            self.draft.note(field, Loss::Assumed { what: "read as given at a place" });
        }
        for field in live.iter().flat_map(|one| &one.several) {
            let field = self.name(field);
            self.draft.note(field, edition::ONE_ALONE);
        }
        if live.iter().any(|one| one.odd_price) {
            self.draft.not_understood("priceInformation", "total_costs with an amount in euros, such as 340.84");
        }
        let prices: Vec<u32> = live.iter().filter_map(|one| one.price).collect();
        if let Some(price) = prices.first() {
            self.draft.put("price", json!({"amount": price, "currency": "EUR"}));
            if prices.iter().any(|other| other != price) {
                self.draft.note("priceInformation", Loss::LeftOut { because: "editions have different prices; that of the first stands" });
            }
        }
        if let Some(last) = live.iter().map(|one| one.closing).collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max()) {
            self.draft.put("closingDate", last.to_string());
        }
        self.address(&live);
        if !self.enrolment.is_empty() {
            let enrolment = std::mem::take(&mut self.enrolment);
            self.draft.put("enrolment", enrolment);
        }
        self.draft.put_list("offerings", "editions", live.into_iter().map(|one| one.edition).collect(), 50);
    }

    /// Where one enrols: the address of the first edition that has one, before that of the object itself, which is kept as text then.
    fn address(&mut self, live: &[edition::Live]) {
        let mut all = live.iter().filter_map(|one| one.url.clone());
        let Some(first) = all.next() else { return };
        if all.any(|other| other != first) {
            self.draft.note("link", Loss::LeftOut { because: "editions have different addresses; that of the first stands" });
        }
        if let Some(own) = self.enrolment.insert("url".to_owned(), first.clone().into()).filter(|own| *own != first) {
            self.draft.keep("link", own.as_str().unwrap_or_default(), ("Webadres", "Web address"));
        }
    }

    /// What the school says to us, which counts for more than what was made of its other fields.
    fn consumer(&mut self, object: &Map<String, Value>) {
        let Some(consumer) = object.get("consumer").and_then(Value::as_object) else { return };
        let shown = self.name("consumer").to_owned();
        if consumer.get("consumerKey").and_then(Value::as_str) != Some(CONSUMER) {
            return self.draft.note(&shown, Loss::LeftOut { because: "it is for another consumer" });
        }
        for (name, value) in consumer.iter().filter(|(name, _)| *name != "consumerKey") {
            if CONSUMER_MEMBERS.contains(&name.as_str()) {
                self.draft.put(name, value.clone());
            } else {
                self.draft.note(&format!("{shown}/{name}"), Loss::UnknownField);
            }
        }
    }
}
