//! The index against brute force: `rank::score` over every entry, ordered by `rank::Ranked`.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use polder_index::{FileError, Found, Index, IndexChange, IndexEntry, Kernel, LONGEST_HEAD, Snapshot, Stamp};
use polder_model::answer::Hit;
use polder_model::query::Query;
use polder_model::rank::{self, Plan, Ranked};
use polder_model::{Kind, PartnerId};

mod random;

use random::{Random, entry, home, key, query, query_of};

/// What the index should hold.
type Entries = BTreeMap<(Kind, String), IndexEntry>;

fn brute_force(entries: &Entries, plan: &Plan, home: &PartnerId, most: usize) -> Found {
    let ranked = entries.values().filter_map(|entry| {
        let score = rank::score(plan, home, &entry.features, entry.modified)?.score;
        Some(Ranked::new(&plan.query().tie_key, home, entry.key.clone(), entry.version, score))
    });
    let mut ranked: Vec<Ranked> = ranked.collect();
    ranked.sort();
    let more = ranked.len() > most;
    ranked.truncate(most);
    Found { hits: ranked.into_iter().map(|hit| Hit { key: hit.key, version: hit.version, score: hit.score }).collect(), more }
}

/// Asks both a question; how many hits there were.
fn compare_one(random: &mut Random, snapshot: &Snapshot, entries: &Entries, query: Query) -> usize {
    let plan = Plan::new(Arc::new(query));
    let most = *random.pick(&[1, 3, 10, 40, 120]);
    let found = snapshot.search(&plan, most);
    assert_eq!(found, brute_force(entries, &plan, &home(), most), "{:#?}", plan.query().criteria);
    for kernel in Kernel::all() {
        assert_eq!(snapshot.with_kernel(kernel).search(&plan, most), found, "{} {:#?}", kernel.name(), plan.query().criteria);
    }
    found.hits.len()
}

/// Asks that many questions of both; how many hits there were.
fn compare(random: &mut Random, snapshot: &Snapshot, entries: &Entries, questions: usize) -> usize {
    let mut hits = 0;
    for _ in 0..questions {
        let query = query(random);
        hits += compare_one(random, snapshot, entries, query);
    }
    for kind in Kind::ALL {
        assert_eq!(snapshot.count(kind), entries.keys().filter(|(other, _)| *other == kind).count());
    }
    hits
}

/// A change of an offer out of that many, done to `entries` too.
fn change(random: &mut Random, entries: &mut Entries, offers: usize) -> IndexChange {
    let (kind, key) = (*random.pick(&Kind::ALL), key(random.below(offers)));
    if random.percent(30) {
        entries.remove(&(kind, key.to_string()));
        return IndexChange::Delete { kind, key };
    }
    let entry = entry(random, kind, key);
    entries.insert((kind, entry.key.to_string()), entry.clone());
    IndexChange::Put(Box::new(entry))
}

#[test]
fn changes_one_by_one_and_in_batches() {
    for seed in 0..4 {
        let random = &mut Random::new(seed);
        let (index, mut entries) = (Index::new(home()), Entries::new());
        let mut hits = 0;
        for round in 0..60 {
            let (before, entries_before) = (index.snapshot(), entries.clone());
            let batch = *random.pick(&[1, 1, 1, 2, 30, 400]);
            let changes: Vec<IndexChange> = (0..batch).map(|_| change(random, &mut entries, 2_000)).collect();
            index.apply(changes);
            hits += compare(random, &index.snapshot(), &entries, 4);
            if round % 6 == 0 {
                // What was taken before the change does not see it.
                hits += compare(random, &before, &entries_before, 3);
            }
        }
        assert!(hits > 2_000, "questions find something: {hits}");
    }
}

