//! A question as a client puts it, and how it becomes a query (`docs/interfaces.md`, section 7; `docs/ranking.md`, section 6).

mod expand;
mod notes;
mod said;

use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::code::{Contract, Importance, Licence, Sector, TravelMode};
use crate::finding::{Finding, FindingCode};
use crate::name::{CodeUri, Kind, Purpose};
use crate::query::{HoursCriterion, LanguageCriterion, LevelCriterion, StartCriterion, reading_failed};
use crate::time::Timestamp;

pub use expand::expand;

/// Time for an answer where the client says nothing, in milliseconds.
pub const USUAL_DEADLINE_MS: u32 = 2_000;
/// Hits where the client says nothing.
pub const USUAL_LIMIT: u16 = 20;
/// Largest request, in bytes.
pub const LARGEST_REQUEST: usize = 64 * 1024;

/// A question as a client puts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueryRequest {
    /// The kind of offer that is sought.
    pub kind: Kind,
    /// What the answer is for; the kind's own purpose where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// Most hits, 1–100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// Time for the answer in milliseconds, 50–10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u32>,
    /// Skills, by URI or label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<SkillAsked>,
    /// Occupations, by URI or label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub occupations: Vec<CodeAsked>,
    /// Words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// From where, how, how far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub travel: Option<TravelAsked>,
    /// Hours a week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursCriterion>,
    /// Level of education.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LevelCriterion>,
    /// Contract forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<Contract>,
    /// Sectors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<Sector>,
    /// Languages that the worker has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<Vec<LanguageCriterion>>,
    /// Licences that the worker has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licences: Option<Vec<Licence>>,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<StartCriterion>,
    /// Only offers changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_since: Option<Timestamp>,
    /// Only employers who welcome sharing.
    #[serde(default)]
    pub sharing: bool,
    /// Of a question about people: your own live offer for which they are sought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The skills that an occupation needs and someone lacks; for trainings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<GapAsked>,
}

/// A skill, by URI or label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillAsked {
    /// Its URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<CodeUri>,
    /// One of its labels in the reference tables: the Dutch one, another Dutch word for it, or the English one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How much it matters; `essential` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<Importance>,
}

/// A code, by URI or label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeAsked {
    /// Its URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<CodeUri>,
    /// One of its labels in the reference tables: the Dutch one, another Dutch word for it, or the English one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// From where, how, how far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TravelAsked {
    /// A postcode or the name of a place.
    pub from: String,
    /// How; by car where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<TravelMode>,
    /// Most minutes, 1–240.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_minutes: Option<u16>,
    /// Most kilometres, 1–300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_kilometres: Option<u16>,
}

/// What an occupation needs and someone lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GapAsked {
    /// The occupation.
    pub occupation: CodeAsked,
    /// The skills that are there.
    #[serde(default)]
    pub skills: Vec<SkillAsked>,
}

impl QueryRequest {
    /// A question for offers of a kind, without criteria.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            purpose: None,
            limit: None,
            deadline_ms: None,
            skills: Vec::new(),
            occupations: Vec::new(),
            text: None,
            travel: None,
            hours: None,
            level: None,
            contracts: Vec::new(),
            sectors: Vec::new(),
            languages: None,
            licences: None,
            start: None,
            modified_since: None,
            sharing: false,
            about: None,
            gap: None,
        }
    }

    /// Reads a request. Bounds are checked when it is expanded.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Finding>> {
        if bytes.len() > LARGEST_REQUEST {
            return Err(vec![Finding::new("", FindingCode::OutOfBounds, "a query request has at most 64 KiB")]);
        }
        let value = crate::json::read_strict(bytes).map_err(|finding| vec![finding])?;
        serde_json::from_slice(bytes).map_err(|error| {
            // The schema says where and what; the reader only that something is wrong.
            let findings = crate::offer::query_request_findings(&value, bytes);
            if findings.is_empty() { vec![reading_failed(&error)] } else { findings }
        })
    }
}
