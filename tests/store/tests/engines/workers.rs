//! Workers: what recipients say that they hold, and what is left of one who was erased, which is nothing that says who it was.

use polder_consent::holdings::{HeldCopy, Noted};
use polder_consent::leaf::row_bytes;
use polder_consent::request::{AskedFor, MOST_A_DAY};
use polder_consent::{DisclosureId, Epoch, Field, FieldSet, Handle, State, What, WorkerId};
use polder_model::about::About;
use polder_model::{Kind, OfferKey, PartnerId, Purpose};
use polder_store::people::{Acknowledged, Asked, Came, Made, NotAnswered, Refused, Requesting, Whom};

use crate::on_both_engines;
use crate::support::stage::{CHAIN, FIELDS, Stage, partner, stands};
use crate::support::{Engine, at, key};
use crate::sweeps::old;

on_both_engines!(
    recipients_are_asked_until_they_answer,
    nothing_of_a_worker_is_left_but_hashes,
    what_another_read_stays,
    a_view_that_was_gone_is_another_one,
    tombstones_are_counted_for_each_recipient_apart,
    requests_are_bounded_and_say_what_is_in_force,
    questions_of_one_instant_are_all_told
);

async fn recipients_are_asked_until_they_answer(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    let consent = stage.give(worker, 1, "tekst", (0, 1_000)).await;
    let disclosed = stage.disclose(1).await;
    let (handle, disclosure) = disclosed[0];
    let noted = Noted {
        disclosure,
        purpose: Purpose::MatchVacancy,
        epoch: Epoch(1),
        fields: FIELDS,
        at: at(1),
        use_until: at(1_000),
        erased: false,
        told: false,
    };
    assert_eq!(store.noted_for(worker, &partner(2)).await.expect("read"), [noted]);
    assert!(store.noted_for(worker, &partner(3)).await.expect("read").is_empty());
    store.begin_gathering(worker, at(10)).await.expect("begun");
    let awaited = store.holdings_awaited(worker).await.expect("read");
    assert_eq!(
        awaited.iter().map(|one| (one.worker, one.recipient.clone(), one.handle)).collect::<Vec<_>>(),
        [(worker, partner(2), handle)]
    );
    assert_eq!(store.recipients_awaited().await.expect("read"), [partner(2)]);
    assert_eq!(store.holdings_awaited_from(&partner(2), 9).await.expect("read"), awaited);
    assert!(store.holdings_awaited_from(&partner(3), 9).await.expect("read").is_empty());
    assert!(store.holdings_awaited(WorkerId::from_random([7; 16])).await.expect("read").is_empty());
    store.note_holdings(&awaited[0], Err("slow".to_owned()), at(15)).await.expect("noted");
    store.begin_gathering(worker, at(20)).await.expect("begun");
    let gathered = store.gathered_of(worker).await.expect("read").remove(0);
    assert_eq!(
        (gathered.since, gathered.answer, gathered.reason.as_str()),
        (at(10), None, "slow"),
        "it is awaited since it was asked first"
    );
    store.note_holdings(&awaited[0], Ok("{}".to_owned()), at(25)).await.expect("noted");
    store.note_holdings(&awaited[0], Err("slow".to_owned()), at(26)).await.expect("too late: it has answered");
    let answered = store.gathered_of(worker).await.expect("read").remove(0);
    assert_eq!((answered.answer.clone(), answered.reason.as_str()), (Some((at(25), "{}".to_owned())), ""));
    store.begin_gathering(worker, at(84)).await.expect("begun");
    assert_eq!(store.gathered_of(worker).await.expect("read"), [answered], "it answered less than a minute ago");
    store.begin_gathering(worker, at(85)).await.expect("begun");
    assert_eq!(store.recipients_awaited().await.expect("read"), [partner(2)]);
    store.end_consent(worker, consent.id, What::Withdraw, at(90)).await.expect("written").expect("ended");
    assert!(store.noted_for(worker, &partner(2)).await.expect("read")[0].told);

    // The other side: of one source, one handle.
    let came = |number: u8, source: PartnerId, handle| Came {
        disclosure: DisclosureId::from_random([number; 16]),
        source,
        handle,
        purpose: Purpose::MatchVacancy,
        epoch: Epoch(1),
        fields: FIELDS,
        about: About { kind: Kind::Vacancy, key: key("V-1") },
        client: "ats".to_owned(),
        use_until: at(500),
        chain: CHAIN,
    };
    let others = Handle::from_random([5; 16]);
    let all = vec![came(1, partner(3), others), came(2, partner(4), others), came(3, partner(3), handle)];
    store.note_copies(all, at(100)).await.expect("noted");
    let held = store.holdings_for(&partner(3), others).await.expect("read");
    let copy = HeldCopy {
        disclosure: DisclosureId::from_random([1; 16]),
        purpose: Purpose::MatchVacancy,
        epoch: Epoch(1),
        fields: FIELDS,
        at: at(100),
        use_until: at(500),
        system: "ats".to_owned(),
    };
    assert_eq!((held.copies, held.erasing.len(), held.more), (vec![copy], 0, false));
}

