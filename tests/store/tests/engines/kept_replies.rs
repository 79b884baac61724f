//! Replies that are kept under keys of systems: a request is carried out once, whoever sends it again.

use futures::future::join_all;
use polder_store::clients::{Begun, MOST_REPLIES};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at};

on_both_engines!(a_request_is_carried_out_once, a_key_is_free_again, one_client_keeps_no_more_than_may_be);

async fn begin(fixture: &Fixture, digest: &str, request: &str, now: i64) -> Begun {
    fixture.store.begin_reply("ats", digest, request, at(now + 60), at(now)).await.expect("written")
}

async fn a_request_is_carried_out_once(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let begun = join_all((0..20).map(|_| begin(&fixture, "d", "r", 0))).await;
    assert_eq!(begun.iter().filter(|begun| **begun == Begun::First).count(), 1, "{begun:?}");
    assert_eq!(begun.iter().filter(|begun| **begun == Begun::UnderWay).count(), 19);
    assert_eq!(begin(&fixture, "d", "other", 1).await, Begun::Another);
    fixture.store.keep_reply("d", b"reply".to_vec(), at(86_400)).await.expect("kept");
    assert_eq!(begin(&fixture, "d", "r", 100).await, Begun::Before(b"reply".to_vec()), "longer than a request may take");
    assert_eq!(begin(&fixture, "d", "other", 100).await, Begun::Another);
    assert_eq!(begin(&fixture, "e", "r", 100).await, Begun::First);
    assert_eq!(begin(&fixture, "d", "other", 86_401).await, Begun::First, "after a day");
}

async fn a_key_is_free_again(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    assert_eq!(begin(&fixture, "d", "r", 0).await, Begun::First);
    fixture.store.drop_reply("d").await.expect("forgotten");
    assert_eq!(begin(&fixture, "d", "other", 1).await, Begun::First, "what came to nothing");
    assert_eq!(begin(&fixture, "d", "r", 62).await, Begun::First, "what was cut off");
    assert_eq!(begin(&fixture, "d", "r", 63).await, Begun::UnderWay);
}

async fn one_client_keeps_no_more_than_may_be(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let most = usize::try_from(MOST_REPLIES).expect("a number");
    let digests: Vec<String> = (0..most).map(|number| number.to_string()).collect();
    for some in digests.chunks(1_000) {
        join_all(some.iter().map(|digest| begin(&fixture, digest, "r", 0))).await;
    }
    assert_eq!(begin(&fixture, "more", "r", 0).await, Begun::TooMany);
    assert_eq!(begin(&fixture, "1", "r", 0).await, Begun::UnderWay, "those that it has stay");
    assert_eq!(fixture.store.begin_reply("other", "more", "r", at(60), at(0)).await.expect("written"), Begun::First);
    assert_eq!(begin(&fixture, "more still", "r", 61).await, Begun::First, "the oldest go, some at a time");
}
