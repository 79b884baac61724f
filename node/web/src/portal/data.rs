//! All that is held of a worker: to look at, and to take along.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use polder_consent::holdings::HeldCopy;
use polder_consent::state::may_be_asked_from;
use polder_consent::{ConsentId, FieldSet};
use polder_exchange::people::{PartnerHoldings, ReceiptFailed, Sight};
use polder_model::{OfferKey, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use super::asking::Asking;
use crate::pages::cursor::{Cursor, cut};
use crate::pages::{PageError, Pages, Worker, on_to};

/// Consents on a page.
const ON_A_PAGE: u32 = 25;
/// Questions on it to which nobody said yes.
const REFUSED: u32 = 5;
/// Kinds of what a partner holds that are said.
const KINDS: usize = 4;

impl From<ReceiptFailed> for PageError {
    fn from(failed: ReceiptFailed) -> Self {
        match failed {
            ReceiptFailed::Store(error) => error.into(),
            failed => Self::internal(failed),
        }
    }
}

#[derive(Serialize)]
struct Data {
    /// Whether there is anything to take along.
    has_some: bool,
    /// By what name their profile is kept here.
    key: Option<OfferKey>,
    /// What partners said that they hold, where they were asked.
    partners: Vec<Holding>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Holding {
    #[serde(flatten)]
    said: PartnerHoldings,
    /// Whether its systems have not said yet that they erased what they were to erase.
    is_owing: bool,
    /// What it holds, each kind of thing once.
    kinds: Vec<HeldKind>,
    /// How many more kinds there are.
    more_kinds: usize,
}

/// Copies of the same fields for the same purpose.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HeldKind {
    purpose: Purpose,
    fields: FieldSet,
    /// Until when the last of them may be used.
    use_until: Timestamp,
}

impl Holding {
    fn new(said: PartnerHoldings, is_owing: bool) -> Self {
        let mut kinds: Vec<HeldKind> = Vec::new();
        for HeldCopy { purpose, fields, use_until, .. } in said.held.iter().flat_map(|held| held.copies.iter().cloned()) {
            match kinds.iter_mut().find(|kind| (kind.purpose, kind.fields) == (purpose, fields)) {
                Some(kind) => kind.use_until = kind.use_until.max(use_until),
                None => kinds.push(HeldKind { purpose, fields, use_until }),
            }
        }
        let more_kinds = kinds.len().saturating_sub(KINDS);
        kinds.truncate(KINDS);
        Self { said, is_owing, kinds, more_kinds }
    }
}

/// What one can do with all of it.
pub(super) async fn data(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    let mut page = Data { has_some: worker.id().is_some(), key: None, partners: Vec::new() };
    if let Some(id) = worker.id() {
        let owing = pages.node().store().owing_for(id).await?;
        let holding = |said: PartnerHoldings| {
            let is_owing = owing.contains(&said.partner);
            Holding::new(said, is_owing)
        };
        page.partners = pages.node().holdings_of(id).await?.into_iter().map(holding).collect();
        page.key = pages.node().store().offer_of(id).await?;
    }
    pages.show(&worker.visit, "portal/data.html", "data", page)
}

/// Asks everyone who received something what they hold.
pub(super) async fn gather(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    pages.form(&worker.known, &headers, body).await?;
    if let Some(id) = worker.id() {
        pages.node().gather_holdings(id).await?;
    }
    Ok(on_to("/portal/data#held"))
}

fn file(name: &str, kind: &'static str, content: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))], content.into()).into_response()
}

/// Everything that a worker takes along, as a file.
pub(super) async fn export(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    let id = worker.id().ok_or(PageError::NotFound)?;
    // Its canonical form is what was signed: people read it more easily with its lines.
    let export = serde_json::to_value(pages.node().export_of(id).await?).map_err(PageError::internal)?;
    let lines = serde_json::to_vec_pretty(&export).map_err(PageError::internal)?;
    Ok(file("polder-export.json", "application/json", lines))
}

/// The proof of everything that was written down, as a file.
pub(super) async fn proof(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    let id = worker.id().ok_or(PageError::NotFound)?;
    let (export, _) = pages.node().proof_of(id).await?;
    Ok(file("polder-log.json", "application/json", serde_json::to_vec(&export).map_err(PageError::internal)?))
}

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<u64>,
    /// The same of what was not agreed to.
    no: Option<Cursor>,
}

#[derive(Serialize)]
struct Consents {
    items: Vec<Sight>,
    older: Option<u64>,
    newest: bool,
    /// What was refused, put off, or not answered.
    refused: Vec<Refused>,
    more_refused: Option<Cursor>,
}

/// A question to which nobody said yes.
#[derive(Serialize)]
struct Refused {
    #[serde(flatten)]
    asking: Asking,
    /// From when on they may ask for the same again, where that is not yet.
    again: Option<Timestamp>,
}

/// Everything that was decided, the last one first.
pub(super) async fn consents(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Before>) -> Result<Response, PageError> {
    let mut found = match worker.id() {
        Some(id) => pages.node().consents_of(id, asked.before.map(|before| before.min(i64::MAX.unsigned_abs())), ON_A_PAGE + 1).await?,
        None => Vec::new(),
    };
    let older = cut(&mut found, ON_A_PAGE).map(|(_, leaf)| *leaf);
    let items = found.into_iter().map(|(sight, _)| sight).collect();
    let mut refused = match worker.id() {
        Some(id) => pages.node().requests_not_given(id, asked.no.as_ref().map(Cursor::after), REFUSED + 1).await?,
        None => Vec::new(),
    };
    let more_refused = cut(&mut refused, REFUSED).map(|last| Cursor::new(last.at, last.id));
    let now = pages.node().now();
    let refused = refused.into_iter().map(|sight| {
        let again = may_be_asked_from(&sight.events).filter(|again| *again > now);
        Refused { asking: Asking::new(&pages, worker.visit.language, sight), again }
    });
    let page = Consents { items, older, newest: asked.before.is_none(), refused: refused.collect(), more_refused };
    pages.show(&worker.visit, "portal/consents.html", "data", page)
}

#[derive(Serialize)]
struct OneConsent {
    sight: Sight,
    /// The text that was read, in lines.
    text: Vec<String>,
}

/// One consent, with the text that was read.
pub(super) async fn consent(State(pages): State<Pages>, worker: Worker, Path(name): Path<String>) -> Result<Response, PageError> {
    let (id, consent) = (worker.id().ok_or(PageError::NotFound)?, name.parse::<ConsentId>().map_err(|_| PageError::NotFound)?);
    let kept = pages.node().store().consent_of(id, consent).await?.ok_or(PageError::NotFound)?;
    let text = pages.node().store().notice(&kept.consent.notice.sha256).await?.unwrap_or_default();
    let text = String::from_utf8(text).map_err(PageError::internal)?.lines().map(str::to_owned).collect();
    pages.show(&worker.visit, "portal/consent.html", "data", OneConsent { sight: pages.node().sight(kept), text })
}

/// The signed receipt of one consent as it stands, as a file.
pub(super) async fn receipt(State(pages): State<Pages>, worker: Worker, Path(name): Path<String>) -> Result<Response, PageError> {
    let (id, consent) = (worker.id().ok_or(PageError::NotFound)?, name.parse::<ConsentId>().map_err(|_| PageError::NotFound)?);
    let kept = pages.node().store().consent_of(id, consent).await?.ok_or(PageError::NotFound)?;
    let (signed, _) = pages.node().receipts(&[kept]).await?.pop().ok_or(PageError::NotFound)?;
    Ok(file(&format!("polder-receipt-{consent}.jws"), "application/jose", signed))
}