#[test]
fn rebuilt_and_changed_thousands_of_times() {
    let random = &mut Random::new(77);
    let (index, mut entries) = (Index::new(home()), Entries::new());
    for number in 0..9_000 {
        let entry = entry(random, Kind::ALL[number % 3], key(number / 3));
        entries.insert((entry.kind, entry.key.to_string()), entry);
    }
    let mut rebuild = index.rebuild();
    entries.values().for_each(|entry| rebuild.add(entry));
    assert_eq!(rebuild.count(Kind::Vacancy), 3_000);
    rebuild.finish();
    compare(random, &index.snapshot(), &entries, 40);
    let before = (index.snapshot(), entries.clone());
    // Enough single changes for every segment to be merged away.
    for number in 0..6_000 {
        index.apply([change(random, &mut entries, 3_500)]);
        if number % 50 == 0 {
            while number % 100 == 0 && index.compact() {}
            compare(random, &index.snapshot(), &entries, 1);
        }
    }
    compare(random, &index.snapshot(), &entries, 40);
    compare(random, &before.0, &before.1, 20);
    let gone: Vec<IndexChange> = entries.values().map(|entry| IndexChange::Delete { kind: entry.kind, key: entry.key.clone() }).collect();
    index.apply(gone);
    compare(random, &index.snapshot(), &Entries::new(), 10);
}

#[test]
fn more_offers_than_a_chunk_holds() {
    let random = &mut Random::new(31);
    let (index, mut entries) = (Index::new(home()), Entries::new());
    let mut rebuild = index.rebuild();
    for number in 0..40_000 {
        let entry = entry(random, Kind::Vacancy, key(number));
        rebuild.add(&entry);
        entries.insert((entry.kind, entry.key.to_string()), entry);
    }
    rebuild.finish();
    for number in (0..40_000).step_by(7) {
        entries.remove(&(Kind::Vacancy, key(number).to_string()));
    }
    index.apply((0..40_000).step_by(7).map(|number| IndexChange::Delete { kind: Kind::Vacancy, key: key(number) }));
    let hits = (0..150).map(|_| {
        let query = query_of(random, Kind::Vacancy);
        compare_one(random, &index.snapshot(), &entries, query)
    });
    assert!(hits.sum::<usize>() > 3_000);
    // A search that is told to give up does so, at once or later; one that is not ends as any other.
    let (snapshot, plan) = (index.snapshot(), Plan::new(Arc::new(query_of(random, Kind::Vacancy))));
    let stops_at = |most: usize| {
        let asked = Cell::new(0);
        let goes_on = || {
            asked.set(asked.get() + 1);
            asked.get() <= most
        };
        (snapshot.search_while(&plan, 20, &goes_on), asked.get())
    };
    let (found, asked) = stops_at(usize::MAX);
    assert_eq!(found, Some(snapshot.search(&plan, 20)));
    for most in 0..asked {
        assert_eq!(stops_at(most), (None, most + 1));
    }
}

/// The key of an offer about a person.
const WORKER: &str = "a-worker";

#[test]
fn written_down_and_restored() {
    let random = &mut Random::new(51);
    let (index, mut entries) = (Index::new(home()), Entries::new());
    for _ in 0..20 {
        let changes: Vec<IndexChange> = (0..200).map(|_| change(random, &mut entries, 3_000)).collect();
        index.apply(changes);
    }
    let worker = entry(random, Kind::SkillOffer, WORKER.parse().unwrap());
    entries.insert((Kind::SkillOffer, WORKER.to_owned()), worker.clone());
    index.apply([IndexChange::Put(Box::new(worker))]);
    let stamp = Stamp { word: "a word".to_owned(), change: 4_000 };
    let mut file = Vec::new();
    index.snapshot().write(stamp.clone(), &mut file).unwrap();

    let other = Index::new(home());
    assert_eq!(other.stamp(&file[..LONGEST_HEAD]).unwrap(), stamp);
    assert_eq!(other.restore(&file).unwrap(), stamp);
    // What is about people is not in a file.
    let people: Entries =
        entries.iter().filter(|((kind, _), _)| kind.is_personal()).map(|(name, entry)| (name.clone(), entry.clone())).collect();
    let holds = |name: &str| file.windows(name.len()).any(|bytes| bytes == name.as_bytes());
    assert!(people.len() > 100 && holds("https://") && !holds(WORKER));
    assert_eq!(other.snapshot().count(Kind::SkillOffer), 0);
    other.apply(people.into_values().map(|entry| IndexChange::Put(Box::new(entry))));
    compare(random, &other.snapshot(), &entries, 60);
    // It goes on as any other.
    let changes: Vec<IndexChange> = (0..300).map(|_| change(random, &mut entries, 3_000)).collect();
    other.apply(changes);
    while other.compact() {}
    compare(random, &other.snapshot(), &entries, 30);

    let restored = |bytes: &[u8]| Index::new(home()).restore(bytes);
    for cut in [0, 1, 40, file.len() / 2, file.len() - 33, file.len() - 1] {
        assert!(matches!(restored(&file[..cut]), Err(FileError::Damaged)), "{cut}");
    }
    for at in [200, file.len() / 2, file.len() - 40, file.len() - 1] {
        let mut file = file.clone();
        file[at] ^= 1;
        assert!(matches!(restored(&file), Err(FileError::Damaged)), "{at}");
    }
    let foreign = Index::new("kvk:99999999".parse().unwrap()).restore(&file);
    assert!(matches!(foreign, Err(FileError::Another("partner"))));
}

