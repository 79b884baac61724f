//! Search about people, by one of 32 partners, against the same offers to which nobody is named.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_bench::figures::median;
use polder_index::{Index, IndexEntry, Snapshot};
use polder_model::about::About;
use polder_model::answer::Hit;
use polder_model::features::{Audience, Features};
use polder_model::query::{Query, SURPLUS};
use polder_model::rank::Plan;
use polder_model::{Kind, PartnerId, Purpose};
use serde_json::{Value, json};

use crate::corpus::{PARTNER, World, asker, home};
use crate::questions::{LIMIT, questions};
use crate::random::Random;

const MOST: usize = (LIMIT + SURPLUS) as usize;
const ROUNDS: usize = 15;
/// Partners whom a worker can name.
const PARTNERS: usize = 32;

/// Who is named, of how many workers.
#[derive(Clone, Copy)]
struct Named {
    title: &'static str,
    /// How many in a hundred workers name the asker.
    asker: usize,
    /// How many in a hundred show others less, in a view of its own.
    twice: usize,
    /// Whether each worker names whom they like; otherwise one of some lists.
    each: bool,
}

const CASES: [Named; 4] = [
    Named { title: "everyone lets the asker see them, among others: one of 40 lists", asker: 100, twice: 0, each: false },
    Named { title: "the same, to others than the next worker", asker: 100, twice: 0, each: true },
    Named { title: "and a quarter shows others less, in a second view", asker: 100, twice: 25, each: true },
    Named { title: "half of them let the asker see them", asker: 50, twice: 25, each: true },
];

fn partner(number: usize) -> PartnerId {
    if number == 0 { asker() } else { format!("kvk:3{number:07}").parse().expect("a partner") }
}

fn recipients(random: &mut Random, with_asker: bool, each: bool) -> Vec<PartnerId> {
    let random = &mut Random::new(if each { random.next() } else { random.next() % 40 + 7_000 });
    let share = random.between(5, 75);
    let others = (1..PARTNERS).filter(|_| random.percent(share));
    let mut named: Vec<PartnerId> = others.map(partner).collect();
    if with_asker || named.is_empty() {
        named.push(if with_asker { partner(0) } else { partner(1) });
    }
    named.sort();
    named
}

fn entry(of: &IndexEntry, key: &str, features: Features) -> IndexEntry {
    IndexEntry { kind: Kind::SkillOffer, key: key.parse().expect("a key"), features: Arc::new(features), ..of.clone() }
}

/// The views of all workers; and of those whom the asker sees, what it sees, for everyone.
fn built(world: &World, named: Named) -> (Index, Index, usize) {
    let (views, plain) = (Index::new(home()), Index::new(home()));
    let (mut of_views, mut of_plain, mut count) = (views.rebuild(), plain.rebuild(), 0);
    for (number, offer) in (0_u64..).zip(world.offers()) {
        let random = &mut Random::new(number + 9_000_000_000);
        let with_asker = random.percent(named.asker);
        let key = format!("{number:016x}{number:016x}");
        let features = Features { kind: Kind::SkillOffer, audience: Audience::default(), ..Features::clone(&offer.entry.features) };
        let seen = |recipients| Audience { recipients: Some(recipients), purposes: Some(vec![Purpose::MatchVacancy]), until: None };
        let audience = seen(recipients(random, with_asker, named.each));
        of_views.add(&entry(&offer.entry, &key, Features { audience, ..features.clone() }));
        count += 1;
        if random.percent(named.twice) {
            let others =
                Features { audience: seen(recipients(random, false, true)), occupations: Vec::new(), hours: None, ..features.clone() };
            of_views.add(&entry(&offer.entry, &format!("{number:016x}{:016x}", number + 1), others));
            count += 1;
        }
        if with_asker {
            of_plain.add(&entry(&offer.entry, &key, features));
        }
    }
    of_views.finish();
    of_plain.finish();
    (views, plain, count)
}

fn timed(snapshot: &Snapshot, query: &Arc<Query>) -> Duration {
    let began = Instant::now();
    black_box(snapshot.search(&Plan::new(Arc::clone(query)), MOST));
    began.elapsed()
}

fn hits(snapshot: &Snapshot, query: &Arc<Query>) -> (Vec<Hit>, bool) {
    let found = snapshot.search(&Plan::new(Arc::clone(query)), MOST);
    (found.hits, found.more)
}

fn case(world: &World, asked: &[(&'static str, Arc<Query>)], named: Named) -> Value {
    let (views, plain, count) = built(world, named);
    let (views, plain) = (views.snapshot(), plain.snapshot());
    for (kind, query) in asked {
        assert_eq!(hits(&views, query), hits(&plain, query), "{kind}");
    }
    let (mut of_views, mut of_plain, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut by_kind: HashMap<&str, Vec<f64>> = HashMap::new();
    for (kind, query) in asked {
        let (mut one, mut other) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS + 3 {
            let (with, without) = if round % 2 == 0 {
                let with = timed(&views, query);
                (with, timed(&plain, query))
            } else {
                let without = timed(&plain, query);
                (timed(&views, query), without)
            };
            if round >= 3 {
                one.push(with.as_secs_f64() * 1e6);
                other.push(without.as_secs_f64() * 1e6);
            }
        }
        let (one, other) = (median(one), median(other));
        of_views.push(one);
        of_plain.push(other);
        ratios.push(one / other);
        by_kind.entry(kind).or_default().push(one / other);
    }
    let (with, without) = (median(of_views), median(of_plain));
    println!("{}: {count} views", named.title);
    println!(
        "  median {with:.1} µs against {without:.1} µs: {:.3}; of the ratios of each question {:.3} (target: at most 1.1)",
        with / without,
        median(ratios)
    );
    let mut kinds: Vec<(&str, f64)> = by_kind.into_iter().map(|(kind, ratios)| (kind, median(ratios))).collect();
    kinds.sort_unstable_by_key(|(kind, _)| *kind);
    kinds.iter().for_each(|(kind, ratio)| println!("    {ratio:.3}  {kind}"));
    json!({"case": named.title, "views": count, "medianMicros": with, "withoutMicros": without, "ratio": with / without})
}

pub fn measure() -> Value {
    let world = World::new(PARTNER);
    let about = About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") };
    let person = |query: &Query| Query {
        kind: Kind::SkillOffer,
        purpose: Purpose::MatchVacancy,
        about: Some(about.clone()),
        tie_key: query.criteria.tie_key(Kind::SkillOffer),
        ..query.clone()
    };
    let asked: Vec<(&str, Arc<Query>)> =
        questions(&world).into_iter().map(|question| (question.kind, Arc::new(person(&question.query)))).collect();
    println!("{} workers, {PARTNERS} partners, {} questions, the best {MOST} of each, one thread", world.size.offers, asked.len());
    Value::Array(CASES.into_iter().map(|named| case(&world, &asked, named)).collect())
}
