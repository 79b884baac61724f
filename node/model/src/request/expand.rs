//! Making a question self-contained.

use super::said::never_said;
use super::{CodeAsked, GapAsked, QueryRequest, SkillAsked, TravelAsked, USUAL_DEADLINE_MS, USUAL_LIMIT};
use crate::code::{Importance, Relation, TravelMode};
use crate::finding::{Finding, FindingCode};
use crate::name::{CodeUri, Kind, PartnerId, Postcode4, Purpose};
use crate::query::{
    Criteria, LARGEST_QUERY, Measure, OccupationCriterion, Query, RANKING, RelatedSkill, SkillCriterion, TermCriterion, TravelCriterion,
};
use crate::reference::{Occupation, Reference, USUAL_SKILL_WEIGHT};
use crate::time::Timestamp;
use crate::{text, travel};

const NARROWER_FACTOR: u8 = 80;
const BROADER_FACTOR: u8 = 50;
const SIBLING_FACTOR: u8 = 50;
const MOST_RELATED: usize = 40;
const MOST_CODES: usize = 50;
const MOST_TERMS: usize = 16;
/// Most things that a label may mean that are named.
const MOST_MEANT: usize = 10;

/// Turns a question into a query that anyone can recompute.
///
/// # Errors
/// Everything that is wrong with it, at once; unknown labels with the nearest known ones.
pub fn expand(request: &QueryRequest, reference: &Reference, asker: &PartnerId, id: String, now: Timestamp) -> Result<Query, Vec<Finding>> {
    let mut expansion = Expansion { reference, findings: Vec::new() };
    let criteria = expansion.criteria(request);
    let mut query = Query {
        id,
        asker: asker.clone(),
        kind: request.kind,
        purpose: request.purpose.unwrap_or(usual_purpose(request.kind)),
        ranking: RANKING.to_owned(),
        as_of: now,
        limit: request.limit.unwrap_or(USUAL_LIMIT),
        deadline_ms: request.deadline_ms.unwrap_or(USUAL_DEADLINE_MS),
        hops: 1,
        about: request.about.clone(),
        tie_key: criteria.tie_key(request.kind),
        criteria,
    };
    keep_within_bounds(&mut query);
    let mut findings = expansion.findings;
    findings.extend(never_said(request));
    findings.extend(
        query.findings().into_iter().map(|finding| Finding {
            pointer: finding.pointer.strip_prefix("/criteria").unwrap_or(&finding.pointer).to_owned(),
            ..finding
        }),
    );
    if findings.is_empty() { Ok(query) } else { Err(findings) }
}

/// A query travels in at most [`LARGEST_QUERY`] bytes: where every skill brings many related ones, each brings fewer, the same number for all.
fn keep_within_bounds(query: &mut Query) {
    let too_large = |query: &Query| serde_json::to_vec(query).is_ok_and(|bytes| bytes.len() > LARGEST_QUERY);
    let mut most = MOST_RELATED;
    while most > 0 && too_large(query) {
        most /= 2;
        query.criteria.skills.iter_mut().for_each(|skill| skill.related.truncate(most));
        query.tie_key = query.criteria.tie_key(query.kind);
    }
}

const fn usual_purpose(kind: Kind) -> Purpose {
    match kind {
        Kind::Vacancy => Purpose::FindWork,
        Kind::Training => Purpose::FindTraining,
        Kind::SkillOffer => Purpose::MatchVacancy,
    }
}

struct Expansion<'r> {
    reference: &'r Reference,
    findings: Vec<Finding>,
}

