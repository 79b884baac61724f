//! Workers and who may see what of them, for tests.

use std::sync::atomic::{AtomicU64, Ordering};

use polder_consent::{Authentication, Consent, Field, FieldSet, WorkerId};
use polder_exchange::Node;
use polder_exchange::people::{DecideRefused, Decision, Language};
use polder_model::about::About;
use polder_model::answer::QueryResult;
use polder_model::request::QueryRequest;
use polder_model::{Kind, PartnerId, Purpose, Timestamp};
use polder_store::Precondition;
use polder_store::people::{Door, Invited, LoginId, Session, SessionId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The fields that a match needs.
pub const MATCHED: [Field; 2] = [Field::Title, Field::Skills];

/// A profile with something in every field that these tests look at.
#[must_use]
pub fn profile(title: &str) -> Value {
    json!({
        "title": title,
        "description": "Zoekt werk met de handen, liefst buiten.",
        "skills": [{"uri": "http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11"}],
        "hours": {"min": 24, "max": 32},
        "postcode": "8251",
        "contact": {"name": "Anna Voorbeeld", "email": "anna@voorbeeld.example", "telephone": "+31 6 0000 0000"},
    })
}

/// Puts a profile, and gives its worker a name.
///
/// # Panics
/// When it is refused.
pub async fn put(node: &Node, key: &str, profile: &Value) -> WorkerId {
    let name = key.parse().expect("a key");
    let put = node.publish(Kind::SkillOffer, name, profile.to_string().as_bytes(), Precondition::None).await;
    put.expect("the profile is stored");
    node.store().worker_of(&key.parse().expect("a key"), node.now()).await.expect("read").expect("there is such a profile")
}

/// A decision for matching.
#[must_use]
pub fn decision(recipients: &[&PartnerId], fields: &[Field]) -> Decision {
    Decision {
        purpose: Purpose::MatchVacancy,
        recipients: recipients.iter().map(|&recipient| recipient.clone()).collect(),
        fields: FieldSet::of(fields),
        stays: FieldSet::NONE,
        until: None,
        language: Language::Nl,
        about: None,
    }
}

/// Gives what a worker decided, on the text that goes with it.
///
/// # Errors
/// As the node says.
pub async fn give(node: &Node, worker: WorkerId, decision: &Decision) -> Result<Vec<Consent>, DecideRefused> {
    let notice = hex::encode(Sha256::digest(node.notice_for(decision)?));
    let authentication = Authentication { issuer: "proef".to_owned(), level: String::new(), at: node.now() };
    let given = node.give(worker, decision, &notice, authentication, None).await?;
    Ok(given.into_iter().map(|given| given.kept.consent).collect())
}

/// Puts a vacancy for which people are sought.
///
/// # Panics
/// When it is refused.
pub async fn vacancy(node: &Node, key: &str) {
    let document = json!({"title": "Monteur", "description": "Werk.", "employer": {"name": "Proef BV"}}).to_string();
    let put = node.publish(Kind::Vacancy, key.parse().expect("a key"), document.as_bytes(), Precondition::None).await;
    put.expect("the vacancy is stored");
}

/// A question for people, for a vacancy.
#[must_use]
pub fn request(about: &str) -> QueryRequest {
    let about = About { kind: Kind::Vacancy, key: about.parse().expect("a key") };
    QueryRequest { about: Some(about), ..QueryRequest::new(Kind::SkillOffer) }
}

/// Seeks people for the vacancy `V-1`.
///
/// # Panics
/// When the question is refused.
pub async fn seek(node: &Node) -> QueryResult {
    node.ask(&request("V-1"), &crate::operator(), None).await.expect("asked")
}

/// A client of a node erases all that is listed to it, and says so. How many withdrawals are done with then.
///
/// # Panics
/// When it cannot be read, or is not taken.
pub async fn erase_all(node: &Node, client: &str) -> usize {
    match node.erasures(client, 0, 100).await.expect("read").last() {
        Some(last) => node.erased(client, last.number, Vec::new()).await.expect("said").expect("nothing is kept"),
        None => 0,
    }
}

/// An instant in tests about people.
///
/// # Panics
/// Never.
#[must_use]
pub fn morning() -> Timestamp {
    "2026-03-02T09:30:00Z".parse().expect("an instant")
}

/// Lets a program act for the worker of a skill offer for an hour, as they would at the portal: its token.
///
/// # Panics
/// When there is no such offer, or somebody else has it.
pub async fn program(node: &Node, offer: &str) -> String {
    let (store, now) = (node.store(), node.now());
    let login = LoginId::of("https://login.example", &format!("{} {offer}", node.home().partner));
    let random: u64 = SERIAL.fetch_add(1, Ordering::Relaxed);
    let token = format!("polder_wk_{random:043}");
    let session = Session {
        door: Door::Program,
        login: login.clone(),
        provider: "https://login.example".to_owned(),
        provider_session: String::new(),
        level: crate::browser::SUBSTANTIAL.to_owned(),
        authenticated_at: now,
        roles: Vec::new(),
        name: String::new(),
        began_at: now,
        seen_at: now,
        until: now.plus_seconds(3_600),
    };
    store.open_session(SessionId::of(&token), session).await.expect("written");
    let key: polder_model::OfferKey = offer.parse().expect("a key");
    // Who comes again has it already.
    let code = format!("the invitation of {offer}");
    if store.invite(key, &code, now.plus_seconds(60)).await.expect("written") {
        let taken = store.take_invitation(login, &code, now).await.expect("written");
        assert!(matches!(taken, Invited::Taken(_)), "{offer}: {taken:?}");
    }
    token
}

/// No two tokens of this process are alike.
static SERIAL: AtomicU64 = AtomicU64::new(1);
