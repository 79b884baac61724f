//! The log, verified in the browser of the worker: the page asks for rows, proofs and signatures, and its script computes everything anew.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use polder_consent::Field;
use polder_exchange::log::ExportRefused;
use polder_model::PartnerId;
use polder_trust::log::{Export, Hash, Witnesses};
use serde::{Deserialize, Serialize};

use crate::pages::{PageError, Pages, Worker};

impl From<ExportRefused> for PageError {
    fn from(refused: ExportRefused) -> Self {
        match refused {
            ExportRefused::NotYet => Self::Said(StatusCode::SERVICE_UNAVAILABLE, "problem-not-signed-yet"),
            refused => Self::internal(refused),
        }
    }
}

#[derive(Serialize)]
struct Page {
    /// Whether there is anything to verify.
    has_some: bool,
    /// Whose log it has to be.
    origin: String,
    /// What may stand in a row.
    fields: Vec<Field>,
}

/// What can be verified here, and how without a script.
pub(super) async fn verify(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    let origin = pages.node().log_origin().map(|origin| origin.to_string()).unwrap_or_default();
    let page = Page { has_some: worker.id().is_some(), origin, fields: Field::ALL.to_vec() };
    pages.show(&worker.visit, "portal/verify.html", "seen", page)
}

/// What the script verifies. Names and keys of partners are those of the register; nothing else in it is to be believed.
#[derive(Serialize)]
struct Proof {
    /// Nothing, while nothing of the worker is signed yet.
    export: Option<Export>,
    /// How many rows are under no checkpoint yet.
    pending: usize,
    /// Keys of the partner whose log it is.
    own: Vec<String>,
    /// Keys of those who may have cosigned.
    witnesses: Vec<Witness>,
    /// How many of them have to.
    quorum: usize,
    names: BTreeMap<PartnerId, String>,
}

#[derive(Serialize)]
struct Witness {
    partner: PartnerId,
    keys: Vec<String>,
}

/// The worker's rows, with everything that proves them.
pub(super) async fn proof(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    let id = worker.id().ok_or(PageError::NotFound)?;
    let (export, pending) = match pages.node().proof_of(id).await {
        Ok((export, pending)) => (Some(export), pending),
        Err(ExportRefused::NotYet) => (None, 1),
        Err(refused) => return Err(refused.into()),
    };
    let Witnesses { own, others, quorum } = pages.node().log_witnesses();
    let texts = |keys: Vec<polder_trust::keys::PublicKey>| keys.iter().map(ToString::to_string).collect();
    let names = pages.node().register().members().iter().map(|member| (member.partner.clone(), member.name.clone())).collect();
    let witnesses = others.into_iter().map(|(partner, keys)| Witness { partner, keys: texts(keys) }).collect();
    Ok(Json(Proof { export, pending, own: texts(own), witnesses, quorum, names }).into_response())
}

#[derive(Deserialize)]
pub(super) struct Sizes {
    old: u64,
    new: u64,
}

#[derive(Serialize)]
struct Follows {
    proof: Vec<Hash>,
}

/// That the log of the new size begins with that of the old: for a checkpoint that the worker kept. It says nothing about anybody.
pub(super) async fn since(State(pages): State<Pages>, _: Worker, Query(sizes): Query<Sizes>) -> Result<Response, PageError> {
    let proof = pages.node().log_consistency(sizes.old, sizes.new).await?;
    Ok(Json(Follows { proof }).into_response())
}
