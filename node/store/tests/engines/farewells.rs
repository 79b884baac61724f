//! Who still has to erase, for somebody who is not here any more and has the link alone.

use polder_store::people::{Acknowledged, FAREWELL_DAYS};

use crate::on_both_engines;
use crate::support::stage::{Stage, partner, stands};
use crate::support::{Engine, at};
use crate::sweeps::old;

on_both_engines!(whoever_was_erased_sees_by_their_link_alone_who_still_has_to);

async fn whoever_was_erased_sees_by_their_link_alone_who_still_has_to(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    for number in 2..=3 {
        stage.give_to(partner(number), worker, u8::try_from(number).expect("small"), "tekst", (0, 1_000)).await;
        assert_eq!(stage.disclose_to(partner(number), 1).await.len(), 1);
    }
    let other = stage.worker("P-2").await;
    let link = "a link that nobody can guess";
    store.erase_and_follow(worker, at(0), at(20), Some(link.to_owned())).await.expect("erased").expect("there was one");
    stage.store.erase_worker(other, at(0), at(20)).await.expect("erased").expect("there was one");
    let seen = async |link: &str, now| {
        let mut seen = store.farewell(link, at(now)).await.expect("read");
        seen.sort();
        seen
    };
    assert_eq!(seen(link, 21).await, [(partner(2), true), (partner(3), true)]);
    assert_eq!(seen("another link", 21).await, []);
    assert!(!stands(&stage.everything().await, link), "the link is not kept");
    let owed = store.owed_to(&partner(2), 0, 9).await.expect("read").remove(0);
    let done = store.acknowledge(&partner(2), owed.id, "signed".to_owned(), Vec::new(), at(30)).await.expect("written");
    assert_eq!(done, Acknowledged::Done);
    assert_eq!(seen(link, 31).await, [(partner(2), false), (partner(3), true)]);
    let end = 20 + FAREWELL_DAYS * 86_400;
    assert_eq!(seen(link, end - 1).await.len(), 2);
    assert_eq!(seen(link, end).await, []);
    while store.sweep_old(old(0, 0, end)).await.expect("swept") > 0 {}
    assert_eq!(seen(link, 21).await, [], "what nobody can see is not kept");
}
