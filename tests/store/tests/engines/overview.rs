//! How things stand, for those who look after a node or watch over people's data.

use polder_consent::{ConsentId, DisclosureId, Ground, What};
use polder_model::Purpose;
use polder_store::Lease;
use polder_store::people::{DisclosedInDay, Learnt, PartnerQueue, TextUsed, TextVersion, WhatEnds, Which};

use crate::on_both_engines;
use crate::support::stage::{Stage, partner};
use crate::support::{Engine, at, beside};
use crate::sweeps::old;

on_both_engines!(what_left_and_what_waits_is_counted_and_shown_by_handle, what_would_end_is_what_ends, room_and_leases_are_told);

const DAY: i64 = 86_400;

async fn what_left_and_what_waits_is_counted_and_shown_by_handle(engine: Engine) {
    let stage = Stage::set(engine).await;
    let store = &stage.store;
    let (anna, bram) = (stage.worker("P-1").await, stage.worker("P-2").await);
    let first = stage.give(anna, 1, "tekst", (0, 9 * DAY)).await;
    stage.give(bram, 2, "tekst", (0, 9 * DAY)).await;
    stage.give_to(partner(3), bram, 3, "tekst", (0, 9 * DAY)).await;
    let of_two = stage.disclose(100).await;
    let of_three = stage.disclose_to(partner(3), DAY + 50).await;
    assert_eq!((of_two.len(), of_three.len()), (2, 1));

    let today = at(0).seconds() / DAY;
    let in_day = |day, number, count| DisclosedInDay { day: today + day, recipient: partner(number), count };
    let (all, is_cut) = store.disclosed_by_day(at(0)).await.expect("read");
    assert_eq!((all, is_cut), (vec![in_day(0, 2, 2), in_day(1, 3, 1)], false));
    assert_eq!(store.disclosed_by_day(at(101)).await.expect("read").0, [in_day(1, 3, 1)]);

    let learnt = |day, number, workers| Learnt { recipient: partner(number), day: today + day, workers, narrow: 1 };
    assert_eq!(store.learnt(at(DAY)).await.expect("read"), [learnt(1, 3, 1), learnt(0, 2, 2)]);
    assert_eq!(store.learnt(at(2 * DAY)).await.expect("read"), [learnt(1, 3, 1)], "a day and the one before");

    // From an instant on, and before another.
    let left = async |number, from, before| {
        let found = store.copies_left(&partner(number), None, (at(from), at(before)), 9).await.expect("read").expect("few");
        found.into_iter().map(|copy| (copy.handle.expect("a handle"), copy.disclosure)).collect::<Vec<_>>()
    };
    let sorted = |mut all: Vec<(_, DisclosureId)>| {
        all.sort_by_key(|(_, disclosure)| disclosure.to_string());
        all
    };
    assert_eq!(sorted(left(2, 100, 101).await), sorted(of_two));
    assert_eq!((left(2, 101, 2 * DAY).await, left(2, 0, 100).await), (Vec::new(), Vec::new()));
    assert_eq!(left(3, 0, 2 * DAY).await, of_three);
    let of = async |purpose, most| store.copies_left(&partner(2), purpose, (at(0), at(DAY)), most).await.expect("read").expect("few").len();
    assert_eq!((of(None, 1).await, of(Some(Purpose::TrainingAdvice), 9).await), (1, 0));
    assert_eq!(of(Some(Purpose::MatchVacancy), 9).await, of(None, 9).await);

    assert_eq!(store.waiting().await.expect("read"), []);
    store.end_consent(anna, first.id, What::Withdraw, at(DAY + 60)).await.expect("written").expect("ended");
    let owed = [PartnerQueue { partner: partner(2), count: 1, since: at(DAY + 60) }];
    assert_eq!((store.waiting().await.expect("read"), store.to_erase_elsewhere().await.expect("read")), (owed.to_vec(), owed.to_vec()));
    assert_eq!(store.to_erase_here().await.expect("read"), []);
    let copies = store.copies_left(&partner(2), None, (at(0), at(DAY)), 9).await.expect("read").expect("few");
    assert!(copies.iter().all(|copy| !copy.erased && copy.at == at(100) && copy.about.key.as_str() == "V-1"), "{copies:?}");
    let ended: Vec<(bool, bool)> = copies.iter().map(|copy| (copy.consent == first.id, copy.ended && copy.to_erase)).collect();
    assert!(ended.contains(&(true, true)) && ended.contains(&(false, false)), "what the recipient is to erase is said: {copies:?}");

    // How many are missing who were erased since, by recipient and day.
    let missing = async |number, from, before| store.erased_since(&partner(number), (at(from), at(before))).await.expect("read");
    assert_eq!(missing(2, 0, 9 * DAY).await, 0);
    store.erase_worker(bram, at(0), at(2 * DAY)).await.expect("erased").expect("there was one");
    assert_eq!((missing(2, 0, DAY).await, missing(3, 0, 100).await, missing(3, DAY, 2 * DAY).await), (1, 0, 1));
    assert_eq!((missing(2, 2 * DAY, 9 * DAY).await, missing(4, 0, 9 * DAY).await), (0, 0));
    store.sweep_old(old(DAY, 0, 2 * DAY)).await.expect("swept");
    assert_eq!((missing(2, 0, 9 * DAY).await, missing(3, 0, 9 * DAY).await), (0, 1), "kept as long as the ledger");
}

