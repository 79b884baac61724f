//! Who saw what, what has to be erased and is, and what was asked on the worker's behalf.

use std::collections::{HashMap, HashSet};

use axum::extract::{Query, State};
use axum::response::Response;
use polder_exchange::people::{Asked as Question, Copies, Seen};
use polder_model::about::About;
use polder_model::{Kind, OfferKey, Purpose, offer};
use polder_store::people::LedgerRow;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::pages::bounded::short;
use crate::pages::cursor::{Cursor, cut};
use crate::pages::{PageError, Pages, Worker};

/// Rows on a page: each may name every field.
const ON_A_PAGE: u32 = 15;
/// Copies of one erasure of which it is said for which vacancies they were.
const NAMED: usize = 20;
/// The same of vacancies, where all applications to an organisation are meant.
const NAMED_TITLES: u32 = 20;
/// Questions on a page: each may name 64 partners.
const QUESTIONS: u32 = 10;

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<u64>,
}

#[derive(Serialize)]
struct Disclosures {
    items: Vec<Item>,
    /// Where older ones are.
    older: Option<u64>,
    /// Whether these are the last ones.
    newest: bool,
}

#[derive(Serialize)]
struct Item {
    #[serde(flatten)]
    seen: Seen,
    /// Whether its time is over.
    over: bool,
    /// What the offer is called for which it was: in the words of its partner, where a request or an application of this worker says so; or, of an offer of this
    /// node, as it is published now.
    title: Option<String>,
}

/// Who saw what, the last one first.
pub(super) async fn disclosures(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Before>) -> Result<Response, PageError> {
    let (mut items, mut titles) = (Vec::new(), HashMap::new());
    if let Some(id) = worker.id() {
        titles = pages.node().store().titles_of(id).await?;
        items = pages.node().disclosures_of(id, asked.before.map(|before| before.min(i64::MAX.unsigned_abs())), ON_A_PAGE + 1).await?;
    }
    let older = cut(&mut items, ON_A_PAGE).map(|last| last.leaf);
    let home = &pages.node().home().partner;
    let own = own_titles(&pages, &items).await?;
    let of_row = |row: LedgerRow| {
        let title = titles.get(&(row.disclosure.recipient.clone(), row.disclosure.about.clone())).map(|title| short(title));
        let title = title.or_else(|| own.get(&row.disclosure.about).filter(|_| row.disclosure.recipient == *home).cloned());
        Item { over: row.disclosure.use_until <= pages.node().now(), seen: pages.node().seen(row), title }
    };
    let items = items.into_iter().map(of_row).collect();
    pages.show(&worker.visit, "portal/seen.html", "seen", Disclosures { items, older, newest: asked.before.is_none() })
}

/// What the offers of this node are called now for which its own staff looked, as far as anybody may see it: one of another node is known by its key alone.
async fn own_titles(pages: &Pages, rows: &[LedgerRow]) -> Result<HashMap<About, String>, PageError> {
    let (node, mut titles) = (pages.node(), HashMap::new());
    for kind in [Kind::Vacancy, Kind::Training] {
        let own = rows.iter().map(|row| &row.disclosure).filter(|one| one.recipient == node.home().partner && one.about.kind == kind);
        let keys: HashSet<OfferKey> = own.map(|one| one.about.key.clone()).collect();
        for stored in node.store().offers(kind, &keys.into_iter().collect::<Vec<_>>()).await? {
            let Ok(parsed) = offer::parse(kind, &stored.document) else { continue };
            let seen: Value = serde_json::from_slice(&parsed.visible_document(&stored.document)).map_err(PageError::internal)?;
            if let Some(title) = seen["title"].as_str() {
                titles.insert(About { kind, key: stored.key }, short(title));
            }
        }
    }
    Ok(titles)
}

/// After which one the page begins.
#[derive(Deserialize)]
pub(super) struct After {
    before: Option<Cursor>,
}

/// A page of a list that ends somewhere.
#[derive(Serialize)]
struct List<T> {
    items: Vec<T>,
    /// Where older ones are.
    older: Option<Cursor>,
    newest: bool,
}

#[derive(Serialize)]
struct Erasure {
    #[serde(flatten)]
    copies: Copies,
    /// What the vacancies were called when the worker applied, where applications are meant.
    applications: Vec<String>,
}

fn is_of_applications(copies: &Copies) -> bool {
    copies.purpose == Purpose::Application && !copies.disclosures.is_empty()
}

/// Whether all applications to an organisation are meant.
fn is_whole(copies: &Copies) -> bool {
    copies.purpose == Purpose::Application && copies.disclosures.is_empty() && copies.fields.is_empty()
}

/// What was to be erased, and whether it is, the last one first.
pub(super) async fn erasures(State(pages): State<Pages>, worker: Worker, Query(asked): Query<After>) -> Result<Response, PageError> {
    let mut items = match worker.id() {
        Some(id) => pages.node().copies_page(id, asked.before.as_ref().map(Cursor::after), ON_A_PAGE + 1).await?,
        None => Vec::new(),
    };
    let older = cut(&mut items, ON_A_PAGE).map(|(copies, id)| Cursor::new(copies.since, id));
    let titles = match worker.id() {
        Some(id) if items.iter().any(|(copies, _)| is_of_applications(copies)) => pages.node().store().titles_of(id).await?,
        _ => HashMap::new(),
    };
    let mut erasures = Vec::with_capacity(items.len());
    for (copies, _) in items {
        let mut applications = Vec::new();
        if let Some(id) = worker.id().filter(|_| is_of_applications(&copies)) {
            let named = &copies.disclosures[..copies.disclosures.len().min(NAMED)];
            let offers = pages.node().store().offers_of_disclosures(id, named).await?;
            applications =
                offers.into_iter().filter_map(|about| titles.get(&(copies.recipient.clone(), about)).map(|title| short(title))).collect();
        }
        if let Some(id) = worker.id().filter(|_| is_whole(&copies)) {
            let ended = (copies.epoch, copies.since);
            let titles = pages.node().store().titles_ended(id, &copies.recipient, ended, NAMED_TITLES).await?;
            applications = titles.iter().map(|title| short(title)).collect();
        }
        erasures.push(Erasure { copies, applications });
    }
    let items = erasures;
    pages.show(&worker.visit, "portal/erasures.html", "seen", List { items, older, newest: asked.before.is_none() })
}

#[derive(Serialize)]
struct Named {
    #[serde(flatten)]
    question: Question,
    names: Vec<String>,
}

/// What was asked on the worker's behalf, the last one first.
pub(super) async fn questions(State(pages): State<Pages>, worker: Worker, Query(asked): Query<After>) -> Result<Response, PageError> {
    let mut items = match worker.id() {
        Some(id) => pages.node().asked_for(id, asked.before.as_ref().map(Cursor::after), QUESTIONS + 1).await?,
        None => Vec::new(),
    };
    let older = cut(&mut items, QUESTIONS).map(|last| Cursor::new(last.at, &last.query));
    let register = pages.node().register();
    let named = |question: Question| {
        let name = |partner| register.member(partner).map_or_else(|| partner.to_string(), |member| member.name.clone());
        Named { names: question.partners.iter().map(name).collect(), question }
    };
    let items: Vec<Named> = items.into_iter().map(named).collect();
    pages.show(&worker.visit, "portal/questions.html", "seen", List { items, older, newest: asked.before.is_none() })
}
