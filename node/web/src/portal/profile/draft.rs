//! What stands on the page of a profile, as it was typed: what is wrong comes back as it was, and what the page does not show stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use polder_consent::Field;
use polder_exchange::people::Language;
use polder_model::reference::Reference;
use polder_model::{CodeUri, Finding, FindingCode, Postcode4};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::pages::Fields;
use crate::pages::find::{Coded, either, occupation_item, skill_item, sought};
use crate::pages::money::{cents, euros};
use crate::pages::propose::{self, Proposed};
use crate::pages::spoken::{KNOWN, LANGUAGES};

/// The parts of the page in their order, by the members of a skill offer that they write.
pub(super) const PARTS: [&str; 16] = [
    "title",
    "occupationsWanted",
    "skills",
    "hours",
    "workingTimes",
    "postcode",
    "commute",
    "employersAtOnce",
    "contracts",
    "education",
    "description",
    "availableFrom",
    "languages",
    "licences",
    "salaryWish",
    "contact",
];

#[derive(Debug, Default, Serialize)]
pub(in crate::portal) struct Draft {
    pub title: String,
    pub description: String,
    pub skills: Vec<Skill>,
    pub occupations: Vec<Coded>,
    pub find_skill: String,
    pub find_occupation: String,
    /// What was looked for before: a skill, and an occupation.
    pub sought: [String; 2],
    pub education: String,
    pub hours_min: String,
    pub hours_max: String,
    pub flexible: bool,
    pub parts: BTreeSet<String>,
    pub contracts: BTreeSet<String>,
    pub employers: String,
    pub from: String,
    pub postcode: String,
    pub mode: String,
    pub minutes: String,
    /// What a CV may mean, until it is picked or the profile is kept.
    pub maybe_skills: Vec<Coded>,
    pub maybe_occupations: Vec<Coded>,
    /// Skills of which a text speaks, until they are picked or the profile is kept.
    pub proposed: Vec<Proposed>,
    /// Levels by languages.
    pub languages: BTreeMap<String, String>,
    pub licences: BTreeSet<String>,
    pub salary: String,
    pub period: String,
    pub name: String,
    pub email: String,
    pub telephone: String,
}

#[derive(Clone, Debug, Serialize)]
pub(in crate::portal) struct Skill {
    pub uri: String,
    pub label: String,
    pub level: String,
}

/// Longest name of a place, in characters.
const LONGEST_PLACE: usize = 80;
/// Most proposals of a CV, of each kind.
const MOST_MAYBE: usize = 50;

