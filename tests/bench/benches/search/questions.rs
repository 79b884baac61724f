//! Questions of mixed kinds.

use std::sync::Arc;

use polder_model::code::{Cefr, Contract, Licence, Relation, Sector, TravelMode};
use polder_model::query::{
    Criteria, HoursCriterion, LanguageCriterion, LevelCriterion, Measure, OccupationCriterion, Query, RANKING, RelatedSkill,
    SkillCriterion, StartCriterion, TermCriterion, TravelCriterion,
};
use polder_model::reference::Reference;
use polder_model::{Date, Kind, Purpose, travel};

use crate::corpus::{World, asker, language, now};
use crate::random::Random;

/// How many questions.
pub const COUNT: usize = 200;
/// Most hits of an answer.
pub const LIMIT: u16 = 20;

/// The kinds of question, as often as they stand here.
const KINDS: [&str; 10] = [
    "skills, travel, hours",
    "skills, travel, hours",
    "skills, travel, hours",
    "text",
    "text, travel",
    "skills, text, occupation, travel",
    "skills, text, occupation, travel",
    "skills, no travel",
    "occupation, travel",
    "no content",
];

/// A question, and of which kind it is.
pub struct Question {
    pub kind: &'static str,
    pub query: Arc<Query>,
}

pub fn questions(world: &World) -> Vec<Question> {
    (0..COUNT).map(|number| question(world, number)).collect()
}

/// The largest question that is allowed: 50 skills with 40 related ones each, 50 occupations, 16 words, without travel.
pub fn largest(world: &World) -> Arc<Query> {
    let mut query = Query::clone(&question(world, 0).query);
    let skill = |rank: usize| world.skills[rank % world.skills.len()].clone();
    let related = |rank: usize| (1..=40).map(move |next| (rank + 3 * next, Relation::Narrower, 60 + next as u8 % 30));
    let asked = (0..50).map(|rank| SkillCriterion {
        uri: skill(rank),
        weight: 500,
        related: related(rank).map(|(rank, relation, factor)| RelatedSkill { uri: skill(rank), relation, factor }).collect(),
    });
    let words = (0..).flat_map(|word| world.vocabulary.stems(word)).take(16);
    let occupations = world.occupations.iter().take(50);
    query.criteria = Criteria {
        skills: asked.collect(),
        occupations: occupations.map(|occupation| OccupationCriterion { uri: occupation.uri.clone(), factor: 50 }).collect(),
        text: words.map(|stem| TermCriterion { term: stem.clone(), weight: 50 }).collect(),
        ..Criteria::default()
    };
    query.criteria.text.sort_by(|a, b| a.term.cmp(&b.term));
    query.criteria.text.dedup_by(|a, b| a.term == b.term);
    assert!(query.findings().is_empty(), "{:?}", query.findings());
    Arc::new(query)
}

fn question(world: &World, number: usize) -> Question {
    let random = &mut Random::new(number as u64 + 4_000_000_000);
    let kind = KINDS[number % KINDS.len()];
    let mut criteria = Criteria::default();
    if kind.contains("skills") {
        criteria.skills = skills(world, random);
    }
    if kind.contains("text") {
        criteria.text = words(world, random);
    }
    if kind.contains("occupation") {
        criteria.occupations = occupations(world, random);
    }
    if kind.contains("travel") && !kind.contains("no travel") || kind == "no content" {
        criteria.travel = Some(travel_from(world, random));
    }
    if !kind.starts_with("text") {
        let (min, max) = *random.pick(&[(32, 40), (24, 32), (16, 24), (36, 40), (20, 36)]);
        criteria.hours = Some(HoursCriterion { min, max });
    }
    state_filters(random, kind == "no content", &mut criteria);
    let query = Query {
        id: format!("00000000-0000-4000-8000-{number:012}"),
        asker: asker(),
        kind: Kind::Vacancy,
        purpose: Purpose::FindWork,
        ranking: RANKING.to_owned(),
        as_of: now(),
        limit: LIMIT,
        deadline_ms: 2_000,
        hops: 1,
        about: None,
        tie_key: criteria.tie_key(Kind::Vacancy),
        criteria,
    };
    assert!(query.findings().is_empty(), "{:?}", query.findings());
    Question { kind, query: Arc::new(query) }
}

