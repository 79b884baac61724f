//! Offers in sandboxes: as they would be among all, and apart from them.

use polder_model::Kind;
use polder_store::{ActsFor, Deleted, MOST_IN_SANDBOX, Outcome, Precondition, Put, SANDBOX_SECONDS, StoreError};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at, key, put, put_if};

on_both_engines!(a_sandbox_is_like_the_rest_and_apart_from_it, a_sandbox_is_bounded_and_forgotten);

async fn a_sandbox_is_like_the_rest_and_apart_from_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let store = &fixture.store;
    let into = async |client: &str, put: Put| store.put_in_sandbox(client, put).await;
    let first = into("one", put("a", "1")).await.expect("stored");
    assert_eq!((first.outcome, first.version), (Outcome::Created, 1));
    assert_eq!(into("one", put("a", "1")).await.expect("stored").outcome, Outcome::Unchanged);
    let second = into("one", put("a", "2")).await.expect("stored");
    assert_eq!((second.outcome, second.version), (Outcome::Replaced, 2));
    assert!(matches!(into("one", put_if("a", "3", Precondition::Matches(vec![first.etag]))).await, Err(StoreError::PreconditionFailed)));
    assert!(into("one", put_if("a", "3", Precondition::Matches(vec![second.etag]))).await.is_ok());
    // Another sandbox, and what is among all.
    assert_eq!(into("two", put("a", "x")).await.expect("stored").version, 1);
    assert_eq!(fixture.offer("a").await, None);
    assert_eq!(fixture.changes().await, []);
    fixture.put("a", "all").await;
    let read =
        async |client: &str| store.in_sandbox(client, Kind::Vacancy, &key("a"), at(1)).await.expect("read").map(|offer| offer.document);
    assert_eq!((read("one").await, read("two").await, read("three").await), (Some(b"3".to_vec()), Some(b"x".to_vec()), None));
    for name in ["c", "b", "d"] {
        into("one", put(name, "1")).await.expect("stored");
    }
    let listed = async |after: Option<&str>, limit| {
        let after = after.map(key);
        let found = store.list_sandbox("one", Kind::Vacancy, after.as_ref(), limit, at(1)).await.expect("read");
        found.iter().map(|offer| offer.key.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        (listed(None, 3).await, listed(Some("b"), 9).await),
        (vec!["a".into(), "b".into(), "c".into()], vec!["c".into(), "d".into()])
    );
    let delete = async || store.delete_in_sandbox("one", (Kind::Vacancy, &key("a")), Precondition::None, ActsFor::Everyone, at(2)).await;
    assert_eq!((delete().await.expect("done"), delete().await.expect("done")), (Deleted::Done, Deleted::Already));
    assert_eq!((read("one").await, read("two").await.is_some(), listed(None, 9).await.len()), (None, true, 3));
    assert_eq!(into("one", put("a", "4")).await.expect("stored").version, 5, "versions go on");
    assert_eq!(fixture.offer("a").await.map(|offer| offer.document), Some(b"all".to_vec()));
}

async fn a_sandbox_is_bounded_and_forgotten(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let into = |name: String, now: i64| fixture.store.put_in_sandbox("one", Put { now: at(now), ..put(&name, "1") });
    let all = futures::future::join_all((0..MOST_IN_SANDBOX).map(|number| into(number.to_string(), 0))).await;
    assert!(all.iter().all(Result::is_ok));
    assert!(matches!(into("more".to_owned(), 1).await, Err(StoreError::TooMany { .. })));
    assert!(into("7".to_owned(), 1).await.is_ok(), "what is there may be put again");
    let listed = async |now: i64| fixture.store.list_sandbox("one", Kind::Vacancy, None, 2_000, at(now)).await.expect("read").len();
    assert_eq!(listed(SANDBOX_SECONDS).await, 1_000);
    assert_eq!(listed(SANDBOX_SECONDS + 1).await, 0, "a week after they last changed");
    assert!(into("more".to_owned(), SANDBOX_SECONDS + 1).await.is_ok());
    assert_eq!(listed(SANDBOX_SECONDS + 1).await, 1);
}
