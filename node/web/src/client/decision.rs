//! What a worker decides, as it is sent: read at the door, with everything that is wrong with it at once.

use polder_consent::{Field, FieldSet, is_offered};
use polder_exchange::people::{Decision, Language};
use polder_model::problem::ProblemType;
use polder_model::{Finding, FindingCode, PartnerId, Purpose, Timestamp};
use serde::Deserialize;

use crate::refusal::Refusal;

/// Largest decision, in bytes.
pub(super) const LARGEST: usize = 32 * 1024;
/// Most entries of a list that are looked at one by one.
const MOST: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    purpose: String,
    recipients: Vec<String>,
    fields: Vec<String>,
    until: Option<Timestamp>,
    language: String,
    notice: Option<String>,
    request: Option<String>,
}

/// A decision as it was sent.
struct Sent {
    decision: Decision,
    notice: Option<String>,
    request: Option<String>,
}

/// A decision that is only to be shown: it names no text yet.
pub(super) fn to_show(body: &[u8]) -> Result<Decision, Refusal> {
    let Sent { decision, notice, request } = read(body)?;
    for (pointer, given) in [("/notice", notice.is_some()), ("/request", request.is_some())] {
        if given {
            return Err(refused(vec![Finding::new(pointer, FindingCode::UnknownMember, "leave it out here: it goes with what is given")]));
        }
    }
    Ok(decision)
}

/// A decision, the SHA-256 of the text on which it was made, and the request that it answers.
pub(super) fn to_carry_out(body: &[u8]) -> Result<(Decision, String, Option<String>), Refusal> {
    match read(body)? {
        Sent { decision, notice: Some(notice), request } => Ok((decision, notice, request)),
        Sent { notice: None, .. } => {
            let message = "the sha256 of the text that was read, as POST /v1/me/notices gives it";
            Err(refused(vec![Finding::new("/notice", FindingCode::Missing, message)]))
        }
    }
}

fn read(body: &[u8]) -> Result<Sent, Refusal> {
    crate::body::is_object(body)?;
    let form = r#"send {"purpose": "match-vacancy", "recipients": ["kvk:…"], "fields": ["/title", "/skills"], "until": an instant, which may be left out, "language": "nl" or "en"}, and "notice" to give, with "request" where it answers one"#;
    let said: Said = crate::body::of_form(body, form)?;
    let mut findings = Vec::new();
    let purpose = said.purpose.parse::<Purpose>();
    if purpose.is_err() {
        let known: Vec<&str> =
            Purpose::ALL.into_iter().filter(|purpose| purpose.is_about_people() && is_offered(*purpose)).map(Purpose::as_str).collect();
        findings.push(Finding::new("/purpose", FindingCode::UnknownCode, format!("this is one of {}", known.join(", "))));
    }
    let recipients = said.recipients.iter().enumerate().take(MOST + 1).filter_map(|(place, recipient)| {
        let read = recipient.parse::<PartnerId>();
        if let Err(error) = &read {
            findings.push(Finding::new(format!("/recipients/{place}"), FindingCode::OutOfBounds, error.to_string()));
        }
        read.ok()
    });
    let recipients: Vec<PartnerId> = recipients.collect();
    let fields = fields(&said.fields, &mut findings);
    let language = match said.language.as_str() {
        "nl" => Some(Language::Nl),
        "en" => Some(Language::En),
        _ => {
            findings.push(Finding::new("/language", FindingCode::OutOfBounds, "this is nl or en"));
            None
        }
    };
    match (purpose, language, findings.is_empty()) {
        (Ok(purpose), Some(language), true) => {
            let decision = Decision { purpose, recipients, fields, stays: FieldSet::NONE, until: said.until, language, about: None };
            Ok(Sent { decision, notice: said.notice, request: said.request })
        }
        _ => Err(refused(findings)),
    }
}

/// The fields that are named.
pub(super) fn fields(said: &[String], findings: &mut Vec<Finding>) -> FieldSet {
    let mut seen: Vec<Field> = Vec::new();
    for (place, name) in said.iter().enumerate().take(MOST) {
        match name.parse::<Field>() {
            Ok(field) if seen.contains(&field) => {
                findings.push(Finding::new(format!("/fields/{place}"), FindingCode::Contradiction, "this field stands twice"));
            }
            Ok(field) => seen.push(field),
            Err(_) => {
                let known: Vec<&str> = Field::ALL.into_iter().map(Field::pointer).collect();
                let message = format!("there is no such field; a field is named by itself, and there are {}", known.join(", "));
                findings.push(Finding::new(format!("/fields/{place}"), FindingCode::UnknownCode, message));
            }
        }
    }
    if said.len() > MOST {
        findings.push(Finding::new("/fields", FindingCode::OutOfBounds, format!("at most {MOST} fields")));
    }
    seen.into_iter().collect()
}

fn refused(findings: Vec<Finding>) -> Refusal {
    Refusal::findings(ProblemType::InvalidRequest, findings)
}
