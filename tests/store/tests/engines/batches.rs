//! Many offers in one transaction come to what the same ones come to one after the other: outcomes, rows, and what is told.

use std::sync::{Arc, Mutex};

use futures::future::{join, join_all};
use polder_model::{Kind, Timestamp};
use polder_store::{Change, ChangeRow, Deleted, ETag, OnCommit, Outcome, Precondition, Put, Store, StoreError, Stored, StoredOffer};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at, key, put, put_if, refused};

on_both_engines!(
    a_batch_is_what_one_by_one_is,
    puts_and_deletes_that_wait_together_are_what_one_by_one_is,
    a_refused_put_spoils_no_other,
    more_than_a_transaction_holds,
    the_largest_documents,
    nothing_is_stored_of_nothing,
);

/// What is told of a change, without its time.
type Told = Arc<Mutex<Vec<(u64, Kind, String, u64, Option<Vec<u8>>)>>>;

async fn telling(engine: Engine) -> (Fixture, Told) {
    let told = Told::default();
    let heard = Arc::clone(&told);
    let on_commit: OnCommit = Arc::new(move |changes: &[Change]| {
        let rows = changes.iter().map(|change| {
            (change.change, change.kind, change.key.to_string(), change.version, change.document.as_ref().map(|bytes| bytes.to_vec()))
        });
        heard.lock().expect("a lock").extend(rows);
    });
    (Fixture::telling(engine, on_commit).await, told)
}

/// splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    /// A put of one of few offers, with one of few documents, so that much is there already, unchanged, or refused.
    fn put(&mut self, now: Timestamp) -> Put {
        let kind = Kind::ALL[usize::try_from(self.below(3)).expect("small")];
        let document = format!("{{\"n\":{}}}", self.below(3));
        let precondition = match self.below(8) {
            0 => Precondition::Absent,
            1 => Precondition::Exists,
            2 => Precondition::Matches((1..4).map(|version| ETag::new(version, &self.sha256())).collect()),
            _ => Precondition::None,
        };
        Put { kind, now, ..put_if(&format!("k{}", self.below(40)), &document, precondition) }
    }

    /// The start of the hash of one of the documents.
    fn sha256(&mut self) -> String {
        ["f3013f933b9fb80a", "2bfd14f43d17fc7c", "363379742f80b51b"][usize::try_from(self.below(3)).expect("small")].to_owned()
    }
}

/// An outcome that can be compared.
fn shown(outcome: Result<Stored, StoreError>) -> Result<Stored, String> {
    outcome.map_err(|error| error.to_string())
}

/// Everything that is there, and everything that happened.
async fn rows(store: &Store) -> (Vec<StoredOffer>, Vec<ChangeRow>) {
    let (mut offers, mut changes) = (Vec::new(), Vec::new());
    store.each_offer(|offer| offers.push(offer)).await.expect("read");
    while let page = store.changes(changes.last().map_or(0, |last: &ChangeRow| last.change), 1_000).await.expect("read")
        && !page.is_empty()
    {
        changes.extend(page);
    }
    (offers, changes)
}

async fn a_batch_is_what_one_by_one_is(engine: Engine) {
    for seed in 0..5 {
        let random = &mut Random(seed);
        let ((many, told), (single, told_singly)) = (telling(engine).await, telling(engine).await);
        let mut outcomes = [0; 4];
        for round in 0..8 {
            let count = [1, 2, 3, 7, 60, 129, 300, 500][usize::try_from(random.below(8)).expect("small")];
            let puts: Vec<Put> = (0..count).map(|number| random.put(at(round * 1_000 + number))).collect();
            let together: Vec<_> = many.store.put_offers(puts.clone()).await.into_iter().map(shown).collect();
            let mut one_by_one = Vec::new();
            for put in puts {
                one_by_one.push(shown(single.store.put_offer(put).await));
            }
            assert_eq!(together, one_by_one, "seed {seed}, round {round}");
            for outcome in together {
                let place = match outcome.map(|stored| stored.outcome) {
                    Ok(Outcome::Created) => 0,
                    Ok(Outcome::Replaced) => 1,
                    Ok(Outcome::Unchanged) => 2,
                    Err(_) => 3,
                };
                outcomes[place] += 1;
            }
            let gone = key(&format!("k{}", random.below(40)));
            for fixture in [&many, &single] {
                fixture.store.delete_offer(Kind::Vacancy, &gone, Precondition::None, at(round)).await.expect("deleted");
            }
        }
        assert!(outcomes.iter().all(|count| *count > 10), "{outcomes:?}");
        assert_eq!(rows(&many.store).await, rows(&single.store).await);
        assert_eq!(*told.lock().expect("a lock"), *told_singly.lock().expect("a lock"));
    }
}

