//! The feed: offers and other events in one sequence, and webhooks that follow it.

use polder_model::event::EventType;
use polder_model::{Kind, Timestamp};
use polder_store::events::{FeedRow, Happened};
use polder_store::people::{LoginId, Look, Saving, SearchId};
use polder_store::webhooks::{Came, MOST_OF_ONE, NewWebhook, TooManyWebhooks, Tried, Webhook};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at, key};

on_both_engines!(all_that_happens_stands_in_one_sequence, events_are_forgotten_and_offers_are_not, a_webhook_goes_on_from_what_it_took);

/// A search of a system that has been asked once.
async fn search(fixture: &Fixture) -> SearchId {
    let (kind, now) = (Kind::Vacancy, at(0));
    let (login, client) = (LoginId::of("client", "ats"), "ats".to_owned());
    let saving = Saving { login, client, name: "Werk".to_owned(), kind, about: None, request: "{}".to_owned(), now };
    let id = fixture.store.save_search(saving).await.expect("written").expect("saved");
    found(fixture, &id, &[], 1).await;
    id
}

/// What a search finds. One that finds something new is an event.
async fn found(fixture: &Fixture, id: &SearchId, keys: &[&str], now: i64) {
    let found = keys.iter().map(|name| ("kvk:00000007".parse().expect("a partner"), key(name))).collect();
    let look = Look::Nobody { due_at: at(now + 60) };
    fixture.store.note_found(id.clone(), found, look, at(now)).await.expect("written").expect("it is there");
}

async fn feed(fixture: &Fixture, after: u64) -> Vec<FeedRow> {
    fixture.store.feed(after, 100).await.expect("read")
}

fn types(rows: &[FeedRow]) -> Vec<(u64, EventType)> {
    rows.iter().map(|row| (row.change, row.event_type())).collect()
}