impl Draft {
    /// What a profile says. Its skills and occupations have labels.
    pub(in crate::portal) fn of(offer: &Value, language: Language) -> Self {
        let text = |pointer: &str| offer.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |pointer: &str| offer.pointer(pointer).and_then(Value::as_u64).map(|number| number.to_string()).unwrap_or_default();
        let set = |pointer: &str| -> BTreeSet<String> {
            let values = offer.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let label = |item: &Value| {
            let said = |code: &str| item["label"][code].as_str().unwrap_or_default().to_owned();
            let (dutch, english) = (said("nl"), said("en"));
            let named = either(language, &dutch, &english);
            if named.is_empty() { item["uri"].as_str().unwrap_or_default().to_owned() } else { named.to_owned() }
        };
        let items = |name: &str| offer[name].as_array().cloned().unwrap_or_default();
        let uri = |item: &Value| item["uri"].as_str().unwrap_or_default().to_owned();
        let level = |item: &Value| item["level"].as_u64().map(|level| level.to_string()).unwrap_or_default();
        let skill = |item: &Value| Skill { uri: uri(item), label: label(item), level: level(item) };
        let spoken = |item: &Value| Some((item["language"].as_str()?.to_owned(), item["level"].as_str()?.to_owned()));
        Self {
            title: text("/title"),
            description: text("/description"),
            skills: items("skills").iter().map(skill).collect(),
            occupations: items("occupationsWanted").iter().map(|item| Coded::new(uri(item), &label(item))).collect(),
            find_skill: String::new(),
            find_occupation: String::new(),
            sought: Default::default(),
            maybe_skills: Vec::new(),
            maybe_occupations: Vec::new(),
            proposed: Vec::new(),
            education: number("/education"),
            hours_min: number("/hours/min"),
            hours_max: number("/hours/max"),
            flexible: offer.pointer("/workingTimes/flexible").and_then(Value::as_bool).unwrap_or_default(),
            parts: set("/workingTimes/dayParts"),
            contracts: set("/contracts"),
            employers: number("/employersAtOnce"),
            from: text("/availableFrom"),
            postcode: text("/postcode"),
            mode: text("/commute/mode"),
            minutes: number("/commute/maxMinutes"),
            languages: items("languages").iter().filter_map(spoken).collect(),
            licences: set("/licences"),
            salary: offer.pointer("/salaryWish/min").and_then(Value::as_u64).map(|cents| euros(language, cents)).unwrap_or_default(),
            period: text("/salaryWish/period"),
            name: text("/contact/name"),
            email: text("/contact/email"),
            telephone: text("/contact/telephone"),
        }
    }

    /// What was typed.
    pub(in crate::portal) fn read(fields: &Fields, reference: &Reference, language: Language) -> Self {
        let text = |name: &str| fields.one(name).to_owned();
        let set = |name: &str| fields.all(name).map(str::to_owned).collect();
        let mut skills: Vec<Skill> = Vec::new();
        for uri in fields.all("skill").filter(|uri| !uri.is_empty()) {
            if skills.iter().all(|known| known.uri != uri) {
                let found = uri.parse::<CodeUri>().ok().and_then(|uri| reference.skill(&uri));
                let label = found.map_or(uri, |skill| either(language, &skill.label_nl, &skill.label_en)).to_owned();
                skills.push(Skill { uri: uri.to_owned(), label, level: text(&format!("level {uri}")) });
            }
        }
        let mut occupations: Vec<Coded> = Vec::new();
        for uri in fields.all("occupation").filter(|uri| !uri.is_empty()) {
            let found = uri.parse::<CodeUri>().ok().and_then(|uri| reference.occupation(&uri));
            let coded = Coded::new(uri, found.map_or(uri, |occupation| either(language, &occupation.label_nl, &occupation.label_en)));
            if !occupations.contains(&coded) {
                occupations.push(coded);
            }
        }
        let maybe = |name: &'static str, label: &dyn Fn(&CodeUri) -> Option<String>| -> Vec<Coded> {
            let some = fields.all(name).take(MOST_MAYBE).filter_map(|text| Some((text, text.parse::<CodeUri>().ok()?)));
            some.filter_map(|(text, uri)| Some(Coded::new(text, &label(&uri)?))).collect()
        };
        let maybe_skills =
            maybe("maybe_skill", &|uri| reference.skill(uri).map(|skill| either(language, &skill.label_nl, &skill.label_en).to_owned()));
        let maybe_occupations = maybe("maybe_occupation", &|uri| {
            reference.occupation(uri).map(|one| either(language, &one.label_nl, &one.label_en).to_owned())
        });
        let spoken =
            KNOWN.iter().map(|code| ((*code).to_owned(), text(&format!("language {code}")))).filter(|(_, level)| !level.is_empty());
        let mut spoken: BTreeMap<String, String> = spoken.collect();
        let added = (text("other_language"), text("other_level"));
        if KNOWN.contains(&added.0.as_str()) && !added.1.is_empty() {
            spoken.entry(added.0).or_insert(added.1);
        }
        Self {
            title: text("title"),
            description: fields.one("description").replace("\r\n", "\n"),
            skills,
            occupations,
            find_skill: sought(fields.one("find_skill")),
            find_occupation: sought(fields.one("find_occupation")),
            sought: ["sought_skill", "sought_occupation"].map(|name| sought(fields.one(name))),
            maybe_skills,
            maybe_occupations,
            proposed: propose::carried(fields, reference, language),
            education: text("education"),
            hours_min: text("hours_min"),
            hours_max: text("hours_max"),
            flexible: fields.one("flexible") == "yes",
            parts: set("part"),
            contracts: set("contract"),
            employers: text("employers"),
            from: text("from"),
            postcode: postcode(fields.one("postcode"), reference),
            mode: text("mode"),
            minutes: text("minutes"),
            languages: spoken,
            licences: set("licence"),
            salary: text("salary"),
            period: text("period"),
            name: text("name"),
            email: text("email"),
            telephone: text("telephone"),
        }
    }

