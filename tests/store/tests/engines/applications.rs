//! Applications: sent under a decision that is checked each time, kept as long as their copies, gone with their worker.

use polder_consent::processing::Action;
use polder_consent::{
    Authentication, Consent, ConsentId, DisclosureId, Epoch, Field, FieldSet, GrantId, Ground, Handle, LegalBasis, Notice, What, WorkerId,
};
use polder_model::about::About;
use polder_model::application::ApplicationState;
use polder_model::{Kind, Purpose};
use polder_store::people::{
    Applied, Applying, AskAfter, Came, Giving, NotEnded, NotReceived, Openness, Progress, READERS, Receiving, Sending, Sent, Which,
};
use sha2::{Digest, Sha256};

use crate::on_both_engines;
use crate::support::stage::{CHAIN, Stage, partner, stands};
use crate::support::{Engine, at, key};

on_both_engines!(
    what_is_sent_again_goes_under_its_row_and_never_after_the_end,
    one_is_stopped_and_the_other_stands,
    nothing_of_an_application_is_left_of_who_was_erased,
    what_came_is_there_as_long_as_its_copy,
    who_was_given_one_erases_it_and_nobody_else,
    a_page_is_full_of_what_may_be_seen
);

const CHOSEN: FieldSet = FieldSet::of(&[Field::Skills, Field::Motivation]);
const WORDS: &str = "onvindbaargemotiveerd";

async fn apply(stage: &Stage, worker: WorkerId, number: u8, now: i64) -> Consent {
    let text = "tekst bij een sollicitatie";
    let consent = Consent {
        id: ConsentId::from_random([number; 16]),
        grant_id: GrantId::from_random([number; 16]),
        worker,
        controller: partner(1),
        recipient: partner(2),
        purpose: Purpose::Application,
        epoch: Epoch::default(),
        activity: "urn:example:activity".to_owned(),
        legal_basis: LegalBasis::ContractRequest,
        fields: CHOSEN,
        lease_seconds: 7 * 86_400,
        notice: Notice {
            id: String::new(),
            sha256: hex::encode(Sha256::digest(text)),
            language: "nl".to_owned(),
            channel: "api".to_owned(),
        },
        authentication: Authentication { issuer: String::new(), level: String::new(), at: at(0) },
        assisted_by: None,
        from: at(now),
        until: at(now + 90 * 86_400),
        renews: None,
    };
    let giving = Giving { worker, consents: vec![consent], notice: text.as_bytes().to_vec(), now: at(now) };
    let applying = Applying {
        giving,
        id: format!("id-{number}"),
        vacancy: key(&format!("V-{number}")),
        title: "Onvindbaretitel".to_owned(),
        employer: "Onvindbarewerkgever".to_owned(),
        fields: CHOSEN,
        motivation: WORDS.to_owned(),
    };
    stage.store.apply(applying).await.expect("written").expect("there is a profile").expect("the first").kept.consent
}

async fn send(stage: &Stage, number: u8, now: i64) -> Option<(DisclosureId, Vec<u8>)> {
    match stage.store.send_application(&format!("id-{number}"), true, CHAIN, at(now)).await.expect("written") {
        Sending::Ready(disclosed) => Some((disclosed.people()[0].disclosure, disclosed.people()[0].document.clone())),
        Sending::Nothing | Sending::NotOpen => None,
    }
}

async fn progress(stage: &Stage, worker: WorkerId, now: i64) -> Vec<Progress> {
    let found = stage.store.applications_of(worker, at(now)).await.expect("read");
    found.into_iter().map(|(application, _)| application.progress).collect()
}