async fn a_view_that_was_gone_is_another_one(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    let mut names = Vec::new();
    for number in 1..=3 {
        let consent = stage.give(worker, number, "tekst", (i64::from(number), 1_000)).await;
        let followed = stage.changes.lock().expect("kept").last().cloned().expect("a view");
        assert_eq!((followed.version, followed.document.is_some()), (1, true), "whoever sees it does not learn who saw it before");
        names.push(followed.key.to_string());
        store.end_consent(worker, consent.id, What::Withdraw, at(i64::from(number))).await.expect("written").expect("ended");
        let gone = stage.changes.lock().expect("kept").last().cloned().expect("a view");
        assert_eq!((gone.key.as_str(), gone.document), (names[names.len() - 1].as_str(), None), "whoever follows hears that it is gone");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 3);
    let day = 86_400;
    store.sweep_old(old(0, 0, day)).await.expect("swept");
    let all = stage.everything().await;
    assert!(names.iter().all(|name| stands(&all, name)), "a replica may be behind");
    store.sweep_old(old(0, 0, 3 * day)).await.expect("swept");
    let all = stage.everything().await;
    assert!(!names.iter().any(|name| stands(&all, name)));
}

/// By one count for all, partners who compare would know that what came one after the other is of one worker.
async fn tombstones_are_counted_for_each_recipient_apart(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (store, partners) = (&stage.store, [partner(2), partner(3)]);
    for round in 1..=3_u8 {
        let worker = stage.worker(&format!("P-{round}")).await;
        for (number, recipient) in (2 * round..).zip(&partners) {
            stage.give_to(recipient.clone(), worker, number, "tekst", (0, 1_000)).await;
            assert_eq!(stage.disclose_to(recipient.clone(), 1).await.len(), 1, "those who ended are seen no more");
        }
        assert_eq!(store.end_all_consents(worker, What::Withdraw, at(2)).await.expect("written").len(), 2);
    }
    for recipient in &partners {
        let numbers = |owed: Vec<polder_store::people::Tombstone>| owed.iter().map(|one| one.number).collect::<Vec<u64>>();
        assert_eq!(numbers(store.owed_to(recipient, 0, 9).await.expect("read")), [1, 2, 3]);
        assert_eq!(numbers(store.owed_to(recipient, 2, 9).await.expect("read")), [3]);
    }
}

