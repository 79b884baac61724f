//! The journal of what ended, beside either engine: a database that went back learns from it, and nothing ends that does not stand in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use polder_consent::{Authentication, Consent, ConsentId, Epoch, Field, FieldSet, GrantId, LegalBasis, Notice, State, What, WorkerId};
use polder_consent::{DisclosureId, Handle};
use polder_model::about::About;
use polder_model::{Kind, PartnerId, Purpose};
use polder_store::people::{Giving, MostHeard, NotGiven, Recollected, RecollectedCopy};
use polder_store::{Database, Precondition, Put, Store, StoreError};

use crate::support::{Engine, Place, at, copy, key, put, silent};

crate::on_both_engines!(
    what_ended_after_the_backup_has_ended_when_it_is_put_back,
    who_was_erased_after_the_backup_is_erased_when_it_is_put_back,
    the_journal_forgets_who_was_erased_and_what_is_old,
    a_crash_between_the_journal_and_the_database_ends_what_was_to_end,
    what_a_crash_left_of_the_last_lines_ends_nothing,
    nothing_ends_that_the_journal_does_not_take,
    a_journal_that_is_damaged_is_refused,
    a_transaction_that_failed_after_the_journal_is_made_up_for,
    a_database_without_its_journal_is_closed_until_somebody_says_what_it_is,
);

const SKILLS: &str = r#"{"title":"Lasser","skills":[{"uri":"https://skills.example/1"}]}"#;

pub(crate) fn partner(number: u8) -> PartnerId {
    format!("kvk:1000000{number}").parse().expect("a partner")
}

fn consent(worker: WorkerId, id: u8, fields: &[Field]) -> Consent {
    Consent {
        id: ConsentId::from_random([id; 16]),
        grant_id: GrantId::from_random([1; 16]),
        worker,
        controller: partner(1),
        recipient: partner(2),
        purpose: Purpose::MatchVacancy,
        epoch: Epoch::default(),
        activity: "urn:example:activity".to_owned(),
        legal_basis: LegalBasis::Consent,
        fields: FieldSet::of(fields),
        lease_seconds: 60,
        notice: Notice { id: String::new(), sha256: String::new(), language: "nl".to_owned(), channel: "api".to_owned() },
        authentication: Authentication { issuer: String::new(), level: String::new(), at: at(0) },
        assisted_by: None,
        from: at(0),
        until: at(3_600),
        renews: None,
    }
}

/// A database beside a journal.
pub(crate) struct Stage {
    pub(crate) place: Place,
    pub(crate) directory: tempfile::TempDir,
    pub(crate) store: Store,
}

impl Stage {
    pub(crate) async fn new(engine: Engine) -> Self {
        let (place, directory) = (Place::new(engine).await, tempfile::tempdir().expect("a directory"));
        fs::create_dir(directory.path().join("apart")).expect("a directory");
        let store = open(&place.database, &journal(&directory)).await.expect("a store");
        Self { place, directory, store }
    }

    pub(crate) fn journal(&self) -> PathBuf {
        journal(&self.directory)
    }

    pub(crate) async fn worker(&self, name: &str) -> WorkerId {
        let profile = Put { kind: Kind::SkillOffer, document: SKILLS.as_bytes().into(), ..put(name, SKILLS) };
        self.store.put_offer(profile).await.expect("stored");
        self.store.worker_of(&key(name), at(0)).await.expect("read").expect("a worker")
    }

    async fn give(&self, worker: WorkerId, id: u8, fields: &[Field]) -> Result<Result<(), NotGiven>, StoreError> {
        let giving = Giving { worker, consents: vec![consent(worker, id, fields)], notice: Vec::new(), now: at(0) };
        self.store.give(giving).await.map(|given| given.map(drop))
    }

    pub(crate) async fn given(&self, worker: WorkerId, id: u8) {
        self.give(worker, id, &[Field::Title, Field::Skills]).await.expect("given").expect("it may be");
    }

    /// The recipient knows a worker.
    pub(crate) async fn knows(&self, worker: WorkerId, handle: Handle) {
        let sql = format!("INSERT INTO handles (worker, recipient, handle) VALUES ('{worker}', '{}', '{handle}')", partner(2));
        crate::support::beside(&self.place, &sql).await;
    }

