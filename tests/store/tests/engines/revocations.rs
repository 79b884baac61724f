//! Consents that a partner ends go in parts, and none is left out.

use polder_consent::{ConsentId, Ground, State, What};
use polder_store::people::Which;

use crate::on_both_engines;
use crate::support::stage::{Stage, partner};
use crate::support::{Engine, at};

on_both_engines!(many_end_in_parts_and_none_is_left_out);

/// How many consents there are: one part looks at a hundred.
const MANY: u8 = 101;

async fn many_end_in_parts_and_none_is_left_out(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    let mut notice = String::new();
    for number in 1..=MANY {
        // The ids are spread: they are no order in which anything was written.
        let consent = stage.give_to(partner(u32::from(number)), worker, number.wrapping_mul(37), "tekst", (0, 1_000)).await;
        notice = consent.notice.sha256;
    }
    let withdrawn = store.consents_of(worker).await.expect("read")[0].consent.id;
    store.end_consent(worker, withdrawn, What::Withdraw, at(5)).await.expect("written").expect("ended");
    let revoke = async |which: Which, after: Option<ConsentId>, ground| {
        store.revoke(which, after, ground, at(10)).await.expect("written").expect("ended")
    };
    let all = Which::Of(worker, Vec::new());
    let first = revoke(all.clone(), None, Ground::PurposeEnded).await;
    let last = revoke(all, first.next, Ground::PurposeEnded).await;
    assert!(first.next.is_some() && last.next.is_none());
    assert_eq!(first.ended.len() + last.ended.len(), usize::from(MANY) - 1, "what was withdrawn ended before");
    // It reaches back over everything that was given on the text, and the second time over nothing.
    let mut found = 0;
    let mut after = None;
    loop {
        let some = revoke(Which::OnNotice(notice.clone()), after, Ground::NoticeWrong).await;
        found += some.ended.len();
        after = some.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, usize::from(MANY));
    let kept = store.consents_of(worker).await.expect("read");
    assert!(kept.iter().all(|one| one.state(at(11)) == Some(State::Invalidated)));
    let grounds = |one: &polder_store::people::Kept| one.events.iter().filter_map(|event| event.ground).collect::<Vec<_>>();
    let twice = kept.iter().filter(|one| grounds(one) == [Ground::PurposeEnded, Ground::NoticeWrong]).count();
    assert_eq!(twice, usize::from(MANY) - 1);
}