async fn nothing_of_a_worker_is_left_but_hashes(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    let text = "Wat deze ene werkende las.";
    let expired = stage.give(worker, 1, text, (0, 2)).await;
    assert_eq!(store.expire_consents(at(3)).await.expect("closed"), 1);
    let consent = stage.give(worker, 2, text, (3, 1_000)).await;
    let (handle, disclosure) = stage.disclose(4).await[0];
    let asked =
        Asked { at: at(4), query: "vraag-1".to_owned(), purpose: Purpose::FindWork, partners: vec![partner(2)], fields: Vec::new() };
    store.note_asked(worker, asked.clone(), CHAIN).await.expect("noted");
    store.begin_gathering(worker, at(10)).await.expect("begun");
    let salts: Vec<String> = {
        let decisions = store.decisions_of(worker).await.expect("read").into_iter().map(|(_, salt, _)| salt.to_hex());
        let seen = store.disclosures_of(worker, None, 9).await.expect("read").into_iter().map(|row| row.salt.to_hex());
        decisions.chain(seen).collect()
    };
    assert_eq!(salts.len(), 4, "two grants, an end by the clock, and a disclosure");
    let names = [worker.to_string(), consent.id.to_string(), expired.id.to_string(), disclosure.to_string(), handle.to_string()];
    let says = ["Onvindbaarlasser".to_owned(), text.to_owned(), consent.notice.sha256.clone(), "vraag-1".to_owned()];
    let ended = String::from_utf8(row_bytes(&(expired.id, expired.until))).expect("text");
    let before = stage.everything().await;
    for personal in salts.iter().chain(&names).chain(&says).chain([&ended]) {
        assert!(stands(&before, personal), "{personal} is looked for where it stands");
    }
    let leaves = store.leaves(0, 100).await.expect("read").len();

    let erased = store.erase_worker(worker, at(0), at(20)).await.expect("erased").expect("there was one");
    assert_eq!((erased.consents, erased.disclosures, erased.questions, erased.handles), (2, 1, 1, 1));
    assert_eq!(
        (erased.ended.len(), erased.told.clone(), erased.left_lately),
        (1, vec![(partner(2), Purpose::MatchVacancy, Epoch(2))], true)
    );
    assert_eq!(
        store.leaves(0, 100).await.expect("read").len(),
        leaves + 1,
        "the withdrawal has its leaf; nothing was taken out of the log"
    );
    let after = stage.everything().await;
    for personal in salts.iter().chain(&says).chain([&ended]).chain(names.iter().filter(|name| **name != handle.to_string())) {
        assert!(!stands(&after, personal), "{personal}");
    }
    assert!(stands(&after, &handle.to_string()), "the recipient has to be told by it");
    assert!(store.erase_worker(worker, at(0), at(21)).await.expect("read").is_none(), "there is nobody any more");
    store.note_asked(worker, asked, CHAIN).await.expect("nothing to note");
    assert!(store.asked_for(worker, None, 9).await.expect("read").is_empty());
    // Views that are gone are followed by other replicas.
    let followed = stage.changes.lock().expect("kept").clone();
    let gone = followed.iter().rfind(|change| change.audience.is_some()).map(|last| last.document.is_none());
    assert_eq!(gone, Some(true));

    let owed = store.owed_to(&partner(2), 0, 9).await.expect("read").remove(0);
    assert_eq!((owed.handle, owed.epoch), (handle, Epoch(2)));
    assert_ne!(owed.worker, worker);
    let done = store.acknowledge(&partner(2), owed.id, "gewist".to_owned(), Vec::new(), at(30)).await.expect("written");
    assert_eq!(done, Acknowledged::Done);
    assert!(!stands(&stage.everything().await, &handle.to_string()), "then it is gone too");
    assert!(store.recipients_owed().await.expect("read").is_empty());
    // Whoever comes after under the same key is somebody else.
    assert_ne!(stage.worker("P-1").await, worker);
}

async fn what_another_read_stays(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (one, other) = (stage.worker("P-1").await, stage.worker("P-2").await);
    stage.give(one, 1, "tekst", (0, 1_000)).await;
    let kept = stage.give(other, 2, "tekst", (0, 1_000)).await;
    let offer: OfferKey = key("P-2");
    assert_eq!(stage.disclose(1).await.len(), 2);
    stage.store.erase_worker(one, at(0), at(20)).await.expect("erased").expect("there was one");
    assert_eq!(stage.store.notice(&kept.notice.sha256).await.expect("read").as_deref(), Some(b"tekst".as_slice()));
    assert_eq!(stage.store.offer_of(other).await.expect("read"), Some(offer));
    assert_eq!(stage.store.disclosures_of(other, None, 9).await.expect("read").len(), 1);
    assert_eq!(stage.disclose(1).await.len(), 1, "the other one is there still");
}

