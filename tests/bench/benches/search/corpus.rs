//! Vacancies, each a pure function of its number.

use polder_index::IndexEntry;
use polder_model::code::{Cefr, Contract, Importance, Language, Licence, Relation, Sector};
use polder_model::features::{Audience, Features};
use polder_model::reference::{Occupation, Reference};
use polder_model::{CodeUri, Date, Kind, PartnerId, Postcode4, Purpose, Timestamp, text};

use crate::random::{Random, Zipf};
use crate::vocabulary::Vocabulary;

/// How large a world is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub offers: u64,
    /// How many skills the offers draw from: first those of the starter tables, then made ones.
    pub skills: usize,
}

/// A large partner with the starter tables.
pub const PARTNER: Size = Size { offers: 100_000, skills: 200 };
/// A country, with as many skills as ESCO has.
pub const COUNTRY: Size = Size { offers: 1_000_000, skills: 13_900 };

/// Of how many made skills one is the broader of the others.
const BROAD: usize = 12;

const DAY_MICROS: i64 = 86_400_000_000;

/// Least and most hours a week, as vacancies state them.
const HOURS: [(u8, u8); 10] = [(32, 40), (36, 40), (40, 40), (24, 32), (24, 36), (16, 24), (32, 36), (8, 16), (20, 28), (12, 20)];
const LEVELS: [u8; 8] = [10, 20, 20, 30, 40, 40, 60, 70];

/// What offers are made of.
pub struct World {
    pub size: Size,
    pub skills: Vec<CodeUri>,
    pub occupations: &'static [Occupation],
    pub places: Vec<Postcode4>,
    pub vocabulary: Vocabulary,
    pub skill_ranks: Zipf,
    pub occupation_ranks: Zipf,
    pub place_ranks: Zipf,
}

/// An offer as the two engines take it.
pub struct Offer {
    pub entry: IndexEntry,
    /// The stems of the title, each three times, and of the body: how often a stem stands here is the `f` of `docs/ranking.md`.
    pub stems: String,
    /// How many stems title and body have.
    pub tokens: u8,
}

pub fn home() -> PartnerId {
    "kvk:20000000".parse().expect("a partner")
}

pub fn asker() -> PartnerId {
    "kvk:20000001".parse().expect("a partner")
}

/// The instant at which every question is asked.
pub fn now() -> Timestamp {
    Timestamp::from_micros(1_795_500_000_000_000)
}

/// The key of the offer with that number.
pub fn key(number: u64) -> String {
    format!("V-{number:06}")
}

impl World {
    pub fn new(size: Size) -> Self {
        let reference = Reference::starter();
        let mut random = Random::new(1);
        let mut skills: Vec<CodeUri> = reference.skills().iter().map(|skill| skill.uri.clone()).collect();
        shuffle(&mut skills, &mut random);
        let made = (skills.len()..size.skills).map(|number| format!("https://skills.example/{number}").parse().expect("a URI"));
        let made: Vec<CodeUri> = made.collect();
        skills.extend(made);
        skills.truncate(size.skills);
        let mut places: Vec<Postcode4> = reference.places().iter().map(|place| place.postcode).collect();
        shuffle(&mut places, &mut random);
        Self {
            size,
            skill_ranks: Zipf::new(skills.len(), 1.0),
            occupation_ranks: Zipf::new(reference.occupations().len(), 0.8),
            place_ranks: Zipf::new(places.len(), 0.6),
            skills,
            occupations: reference.occupations(),
            places,
            vocabulary: Vocabulary::new(reference),
        }
    }

    pub fn place(&self, random: &mut Random) -> Postcode4 {
        self.places[self.place_ranks.rank(random)]
    }

    /// Every vacancy.
    pub fn offers(&self) -> impl Iterator<Item = Offer> {
        (0..self.size.offers).map(|number| self.offer(number))
    }

    /// The skills that are broader or narrower than the one at that rank, as far as they are made ones.
    pub fn related(&self, rank: usize) -> Vec<(CodeUri, Relation, u8)> {
        let made = Reference::starter().skills().len();
        let (is_made, number) = (rank >= made, rank.saturating_sub(made));
        let broad = made + number / BROAD * BROAD;
        let narrower =
            || (broad + 1..(broad + BROAD).min(self.skills.len())).map(|other| (self.skills[other].clone(), Relation::Narrower, 80));
        match is_made {
            false => Vec::new(),
            true if rank == broad => narrower().collect(),
            true => vec![(self.skills[broad].clone(), Relation::Broader, 50)],
        }
    }