    /// The recipient says that it has a copy.
    async fn holds(&self, handle: Handle) {
        let copy = RecollectedCopy {
            disclosure: DisclosureId::from_random([5; 16]),
            epoch: Epoch(1),
            fields: FieldSet::of(&[Field::Title]),
            about: About { kind: Kind::Vacancy, key: key("V-1") },
            at: at(1),
            use_until: at(61),
        };
        let said = Recollected {
            handle,
            purpose: Purpose::MatchVacancy,
            ended: Epoch(0),
            held: vec![Epoch(1)],
            copies: vec![copy],
            erased: Vec::new(),
        };
        let most = MostHeard { lost: 10, rows: 10 };
        self.store.hear(&partner(2), vec![said], most, at(5)).await.expect("heard").expect("there is room");
    }

    pub(crate) async fn withdraw(&self, worker: WorkerId, id: u8) -> Result<(), StoreError> {
        let ended = self.store.end_consent(worker, ConsentId::from_random([id; 16]), What::Withdraw, at(10)).await?;
        ended.expect("it was in force");
        Ok(())
    }

    /// The database as it is now, for later.
    pub(crate) async fn back_up(&self) -> Database {
        copy(&self.place, self.directory.path()).await
    }

    /// Opens another database beside the journal.
    pub(crate) async fn restore(&mut self, backup: &Database) -> Result<(), StoreError> {
        self.store.close().await;
        self.store = open(backup, &self.journal()).await?;
        Ok(())
    }

    async fn states(&self, worker: WorkerId) -> Vec<Option<State>> {
        let kept = self.store.consents_of(worker).await.expect("read");
        kept.iter().map(|kept| kept.state(at(20))).collect()
    }

    pub(crate) async fn is_open(&self) -> bool {
        self.store.reader().openness().await.expect("read").is_open()
    }
}

fn journal(directory: &tempfile::TempDir) -> PathBuf {
    directory.path().join("apart/consent.journal")
}

pub(crate) async fn open(database: &Database, journal: &Path) -> Result<Store, StoreError> {
    let store = Store::open_beside(database.clone(), journal, silent()).await?;
    store.replay(at(0)).await?;
    Ok(store)
}

async fn what_ended_after_the_backup_has_ended_when_it_is_put_back(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let mut workers = Vec::new();
    for (number, name) in ["withdraws", "narrows", "deletes", "stays", "gives-anew"].into_iter().enumerate() {
        let worker = stage.worker(name).await;
        stage.given(worker, u8::try_from(number).expect("few")).await;
        workers.push(worker);
    }
    let backup = stage.back_up().await;
    stage.withdraw(workers[0], 0).await.expect("withdrawn");
    stage.give(workers[1], 11, &[Field::Title]).await.expect("given").expect("narrower");
    stage.store.delete_offer(Kind::SkillOffer, &key("deletes"), Precondition::None, at(10)).await.expect("deleted");
    stage.withdraw(workers[4], 4).await.expect("withdrawn");
    stage.given(workers[4], 14).await;
    stage.restore(&backup).await.expect("opened");
    assert!(!stage.is_open().await, "it is older than its journal");
    let expected = [State::Withdrawn, State::Superseded, State::Revoked, State::Given, State::Withdrawn];
    for (worker, state) in workers.iter().zip(expected) {
        assert_eq!(stage.states(*worker).await, [Some(state)], "what was given after the backup is lost, what ended is not");
    }
    // It is given for nobody, until whom to ask is known and they have answered.
    assert_eq!(stage.give(workers[0], 20, &[Field::Title]).await.expect("decided"), Err(NotGiven::ClosedTo(partner(2))));
    assert!(stage.store.reopen(vec![partner(2)], at(0)).await.expect("begun"));
    assert!(!stage.store.reopen(vec![partner(2)], at(0)).await.expect("read"), "once");
    stage.store.learn(&partner(2), Vec::new(), &["operator".to_owned()], true, at(120)).await.expect("learnt");
    assert!(stage.is_open().await);
    for worker in [workers[0], workers[4]] {
        let id = if worker == workers[0] { 20 } else { 24 };
        stage.given(worker, id).await;
        let kept = stage.store.consents_of(worker).await.expect("read");
        assert_eq!(kept.last().map(|kept| kept.consent.epoch), Some(Epoch(2)));
    }
    // All that is known now: a start finds nothing to do.
    let now = stage.back_up().await;
    stage.restore(&now).await.expect("opened");
    assert!(stage.is_open().await);
}

