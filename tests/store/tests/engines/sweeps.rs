//! What is kept for a time goes when that is over, and not before; what is owed stays.

use polder_consent::{ReceiptId, What};
use polder_model::{PartnerId, Purpose};
use polder_store::people::{Asked, Old, Swept, TakingIn};

use crate::on_both_engines;
use crate::support::stage::{CHAIN, Stage, partner, stands};
use crate::support::{Engine, at, beside};

on_both_engines!(what_is_old_enough_goes_and_nothing_else, much_goes_in_parts);

const DAY: i64 = 86_400;

/// What is old, where rows of the ledger are from before the first and tombstones were acknowledged before the second of these, at that instant.
pub fn old(ledger: i64, remembered: i64, now: i64) -> Old {
    Old { ledger_before: at(ledger), remembered_before: at(remembered), now: at(now) }
}

fn asked(query: &str, seconds: i64) -> Asked {
    Asked { at: at(seconds), query: query.to_owned(), purpose: Purpose::FindWork, partners: vec![partner(2)], fields: Vec::new() }
}

fn brought(worker: polder_consent::WorkerId, number: u8, seconds: i64) -> TakingIn {
    TakingIn {
        worker,
        export: ReceiptId::from_random([number; 16]),
        source: partner(4),
        text: format!("export {number}"),
        asks: Vec::new(),
        now: at(seconds),
    }
}

async fn what_is_old_enough_goes_and_nothing_else(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    let sweep = async |old| store.sweep_old(old).await.expect("swept");
    for (query, seconds) in [("vraag-1", 10), ("vraag-2", 20)] {
        store.note_asked(worker, asked(query, seconds), CHAIN).await.expect("noted");
        let number = u8::try_from(seconds).expect("small");
        assert!(store.take_in(brought(worker, number, seconds)).await.expect("taken in").is_some());
    }
    // One partner has acknowledged what it was told to erase, another has not.
    let recipients: [PartnerId; 2] = [partner(2), partner(3)];
    for (number, recipient) in (1..).zip(&recipients) {
        stage.give_to(recipient.clone(), worker, number, "tekst", (0, DAY)).await;
        assert_eq!(stage.disclose_to(recipient.clone(), 1).await.len(), 1);
    }
    assert_eq!(store.end_all_consents(worker, What::Withdraw, at(2)).await.expect("written").len(), 2);
    let told = store.owed_to(&recipients[0], 0, 9).await.expect("read").remove(0);
    store.acknowledge(&recipients[0], told.id, "gewist".to_owned(), Vec::new(), at(30)).await.expect("written");

    assert_eq!(sweep(old(10, 30, 5)).await, 0, "nothing is older than that");
    assert_eq!(sweep(old(20, 30, DAY)).await, 2, "a question, and what was brought along; the day before still counts");
    let queries = store.asked_for(worker, None, 9).await.expect("read");
    assert_eq!(queries, [asked("vraag-2", 20)]);
    let texts: Vec<String> = store.histories_of(worker).await.expect("read").into_iter().map(|history| history.text).collect();
    assert_eq!(texts, ["export 20"]);
    assert_eq!(sweep(old(0, 31, 5)).await, 1, "the tombstone that was acknowledged");
    let tombstones = store.tombstones_of(worker).await.expect("read");
    assert_eq!(tombstones.iter().map(|one| &one.recipient).collect::<Vec<_>>(), [&recipients[1]]);
    assert_eq!(sweep(old(0, 10_000 * DAY, 5)).await, 0, "what is owed is never too old");
    let seen = store.disclosures_of(worker, None, 9).await.expect("read");
    let erased: Vec<(&PartnerId, bool)> = seen.iter().map(|row| (&row.disclosure.recipient, row.erased)).collect();
    assert!(erased.contains(&(&recipients[0], true)) && erased.contains(&(&recipients[1], false)), "the ledger knows: {erased:?}");

    // Each of the two learnt something that day.
    let today = at(0).date().days();
    assert!(stands(&stage.everything().await, &today.to_string()));
    assert_eq!(sweep(old(0, 0, DAY)).await, 0);
    assert_eq!(sweep(old(0, 0, 2 * DAY)).await, 3, "and the view that nobody sees any more");
    assert_eq!(sweep(old(0, 0, 900 * DAY)).await, 0);
}

async fn much_goes_in_parts(engine: Engine) {
    let stage = Stage::set(engine).await;
    let worker = stage.worker("P-1").await;
    for rows in [
        "asked (worker, at, query, purpose, partners, fields) SELECT 'w', n, 'q', 'find-work', '', ''",
        "ended (source, handle, purpose, epoch, at) SELECT 's', 'h' || n, 'match-vacancy', 1, n",
        "corrected (disclosure, source, at) SELECT 'd' || n, 's', n",
        "erasures (number, client, source, handle, purpose, epoch, fields, tombstone, at, done, held)
            SELECT n, 'ats', 's', 'h', 'match-vacancy', 1, 0, 't', n, true, 0",
        "copies (disclosure, source, handle, purpose, epoch, fields, client, at, use_until, about)
            SELECT 'c' || n, 'kvk:00000003', '05050505050505050505050505050505', 'match-vacancy', 1, 0, 'ats', 0, n, ''",
    ] {
        let numbers = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)";
        beside(&stage.place, &format!("{numbers} INSERT INTO {rows} FROM numbers")).await;
    }
    stage.store.note_asked(worker, asked("vraag", 0), CHAIN).await.expect("noted");
    let mut parts = Vec::new();
    loop {
        match stage.store.sweep_old(old(0, 0, 0)).await.expect("swept") {
            0 => break,
            some => parts.push(some),
        }
    }
    assert_eq!(parts, [4_000, 4_000, 2_000]);
    for (copies, is_all) in [(1_000, false), (1_000, false), (500, true), (0, true)] {
        assert_eq!(stage.store.sweep_copies(at(1)).await.expect("swept"), Swept { copies, is_all });
    }
    assert_eq!(stage.store.asked_for(worker, None, 9).await.expect("read").len(), 1);
}
