//! One JobPosting becomes a vacancy.

use polder_model::{Kind, OfferKey, json};
use serde_json::{Map, Value, json};

use super::{TABLE, dates, education, hours, place, salary, values};
use crate::draft::Draft;
use crate::fields::Fate;
use crate::html;
use crate::json_ld::{self, Thing, Things};
use crate::report::{Loss, Record, Refused, Why};
use crate::{Context, key};

/// References to other things that are followed, in one posting, and how deep in its members: the address of a place in a list.
const MOST_REFERENCES: usize = 20;
const DEEPEST_REFERENCE: usize = 3;

/// Properties of which an offer has one; of several the first stands.
const ONE_ALONE: [&str; 8] =
    ["title", "description", "hiringOrganization", "applicationContact", "url", "sameAs", "inLanguage", "totalJobOpenings"];

/// What is known of the vacancy so far.
pub(super) struct Reading<'r> {
    pub(super) draft: Draft,
    pub(super) context: Context<'r>,
    pub(super) language: String,
    pub(super) employer: Map<String, Value>,
    pub(super) application: Map<String, Value>,
}

/// Reads one.
pub(super) fn record<'t>(thing: &Thing<'t>, things: &mut Things<'t>, context: Context<'_>) -> Result<Record, Refused> {
    let refused = |field: &str, why| Refused::new(thing.place, field, why);
    let value = json::read_strict(thing.text.as_bytes()).map_err(|mut finding| {
        // The line in the record: the place says where the record is.
        finding.message.truncate(finding.message.find(" (line").unwrap_or(finding.message.len()));
        refused("", Why::Rule(finding))
    })?;
    let given = value.as_object().map_or(0, Map::len);
    let Value::Object(mut members) = json_ld::localised(value) else {
        return Err(refused("", Why::NotOfTheFormat { allowed: "an object".to_owned() }));
    };
    if members.len() < given {
        return Err(refused(
            "",
            Why::NotOfTheFormat { allowed: "an object that has each member once, with a prefix or without".to_owned() },
        ));
    }
    let key = identified(&members);
    let refused = |field: &str, why| Refused { key: key.clone().flatten().map(Box::new), ..refused(field, why) };
    let mut left = MOST_REFERENCES;
    members.values_mut().for_each(|value| resolve(value, thing, things, &mut left, DEEPEST_REFERENCE));
    let own = members.get("inLanguage").and_then(json_ld::text).and_then(|text| crate::values::language(&text));
    let language = own.or_else(|| thing.language.clone());
    let mut reading = Reading {
        draft: Draft::new(Kind::Vacancy, TABLE),
        context,
        language: language.clone().unwrap_or_else(|| "nl".to_owned()),
        employer: Map::new(),
        application: Map::new(),
    };
    if let Some(language) = &language {
        reading.draft.language(language);
    }
    if thing.repaired {
        reading.draft.note("", Loss::Repaired);
    }
    for name in ONE_ALONE.into_iter().filter(|name| members.get(*name).is_some_and(|value| json_ld::list(value).len() > 1)) {
        reading.draft.note(name, Loss::LeftOut { because: "there are several, and an offer has one: the first stands" });
    }
    reading.texts(&members).map_err(|(field, why)| refused(field, why))?;
    reading.employer(&members).map_err(|(field, why)| refused(field, why))?;
    reading.addresses(&members);
    for (name, value) in members.iter().filter(|(name, value)| !name.starts_with('@') && !value.is_null()) {
        match TABLE.field(name).map(|field| field.fate) {
            None => reading.draft.note(name, Loss::UnknownField),
            Some(Fate::LeftOut(because)) => reading.draft.note(name, Loss::LeftOut { because }),
            Some(Fate::Text(..)) => {
                let said = json_ld::said(value, reading.language == "en");
                // An offer is of the Netherlands.
                if name != "applicantLocationRequirements" || said != "NL" {
                    reading.draft.keep(name, &said, ("", ""));
                }
            }
            Some(Fate::Mapped(_) | Fate::Key | Fate::Steers(_)) => reading.mapped(name, value, &members),
        }
    }
    place::read(&mut reading, &members);
    let Reading { mut draft, employer, application, .. } = reading;
    draft.put("employer", employer);
    if !application.is_empty() {
        draft.put("application", application);
    }
    let found = key.clone().unwrap_or_else(|| made(&members, &mut draft));
    let key = found.ok_or_else(|| refused("identifier", Why::Missing { allowed: "a text or a PropertyValue" }))?;
    draft.finish(thing.place, key)
}

