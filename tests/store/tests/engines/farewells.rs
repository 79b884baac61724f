//! Who still has to erase, for somebody who is not here any more and has the link alone.

use polder_consent::{Field, FieldSet, Retained, RetainedBasis};
use polder_store::people::{Acknowledged, FAREWELL_DAYS, Farewell};

use crate::on_both_engines;
use crate::support::stage::{Stage, partner, stands};
use crate::support::{Engine, at};
use crate::sweeps::old;

on_both_engines!(whoever_was_erased_sees_by_their_link_alone_who_still_has_to);

async fn whoever_was_erased_sees_by_their_link_alone_who_still_has_to(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    for number in 2..=4 {
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
    let of = |number, owed, kept_until: Option<i64>| Farewell { recipient: partner(number), owed, kept_until: kept_until.map(at) };
    assert_eq!(seen(link, 21).await, [of(2, true, None), of(3, true, None), of(4, true, None)]);
    assert_eq!(seen("another link", 21).await, []);
    assert!(!stands(&stage.everything().await, link), "the link is not kept");
    let owed = store.owed_to(&partner(2), 0, 9).await.expect("read").remove(0);
    let done = store.acknowledge(&partner(2), owed.id, "signed".to_owned(), Vec::new(), at(30)).await.expect("written");
    assert_eq!(done, Acknowledged::Done);
    let owed = store.owed_to(&partner(4), 0, 9).await.expect("read").remove(0);
    let kept = Retained {
        fields: FieldSet::of(&[Field::Skills]),
        basis: RetainedBasis::LegalObligation,
        statute: "Archiefwet 1995, art. 3".parse().expect("a law"),
        until: at(9_000),
    };
    let done = store.acknowledge(&partner(4), owed.id, "signed".to_owned(), vec![kept], at(30)).await.expect("written");
    assert_eq!(done, Acknowledged::Done);
    assert_eq!(seen(link, 31).await, [of(2, false, None), of(3, true, None), of(4, false, Some(9_000))]);
    // It says no more of when it was than the day: it ends with a day, and is there for as long as was said.
    let end = (at(20).seconds() / 86_400 + 1 + FAREWELL_DAYS) * 86_400 - at(0).seconds();
    assert!(end - 20 > FAREWELL_DAYS * 86_400);
    assert_eq!(seen(link, end - 1).await.len(), 3);
    assert_eq!(seen(link, end).await, []);
    while store.sweep_old(old(0, 0, end)).await.expect("swept") > 0 {}
    assert_eq!(seen(link, 21).await, [], "what nobody can see is not kept");
}
