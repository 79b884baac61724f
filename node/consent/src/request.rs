//! A partner asks to see something of a worker. The worker alone gives; whoever asked learns what is in force, and nothing else.

use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field::FieldSet;
use crate::id::{Handle, RequestId};
use crate::purpose::rules;

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

/// Why a purpose and fields cannot be asked for; `None`: they can.
#[must_use]
pub fn wrong_with(purpose: Purpose, fields: FieldSet) -> Option<(&'static str, String)> {
    let names = |fields: FieldSet| fields.iter().map(crate::field::Field::pointer).collect::<Vec<_>>().join(", ");
    let Some(rules) = rules(purpose) else {
        return Some(("/purpose", "this purpose asks for public offers; there is nothing to consent to".to_owned()));
    };
    if !fields.is_within(rules.allows) {
        return Some(("/fields", format!("this purpose does not allow {}", names(fields.without(rules.allows)))));
    }
    if fields.is_empty() || !rules.needs.is_within(fields) {
        let needed = names(rules.needs.without(fields));
        return Some(("/fields", format!("this purpose needs at least one field, and these: {needed}")));
    }
    None
}
