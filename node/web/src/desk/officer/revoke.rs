//! Ending consents on a ground: first it is said what would end, then it does.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use polder_consent::Ground;
use polder_consent::state::What;
use polder_model::OfferKey;
use polder_store::people::{Role, WhatEnds, Which};
use serde::Serialize;

use crate::client::revocations::worker_of;
use crate::pages::{Fields, PageError, Pages, Staff};

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    /// `worker` or `notice`.
    by: String,
    key: String,
    notice: String,
    ground: String,
    grounds: Vec<GroundOf>,
    wrong: Option<&'static str>,
    /// What would end.
    effect: Option<Effect>,
    /// What ended.
    done: Option<Effect>,
    /// Whether it changed since it was said.
    changed: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GroundOf {
    ground: &'static str,
    /// Whether it reaches back.
    reaches_back: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Effect {
    consents: u64,
    in_force: u64,
    erases: u64,
    reaches_back: bool,
}

impl Effect {
    fn new(found: WhatEnds, ground: Ground) -> Self {
        Self { consents: found.consents, in_force: found.in_force, erases: found.erases, reaches_back: reaches_back(ground) }
    }

    /// What the form says that was shown before.
    fn tag(&self) -> String {
        format!("{}-{}-{}", self.consents, self.in_force, self.erases)
    }
}

fn reaches_back(ground: Ground) -> bool {
    ground.what() == What::Invalidate
}

impl Page {
    fn new() -> Self {
        let grounds = Ground::ALL.into_iter().map(|ground| GroundOf { ground: ground.as_str(), reaches_back: reaches_back(ground) });
        Self { by: "worker".to_owned(), grounds: grounds.collect(), ..Self::default() }
    }

    fn of(fields: &Fields) -> Self {
        let by = if fields.one("by") == "notice" { "notice" } else { "worker" }.to_owned();
        let one = |name: &str| fields.one(name).to_owned();
        Self { by, key: one("key"), notice: one("notice").to_lowercase(), ground: one("ground"), ..Self::new() }
    }
}

/// Where it is said whose consents, and why.
pub(super) async fn begin(State(pages): State<Pages>, staff: Staff) -> Result<Response, PageError> {
    staff.require(Role::PrivacyOfficer)?;
    pages.show(&staff.visit, "desk/revocations.html", "revocations", Shown { page: Page::new(), tag: None })
}

/// Says what would end; ends it where that is what was said before.
pub(super) async fn look_or_end(State(pages): State<Pages>, staff: Staff, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    staff.require(Role::PrivacyOfficer)?;
    let fields = pages.form(&staff.known, &headers, body).await?;
    let mut page = Page::of(&fields);
    match read(&pages, &page).await? {
        Err(wrong) => page.wrong = Some(wrong),
        Ok((which, ground)) => {
            let found = pages.node().store().what_ends(which.clone(), ground, pages.node().now()).await?;
            let effect = Effect::new(found, ground);
            let confirmed = fields.one("do") == "end";
            if confirmed && fields.one("effect") == effect.tag() {
                let ended = pages.node().revoke(which, ground).await?.ended;
                let erases = ended.iter().filter(|one| one.owed).count() as u64;
                page.done = Some(Effect { consents: ended.len() as u64, erases, ..effect });
            } else {
                page.changed = confirmed;
                page.effect = Some(effect);
            }
        }
    }
    let status = if page.wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    pages.show_as(status, &staff.visit, "desk/revocations.html", "revocations", Shown { tag: page.effect.map(|effect| effect.tag()), page })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    page: Page,
    tag: Option<String>,
}

/// Which consents, and on which ground; the message that says what is wrong otherwise.
async fn read(pages: &Pages, page: &Page) -> Result<Result<(Which, Ground), &'static str>, PageError> {
    let Ok(ground) = page.ground.parse::<Ground>() else { return Ok(Err("revocations-wrong-ground")) };
    if page.by == "notice" {
        let is_hash = page.notice.len() == 64 && page.notice.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash {
            return Ok(Err("revocations-wrong-notice"));
        }
        let is_kept = pages.node().store().notice(&page.notice).await?.is_some();
        return Ok(if is_kept { Ok((Which::OnNotice(page.notice.clone()), ground)) } else { Err("revocations-no-notice") });
    }
    let Ok(key) = page.key.parse::<OfferKey>() else { return Ok(Err("revocations-wrong-key")) };
    Ok(worker_of(pages.node(), &key).await?.map(|worker| (Which::Of(worker, Vec::new()), ground)).ok_or("revocations-no-worker"))
}