async fn puts_and_deletes_that_wait_together_are_what_one_by_one_is(engine: Engine) {
    let random = &mut Random(77);
    let ((many, told), (single, told_singly)) = (telling(engine).await, telling(engine).await);
    for round in 0..10 {
        let puts: Vec<Put> = (0..60).map(|number| random.put(at(round * 100 + number))).collect();
        let deletes = |fixture: &Fixture, number: usize, put: &Put| {
            let (store, kind, key, exists) = (fixture.store.clone(), put.kind, put.key.clone(), number.is_multiple_of(6));
            let precondition = if exists { Precondition::Exists } else { Precondition::None };
            async move { store.delete_offer(kind, &key, precondition, at(round)).await.map_err(|error| error.to_string()) }
        };
        // All of them wait at once: a put, and now and then a delete of the same offer behind it.
        let waiting =
            puts.iter().enumerate().map(|(number, put)| {
                let store = many.store.clone();
                let (put, delete) = (put.clone(), number.is_multiple_of(3).then(|| deletes(&many, number, put)));
                async move {
                    join(async { shown(store.put_offer(put).await) }, async { futures::future::OptionFuture::from(delete).await }).await
                }
            });
        let together = join_all(waiting).await;
        for (number, (put, expected)) in puts.iter().zip(together).enumerate() {
            let stored = shown(single.store.put_offer(put.clone()).await);
            let deleted: Option<Result<Deleted, String>> =
                if number.is_multiple_of(3) { Some(deletes(&single, number, put).await) } else { None };
            assert_eq!((stored, deleted), expected);
        }
    }
    assert_eq!(rows(&many.store).await, rows(&single.store).await);
    assert_eq!(*told.lock().expect("a lock"), *told_singly.lock().expect("a lock"));
}

async fn a_refused_put_spoils_no_other(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let puts =
        vec![put("a", "1"), put_if("b", "1", Precondition::Exists), put_if("a", "2", Precondition::Absent), put("c", "1"), put("a", "3")];
    let outcomes = fixture.store.put_offers(puts).await;
    let stored: Vec<Option<(u64, u64)>> =
        outcomes.iter().map(|outcome| outcome.as_ref().ok().map(|stored| (stored.version, stored.change))).collect();
    assert_eq!(stored, [Some((1, 1)), None, None, Some((1, 2)), Some((2, 3))]);
    assert!(outcomes.into_iter().filter(Result::is_err).all(refused));
    assert_eq!(fixture.offer("b").await, None);
    assert_eq!(fixture.put("d", "1").await.change, 4, "what was refused took no number");
}

async fn more_than_a_transaction_holds(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let puts = (0..2_345).map(|number| put(&format!("k{number:04}"), &number.to_string())).collect();
    let outcomes = fixture.store.put_offers(puts).await;
    let changes: Vec<u64> = outcomes.into_iter().map(|outcome| outcome.expect("stored").change).collect();
    assert_eq!(changes, (1..=2_345).collect::<Vec<_>>());
    let (offers, told) = rows(&fixture.store).await;
    assert_eq!((offers.len(), told.len()), (2_345, 2_345));
    assert!(offers.iter().enumerate().all(|(number, offer)| offer.document == number.to_string().as_bytes()));
}

async fn the_largest_documents(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let puts: Vec<Put> = (0..200)
        .map(|number| Put { document: vec![u8::try_from(number).expect("small"); 65_536].into(), ..put(&format!("k{number:03}"), "") })
        .collect();
    let outcomes = fixture.store.put_offers(puts.clone()).await;
    assert!(outcomes.iter().all(Result::is_ok));
    let (offers, _) = rows(&fixture.store).await;
    assert!(offers.iter().zip(&puts).all(|(offer, put)| offer.document == *put.document) && offers.len() == 200);
}

async fn nothing_is_stored_of_nothing(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    assert_eq!(fixture.store.put_offers(Vec::new()).await.len(), 0);
    assert_eq!(fixture.changes().await, []);
}