async fn who_was_erased_after_the_backup_is_erased_when_it_is_put_back(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let (worker, stays) = (stage.worker("P-1").await, stage.worker("P-2").await);
    for (worker, id) in [(worker, 1), (stays, 2)] {
        stage.given(worker, id).await;
    }
    let (handle, late_handle) = (Handle::from_random([7; 16]), Handle::from_random([8; 16]));
    stage.knows(worker, handle).await;
    let early = stage.back_up().await;
    let late = stage.worker("P-3").await;
    stage.given(late, 3).await;
    stage.knows(late, late_handle).await;
    let crash = stage.back_up().await;
    for worker in [worker, late] {
        assert!(stage.store.erase_worker(worker, at(0), at(30)).await.expect("erased").is_some());
    }
    // From the moment before, from long before, and from before one of them was known.
    for backup in [&crash, &early] {
        stage.restore(backup).await.expect("opened");
        for (worker, offer) in [(worker, "P-1"), (late, "P-3")] {
            assert_eq!(stage.store.reader().worker_of_offer(&key(offer)).await.expect("read"), None);
            assert!(stage.store.offer(Kind::SkillOffer, &key(offer)).await.expect("read").is_none());
            assert_eq!(stage.states(worker).await, []);
            assert_eq!(stage.store.tombstones_of(worker).await.expect("read"), [], "not by that name");
        }
        let owed = stage.store.owed_to(&partner(2), 0, 9).await.expect("read");
        let owed: BTreeSet<String> = owed.iter().map(|owed| owed.handle.to_string()).collect();
        assert_eq!(owed, BTreeSet::from([handle.to_string(), late_handle.to_string()]), "the recipient is told again");
        for handle in [handle, late_handle] {
            assert_eq!(stage.store.worker_by_handle(handle, &partner(2)).await.expect("read"), None);
        }
        assert_eq!(stage.states(stays).await, [Some(State::Given)], "nobody else");
    }
}

async fn the_journal_forgets_who_was_erased_and_what_is_old(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let (worker, unseen, stays) = (stage.worker("P-1").await, stage.worker("P-2").await, stage.worker("P-3").await);
    let handle = Handle::from_random([7; 16]);
    stage.knows(worker, handle).await;
    for (worker, id) in [(worker, 1), (unseen, 2), (stays, 3)] {
        stage.given(worker, id).await;
    }
    stage.holds(handle).await;
    let backup = stage.back_up().await;
    stage.withdraw(stays, 3).await.expect("withdrawn");
    for worker in [worker, unseen] {
        assert!(stage.store.erase_worker(worker, at(0), at(30)).await.expect("erased").is_some());
    }
    // Somebody has a copy of one still: a database that goes back has to learn by what handle. Nobody ever had one of the other.
    assert_eq!(stage.store.forget_ends(at(0)).await.expect("written"), 1);
    assert_eq!(stage.store.forget_ends(at(0)).await.expect("written"), 0);
    let said = fs::read_to_string(stage.journal()).expect("read");
    assert_eq!(said.matches(&handle.to_string()).count(), 1, "{said}");
    assert_eq!((lines_of(&said, worker), lines_of(&said, unseen), lines_of(&said, stays)), (2, 1, 1), "{said}");
    let owed = stage.store.owed_to(&partner(2), 0, 9).await.expect("read");
    for owed in owed {
        stage.store.acknowledge(&partner(2), owed.id, "done".to_owned(), Vec::new(), at(40)).await.expect("acknowledged");
    }
    assert_eq!(stage.store.forget_ends(at(0)).await.expect("written"), 1);
    let said = fs::read_to_string(stage.journal()).expect("read");
    assert!(!said.contains(&handle.to_string()), "{said}");
    assert_eq!((lines_of(&said, worker), lines_of(&said, unseen), lines_of(&said, stays)), (1, 1, 1), "{said}");
    // It says still who was erased, also after it was opened anew.
    stage.restore(&backup).await.expect("opened");
    for worker in [worker, unseen] {
        assert_eq!(stage.states(worker).await, []);
    }
    assert_eq!(stage.states(stays).await, [Some(State::Withdrawn)]);
    // Ends are remembered no more: at most a day later it is empty, and goes on counting.
    stage.store.forget_ends(at(31 + 86_400)).await.expect("written");
    let said = fs::read_to_string(stage.journal()).expect("read");
    assert_eq!((lines_of(&said, worker), lines_of(&said, unseen), lines_of(&said, stays)), (0, 0, 0), "{said}");
    let database = stage.place.database.clone();
    stage.restore(&database).await.expect("opened");
    let given = stage.worker("P-4").await;
    stage.given(given, 4).await;
    let before = stage.back_up().await;
    stage.withdraw(given, 4).await.expect("withdrawn");
    stage.restore(&before).await.expect("opened");
    assert_eq!(stage.states(given).await, [Some(State::Withdrawn)], "numbers go on after those that are forgotten");
}

