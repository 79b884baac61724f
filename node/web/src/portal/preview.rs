//! What others will see, as a worker looks at it before they say yes: they say yes to that, and to nothing that came after it.

use http::StatusCode;
use polder_consent::Field;
use polder_consent::view::shown;
use polder_exchange::people::Decision;
use polder_model::{PartnerId, Purpose};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::share::profile;
use crate::pages::{Fields, PageError, Pages, Worker};

/// What a worker looks at.
#[derive(Serialize)]
pub(super) struct Looked {
    preview: Value,
    /// Its SHA-256, in hexadecimal digits.
    seen: String,
    /// Whether a yes was to something else.
    changed: bool,
}

impl Looked {
    /// Of what is shown, as the form says that a worker saw it.
    pub(super) fn of(pages: &Pages, shown: &[u8], form: &Fields) -> Result<Self, PageError> {
        let preview = pages.labelled(serde_json::from_slice(shown).map_err(PageError::internal)?);
        Ok(Self { preview, seen: seen(shown), changed: is_other(shown, form) })
    }

    /// How the page is answered that shows it.
    pub(super) fn status(&self) -> StatusCode {
        if self.changed { StatusCode::CONFLICT } else { StatusCode::OK }
    }
}

fn seen(shown: &[u8]) -> String {
    hex::encode(Sha256::digest(shown))
}

/// Whether the yes of a form is to something else than what is shown.
pub(super) fn is_other(shown: &[u8], form: &Fields) -> bool {
    form.one("answer") == "yes" && seen(shown) != form.one("seen")
}

/// What each of them will see.
#[derive(Serialize)]
pub(super) struct Preview {
    #[serde(flatten)]
    pub looked: Looked,
    /// Who knows already who they are, where that is not shared.
    known: Vec<Knows>,
}

impl Preview {
    /// Of what is decided on, by the form that a worker sends.
    pub(super) async fn of(
        pages: &Pages,
        worker: &Worker,
        members: &Map<String, Value>,
        decision: &Decision,
        form: &Fields,
    ) -> Result<Self, PageError> {
        let is_named = decision.fields.iter().any(Field::identifies);
        Ok(Self {
            looked: Looked::of(pages, &shown(members, decision.fields), form)?,
            known: if is_named { Vec::new() } else { who_knows(pages, worker, &decision.recipients).await? },
        })
    }
}

/// Whether a yes is to something else than what the profile says by now.
pub(super) async fn has_changed(pages: &Pages, worker: &Worker, decision: &Decision, form: &Fields) -> Result<bool, PageError> {
    let members = profile(pages, worker).await?;
    Ok(members.is_some_and(|members| is_other(&shown(&members, decision.fields), form)))
}

/// An organisation that knows already who somebody is.
#[derive(Serialize)]
struct Knows {
    name: String,
    /// By what.
    purpose: Purpose,
}

/// Who of these knows by an application or by contact who a worker is: what is shared besides comes under the same handle.
async fn who_knows(pages: &Pages, worker: &Worker, recipients: &[PartnerId]) -> Result<Vec<Knows>, PageError> {
    let (mut all, Some(id)) = (Vec::new(), worker.id()) else { return Ok(Vec::new()) };
    let (node, register) = (pages.node(), pages.node().register());
    for recipient in recipients {
        for purpose in [Purpose::Application, Purpose::BeContacted] {
            let kept = node.store().in_force_for(id, purpose, recipient, node.now()).await?;
            if kept.is_some_and(|kept| kept.consent.fields.iter().any(Field::identifies)) {
                let name = register.member(recipient).map_or_else(|| recipient.to_string(), |member| member.name.clone());
                all.push(Knows { name, purpose });
                break;
            }
        }
    }
    Ok(all)
}
