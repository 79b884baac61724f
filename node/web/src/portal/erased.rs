//! A worker erases everything: who would be told, what was erased, and who still has to.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use polder_consent::erasure::Counts;
use polder_exchange::people::StillThere;
use polder_model::{PartnerId, Timestamp};
use polder_store::people::{Door, Ends, FAREWELL_DAYS};
use serde::{Deserialize, Serialize};

use crate::pages::bounded::{fitting, short};
use crate::pages::{Cookie, PageError, Pages, Visit, Worker, on_to, sealed};

/// Bytes of a row around the name of a partner that was told to erase.
const AROUND: usize = 250;
/// The same around a name in a list.
const AROUND_NAME: usize = 15;
/// Longest receipt that stands on a page to be read, in bytes; it can be downloaded however long it is.
const SHORT_RECEIPT: usize = 4 * 1024;

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
pub(super) async fn ask(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Start>) -> Result<Response, PageError> {
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
    /// What was just erased; `None` where somebody comes back by their link.
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
    #[serde(flatten)]
    kept: Kept,
    /// Whose key signed it.
    signer: PartnerId,
    /// Whether it is short enough to be read on the page too.
    is_short: bool,
}

/// What the last page says of an erasure, for as long as it can be loaded anew.
#[derive(Serialize, Deserialize)]
struct Kept {
    at: Timestamp,
    counts: Counts,
    /// `None` where this node has no key: it was erased all the same.
    signed: Option<String>,
    /// By what link they see who still has to erase, where anybody does.
    link: Option<String>,
}

/// Erases everything, the account too.
pub(super) async fn erase(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let fields = pages.form(&worker.known, &headers, body).await?;
    if fields.one("sure") != "yes" {
        return Err(PageError::Said(StatusCode::BAD_REQUEST, "problem-not-sure"));
    }
    let (link, secret) = (sealed::made_up()?, sealed::made_up()?);
    let kept = match worker.id() {
        Some(id) => {
            let gone = pages.node().erase_and_follow(id, Some(link.clone())).await?;
            Some(Kept { at: gone.at, counts: gone.counts, signed: gone.receipt, link: gone.is_told.then_some(link) })
        }
        None => None,
    };
    let ends = Ends::Of(worker.known.is.session.login.clone(), vec![Door::Portal, Door::Program]);
    if let Err(error) = pages.node().store().end_sessions(ends).await {
        tracing::error!(%error, "sessions of whoever was erased end by their time alone");
    }
    let bytes = serde_json::to_vec(&kept).map_err(PageError::internal)?;
    // It cannot be made again: where it has no address of its own they see it at once.
    let mut response =
        if sealed::keep(&pages, &secret, None, bytes).await { on_to("/portal/erased") } else { show(&pages, worker.visit, kept).await? };
    let cookies = [pages.cookies().clear(Cookie::Portal), pages.cookies().set(Cookie::Erased, &secret, None)];
    response.headers_mut().extend(cookies.into_iter().flatten().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// The last page, for the browser in which everything was erased.
pub(super) async fn last(State(pages): State<Pages>, visit: Visit, headers: HeaderMap) -> Result<Response, PageError> {
    let secret = pages.cookies().sent(Cookie::Erased, &headers).ok_or(PageError::NotFound)?;
    let bytes = sealed::find(&pages, secret).await?.ok_or(PageError::NotFound)?;
    show(&pages, visit, serde_json::from_slice(&bytes).map_err(PageError::internal)?).await
}

/// What was erased; `None`: there was nothing.
async fn show(pages: &Pages, mut visit: Visit, kept: Option<Kept>) -> Result<Response, PageError> {
    visit.session = None;
    let mut page = Gone::of("", Vec::new(), 0);
    if let Some(kept) = kept {
        if let Some(link) = &kept.link {
            page = match pages.node().farewell(link).await {
                Ok(partners) => Gone::of(link, partners, 0),
                Err(error) => {
                    tracing::error!(%error, "whoever was erased does not see who still has to, but by their link");
                    Gone { partners: None, ..page }
                }
            };
            page.link = Some(format!("{}/portal/erased/{link}", pages.url()));
        }
        let is_short = kept.signed.as_ref().is_some_and(|signed| signed.len() <= SHORT_RECEIPT);
        page.receipt = Some(Receipt { kept, signer: pages.node().home().partner.clone(), is_short });
    }
    pages.show(&visit, "portal/erased.html", "", page)
}

/// From which one on.
#[derive(Deserialize)]
pub(super) struct Start {
    #[serde(default)]
    from: usize,
}

/// Who still has to erase, for somebody who is not here any more and has the link. It says nothing of them.
pub(super) async fn by_link(
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
