//! The ledger says what left, and what of it is there still.

use polder_consent::leaf::row_bytes;
use polder_consent::processing::{Action, Chain};
use polder_consent::{Field, FieldSet, FscTransaction, Retained, RetainedBasis, What, WorkerId};
use polder_store::people::LedgerRow;

use crate::on_both_engines;
use crate::support::stage::{CHAIN, FIELDS, Stage, partner};
use crate::support::{Engine, at};

on_both_engines!(a_row_says_what_left, a_row_and_its_records_name_the_transaction_of_fsc, a_row_says_what_of_its_copy_is_erased);

const PROFILE: &str =
    r#"{"title":"Lasser","skills":[{"uri":"https://skills.example/1"}],"hours":{"min":24,"max":32},"postcode":"8302AB","languages":[]}"#;

fn with(more: &[Field]) -> FieldSet {
    FIELDS.or(FieldSet::of(more))
}

/// A worker lets the partner see title, skills and these fields.
async fn give(stage: &Stage, worker: WorkerId, number: u8, more: &[Field]) {
    let from = i64::from(number) * 10;
    stage.give_fields(with(more), partner(2), worker, number, "tekst", (from, 10_000)).await;
}

async fn a_row_says_what_left(engine: Engine) {
    let stage = Stage::set(engine).await;
    let worker = stage.worker("P-1").await;
    give(&stage, worker, 1, &[Field::Hours, Field::Postcode]).await;
    assert_eq!(stage.disclose(11).await.len(), 1);
    let row = stage.store.disclosures_of(worker, None, 9).await.expect("read").remove(0);
    assert_eq!(row.disclosure.fields, FIELDS, "the profile has no hours and no postcode");
    // What is added to the profile leaves from then on.
    stage.worker_with("P-1", PROFILE).await;
    assert_eq!(stage.disclose(12).await.len(), 1);
    let row = stage.store.disclosures_of(worker, None, 9).await.expect("read").remove(0);
    assert_eq!(row.disclosure.fields, with(&[Field::Hours, Field::Postcode]));
}

async fn a_row_and_its_records_name_the_transaction_of_fsc(engine: Engine) {
    let stage = Stage::set(engine).await;
    let worker = stage.worker("P-1").await;
    give(&stage, worker, 1, &[]).await;
    let transaction = FscTransaction::new(1_764_500_000_000, [7; 10]);
    stage.disclose(11).await;
    stage.disclose_in(Chain { transaction: Some(transaction), ..CHAIN }, partner(2), 12).await;
    let rows = stage.store.disclosures_of(worker, None, 9).await.expect("read");
    let named: Vec<_> = rows.iter().map(|row| row.disclosure.fsc_transaction).collect();
    assert_eq!(named, [Some(transaction), None], "the last one first");
    // What is hashed of a row without one is what it was before there were any.
    let text = |row: &LedgerRow| String::from_utf8(row_bytes(&row.disclosure)).expect("text");
    assert!(text(&rows[0]).ends_with(&format!(",\"fscTransaction\":\"{transaction}\"}}")), "{}", text(&rows[0]));
    assert!(!text(&rows[1]).contains("fsc") && text(&rows[1]).ends_with(&format!("\"useUntil\":\"{}\"}}", rows[1].disclosure.use_until)));
    let ever = (at(-1), at(10_000));
    let records = stage.store.reader().processing(0, ever, 99).await.expect("read");
    let of = |action| records.iter().filter(move |record| record.action == action).map(|record| record.transaction).collect::<Vec<_>>();
    for action in [Action::PeopleAnswered, Action::ProfileMatched] {
        assert_eq!(of(action), [None, Some(transaction)], "{action:?}");
    }
    let last = records.iter().rfind(|record| record.action == Action::ProfileMatched).expect("a record");
    assert!(last.attributes().contains(&("fsc.transaction_id", transaction.to_string())));
}

async fn a_row_says_what_of_its_copy_is_erased(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker_with("P-1", PROFILE).await, &stage.store);
    // What is erased of each row, the first one first: everything, or these fields.
    let erased = async || {
        let mut rows = store.disclosures_of(worker, None, 9).await.expect("read");
        rows.reverse();
        rows.iter().map(|row| (row.erased, row.erased_fields, row.retained)).collect::<Vec<_>>()
    };
    let acknowledge = async |retained: Vec<Retained>| {
        for owed in store.owed_to(&partner(2), 0, 9).await.expect("read") {
            store.acknowledge(&partner(2), owed.id, "gewist".to_owned(), retained.clone(), at(99)).await.expect("written");
        }
    };
    let (none, hours, postcode) = (FieldSet::NONE, FieldSet::of(&[Field::Hours]), FieldSet::of(&[Field::Postcode]));
    give(&stage, worker, 1, &[Field::Hours, Field::Postcode, Field::Languages]).await;
    stage.disclose(11).await;
    give(&stage, worker, 2, &[Field::Hours, Field::Languages]).await;
    assert_eq!(erased().await, [(false, none, none)], "the recipient has not said that it erased the postcode");
    acknowledge(Vec::new()).await;
    assert_eq!(erased().await, [(false, postcode, none)]);
    stage.disclose(21).await;
    assert_eq!(erased().await, [(false, postcode, none), (false, none, none)]);

    // Given for longer, without less: nothing is erased. Then narrowed again, and a law keeps what was to go.
    give(&stage, worker, 3, &[Field::Hours, Field::Languages]).await;
    give(&stage, worker, 4, &[Field::Languages]).await;
    assert_eq!(erased().await, [(false, postcode, none), (false, none, none)]);
    let statute = "Archiefwet 1995, art. 3".parse().expect("a statute");
    acknowledge(vec![Retained { fields: hours, basis: RetainedBasis::LegalObligation, statute, until: at(5_000) }]).await;
    assert_eq!(erased().await, [(false, postcode, hours), (false, none, hours)]);
    store.sweep_copies(at(6_000)).await.expect("swept");
    acknowledge(Vec::new()).await;
    let both = hours.or(postcode);
    assert_eq!(erased().await, [(false, both, none), (false, hours, none)]);
    // What a page says does not hang on the page.
    let last = store.disclosures_of(worker, None, 1).await.expect("read").remove(0);
    let first = store.disclosures_of(worker, Some(last.leaf), 1).await.expect("read").remove(0);
    assert_eq!((first.erased_fields, last.erased_fields), (both, hours));

    store.end_all_consents(worker, What::Withdraw, at(6_001)).await.expect("ended");
    assert_eq!(erased().await, [(false, both, none), (false, hours, none)]);
    acknowledge(Vec::new()).await;
    assert_eq!(erased().await, [(true, none, none), (true, none, none)], "all of it");
}