    /// What was found, or a CV may mean, and is in the draft already is not shown once more.
    pub(in crate::portal) fn leave_out_known(&mut self, skills: &mut Option<Vec<Coded>>, occupations: &mut Option<Vec<Coded>>) {
        let Self { skills: own_skills, occupations: own_occupations, maybe_skills, maybe_occupations, proposed, .. } = self;
        for found in skills.as_mut().into_iter().chain([&mut *maybe_skills]) {
            found.retain(|coded| own_skills.iter().all(|known| known.uri != coded.uri));
        }
        let are_there = own_skills.iter().map(|known| &known.uri).chain(maybe_skills.iter().map(|maybe| &maybe.uri));
        let are_there: BTreeSet<&String> = are_there.collect();
        proposed.retain(|one| !are_there.contains(&one.uri));
        for found in occupations.as_mut().into_iter().chain([maybe_occupations]) {
            found.retain(|coded| own_occupations.iter().all(|known| known.uri != coded.uri));
        }
    }

    /// What the worker wrote in their own words.
    pub(in crate::portal) fn text(&self) -> String {
        format!("{}\n{}", self.title, self.description)
    }

    /// The skills that are picked.
    pub(in crate::portal) fn picked(&self) -> Vec<Coded> {
        self.skills.iter().map(|skill| Coded::new(&skill.uri, &skill.label)).collect()
    }

    /// Whether the page asks for a field.
    pub(in crate::portal) fn asks_for(field: Field) -> bool {
        PARTS.iter().any(|part| field.pointer().split('/').nth(1) == Some(part))
    }

    /// The skill offer: what the page says, over what a profile said before; and everything that is wrong with how it was typed, without which it is made.
    pub(in crate::portal) fn document(&self, before: Map<String, Value>, reference: &Reference) -> (Map<String, Value>, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut number = |text: &str, pointer: &str| match text.parse::<u64>() {
            _ if text.is_empty() => None,
            Ok(number) => Some(number),
            Err(_) => {
                findings.push(Finding::new(pointer, FindingCode::WrongType, "this is a whole number"));
                None
            }
        };
        let (education, employers) = (number(&self.education, "/education"), number(&self.employers, "/employersAtOnce"));
        let (least, most) = (number(&self.hours_min, "/hours/min"), number(&self.hours_max, "/hours/max"));
        let minutes = number(&self.minutes, "/commute/maxMinutes");
        if self.title.is_empty() {
            findings.push(Finding::new("/title", FindingCode::Missing, "say in one line what you look for"));
        }
        if self.skills.is_empty() {
            findings.push(Finding::new("/skills", FindingCode::Missing, "pick one skill at least"));
        }
        if self.minutes.is_empty() != self.mode.is_empty() {
            findings.push(Finding::new("/commute", FindingCode::Missing, "say how you travel, and for how many minutes at most"));
        }
        let salary = match cents(&self.salary) {
            Ok(salary) => salary,
            Err(()) => {
                findings.push(Finding::new("/salaryWish", FindingCode::WrongType, "this is an amount in euros, such as 17,50"));
                None
            }
        };
        if least.zip(most).is_some_and(|(least, most)| least > most) {
            findings.push(Finding::new("/hours", FindingCode::Contradiction, "the least is not more than the most"));
        }
        if let Some(near) = self.unknown_place(reference) {
            findings.push(Finding::new("/postcode", FindingCode::UnknownCode, near.join(", ")));
        }
        let mut offer = before;
        let optional = |text: &str| (!text.is_empty()).then(|| json!(text));
        let listed = |values: &BTreeSet<String>| (!values.is_empty()).then(|| json!(values));
        let skills = self.skills.iter().map(|skill| with_label(&offer, "skills", &skill.uri, reference, &skill.level));
        let skills = json!(skills.collect::<Vec<Value>>());
        let wanted = self.occupations.iter().map(|wanted| with_label(&offer, "occupationsWanted", &wanted.uri, reference, ""));
        let wanted: Vec<Value> = wanted.collect();
        let hours = match (least, most) {
            (None, None) => None,
            (least, most) => Some(json!({"min": least.or(most), "max": most.or(least)})),
        };
        let times = (self.flexible || !self.parts.is_empty()).then(|| {
            let mut times = json!({});
            if self.flexible {
                times["flexible"] = json!(true);
            }
            if !self.parts.is_empty() {
                times["dayParts"] = json!(self.parts);
            }
            times
        });
        let mut languages: Vec<Value> =
            self.languages.iter().map(|(language, level)| json!({"language": language, "level": level})).collect();
        let others = offer.get("languages").and_then(Value::as_array).into_iter().flatten();
        languages.extend(others.filter(|one| one["language"].as_str().is_none_or(|code| !KNOWN.contains(&code))).cloned());
        let period = if self.period.is_empty() { "hour" } else { &self.period };
        let mut contact = json!({});
        for (name, value) in [("name", &self.name), ("email", &self.email), ("telephone", &self.telephone)] {
            if !value.is_empty() {
                contact[name] = json!(value);
            }
        }
        let members = [
            ("title", Some(json!(self.title))),
            ("description", optional(&self.description)),
            ("skills", Some(skills)),
            ("occupationsWanted", (!wanted.is_empty()).then(|| json!(wanted))),
            ("education", education.map(|level| json!(level))),
            ("hours", hours),
            ("workingTimes", times),
            ("contracts", listed(&self.contracts)),
            ("employersAtOnce", employers.map(|most| json!(most))),
            ("availableFrom", optional(&self.from)),
            ("postcode", optional(&self.postcode)),
            ("commute", minutes.map(|minutes| json!({"mode": self.mode, "maxMinutes": minutes}))),
            ("languages", (!languages.is_empty()).then(|| json!(languages))),
            ("licences", listed(&self.licences)),
            ("salaryWish", salary.map(|cents| json!({"min": cents, "currency": "EUR", "period": period}))),
            ("contact", contact.as_object().is_some_and(|contact| !contact.is_empty()).then_some(contact)),
        ];
        for (name, value) in members {
            match value {
                Some(value) => drop(offer.insert(name.to_owned(), value)),
                None => drop(offer.remove(name)),
            }
        }
        (offer, findings)
    }