/// Puts the things to which a value refers in its place, and in those of its members.
fn resolve<'t>(value: &mut Value, thing: &Thing<'t>, things: &mut Things<'t>, left: &mut usize, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if *left > 0
        && let Some(meant) = things.resolve(thing, value)
    {
        *value = json_ld::localised(meant);
        *left -= 1;
    }
    match value {
        Value::Array(list) => list.iter_mut().for_each(|one| resolve(one, thing, things, left, depth)),
        Value::Object(members) => members.values_mut().for_each(|one| resolve(one, thing, things, left, depth)),
        _ => {}
    }
}

/// The key of the identifier, or else of its address; `None` where it has neither.
fn identified(members: &Map<String, Value>) -> Option<Option<OfferKey>> {
    let identifier = members.get("identifier").map(json_ld::list).and_then(<[Value]>::first);
    let value = identifier.and_then(|one| one.get("value").and_then(json_ld::text).or_else(|| json_ld::text(one)));
    let address = || ["url", "@id"].iter().find_map(|name| members.get(*name)).and_then(json_ld::text);
    value.or_else(address).map(|text| key::of(text.trim()))
}

/// A key made of what the posting says.
fn made(members: &Map<String, Value>, draft: &mut Draft) -> Option<OfferKey> {
    draft.note("identifier", Loss::Assumed { what: "the key is made of title, employer and place: who changes these makes another offer" });
    let said =
        ["title", "name", "hiringOrganization", "jobLocation"].map(|name| members.get(name).map(Value::to_string).unwrap_or_default());
    key::hashed("posting", &said.join("\n"))
}

/// The number in the trade register of an employer, where it is said that it is one.
fn kvk(employer: &Value) -> Option<String> {
    let mut texts = Vec::new();
    texts.extend(employer.get("iso6523Code").and_then(json_ld::text).and_then(|code| code.trim().strip_prefix("0106:").map(str::to_owned)));
    for one in employer.get("identifier").map(json_ld::list).unwrap_or_default() {
        if let Some(number) = one.as_str().map(str::to_lowercase).as_deref().and_then(|text| text.trim().strip_prefix("kvk")) {
            texts.push(number.trim_start_matches([':', ' ']).to_owned());
        }
        let id = one.get("propertyID").or_else(|| one.get("name")).and_then(json_ld::text).unwrap_or_default().to_lowercase();
        if ["kvk", "kamer van koophandel", "coc"].iter().any(|known| id.contains(known)) {
            texts.extend(one.get("value").and_then(json_ld::text));
        }
    }
    texts.iter().find_map(|text| crate::values::kvk(text)).map(str::to_owned)
}

