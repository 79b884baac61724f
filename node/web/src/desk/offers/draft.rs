//! What stands in the form of a vacancy or a training, as it was typed: what is wrong comes back as it was, and what the form does not show stays as it is.

use std::collections::BTreeSet;

use polder_exchange::people::Language;
use polder_model::reference::Reference;
use polder_model::{Finding, FindingCode, Kind};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::pages::Fields;
use crate::pages::find::{Coded, either, occupation_item, picked_occupations, picked_skills, skill_item, sought};

/// The form of an offer.
#[derive(Debug, Serialize)]
pub(super) struct Draft {
    pub kind: Kind,
    pub title: String,
    pub description: String,
    /// The employer, or the school.
    pub whom: String,
    pub skills: Vec<Coded>,
    pub occupations: Vec<Coded>,
    pub find_skill: String,
    pub find_occupation: String,
    pub postcode: String,
    pub place: String,
    pub level: String,
    pub hours_min: String,
    pub hours_max: String,
    pub weeks: String,
    pub contracts: BTreeSet<String>,
    pub closing: String,
    pub url: String,
    pub email: String,
}

/// The members of a document that the form writes, where vacancies and trainings name them apart.
struct Names {
    whom: &'static str,
    skills: &'static str,
    level: &'static str,
    hours: &'static str,
    apply: &'static str,
}

fn names(kind: Kind) -> Names {
    match kind {
        Kind::Training => Names { whom: "provider", skills: "skillsTaught", level: "level", hours: "hoursPerWeek", apply: "enrolment" },
        _ => Names { whom: "employer", skills: "skills", level: "minimumEducation", hours: "hours", apply: "application" },
    }
}

/// The part of the form that writes a member of a document; empty where none does.
pub(super) fn part(kind: Kind, member: &str) -> &'static str {
    let names = names(kind);
    let parts = [
        ("title", "title"),
        ("description", "description"),
        (names.whom, "whom"),
        (names.skills, "skills"),
        ("occupations", "occupations"),
        ("location", "location"),
        (names.level, "level"),
        (names.hours, "hours"),
        ("durationWeeks", "weeks"),
        ("contracts", "contracts"),
        ("closingDate", "closing"),
        (names.apply, "apply"),
    ];
    parts.into_iter().find(|(name, _)| *name == member).map_or("", |(_, part)| part)
}

