//! What may be shown to everyone: the formats that are published on the web have no terms.

use std::fmt;

use polder_model::offer::{self, Offer, Recipients, Terms};
use polder_model::{Date, Finding, Kind, Purpose};
use serde_json::Value;

/// Why an offer cannot be published.
#[derive(Clone, Debug, PartialEq)]
pub enum NotPublic {
    /// It is no offer.
    NoOffer(Vec<Finding>),
    /// Its terms name the partners who may see it.
    NotForEveryone,
    /// Its terms leave out the purpose for which it would be found.
    OtherPurpose(Purpose),
    /// It can be found no more.
    Ended,
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOffer(findings) => write!(f, "this is no offer: {}", findings.first().map_or("", |finding| &finding.message)),
            Self::NotForEveryone => f.write_str("its terms name the partners who may see it, and a public page is for everyone"),
            Self::OtherPurpose(purpose) => write!(f, "its terms do not allow the purpose {purpose}"),
            Self::Ended => f.write_str("its last day is past"),
        }
    }
}

/// The document that everyone may see, without its terms and what they hide.
///
/// # Errors
/// When not everyone may see it, or not today.
pub(crate) fn document(kind: Kind, exact: &[u8], purpose: Purpose, today: Date) -> Result<Value, NotPublic> {
    let parsed = offer::parse(kind, exact).map_err(NotPublic::NoOffer)?;
    let closing = match &parsed.offer {
        Offer::Vacancy(vacancy) => vacancy.closing_date,
        Offer::Training(training) => training.closing_date,
        Offer::SkillOffer(_) => return Err(NotPublic::NotForEveryone),
    };
    if let Some(Terms { recipients, purposes, until, .. }) = parsed.offer.terms() {
        if matches!(recipients, Some(Recipients::Named(_))) {
            return Err(NotPublic::NotForEveryone);
        }
        if purposes.as_ref().is_some_and(|allowed| !allowed.contains(&purpose)) {
            return Err(NotPublic::OtherPurpose(purpose));
        }
        if until.is_some_and(|until| until < today) {
            return Err(NotPublic::Ended);
        }
    }
    if closing.is_some_and(|closing| closing < today) {
        return Err(NotPublic::Ended);
    }
    let mut value: Value = serde_json::from_slice(&parsed.visible_document(exact)).map_err(|_| NotPublic::NoOffer(Vec::new()))?;
    if let Some(members) = value.as_object_mut() {
        members.remove("terms");
    }
    Ok(value)
}
