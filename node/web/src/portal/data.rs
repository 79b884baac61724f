//! All that is held of a worker: to look at, to take along, and to erase.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use polder_consent::erasure::Counts;
use polder_consent::holdings::HeldCopy;
use polder_consent::state::may_be_asked_from;
use polder_consent::{ConsentId, FieldSet};
use polder_exchange::people::{PartnerHoldings, ReceiptFailed, Sight, StillThere};
use polder_model::{OfferKey, PartnerId, Purpose, Timestamp};
use polder_store::people::{Door, Ends, FAREWELL_DAYS};
use polder_trust::random;
use serde::{Deserialize, Serialize};

use super::asking::Asking;
use crate::pages::bounded::{fitting, short};
use crate::pages::cursor::{Cursor, cut};
use crate::pages::{Cookie, PageError, Pages, Visit, Worker, on_to};

/// Consents on a page.
const ON_A_PAGE: u32 = 25;
/// Questions on it to which nobody said yes.
const REFUSED: u32 = 5;
/// Kinds of what a partner holds that are said.
const KINDS: usize = 4;
/// Bytes of a row around the name of a partner that was told to erase.
const AROUND: usize = 250;
/// The same around a name in a list.
const AROUND_NAME: usize = 15;
/// Longest receipt that stands on a page to be read, in bytes; it can be downloaded however long it is.
const SHORT_RECEIPT: usize = 4 * 1024;

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
    let export = serde_json::to_vec_pretty(&pages.node().export_of(id).await?).map_err(PageError::internal)?;
    Ok(file("polder-export.json", "application/json", export))
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

/// Who would be told to erase.
#[derive(Serialize)]
struct ToTell {
    /// How many there are.
    count: usize,
    /// Their names, from one of them on.
    names: Vec<String>,
    from: usize,
    /// From where the list goes on.
    more: Option<usize>,
}

/// Asks once more before everything is erased, and says who would be told.
pub(super) async fn ask_erase(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Start>) -> Result<Response, PageError> {
    let all = match worker.id() {
        Some(id) => pages.node().would_be_told(id).await?,
        None => Vec::new(),
    };
    let from = asked.from.min(all.len());
    let mut names: Vec<String> = all[from..].iter().map(|name| short(name)).collect();
    names.truncate(fitting(&names, AROUND_NAME));
    let more = Some(from + names.len()).filter(|next| *next < all.len());
    pages.show(&worker.visit, "portal/erase.html", "data", ToTell { count: all.len(), names, from, more })
}

/// What is left to say to somebody who is not here any more.
#[derive(Serialize)]
struct Gone {
    /// What was just erased; nothing where somebody comes back by their link.
    receipt: Option<Receipt>,
    /// The link by which they see who still has to erase, where anybody does.
    link: Option<String>,
    /// For how many days it shows that.
    days: i64,
    /// Some of those who were told to erase, and how it stands with them; `None` where that cannot be read now.
    partners: Option<Vec<StillThere>>,
    /// How many come after these, and where they are.
    more: Option<(usize, String)>,
}

impl Gone {
    /// What that link shows, from one of them on.
    fn of(link: &str, mut partners: Vec<StillThere>, from: usize) -> Self {
        let mut some = partners.split_off(from.min(partners.len()));
        for one in &mut some {
            one.name = short(&one.name);
        }
        let fits = fitting(&some, AROUND);
        let more =
            Some(some.len() - fits).filter(|more| *more > 0).map(|more| (more, format!("/portal/erased/{link}?from={}", from + fits)));
        some.truncate(fits);
        Self { receipt: None, link: None, days: FAREWELL_DAYS, partners: Some(some), more }
    }
}

/// The receipt of an erasure, in words and as it is signed.
#[derive(Serialize)]
struct Receipt {
    at: Timestamp,
    counts: Counts,
    /// Whose key signed it.
    signer: PartnerId,
    /// `None` where this node has no key: it was erased all the same.
    signed: Option<String>,
    /// Whether it is short enough to be read on the page too.
    is_short: bool,
}

/// Erases everything, the account too.
pub(super) async fn erase(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let fields = pages.form(&worker.known, &headers, body).await?;
    if fields.one("sure") != "yes" {
        return Err(PageError::Said(StatusCode::BAD_REQUEST, "problem-not-sure"));
    }
    let link = URL_SAFE_NO_PAD.encode(random::<32>().map_err(PageError::internal)?);
    let mut page = Gone::of(&link, Vec::new(), 0);
    if let Some(id) = worker.id() {
        let gone = pages.node().erase_and_follow(id, Some(link.clone())).await?;
        let signer = pages.node().home().partner.clone();
        // It cannot be made again: whatever fails from here on, they see it.
        page = match pages.node().farewell(&link).await {
            Ok(partners) => Gone::of(&link, partners, 0),
            Err(error) => {
                tracing::error!(%error, "whoever was erased does not see who still has to, but by their link");
                Gone { partners: None, ..page }
            }
        };
        let is_short = gone.receipt.as_ref().is_some_and(|signed| signed.len() <= SHORT_RECEIPT);
        page.receipt = Some(Receipt { at: gone.at, counts: gone.counts, signer, signed: gone.receipt, is_short });
        page.link = gone.is_told.then(|| format!("{}/portal/erased/{link}", pages.url()));
    }
    let ends = Ends::Of(worker.known.is.session.login.clone(), vec![Door::Portal, Door::Program]);
    if let Err(error) = pages.node().store().end_sessions(ends).await {
        tracing::error!(%error, "sessions of whoever was erased end by their time alone");
    }
    let mut visit = worker.visit;
    visit.session = None;
    let mut response = pages.show(&visit, "portal/erased.html", "", page)?;
    response.headers_mut().extend(pages.cookies().clear(Cookie::Portal).map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// From which one on.
#[derive(Deserialize)]
pub(super) struct Start {
    #[serde(default)]
    from: usize,
}

/// Who still has to erase, for somebody who is not here any more and has the link. It says nothing of them.
pub(super) async fn erased(
    State(pages): State<Pages>,
    mut visit: Visit,
    Path(link): Path<String>,
    Query(asked): Query<Start>,
) -> Result<Response, PageError> {
    // Nothing else is looked for: it is 32 bytes.
    if URL_SAFE_NO_PAD.decode(&link).map_or(0, |bytes| bytes.len()) != 32 {
        return Err(PageError::NotFound);
    }
    let partners = pages.node().farewell(&link).await?;
    if partners.is_empty() {
        return Err(PageError::NotFound);
    }
    visit.session = None;
    pages.show(&visit, "portal/erased.html", "", Gone::of(&link, partners, asked.from))
}
