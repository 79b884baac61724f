//! What others will see, as a worker looks at it before they say yes: they say yes to that, and to nothing that came after it.

use polder_consent::Field;
use polder_consent::view::shown;
use polder_exchange::people::Decision;
use polder_model::{PartnerId, Purpose};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::share::profile;
use crate::pages::{Fields, PageError, Pages, Worker};

/// What each of them will see.
#[derive(Serialize)]
pub(super) struct Preview {
    preview: Value,
    /// Its SHA-256, in hexadecimal digits.
    seen: String,
    /// Whether a yes was to something else.
    changed: bool,
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
        let bytes = shown(members, decision.fields);
        let seen = hex::encode(Sha256::digest(&bytes));
        let is_named = decision.fields.iter().any(Field::identifies);
        Ok(Self {
            preview: pages.labelled(serde_json::from_slice(&bytes).map_err(PageError::internal)?),
            changed: form.one("answer") == "yes" && seen != form.one("seen"),
            seen,
            known: if is_named { Vec::new() } else { who_knows(pages, worker, &decision.recipients).await? },
        })
    }

    pub(super) fn has_changed(&self) -> bool {
        self.changed
    }
}

/// Whether a yes is to something else than what the profile says by now.
pub(super) async fn has_changed(pages: &Pages, worker: &Worker, decision: &Decision, form: &Fields) -> Result<bool, PageError> {
    let Some(members) = profile(pages, worker).await? else { return Ok(false) };
    Ok(Preview::of(pages, worker, &members, decision, form).await?.changed)
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