async fn all_that_happens_stands_in_one_sequence(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = search(&fixture).await;
    fixture.put("A", "1").await;
    found(&fixture, &id, &["X"], 2).await;
    fixture.put("A", "2").await;
    found(&fixture, &id, &["X"], 3).await;
    fixture.delete("A").await;
    found(&fixture, &id, &["X", "Y"], 4).await;
    let (offer, matched) = (EventType::OfferChanged, EventType::SearchMatched);
    let rows = feed(&fixture, 0).await;
    assert_eq!(types(&rows), [(1, offer), (2, matched), (3, offer), (4, offer), (5, matched)], "{rows:?}");
    assert_eq!(fixture.store.feed_end().await.expect("read"), 5);
    assert_eq!(feed(&fixture, 3).await, rows[3..]);
    assert_eq!(fixture.store.feed(1, 2).await.expect("read"), rows[1..3]);
    assert!(matches!(&rows[3].is, Happened::Offer { version: 3, deleted: true, .. }), "{:?}", rows[3]);
    let Happened::Event { word, client, vacancy: None, subject, .. } = &rows[4].is else { panic!("{:?}", rows[4]) };
    assert_eq!((word.len(), client.as_str()), (16, "ats"));
    let said = format!(r#"{{"search":"{id}","new":1,"offers":[{{"partner":"kvk:00000007","key":"Y"}}]}}"#);
    assert_eq!(*subject, said);
    // The feed of offers has gaps, and no number twice.
    let changes: Vec<u64> = fixture.changes().await.iter().map(|change| change.change).collect();
    assert_eq!(changes, [1, 3, 4]);
}

async fn events_are_forgotten_and_offers_are_not(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let id = search(&fixture).await;
    fixture.put("A", "1").await;
    found(&fixture, &id, &["X"], 10).await;
    found(&fixture, &id, &["Y"], 20).await;
    let forget = async |before| fixture.store.forget_events(at(before)).await.expect("written");
    let forgotten = async || fixture.store.events_forgotten().await.expect("read");
    assert!(!forget(10).await);
    assert_eq!((types(&feed(&fixture, 0).await).len(), forgotten().await), (3, 0));
    assert!(!forget(20).await);
    assert_eq!(
        (types(&feed(&fixture, 0).await), forgotten().await),
        (vec![(1, EventType::OfferChanged), (3, EventType::SearchMatched)], 2)
    );
    forget(99).await;
    fixture.put("A", "2").await;
    assert_eq!((types(&feed(&fixture, 1).await), forgotten().await), (vec![(4, EventType::OfferChanged)], 3), "no number is given twice");
}

async fn a_webhook_goes_on_from_what_it_took(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    fixture.put("A", "1").await;
    let url = "https://ats.example.nl/".to_owned();
    let new =
        |position| NewWebhook { client: "ats".to_owned(), url: url.clone(), types: vec![EventType::ErasureDue], position, now: at(0) };
    let make = async |position| fixture.store.make_webhook(new(position)).await.expect("written");
    let id = make(None).await.expect("made");
    let read = async || fixture.store.webhook("ats", &id).await.expect("read").expect("there");
    let due = async |now| -> Vec<Webhook> { fixture.store.webhooks_due(at(now)).await.expect("read") };
    let note = async |came, replayed, now| -> bool {
        fixture.store.note_tried(Tried { id: id.clone(), replayed, came, now: at(now) }).await.expect("written")
    };
    assert_eq!((read().await.position, read().await.types, due(0).await.len()), (1, vec![EventType::ErasureDue], 0), "from now on");
    fixture.put("A", "2").await;
    assert_eq!(due(0).await.len(), 1);
    let failed = |next_at: Option<Timestamp>| Came::Failed { outcome: "503".to_owned(), next_at };
    assert!(note(failed(Some(at(5))), 0, 1).await && note(failed(Some(at(9))), 0, 5).await);
    assert_eq!((due(8).await.len(), due(9).await.len()), (0, 1));
    let failing = read().await;
    assert_eq!((failing.failures, failing.failing_since, failing.next_at), (2, Some(at(1)), Some(at(9))));
    let took = |position| Came::Took { position, event: "2-0011223344556677".to_owned(), outcome: "204".to_owned() };
    assert!(note(took(2), 0, 9).await);
    let well = read().await;
    assert_eq!((well.failures, well.failing_since, well.next_at, well.position), (0, None, None, 2));
    // What was on its way when it was set back does not count.
    assert!(fixture.store.replay_webhook("ats", &id, Some(0)).await.expect("written"));
    assert!(!note(took(2), 0, 10).await && !note(failed(None), 0, 10).await && !note(Came::Passed { position: 2 }, 0, 10).await);
    assert_eq!((read().await.position, due(10).await.len()), (0, 1));
    assert!(note(failed(None), 1, 11).await);
    assert_eq!((due(99).await.len(), read().await.disabled_at), (0, Some(at(11))));
    assert!(fixture.store.replay_webhook("ats", &id, None).await.expect("written"));
    assert_eq!((due(99).await.len(), read().await.position), (1, 0), "it goes on where it stood");
    assert!(note(Came::Rests { next_at: at(200) }, 2, 100).await && due(199).await.is_empty());
    // It is its client's alone.
    for done in [
        fixture.store.replay_webhook("other", &id, None).await,
        fixture.store.rotate_webhook("other", &id, at(1)).await,
        fixture.store.delete_webhook("other", &id).await,
    ] {
        assert!(!done.expect("written"));
    }
    assert!(fixture.store.rotate_webhook("ats", &id, at(7)).await.expect("written"));
    assert_eq!((read().await.secret, read().await.rotated_at), (2, Some(at(7))));
    for _ in 1..MOST_OF_ONE {
        make(Some(0)).await.expect("made");
    }
    assert_eq!(make(None).await, Err(TooManyWebhooks));
    assert_eq!(fixture.store.webhooks_of("ats").await.expect("read").len(), MOST_OF_ONE as usize);
    assert!(fixture.store.delete_webhook("ats", &id).await.expect("written"));
    assert_eq!(fixture.store.webhook("ats", &id).await.expect("read"), None);
}
