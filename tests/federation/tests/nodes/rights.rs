//! A worker's rights over the whole federation: what everyone holds of them.

use std::time::Duration;

use polder_consent::erasure::Erasure;
use polder_consent::holdings::HoldingsRequest;
use polder_consent::leaf::{Leaf, NewLeaf, row_bytes};
use polder_consent::{DisclosureId, Epoch, Field, FieldSet, Handle, Salt, TombstoneId};
use polder_exchange::log::LogRow;
use polder_exchange::people::{Access, DecideRefused, Decision};
use polder_federation_tests::people::{MATCHED, decision, erase_all, give, profile, put};
use polder_model::about::About;
use polder_model::contact::ContactAsked;
use polder_model::{Kind, Purpose};
use polder_store::people::{Came, Sent};
use polder_trust::evidence::{EvidenceKind, verify_of};
use serde_json::{Value, json};

use crate::people::Stage;

/// Long enough for a copy not to be on its way any more.
const SETTLED: Duration = Duration::from_secs(120);

async fn gathered(stage: &Stage) -> Value {
    stage.node(0).gather_holdings(stage.worker).await.expect("asked");
    shown(&stage.node(0).access(stage.worker).await.expect("put together"))
}

fn shown(access: &Access) -> Value {
    serde_json::to_value(access).expect("JSON")
}

#[tokio::test]
async fn everyone_who_received_something_says_what_they_hold() {
    let stage = Stage::set().await;
    let before = gathered(&stage).await;
    assert_eq!((&before["partners"], before.get("askedAt")), (&json!([]), None), "nobody received anything");
    let consent = stage.give(1, &MATCHED).await;
    stage.give(2, &MATCHED).await;
    let under = stage.seek(1).await.hits[0].disclosure.clone().expect("under what it was given");
    stage.federation.clock.pass(SETTLED);
    let access = gathered(&stage).await;
    let partner = stage.node(1).home().partner.as_str();
    assert_eq!(access["partners"].as_array().map(Vec::len), Some(1), "the other one may see, and received nothing: {access}");
    let held = &access["partners"][0];
    assert_eq!((&held["partner"], &held["state"], &held["differences"]), (&json!(partner), &json!("answered"), &json!([])), "{held}");
    let copy = json!({"disclosure": under.id, "purpose": "match-vacancy", "epoch": 1, "fields": ["/title", "/skills"],
                      "at": "2026-03-02T09:30:00Z", "useUntil": "2026-03-03T09:30:00Z", "system": "operator"});
    assert_eq!(held["copies"], json!([copy]));
    assert_eq!(access["values"], "with-the-systems-named");
    let home = &access["home"];
    assert_eq!((&home["profile"]["key"], &home["profile"]["document"]["contact"]["name"]), (&json!("P-1"), &json!("Anna Voorbeeld")));
    let read = home["notices"].as_array().expect("a list");
    let read = read.iter().find(|notice| notice["sha256"] == home["consents"][0]["consent"]["notice"]["sha256"]).expect("its text");
    assert!(read["text"].as_str().expect("a text").contains("uw vaardigheden"));
    assert_eq!((home["consents"].as_array().map(Vec::len), &home["disclosures"][0]["id"]), (Some(2), &json!(under.id)));
    assert_eq!(home["receipts"].as_array().map(Vec::len), Some(1));

    // What is being erased is said so, by whom, and is no difference.
    stage.federation.clock.pass(SETTLED);
    stage.withdraw(&consent).await;
    stage.node(0).deliver_once().await.expect("delivered");
    let held = gathered(&stage).await["partners"][0].clone();
    let erasing = json!([{"purpose": "match-vacancy", "epoch": 1, "fields": [], "since": "2026-03-02T09:34:00Z", "system": "operator"}]);
    assert_eq!((&held["copies"], &held["erasing"], &held["differences"]), (&json!([]), &erasing, &json!([])));
    erase_all(stage.node(1), "operator").await;
    stage.federation.clock.pass(SETTLED);
    let held = gathered(&stage).await["partners"][0].clone();
    assert_eq!((&held["copies"], &held["erasing"], &held["differences"]), (&json!([]), &json!([]), &json!([])));
}