    /// The vacancy with that number.
    pub fn offer(&self, number: u64) -> Offer {
        let random = &mut Random::new(number.wrapping_mul(0x1_0000_0001).wrapping_add(77));
        let mut features = Features::empty(Kind::Vacancy);
        let count = random.between(5, 10);
        for rank in self.skill_ranks.distinct(random, count) {
            let importance = [Importance::Essential, Importance::Important, Importance::Optional][[0, 0, 0, 1, 1, 2][random.below(6)]];
            features.skills.push((self.skills[rank].clone(), importance));
        }
        let count = if random.percent(25) { 2 } else { 1 };
        let occupations = self.occupation_ranks.distinct(random, count);
        let main = &self.occupations[occupations[0]];
        features.occupations = occupations.iter().map(|rank| self.occupations[*rank].uri.clone()).collect();
        let (stems, tokens) = self.write_text(random, &mut features);
        self.state_conditions(random, main, &mut features);
        let age = (random.below(120) * random.below(120) / 120) as i64 * DAY_MICROS + (random.next() % 86_400_000_000) as i64;
        let entry = IndexEntry {
            kind: Kind::Vacancy,
            key: key(number).parse().expect("a key"),
            version: 1 + random.next() % 9,
            modified: now().plus_micros(-age),
            features: features.into(),
        };
        Offer { entry, stems, tokens }
    }

    fn write_text(&self, random: &mut Random, features: &mut Features) -> (String, u8) {
        let (title_length, body_length) = (random.between(3, 6), random.between(40, 80));
        let title = self.vocabulary.words(random, title_length);
        let body = self.vocabulary.words(random, body_length);
        let joined = |words: &[usize]| words.iter().map(|word| self.vocabulary.word(*word)).collect::<Vec<_>>().join(" ");
        features.terms = text::impacts(&joined(&title), [joined(&body).as_str()]);
        let mut stems = String::new();
        let mut tokens = 0;
        for (words, times) in [(&title, 3), (&body, 1)] {
            for stem in words.iter().flat_map(|word| self.vocabulary.stems(*word)) {
                tokens += 1;
                (0..times).for_each(|_| stems.extend([stem.as_str(), " "]));
            }
        }
        (stems, tokens)
    }

    fn state_conditions(&self, random: &mut Random, main: &Occupation, features: &mut Features) {
        let today = now().date().days();
        let day = |random: &mut Random, before: i32, days: usize| Date::from_days(today - before + random.below(days) as i32);
        let opening = &mut features.openings[0];
        opening.remote = random.percent(5);
        opening.place = (!random.percent(3)).then(|| self.place(random));
        opening.start = random.percent(50).then(|| day(random, 20, 110));
        features.hours = random.percent(90).then(|| *random.pick(&HOURS));
        let level = if random.percent(60) { main.level } else { Some(*random.pick(&LEVELS)) };
        features.level = level.filter(|_| random.percent(80));
        let forms = &Contract::ALL[..if random.percent(80) { 3 } else { Contract::ALL.len() }];
        features.contracts = if random.percent(85) { random.pick(forms).bit() | random.pick(forms).bit() } else { 0 };
        features.sectors = if random.percent(85) { sector(main, random) } else { 0 };
        features.sharing = random.percent(20);
        features.closes = random.percent(60).then(|| day(random, 5, 60));
        if random.percent(60) {
            features.languages.push((language("nl"), *random.pick(&[Cefr::A2, Cefr::B1, Cefr::B1, Cefr::B2, Cefr::C1])));
        }
        if random.percent(15) {
            features.languages.push((language("en"), *random.pick(&[Cefr::B1, Cefr::B2])));
        }
        features.licences = if random.percent(15) { Licence::B.bit() } else { 0 } | if random.percent(3) { Licence::C.bit() } else { 0 };
        features.audience = audience(random, today);
    }
}

pub fn language(code: &str) -> Language {
    code.parse().expect("a language")
}

fn sector(main: &Occupation, random: &mut Random) -> u32 {
    let own = main.sectors.split_whitespace().next().and_then(|letter| letter.parse::<Sector>().ok());
    own.filter(|_| random.percent(80)).unwrap_or_else(|| *random.pick(Sector::ALL)).bit()
}

fn audience(random: &mut Random, today: i32) -> Audience {
    let mut audience = Audience::default();
    if random.percent(6) {
        let others = (1..=random.between(1, 3)).map(|_| format!("kvk:2000000{}", random.between(1, 6)).parse().expect("a partner"));
        audience.recipients = Some(others.collect());
    }
    if random.percent(3) {
        audience.purposes = Some(vec![Purpose::FindWork]);
    }
    if random.percent(3) {
        audience.until = Some(Date::from_days(today - 5 + random.below(30) as i32));
    }
    audience
}

fn shuffle<T>(list: &mut [T], random: &mut Random) {
    for at in (1..list.len()).rev() {
        list.swap(at, random.below(at + 1));
    }
}
