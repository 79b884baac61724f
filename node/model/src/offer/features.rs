//! What ranking reads from an offer (`docs/ranking.md`, section 1).

use super::types::{Hours, Label, Offer, Recipients, SkillOffer, Terms, Training, Vacancy};
use crate::code::{Contract, Importance, Licence, Sector};
use crate::features::{Audience, Features, Opening};
use crate::name::{CodeUri, Kind, Postcode4};
use crate::text;

pub(super) fn of(offer: &Offer) -> Features {
    let mut features = match offer {
        Offer::Vacancy(vacancy) => self::vacancy(vacancy),
        Offer::Training(training) => self::training(training),
        Offer::SkillOffer(offer) => skill_offer(offer),
    };
    features.audience = offer.terms().map(audience).unwrap_or_default();
    features
}

fn vacancy(offer: &Vacancy) -> Features {
    let location = offer.location.as_ref();
    let skills = || offer.skills.iter().flatten();
    Features {
        skills: distinct(skills().map(|skill| (&skill.uri, skill.importance.unwrap_or(Importance::Essential)))),
        occupations: codes(offer.occupations.iter().flatten().map(|occupation| &occupation.uri)),
        terms: text::impacts(&offer.title, body(Some(&offer.description), skills().map(|skill| skill.label.as_ref()))),
        openings: vec![Opening {
            place: location.and_then(|location| place(location.postcode.as_deref())),
            remote: location.is_some_and(|location| location.remote_share == Some(100)),
            start: offer.start_date,
        }],
        hours: hours(offer.hours.as_ref()),
        level: offer.minimum_education,
        contracts: offer.contracts.iter().flatten().fold(0, |set, contract| set | contract.form.bit()),
        sectors: offer.employer.sector.map_or(0, Sector::bit),
        languages: offer.languages.iter().flatten().map(|needed| (needed.language, needed.level)).collect(),
        licences: offer.licences.iter().flatten().fold(0, |set, licence| set | Licence::bit(*licence)),
        sharing: offer.welcomes_sharing == Some(true),
        closes: offer.closing_date,
        ..Features::empty(Kind::Vacancy)
    }
}

fn training(offer: &Training) -> Features {
    let skills = || offer.skills_taught.iter().flatten();
    let openings: Vec<Opening> = offer.editions.iter().flatten().map(edition).collect();
    Features {
        skills: distinct(skills().map(|skill| (&skill.uri, Importance::Essential))),
        occupations: codes(offer.occupations.iter().flatten().map(|occupation| &occupation.uri)),
        terms: text::impacts(&offer.title, body(Some(&offer.description), skills().map(|skill| skill.label.as_ref()))),
        openings: if openings.is_empty() { vec![Opening::default()] } else { openings },
        hours: hours(offer.hours_per_week.as_ref()),
        level: offer.level,
        sectors: offer.sectors.iter().flatten().fold(0, |set, sector| set | sector.bit()),
        closes: offer.closing_date,
        ..Features::empty(Kind::Training)
    }
}

fn edition(edition: &super::types::Edition) -> Opening {
    let postcode = edition.location.as_ref().and_then(|location| location.postcode.as_deref());
    Opening { place: place(postcode), remote: edition.mode == "online", start: edition.start_date }
}

fn skill_offer(offer: &SkillOffer) -> Features {
    Features {
        skills: distinct(offer.skills.iter().map(|skill| (&skill.uri, Importance::Essential))),
        occupations: codes(offer.occupations_wanted.iter().flatten().map(|occupation| &occupation.uri)),
        terms: text::impacts(&offer.title, body(offer.description.as_deref(), offer.skills.iter().map(|skill| skill.label.as_ref()))),
        openings: vec![Opening { place: place(offer.postcode.as_deref()), remote: false, start: offer.available_from }],
        hours: hours(offer.hours.as_ref()),
        level: offer.education,
        contracts: offer.contracts.iter().flatten().fold(0, |set, contract| set | Contract::bit(*contract)),
        sectors: offer.sectors.iter().flatten().fold(0, |set, sector| set | sector.bit()),
        closes: offer.available_until,
        ..Features::empty(Kind::SkillOffer)
    }
}

fn place(postcode: Option<&str>) -> Option<Postcode4> {
    Postcode4::from_postcode(postcode?).ok()
}

fn hours(hours: Option<&Hours>) -> Option<(u8, u8)> {
    hours.map(|hours| (hours.min, hours.max))
}

fn body<'o>(description: Option<&'o str>, labels: impl Iterator<Item = Option<&'o Label>>) -> impl Iterator<Item = &'o str> {
    description.into_iter().chain(labels.filter_map(|label| label?.nl.as_deref()))
}

fn codes<'o>(uris: impl Iterator<Item = &'o CodeUri>) -> Vec<CodeUri> {
    let mut codes: Vec<CodeUri> = Vec::new();
    for uri in uris {
        if !codes.contains(uri) {
            codes.push(uri.clone());
        }
    }
    codes
}

/// Each skill once, with its highest importance (the lowest in the order of the list).
fn distinct<'o>(skills: impl Iterator<Item = (&'o CodeUri, Importance)>) -> Vec<(CodeUri, Importance)> {
    let mut list: Vec<(CodeUri, Importance)> = Vec::new();
    for (uri, importance) in skills {
        match list.iter_mut().find(|(known, _)| known == uri) {
            Some((_, known)) => *known = importance.min(*known),
            None => list.push((uri.clone(), importance)),
        }
    }
    list
}

fn audience(terms: &Terms) -> Audience {
    let recipients = match &terms.recipients {
        Some(Recipients::Named(named)) => Some(named.clone()),
        Some(Recipients::Everyone(_)) | None => None,
    };
    Audience { recipients, purposes: terms.purposes.clone(), until: terms.until }
}