#[test]
fn the_last_change_of_a_batch_counts() {
    let random = &mut Random::new(5);
    let index = Index::new(home());
    let (first, last) = (entry(random, Kind::Vacancy, key(1)), entry(random, Kind::Vacancy, key(1)));
    let put = |entry: &IndexEntry| IndexChange::Put(Box::new(entry.clone()));
    let delete = || IndexChange::Delete { kind: Kind::Vacancy, key: key(1) };
    index.apply([put(&first), delete(), put(&last)]);
    compare(random, &index.snapshot(), &Entries::from([((Kind::Vacancy, key(1).to_string()), last.clone())]), 50);
    index.apply([put(&first), put(&last), delete()]);
    compare(random, &index.snapshot(), &Entries::new(), 5);
}

#[test]
fn compacted_while_written() {
    let random = &mut Random::new(41);
    let (index, mut entries) = (Index::new(home()), Entries::new());
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let compacting = scope.spawn(|| {
            let mut merges = 0;
            while !ended.load(Ordering::Acquire) {
                merges += usize::from(index.compact());
            }
            merges
        });
        for round in 0..250 {
            let changes: Vec<IndexChange> = (0..40).map(|_| change(random, &mut entries, 4_000)).collect();
            index.apply(changes);
            if round % 5 == 0 {
                compare(random, &index.snapshot(), &entries, 1);
            }
        }
        ended.store(true, Ordering::Release);
        assert!(compacting.join().unwrap() > 5);
    });
    while index.compact() {}
    compare(random, &index.snapshot(), &entries, 30);
    assert!(!index.compact());
}

#[test]
fn readers_beside_a_writer() {
    let index = Index::new(home());
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3)
            .map(|seed| {
                let (index, ended) = (&index, &ended);
                scope.spawn(move || {
                    let random = &mut Random::new(1_000 + seed);
                    let mut asked = 0;
                    while !ended.load(Ordering::Acquire) || asked < 50 {
                        let (snapshot, plan) = (index.snapshot(), Plan::new(Arc::new(query(random))));
                        // The writer keeps the number of vacancies even, and a snapshot stays as it is.
                        assert_eq!(snapshot.count(Kind::Vacancy) % 2, 0);
                        assert_eq!(snapshot.search(&plan, 20), snapshot.search(&plan, 20));
                        asked += 1;
                    }
                })
            })
            .collect();
        let random = &mut Random::new(9);
        let mut entries = Entries::new();
        for number in 0..1_500 {
            let pair = [2 * number, 2 * number + 1].map(|number| entry(random, Kind::Vacancy, key(number)));
            entries.extend(pair.iter().map(|entry| ((entry.kind, entry.key.to_string()), entry.clone())));
            index.apply(pair.map(|entry| IndexChange::Put(Box::new(entry))));
            if number >= 500 {
                let gone = [2 * (number - 500), 2 * (number - 500) + 1].map(key);
                gone.iter().for_each(|key| drop(entries.remove(&(Kind::Vacancy, key.to_string()))));
                index.apply(gone.map(|key| IndexChange::Delete { kind: Kind::Vacancy, key }));
            }
        }
        ended.store(true, Ordering::Release);
        readers.into_iter().for_each(|reader| reader.join().unwrap());
        compare(random, &index.snapshot(), &entries, 30);
    });
}
