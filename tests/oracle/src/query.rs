//! The query, as docs/interfaces.md section 3 has it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use crate::{OracleError, instant};

pub struct Query {
    pub asker: String,
    pub kind: String,
    pub purpose: String,
    pub as_of: Timestamp,
    /// The date of `asOf` in UTC, `YYYY-MM-DD`.
    pub today: String,
    pub limit: u64,
    pub tie_key: (u64, u64),
    pub modified_since: Option<Timestamp>,
    pub criteria: Criteria,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Form {
    asker: String,
    kind: String,
    purpose: String,
    ranking: String,
    as_of: String,
    limit: u64,
    tie_key: String,
    criteria: Criteria,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Criteria {
    #[serde(default)]
    pub skills: Vec<Skill>,
    #[serde(default)]
    pub occupations: Vec<Occupation>,
    #[serde(default)]
    pub text: Vec<Word>,
    pub travel: Option<Travel>,
    pub hours: Option<Hours>,
    pub level: Option<Level>,
    pub contracts: Option<Vec<String>>,
    pub sectors: Option<Vec<String>>,
    pub languages: Option<Vec<Language>>,
    pub licences: Option<Vec<String>>,
    pub start: Option<Start>,
    modified_since: Option<String>,
    #[serde(default)]
    pub sharing: bool,
}

#[derive(Deserialize)]
pub struct Skill {
    pub uri: String,
    pub weight: u64,
    #[serde(default)]
    pub related: Vec<Related>,
}

#[derive(Deserialize)]
pub struct Related {
    pub uri: String,
    pub relation: String,
    pub factor: u64,
}

#[derive(Deserialize)]
pub struct Occupation {
    pub uri: String,
    pub factor: u64,
}

#[derive(Deserialize)]
pub struct Word {
    pub term: String,
    pub weight: u64,
}

#[derive(Deserialize)]
pub struct Travel {
    pub measure: Measure,
    pub limit: u64,
    /// Postcode, metres, minutes.
    pub reach: Vec<(String, u64, u64)>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    Minutes,
    Metres,
}

#[derive(Deserialize)]
pub struct Hours {
    pub min: u64,
    pub max: u64,
}

#[derive(Deserialize)]
pub struct Level {
    pub min: Option<u64>,
    pub max: Option<u64>,
}

#[derive(Deserialize)]
pub struct Language {
    pub language: String,
    pub level: String,
}

#[derive(Deserialize)]
pub struct Start {
    pub from: Option<String>,
    pub until: Option<String>,
}

impl Query {
    pub fn read(value: &Value) -> Result<Query, OracleError> {
        let form = Form::deserialize(value).map_err(|error| OracleError::Query(error.to_string()))?;
        if form.ranking != "polder-1" {
            return Err(OracleError::Query(format!("ranking {:?} is not polder-1", form.ranking)));
        }
        let Form { asker, kind, purpose, limit, criteria, .. } = form;
        let as_of = instant(&form.as_of).map_err(OracleError::Query)?;
        let today = TimeZone::UTC.to_datetime(as_of).date().to_string();
        let modified_since = criteria.modified_since.as_deref().map(instant).transpose().map_err(OracleError::Query)?;
        let tie_key = tie_key(&form.tie_key).ok_or_else(|| OracleError::Query(format!("tieKey {:?}", form.tie_key)))?;
        if criteria.travel.as_ref().is_some_and(|travel| travel.limit == 0) {
            return Err(OracleError::Query("travel.limit is 0".to_owned()));
        }
        if criteria.hours.as_ref().is_some_and(|hours| hours.min > hours.max) {
            return Err(OracleError::Query("hours.min is over hours.max".to_owned()));
        }
        Ok(Query { asker, kind, purpose, as_of, today, limit, tie_key, modified_since, criteria })
    }
}

/// Sixteen bytes in hexadecimal: the first eight are k0, the last eight k1, both little-endian.
fn tie_key(text: &str) -> Option<(u64, u64)> {
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let half = |part: &str| u64::from_str_radix(part, 16).ok().map(u64::swap_bytes);
    Some((half(text.get(..16)?)?, half(text.get(16..)?)?))
}
