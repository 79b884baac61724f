//! Holds a result against what the exports say.

use std::fmt;

use serde_json::{Value, json};

use crate::query::Query;
use crate::{ExpectedHit, Line, OracleError, expected, instant};

/// One point on which a result differs from what it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Place in the list of hits, counted from 1; none for the result as a whole.
    pub place: Option<usize>,
    /// Partner and key of the hit shown at that place, or else of the expected one.
    pub offer: String,
    /// The member that differs.
    pub member: String,
    /// What follows from the exports.
    pub expected: Value,
    /// What the result says.
    pub shown: Value,
}

impl fmt::Display for Difference {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place {
            write!(to, "place {place} ({}), ", self.offer)?;
        }
        write!(to, "{}: expected {}, shown {}", self.member, self.expected, self.shown)
    }
}

/// Compares a result with what the exports of the partners that answered say.
///
/// # Errors
/// Query, result or answered partners are not what they should be.
pub fn compare_result(result: &Value, exports: &[(String, Vec<Line>)]) -> Result<Vec<Difference>, OracleError> {
    let list = |name: &str| result[name].as_array().ok_or_else(|| OracleError::Result(format!("no list {name}")));
    let (shown, answered) = (list("hits")?, list("answered")?);
    let query = Query::read(&result["query"])?;
    let limit = usize::try_from(query.limit).map_err(|error| OracleError::Query(error.to_string()))?;
    let mut counted: Vec<(String, Vec<Line>)> = Vec::new();
    for entry in answered {
        let partner = entry["partner"].as_str().ok_or_else(|| OracleError::Result("answered without a partner".to_owned()))?;
        if counted.iter().any(|(known, _)| known == partner) {
            return Err(OracleError::Result(format!("{partner} answered twice")));
        }
        let export = exports.iter().find(|(of, _)| of == partner).ok_or_else(|| OracleError::NoExport(partner.to_owned()))?;
        counted.push(export.clone());
    }
    let all = expected(&result["query"], &counted)?;
    let wanted = &all[..all.len().min(limit)];
    let mut differences = Vec::new();
    for place in 0..wanted.len().max(shown.len()) {
        compare_hit(place + 1, wanted.get(place), shown.get(place), &mut differences);
    }
    let more = json!(all.len() > limit);
    if result["more"] != more {
        let (member, shown) = ("more".to_owned(), result["more"].clone());
        differences.push(Difference { place: None, offer: String::new(), member, expected: more, shown });
    }
    Ok(differences)
}

fn compare_hit(place: usize, wanted: Option<&ExpectedHit>, shown: Option<&Value>, differences: &mut Vec<Difference>) {
    let name = |partner: &str, key: &str| format!("{partner} {key}");
    let wanted_name = wanted.map(|hit| name(&hit.partner, &hit.key));
    let shown_name = shown.map(|hit| name(hit["partner"].as_str().unwrap_or("?"), hit["key"].as_str().unwrap_or("?")));
    let offer = shown_name.clone().or_else(|| wanted_name.clone()).unwrap_or_default();
    let mut differs = |member: &str, expected: Value, shown: Value| {
        let (offer, member) = (offer.clone(), member.to_owned());
        differences.push(Difference { place: Some(place), offer, member, expected, shown });
    };
    let (Some(wanted), Some(shown)) = (wanted, shown) else {
        differs("hit", json!(wanted_name), json!(shown_name));
        return;
    };
    if wanted_name != shown_name {
        let with_score = |name: Option<String>, score: &Value| json!(format!("{} with score {score}", name.unwrap_or_default()));
        differs("hit", with_score(wanted_name, &json!(wanted.scored.score)), with_score(shown_name, &shown["score"]));
        return;
    }
    let members = [
        ("version", json!(wanted.version)),
        ("score", json!(wanted.scored.score)),
        ("reasons", json!(wanted.scored.reasons)),
        ("document", wanted.scored.visible.clone()),
    ];
    for (member, value) in members {
        if shown[member] != value {
            differs(member, value, shown[member].clone());
        }
    }
    if shown["modifiedAt"].as_str().and_then(|text| instant(text).ok()) != Some(wanted.modified_at) {
        differs("modifiedAt", json!(wanted.modified_at.to_string()), shown["modifiedAt"].clone());
    }
    let mut sum: u64 = 0;
    for reason in shown["reasons"].as_array().into_iter().flatten() {
        sum = sum.saturating_add(reason["points"].as_u64().unwrap_or(0));
    }
    if shown["score"] != json!(sum) {
        differs("sum of the reasons", shown["score"].clone(), json!(sum));
    }
}