/// How many lines of a journal are about a worker.
fn lines_of(journal: &str, worker: WorkerId) -> usize {
    journal.lines().filter(|line| line.contains(&worker.to_string())).count()
}

async fn a_crash_between_the_journal_and_the_database_ends_what_was_to_end(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let worker = stage.worker("P-1").await;
    stage.given(worker, 1).await;
    // The last that the database did before the transaction that was lost.
    let before = stage.back_up().await;
    stage.withdraw(worker, 1).await.expect("withdrawn");
    stage.restore(&before).await.expect("opened");
    assert_eq!(stage.states(worker).await, [Some(State::Withdrawn)]);
    assert!(stage.is_open().await, "it is no older than the journal, and asks nobody");
}

async fn what_a_crash_left_of_the_last_lines_ends_nothing(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let worker = stage.worker("P-1").await;
    stage.given(worker, 1).await;
    let before = stage.back_up().await;
    let whole = fs::read(stage.journal()).expect("read").len();
    stage.withdraw(worker, 1).await.expect("withdrawn");
    let bytes = fs::read(stage.journal()).expect("read");
    assert!(bytes.len() > whole);
    fs::write(stage.journal(), &bytes[..bytes.len() - 5]).expect("torn");
    stage.restore(&before).await.expect("opened");
    assert_eq!(stage.states(worker).await, [Some(State::Given)], "nobody was told that it ended");
    assert_eq!(fs::read(stage.journal()).expect("read")[..whole], bytes[..whole], "what is whole stays");
    stage.withdraw(worker, 1).await.expect("withdrawn");
    stage.restore(&before).await.expect("opened");
    assert_eq!(stage.states(worker).await, [Some(State::Withdrawn)]);
}

async fn nothing_ends_that_the_journal_does_not_take(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let worker = stage.worker("P-1").await;
    stage.given(worker, 1).await;
    let before = stage.back_up().await;
    // The disk with the journal is gone.
    let (apart, away) = (stage.directory.path().join("apart"), stage.directory.path().join("away"));
    fs::rename(&apart, &away).expect("moved");
    for _ in 0..3 {
        let refused = stage.withdraw(worker, 1).await;
        assert!(matches!(refused, Err(StoreError::Journal(_))), "never a false done: {refused:?}");
        let refused = stage.give(worker, 2, &[Field::Title]).await;
        assert!(matches!(refused, Err(StoreError::Journal(_))), "nor is given what could not be ended: {refused:?}");
        let refused = stage.store.expire_consents(at(4_000)).await;
        assert!(matches!(refused, Err(StoreError::Journal(_))), "{refused:?}");
        let refused = stage.store.delete_offer(Kind::SkillOffer, &key("P-1"), Precondition::None, at(10)).await;
        assert!(matches!(refused, Err(StoreError::Journal(_))), "{refused:?}");
        stage.store.put_offer(put("V-1", "{}")).await.expect("public offers have nothing to do with it");
    }
    assert_eq!(stage.states(worker).await, [Some(State::Given)]);
    fs::rename(&away, &apart).expect("moved back");
    stage.withdraw(worker, 1).await.expect("withdrawn");
    assert_eq!(stage.states(worker).await, [Some(State::Withdrawn)]);
    stage.restore(&before).await.expect("opened");
    assert_eq!(stage.states(worker).await, [Some(State::Withdrawn)], "it is in the journal");
}

