//! Skills proposed for a text, by their labels. The text is not kept, and no log has it.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use polder_model::problem::ProblemType;
use polder_model::query::reading_failed;
use polder_model::reference::{Fit, Mention, Reference, TextLanguage};
use polder_model::{CodeUri, Finding, FindingCode};
use serde::{Deserialize, Serialize};

use super::ClientApi;
use super::negotiate::{JSON, accepted, sends_json};
use crate::body;
use crate::refusal::Refusal;

/// Longest text, in characters.
pub(crate) const MOST_CHARACTERS: usize = 20_000;
/// Most proposals.
pub(crate) const MOST: usize = 20;
/// Largest request, in bytes: each character may be written as six.
const LARGEST: usize = 8 * MOST_CHARACTERS;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    text: String,
    #[serde(default)]
    language: Language,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Language {
    #[default]
    Nl,
    En,
}

#[derive(Serialize)]
struct Proposals {
    items: Vec<Proposal>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Proposal {
    uri: CodeUri,
    label_nl: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    label_en: String,
    /// The label by which it was found.
    label: String,
    fit: &'static str,
    evidence: Evidence,
}

/// Where the text speaks of it, in characters.
#[derive(Serialize)]
struct Evidence {
    start: usize,
    end: usize,
    text: String,
}

pub(super) async fn propose(api: ClientApi, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let bytes = body::read(body, LARGEST).await?;
    let invalid = |finding| Refusal::findings(ProblemType::InvalidRequest, vec![finding]);
    body::is_object(&bytes)?;
    let asked: Asked = serde_json::from_slice(&bytes).map_err(|error| invalid(reading_failed(&error)))?;
    if !(1..=MOST_CHARACTERS).contains(&asked.text.chars().count()) {
        return Err(invalid(Finding::new("/text", FindingCode::OutOfBounds, format!("must have 1 to {MOST_CHARACTERS} characters"))));
    }
    let reference = api.node.reference();
    // With complete tables the labels of a language are put in order once, which takes a second.
    let items = tokio::task::spawn_blocking(move || proposals(&reference, &asked)).await.map_err(|error| Refusal::internal(&error))?;
    Ok(axum::Json(Proposals { items }).into_response())
}

fn proposals(reference: &Reference, asked: &Asked) -> Vec<Proposal> {
    let language = match asked.language {
        Language::Nl => TextLanguage::Nl,
        Language::En => TextLanguage::En,
    };
    reference.skills_in(&asked.text, language, MOST).into_iter().map(|mention| proposal(&asked.text, mention)).collect()
}

fn proposal(text: &str, mention: Mention<'_>) -> Proposal {
    let start = text[..mention.at.start].chars().count();
    let said = &text[mention.at.clone()];
    Proposal {
        uri: mention.skill.uri.clone(),
        label_nl: mention.skill.label_nl.clone(),
        label_en: mention.skill.label_en.clone(),
        label: mention.label.to_owned(),
        fit: mention.fit.as_str(),
        evidence: Evidence { start, end: start + said.chars().count(), text: said.to_owned() },
    }
}

/// How surely a text may speak of a skill, the surest first.
pub(crate) fn fits() -> impl Iterator<Item = &'static str> {
    Fit::ALL.iter().map(|fit| fit.as_str())
}
