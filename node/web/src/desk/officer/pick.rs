//! Picking whose consents are to end: a profile, by the key that whoever wrote it is known by here, or a text that workers read. No names.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use polder_model::{Kind, OfferKey, Timestamp};
use serde::{Deserialize, Serialize};

use super::revoke::{Version, named};
use crate::pages::{As, PageError, Pages, PrivacyOfficer};

/// Profiles on a page.
const PROFILES: u32 = 50;
/// Texts on a page.
const TEXTS: u32 = 25;
/// The last page of texts.
const LAST: u32 = 10_000;

#[derive(Deserialize)]
pub(super) struct Asked {
    after: Option<String>,
    /// The page of texts, from 0.
    page: Option<u32>,
}

#[derive(Default, Serialize)]
struct Page {
    profiles: Vec<Profile>,
    /// From where the next page goes on.
    next: Option<OfferKey>,
    first: bool,
    texts: Vec<Text>,
    /// The next page of texts.
    next_page: Option<u32>,
    what: &'static str,
}

#[derive(Serialize)]
struct Profile {
    key: OfferKey,
    at: Timestamp,
}

#[derive(Serialize)]
struct Text {
    /// As an address says it.
    named: String,
    consents: u64,
    said: Version,
}

/// Profiles, or texts.
pub(super) async fn list(
    State(pages): State<Pages>,
    As { staff, .. }: As<PrivacyOfficer>,
    Path(what): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let page = match what.as_str() {
        "profiles" => profiles(&pages, asked.after.and_then(|after| after.parse().ok())).await?,
        "notices" => texts(&pages, asked.page.unwrap_or(0).min(LAST)).await?,
        _ => return Err(PageError::NotFound),
    };
    pages.show(&staff.visit, "desk/pick.html", "revocations", page)
}

async fn profiles(pages: &Pages, after: Option<OfferKey>) -> Result<Page, PageError> {
    let mut found = pages.node().store().list_offers(Kind::SkillOffer, after.as_ref(), PROFILES + 1).await?;
    let more = found.len() > PROFILES as usize;
    found.truncate(PROFILES as usize);
    let next = found.last().filter(|_| more).map(|last| last.key.clone());
    let profiles = found.into_iter().map(|offer| Profile { key: offer.key, at: offer.modified_at }).collect();
    Ok(Page { profiles, next, first: after.is_none(), what: "profiles", ..Page::default() })
}

/// Which versions of texts there are, not what they say: that names recipients, and the vacancy of whoever asked.
async fn texts(pages: &Pages, page: u32) -> Result<Page, PageError> {
    let mut used = pages.node().store().texts_used(page * TEXTS, TEXTS + 1).await?;
    let next_page = (used.len() > TEXTS as usize).then_some(page + 1);
    used.truncate(TEXTS as usize);
    let texts = used.into_iter().map(|one| Text { named: named(&one.text), consents: one.consents, said: Version::of(one.text) });
    Ok(Page { texts: texts.collect(), next_page, first: page == 0, what: "notices", ..Page::default() })
}
