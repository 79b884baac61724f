//! A consent as it is kept: what was decided, by whom, on which text. Written once; what happens to it is in its events.

use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field::FieldSet;
use crate::id::{ConsentId, GrantId, WorkerId};
use crate::purpose::{LONGEST_CONSENT_DAYS, LegalBasis, rules};

const DAY: i64 = 86_400;

/// The schema of a record.
pub const SCHEMA: &str = "urn:polder:schema:consent:1.0";

/// Which of the consents for one worker, purpose and recipient it is: 1, 2, 3 …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Epoch(pub u64);

impl Epoch {
    /// The one after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The text that the worker read. Its bytes are kept under the hash.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Notice {
    /// Which text: a URI with a version.
    pub id: String,
    /// Lower-case hexadecimal SHA-256 of its bytes.
    pub sha256: String,
    /// `nl` or `en`.
    pub language: String,
    /// How it was shown: `api`, `portal`.
    pub channel: String,
}

/// How the worker showed who they are (abstract, so that other ways of logging in can come).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authentication {
    /// Who vouches.
    pub issuer: String,
    /// How sure it is, as the issuer says; empty where it says nothing.
    pub level: String,
    /// When the worker logged in.
    pub at: Timestamp,
}

/// One worker, one purpose, one recipient, one epoch.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Shared by all consents that were decided on one screen.
    pub grant_id: GrantId,
    /// The worker, by a name that this node alone knows.
    pub worker: WorkerId,
    /// Who keeps the worker's data and is responsible for it.
    pub controller: PartnerId,
    /// Who may see it. One partner, by name.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// Which of the consents for this worker, purpose and recipient.
    pub epoch: Epoch,
    /// Entry of the record of processing activities (GDPR art. 30), with its version.
    pub activity: String,
    /// Why it is lawful.
    pub legal_basis: LegalBasis,
    /// What may be seen.
    pub fields: FieldSet,
    /// How long a recipient may use a copy without asking again, in seconds.
    pub lease_seconds: i64,
    /// The text that was read.
    pub notice: Notice,
    /// How the worker logged in.
    pub authentication: Authentication,
    /// Who helped, by the node's own id for them. The worker decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assisted_by: Option<String>,
    /// From when.
    pub from: Timestamp,
    /// Until when, at most [`LONGEST_CONSENT_DAYS`] later.
    pub until: Timestamp,
    /// The consent in whose place it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<ConsentId>,
}

/// What is wrong with a consent that is to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unlawful {
    /// The purpose is for public offers.
    #[error("this purpose asks for public offers; there is nothing to consent to")]
    NotAboutPeople,
    /// A field that the purpose does not allow.
    #[error("a field is named that this purpose does not allow")]
    Field,
    /// A field is missing without which the purpose makes no sense.
    #[error("a field is not named without which this purpose makes no sense")]
    Needed,
    /// It shows nothing.
    #[error("no field is named")]
    Nothing,
    /// The basis is not that of the purpose.
    #[error("the legal basis is not that of the purpose")]
    Basis,
    /// It ends before it begins, or lives too long.
    #[error("a consent ends after it begins, and at most {LONGEST_CONSENT_DAYS} days later")]
    Life,
}

impl Consent {
    /// Whether it may be given at all.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self) -> Result<(), Unlawful> {
        let rules = rules(self.purpose).ok_or(Unlawful::NotAboutPeople)?;
        if self.fields.is_empty() {
            return Err(Unlawful::Nothing);
        }
        if !self.fields.is_within(rules.allows) {
            return Err(Unlawful::Field);
        }
        if !rules.needs.is_within(self.fields) {
            return Err(Unlawful::Needed);
        }
        if self.legal_basis != rules.basis {
            return Err(Unlawful::Basis);
        }
        if self.until <= self.from || self.until > self.from.plus_seconds(LONGEST_CONSENT_DAYS * DAY) {
            return Err(Unlawful::Life);
        }
        Ok(())
    }

    /// Until when a copy that is given at that instant may be used.
    #[must_use]
    pub fn use_until(&self, now: Timestamp) -> Timestamp {
        now.plus_seconds(self.lease_seconds).min(self.until)
    }
}