async fn what_is_sent_again_goes_under_its_row_and_never_after_the_end(engine: Engine) {
    let stage = Stage::set(engine).await;
    let worker = stage.worker("P-1").await;
    let consent = apply(&stage, worker, 1, 1).await;
    assert_eq!(stage.store.applications_waiting().await.expect("read").len(), 1);
    let (first, document) = send(&stage, 1, 2).await.expect("it may leave");
    assert_eq!(
        String::from_utf8(document).expect("text"),
        format!(r#"{{"motivation":"{WORDS}","skills":[{{"uri":"https://skills.example/1"}}]}}"#)
    );
    let (again, _) = send(&stage, 1, 3).await.expect("nobody said that it came");
    assert_eq!(again, first, "under its row");
    let ledger = stage.store.disclosures_of(worker, None, 9).await.expect("read");
    assert_eq!((ledger.len(), ledger[0].disclosure.fields, ledger[0].disclosure.use_until), (1, CHOSEN, at(2 + 7 * 86_400)));
    let (later, _) = send(&stage, 1, 3 + 7 * 86_400).await.expect("it waits still");
    assert_ne!(later, first, "the time of the first row is over");
    stage.store.application_told("id-1", Some(Progress::Received), at(5)).await.expect("written");
    assert!(send(&stage, 1, 6).await.is_none() && stage.store.applications_waiting().await.expect("read").is_empty());
    let asked = async |told: i64, closed_since: i64| {
        let when = AskAfter { open_told_before: at(told), closed_told_before: at(told), closed_since: at(closed_since) };
        stage.store.applications_to_ask_after(when).await.expect("read").len()
    };
    assert_eq!((asked(5, 0).await, asked(6, 0).await), (0, 1));
    // What is closed may be opened again; what was closed long ago is left alone.
    stage.store.application_told("id-1", Some(Progress::Closed), at(6)).await.expect("written");
    assert_eq!((asked(6, 0).await, asked(7, 5).await, asked(7, 6).await), (0, 1, 0));
    stage.store.application_told("id-1", Some(Progress::Received), at(6)).await.expect("written");

    let ends = stage.store.what_ends(Which::Of(worker, Vec::new()), Ground::WorkerAsked, at(6)).await.expect("read").0;
    assert_eq!((ends.consents, ends.applications), (1, 1), "what would end is an application");
    stage.store.complete_texts().await.expect("a text of no version is looked at once");

    let second = apply(&stage, worker, 2, 7).await;
    assert_eq!((consent.epoch, second.epoch), (Epoch(1), Epoch(2)));
    assert_eq!(progress(&stage, worker, 8).await, [Progress::Waiting, Progress::Received], "the newer decision carries the first one on");
    stage.store.end_consent(worker, second.id, What::Withdraw, at(9)).await.expect("written").expect("ended");
    assert!(send(&stage, 2, 10).await.is_none(), "it was taken back before it left");
    assert_eq!(progress(&stage, worker, 10).await, [Progress::Withdrawn, Progress::Withdrawn]);
    let ended = stage.store.applications_of(worker, at(10)).await.expect("read");
    assert!(ended.iter().all(|(application, consent)| application.since == at(9) && consent.is_none()), "{ended:?}");
    apply(&stage, worker, 3, 11).await;
    assert_eq!(progress(&stage, worker, 12).await, [Progress::Waiting, Progress::Withdrawn, Progress::Withdrawn], "what ended stays so");
    assert!(send(&stage, 2, 12).await.is_none());
}

async fn one_is_stopped_and_the_other_stands(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, other) = (stage.worker("P-1").await, stage.worker("P-2").await);
    apply(&stage, worker, 1, 1).await;
    apply(&stage, worker, 2, 2).await;
    let (first, _) = send(&stage, 1, 3).await.expect("it may leave");
    send(&stage, 2, 3).await.expect("it may leave");
    for id in ["id-1", "id-2"] {
        stage.store.application_told(id, Some(Progress::Received), at(4)).await.expect("written");
    }
    let stop = async |worker, id, now| stage.store.stop_application(worker, id, at(now)).await.expect("written");
    assert_eq!(stop(other, "id-1", 5).await, Err(NotEnded::Unknown), "it is another's");
    assert_eq!(stop(worker, "id-1", 5).await, Ok(()));
    assert_eq!(progress(&stage, worker, 6).await, [Progress::Received, Progress::Withdrawn]);
    let owed = stage.store.tombstones_of(worker).await.expect("read");
    assert_eq!((owed.len(), &owed[0].named), (1, &vec![first]), "the copy of that one alone is to be erased");
    assert_eq!(stage.store.applications_standing(worker, at(6)).await.expect("read").len(), 1);
    assert!(stop(worker, "id-1", 6).await.is_err(), "it is stopped once");
    assert_eq!(stop(worker, "id-2", 7).await, Ok(()));
    let owed = stage.store.tombstones_of(worker).await.expect("read");
    assert!(owed.len() == 2 && owed[1].named.is_empty(), "the last one ends the decision: {owed:?}");
    let ever = (at(0), at(9));
    let log = stage.store.reader().processing(0, ever, 99).await.expect("read");
    let stops: Vec<_> = log.iter().filter(|record| record.action == Action::ApplicationStopped).map(|record| record.ended).collect();
    assert_eq!(stops, [at(5), at(7)], "what happened, and when, is in the processing log");
    let since: Vec<_> = stage.store.applications_of(worker, at(8)).await.expect("read").into_iter().map(|(one, _)| one.since).collect();
    assert_eq!(since, [at(7), at(5)]);
}