#[tokio::test]
async fn what_does_not_go_with_the_ledger_is_named() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let found = stage.seek(1).await;
    let under = found.hits[0].disclosure.clone().expect("under what it was given");
    let (source, handle) = (stage.node(0).home().partner.clone(), found.hits[0].key.as_str().parse::<Handle>().expect("a handle"));
    stage.federation.clock.pass(SETTLED);
    let store = stage.node(1).store();
    let (purpose, now) = (Purpose::MatchVacancy, stage.node(1).now());
    let other = Came {
        disclosure: DisclosureId::from_random([7; 16]),
        source: source.clone(),
        handle,
        purpose,
        epoch: Epoch(2),
        fields: FieldSet::of(&MATCHED),
        about: About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") },
        client: "operator".to_owned(),
        use_until: now.plus_seconds(3_600),
        chain: polder_exchange::traces::chain(),
    };
    assert_eq!(store.note_copies(vec![other.clone()], now).await.expect("noted"), [true]);
    let differences = gathered(&stage).await["partners"][0]["differences"].clone();
    assert_eq!(differences, json!([{"kind": "not-in-ledger", "disclosure": other.disclosure}]));
    // It erases what it was not told to.
    let sent = Sent {
        tombstone: TombstoneId::from_random([1; 16]),
        source,
        handle,
        purpose,
        epoch: Epoch(2),
        fields: FieldSet::default(),
        named: Vec::new(),
    };
    store.take_tombstone(sent, &[], None, now).await.expect("taken");
    stage.federation.clock.pass(SETTLED);
    let differences = gathered(&stage).await["partners"][0]["differences"].clone();
    assert_eq!(differences, json!([{"kind": "not-held", "disclosure": under.id}]));
}

#[tokio::test]
async fn who_answered_is_not_asked_anew_at_once_and_who_did_not_is_awaited() {
    let mut stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    stage.give(2, &MATCHED).await;
    stage.seek(1).await;
    stage.seek(2).await;
    stage.federation.clock.pass(SETTLED);
    drop(stage.federation.nodes.pop());
    let began = stage.node(0).now();
    let access = gathered(&stage).await;
    let states: Vec<_> = access["partners"].as_array().expect("a list").iter().map(|held| (&held["state"], &held["reason"])).collect();
    assert!(
        states.contains(&(&json!("answered"), &Value::Null)) && states.contains(&(&json!("awaited"), &json!("unreachable"))),
        "{access}"
    );
    stage.federation.clock.pass(Duration::from_secs(30));
    stage.seek_some(1).await;
    let again = gathered(&stage).await;
    let of = |access: &Value, state: &str| {
        access["partners"].as_array().expect("a list").iter().find(|held| held["state"] == state).cloned().expect("one")
    };
    assert_eq!(of(&again, "answered"), of(&access, "answered"), "it answered less than a minute ago");
    let since = of(&again, "awaited")["since"].clone();
    assert_eq!(since, json!(began), "it is awaited since it was asked first");
    assert!(of(&again, "awaited").get("copies").is_none(), "nothing is made up of what is not known");
    stage.federation.clock.pass(Duration::from_secs(31));
    let anew = of(&gathered(&stage).await, "answered");
    assert_eq!(anew["copies"].as_array().map(Vec::len), Some(2), "{anew}");
}

#[tokio::test]
async fn what_is_held_is_told_to_its_source_alone() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let handle = stage.seek(1).await.hits[0].key.as_str().parse::<Handle>().expect("a handle");
    let answer = async |from: usize, handle: Handle| {
        let register = stage.node(1).register();
        let member = register.member(&stage.node(from).home().partner).expect("a member").clone();
        let said = stage.node(1).answer_holdings(&member, HoldingsRequest { handle }).await.expect("answered");
        serde_json::to_string(&said).expect("JSON").replace(&handle.to_string(), "…")
    };
    let nothing = answer(0, Handle::from_random([0; 16])).await;
    assert_eq!(nothing, r#"{"handle":"…","copies":[],"erasing":[],"more":false}"#);
    assert_eq!(answer(2, handle).await, nothing, "another partner's handle is like one that never was");
    assert_ne!(answer(0, handle).await, nothing);
}