async fn requests_are_bounded_and_say_what_is_in_force(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    stage.give(worker, 1, "tekst", (0, 1_000)).await;
    let (handle, _) = stage.disclose(1).await[0];
    let asking = |whom: Whom, asker: u32, purpose, field, now| Requesting {
        asker: partner(asker),
        whom,
        recipient: partner(asker),
        purpose,
        fields: FieldSet::of(&[field]),
        assisted_by: Some("m-17".to_owned()),
        about: AskedFor::new(Kind::Vacancy, key("V-1"), "Kok", Some("Bakkerij Zeewolde")),
        chain: CHAIN,
        foreign: asker != 1,
        now: at(now),
    };
    let known = Whom::Handle(handle);
    let in_force = async |whom: &Whom, asker: u32, now| {
        let asked = Requesting {
            fields: FieldSet::of(&[Field::Title, Field::Hours]),
            ..asking(whom.clone(), asker, Purpose::MatchVacancy, Field::Title, now)
        };
        let looked = store.look(asked.clone()).await.expect("written");
        assert_eq!(store.in_force(&asked).await.expect("read"), looked, "a look says the same");
        looked
    };
    let title = FieldSet::of(&[Field::Title]);
    assert_eq!((in_force(&known, 2, 5).await, in_force(&Whom::Offer(key("P-1")), 2, 5).await), (title, title));
    for (whom, asker, now) in
        [(&known, 3, 5), (&known, 2, 1_000), (&Whom::Offer(key("P-2")), 2, 5), (&Whom::Handle(Handle::from_random([1; 16])), 2, 5)]
    {
        assert_eq!(in_force(whom, asker, now).await, FieldSet::NONE, "{whom:?}");
    }
    let ask = async |asking| store.ask_consent(asking).await.expect("written");
    let contact = Purpose::BeContacted;
    assert_eq!(ask(asking(known.clone(), 2, contact, Field::ContactName, 10)).await, Ok(()));
    assert_eq!(ask(asking(known.clone(), 3, contact, Field::ContactName, 10)).await, Ok(()), "another partner's handle: nobody");
    assert_eq!(ask(asking(Whom::Offer(key("P-9")), 1, contact, Field::ContactName, 10)).await, Ok(()), "nobody");
    assert_eq!(ask(asking(known.clone(), 2, Purpose::MatchVacancy, Field::Title, 10)).await, Ok(()), "in force");
    let requests = store.requests_of(worker).await.expect("read");
    assert_eq!(requests.len(), 1);
    let (one, helper) = (&requests[0], Some("m-17".to_owned()));
    assert_eq!((&one.recipient, one.purpose, &one.assisted_by, one.state(at(11))), (&partner(2), contact, &helper, Some(State::Requested)));
    assert_eq!(store.request_of(worker, one.id).await.expect("read").as_ref(), Some(one));
    assert_eq!(store.request_of(WorkerId::from_random([1; 16]), one.id).await.expect("read"), None);
    assert_eq!(one.about, asking(known.clone(), 2, contact, Field::ContactName, 10).about);
    assert_eq!(store.requests_waiting(worker, at(11), 9).await.expect("read"), (vec![one.clone()], 1));
    assert_eq!(store.requests_waiting(worker, at(10 + 30 * 86_400), 9).await.expect("read"), (Vec::new(), 0), "it has lapsed");
    let answered = store.answer_request(worker, one.id, What::Refuse, at(12)).await.expect("written").expect("it was open");
    assert_eq!(answered.state(at(13)), Some(State::Refused));
    assert_eq!(store.requests_waiting(worker, at(13), 9).await.expect("read"), (Vec::new(), 0), "it is answered");
    let twice = store.answer_request(worker, one.id, What::Refuse, at(12)).await.expect("read");
    assert_eq!(twice, Err(NotAnswered::NotOpen));
    // One that is put off stays open; what was not agreed to is known.
    let whom = Whom::Offer(key("P-1"));
    assert_eq!(ask(Requesting { foreign: false, ..asking(whom, 1, Purpose::TrainingAdvice, Field::Skills, 14) }).await, Ok(()));
    let later = store.requests_waiting(worker, at(15), 9).await.expect("read").0.remove(0);
    store.answer_request(worker, later.id, What::Defer, at(15)).await.expect("written").expect("it was open");
    let (open, count) = store.requests_waiting(worker, at(16), 9).await.expect("read");
    assert_eq!((open[0].id, open[0].state(at(16)), count), (later.id, Some(State::Deferred), 1));
    let not_given = async |after| {
        let found = store.requests_not_given(worker, after, 1, at(16)).await.expect("read");
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(not_given(None).await, [later.id]);
    assert_eq!(not_given(Some((later.at, &later.id.to_string()))).await, [one.id]);
    store.answer_request(worker, later.id, What::Refuse, at(17)).await.expect("written").expect("it was open");
    assert_eq!(store.requests_waiting(worker, at(18), 9).await.expect("read").1, 0);
    let made = Made {
        id: one.id,
        client: "ats".to_owned(),
        partner: partner(1),
        key: key("P-1"),
        recipient: partner(2),
        purpose: contact,
        fields: title,
        about: AskedFor::new(Kind::Vacancy, key("V-1"), "Kok", None),
        at: at(10),
        seen_as: String::new(),
    };
    store.note_request(made.clone()).await.expect("noted");
    assert_eq!(store.request_made("ats", one.id).await.expect("read"), Some(made.clone()));
    let later = Made { id: polder_consent::RequestId::from_random([9; 16]), at: at(11), ..made.clone() };
    store.note_request(later.clone()).await.expect("noted");
    let list = |client, before, most| store.requests_made(client, at(before), most);
    assert_eq!(list("ats", 12, 9).await.expect("read"), [later.clone(), made.clone()], "newest first");
    assert_eq!(list("ats", 12, 1).await.expect("read"), [later]);
    assert_eq!(list("ats", 11, 9).await.expect("read"), [made], "those before");
    assert_eq!(list("lms", 12, 9).await.expect("read"), [], "of another system");
    assert_eq!(store.request_made("lms", one.id).await.expect("read"), None);
    // A day has so many requests for a partner, whomever they are for.
    for number in 2..MOST_A_DAY {
        let nobody = Whom::Handle(Handle::from_random([u8::try_from(number % 250).expect("small"); 16]));
        assert_eq!(ask(asking(nobody, 2, contact, Field::ContactName, 20)).await, Ok(()), "{number}");
    }
    assert_eq!(ask(asking(known.clone(), 2, contact, Field::ContactName, 20)).await, Err(Refused::BudgetSpent));
    assert_eq!(ask(asking(known.clone(), 3, contact, Field::ContactName, 20)).await, Ok(()), "another partner");
    assert_eq!(ask(asking(known, 2, contact, Field::ContactName, 20 + 86_400)).await, Ok(()), "another day");
    store.sweep_old(old(0, 86_400, 401 * 86_400)).await.expect("swept");
    assert!(store.requests_of(worker).await.expect("read").is_empty(), "400 days are enough");
    assert_eq!(store.request_made("ats", one.id).await.expect("read"), None);
}

async fn questions_of_one_instant_are_all_told(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    let (mut asked, mut told) = (Vec::new(), Vec::new());
    for (number, seconds) in [(1, 10), (2, 20), (3, 20), (4, 20), (5, 30)] {
        let query = format!("{number}f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77");
        asked.push((at(-seconds), query.clone()));
        let one = Asked { at: at(seconds), query, purpose: Purpose::FindWork, partners: vec![partner(2)], fields: Vec::new() };
        store.note_asked(worker, one, CHAIN).await.expect("noted");
    }
    // The last one first, one a page.
    asked.sort();
    let mut after: Option<Asked> = None;
    while let Some(next) = {
        let after = after.as_ref().map(|last| (last.at, last.query.as_str()));
        store.asked_for(worker, after, 1).await.expect("read").pop()
    } {
        told.push(next.query.clone());
        after = Some(next);
    }
    assert_eq!(told, asked.into_iter().map(|(_, query)| query).collect::<Vec<_>>());
}
