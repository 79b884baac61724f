//! Random offers and questions out of few values, so that much coincides.

use polder_index::IndexEntry;
use polder_model::about::About;
use polder_model::code::{Cefr, Contract, Importance, Language, Licence, Relation, Sector, TravelMode};
use polder_model::features::{Audience, Features, Opening};
use polder_model::query::{
    Criteria, HoursCriterion, LanguageCriterion, LevelCriterion, Measure, OccupationCriterion, Query, RANKING, Reach, RelatedSkill,
    SkillCriterion, StartCriterion, TermCriterion, TieKey, TravelCriterion,
};
use polder_model::{CodeUri, Date, Kind, OfferKey, PartnerId, Postcode4, Purpose, Timestamp};

const DAY_MICROS: i64 = 86_400_000_000;
const TODAY: i32 = 20_000;
const SKILLS: usize = 40;
const PLACES: u16 = 60;

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    pub fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    /// Different numbers, low ones more often.
    fn some(&mut self, bound: usize, most: usize) -> Vec<usize> {
        let count = self.below(most + 1);
        let mut numbers: Vec<usize> = (0..count).map(|_| self.below(bound).min(self.below(bound))).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn date(&mut self, before: i32, days: usize) -> Date {
        Date::from_days(TODAY - before + i32::try_from(self.below(days)).unwrap())
    }

    fn instant(&mut self, days: i64) -> Timestamp {
        if self.percent(2) {
            // From a clock that is far ahead.
            return Timestamp::from_micros(i64::from(TODAY) * 4 * DAY_MICROS + i64::try_from(self.below(1_000_000)).unwrap());
        }
        let age = i64::try_from(self.below(usize::try_from(days * DAY_MICROS).unwrap())).unwrap();
        // Some at the very edge of a day, some later than the question.
        let age = if self.percent(30) { age / DAY_MICROS * DAY_MICROS } else { age };
        Timestamp::from_micros(as_of().micros() + DAY_MICROS - age)
    }
}

pub fn home() -> PartnerId {
    partner(0)
}

fn partner(number: usize) -> PartnerId {
    format!("kvk:1000000{number}").parse().unwrap()
}

pub fn key(number: usize) -> OfferKey {
    format!("V-{number}").parse().unwrap()
}

fn as_of() -> Timestamp {
    Timestamp::from_micros(i64::from(TODAY) * DAY_MICROS + 12_345_678_901)
}

fn skill(number: usize) -> CodeUri {
    format!("https://example.org/skill/{number}").parse().unwrap()
}

fn place(random: &mut Random) -> Postcode4 {
    Postcode4::from_number(8_000 + u16::try_from(random.below(usize::from(PLACES))).unwrap()).unwrap()
}

fn language(random: &mut Random) -> Language {
    random.pick(&["nl", "en"]).parse().unwrap()
}

pub fn entry(random: &mut Random, kind: Kind, key: OfferKey) -> IndexEntry {
    let mut features = Features::empty(kind);
    // Now and then so many skills that they do not fit where they mostly do.
    let many = if random.percent(5) { 30 } else { 8 };
    let importances = [Importance::Essential, Importance::Important, Importance::Optional];
    features.skills = random.some(SKILLS, many).into_iter().map(|number| (skill(number), *random.pick(&importances))).collect();
    features.occupations = random.some(6, 2).into_iter().map(|number| skill(1_000 + number)).collect();
    let mut stems: Vec<Box<str>> = random.some(30, 12).into_iter().map(|number| format!("woord{number}").into()).collect();
    stems.sort();
    features.terms = stems.into_iter().map(|stem| (stem, u8::try_from(random.below(255)).unwrap())).collect();
    let openings = if random.percent(15) { random.below(4) + 1 } else { 1 };
    features.openings = (0..openings)
        .map(|_| Opening {
            place: random.percent(90).then(|| place(random)),
            remote: random.percent(10),
            start: random.percent(50).then(|| random.date(5, 15)),
        })
        .collect();
    let min = u8::try_from(random.below(40)).unwrap();
    features.hours = random.percent(70).then(|| (min, min + u8::try_from(random.below(9)).unwrap()));
    features.level = random.percent(60).then(|| *random.pick(&[10, 20, 30, 40]));
    features.contracts = if random.percent(60) { random.pick(Contract::ALL).bit() | random.pick(Contract::ALL).bit() } else { 0 };
    features.sectors = if random.percent(60) { random.pick(Sector::ALL).bit() | random.pick(Sector::ALL).bit() } else { 0 };
    features.licences = if random.percent(20) { random.pick(Licence::ALL).bit() } else { 0 };
    features.sharing = random.percent(40);
    features.languages =
        if random.percent(30) { vec![(language(random), *random.pick(&[Cefr::A2, Cefr::B1, Cefr::C1]))] } else { Vec::new() };
    features.closes = random.percent(30).then(|| random.date(2, 20));
    if random.percent(25) {
        features.audience = Audience {
            recipients: random.percent(60).then(|| (0..=random.below(2)).map(|_| partner(random.below(4))).collect()),
            purposes: random.percent(30).then(|| vec![*random.pick(&Purpose::ALL)]),
            until: random.percent(30).then(|| random.date(2, 10)),
        };
    }
    // Few different instants, so that scores tie.
    let modified = if random.percent(50) { Timestamp::from_micros(as_of().micros() - DAY_MICROS) } else { random.instant(120) };
    IndexEntry { kind, key, version: random.next() % 100, modified, features: features.into() }
}

