//! Picking whose consents are to end: a profile, by the key that whoever wrote it is known by here, or a text that workers read. No names.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use polder_model::{Kind, OfferKey, Timestamp};
use serde::{Deserialize, Serialize};

use crate::pages::{As, PageError, Pages, PrivacyOfficer};

/// Profiles on a page.
const PROFILES: u32 = 50;
/// Texts that are shown.
const TEXTS: u32 = 12;

#[derive(Deserialize)]
pub(super) struct Asked {
    after: Option<String>,
}

#[derive(Default, Serialize)]
struct Page {
    profiles: Vec<Profile>,
    /// From where the next page goes on.
    next: Option<OfferKey>,
    first: bool,
    texts: Vec<Text>,
    what: &'static str,
}

#[derive(Serialize)]
struct Profile {
    key: OfferKey,
    at: Timestamp,
}

#[derive(Serialize)]
struct Text {
    sha256: String,
    consents: u64,
    lines: Vec<String>,
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
        "notices" => texts(&pages).await?,
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

async fn texts(pages: &Pages) -> Result<Page, PageError> {
    let store = pages.node().store();
    let mut texts = Vec::new();
    for (sha256, consents) in store.notices_used(TEXTS).await? {
        let text = store.notice(&sha256).await?.unwrap_or_default();
        let lines = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
        texts.push(Text { sha256, consents, lines });
    }
    Ok(Page { texts, first: true, what: "notices", ..Page::default() })
}
