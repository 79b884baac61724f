//! The bounds of a query, all checked at once.

use std::collections::HashSet;
use std::hash::Hash;

use super::{Criteria, MOST_HITS, Measure, Query, TravelCriterion};
use crate::about::{About, MOST_PEOPLE};
use crate::code::{Contract, LEVELS, Licence, Relation, Sector};
use crate::finding::{Finding, FindingCode};

const MOST_LANGUAGES: usize = 20;
const MOST_CODES: usize = 50;
const MOST_RELATED: usize = 40;
const MOST_TERMS: usize = 16;
const MOST_REACH: usize = 4_200;

pub(super) fn findings(query: &Query) -> Vec<Finding> {
    let mut found = Found(Vec::new());
    found.unless(is_uuid(&query.id), "/id", "an id is a UUID of 36 characters");
    let ranking = (1..=40).contains(&query.ranking.len()) && query.ranking.bytes().all(|b| b.is_ascii_graphic());
    found.unless(ranking, "/ranking", "a ranking version has 1 to 40 visible ASCII characters");
    found.unless((1..=MOST_HITS).contains(&query.limit), "/limit", "limit is 1 to 100");
    found.unless((50..=10_000).contains(&query.deadline_ms), "/deadlineMs", "deadlineMs is 50 to 10000");
    if !query.purpose.fits(query.kind) {
        found.add("/purpose", FindingCode::Contradiction, "this purpose does not ask for offers of this kind");
    }
    about(query, &mut found);
    criteria(&query.criteria, &mut found);
    found.0
}

/// A question about people names an offer of its asker, and has a purpose for which questions are answered.
fn about(query: &Query, found: &mut Found) {
    match (query.kind.is_personal(), About::kind_for(query.purpose), &query.about) {
        (false, _, None) => {}
        (false, _, Some(_)) => {
            found.add("/about", FindingCode::Contradiction, "only a question about people names an offer that it is about")
        }
        (true, None, _) => {
            found.add(
                "/purpose",
                FindingCode::Contradiction,
                "no question is answered for this purpose; match-vacancy and training-advice are asked",
            );
        }
        (true, Some(kind), about) => {
            if about.as_ref().is_none_or(|about| about.kind != kind) {
                let message = format!("a question for this purpose names your own {kind} for which people are sought: kind and key");
                found.add("/about", FindingCode::Missing, &message);
            }
            found.unless(query.limit <= MOST_PEOPLE, "/limit", "of people, limit is at most 50");
        }
    }
}

/// Hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, b)| if matches!(place, 8 | 13 | 18 | 23) { b == b'-' } else { b.is_ascii_hexdigit() })
}

struct Found(Vec<Finding>);

impl Found {
    fn add(&mut self, pointer: impl Into<String>, code: FindingCode, message: &str) {
        self.0.push(Finding::new(pointer, code, message));
    }

    fn unless(&mut self, holds: bool, pointer: impl Into<String>, message: &str) {
        if !holds {
            self.add(pointer, FindingCode::OutOfBounds, message);
        }
    }

    /// A list has at most `most` entries, all distinct. False when it is too long to look into.
    fn list<T, K: Hash + Eq>(&mut self, list: &[T], most: usize, pointer: &str, key: impl Fn(&T) -> K) -> bool {
        if list.len() > most {
            self.add(pointer, FindingCode::OutOfBounds, &format!("at most {most} entries"));
            return false;
        }
        let mut seen = HashSet::with_capacity(list.len());
        if !list.iter().all(|entry| seen.insert(key(entry))) {
            self.add(pointer, FindingCode::Contradiction, "an entry stands twice");
        }
        true
    }
}

fn criteria(criteria: &Criteria, found: &mut Found) {
    skills(criteria, found);
    if found.list(&criteria.occupations, MOST_CODES, "/criteria/occupations", |o| o.uri.clone()) {
        for (index, occupation) in criteria.occupations.iter().enumerate() {
            let pointer = format!("/criteria/occupations/{index}/factor");
            found.unless((1..=100).contains(&occupation.factor), pointer, "factor is 1 to 100");
        }
    }
    if found.list(&criteria.text, MOST_TERMS, "/criteria/text", |t| t.term.clone()) {
        for (index, term) in criteria.text.iter().enumerate() {
            let form = (1..=40).contains(&term.term.chars().count()) && term.term.chars().all(char::is_alphanumeric);
            found.unless(form, format!("/criteria/text/{index}/term"), "a term is a stem of 1 to 40 letters and digits");
            found.unless((1..=100).contains(&term.weight), format!("/criteria/text/{index}/weight"), "weight is 1 to 100");
        }
    }
    if let Some(travel) = &criteria.travel {
        reach(travel, found);
    }
    if let Some(hours) = criteria.hours {
        found.unless(hours.min <= hours.max && hours.max <= 80, "/criteria/hours", "hours are 0 to 80 a week, min at most max");
    }
    if let Some(level) = criteria.level {
        let known = |level: Option<u8>| level.is_none_or(|level| LEVELS.contains(&level));
        found.unless(known(level.min) && known(level.max), "/criteria/level", "levels are 10 20 30 40 45 50 60 70 80");
        let ordered = level.min.zip(level.max).is_none_or(|(min, max)| min <= max);
        found.unless(ordered, "/criteria/level", "min is at most max");
    }
    found.list(&criteria.contracts, Contract::ALL.len(), "/criteria/contracts", |c| *c);
    found.list(&criteria.sectors, Sector::ALL.len(), "/criteria/sectors", |s| *s);
    if let Some(languages) = &criteria.languages {
        found.list(languages, MOST_LANGUAGES, "/criteria/languages", |l| l.language);
    }
    if let Some(licences) = &criteria.licences {
        found.list(licences, Licence::ALL.len(), "/criteria/licences", |l| *l);
    }
    if let Some(start) = criteria.start {
        let ordered = start.from.zip(start.until).is_none_or(|(from, until)| from <= until);
        found.unless(ordered, "/criteria/start", "from is not after until");
    }
}

fn skills(criteria: &Criteria, found: &mut Found) {
    if !found.list(&criteria.skills, MOST_CODES, "/criteria/skills", |s| s.uri.clone()) {
        return;
    }
    for (index, skill) in criteria.skills.iter().enumerate() {
        let at = format!("/criteria/skills/{index}");
        found.unless((1..=1_000).contains(&skill.weight), format!("{at}/weight"), "weight is 1 to 1000");
        if found.list(&skill.related, MOST_RELATED, &format!("{at}/related"), |r| r.uri.clone()) {
            for related in &skill.related {
                let form = (1..=99).contains(&related.factor) && related.relation != Relation::Exact && related.uri != skill.uri;
                found.unless(form, format!("{at}/related"), "a related skill is another skill, broader or narrower, with factor 1 to 99");
            }
        }
    }
}

fn reach(travel: &TravelCriterion, found: &mut Found) {
    let most = match travel.measure {
        Measure::Minutes => 240,
        Measure::Metres => 300_000,
    };
    found.unless((1..=most).contains(&travel.limit), "/criteria/travel/limit", "limit is 1 to 240 minutes or 1 to 300000 metres");
    if travel.reach.len() > MOST_REACH {
        found.add("/criteria/travel/reach", FindingCode::OutOfBounds, "at most 4200 places");
    } else if !travel.reach.is_sorted_by(|a, b| a.0 < b.0) {
        found.add("/criteria/travel/reach", FindingCode::Contradiction, "places are sorted by postcode, each once");
    }
}
