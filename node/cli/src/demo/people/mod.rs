//! People in the demo: workers decide who may see what of them, partners seek people, and one worker ends everything, which reaches every copy.

mod check;
mod contact;
mod portal;
mod tell;
mod workers;

use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_model::about::About;
use polder_model::answer::QueryResult;
use polder_model::request::{QueryRequest, SkillAsked};
use polder_model::{Date, Kind, OfferKey, Purpose};
use reqwest::Method;
use serde_json::{Value, json};

use super::node::DemoNode;
use super::{Federation, samples};
use crate::client::{NodeClient, PutOutcome, in_words};
use crate::exit::Failure;
use contact::Contact;
pub(crate) use tell::{report, show};
pub(super) use workers::{HOME, WORKERS};
use workers::{PLANNER, SEEKERS, WITHDRAWS, Worker};

/// The key of the vacancy, or of the training, for which each of them seeks people.
const OFFER: &str = "P-1";
/// The key of a profile that a partner made for somebody who has not been at the portal yet.
const WAITS: &str = "W-6";
/// How long anything may take that other nodes bring about.
const PATIENCE: Duration = Duration::from_secs(10);

/// What happened with the workers of the demo.
pub(crate) struct People {
    today: Date,
    /// Whom each partner found: its slug, and the result.
    before: Vec<(&'static str, QueryResult)>,
    /// What the withdrawal said.
    ending: Value,
    /// How long it took until every copy was erased, from when it took effect.
    took: Duration,
    /// What the worker sees then: who was told to erase, and has.
    copies: Value,
    /// And who saw what. Proofs from the log of the node belong to these rows.
    seen: Value,
    /// Whom each partner finds after that.
    after: Vec<(&'static str, QueryResult)>,
    /// Whom a school finds for a training.
    advised: (&'static str, QueryResult),
    /// What came of asking for contact.
    contact: Contact,
    /// The code by which somebody takes over the profile that waits.
    pub(super) code: String,
}

/// Puts the profiles of the workers, and a vacancy or a training of each partner that seeks people, which asks what such a worker can do. It says no place,
/// welcomes no sharing and teaches nothing: no question of the demo finds it.
pub(crate) async fn publish(federation: &Federation) -> Result<(), Failure> {
    let today = SystemClock.now().date();
    for worker in &WORKERS {
        put(federation.node(worker.home)?, Kind::SkillOffer, worker.key, &worker.profile(today)).await?;
    }
    put(federation.node(HOME)?, Kind::SkillOffer, WAITS, &samples::worker("lasser", 6, today)).await?;
    for slug in SEEKERS {
        let node = federation.node(slug)?;
        let (title, description, occupation) = match slug {
            "employer-b" => ("Lasser technische dienst", "Je last de stellingen en karren van ons magazijn.", "lasser"),
            _ => ("Medewerker technische dienst", "Je houdt onze machines draaiend.", "onderhoudsmonteur machines"),
        };
        let (needed, occupations) = needed(occupation, today);
        let vacancy = json!({"title": title, "description": description, "employer": {"name": node.partner.name},
                             "skills": needed, "occupations": occupations, "hours": {"min": 24, "max": 36}});
        put(node, Kind::Vacancy, OFFER, &vacancy).await?;
    }
    let school = federation.node(PLANNER)?;
    let (needed, occupations) = needed("lasser", today);
    let training = json!({"title": "Lassen: verder in uw vak", "description": "U last al, en leert nieuwe technieken.", "provider": {"name": school.partner.name},
                          "skillsRequired": needed, "occupations": occupations});
    put(school, Kind::Training, OFFER, &training).await
}

/// Some skills that an occupation needs, and the occupation, as documents name them.
fn needed(occupation: &str, today: Date) -> (Vec<Value>, Value) {
    let worker = samples::worker(occupation, 1, today);
    let skills = worker["skills"].as_array().map(Vec::as_slice).unwrap_or_default();
    (skills.iter().take(3).map(|skill| json!({"uri": skill["uri"]})).collect(), worker["occupationsWanted"].clone())
}

/// A key of the demo's own.
fn key_of(key: &str) -> Result<OfferKey, Failure> {
    key.parse().map_err(|error: polder_model::name::NameError| Failure::internal(error.to_string()))
}

async fn put(node: &DemoNode, kind: Kind, key: &str, document: &Value) -> Result<(), Failure> {
    match node.client()?.put(kind, &key_of(key)?, &document.to_string()).await? {
        PutOutcome::Stored => Ok(()),
        PutOutcome::Refused(problem) => Err(Failure::internal(format!("a sample was refused: {}", in_words(&problem)))),
    }
}

/// Lets the workers decide and the partners seek, ends everything of one worker, and has partners ask the others for contact.
pub(crate) async fn play(federation: &Federation) -> Result<People, Failure> {
    let today = SystemClock.now().date();
    let mut clients = Vec::new();
    for worker in &WORKERS {
        let client = portal::log_in(federation, worker).await?;
        decide(federation, worker, &client).await?;
        clients.push((worker.key, client));
    }
    let withdraws = clients.iter().find(|(key, _)| *key == WITHDRAWS);
    let (_, worker) = withdraws.ok_or_else(|| Failure::internal("nobody withdraws"))?;
    let before = seek(federation).await?;
    let began = Instant::now();
    let ending = worker.send(Method::DELETE, "/v1/me/consents", &[], None).await?.success()?;
    let ending: Value = read(&ending)?;
    let told = WORKERS.iter().filter(|one| one.key == WITHDRAWS).flat_map(|one| one.lets);
    for (slug, _) in told {
        erase(&federation.node(slug)?.client()?).await?;
    }
    let copies = until_erased(worker).await?;
    let took = began.elapsed();
    let seen = read(&worker.get("/v1/me/disclosures").await?)?;
    let after = seek(federation).await?;
    let advised = advise(federation).await?;
    let contact = contact::play(federation, &after, &clients).await?;
    let code = federation.node(HOME)?.client()?.invite(&key_of(WAITS)?).await?.code;
    Ok(People { today, before, ending, took, copies, seen, after, advised, contact, code })
}

/// Gives each consent of a worker, on the text that goes with it.
async fn decide(federation: &Federation, worker: &Worker, client: &NodeClient) -> Result<(), Failure> {
    for purpose in [Purpose::MatchVacancy, Purpose::TrainingAdvice] {
        for (slug, fields) in worker.given(purpose) {
            let recipient = federation.node(slug)?.partner.id;
            let decision = json!({"purpose": purpose, "recipients": [recipient], "fields": fields, "language": "nl"});
            give(client, decision, None).await?;
        }
    }
    Ok(())
}

/// Gives what a worker decides, on the text that goes with it; perhaps in answer to a request.
async fn give(client: &NodeClient, mut decision: Value, request: Option<String>) -> Result<(), Failure> {
    let notice: Value = client.post("/v1/me/notices", &decision).await?;
    decision["notice"] = notice["sha256"].clone();
    if let Some(request) = request {
        decision["request"] = json!(request);
    }
    client.post::<Value>("/v1/me/consents", &decision).await.map(drop)
}

/// Has each partner that seeks people ask the same, for its own vacancy.
async fn seek(federation: &Federation) -> Result<Vec<(&'static str, QueryResult)>, Failure> {
    let request = question(Kind::Vacancy)?;
    let mut found = Vec::new();
    for slug in SEEKERS {
        found.push((slug, federation.node(slug)?.client()?.query(&request).await?));
    }
    Ok(found)
}

/// Has a school ask the same for a training of its own.
async fn advise(federation: &Federation) -> Result<(&'static str, QueryResult), Failure> {
    Ok((PLANNER, federation.node(PLANNER)?.client()?.query(&question(Kind::Training)?).await?))
}

/// The question about people for an offer of that kind.
fn question(kind: Kind) -> Result<QueryRequest, Failure> {
    let about = About { kind, key: key_of(OFFER)? };
    let skill = |label: &str| SkillAsked { uri: None, label: Some(label.to_owned()), importance: None };
    Ok(QueryRequest {
        // Each answer waits for a disk: on a machine that has much to do that takes its time.
        deadline_ms: Some(10_000),
        purpose: Some(about.purpose()),
        about: Some(about),
        skills: vec![skill("storing zoeken"), skill("hydrauliek"), skill("lastechnieken")],
        limit: Some(10),
        ..QueryRequest::new(Kind::SkillOffer)
    })
}

/// A partner's own system reads what it is to erase as soon as it is told, erases it, and says so.
async fn erase(system: &NodeClient) -> Result<(), Failure> {
    let began = Instant::now();
    loop {
        let page: Value = read(&system.get("/v1/erasures").await?)?;
        if let Some(last) = page["items"].as_array().and_then(|items| items.last()) {
            system.post::<Value>("/v1/erasures/acknowledged", &json!({"upTo": last["number"]})).await?;
            return Ok(());
        }
        wait(began, "no tombstone reaches a partner").await?;
    }
}

/// Waits until the worker sees that every copy is erased.
async fn until_erased(worker: &NodeClient) -> Result<Value, Failure> {
    let began = Instant::now();
    loop {
        let copies: Value = read(&worker.get("/v1/me/erasures").await?)?;
        let items = copies["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !items.is_empty() && items.iter().all(|one| one["state"] == "erased") {
            return Ok(copies);
        }
        wait(began, "a partner does not say that it erased").await?;
    }
}

async fn wait(began: Instant, what: &str) -> Result<(), Failure> {
    if began.elapsed() > PATIENCE {
        return Err(Failure::internal(format!("{what} within {} s", PATIENCE.as_secs())));
    }
    tokio::time::sleep(Duration::from_millis(10)).await;
    Ok(())
}

fn read(bytes: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(bytes).map_err(|error| Failure::internal(format!("a reply is not of its form: {error}")))
}
