//! Ending consents on a ground: first it is said what would end, then it does.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use polder_consent::state::What;
use polder_consent::{ConsentId, Ground};
use polder_exchange::people::Withdrawn;
use polder_model::{OfferKey, PartnerId, Purpose};
use polder_store::people::{Seal, TextVersion, WhatEnds, Which};
use serde::{Deserialize, Serialize};

use super::{Named, name_of, partners};
use crate::client::revocations::{MOST_NAMED, worker_of};
use crate::pages::{As, Fields, PageError, Pages, PrivacyOfficer, Sent};

/// Whose consents are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    /// Those of one worker.
    #[default]
    Worker,
    /// Those towards a partner.
    Partner,
    /// Those that were given on a text.
    Notice,
    /// Those that were given on a version of a text.
    Text,
    /// Those that were ticked at an incident.
    Picked,
}

impl By {
    fn read(text: &str) -> Self {
        match text {
            "partner" => Self::Partner,
            "notice" => Self::Notice,
            "text" => Self::Text,
            "picked" => Self::Picked,
            _ => Self::Worker,
        }
    }
}

/// What was picked on another page.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    by: Option<By>,
    key: Option<String>,
    partner: Option<String>,
    notice: Option<String>,
    text: Option<String>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    by: By,
    key: String,
    notice: String,
    /// A version of a text, as [`named`] writes it, and in parts.
    text: String,
    version: Option<Version>,
    partner: String,
    /// The name of that partner.
    partner_name: String,
    /// Those that were ticked.
    picked: Vec<String>,
    partners: Vec<Named>,
    ground: String,
    grounds: Vec<GroundOf>,
    wrong: Option<&'static str>,
    /// What would end.
    effect: Option<Effect>,
    /// By which the form says exactly what was shown.
    seal: String,
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
    /// Consents, and applications, which are called so.
    consents: u64,
    applications: u64,
    in_force: u64,
    erases: u64,
    reaches_back: bool,
}

impl Effect {
    fn new(found: WhatEnds, ground: Ground) -> Self {
        let WhatEnds { consents, applications, in_force, erases } = found;
        Self { consents: consents - applications, applications, in_force, erases, reaches_back: reaches_back(ground) }
    }
}

fn reaches_back(ground: Ground) -> bool {
    ground.what() == What::Invalidate
}

impl Page {
    fn new(pages: &Pages) -> Self {
        let grounds = Ground::ALL.into_iter().map(|ground| GroundOf { ground: ground.as_str(), reaches_back: reaches_back(ground) });
        Self { grounds: grounds.collect(), partners: partners(pages), ..Self::default() }
    }

    fn of(pages: &Pages, fields: &Fields) -> Self {
        let one = |name: &str| fields.one(name).to_owned();
        let (by, notice) = (By::read(fields.one("by")), one("notice").to_lowercase());
        let picked: BTreeSet<&str> = fields.all("consent").take(MOST_NAMED).collect();
        let picked = picked.into_iter().map(str::to_owned).collect();
        Self { by, key: one("key"), notice, text: one("text"), partner: one("partner"), picked, ground: one("ground"), ..Self::new(pages) }
            .named(pages)
    }

    fn named(self, pages: &Pages) -> Self {
        let name = self.partner.parse().map(|partner| name_of(pages, &partner)).unwrap_or_default();
        Self { partner_name: name, version: version(&self.text).map(Version::of), ..self }
    }
}

/// Where it is said whose consents, and why.
pub(super) async fn begin(
    State(pages): State<Pages>,
    As { staff, .. }: As<PrivacyOfficer>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let Asked { by, key, partner, notice, text } = asked;
    let (by, said) = (by.unwrap_or_default(), |text: Option<String>| text.unwrap_or_default());
    let page = Page { by, key: said(key), partner: said(partner), notice: said(notice), text: said(text), ..Page::new(&pages) };
    pages.show(&staff.visit, "desk/revocations.html", "revocations", page.named(&pages))
}

