//! A node whose database was restored from a backup: what was withdrawn stays withdrawn (W9, threat row 37), and nothing about people leaves for a
//! partner before that partner has said what it holds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_consent::{DisclosureId, Epoch, Handle, State, WorkerId};
use polder_exchange::people::{DecideRefused, RecollectionAsked};
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{partners, region_of};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::people::{MATCHED, decision, erase_all, give, profile, put, seek, vacancy};
use polder_model::about::About;
use polder_model::answer::{MissingReason, QueryResult};
use polder_model::{Kind, PartnerId, Purpose};
use polder_store::people::{Came, LINES_OF_PAGE, Side};
use polder_trust::register::Status;

use super::people::Stage;

/// What was sent before has arrived after this.
pub(super) const LATE: Duration = Duration::from_secs(120);

pub(super) fn name(stage: &Stage, at: usize) -> PartnerId {
    stage.node(at).home().partner.clone()
}

/// Whom a node waits for.
async fn waits_for(stage: &Stage, at: usize) -> Vec<PartnerId> {
    stage.node(at).openness().await.expect("read").reopening().waits_for().iter().cloned().collect()
}

/// Why a result lacks a partner; `None` where it does not.
pub(super) fn lacks(result: &QueryResult, partner: &PartnerId) -> Option<MissingReason> {
    result.missing.iter().find(|missing| missing.partner == *partner).map(|missing| missing.reason)
}

/// How many copies of a handle a node has.
async fn copies(stage: &Stage, at: usize, handle: Handle) -> usize {
    stage.node(at).store().holdings_for(&name(stage, 0), handle).await.expect("read").copies.len()
}

fn handle(found: &QueryResult) -> Handle {
    found.hits[0].key.as_str().parse().expect("a handle")
}

pub(super) async fn states(stage: &Stage, worker: WorkerId) -> Vec<(u64, Option<State>)> {
    let kept = stage.node(0).store().consents_of(worker).await.expect("read");
    kept.iter().map(|kept| (kept.consent.epoch.0, kept.state(stage.node(0).now()))).collect()
}

/// Everything that was owed is delivered and erased, by the clients too.
pub(super) async fn settle(stage: &Stage) {
    stage.node(0).deliver_once().await.expect("delivered");
    for at in [1, 2] {
        erase_all(stage.node(at), "operator").await;
    }
    stage.node(0).deliver_once().await.expect("delivered");
    assert_eq!(stage.node(0).outstanding().await.expect("read"), []);
}

#[tokio::test]
async fn the_journal_of_a_node_forgets_the_ends_of_whoever_was_erased() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let found = stage.seek(1).await;
    let (worker, known_by) = (stage.worker.to_string(), handle(&found).to_string());
    let journal = stage.federation.database(0).with_extension("journal");
    let said = || std::fs::read_to_string(&journal).expect("read");
    stage.node(0).erase(stage.worker).await.expect("erased");
    stage.federation.clock.pass(Duration::from_secs(60));
    stage.node(0).sweep_people().await.expect("swept");
    assert!(said().contains(&known_by), "somebody has a copy: {}", said());
    settle(&stage).await;
    stage.federation.clock.pass(Duration::from_secs(60));
    stage.node(0).sweep_people().await.expect("swept");
    assert!(!said().contains(&known_by), "{}", said());
    assert_eq!(said().matches(&worker).count(), 1, "that they were erased: {}", said());
}

// W9, threat row 37: nobody says that the database is a week old; the journal beside it knows.
#[tokio::test]
async fn what_was_withdrawn_after_the_backup_stays_withdrawn() {
    let mut stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.give(2, &MATCHED).await;
    stage.seek(1).await;
    let backup = stage.federation.back_up(0).await;
    stage.federation.clock.pass(LATE * 360);
    stage.withdraw(&consent).await;
    settle(&stage).await;
    stage.federation.restore(0, &backup).await;
    // It is withdrawn before anybody can ask anything, and owed to whoever has a copy.
    assert_eq!(states(&stage, stage.worker).await[0], (1, Some(State::Withdrawn)));
    assert_eq!(stage.node(0).outstanding().await.expect("read").len(), 1);
    assert_eq!(waits_for(&stage, 0).await, [name(&stage, 1), name(&stage, 2)]);
    for at in [1, 2] {
        let result = seek(stage.node(at)).await;
        assert_eq!((result.hits.len(), lacks(&result, &name(&stage, 0))), (0, Some(MissingReason::NoDisclosure)), "{at}");
    }
    // No consent either: its epoch might be one that was.
    let again = give(stage.node(0), stage.worker, &decision(&[&name(&stage, 1)], &MATCHED)).await;
    assert!(matches!(&again, Err(DecideRefused::ClosedTo(partner)) if *partner == name(&stage, 1)), "{again:?}");
    // Not before what was on its way has arrived; a start in between changes nothing.
    assert_eq!(stage.node(0).reopen_once().await.expect("asked"), []);
    stage.federation.stop(0).await;
    stage.federation.start(0).await;
    stage.federation.clock.pass(LATE);
    assert_eq!(stage.node(0).reopen_once().await.expect("asked").len(), 2);
    assert!(stage.node(0).openness().await.expect("read").is_open());
    assert!(stage.seek(1).await.hits.is_empty(), "the withdrawn one");
    assert_eq!(stage.seek(2).await.hits.len(), 1, "the other");
    settle(&stage).await;
    let again = stage.give(1, &MATCHED).await;
    assert_eq!((again.epoch, stage.seek(1).await.hits.len()), (Epoch(2), 1));
}