type Fault = (&'static str, Why);

impl Reading<'_> {
    fn texts(&mut self, members: &Map<String, Value>) -> Result<(), Fault> {
        let text = |name: &str| members.get(name).and_then(json_ld::text).map(|text| html::plain(&text)).filter(|text| !text.is_empty());
        let line = |name: &str| members.get(name).and_then(json_ld::text).map(|text| html::unescaped(&text));
        let title = line("title").or_else(|| line("name")).ok_or(("title", Why::Missing { allowed: "what the work is called" }))?;
        let description = text("description").ok_or(("description", Why::Missing { allowed: "a text, with or without HTML" }))?;
        self.draft.put("title", title);
        self.draft.put("description", description);
        Ok(())
    }

    fn employer(&mut self, members: &Map<String, Value>) -> Result<(), Fault> {
        const FIELD: &str = "hiringOrganization";
        let fault = || (FIELD, Why::Missing { allowed: "the name of the employer, or an Organization with a name" });
        let employer = members.get(FIELD).map(json_ld::list).and_then(<[Value]>::first).ok_or_else(fault)?;
        let name = json_ld::text(employer).or_else(|| employer.get("legalName").and_then(json_ld::text)).ok_or_else(fault)?;
        self.employer.insert("name".to_owned(), crate::text::at_most(&crate::text::one_line(&html::unescaped(&name)), 200).0.into());
        if let Some(kvk) = kvk(employer) {
            self.employer.insert("kvk".to_owned(), kvk.into());
        }
        let known = ["name", "legalName", "identifier", "iso6523Code"];
        for other in employer
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
            .filter(|name| !name.starts_with('@') && !known.contains(&name.as_str()))
        {
            let because = "of an employer an offer has the name, the KvK number and the sector";
            self.draft.note(&format!("{FIELD}/{other}"), Loss::LeftOut { because });
        }
        Ok(())
    }

    fn mapped(&mut self, name: &str, value: &Value, members: &Map<String, Value>) {
        match name {
            "baseSalary" => salary::read(self, value, members.get("salaryCurrency")),
            "educationRequirements" => education::read(self, value),
            "employmentType" => values::contracts(self, value),
            "industry" => values::industry(self, value),
            "jobStartDate" => self.date(name, "startDate", value),
            "validThrough" => self.date(name, "closingDate", value),
            "occupationalCategory" | "relevantOccupation" => values::occupations(self, name, value),
            "skills" => values::skills(self, value),
            "totalJobOpenings" => {
                match json_ld::text(value).and_then(|text| text.trim().parse::<u16>().ok()).filter(|count| (1..=1000).contains(count)) {
                    Some(count) => self.draft.put("positions", count),
                    None => self.draft.not_understood(name, "a whole number from 1 to 1000"),
                }
            }
            "workHours" => match hours::read(value) {
                Some((min, max)) => self.draft.put("hours", json!({"min": min, "max": max})),
                None => self.draft.keep(name, &json_ld::said(value, false), ("Werktijden", "Working hours")),
            },
            // Texts, employer, addresses, key and language have been read; the place follows.
            _ => {}
        }
    }

    fn date(&mut self, field: &str, member: &str, value: &Value) {
        match json_ld::text(value).as_deref().and_then(dates::date) {
            Some(date) => self.draft.put(member, date.to_string()),
            None => self.draft.not_understood(field, "a date as 2026-11-30 or 30-11-2026, with or without a time, from 1970 to 2099"),
        }
    }

    /// Where to apply: what the contact says, or else the page of the posting, or else another page about it.
    fn addresses(&mut self, members: &Map<String, Value>) {
        if let Some(contact) = members.get("applicationContact") {
            self.contact(contact);
        }
        for field in ["url", "sameAs"] {
            if let Some(url) = members.get(field).and_then(json_ld::text) {
                self.url(field, &url);
            }
        }
    }

    fn url(&mut self, field: &str, url: &str) {
        match crate::values::https(url) {
            Some(_) if self.application.contains_key("url") => {
                self.draft.note(field, Loss::LeftOut { because: "another address to apply at is given, and an offer has one" });
            }
            Some(url) => drop(self.application.insert("url".to_owned(), url.into())),
            None => self.draft.keep(field, url, ("Webadres", "Web address")),
        }
    }

    fn contact(&mut self, value: &Value) {
        const FIELD: &str = "applicationContact";
        let Some(contact) = json_ld::list(value).first().and_then(Value::as_object) else {
            return self.draft.keep(FIELD, &json_ld::said(value, false), ("Contact", "Contact"));
        };
        for (name, value) in contact.iter().filter(|(name, _)| !name.starts_with('@')) {
            let Some(text) = json_ld::text(value) else { continue };
            match name.as_str() {
                "email" => drop(self.application.insert("email".to_owned(), text.trim().trim_start_matches("mailto:").into())),
                "telephone" => drop(self.application.insert("telephone".to_owned(), text.trim().trim_start_matches("tel:").into())),
                "url" => self.url(FIELD, &text),
                "description" => {
                    let text = html::plain(&text);
                    let (short, cut) = crate::text::at_most(&text, 2000);
                    if cut {
                        self.draft.note(FIELD, Loss::Shortened { most: 2000 });
                    }
                    self.application.insert("instructions".to_owned(), short.into());
                }
                _ => self.draft.keep(FIELD, &text, ("Contact", "Contact")),
            }
        }
    }
}