async fn a_journal_that_is_damaged_is_refused(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let worker = stage.worker("P-1").await;
    for id in [1, 2] {
        stage.given(worker, id).await;
        stage.withdraw(worker, id).await.expect("withdrawn");
    }
    let text = fs::read_to_string(stage.journal()).expect("read");
    fs::write(stage.journal(), text.replacen("\"epoch\":1", "\"epoch\":0", 1)).expect("damaged");
    let now = stage.back_up().await;
    let Err(StoreError::Journal(why)) = stage.restore(&now).await else { panic!("refused") };
    assert!(why.contains("line") && why.contains("polder restored"), "{why}");
}

async fn a_transaction_that_failed_after_the_journal_is_made_up_for(engine: Engine) {
    let stage = Stage::new(engine).await;
    let worker = stage.worker("P-1").await;
    stage.given(worker, 1).await;
    // The transaction has written the journal, and cannot write how much of it the database has seen.
    let (taken, given_back) = ("ALTER TABLE journals RENAME TO away", "ALTER TABLE away RENAME TO journals");
    crate::support::beside(&stage.place, taken).await;
    assert!(stage.withdraw(worker, 1).await.is_err());
    assert_eq!(stage.states(worker).await, [Some(State::Given)]);
    crate::support::beside(&stage.place, given_back).await;
    stage.store.put_offer(put("V-1", "{}")).await.expect("stored");
    assert_eq!(stage.states(worker).await, [Some(State::Withdrawn)], "with the next transaction it ends");
}

async fn a_database_without_its_journal_is_closed_until_somebody_says_what_it_is(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let worker = stage.worker("P-1").await;
    stage.given(worker, 1).await;
    assert!(stage.is_open().await, "a first start has no journal either");
    let database = stage.place.database.clone();
    stage.restore(&database).await.expect("opened");
    assert!(stage.is_open().await, "it is beside its own");
    let (own, aside) = (stage.journal(), stage.directory.path().join("aside"));
    stage.store.close().await;
    fs::rename(&own, &aside).expect("moved away");
    stage.restore(&database).await.expect("opened");
    if matches!(database, Database::Postgres(_)) {
        assert!(stage.is_open().await, "a new replica has a new journal");
        return;
    }
    let lost = async |stage: &Stage| stage.store.reader().openness().await.expect("read").has_lost_its_journal();
    assert!(lost(&stage).await && !stage.is_open().await);
    // What ends makes the new one known, and no more than that.
    stage.withdraw(worker, 1).await.expect("withdrawn");
    stage.restore(&database).await.expect("opened");
    assert!(lost(&stage).await);
    let new = stage.directory.path().join("new");
    stage.store.close().await;
    fs::rename(&own, &new).expect("moved");
    fs::rename(&aside, &own).expect("put back");
    stage.restore(&database).await.expect("opened");
    assert!(!lost(&stage).await && stage.is_open().await, "it has its own again");
    stage.store.close().await;
    fs::remove_file(&own).expect("gone");
    stage.restore(&database).await.expect("opened");
    assert!(lost(&stage).await);
    stage.store.say_restored(at(20)).await.expect("said");
    stage.restore(&database).await.expect("opened");
    assert!(!lost(&stage).await);
    stage.store.reopen(vec![partner(2)], at(30)).await.expect("begun");
    let open = stage.store.reader().openness().await.expect("read");
    assert!(!open.is_open_to(&partner(2)) && open.is_open_to(&partner(3)), "whom it asks it waits for");
    stage.restore(&database).await.expect("opened");
    assert!(!lost(&stage).await, "the new one is its own");
}