    /// What is nearest to a postcode or a place that is typed and that nobody knows here, or that more than one has; `None` where there is none, or it is known.
    fn unknown_place(&self, reference: &Reference) -> Option<Vec<String>> {
        match self.postcode.parse::<Postcode4>() {
            Ok(typed) => reference.place(typed).is_none().then(|| reference.suggest_postcodes(typed)),
            Err(_) if self.postcode.starts_with(|first: char| !first.is_ascii_digit()) => {
                let of_that_name: Vec<String> =
                    reference.places_named(&self.postcode).map(|place| format!("{} {}", place.postcode, place.name)).collect();
                Some(if of_that_name.is_empty() { reference.suggest_places(&self.postcode) } else { of_that_name })
            }
            Err(_) => None,
        }
    }
}

/// The four digits of a postcode that is typed; for the name of a place those in the middle of it. A name that no place has, or more than one, stays.
fn postcode(typed: &str, reference: &Reference) -> String {
    if typed.starts_with(|first: char| first.is_ascii_digit()) {
        return typed.chars().filter(|character| !character.is_whitespace()).take(4).collect();
    }
    reference.place_named(typed).map_or_else(|| typed.chars().take(LONGEST_PLACE).collect(), |place| place.postcode.to_string())
}

/// The languages that the form names when one is added.
pub(super) fn others() -> Vec<&'static str> {
    KNOWN.into_iter().filter(|code| !LANGUAGES.contains(code)).collect()
}

/// A skill or an occupation: what a profile said of it before, its names, and its level.
fn with_label(before: &Map<String, Value>, list: &str, uri: &str, reference: &Reference, level: &str) -> Value {
    let known = before.get(list).and_then(Value::as_array).into_iter().flatten().find(|item| item["uri"].as_str() == Some(uri));
    let made = if list == "skills" { skill_item } else { occupation_item };
    let mut item = known.cloned().unwrap_or_else(|| made(reference, uri));
    if list == "skills" {
        match level.parse::<u64>() {
            Ok(level) => item["level"] = json!(level),
            Err(_) => drop(item.as_object_mut().map(|item| item.remove("level"))),
        }
    }
    item
}

#[cfg(test)]
mod tests;
