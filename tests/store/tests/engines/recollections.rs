//! What a partner says to a node that was restored, and what that node writes of it.

use polder_consent::{DisclosureId, Epoch, Handle};
use polder_model::about::About;
use polder_model::{Kind, Purpose};
use polder_store::people::{Acknowledged, MostHeard, NotHeard, Recollected, RecollectedCopy};

use crate::support::stage::{FIELDS, Stage, partner, stands};
use crate::support::{Engine, at, key};
use crate::sweeps::old;
use crate::{journal, on_both_engines};

on_both_engines!(
    a_recollection_makes_nobody_up,
    the_word_of_a_recipient_makes_so_many_rows_a_day,
    names_that_the_journal_alone_knows_go_with_the_last_acknowledgement
);

/// Whatever a partner says that it holds: of people who are not known here nothing is written but that it is to be erased, and of so many alone.
async fn a_recollection_makes_nobody_up(engine: Engine) {
    let stage = Stage::set(engine).await;
    let store = &stage.store;
    stage.give(stage.worker("P-1").await, 1, "tekst", (0, 1_000)).await;
    let (known, _) = stage.disclose(1).await[0];
    let leaves = store.leaves(0, 100).await.expect("read").len();
    let (handle, disclosure) =
        (|number: u8| Handle::from_random([number; 16]), |number: u8| DisclosureId::from_random([number ^ 0x70; 16]));
    let said = |number: u8, epoch: u64| {
        let copy = RecollectedCopy {
            disclosure: disclosure(number),
            epoch: Epoch(epoch),
            fields: FIELDS,
            about: About { kind: Kind::Vacancy, key: key("V-1") },
            at: at(1),
            use_until: at(1_000),
        };
        let (held, copies) = (vec![Epoch(epoch)], vec![copy]);
        Recollected { handle: handle(number), purpose: Purpose::MatchVacancy, ended: Epoch(0), held, copies, erased: Vec::new() }
    };
    let hear =
        async |said: Vec<Recollected>, lost| store.hear(&partner(2), said, MostHeard { lost, rows: 9 }, at(10)).await.expect("written");
    let owed = async || store.owed_to(&partner(2), 0, 99).await.expect("read");
    for _ in 0..2 {
        assert_eq!(hear(vec![said(0xa1, 1), said(0xa2, 1)], 2).await, Ok(()), "said again it is the same");
        assert_eq!(owed().await.len(), 2);
    }
    assert_eq!(hear(vec![said(0xa2, 7)], 2).await, Ok(()), "and later epochs come in the place of earlier ones");
    assert_eq!(
        owed().await.iter().map(|one| (one.handle, one.epoch)).collect::<Vec<_>>(),
        [(handle(0xa1), Epoch(1)), (handle(0xa2), Epoch(7))]
    );
    let ended = Recollected { ended: Epoch(3), held: Vec::new(), copies: Vec::new(), ..said(0xa4, 1) };
    assert_eq!(hear(vec![ended], 2).await, Ok(()), "what it holds nothing of is nothing to erase");
    assert_eq!(hear(vec![said(0xa3, 1)], 2).await, Err(NotHeard::People), "no more than there is room for");
    assert_eq!(owed().await.len(), 2);
    let all = stage.everything().await;
    assert!(stands(&all, &handle(0xa1).to_string()));
    for nothing in [handle(0xa3).to_string(), handle(0xa4).to_string(), disclosure(0xa1).to_string(), disclosure(0xa2).to_string()] {
        assert!(!stands(&all, &nothing), "{nothing}");
    }
    assert_eq!(all.matches(&handle(0xa1).to_string()).count(), 1, "in one row");
    assert_eq!(store.worker_by_handle(handle(0xa1), &partner(2)).await.expect("read"), None);
    assert_eq!(store.leaves(0, 100).await.expect("read").len(), leaves);
    // Somebody who is there is heard of as ever.
    let of_known = Recollected { handle: known, ..said(0xa5, 1) };
    assert_eq!(hear(vec![of_known], 0).await, Ok(()));
    assert!(stands(&stage.everything().await, &disclosure(0xa5).to_string()));

    // It is told to whoever asks what it was given; it goes with the acknowledgement, or with time.
    let gave = store.gave_to(&partner(2), None, at(11)).await.expect("read");
    let of_it = gave.iter().find(|line| line.handle == handle(0xa2)).expect("a line");
    assert_eq!((of_it.ended, of_it.held.as_slice()), (Epoch(7), [Epoch(7)].as_slice()));
    let first = owed().await.remove(0);
    assert_eq!(
        store.acknowledge(&partner(2), first.id, "gewist".to_owned(), Vec::new(), at(20)).await.expect("written"),
        Acknowledged::Done
    );
    assert!(!stands(&stage.everything().await, &handle(0xa1).to_string()));
    assert_eq!(hear(vec![said(0xa3, 1)], 2).await, Ok(()), "there is room again");
    store.sweep_old(old(0, 10, 500)).await.expect("swept");
    assert_eq!(owed().await.len(), 2);
    store.sweep_old(old(0, 11, 500)).await.expect("swept");
    assert_eq!(owed().await, []);
}