impl Draft {
    /// What an offer says; an empty form where there is none. Its skills and occupations have labels.
    pub(super) fn of(kind: Kind, offer: &Value, language: Language) -> Self {
        let names = names(kind);
        let text = |pointer: String| offer.pointer(&pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |pointer: String| offer.pointer(&pointer).and_then(Value::as_u64).map(|number| number.to_string()).unwrap_or_default();
        let coded = |list: &str| {
            let items = offer[list].as_array().into_iter().flatten();
            let coded = |item: &Value| {
                let uri = item["uri"].as_str().unwrap_or_default();
                let said = |code: &str| item["label"][code].as_str().unwrap_or_default();
                let label = Some(either(language, said("nl"), said("en"))).filter(|label| !label.is_empty()).unwrap_or(uri);
                Coded { uri: uri.to_owned(), label: label.to_owned() }
            };
            items.map(coded).collect()
        };
        let contracts = offer["contracts"].as_array().into_iter().flatten().filter_map(|one| one["form"].as_str());
        Self {
            kind,
            title: text("/title".to_owned()),
            description: text("/description".to_owned()),
            whom: text(format!("/{}/name", names.whom)),
            skills: coded(names.skills),
            occupations: coded("occupations"),
            find_skill: String::new(),
            find_occupation: String::new(),
            postcode: text("/location/postcode".to_owned()),
            place: text("/location/place".to_owned()),
            level: number(format!("/{}", names.level)),
            hours_min: number(format!("/{}/min", names.hours)),
            hours_max: number(format!("/{}/max", names.hours)),
            weeks: number("/durationWeeks".to_owned()),
            contracts: contracts.map(str::to_owned).collect(),
            closing: text("/closingDate".to_owned()),
            url: text(format!("/{}/url", names.apply)),
            email: text(format!("/{}/email", names.apply)),
        }
    }

    /// What was typed.
    pub(super) fn read(kind: Kind, fields: &Fields, reference: &Reference, language: Language) -> Self {
        let text = |name: &str| fields.one(name).to_owned();
        Self {
            kind,
            title: text("title"),
            description: fields.one("description").replace("\r\n", "\n"),
            whom: text("whom"),
            skills: picked_skills(fields, reference, language),
            occupations: picked_occupations(fields, reference, language),
            find_skill: sought(fields.one("find_skill")),
            find_occupation: sought(fields.one("find_occupation")),
            postcode: text("postcode").to_uppercase(),
            place: text("place"),
            level: text("level"),
            hours_min: text("hours_min"),
            hours_max: text("hours_max"),
            weeks: text("weeks"),
            contracts: fields.all("contract").map(str::to_owned).collect(),
            closing: text("closing"),
            url: text("url"),
            email: text("email"),
        }
    }

    /// The offer: what the form says, over what the offer said before. Its schema judges the rest.
    pub(super) fn document(&self, before: Map<String, Value>, reference: &Reference) -> Result<Map<String, Value>, Vec<Finding>> {
        let names = names(self.kind);
        let mut findings = Vec::new();
        let mut number = |text: &str, member: &str| match text.parse::<u64>() {
            _ if text.is_empty() => None,
            Ok(number) => Some(json!(number)),
            Err(_) => {
                findings.push(Finding::new(format!("/{member}"), FindingCode::WrongType, "this is a whole number"));
                None
            }
        };
        let (level, weeks) = (number(&self.level, names.level), number(&self.weeks, "durationWeeks"));
        let (least, most) = (number(&self.hours_min, names.hours), number(&self.hours_max, names.hours));
        if !findings.is_empty() {
            return Err(findings);
        }
        let hours = match (least, most) {
            (None, None) => None,
            (least, most) => Some(json!({"min": least.clone().or(most.clone()), "max": most.or(least)})),
        };
        let optional = |text: &str| (!text.is_empty()).then(|| json!(text));
        // A part of the offer, with whatever the form does not show of it.
        let over = |name: &str, members: &[(&str, &str)]| {
            let mut part = before.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
            for (member, value) in members {
                match optional(value) {
                    Some(value) => drop(part.insert((*member).to_owned(), value)),
                    None => drop(part.remove(*member)),
                }
            }
            (!part.is_empty()).then_some(Value::Object(part))
        };
        let listed = |list: &str, picked: &[Coded], made: fn(&Reference, &str) -> Value| {
            let known = |uri: &str| {
                let items = before.get(list).and_then(Value::as_array).into_iter().flatten();
                items.into_iter().find(|item| item["uri"].as_str() == Some(uri)).cloned()
            };
            let items: Vec<Value> = picked.iter().map(|one| known(&one.uri).unwrap_or_else(|| made(reference, &one.uri))).collect();
            (!items.is_empty()).then(|| json!(items))
        };
        let contracts: Vec<Value> = self.contracts.iter().map(|form| self.contract(&before, form)).collect();
        let mut members = vec![
            ("title", optional(&self.title)),
            ("description", optional(&self.description)),
            (names.whom, over(names.whom, &[("name", &self.whom)])),
            (names.skills, listed(names.skills, &self.skills, skill_item)),
            ("occupations", listed("occupations", &self.occupations, occupation_item)),
            (names.level, level),
            (names.hours, hours),
            ("closingDate", optional(&self.closing)),
            (names.apply, over(names.apply, &[("url", &self.url), ("email", &self.email)])),
        ];
        if self.kind == Kind::Training {
            members.push(("durationWeeks", weeks));
        } else {
            members.push(("location", over("location", &[("postcode", &self.postcode), ("place", &self.place)])));
            members.push(("contracts", (!contracts.is_empty()).then(|| json!(contracts))));
        }
        let mut offer = before;
        for (name, value) in members {
            match value {
                Some(value) => drop(offer.insert(name.to_owned(), value)),
                None => drop(offer.remove(name)),
            }
        }
        Ok(offer)
    }

    /// A form of contract, with what was said of it before.
    fn contract(&self, before: &Map<String, Value>, form: &str) -> Value {
        let mut items = before.get("contracts").and_then(Value::as_array).into_iter().flatten();
        items.find(|item| item["form"].as_str() == Some(form)).cloned().unwrap_or_else(|| json!({"form": form}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_does_not_show_stays() {
        let before = json!({
            "title": "Oud", "description": "Werk.", "employer": {"name": "De Proef", "kvk": "90000001"}, "positions": 3,
            "skills": [{"uri": "http://data.europa.eu/esco/skill/1", "level": 2}], "hours": {"min": 16, "max": 24},
            "contracts": [{"form": "apprenticeship", "recognisedTrainingCompany": true}],
            "location": {"postcode": "8251", "remoteShare": 20}, "application": {"email": "werk@voorbeeld.example", "instructions": "Bel."},
        });
        let mut draft = Draft::of(Kind::Vacancy, &before, Language::Nl);
        assert_eq!(
            Value::Object(draft.document(before.as_object().expect("an object").clone(), Reference::starter()).expect("a document")),
            before
        );
        draft.title = "Nieuw".to_owned();
        draft.postcode.clear();
        draft.email.clear();
        draft.hours_max = "veertig".to_owned();
        let findings = draft.document(Map::new(), Reference::starter()).expect_err("a finding");
        assert_eq!((findings.len(), part(Kind::Vacancy, "hours"), part(Kind::Training, "hours")), (1, "hours", ""));
        draft.hours_max.clear();
        let after = draft.document(before.as_object().expect("an object").clone(), Reference::starter()).expect("a document");
        assert_eq!((&after["title"], &after["hours"]), (&json!("Nieuw"), &json!({"min": 16, "max": 16})));
        assert_eq!((&after["location"], &after["application"]), (&json!({"remoteShare": 20}), &json!({"instructions": "Bel."})));
        assert_eq!((&after["positions"], &after["contracts"]), (&before["positions"], &before["contracts"]));
    }
}
