//! What an offer says in a list of results, as far as this node has words for it.

use polder_model::{CodeUri, Kind};
use serde::Serialize;
use serde_json::Value;

use super::reasons::Speaker;
use crate::pages::money::euros;
use crate::pages::{Said, said_date};

/// Names of one kind that are said; the others are counted.
const NAMES: usize = 10;

/// Something that an offer says, with its name.
#[derive(Serialize)]
pub(super) struct Fact {
    label: String,
    value: String,
}

/// All that is said of one.
pub(super) fn facts(speaker: &Speaker<'_>, kind: Kind, document: &Value) -> Vec<Fact> {
    let codes = |pointer: &str, prefix: &str| {
        let codes = items(document, pointer).filter_map(|item| item.as_str().or_else(|| item["form"].as_str()));
        listed(speaker, codes.map(|code| speaker.say(&format!("{prefix}-{code}"), &[])).collect())
    };
    let (skills, member) = match kind {
        Kind::Vacancy => ("fact-skills-vacancy", "/skills"),
        Kind::Training => ("fact-skills-training", "/skillsTaught"),
        Kind::SkillOffer => ("fact-skills-skill-offer", "/skills"),
    };
    let occupations = |pointer: &str| listed(speaker, uris(document, pointer).iter().map(|uri| speaker.occupation(uri)).collect());
    let date = |pointer: &str| {
        let date = document.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        said_date(speaker.language, date).unwrap_or_default()
    };
    let licences = listed(speaker, items(document, "/licences").filter_map(Value::as_str).map(str::to_owned).collect());
    let all = [
        (skills, listed(speaker, uris(document, member).iter().map(|uri| speaker.skill(uri)).collect())),
        ("fact-wanted", occupations("/occupationsWanted")),
        ("fact-held", occupations("/occupationsHeld")),
        ("offer-education", level(speaker, document).unwrap_or_default()),
        ("offer-hours", hours(speaker, document).unwrap_or_default()),
        ("offer-times", codes("/workingTimes/dayParts", "part")),
        ("offer-contracts", codes("/contracts", "contract")),
        ("fact-pay", pay(speaker, document).unwrap_or_default()),
        ("fact-start", date(if kind == Kind::SkillOffer { "/availableFrom" } else { "/startDate" })),
        ("offer-licences", licences),
    ];
    let filled = all.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(label, value)| Fact { label: speaker.say(label, &[]), value }).collect()
}

/// What is seen of one without opening it, beside its place: how many hours, and of a person the education.
pub(super) fn glance(speaker: &Speaker<'_>, kind: Kind, document: &Value) -> Option<String> {
    let hours = hours(speaker, document).map(|hours| speaker.say("fact-hours", &[("hours", Said::Text(&hours))]));
    let level = level(speaker, document).filter(|_| kind.is_personal());
    let both: Vec<String> = hours.into_iter().chain(level).collect();
    (!both.is_empty()).then(|| both.join(" · "))
}

/// What somebody is called who says no line of their own: by the work that they want or had, or by what they can do.
pub(super) fn about_somebody(speaker: &Speaker<'_>, document: &Value) -> Option<String> {
    let first = |pointer: &str| uris(document, pointer).first().map(|uri| speaker.occupation(uri));
    let said = |name: &str, what: &str| speaker.say(name, &[("what", Said::Text(what))]);
    if let Some(wanted) = first("/occupationsWanted") {
        return Some(said("fact-somebody-wants", &wanted));
    }
    if let Some(held) = first("/occupationsHeld") {
        return Some(said("fact-somebody-was", &held));
    }
    let skills: Vec<String> = uris(document, "/skills").iter().take(3).map(|uri| speaker.skill(uri)).collect();
    (!skills.is_empty()).then(|| said("fact-somebody-can", &skills.join(", ")))
}

/// What somebody can, where they say it.
pub(super) fn skills_of_somebody(speaker: &Speaker<'_>, document: &Value) -> Option<String> {
    let skills: Vec<String> = uris(document, "/skills").iter().map(|uri| speaker.skill(uri)).collect();
    (!skills.is_empty()).then(|| speaker.say("fact-can", &[("what", Said::Text(&listed(speaker, skills)))]))
}

fn items<'d>(document: &'d Value, pointer: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
    document.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn uris(document: &Value, pointer: &str) -> Vec<CodeUri> {
    items(document, pointer).filter_map(|item| item["uri"].as_str()?.parse().ok()).collect()
}

/// The first names, and how many more there are.
fn listed(speaker: &Speaker<'_>, mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    if more > 0 {
        names.push(speaker.say("fact-more", &[("count", Said::Number(i64::try_from(more).unwrap_or(i64::MAX)))]));
    }
    names.join(", ")
}

/// From the least to the most; one number where they are the same.
pub(super) fn range(speaker: &Speaker<'_>, least: &str, most: &str) -> String {
    match least == most {
        true => speaker.say("range-one", &[("value", Said::Text(least))]),
        false => speaker.say("range", &[("least", Said::Text(least)), ("most", Said::Text(most))]),
    }
}

/// The hours that both what is asked and what is offered allow; `None` where one of them does not say.
pub(super) fn fitting_hours(speaker: &Speaker<'_>, document: &Value) -> Option<(u64, u64)> {
    let (asked, offered) = (speaker.hours?, document.get("hours").or_else(|| document.get("hoursPerWeek"))?);
    let (least, most) = (offered["min"].as_u64()?.max(asked.min.into()), offered["max"].as_u64()?.min(asked.max.into()));
    (least <= most).then_some((least, most))
}

fn hours(speaker: &Speaker<'_>, document: &Value) -> Option<String> {
    let hours = document.get("hours").or_else(|| document.get("hoursPerWeek"))?;
    Some(range(speaker, &hours["min"].as_u64()?.to_string(), &hours["max"].as_u64()?.to_string()))
}

fn level(speaker: &Speaker<'_>, document: &Value) -> Option<String> {
    let level = ["education", "minimumEducation", "level"].into_iter().find_map(|name| document[name].as_u64())?;
    Some(speaker.say(&format!("education-{level}"), &[]))
}

fn pay(speaker: &Speaker<'_>, document: &Value) -> Option<String> {
    let pay = document.get("salary")?;
    let amount = |bound: &str| pay[bound].as_u64().map(|cents| format!("€ {}", euros(speaker.language, cents)));
    let said = match (amount("min"), amount("max")) {
        (Some(least), Some(most)) => range(speaker, &least, &most),
        (Some(least), None) => speaker.say("fact-at-least", &[("amount", Said::Text(&least))]),
        (None, Some(most)) => speaker.say("fact-at-most", &[("amount", Said::Text(&most))]),
        (None, None) => return None,
    };
    Some(format!("{said} {}", speaker.say(&format!("per-{}", pay["period"].as_str()?), &[])))
}
