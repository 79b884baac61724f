//! The parts of a score, in words.

use polder_model::CodeUri;
use polder_model::code::{Importance, Relation, TravelMode};
use polder_model::query::Criteria;
use polder_model::reason::{Ground, Reason};
use polder_model::text::distinct_stems;

use serde_json::value::RawValue;

use super::offer;
use super::words::{Lang, grouped};
use crate::output::clean;
use crate::tables;

/// What the words for a reason need to know besides.
#[derive(Clone, Copy, Default)]
pub(super) struct Asked<'t> {
    /// How one travels.
    pub mode: Option<TravelMode>,
    /// The hours a week that are asked and offered, least and most.
    pub hours: Option<(u64, u64)>,
    /// The words as they were typed.
    pub text: &'t str,
}

impl<'t> Asked<'t> {
    /// Of one offer in a result.
    pub(super) fn of(criteria: &Criteria, document: &RawValue, text: &'t str) -> Self {
        let hours = criteria.hours.as_ref().and_then(|hours| offer::hours_that_fit(document, hours));
        Self { mode: criteria.travel.as_ref().map(|travel| travel.mode), hours, text }
    }
}

/// A reason with its points, such as `skill lassen 124,000`.
pub(super) fn in_words(reason: &Reason, asked: Asked<'_>, lang: Lang) -> String {
    format!("{} {}", ground(&reason.ground, asked, lang), grouped(u64::from(reason.points), lang))
}

fn ground(ground: &Ground, asked: Asked<'_>, lang: Lang) -> String {
    match ground {
        Ground::Skill { code, matched, relation, importance } => {
            let mut text = format!("{} {}", lang.either("skill", "vaardigheid"), skill(code, lang));
            match relation {
                Relation::Exact => {}
                Relation::Broader => text = format!("{text} ({} {})", lang.either("broader:", "breder:"), skill(matched, lang)),
                Relation::Narrower => text = format!("{text} ({} {})", lang.either("narrower:", "smaller:"), skill(matched, lang)),
            }
            match importance {
                Importance::Essential => text,
                Importance::Important => format!("{text}, {}", lang.either("important", "belangrijk")),
                Importance::Optional => format!("{text}, {}", lang.either("optional", "pluspunt")),
            }
        }
        Ground::Occupation { matched } => format!("{} {}", lang.either("occupation", "beroep"), occupation(matched, lang)),
        Ground::Text { term } => format!("{} \"{}\"", lang.either("word", "woord"), clean(typed(asked.text, term))),
        Ground::Travel { remote: true, .. } => lang.either("work from anywhere", "op afstand").to_owned(),
        Ground::Travel { minutes, metres, .. } => {
            format!("{} {}", distance(*minutes, *metres, lang), by(asked.mode, lang)).trim_end().to_owned()
        }
        Ground::Hours { .. } => hours(asked.hours, lang),
        Ground::Freshness { days: 0 } => lang.either("changed today", "vandaag gewijzigd").to_owned(),
        Ground::Freshness { days: 1 } => lang.either("changed 1 day ago", "1 dag geleden gewijzigd").to_owned(),
        Ground::Freshness { days } => {
            format!("{} {days} {}", lang.either("changed", "gewijzigd,"), lang.either("days ago", "dagen geleden"))
        }
    }
}

/// The word of a text that has this stem; the stem itself where none has.
fn typed<'t>(text: &'t str, stem: &'t str) -> &'t str {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.find(|word| distinct_stems(word).first().is_some_and(|found| found == stem)).unwrap_or(stem)
}

fn hours(fit: Option<(u64, u64)>, lang: Lang) -> String {
    match fit {
        Some((least, most)) if least == most => format!("{least} {}", lang.either("hours a week fits", "uur per week past")),
        Some((least, most)) => format!("{least}–{most} {}", lang.either("hours a week fit", "uur per week past")),
        None => lang.either("the hours fit", "de uren passen").to_owned(),
    }
}

fn distance(minutes: Option<u16>, metres: Option<u32>, lang: Lang) -> String {
    match (minutes, metres) {
        (Some(minutes), _) => format!("{minutes} min"),
        (None, Some(metres)) => format!("{} km", metres.div_ceil(1_000)),
        (None, None) => lang.either("within reach", "bereikbaar").to_owned(),
    }
}

fn by(mode: Option<TravelMode>, lang: Lang) -> &'static str {
    match mode {
        Some(TravelMode::Car) => lang.either("by car", "met de auto"),
        Some(TravelMode::Bike) => lang.either("by bike", "met de fiets"),
        Some(TravelMode::PublicTransport) => lang.either("by public transport", "met het openbaar vervoer"),
        Some(TravelMode::Walk) => lang.either("on foot", "te voet"),
        None => "",
    }
}

fn skill(uri: &CodeUri, lang: Lang) -> String {
    let known = tables::in_use().skill(uri).map(|skill| lang.either(skill.label_en.as_str(), skill.label_nl.as_str()));
    label(known, uri)
}

fn occupation(uri: &CodeUri, lang: Lang) -> String {
    let known = tables::in_use().occupation(uri).map(|one| lang.either(one.label_en.as_str(), one.label_nl.as_str()));
    label(known, uri)
}

/// The label that the tables have, or else the last part of the code.
fn label(known: Option<&str>, uri: &CodeUri) -> String {
    match known {
        Some(label) if !label.is_empty() => label.to_owned(),
        _ => uri.as_str().rsplit('/').next().unwrap_or_default().to_owned(),
    }
}
