//! The first page: who may see what, who asks for more, and one click to stop.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::HeaderMap;
use polder_consent::view::present;
use polder_consent::{ConsentId, Field, FieldSet, Ground, What};
use polder_exchange::people::Sight;
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_store::people::SentApplication;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::asking::Asking;
use super::share::members_of;
use crate::pages::bounded::short;
use crate::pages::cursor::cut;
use crate::pages::{PageError, Pages, Worker, on_to};

/// Consents on a page.
const ON_A_PAGE: u32 = 12;
/// Requests on the page: who answers these sees the others.
const REQUESTS: u32 = 5;
/// For how long the page says that an organisation ended something, in seconds, and how many of them it names.
const ENDED_SECONDS: i64 = 30 * 86_400;
const ENDED: u32 = 5;
/// Applications to one organisation that are named.
const NAMED: usize = 3;

#[derive(Deserialize)]
pub(super) struct Asked {
    told: Option<Told>,
    before: Option<u64>,
}

/// What was just done.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Told {
    Withdrawn,
    WithdrawnAll,
    Shared,
    NotShared,
    Later,
}

#[derive(Serialize)]
struct Home {
    told: Option<Told>,
    /// Whether there is a profile.
    profile: bool,
    /// What an organisation ended lately, the last first.
    ended: Vec<Ended>,
    requests: Vec<Asking>,
    /// How many wait for an answer.
    waiting: u64,
    organisations: Vec<Organisation>,
    /// How many may see something.
    count: u64,
    /// Whether more than one thing can be stopped.
    has_more: bool,
    /// How many partners have not said yet that they erased what they were to erase.
    owing: usize,
    /// Where older ones are.
    older: Option<u64>,
    newest: bool,
}

/// Something that was shared, and that whoever keeps the profile ended.
#[derive(Serialize)]
struct Ended {
    id: ConsentId,
    name: String,
    purpose: Purpose,
    at: Timestamp,
    ground: Option<Ground>,
}

impl Ended {
    fn of(sight: Sight) -> Option<Self> {
        let ended = sight.events.iter().rev().find(|event| matches!(event.what, What::Revoke | What::Invalidate))?;
        let Sight { consent, recipient_name, .. } = sight;
        let name = if recipient_name.is_empty() { consent.recipient.to_string() } else { recipient_name };
        Some(Self { id: consent.id, name, purpose: consent.purpose, at: ended.at, ground: ended.ground })
    }
}

/// Who may see something.
#[derive(Serialize)]
struct Organisation {
    #[serde(skip)]
    id: PartnerId,
    name: String,
    shares: Vec<Share>,
}

/// Something that is shared with an organisation.
#[derive(Serialize)]
struct Share {
    id: ConsentId,
    purpose: Purpose,
    until: Timestamp,
    /// What they may see now.
    fields: FieldSet,
    /// What they may see once the profile says it.
    later: FieldSet,
    /// To which vacancies it was sent, some of them, and how many there are.
    applications: Vec<Applied>,
    count: usize,
}

#[derive(Serialize)]
struct Applied {
    title: String,
    employer: String,
}

/// What is in force, by organisation.
fn by_organisation(consents: Vec<Sight>, members: &Map<String, Value>, applied: &[SentApplication]) -> Vec<Organisation> {
    let mut all: Vec<Organisation> = Vec::new();
    for Sight { consent, recipient_name, .. } in consents {
        let of_it: Vec<_> =
            applied.iter().filter(|one| consent.purpose == Purpose::Application && one.recipient == consent.recipient).collect();
        let some = of_it.iter().take(NAMED).map(|one| Applied { title: short(&one.title), employer: short(&one.employer) });
        // What was sent with an application that was stopped alone is seen no more.
        let sent = of_it.iter().fold(FieldSet::NONE, |all, one| all.or(one.fields));
        let named = if of_it.is_empty() { consent.fields } else { consent.fields.and(sent) };
        // What was written for an application stands in no profile, and was sent.
        let fields = present(members, named).or(named.and(FieldSet::of(&[Field::Motivation])));
        let share = Share {
            id: consent.id,
            purpose: consent.purpose,
            until: consent.until,
            fields,
            later: named.without(fields),
            applications: some.collect(),
            count: of_it.len(),
        };
        match all.iter_mut().find(|one| one.id == consent.recipient) {
            Some(one) => one.shares.push(share),
            None => {
                let name = if recipient_name.is_empty() { consent.recipient.to_string() } else { recipient_name };
                all.push(Organisation { id: consent.recipient, name, shares: vec![share] });
            }
        }
    }
    all
}

pub(super) async fn home(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let (mut requests, mut waiting, mut consents, mut all, mut owing) = (Vec::new(), 0, Vec::new(), 0, 0);
    let (mut count, mut applied, mut ended) = (0, Vec::new(), Vec::new());
    if let Some(id) = worker.id() {
        (requests, waiting) = pages.node().requests_waiting(id, REQUESTS).await?;
        let before = asked.before.map(|before| before.min(i64::MAX.unsigned_abs()));
        (consents, all) = pages.node().consents_in_force(id, before, ON_A_PAGE + 1).await?;
        let (store, now) = (pages.node().store(), pages.node().now());
        count = store.count_who_may_see(id, now).await?;
        applied = store.applications_standing(id, now).await?;
        owing = store.owing_for(id).await?.len();
        ended = pages.node().consents_ended_for(id, now.plus_seconds(-ENDED_SECONDS), ENDED).await?;
    }
    let older = cut(&mut consents, ON_A_PAGE).map(|(_, leaf)| *leaf);
    let profile = worker.profile(&pages).await?;
    let members = members_of(profile.as_deref())?.unwrap_or_default();
    let page = Home {
        told: asked.told,
        profile: profile.is_some(),
        ended: ended.into_iter().filter_map(Ended::of).collect(),
        requests: requests.into_iter().map(|sight| Asking::new(&pages, worker.visit.language, sight)).collect(),
        waiting,
        organisations: by_organisation(consents.into_iter().map(|(sight, _)| sight).collect(), &members, &applied),
        count,
        has_more: all > 1,
        owing,
        older,
        newest: asked.before.is_none(),
    };
    pages.show(&worker.visit, "portal/home.html", "home", page)
}

/// Stops one, at once.
pub(super) async fn withdraw(
    State(pages): State<Pages>,
    worker: Worker,
    Path(consent): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    pages.form(&worker.known, &headers, body).await?;
    let consent: ConsentId = consent.parse().map_err(|_| PageError::NotFound)?;
    let id = worker.id().ok_or(PageError::NotFound)?;
    pages.node().withdraw(id, consent).await?;
    Ok(on_to("/portal?told=withdrawn"))
}

/// Stops everything, at once.
pub(super) async fn withdraw_all(
    State(pages): State<Pages>,
    worker: Worker,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    pages.form(&worker.known, &headers, body).await?;
    if let Some(id) = worker.id() {
        pages.node().withdraw_all(id).await?;
    }
    Ok(on_to("/portal?told=withdrawn-all"))
}