/// Somebody whom the database has lost, and of whom the journal alone says what ended.
async fn names_that_the_journal_alone_knows_go_with_the_last_acknowledgement(engine: Engine) {
    for later in [false, true] {
        let mut stage = journal::Stage::new(engine).await;
        let (recipient, handle) = (journal::partner(2), Handle::from_random([7; 16]));
        let backup = stage.back_up().await;
        let worker = stage.worker("P-1").await;
        stage.knows(worker, handle).await;
        stage.given(worker, 1).await;
        stage.withdraw(worker, 1).await.expect("withdrawn");
        stage.restore(&backup).await.expect("opened");
        let store = &stage.store;
        assert_eq!(store.worker_by_handle(handle, &recipient).await.expect("read"), Some(worker), "by the journal");
        if later {
            // It was given anew, which nobody here knows, and is held still.
            let (held, copies) = (vec![Epoch(2)], Vec::new());
            let said = Recollected { handle, purpose: Purpose::MatchVacancy, ended: Epoch(1), held, copies, erased: Vec::new() };
            assert_eq!(store.hear(&recipient, vec![said], MostHeard { lost: 9, rows: 9 }, at(5)).await.expect("heard"), Ok(()));
        }
        let owed = store.owed_to(&recipient, 0, 9).await.expect("read");
        assert_eq!(owed.iter().map(|one| (one.handle, one.epoch)).collect::<Vec<_>>(), [(handle, Epoch(1 + u64::from(later)))]);
        assert_eq!(owed[0].worker == worker, !later, "what comes in its place is by no name");
        let known = async || store.worker_by_handle(handle, &recipient).await.expect("read");
        assert_eq!(known().await.is_some(), !later, "the name is there as long as something is owed by it");
        let done = store.acknowledge(&recipient, owed[0].id, "gewist".to_owned(), Vec::new(), at(6)).await.expect("written");
        assert_eq!((done, known().await), (Acknowledged::Done, None));
        assert_eq!(store.recipients_owed().await.expect("read"), []);
    }
}

/// Of people who are known each copy that a recipient says that it holds gets a row, which says by whose word it is there; and so many a day.
async fn the_word_of_a_recipient_makes_so_many_rows_a_day(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    stage.give(worker, 1, "tekst", (0, 1_000_000)).await;
    let (known, _) = stage.disclose(1).await[0];
    // Copies of these numbers, under the epoch that is in force.
    let said = |numbers: std::ops::Range<u8>, ended: u64| {
        let copy = |number: u8| RecollectedCopy {
            disclosure: DisclosureId::from_random([number; 16]),
            epoch: Epoch(1),
            fields: FIELDS,
            about: About { kind: Kind::Vacancy, key: key("V-1") },
            at: at(1),
            use_until: at(900_000),
        };
        let (held, copies) = (vec![Epoch(1)], numbers.map(copy).collect());
        vec![Recollected { handle: known, purpose: Purpose::MatchVacancy, ended: Epoch(ended), held, copies, erased: Vec::new() }]
    };
    let most = MostHeard { lost: 0, rows: 5 };
    let hear = async |said, now| store.hear(&partner(2), said, most, at(now)).await.expect("written");
    let rows = async || {
        let all = store.disclosures_of(worker, None, 99).await.expect("read");
        (all.iter().filter(|row| row.said).count(), all.len())
    };
    assert_eq!(rows().await, (0, 1));
    assert_eq!(hear(said(1..4, 0), 10).await, Ok(()));
    assert_eq!(hear(said(1..4, 0), 11).await, Ok(()), "said again it is the same");
    assert_eq!(rows().await, (3, 4));
    assert_eq!(hear(said(1..9, 0), 12).await, Err(NotHeard::Rows));
    assert_eq!(hear(said(1..9, 0), 13).await, Err(NotHeard::Rows));
    assert_eq!(rows().await, (5, 6), "no more than that in a day");
    assert_eq!(stage.disclose(14).await.len(), 1, "what it may learn is counted apart");
    // What it says to have ended is recalled, room or not.
    assert_eq!(hear(said(1..9, 1), 15).await, Err(NotHeard::Rows));
    assert_eq!(store.owed_to(&partner(2), 0, 9).await.expect("read").len(), 1);
    assert_eq!(hear(said(1..9, 1), 86_400).await, Ok(()), "the rest comes on another day");
    assert_eq!(rows().await, (8, 10));
}