#[tokio::test]
async fn who_is_erased_is_found_by_nobody_and_whoever_has_a_copy_is_told() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    stage.give(2, &[Field::Title, Field::Skills, Field::Hours]).await;
    stage.seek(1).await;
    let node = stage.node(0);
    let gone = node.erase(stage.worker).await.expect("erased");
    for at in [1, 2] {
        assert!(stage.seek(at).await.hits.is_empty());
    }
    // The last receipt says what was there and who has to erase still; those of the consents say how they ended.
    let own = node.register().member(&node.home().partner).cloned().expect("a member");
    let payload = verify_of(EvidenceKind::Erasure, &gone.receipt.expect("a receipt"), &own, node.now()).expect("its signature holds");
    super::moves::follows("erasure", &serde_json::from_slice(&payload).expect("JSON"));
    let receipt: Erasure = serde_json::from_slice(&payload).expect("a receipt");
    assert_eq!((receipt.worker, receipt.iat, receipt.erased.consents, receipt.erased.disclosures), (stage.worker, gone.at, 2, 1));
    let told: Vec<_> = receipt.told_to_erase.iter().map(|told| &told.recipient).collect();
    assert_eq!(told, [&stage.node(1).home().partner], "the other one has nothing");
    assert_eq!(gone.receipts.len(), 1);
    assert!(verify_of(EvidenceKind::Receipt, &gone.receipts[0], &own, node.now()).is_ok());
    assert!(matches!(node.erase(stage.worker).await, Err(DecideRefused::Unknown)));
    assert!(node.consents_of(stage.worker, None, 9).await.expect("read").is_empty());
    // It is told until it has erased, and then there is nothing to tell any more.
    assert_eq!(node.outstanding().await.expect("read").len(), 1);
    node.deliver_once().await.expect("delivered");
    assert_eq!(stage.node(1).erasures("operator", 0, 9).await.expect("read").len(), 1);
    erase_all(stage.node(1), "operator").await;
    assert!(node.outstanding().await.expect("read").is_empty());
}

/// L5: what stays in the log verifies, and who knows the row itself, to the letter, cannot tell that a leaf speaks of it.
#[tokio::test]
async fn the_leaves_of_who_was_erased_still_verify_and_say_nothing() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.federation.tend_logs().await;
    let node = stage.node(0);
    let (export, _) = node.proof_of(stage.worker).await.expect("proved");
    assert_eq!(export.rows.len(), 2, "given and seen");
    node.erase(stage.worker).await.expect("erased");
    stage.federation.tend_logs().await;
    let erased = export.rows.iter().map(|row| LogRow { seq: row.leaf.seq, text: None }).collect();
    let without = node.log_export(erased).await.expect("proved");
    assert_eq!(super::logs::wrong(&without, node, 2), [""; 0]);
    assert!(without.rows.iter().all(|row| row.row.is_none() && row.salt.is_none()));
    let leaves: Vec<Leaf> = without.rows.into_iter().map(|row| row.leaf).collect();
    let speaks = |leaf: &Leaf, text: &[u8], salt: Salt| {
        let Leaf { seq, at, kind, recipient, purpose, activity, .. } = leaf.clone();
        NewLeaf { at, kind, recipient, purpose, activity, salt, row: text.to_vec() }.numbered(seq).row == leaf.row
    };
    // The true rows with a million salts that anyone could try: small numbers, and every text that can be made of the names in the row.
    let mut tried = 0;
    for (leaf, row) in leaves.iter().zip(&export.rows) {
        let text = row.row.as_deref().expect("the text").as_bytes();
        let salt = Salt::from_hex(row.salt.as_deref().expect("the salt")).expect("a salt");
        assert!(speaks(leaf, text, salt), "with the salt it would be known at once");
        for number in 0..500_000_u64 {
            let mut guess = [0; 32];
            guess[..8].copy_from_slice(&number.to_be_bytes());
            if number % 2 == 1 {
                guess[16..].copy_from_slice(&row_bytes(&stage.worker)[1..17]);
            }
            assert!(!speaks(leaf, text, Salt::from_random(guess)));
            tried += 1;
        }
    }
    assert_eq!(tried, 1_000_000);
}

