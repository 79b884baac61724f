//! Course systems: a crawl goes on where it was, and what two whole crawls did not find is told.

use polder_store::syncs::{CLAIMED, CrawlEnd, SyncObject};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at, key};

on_both_engines!(a_crawl_goes_on_where_it_was, what_is_missing_is_counted_by_whole_crawls_alone, a_key_belongs_to_one_object);

fn course(id: &str, seen: u64, hash: &str) -> SyncObject {
    let key = Some(key(id));
    SyncObject { kind: "course".to_owned(), id: id.to_owned(), seen, key, hash: hash.to_owned(), ..SyncObject::default() }
}

fn end(crawl: u64, whole: bool, state: &str) -> CrawlEnd {
    let (name, state, report) = ("roc".to_owned(), state.to_owned(), format!("report {crawl}"));
    CrawlEnd { name, crawl, state, report, due_at: at(100), whole }
}

async fn a_crawl_goes_on_where_it_was(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let store = &fixture.store;
    assert_eq!(store.sync("roc").await.expect("read"), None);
    assert_eq!(store.begin_crawl("roc", "https://a.example", "page 1").await.expect("written"), 1);
    assert!(!store.note_crawl("roc", 2, Vec::new(), Some("x".to_owned())).await.expect("written"), "another crawl");
    let many: Vec<SyncObject> = (0..300).map(|number| course(&format!("c{number}"), 1, "h")).collect();
    assert!(store.note_crawl("roc", 1, many.clone(), Some("page 2".to_owned())).await.expect("written"));
    let found = store.sync("roc").await.expect("read").expect("there");
    assert_eq!((found.crawl, found.state.as_str(), found.report.as_str(), found.due_at.micros()), (1, "page 2", "", 0));
    let ids: Vec<&str> = many.iter().map(|one| one.id.as_str()).chain(["c999"]).collect();
    let mut known = store.sync_objects("roc", "course", &ids).await.expect("read");
    known.sort_by_key(|one| one.id[1..].parse::<u32>().expect("a number"));
    assert_eq!(known, many);
    assert_eq!(store.sync_objects("other", "course", &ids).await.expect("read"), []);
    // Broken off, it goes on; whole, it is over, and nothing more is noted of it.
    store.end_crawl(end(1, false, "page 2")).await.expect("written");
    assert_eq!(store.sync("roc").await.expect("read").map(|found| (found.state, found.due_at)), Some(("page 2".to_owned(), at(100))));
    store.crawl_at_once("roc", "https://a.example").await.expect("written");
    assert_eq!(store.sync("roc").await.expect("read").map(|found| (found.state, found.due_at.micros())), Some(("page 2".to_owned(), 0)));
    store.end_crawl(end(1, true, "")).await.expect("written");
    assert!(!store.note_crawl("roc", 1, Vec::new(), Some("page 3".to_owned())).await.expect("written"));
    assert_eq!(
        store.sync("roc").await.expect("read").map(|found| (found.state, found.report)),
        Some((String::new(), "report 1".to_owned()))
    );
    assert_eq!(store.begin_crawl("roc", "https://b.example", "page 1").await.expect("written"), 2);
}

async fn what_is_missing_is_counted_by_whole_crawls_alone(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let store = &fixture.store;
    let crawl = async |objects: Vec<SyncObject>, whole: bool| {
        let number = store.begin_crawl("roc", "https://a.example", "x").await.expect("written");
        let objects = objects.into_iter().map(|one| SyncObject { seen: number, missed: 0, ..one }).collect();
        assert!(store.note_crawl("roc", number, objects, None).await.expect("written"));
        let missing = store.missing_twice("roc", number, ("", ""), 9).await.expect("read");
        let counted = store.count_sync("roc", number).await.expect("read");
        store.end_crawl(end(number, whole, "")).await.expect("written");
        // Told twice, it is counted once.
        store.end_crawl(end(number, whole, "")).await.expect("written");
        (counted, missing.into_iter().map(|one| one.id).collect::<Vec<_>>())
    };
    let (a, b, none) = (course("a", 0, "h"), course("b", 0, CLAIMED), course("none", 0, ""));
    assert_eq!(crawl(vec![a.clone(), b.clone(), none], true).await, ((2, 0), vec![]));
    for _ in 0..3 {
        assert_eq!(crawl(vec![a.clone()], false).await, ((2, 1), vec![]), "a crawl that is not whole says nothing");
    }
    assert_eq!(crawl(vec![a.clone()], true).await, ((2, 1), vec![]));
    assert_eq!(crawl(vec![a.clone()], true).await, ((2, 1), vec!["b".to_owned()]), "the second");
    assert_eq!(store.sync_objects("roc", "course", &["none"]).await.expect("read"), [], "what is not published is forgotten");
    // Found again, it begins anew.
    assert_eq!(crawl(vec![a.clone(), b], true).await, ((2, 0), vec![]));
    assert_eq!(crawl(vec![a], true).await, ((2, 1), vec![]));
    store.forget_sync_object("roc", "course", "b").await.expect("written");
    assert_eq!(store.sync_objects_of("roc", "course", 9).await.expect("read").len(), 1);
}

async fn a_key_belongs_to_one_object(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let store = &fixture.store;
    let number = store.begin_crawl("roc", "https://a.example", "x").await.expect("written");
    assert!(store.note_crawl("roc", number, vec![course("a", 1, "h")], None).await.expect("written"));
    let holds = async |sync, kind, id| store.sync_holds(&key("a"), sync, kind, id).await.expect("read");
    assert!(!holds("roc", "course", "a").await);
    assert!(holds("other", "course", "a").await && holds("roc", "programme", "a").await && holds("roc", "course", "b").await);
    assert!(!store.sync_holds(&key("z"), "other", "course", "z").await.expect("read"));
}
