//! As what somebody was seen who was asked something: kept as long as the copy that it is of, and no longer.

use std::collections::BTreeSet;

use polder_consent::{DisclosureId, Epoch, Field, FieldSet, Handle, RequestId, TombstoneId};
use polder_model::about::About;
use polder_model::{Kind, Purpose};
use polder_store::people::{Came, Made, NotErased, Sent};

use crate::on_both_engines;
use crate::support::stage::{CHAIN, FIELDS, Stage, partner, stands};
use crate::support::{Engine, at, key};

on_both_engines!(what_staff_saw_of_somebody_goes_with_the_copy, what_is_erased_is_said_one_by_one);

const CLIENT: &str = "operator";

fn handle(number: u8) -> Handle {
    Handle::from_random([number; 16])
}

fn came(number: u8, use_until: i64) -> Came {
    Came {
        disclosure: DisclosureId::from_random([number; 16]),
        source: partner(2),
        handle: handle(number),
        purpose: Purpose::MatchVacancy,
        epoch: Epoch(1),
        fields: FIELDS,
        about: About { kind: Kind::Vacancy, key: key("V-1") },
        client: CLIENT.to_owned(),
        use_until: at(use_until),
        chain: CHAIN,
    }
}

fn made(number: u8, client: &str, of: u8, seconds: i64) -> Made {
    Made {
        id: RequestId::from_random([number; 16]),
        client: client.to_owned(),
        partner: partner(2),
        key: key(&handle(of).to_string()),
        recipient: partner(1),
        purpose: Purpose::BeContacted,
        fields: FieldSet::of(&[Field::ContactName]),
        about: None,
        at: at(seconds),
        seen_as: format!("Lasser {number} zoekt werk"),
    }
}

fn tombstone(number: u8) -> Sent {
    Sent {
        tombstone: TombstoneId::from_random([number; 16]),
        source: partner(2),
        handle: handle(number),
        purpose: Purpose::MatchVacancy,
        epoch: Epoch(1),
        fields: FieldSet::NONE,
        named: Vec::new(),
    }
}

async fn what_staff_saw_of_somebody_goes_with_the_copy(engine: Engine) {
    let stage = Stage::set(engine).await;
    let store = &stage.store;
    store.note_copies(vec![came(1, 500), came(2, 900)], at(100)).await.expect("noted");
    for request in
        [made(11, CLIENT, 1, 110), made(12, CLIENT, 2, 110), made(13, "ats", 1, 110), made(14, CLIENT, 3, 110), made(15, CLIENT, 1, 500)]
    {
        store.note_request(request).await.expect("noted");
    }
    let seen = async |number: u8, client: &str| {
        store.request_made(client, RequestId::from_random([number; 16])).await.expect("read").expect("it is there").seen_as
    };
    assert_eq!((seen(11, CLIENT).await.as_str(), seen(12, CLIENT).await.as_str()), ("Lasser 11 zoekt werk", "Lasser 12 zoekt werk"));
    for (number, client, why) in [(13, "ats", "another client's copy"), (14, CLIENT, "no copy"), (15, CLIENT, "a copy whose time is over")]
    {
        assert_eq!(seen(number, client).await, "", "{why}");
    }
    store.sweep_copies(at(499)).await.expect("swept");
    assert_eq!(seen(11, CLIENT).await, "Lasser 11 zoekt werk");
    store.sweep_copies(at(500)).await.expect("swept");
    assert_eq!((seen(11, CLIENT).await.as_str(), seen(12, CLIENT).await.as_str()), ("", "Lasser 12 zoekt werk"));

    // The consent ends: from the request it goes at once, and who is to erase sees it until they have.
    store.take_tombstone(tombstone(2), &[], None, at(600)).await.expect("taken");
    assert_eq!(seen(12, CLIENT).await, "");
    let erasure = store.erasures_for(CLIENT, 0, 9).await.expect("read").remove(0);
    assert_eq!((erasure.seen_as.as_str(), erasure.handle), ("Lasser 12 zoekt werk", handle(2)));
    store.erased_up_to(CLIENT, erasure.number, Vec::new(), at(601)).await.expect("written").expect("listed");
    assert!(!stands(&stage.everything().await, "zoekt werk"));
}

async fn what_is_erased_is_said_one_by_one(engine: Engine) {
    let stage = Stage::set(engine).await;
    let store = &stage.store;
    store.note_copies((1..4).map(|number| came(number, 900)).collect(), at(100)).await.expect("noted");
    for number in 1..4 {
        store.take_tombstone(tombstone(number), &[], None, at(200)).await.expect("taken");
    }
    let numbers = async || store.erasures_for(CLIENT, 0, 9).await.expect("read").iter().map(|one| one.number).collect::<Vec<_>>();
    let say = async |client: &str, these: &[u64]| {
        let told = store.erased_these(client, these.iter().copied().collect::<BTreeSet<u64>>(), at(300)).await.expect("written");
        told.map(|settled| settled.iter().map(|one| one.tombstone).collect::<Vec<_>>())
    };
    let listed = numbers().await;
    for these in [&[listed[1], 99][..], &[], &[99]] {
        assert_eq!(say(CLIENT, these).await, Err(NotErased::NotListed { last: listed[2] }), "{these:?}");
    }
    assert_eq!(say("ats", &listed).await, Err(NotErased::NotListed { last: 0 }), "another client's");
    assert_eq!(numbers().await, listed);
    assert_eq!(say(CLIENT, &[listed[0], listed[2]]).await, Ok(vec![tombstone(1).tombstone, tombstone(3).tombstone]));
    assert_eq!(numbers().await, [listed[1]], "the one between them is open");
    assert_eq!(say(CLIENT, &[listed[0]]).await, Ok(Vec::new()), "said twice is said once");
}