/// Art. 16: whoever may use contact details for days is told that they are others now; what may be used for a day is gone by itself.
#[tokio::test]
async fn what_is_corrected_is_erased_by_whoever_may_use_it_for_long() {
    let stage = Stage::set().await;
    let (home, employer) = (stage.node(0), stage.node(1));
    stage.give(1, &MATCHED).await;
    let found = stage.seek(1).await;
    let contact =
        Decision { purpose: Purpose::BeContacted, ..decision(&[&employer.home().partner], &[Field::ContactName, Field::ContactEmail]) };
    let consent = give(home, stage.worker, &contact).await.expect("given").remove(0);
    let asked = ContactAsked {
        partner: home.home().partner.clone(),
        key: found.hits[0].key.clone(),
        about: About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") },
    };
    let first = employer.contact(&asked, "ats").await.expect("reached").disclosure;
    // What it does not show, what does not change, and what may be used for a day alone.
    let mut other = profile("Lasser zoekt werk");
    other["contact"]["telephone"] = json!("+31 6 1111 1111");
    put(home, "P-1", &other).await;
    put(home, "P-1", &other).await;
    assert!(
        home.outstanding().await.expect("read").is_empty(),
        "a new title is nothing of contact, and is seen when it is asked for again"
    );
    assert_eq!(stage.seek(1).await.hits[0].version, 2);

    other["contact"]["email"] = json!("anna@ander.example");
    put(home, "P-1", &other).await;
    let owed = home.store().owed_to(&employer.home().partner, 0, 9).await.expect("read");
    assert_eq!(owed.iter().map(|one| (one.purpose, one.named.len())).collect::<Vec<_>>(), [(Purpose::BeContacted, 1)]);
    put(home, "P-1", &profile("Lasser zoekt werk")).await;
    assert_eq!(home.store().owed_to(&employer.home().partner, 0, 9).await.expect("read").len(), 1, "it is told once");
    // It is asked for anew while the old one is being erased, and the new one stays.
    let second = employer.contact(&asked, "ats").await.expect("reached");
    home.deliver_once().await.expect("delivered");
    let erasures = employer.erasures("ats", 0, 9).await.expect("read");
    let named: Vec<String> = erasures[0].named.iter().map(ToString::to_string).collect();
    assert_eq!((erasures.len(), named), (1, vec![first.id.clone()]));
    let handle = found.hits[0].key.as_str().parse::<Handle>().expect("a handle");
    let held = employer.store().holdings_for(&home.home().partner, handle).await.expect("read").copies;
    let of_contact: Vec<String> =
        held.iter().filter(|copy| copy.purpose == Purpose::BeContacted).map(|copy| copy.disclosure.to_string()).collect();
    assert_eq!(of_contact, std::slice::from_ref(&second.disclosure.id));
    // A copy that was named and comes late is dropped.
    let late = Came {
        disclosure: first.id.parse().expect("an id"),
        source: home.home().partner.clone(),
        handle,
        purpose: Purpose::BeContacted,
        epoch: Epoch(first.epoch),
        fields: consent.fields,
        client: "ats".to_owned(),
        use_until: first.use_until,
        about: asked.about.clone(),
        chain: polder_exchange::traces::chain(),
    };
    assert_eq!(employer.store().note_copies(vec![late], employer.now()).await.expect("noted"), [false]);
    employer.erased("ats", erasures[0].number, Vec::new()).await.expect("said").expect("nothing is kept");
    assert!(home.outstanding().await.expect("read").is_empty());
    let rows = home.disclosures_of(stage.worker, None, 9).await.expect("read");
    let erased: Vec<String> = rows.iter().filter(|row| row.erased).map(|row| row.disclosure.id.to_string()).collect();
    assert_eq!(erased, [first.id], "that one, and no other");
    assert_eq!(home.copies_of(stage.worker).await.expect("read")[0].disclosures.len(), 1);
    // The consent goes on, and ends as ever.
    assert!(employer.contact(&asked, "ats").await.is_ok());
    stage.withdraw(&consent).await;
    home.deliver_once().await.expect("delivered");
    let left = employer.erasures("ats", erasures[0].number, 9).await.expect("read");
    assert_eq!(left.iter().map(|erasure| (erasure.purpose, erasure.named.len())).collect::<Vec<_>>(), [(Purpose::BeContacted, 0)]);
}