pub fn query(random: &mut Random) -> Query {
    let kind = *random.pick(&Kind::ALL);
    query_of(random, kind)
}

pub fn query_of(random: &mut Random, kind: Kind) -> Query {
    let mut criteria = Criteria::default();
    if random.percent(60) {
        let skills = random.some(SKILLS + 5, 7);
        criteria.skills = skills.into_iter().map(|number| asked_skill(random, number)).collect();
    }
    if random.percent(40) {
        let occupations = random.some(7, 3);
        let factor = |random: &mut Random| u8::try_from(1 + random.below(100)).unwrap();
        criteria.occupations =
            occupations.into_iter().map(|number| OccupationCriterion { uri: skill(1_000 + number), factor: factor(random) }).collect();
    }
    if random.percent(40) {
        let terms = random.some(32, 4);
        let weight = |random: &mut Random| u8::try_from(1 + random.below(100)).unwrap();
        criteria.text = terms.into_iter().map(|number| TermCriterion { term: format!("woord{number}"), weight: weight(random) }).collect();
    }
    criteria.travel = random.percent(60).then(|| travel(random));
    if random.percent(50) {
        let min = u8::try_from(random.below(40)).unwrap();
        criteria.hours = Some(HoursCriterion { min, max: min + u8::try_from(random.below(20)).unwrap() });
    }
    filters(random, &mut criteria);
    let mut tie_key = [0; 16];
    tie_key[0] = u8::try_from(random.below(256)).unwrap();
    let purpose = *Purpose::ALL.iter().find(|purpose| purpose.fits(kind)).unwrap();
    let about = About::kind_for(purpose).map(|kind| About { kind, key: "V-1".parse().unwrap() });
    let query = Query {
        id: "00000000-0000-4000-8000-000000000000".to_owned(),
        asker: partner(random.below(4)),
        kind,
        purpose,
        ranking: RANKING.to_owned(),
        as_of: as_of(),
        limit: 20,
        deadline_ms: 1_000,
        hops: 1,
        about,
        tie_key: TieKey(tie_key),
        criteria,
    };
    assert!(query.findings().is_empty(), "{:?}", query.findings());
    query
}

fn asked_skill(random: &mut Random, number: usize) -> SkillCriterion {
    let related = random.some(SKILLS, 3).into_iter().filter(|other| *other != number);
    let related: Vec<usize> = related.collect();
    let relation = |random: &mut Random| *random.pick(&[Relation::Narrower, Relation::Broader]);
    let factor = |random: &mut Random| u8::try_from(1 + random.below(99)).unwrap();
    SkillCriterion {
        uri: skill(number),
        weight: u16::try_from(1 + random.below(1_000)).unwrap(),
        related: related
            .into_iter()
            .map(|other| RelatedSkill { uri: skill(other), relation: relation(random), factor: factor(random) })
            .collect(),
    }
}

fn travel(random: &mut Random) -> TravelCriterion {
    let measure = *random.pick(&[Measure::Minutes, Measure::Metres]);
    let limit = if measure == Measure::Minutes { 60 } else { 30_000 };
    let mut reach: Vec<Reach> = Vec::new();
    for number in 7_995..8_000 + PLACES {
        if random.percent(40) {
            // Some lie beyond the limit.
            let (metres, minutes) = (random.below(36_000), random.below(72));
            reach.push(Reach(Postcode4::from_number(number).unwrap(), u32::try_from(metres).unwrap(), u16::try_from(minutes).unwrap()));
        }
    }
    reach.retain(|row| row.distance(measure) <= limit || random.percent(50));
    TravelCriterion { mode: TravelMode::Car, measure, limit, reach }
}

fn filters(random: &mut Random, criteria: &mut Criteria) {
    if random.percent(15) {
        criteria.level = Some(LevelCriterion { min: random.percent(50).then_some(20), max: random.percent(50).then_some(30) });
    }
    if random.percent(15) {
        criteria.contracts = Contract::ALL[..1 + random.below(5)].to_vec();
    }
    if random.percent(15) {
        criteria.sectors = Sector::ALL[..1 + random.below(12)].to_vec();
    }
    if random.percent(15) {
        let held = LanguageCriterion { language: language(random), level: *random.pick(&[Cefr::A2, Cefr::B2, Cefr::C2]) };
        criteria.languages = Some(if random.percent(30) { Vec::new() } else { vec![held] });
    }
    if random.percent(15) {
        criteria.licences = Some(Licence::ALL[..random.below(10)].to_vec());
    }
    if random.percent(15) {
        let start =
            StartCriterion { from: random.percent(60).then(|| random.date(3, 5)), until: random.percent(50).then(|| random.date(-3, 10)) };
        criteria.start = Some(start);
    }
    if random.percent(10) {
        criteria.modified_since = Some(random.instant(60));
    }
    criteria.sharing = random.percent(10);
}
