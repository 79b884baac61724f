//! A partner asks to see something of a worker. The worker alone gives; whoever asked learns what is in force, and nothing else.

use polder_model::{Finding, FindingCode, PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldSet};
use crate::id::{Handle, RequestId};
use crate::purpose::{Rules, rules};

/// Most requests of one partner to one worker in [`crate::purpose::REQUEST_DAYS`].
pub const MOST_OF_ONE: u64 = 3;
/// Most requests of one partner in a day (UTC), to whomever.
pub const MOST_A_DAY: u64 = 500;

/// One partner asks another: of a person whom it was shown, by the handle that it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentRequest {
    /// Its id, drawn by who asks.
    pub id: RequestId,
    /// Who asks, and is to see it.
    pub asker: PartnerId,
    /// The worker, as the asker knows them.
    pub handle: Handle,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
    /// When it is sent.
    pub as_of: Timestamp,
    /// Whether the worker is to be asked; if not, the asker looks what is in force.
    pub asks: bool,
}

/// What is in force of what was asked. Nobody there, not asked, not answered, refused and ended are the same: nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentStanding {
    /// The request.
    pub id: RequestId,
    /// The fields among those asked for that may be seen now.
    pub fields: FieldSet,
}

/// What is wrong with a purpose and fields that are asked for; empty where nothing is.
#[must_use]
pub fn wrong_with(purpose: Purpose, fields: FieldSet) -> Vec<Finding> {
    match rules(purpose) {
        Some(rules) => wrong_fields(&rules, fields),
        None => vec![nothing_to_consent_to()],
    }
}

/// What is wrong with the fields of a decision or a request, by the rules of its purpose.
#[must_use]
pub fn wrong_fields(rules: &Rules, fields: FieldSet) -> Vec<Finding> {
    let names = |fields: FieldSet| fields.iter().map(Field::pointer).collect::<Vec<_>>().join(", ");
    let (over, missing) = (fields.without(rules.allows), rules.needs.without(fields));
    let mut findings = Vec::new();
    if !over.is_empty() {
        let message = format!("this purpose does not allow {}; it allows {}", names(over), names(rules.allows));
        findings.push(Finding::new("/fields", FindingCode::Contradiction, message));
    }
    if !missing.is_empty() {
        findings.push(Finding::new("/fields", FindingCode::Missing, format!("this purpose needs {} too", names(missing))));
    } else if fields.is_empty() {
        let message = format!("name at least one field; this purpose allows {}", names(rules.allows));
        findings.push(Finding::new("/fields", FindingCode::Missing, message));
    }
    findings
}

/// What is wrong with a purpose that is about public offers.
#[must_use]
pub fn nothing_to_consent_to() -> Finding {
    Finding::new("/purpose", FindingCode::Contradiction, "this purpose asks for public offers; there is nothing to consent to")
}