async fn nothing_of_an_application_is_left_of_who_was_erased(engine: Engine) {
    let stage = Stage::set(engine).await;
    let worker = stage.worker("P-1").await;
    apply(&stage, worker, 1, 1).await;
    send(&stage, 1, 2).await.expect("it may leave");
    let before = stage.everything().await;
    assert!(stands(&before, WORDS) && stands(&before, "onvindbaretitel"));
    stage.store.erase_worker(worker, at(0), at(3)).await.expect("written").expect("erased");
    let after = stage.everything().await;
    assert!(!stands(&after, WORDS) && !stands(&after, "onvindbaretitel") && !stands(&after, "onvindbarewerkgever"));
    assert!(send(&stage, 1, 4).await.is_none() && stage.store.applications_waiting().await.expect("read").is_empty());
}

fn receiving(number: u8, epoch: u64, now: i64) -> Receiving {
    let came = Came {
        disclosure: DisclosureId::from_random([number; 16]),
        source: partner(7),
        handle: Handle::from_random([7; 16]),
        purpose: Purpose::Application,
        epoch: Epoch(epoch),
        fields: CHOSEN,
        about: About { kind: Kind::Vacancy, key: key("V-1") },
        client: READERS.to_owned(),
        use_until: at(now + 1_000),
        chain: CHAIN,
    };
    let document = format!(r#"{{"motivation":"{WORDS}","skills":[]}}"#).into_bytes();
    Receiving { id: "an-id".to_owned(), came, vacancy: key("V-1"), document, most: 1, now: at(now) }
}

async fn what_came_is_there_as_long_as_its_copy(engine: Engine) {
    let stage = Stage::set(engine).await;
    let store = &stage.store;
    let open = Openness::default();
    let list = async |after, now| store.applications_after(after, &open, at(now), 9).await.expect("read");
    assert_eq!(store.receive_application(receiving(1, 1, 1)).await.expect("written"), Ok(ApplicationState::Received));
    let number = list(0, 2).await[0].number;
    assert!(store.set_application(number, ApplicationState::Closed, at(2)).await.expect("written"));
    // The same once more, and then a newer copy of it: it is one application, and stays closed.
    assert_eq!(store.receive_application(receiving(1, 1, 3)).await.expect("written"), Ok(ApplicationState::Closed));
    assert_eq!(list(0, 3).await[0].number, number);
    store.receive_application(receiving(2, 1, 4)).await.expect("written").expect("it is the same one");
    let another = Receiving { id: "another".to_owned(), ..receiving(4, 1, 4) };
    assert_eq!(store.receive_application(another).await.expect("written"), Err(NotReceived::TooMany));
    let newer = list(number, 4).await;
    assert_eq!((newer.len(), newer[0].state, list(0, 4).await.len()), (1, ApplicationState::Closed, 1));
    assert!(list(0, 1_004).await.is_empty(), "its time is over");
    let before = async |before, vacancy: Option<&str>, now| {
        let vacancy = vacancy.map(key);
        let (found, older) = store.applications_before(before, vacancy.as_ref(), &open, at(now), 1).await.expect("read");
        (found.len(), older)
    };
    let last = newer[0].number;
    assert_eq!(before(last + 1, None, 4).await, (1, Some(last)));
    for (number, vacancy, now) in [(last, None, 4), (last + 1, Some("V-2"), 4), (last + 1, None, 1_004)] {
        assert_eq!(before(number, vacancy, now).await, (0, None), "{number} {vacancy:?} {now}");
    }
    assert_eq!(before(last + 1, Some("V-1"), 4).await, (1, Some(last)));
    let one = async |number, now| store.application_numbered(number, &open, at(now)).await.expect("read").map(|one| one.state);
    assert_eq!((one(last, 4).await, one(last, 1_004).await, one(number, 4).await), (Some(ApplicationState::Closed), None, None));
    assert_eq!(store.last_application().await.expect("read"), last);
    let counted = store.applications_counted(&open, at(4)).await.expect("read");
    assert_eq!(counted.into_iter().collect::<Vec<_>>(), [(key("V-1"), Applied { all: 1, waiting: 0 })]);
    assert_eq!(store.application_state(&partner(7), "an-id").await.expect("read"), Some(ApplicationState::Closed));
    assert_eq!(store.application_state(&partner(8), "an-id").await.expect("read"), None);

    let clients = ["one".to_owned(), "two".to_owned()];
    assert_eq!(store.hand_out("two", list(0, 4).await).await.expect("noted").len(), 1);
    assert_eq!(store.hand_out("two", list(0, 4).await).await.expect("noted").len(), 1, "it is had as often as it is read");
    let less = store.take_tombstone(tombstone(FieldSet::of(&[Field::Motivation]), 1), &clients, None, at(5)).await.expect("taken");
    assert_eq!(less.waiting, 1, "who has read it");
    assert_eq!(list(0, 6).await[0].document, br#"{"skills":[]}"#, "it is cut down");
    let looked =
        store.erasures_for("two", 0, 9).await.expect("read")[0].looked.iter().map(|one| (one.at, one.about.clone())).collect::<Vec<_>>();
    assert_eq!(
        (looked, store.count_erasures("two").await.expect("read")),
        (vec![(at(4), key("V-1"))], 1),
        "and when it came, and for what, is known"
    );
    store.take_tombstone(tombstone(FieldSet::NONE, 2), &clients, None, at(7)).await.expect("taken");
    assert!(list(0, 8).await.is_empty() && !stands(&stage.everything().await, "an-id"), "nothing of it is kept");
    assert_eq!(store.receive_application(receiving(3, 2, 9)).await.expect("written"), Err(NotReceived::Ended), "it does not come back");
}

fn tombstone(fields: FieldSet, epoch: u64) -> Sent {
    Sent {
        tombstone: polder_consent::TombstoneId::from_random([u8::try_from(epoch).expect("few"); 16]),
        source: partner(7),
        handle: Handle::from_random([7; 16]),
        purpose: Purpose::Application,
        epoch: Epoch(epoch),
        fields,
        named: Vec::new(),
    }
}

async fn who_was_given_one_erases_it_and_nobody_else(engine: Engine) {
    let stage = Stage::set(engine).await;
    let store = &stage.store;
    let list = async || store.applications_after(0, &Openness::default(), at(2), 9).await.expect("read");
    let clients = ["one".to_owned(), "two".to_owned()];
    store.receive_application(receiving(1, 1, 1)).await.expect("written").expect("taken in");
    let listed = list().await;
    let ended = store.take_tombstone(tombstone(FieldSet::NONE, 1), &clients, None, at(2)).await.expect("taken");
    assert_eq!((ended.clients, ended.waiting), (0, 0), "nobody has read it");
    assert_eq!(store.hand_out("one", listed).await.expect("noted"), [], "what has ended meanwhile is not given");

    store.receive_application(receiving(2, 2, 3)).await.expect("written").expect("taken in");
    store.hand_out("one", list().await).await.expect("noted");
    let held = store.holdings_for(&partner(7), Handle::from_random([7; 16])).await.expect("read").copies;
    assert_eq!(held.iter().map(|one| one.system.as_str()).collect::<Vec<_>>(), ["one"]);
    let ended = store.take_tombstone(tombstone(FieldSet::NONE, 2), &clients, None, at(4)).await.expect("taken");
    assert_eq!((ended.clients, ended.waiting), (1, 1));
    assert_eq!((store.count_erasures("one").await.expect("read"), store.count_erasures("two").await.expect("read")), (1, 0));

    // Who read what since the backup is not known.
    store.receive_application(receiving(3, 3, 5)).await.expect("written").expect("taken in");
    store.hand_out("one", list().await).await.expect("noted");
    store.say_restored(at(6)).await.expect("written");
    assert!(store.reopen(Vec::new(), at(6)).await.expect("written"));
    let ended = store.take_tombstone(tombstone(FieldSet::NONE, 3), &clients, None, at(7)).await.expect("taken");
    assert_eq!((ended.clients, ended.waiting), (2, 2));
    assert_eq!(store.count_erasures("two").await.expect("read"), 1);
}

async fn a_page_is_full_of_what_may_be_seen(engine: Engine) {
    let stage = Stage::set(engine).await;
    let store = &stage.store;
    for number in 1..=6 {
        let mut one = Receiving { id: format!("id-{number}"), most: 9, ..receiving(number, 1, 1) };
        (one.came.source, one.came.handle) = (partner(7 + u32::from(number % 2)), Handle::from_random([number; 16]));
        store.receive_application(one).await.expect("written").expect("it is taken in");
    }
    // Restored from a backup: the node waits for one of the two.
    store.say_restored(at(2)).await.expect("written");
    let open = store.reader().openness().await.expect("read");
    let seen = async |open: &Openness| store.applications_after(0, open, at(3), 9).await.expect("read").len();
    assert_eq!((seen(&open).await, seen(&Openness::default()).await), (0, 6), "nothing is seen until it is known whom to ask");
    assert!(store.reopen(vec![partner(8)], at(2)).await.expect("written"));
    let open = store.reader().openness().await.expect("read");
    assert!(!open.is_open() && open.is_open_to(&partner(7)) && !open.is_open_to(&partner(8)));
    let first = store.applications_after(0, &open, at(3), 2).await.expect("read");
    let numbers: Vec<u64> = first.iter().map(|one| one.number).collect();
    let second = store.applications_after(numbers[1], &open, at(3), 2).await.expect("read");
    assert_eq!((first.len(), second.len()), (2, 1), "a page is as long as was asked, where there is more");
    assert!(first.iter().chain(&second).all(|one| one.source == partner(7)));
    let (newest, older) = store.applications_before(u64::from(u32::MAX), None, &open, at(3), 2).await.expect("read");
    assert_eq!((newest.len(), older), (2, newest.last().map(|one| one.number)));
    let (rest, older) = store.applications_before(older.expect("there are older ones"), None, &open, at(3), 2).await.expect("read");
    assert_eq!((rest.len(), older, rest[0].number), (1, None, numbers[0]));
}