/// Half of them as frequent as in offers, half any; with their direct narrower and broader ones.
fn skills(world: &World, random: &mut Random) -> Vec<SkillCriterion> {
    let reference = Reference::starter();
    let mut asked: Vec<SkillCriterion> = Vec::new();
    for _ in 0..random.between(3, 8) {
        let rank = if random.percent(50) { world.skill_ranks.rank(random) } else { random.below(world.skills.len()) };
        let uri = world.skills[rank].clone();
        if asked.iter().any(|known| known.uri == uri) {
            continue;
        }
        let broader = reference.skill(&uri).map_or(&[][..], |skill| &skill.broader);
        let narrower = reference.narrower(&uri).iter().map(|uri| (uri, Relation::Narrower, 80));
        let related = narrower.chain(broader.iter().map(|uri| (uri, Relation::Broader, 50)));
        let related = related.map(|(uri, relation, factor)| (uri.clone(), relation, factor)).chain(world.related(rank));
        let related = related.take(40).map(|(uri, relation, factor)| RelatedSkill { uri, relation, factor });
        let weight = reference.skill(&uri).map_or(500, |skill| skill.weight);
        asked.push(SkillCriterion { weight, related: related.collect(), uri });
    }
    asked
}

fn words(world: &World, random: &mut Random) -> Vec<TermCriterion> {
    let mut asked: Vec<TermCriterion> = Vec::new();
    let wanted = random.between(1, 4);
    while asked.len() < wanted {
        let word = world.vocabulary.words(random, 1)[0];
        for stem in world.vocabulary.stems(word) {
            if !asked.iter().any(|known| known.term == *stem) {
                asked.push(TermCriterion { term: stem.clone(), weight: Reference::starter().word_weight(stem) });
            }
        }
    }
    asked
}

fn occupations(world: &World, random: &mut Random) -> Vec<OccupationCriterion> {
    let ranks = world.occupation_ranks.distinct(random, 4);
    ranks
        .iter()
        .zip([100, 80, 50, 50])
        .map(|(rank, factor)| OccupationCriterion { uri: world.occupations[*rank].uri.clone(), factor })
        .collect()
}

fn travel_from(world: &World, random: &mut Random) -> TravelCriterion {
    let mode = *random.pick(&[TravelMode::Car, TravelMode::Car, TravelMode::Bike, TravelMode::PublicTransport]);
    let (measure, limit) = match mode {
        TravelMode::Bike => (Measure::Metres, *random.pick(&[5_000, 10_000, 15_000])),
        _ => (Measure::Minutes, *random.pick(&[20, 30, 30, 45, 60])),
    };
    let reach = travel::reach(Reference::starter(), world.place(random), mode, measure, limit);
    TravelCriterion { mode, measure, limit, reach }
}

fn state_filters(random: &mut Random, many: bool, criteria: &mut Criteria) {
    if many || random.percent(40) {
        criteria.contracts = vec![Contract::Permanent, Contract::FixedTerm];
    }
    if many || random.percent(15) {
        criteria.sectors = vec![*random.pick(Sector::ALL), *random.pick(Sector::ALL)];
        criteria.sectors.dedup();
    }
    if random.percent(40) {
        criteria.level = Some(LevelCriterion { min: None, max: Some(*random.pick(&[30, 40, 60])) });
    }
    if random.percent(50) {
        let level = *random.pick(&[Cefr::B1, Cefr::C1, Cefr::C2]);
        criteria.languages = Some(vec![LanguageCriterion { language: language("nl"), level }]);
    }
    if random.percent(50) {
        criteria.licences = Some(if random.percent(60) { vec![Licence::B] } else { Vec::new() });
    }
    if random.percent(20) {
        criteria.start = Some(StartCriterion { from: Some(Date::from_days(now().date().days())), until: None });
    }
    criteria.sharing = random.percent(5);
}