/// Says what would end; ends it where that is what was said before. From an incident it only takes along what was ticked.
pub(super) async fn look_or_end(
    State(pages): State<Pages>,
    Sent { staff, fields, .. }: Sent<PrivacyOfficer>,
) -> Result<Response, PageError> {
    let mut page = Page::of(&pages, &fields);
    match read(&pages, &page).await? {
        Err("revocations-wrong-ground") if fields.one("do") == "pick" => {}
        Err(wrong) => page.wrong = Some(wrong),
        Ok((which, ground)) => {
            let (found, seal) = pages.node().store().what_ends(which.clone(), ground, pages.node().now()).await?;
            let effect = Effect::new(found, ground);
            let shown = Some(fields.one("effect")).filter(|_| fields.one("do") == "end");
            let ended = match shown {
                Some(shown) => pages.node().revoke_sealed(which, ground, Seal(shown.to_owned())).await?,
                None => None,
            };
            if let Some(Withdrawn { ended, .. }) = ended {
                let erases =
                    ended.iter().filter(|one| one.owed).map(|one| &one.kept.consent.recipient).collect::<BTreeSet<_>>().len() as u64;
                page.done = Some(Effect { erases, ..effect });
            } else {
                page.changed = shown.is_some();
                (page.seal, page.effect) = (seal.0, Some(effect));
            }
        }
    }
    let status = if page.wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    pages.show_as(status, &staff.visit, "desk/revocations.html", "revocations", page)
}

/// Which consents, and on which ground; the message that says what is wrong otherwise.
async fn read(pages: &Pages, page: &Page) -> Result<Result<(Which, Ground), &'static str>, PageError> {
    let which = match page.by {
        By::Worker => worker(pages, &page.key).await?,
        By::Notice => notice(pages, &page.notice).await?,
        By::Text => version(&page.text).map(Which::OnText).ok_or("revocations-wrong-text"),
        By::Partner => page.partner.parse::<PartnerId>().map(Which::Towards).map_err(|_| "revocations-wrong-partner"),
        By::Picked => {
            let picked = page.picked.iter().map(|id| id.parse::<ConsentId>()).collect::<Result<Vec<_>, _>>();
            picked.ok().filter(|picked| !picked.is_empty()).map(Which::These).ok_or("revocations-wrong-picked")
        }
    };
    let ground = page.ground.parse::<Ground>().map_err(|_| "revocations-wrong-ground");
    Ok(which.and_then(|which| Ok((which, ground?))))
}

/// A version of a text in one word for an address or a form.
pub(super) fn named(text: &TextVersion) -> String {
    format!("{} {} {}", text.version, text.language, text.purpose)
}

/// The same read.
fn version(named: &str) -> Option<TextVersion> {
    let [version, language, purpose] = named.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let is_version = version.starts_with("urn:") && ["nl", "en"].contains(&language);
    let purpose = purpose.parse().ok()?;
    is_version.then(|| TextVersion { version: version.to_owned(), language: language.to_owned(), purpose })
}

/// A version of a text as people say it.
#[derive(Serialize)]
pub(super) struct Version {
    version: String,
    language: String,
    purpose: Purpose,
}

impl Version {
    pub(super) fn of(text: TextVersion) -> Self {
        let TextVersion { version, language, purpose } = text;
        Self { version: version.rsplit(':').next().unwrap_or_default().to_owned(), language, purpose }
    }
}

async fn worker(pages: &Pages, key: &str) -> Result<Result<Which, &'static str>, PageError> {
    let Ok(key) = key.parse::<OfferKey>() else { return Ok(Err("revocations-wrong-key")) };
    Ok(worker_of(pages.node(), &key).await?.map(|worker| Which::Of(worker, Vec::new())).ok_or("revocations-no-worker"))
}

async fn notice(pages: &Pages, sha256: &str) -> Result<Result<Which, &'static str>, PageError> {
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash {
        return Ok(Err("revocations-wrong-notice"));
    }
    let is_kept = pages.node().store().notice(sha256).await?.is_some();
    Ok(if is_kept { Ok(Which::OnNotice(sha256.to_owned())) } else { Err("revocations-no-notice") })
}
