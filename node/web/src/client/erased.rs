//! What a client says that it erased, and keeps by law: read at the door, with everything that is wrong with it at once.

use polder_consent::retained::{LONGEST_RETAINED_DAYS, NoStatute, NotRetained};
use polder_consent::{Retained, RetainedBasis, Statute};
use polder_model::problem::ProblemType;
use polder_model::{Finding, FindingCode, Timestamp};
use polder_store::people::{Keeps, NotKept};
use serde::Deserialize;

use super::decision;
use super::erasures::MOST;
use crate::refusal::Refusal;

/// Largest acknowledgement, in bytes.
pub(super) const LARGEST: usize = 32 * 1024;
/// Most that is kept of all that is acknowledged at once.
pub(crate) const MOST_KEPT: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Said {
    up_to: u64,
    #[serde(default)]
    retained: Vec<SaidKept>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidKept {
    number: u64,
    fields: Vec<String>,
    basis: String,
    statute: String,
    until: String,
}

/// Up to which number, and what is kept.
pub(super) fn read(body: &[u8], now: Timestamp) -> Result<(u64, Vec<Keeps>), Refusal> {
    crate::body::is_object(body)?;
    let form = r#"send {"upTo": the number of the last erasure that was read and carried out}, and where a law demands that something of one is kept "retained": [{"number": its number, "fields": ["/contact/name"], "basis": "legal-obligation" or "public-task", "statute": "Archiefwet 1995, art. 3", "until": an instant}]"#;
    let said: Said = crate::body::of_form(body, form)?;
    if !(1..=MOST).contains(&said.up_to) {
        return Err(Refusal::new(ProblemType::InvalidRequest, form));
    }
    if said.retained.len() > MOST_KEPT {
        let message = format!("at most {MOST_KEPT}; acknowledge fewer erasures at once");
        return Err(all(vec![Finding::new("/retained", FindingCode::OutOfBounds, message)]));
    }
    let (mut keeps, mut findings) = (Vec::with_capacity(said.retained.len()), Vec::new());
    for (place, one) in said.retained.iter().enumerate() {
        keeps.extend(kept(one, &format!("/retained/{place}"), now, &mut findings));
    }
    if findings.is_empty() { Ok((said.up_to, keeps)) } else { Err(all(findings)) }
}

fn kept(said: &SaidKept, at: &str, now: Timestamp, findings: &mut Vec<Finding>) -> Option<Keeps> {
    let before = findings.len();
    let mut of_fields = Vec::new();
    let fields = decision::fields(&said.fields, &mut of_fields);
    if said.fields.is_empty() {
        of_fields.push(Finding::new("/fields", FindingCode::OutOfBounds, NotRetained::Nothing.to_string()));
    }
    findings.extend(of_fields.into_iter().map(|found| Finding { pointer: format!("{at}{}", found.pointer), ..found }));
    let basis = said.basis.parse::<RetainedBasis>();
    if let Err(error) = &basis {
        findings.push(Finding::new(format!("{at}/basis"), FindingCode::UnknownCode, error.to_string()));
    }
    let statute = said.statute.parse::<Statute>();
    if let Err(error) = &statute {
        let code = match error {
            NoStatute::Form => FindingCode::OutOfBounds,
            NoStatute::Personal => FindingCode::NotAllowed,
        };
        findings.push(Finding::new(format!("{at}/statute"), code, error.to_string()));
    }
    let until =
        said.until.parse::<Timestamp>().ok().filter(|until| *until > now && *until <= now.plus_seconds(LONGEST_RETAINED_DAYS * 86_400));
    if until.is_none() {
        let message = format!("an instant, such as 2030-01-01T00:00:00Z: {}", NotRetained::Until);
        findings.push(Finding::new(format!("{at}/until"), FindingCode::OutOfBounds, message));
    }
    match (basis, statute, until, findings.len() == before) {
        (Ok(basis), Ok(statute), Some(until), true) => {
            Some(Keeps { number: said.number.min(MOST), retained: Retained { fields, basis, statute, until } })
        }
        _ => None,
    }
}

/// What cannot be kept, and why.
pub(super) fn refused(refused: Vec<(usize, NotKept)>) -> Refusal {
    let findings = refused.into_iter().map(|(place, why)| {
        let (member, code) = match why {
            NotKept::Unknown => ("number", FindingCode::OutOfBounds),
            NotKept::Fields(_) => ("fields", FindingCode::OutOfBounds),
            NotKept::TooMany => ("number", FindingCode::Contradiction),
        };
        Finding::new(format!("/retained/{place}/{member}"), code, why.to_string())
    });
    all(findings.collect())
}

fn all(findings: Vec<Finding>) -> Refusal {
    Refusal::findings(ProblemType::InvalidRequest, findings)
}