#[tokio::test]
async fn copies_that_the_database_has_forgotten_get_their_rows_again() {
    let mut stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    let backup = stage.federation.back_up(0).await;
    let found = stage.seek(1).await;
    let before = stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read");
    stage.node(0).sweep_people().await.expect("swept");
    stage.federation.restore(0, &backup).await;
    assert_eq!(stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read").len(), 1, "the other is forgotten");
    stage.federation.clock.pass(LATE);
    stage.node(0).reopen_once().await.expect("asked");
    let after = stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read");
    let rows = |rows: &[polder_store::people::LedgerRow]| rows.iter().map(|row| row.disclosure.clone()).collect::<Vec<_>>();
    assert_eq!((rows(&after), after.len()), (rows(&before), 2), "the same row, as its recipient has it");
    let said: Vec<bool> = after.into_iter().map(|row| stage.node(0).seen(row).said_by_recipient).collect();
    assert_eq!(said, [true, false], "the worker sees by whose word the one that was lost is there");
    assert!(stage.node(0).outstanding().await.expect("read").is_empty(), "its consent is in force");
    // What it is for: a withdrawal reaches the copy.
    assert_eq!(copies(&stage, 1, handle(&found)).await, 2);
    stage.withdraw(&consent).await;
    settle(&stage).await;
    assert_eq!(copies(&stage, 1, handle(&found)).await, 0);
    assert!(stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read").iter().all(|row| row.erased));
}

#[tokio::test]
async fn what_was_given_after_the_backup_is_recalled_also_of_a_worker_whom_nobody_knows_any_more() {
    let mut stage = Stage::set().await;
    let first = stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.withdraw(&first).await;
    settle(&stage).await;
    let backup = stage.federation.back_up(0).await;
    stage.give(1, &MATCHED).await;
    let other = put(stage.node(0), "P-2", &profile("Monteur die later kwam")).await;
    give(stage.node(0), other, &decision(&[&name(&stage, 1)], &MATCHED)).await.expect("given");
    let found = stage.seek(1).await;
    let handles: Vec<Handle> = found.hits.iter().map(|hit| hit.key.as_str().parse().expect("a handle")).collect();
    assert_eq!(handles.len(), 2);
    stage.node(0).sweep_people().await.expect("swept");
    stage.federation.restore(0, &backup).await;
    stage.federation.clock.pass(LATE);
    stage.node(0).reopen_once().await.expect("asked");
    assert_eq!(stage.node(0).outstanding().await.expect("read").len(), 1);
    settle(&stage).await;
    for handle in handles {
        assert_eq!(copies(&stage, 1, handle).await, 0);
    }
    // Consents go on after the one that is lost: what was erased does not come back under its epoch.
    let again = stage.give(1, &MATCHED).await;
    assert_eq!(again.epoch, Epoch(3));
    assert_eq!(stage.seek(1).await.hits.len(), 1);
}

#[tokio::test]
async fn a_partner_that_is_down_closes_the_node_to_itself_alone() {
    let mut stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    // It knows the worker, and has erased what it had.
    let first = stage.give(2, &MATCHED).await;
    stage.seek(2).await;
    stage.withdraw(&first).await;
    settle(&stage).await;
    stage.give(2, &MATCHED).await;
    let backup = stage.federation.back_up(0).await;
    stage.seek(1).await;
    stage.seek(2).await;
    stage.node(0).sweep_people().await.expect("swept");
    stage.federation.restore(0, &backup).await;
    stage.federation.stop(2).await;
    stage.federation.clock.pass(LATE);
    assert_eq!(stage.node(0).reopen_once().await.expect("asked"), [name(&stage, 1)]);
    assert_eq!(waits_for(&stage, 0).await, [name(&stage, 2)]);
    let result = seek(stage.node(1)).await;
    assert_eq!((result.hits.len(), lacks(&result, &name(&stage, 0))), (1, None));
    // What ends meanwhile is owed to the one that is down, whatever the rows say.
    let ended = stage.node(0).withdraw_all(stage.worker).await.expect("withdrawn").ended;
    assert!(ended.iter().any(|ended| ended.kept.consent.recipient == name(&stage, 2) && ended.owed));
    stage.federation.start(2).await;
    assert_eq!(stage.node(0).reopen_once().await.expect("asked"), [], "it is asked again after a pause");
    stage.federation.clock.pass(Duration::from_secs(2));
    assert_eq!(stage.node(0).reopen_once().await.expect("asked"), [name(&stage, 2)]);
    assert_eq!(stage.seek(2).await.hits.len(), 0);
    settle(&stage).await;
}

#[tokio::test]
async fn a_recipient_that_was_restored_knows_its_copies_and_its_tombstones_again() {
    let mut stage = Stage::set().await;
    let gone = stage.give(1, &MATCHED).await;
    let other = put(stage.node(0), "P-2", &profile("Monteur die blijft")).await;
    give(stage.node(0), other, &decision(&[&name(&stage, 1)], &MATCHED)).await.expect("given");
    let backup = stage.federation.back_up(1).await;
    let found = stage.seek(1).await;
    let handles: Vec<Handle> = found.hits.iter().map(|hit| hit.key.as_str().parse().expect("a handle")).collect();
    stage.withdraw(&gone).await;
    settle(&stage).await;
    let mut held = Vec::new();
    for handle in &handles {
        held.push(copies(&stage, 1, *handle).await);
    }
    stage.node(1).sweep_people().await.expect("swept");
    stage.federation.restore(1, &backup).await;
    assert_eq!(waits_for(&stage, 1).await, [name(&stage, 0), name(&stage, 2)]);
    // It asks for nobody, and would use nobody: its source writes no row for it.
    let rows = async || stage.node(0).disclosures_of(other, None, 9).await.expect("read").len();
    let before = rows().await;
    let result = seek(stage.node(1)).await;
    assert_eq!((result.hits.len(), lacks(&result, &name(&stage, 0))), (0, Some(MissingReason::NoDisclosure)));
    assert_eq!(rows().await, before);
    stage.federation.clock.pass(LATE);
    stage.node(1).reopen_once().await.expect("asked");
    for (handle, held) in handles.iter().zip(&held) {
        assert_eq!(copies(&stage, 1, *handle).await, *held);
    }
    assert_eq!(held.iter().sum::<usize>(), 1);
    let said = stage.node(1).recollection_for(&name(&stage, 0), RecollectionAsked { side: Side::Holds, after: None }).await.expect("read");
    assert_eq!(said.lines.iter().filter(|line| line.ended == Epoch(1)).count(), 1, "the tombstone is known again");
    // The client that got the one that is withdrawn erases it once more.
    assert_eq!(stage.seek(1).await.hits.len(), 1);
}

#[tokio::test]
async fn a_partner_says_what_concerns_who_asks_and_in_pages() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    let (source, recipient) = (name(&stage, 0), stage.node(1));
    for number in 0..250_u32 {
        let mut random = [7; 16];
        random[..4].copy_from_slice(&number.to_be_bytes());
        let came = Came {
            disclosure: DisclosureId::from_random(random),
            source: source.clone(),
            handle: Handle::from_random(random),
            purpose: Purpose::MatchVacancy,
            epoch: Epoch(3),
            fields: polder_consent::FieldSet::of(&MATCHED),
            about: About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") },
            client: "operator".to_owned(),
            use_until: recipient.now().plus_seconds(86_400),
            chain: polder_exchange::traces::chain(),
        };
        assert_eq!(recipient.store().note_copies(vec![came], recipient.now()).await.expect("noted"), [true]);
    }
    let (mut after, mut lines) = (None, 0);
    loop {
        let said = recipient.recollection_for(&source, RecollectionAsked { side: Side::Holds, after }).await.expect("read");
        assert!(said.lines.len() <= usize::try_from(LINES_OF_PAGE).expect("a size"));
        (after, lines) = (said.lines.last().map(polder_store::people::Recollected::name), lines + said.lines.len());
        if !said.more {
            break;
        }
    }
    assert_eq!(lines, 251);
    for side in [Side::Holds, Side::Gave] {
        for at in [0, 1] {
            let said = stage.node(at).recollection_for(&name(&stage, 2), RecollectionAsked { side, after: None }).await.expect("read");
            assert_eq!(said.lines, [], "{at} has nothing to do with it");
        }
    }
    // A node that lost all of it takes all pages in.
    stage.node(0).store().say_restored(stage.node(0).now()).await.expect("said");
    stage.node(0).reopen_once().await.expect("begun");
    stage.federation.clock.pass(LATE);
    assert_eq!(stage.node(0).reopen_once().await.expect("asked").len(), 2);
    assert_eq!(stage.node(0).store().owed_to(&name(&stage, 1), 0, 1_000).await.expect("read").len(), 250);
}

#[tokio::test]
async fn tombstones_that_did_not_reach_a_node_are_fetched() {
    let mut stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    let handle = handle(&stage.seek(1).await);
    stage.federation.stop(1).await;
    stage.withdraw(&consent).await;
    assert_eq!(stage.node(0).deliver_once().await.expect("tried"), 0);
    stage.federation.start(1).await;
    assert_eq!(copies(&stage, 1, handle).await, 1, "it does not know yet");
    assert_eq!(stage.node(1).fetch_tombstones().await, 1);
    assert_eq!(copies(&stage, 1, handle).await, 0);
    erase_all(stage.node(1), "operator").await;
    assert_eq!(stage.node(0).outstanding().await.expect("read"), [], "it said so when its client had erased");
    assert_eq!(stage.node(1).fetch_tombstones().await, 0);
}

// Over sockets, as the program does it by itself; also one who is suspended says what it has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_node_asks_everyone_over_the_peer_interface() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    for partner in &mut partners {
        partner.member.purposes = Purpose::ALL.to_vec();
    }
    partners[2].member.status = Status::Suspended;
    let (region, start) = (region_of(&partners), SystemClock.now());
    let clock = Arc::new(ManualClock::at(start));
    let mut nodes = Vec::new();
    for partner in &mut partners {
        nodes.push(partner.start_at(region.register(start), Arc::<ManualClock>::clone(&clock)).await);
    }
    let worker = put(&nodes[0].node, "P-1", &profile("Monteur zoekt werk")).await;
    vacancy(&nodes[1].node, "V-1").await;
    give(&nodes[0].node, worker, &decision(&[&partners[1].id], &MATCHED)).await.expect("given");
    assert_eq!(seek(&nodes[1].node).await.hits.len(), 1);
    let file = partners[0].directory.join("polder.db");
    nodes.remove(0).stop().await;
    let backup = std::fs::read(&file).expect("a database");
    // A start is no message of before.
    clock.pass(Duration::from_secs(1));
    let node = partners[0].start_at(region.register(start), Arc::<ManualClock>::clone(&clock)).await;
    assert_eq!(seek(&nodes[0].node).await.hits.len(), 1);
    node.node.withdraw_all(worker).await.expect("withdrawn");
    node.stop().await;
    std::fs::write(&file, backup).expect("restored");
    clock.pass(Duration::from_secs(1));
    let node = partners[0].start_at(region.register(start), Arc::<ManualClock>::clone(&clock)).await;
    let waits = node.node.openness().await.expect("read").reopening().waits_for().len();
    assert_eq!((waits, seek(&nodes[0].node).await.hits.len()), (2, 0));
    clock.pass(LATE);
    let began = Instant::now();
    while !node.node.openness().await.expect("read").is_open() {
        let waits = node.node.openness().await.expect("read").reopening().clone();
        assert!(began.elapsed() < Duration::from_secs(60), "it asks by itself, and all of them answer: {waits:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let result = seek(&nodes[0].node).await;
    assert_eq!((result.hits.len(), lacks(&result, &partners[0].id)), (0, None));
    let kept = node.node.store().consents_of(worker).await.expect("read");
    assert_eq!(kept[0].state(clock.now()), Some(State::Withdrawn));
}

// The tombstone that the recipient's client is behind with is lost; the one that takes its place waits for the same client.
#[tokio::test]
async fn what_a_client_has_still_to_erase_is_not_said_to_be_erased() {
    let mut stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    let backup = stage.federation.back_up(0).await;
    stage.withdraw(&consent).await;
    stage.node(0).deliver_once().await.expect("delivered");
    stage.federation.restore(0, &backup).await;
    stage.federation.clock.pass(LATE);
    assert_eq!(stage.node(0).reopen_once().await.expect("asked").len(), 2);
    stage.node(0).deliver_once().await.expect("delivered");
    assert_eq!(stage.node(0).outstanding().await.expect("read").len(), 1, "its client has a copy still");
    settle(&stage).await;
}
