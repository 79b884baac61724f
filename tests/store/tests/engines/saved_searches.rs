//! Searches that staff saved: each one login's, bounded, and what each found by a hash alone.

use polder_model::about::About;
use polder_model::{Kind, OfferKey, PartnerId};
use polder_store::people::{LoginId, Look, NotSaved, Old, Saving, SearchId};

use crate::on_both_engines;
use crate::support::stage::{Stage, partner, stands};
use crate::support::{Engine, at, key};

on_both_engines!(
    what_is_new_is_what_its_owner_has_not_seen,
    of_people_no_more_is_kept_than_was_found_last,
    a_search_is_one_logins_and_goes_with_all_that_it_found,
    as_much_is_kept_as_may_be
);

fn login(name: &str) -> LoginId {
    LoginId::of("https://login.example", name)
}

async fn save(stage: &Stage, name: &str, kind: Kind) -> Result<SearchId, NotSaved> {
    let about = kind.is_personal().then(|| "V-1".parse().expect("an offer"));
    let saving =
        Saving { login: login(name), client: String::new(), name: "Werk".to_owned(), kind, about, request: "{}".to_owned(), now: at(1) };
    stage.store.save_search(saving).await.expect("written")
}

fn found(keys: &[&str]) -> Vec<(PartnerId, OfferKey)> {
    keys.iter().map(|name| (partner(7), key(name))).collect()
}

async fn note(stage: &Stage, id: &SearchId, keys: &[&str], look: Look, now: i64) -> Vec<bool> {
    stage.store.note_found(id.clone(), found(keys), look, at(now)).await.expect("written").expect("it is there")
}

fn nobody(due: i64) -> Look {
    Look::Nobody { due_at: at(due) }
}

async fn new(stage: &Stage, name: &str) -> u64 {
    stage.store.saved_searches(&login(name)).await.expect("read")[0].new
}

async fn what_is_new_is_what_its_owner_has_not_seen(engine: Engine) {
    let stage = Stage::set(engine).await;
    let id = save(&stage, "rosa", Kind::Vacancy).await.expect("saved");
    let due = async |now| stage.store.searches_due(at(now), at(0), 9).await.expect("read").len();
    assert_eq!((due(1).await, due(0).await), (1, 0), "at once");
    assert_eq!(note(&stage, &id, &["A", "B"], nobody(100), 2).await, [false, false], "the first time nothing is");
    assert_eq!((due(99).await, due(100).await), (0, 1));
    assert_eq!(stage.store.searches_due(at(100), at(2), 9).await.expect("read"), [], "its owner was away");
    assert_eq!(note(&stage, &id, &["B", "C", "D"], nobody(200), 100).await, [false, true, true]);
    assert_eq!(new(&stage, "rosa").await, 2);
    assert_eq!(note(&stage, &id, &["C", "A"], nobody(300), 200).await, [true, false]);
    assert_eq!(new(&stage, "rosa").await, 1, "D is gone, and A was seen before");
    assert_eq!(note(&stage, &id, &["A", "C", "E"], Look::Owner, 201).await, [false, true, true]);
    let saved = stage.store.saved_search(&login("rosa"), &id).await.expect("read").expect("there");
    assert_eq!((saved.new, saved.opened_at), (0, at(201)));
    assert_eq!(note(&stage, &id, &[], nobody(400), 300).await, [false; 0]);
    assert_eq!(note(&stage, &id, &["E", "B"], nobody(500), 400).await, [false, false], "it is remembered");
    stage.store.postpone_search(id, at(600)).await.expect("written");
    assert_eq!((due(599).await, due(600).await), (0, 1));
    assert!(!stands(&stage.everything().await, "kvk:00000007"), "what was found is kept by a hash alone");
}

async fn of_people_no_more_is_kept_than_was_found_last(engine: Engine) {
    let stage = Stage::set(engine).await;
    let id = save(&stage, "rosa", Kind::SkillOffer).await.expect("saved");
    assert_eq!(stage.store.searches_due(at(9_999_999), at(0), 9).await.expect("read"), [], "never by itself");
    assert_eq!(note(&stage, &id, &["A", "B"], Look::Owner, 2).await, [false, false]);
    assert_eq!(note(&stage, &id, &["B", "C"], Look::Owner, 3).await, [false, true]);
    assert_eq!(note(&stage, &id, &["A", "C"], Look::Owner, 4).await, [true, false], "A was forgotten");
    let about = |text: &str| text.parse::<About>().expect("an offer");
    assert_eq!(stage.store.searched_about().await.expect("read"), [about("V-1")]);
    stage.store.delete_searches_about(about("training/V-1")).await.expect("written");
    assert_eq!(stage.store.searched_about().await.expect("read"), [about("V-1")], "a training of that key is another offer");
    stage.store.delete_searches_about(about("V-1")).await.expect("written");
    assert_eq!(stage.store.note_found(id, found(&["A"]), Look::Owner, at(5)).await.expect("written"), None);
    assert!(!stands(&stage.everything().await, "werk"), "nothing of it is left");
}

async fn a_search_is_one_logins_and_goes_with_all_that_it_found(engine: Engine) {
    let stage = Stage::set(engine).await;
    let id = save(&stage, "rosa", Kind::Vacancy).await.expect("saved");
    note(&stage, &id, &["A"], nobody(9), 2).await;
    let store = &stage.store;
    assert_eq!(store.saved_searches(&login("cor")).await.expect("read"), []);
    assert_eq!(store.saved_search(&login("cor"), &id).await.expect("read"), None);
    assert!(!store.delete_search(login("cor"), id.clone()).await.expect("written"));
    assert!(store.delete_search(login("rosa"), id.clone()).await.expect("written"));
    assert!(!store.delete_search(login("rosa"), id).await.expect("written"), "it is gone");
    // What nobody used for long goes by itself.
    let old = save(&stage, "rosa", Kind::Training).await.expect("saved");
    note(&stage, &old, &["A", "B"], nobody(9), 2).await;
    store.use_searches(login("rosa"), at(50)).await.expect("written");
    let sweep = async |before, now| {
        store.sweep_old(Old { ledger_before: at(0), remembered_before: at(before), now: at(now) }).await.expect("swept")
    };
    assert_eq!(sweep(50, 60).await, 0);
    assert_eq!(sweep(51, 60).await, 3, "the search, and what it found");
    assert_eq!(store.saved_searches(&login("rosa")).await.expect("read"), []);
}

async fn as_much_is_kept_as_may_be(engine: Engine) {
    let stage = Stage::set(engine).await;
    let id = save(&stage, "rosa", Kind::Vacancy).await.expect("saved");
    for round in 0..5_i64 {
        let keys: Vec<String> = (0..100).map(|number| format!("K-{round}-{number}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        note(&stage, &id, &keys, Look::Owner, 10 + round).await;
    }
    assert_eq!(note(&stage, &id, &["K-0-1", "K-1-1", "K-2-1", "K-4-99"], nobody(99), 20).await, [true, true, false, false], "the last 300");
    for _ in 1..50 {
        save(&stage, "rosa", Kind::Vacancy).await.expect("saved");
    }
    assert_eq!(save(&stage, "rosa", Kind::Vacancy).await, Err(NotSaved));
    save(&stage, "cor", Kind::Vacancy).await.expect("another login has its own");
}
