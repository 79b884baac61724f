//! What is shown again to whoever has the secret that seals it.

use polder_store::people::{Door, Ends, LoginId, SealedPage, Session, SessionId};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at};
use crate::sweeps::old;

on_both_engines!(what_is_sealed_for_a_session_goes_with_it, what_is_of_nobody_goes_when_its_time_is_over);

fn page(name: &str, session: Option<&str>, until: i64) -> SealedPage {
    SealedPage { name: name.to_owned(), session: session.map(SessionId::of), sealed: name.as_bytes().to_vec(), until: at(until) }
}

async fn begin(fixture: &Fixture, token: &str) {
    let session = Session {
        door: Door::Portal,
        login: LoginId::of("https://inloggen.example", token),
        provider: "https://inloggen.example".to_owned(),
        provider_session: String::new(),
        level: String::new(),
        authenticated_at: at(0),
        roles: Vec::new(),
        name: String::new(),
        began_at: at(0),
        seen_at: at(0),
        until: at(900),
    };
    fixture.store.open_session(SessionId::of(token), session).await.expect("written");
}

async fn names(fixture: &Fixture, names: &[&str], now: i64) -> Vec<bool> {
    let mut found = Vec::new();
    for name in names {
        let kept = fixture.store.kept_page(name, at(now)).await.expect("read");
        assert!(kept.as_deref().is_none_or(|bytes| bytes == name.as_bytes()));
        found.push(kept.is_some());
    }
    found
}

async fn what_is_sealed_for_a_session_goes_with_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    begin(&fixture, "one").await;
    begin(&fixture, "two").await;
    assert!(fixture.store.keep_page(page("theirs", Some("two"), 50)).await.expect("written"));
    for number in 0..9 {
        assert!(fixture.store.keep_page(page(&number.to_string(), Some("one"), 100 + number)).await.expect("written"));
    }
    assert_eq!(names(&fixture, &["0", "1", "8", "theirs", "none"], 20).await, [false, true, true, true, false], "the oldest makes room");
    fixture.store.end_sessions(Ends::One(SessionId::of("one"))).await.expect("written");
    assert_eq!(names(&fixture, &["1", "8", "theirs"], 20).await, [false, false, true]);
    assert!(!fixture.store.keep_page(page("late", Some("one"), 100)).await.expect("nothing fails"));
    assert_eq!(names(&fixture, &["late"], 20).await, [false]);
}

async fn what_is_of_nobody_goes_when_its_time_is_over(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    for number in 0..9 {
        assert!(fixture.store.keep_page(page(&number.to_string(), None, 100)).await.expect("written"));
    }
    assert_eq!(names(&fixture, &["0", "8"], 99).await, [true, true]);
    assert_eq!(names(&fixture, &["0", "8"], 100).await, [false, false]);
    while fixture.store.sweep_old(old(0, 0, 100)).await.expect("swept") > 0 {}
    assert_eq!(names(&fixture, &["0", "8"], 99).await, [false, false], "what nobody can see is not kept");
}