impl Expansion<'_> {
    fn add(&mut self, pointer: impl Into<String>, code: FindingCode, message: impl Into<String>) {
        self.findings.push(Finding::new(pointer, code, message));
    }

    fn unknown(&mut self, pointer: impl Into<String>, what: &str, nearest: &[String]) {
        self.findings.push(Finding::unknown(pointer, what, nearest));
    }

    /// Whether a label stands for anything, which then is more than one thing; a finding names them.
    fn more_than_one<'m>(&mut self, pointer: String, what: &str, meant: impl Iterator<Item = (&'m str, &'m CodeUri)>) -> bool {
        let mut named: Vec<String> = meant.take(MOST_MEANT + 1).map(|(label, uri)| format!("{label} {uri}")).collect();
        if named.is_empty() {
            return false;
        }
        if named.len() > MOST_MEANT {
            named[MOST_MEANT] = "others".to_owned();
        }
        let message = format!("more than one {what} goes by this label; give the uri of the one that is meant: {}", named.join("; "));
        self.add(pointer, FindingCode::UnknownCode, message);
        true
    }

    fn criteria(&mut self, request: &QueryRequest) -> Criteria {
        let mut skills = Vec::new();
        for (index, asked) in request.skills.iter().take(MOST_CODES + 1).enumerate() {
            self.skill(&format!("/skills/{index}"), asked, &mut skills);
        }
        if let Some(gap) = &request.gap {
            self.gap(request.kind, gap, &mut skills);
        }
        let mut occupations: Vec<OccupationCriterion> = Vec::new();
        for (index, asked) in request.occupations.iter().take(MOST_CODES + 1).enumerate() {
            self.occupation(&format!("/occupations/{index}"), asked, &mut occupations);
        }
        Criteria {
            skills,
            occupations,
            text: self.text(request.text.as_deref().unwrap_or_default()),
            travel: request.travel.as_ref().and_then(|asked| self.travel(asked)),
            hours: request.hours,
            level: request.level,
            contracts: request.contracts.clone(),
            sectors: request.sectors.clone(),
            languages: request.languages.clone(),
            licences: request.licences.clone(),
            start: request.start,
            modified_since: request.modified_since,
            sharing: request.sharing,
        }
    }

    fn skill_uri(&mut self, pointer: &str, asked: &SkillAsked) -> Option<CodeUri> {
        match (&asked.uri, &asked.label) {
            // A URI that our table does not know may well stand in an offer: it is asked as it is.
            (Some(uri), None) => Some(uri.clone()),
            (None, Some(label)) => match self.reference.skill_labelled(label) {
                Some(skill) => Some(skill.uri.clone()),
                None => {
                    let reference = self.reference;
                    let meant = reference.skills_labelled(label).map(|skill| (skill.label_nl.as_str(), &skill.uri));
                    if self.more_than_one(format!("{pointer}/label"), "skill", meant) {
                        return None;
                    }
                    let nearest = self.reference.suggest_skills(label);
                    self.unknown(format!("{pointer}/label"), "this skill", &nearest);
                    None
                }
            },
            _ => {
                self.add(pointer, FindingCode::Contradiction, "give either uri or label");
                None
            }
        }
    }

    fn skill(&mut self, pointer: &str, asked: &SkillAsked, skills: &mut Vec<SkillCriterion>) {
        let Some(uri) = self.skill_uri(pointer, asked) else { return };
        if skills.iter().any(|known| known.uri == uri) {
            return self.add(pointer, FindingCode::Contradiction, "this skill stands twice");
        }
        skills.push(self.weighed(uri, asked.importance.unwrap_or(Importance::Essential)));
    }

    fn weighed(&self, uri: CodeUri, importance: Importance) -> SkillCriterion {
        let known = self.reference.skill(&uri);
        let full = known.map_or(USUAL_SKILL_WEIGHT, |skill| skill.weight);
        let weight = u64::from(full) * importance.percent() / 100;
        let narrower = self.reference.narrower(&uri).iter().map(|uri| (uri, Relation::Narrower, NARROWER_FACTOR));
        let broader = known.into_iter().flat_map(|skill| &skill.broader).map(|uri| (uri, Relation::Broader, BROADER_FACTOR));
        let mut related: Vec<RelatedSkill> = Vec::new();
        for (other, relation, factor) in narrower.chain(broader).take(MOST_RELATED) {
            if *other != uri && !related.iter().any(|known| known.uri == *other) {
                related.push(RelatedSkill { uri: other.clone(), relation, factor });
            }
        }
        SkillCriterion { uri, weight: u16::try_from(weight).unwrap_or(1_000).max(1), related }
    }

    fn occupation_found(&mut self, pointer: &str, asked: &CodeAsked) -> Option<Result<&Occupation, CodeUri>> {
        match (&asked.uri, &asked.label) {
            (Some(uri), None) => Some(self.reference.occupation(uri).ok_or_else(|| uri.clone())),
            (None, Some(label)) => match self.reference.occupation_labelled(label) {
                Some(occupation) => Some(Ok(occupation)),
                None => {
                    let reference = self.reference;
                    let meant = reference.occupations_labelled(label).map(|one| (one.label_nl.as_str(), &one.uri));
                    if self.more_than_one(format!("{pointer}/label"), "occupation", meant) {
                        return None;
                    }
                    let nearest = self.reference.suggest_occupations(label);
                    self.unknown(format!("{pointer}/label"), "this occupation", &nearest);
                    None
                }
            },
            _ => {
                self.add(pointer, FindingCode::Contradiction, "give either uri or label");
                None
            }
        }
    }

    fn occupation(&mut self, pointer: &str, asked: &CodeAsked, occupations: &mut Vec<OccupationCriterion>) {
        let reference = self.reference;
        let (uri, isco) = match self.occupation_found(pointer, asked) {
            Some(Ok(occupation)) => (occupation.uri.clone(), Some(occupation.isco08.clone())),
            Some(Err(uri)) => (uri, None),
            None => return,
        };
        let siblings = reference.occupations().iter().filter(|other| Some(&other.isco08) == isco.as_ref() && other.uri != uri);
        let related = siblings.map(|other| (other.uri.clone(), SIBLING_FACTOR));
        for (uri, factor) in std::iter::once((uri.clone(), 100)).chain(related) {
            if let Some(known) = occupations.iter_mut().find(|known| known.uri == uri) {
                known.factor = known.factor.max(factor);
            } else if occupations.len() < MOST_CODES {
                occupations.push(OccupationCriterion { uri, factor });
            }
        }
    }

    fn gap(&mut self, kind: Kind, gap: &GapAsked, skills: &mut Vec<SkillCriterion>) {
        if kind != Kind::Training {
            return self.add("/gap", FindingCode::Contradiction, "a gap is closed by trainings: kind is training");
        }
        let mut held = Vec::new();
        for (index, asked) in gap.skills.iter().take(MOST_CODES + 1).enumerate() {
            held.extend(self.skill_uri(&format!("/gap/skills/{index}"), asked));
        }
        let needed = match self.occupation_found("/gap/occupation", &gap.occupation) {
            Some(Ok(occupation)) => occupation.skills.clone(),
            Some(Err(_)) => return self.unknown("/gap/occupation/uri", "this occupation", &[]),
            None => return,
        };
        for (uri, importance) in needed {
            if !held.contains(&uri) && !skills.iter().any(|known| known.uri == uri) && skills.len() < MOST_CODES {
                skills.push(self.weighed(uri, importance));
            }
        }
        if skills.is_empty() {
            self.add("/gap", FindingCode::Contradiction, "there is no gap: every skill that the table knows for this occupation is there");
        }
    }

    fn text(&mut self, words: &str) -> Vec<TermCriterion> {
        if words.chars().count() > 500 {
            self.add("/text", FindingCode::OutOfBounds, "at most 500 characters");
            return Vec::new();
        }
        let stems = text::distinct_stems(words);
        if stems.is_empty() && !words.trim().is_empty() {
            self.add(
                "/text",
                FindingCode::OutOfBounds,
                "no word is left to search for: single characters and words such as `de` and `het` are not searched",
            );
        } else if stems.len() > MOST_TERMS {
            self.add("/text", FindingCode::OutOfBounds, format!("at most {MOST_TERMS} different words"));
        }
        let weigh = |term: String| TermCriterion { weight: self.reference.word_weight(&term), term };
        stems.into_iter().take(MOST_TERMS).map(weigh).collect()
    }

    fn travel(&mut self, asked: &TravelAsked) -> Option<TravelCriterion> {
        let (measure, limit) = match (asked.max_minutes, asked.max_kilometres) {
            (Some(minutes), None) => (Measure::Minutes, u32::from(minutes)),
            (None, Some(kilometres)) => (Measure::Metres, u32::from(kilometres) * 1_000),
            _ => {
                self.add("/travel", FindingCode::Contradiction, "give either maxMinutes or maxKilometres");
                return None;
            }
        };
        let from = self.place(&asked.from)?;
        let mode = asked.mode.unwrap_or(TravelMode::Car);
        let reach = travel::reach(self.reference, from, mode, measure, limit);
        Some(TravelCriterion { mode, measure, limit, reach })
    }

    fn place(&mut self, from: &str) -> Option<Postcode4> {
        let by_postcode = Postcode4::from_postcode(from).ok();
        let meant: Vec<String> = self.reference.places_named(from).map(|place| format!("{} {}", place.postcode, place.name)).collect();
        if meant.len() > 1 {
            let message =
                format!("more than one place goes by this name; give the postcode of the one that is meant: {}", meant.join("; "));
            self.add("/travel/from", FindingCode::UnknownCode, message);
            return None;
        }
        let place = by_postcode.map_or_else(|| self.reference.place_named(from), |postcode| self.reference.place(postcode));
        if place.is_none() {
            let nearest =
                by_postcode.map_or_else(|| self.reference.suggest_places(from), |postcode| self.reference.suggest_postcodes(postcode));
            self.unknown("/travel/from", "this postcode or place", &nearest);
        }
        place.map(|place| place.postcode)
    }
}