async fn what_would_end_is_what_ends(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    let seen = stage.give(worker, 1, "tekst", (0, 1_000)).await;
    stage.give_to(partner(3), worker, 2, "tekst", (0, 1_000)).await;
    let withdrawn = stage.give_to(partner(4), worker, 3, "tekst", (0, 1_000)).await;
    stage.disclose(5).await;
    store.end_consent(worker, withdrawn.id, What::Withdraw, at(6)).await.expect("written").expect("ended");
    let look = async |which: &Which, ground| store.what_ends(which.clone(), ground, at(10)).await.expect("read").0;
    let all = Which::Of(worker, Vec::new());
    assert_eq!(look(&all, Ground::WorkerAsked).await, WhatEnds { consents: 2, applications: 0, in_force: 2, erases: 1 });
    let back = WhatEnds { consents: 3, applications: 0, in_force: 2, erases: 1 };
    assert_eq!(look(&all, Ground::NotFree).await, back, "it reaches back over what has ended");
    assert_eq!(look(&Which::OnNotice(seen.notice.sha256.clone()), Ground::NoticeWrong).await, back);
    let one = WhatEnds { consents: 1, applications: 0, in_force: 1, erases: 1 };
    assert_eq!(look(&Which::Towards(partner(2)), Ground::RecipientUnfit).await, one);
    assert_eq!(look(&Which::Towards(partner(4)), Ground::RecipientUnfit).await, WhatEnds::default(), "that has ended");
    let unknown: ConsentId = "00".repeat(16).parse().expect("an id");
    let these = Which::These(vec![seen.id, withdrawn.id, unknown, seen.id]);
    assert_eq!(look(&these, Ground::WorkerAsked).await, one, "what can end, once");
    let text = TextVersion { version: seen.notice.id.clone(), language: seen.notice.language.clone(), purpose: seen.purpose };
    assert_eq!(store.texts_used(0, 9).await.expect("read"), [TextUsed { text: text.clone(), consents: 3 }]);
    assert_eq!(store.texts_used(1, 9).await.expect("read"), []);
    // Of texts that were kept before, consents say it.
    beside(&stage.place, "UPDATE notices SET version = '', language = ''").await;
    assert_eq!(look(&Which::OnText(text.clone()), Ground::NoticeWrong).await, WhatEnds::default());
    store.complete_texts().await.expect("written");
    assert_eq!(look(&Which::OnText(text.clone()), Ground::NoticeWrong).await, back);
    let english = TextVersion { language: "en".to_owned(), ..text.clone() };
    let another = TextVersion { purpose: Purpose::BeContacted, ..text };
    for none in [english, another] {
        assert_eq!(look(&Which::OnText(none), Ground::NoticeWrong).await, WhatEnds::default());
    }
    assert_eq!(look(&Which::OnNotice("0".repeat(64)), Ground::NoticeWrong).await, WhatEnds::default());
    let done = store.revoke(all.clone(), None, Ground::NotFree, at(10)).await.expect("written").expect("ended");
    let owed = done.ended.iter().filter(|one| one.owed).count() as u64;
    assert_eq!((done.ended.len() as u64, owed), (back.consents, back.erases));
    assert_eq!(look(&all, Ground::NotFree).await, WhatEnds::default());
    // A recipient that has copies of two workers is one recipient.
    let other = stage.worker("P-2").await;
    for (of, number) in [(worker, 5), (other, 6)] {
        stage.give(of, number, "tekst", (20, 1_000)).await;
    }
    assert_eq!(stage.disclose(25).await.len(), 2);
    let (ends, _) = store.what_ends(Which::Towards(partner(2)), Ground::RecipientUnfit, at(30)).await.expect("read");
    assert_eq!((ends.consents, ends.erases), (2, 1));
}

async fn room_and_leases_are_told(engine: Engine) {
    let stage = Stage::set(engine).await;
    let store = &stage.store;
    stage.worker("P-1").await;
    let size = store.size().await.expect("read");
    assert!(size.bytes > 100_000 && size.free < size.bytes, "{size:?}");
    assert_eq!(store.engine() == "postgresql", store.is_shared());
    let lease = Lease { name: "work".to_owned(), holder: "one".to_owned() };
    assert!(store.take_lease(&lease, at(0), at(10)).await.expect("written"));
    assert_eq!(store.leases(at(9)).await.expect("read"), [(lease, at(10))]);
    assert_eq!(store.leases(at(10)).await.expect("read"), []);
}
