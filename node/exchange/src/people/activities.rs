//! The record of processing activities (GDPR art. 30), as far as a node knows it: what consents, the log and the processing log name by `activity`.

use polder_consent::processing::{self, Action};
use polder_consent::{FieldSet, LegalBasis};
use polder_model::{PartnerId, Purpose};
use serde::{Deserialize, Serialize};

use crate::node::Node;

/// Who is responsible, each activity, and how long what is written down of them is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activities {
    /// Who is responsible.
    pub controller: Controller,
    /// The activities.
    pub items: Vec<Activity>,
    /// How long what is written down is kept.
    pub kept: KeptFor,
}

/// The partner whose node this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Controller {
    /// Who.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// Where it has its seat, where its configuration says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How people reach it about their data, where its configuration says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// One activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// Its name, with its version: what records point to.
    pub activity: String,
    /// What it is for; keeping profiles is for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// Whether this partner uses it.
    pub in_use: bool,
    /// Why it is lawful: for what other partners may see, as consents say; for keeping profiles and for what is asked for workers, as the configuration does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Basis>,
    /// What another partner may see by it at most.
    pub fields: FieldSet,
    /// How long a recipient may use a copy without asking again, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_seconds: Option<i64>,
    /// Names of the records of the processing log that point to it.
    pub records: Vec<String>,
}

/// Why an activity is lawful (GDPR art. 6(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The worker's consent: point (a).
    Consent,
    /// What the worker asked for before a contract: point (b).
    ContractRequest,
    /// A contract with the worker: point (b).
    Contract,
    /// An obligation by law: point (c).
    LegalObligation,
    /// A task in the public interest, by law: point (e).
    PublicTask,
    /// A legitimate interest: point (f).
    LegitimateInterest,
}

impl Basis {
    /// Those on which a partner can keep profiles and ask for workers.
    pub const OF_PARTNERS: [Self; 5] = [Self::Consent, Self::Contract, Self::LegalObligation, Self::PublicTask, Self::LegitimateInterest];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::ContractRequest => "contract-request",
            Self::Contract => "contract",
            Self::LegalObligation => "legal-obligation",
            Self::PublicTask => "public-task",
            Self::LegitimateInterest => "legitimate-interest",
        }
    }
}

impl From<LegalBasis> for Basis {
    fn from(of_consents: LegalBasis) -> Self {
        match of_consents {
            LegalBasis::Consent => Self::Consent,
            LegalBasis::ContractRequest => Self::ContractRequest,
        }
    }
}

/// How long, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptFor {
    /// A consent, at most.
    pub consent_days: i64,
    /// Who saw what of a worker, and what was asked for them.
    pub ledger_days: i64,
    /// That something ended, and was erased elsewhere.
    pub remembered_days: i64,
    /// Records of the processing log.
    pub processing_days: i64,
    /// Whom such a record is about.
    pub processing_keys_days: i64,
}

impl Node {
    /// The activities of this partner.
    #[must_use]
    pub fn activities(&self) -> Activities {
        let (home, policy) = (self.home(), self.policy());
        let profiles = Activity {
            activity: processing::KEEPING_PROFILES.to_owned(),
            purpose: None,
            in_use: true,
            legal_basis: home.basis,
            fields: FieldSet::NONE,
            lease_seconds: None,
            records: names(&[Action::ProfilePublished, Action::ProfileRemoved]),
        };
        let of_purpose = |purpose: Purpose| {
            let rules = policy.rules(purpose);
            Activity {
                activity: processing::activity(purpose),
                purpose: Some(purpose),
                in_use: policy.uses(purpose),
                legal_basis: rules.map_or(home.basis, |rules| Some(rules.basis.into())),
                fields: rules.map(|rules| rules.allows).unwrap_or_default(),
                lease_seconds: rules.map(|rules| rules.lease_seconds),
                records: names(&processing::actions(purpose)),
            }
        };
        Activities {
            controller: Controller {
                partner: home.partner.clone(),
                name: home.name.clone(),
                address: home.address.clone(),
                contact: home.contact.clone(),
            },
            items: std::iter::once(profiles).chain(Purpose::ALL.into_iter().map(of_purpose)).collect(),
            kept: KeptFor {
                consent_days: policy.consent_days,
                ledger_days: policy.ledger_days,
                remembered_days: policy.remembered_days,
                processing_days: policy.processing_days,
                processing_keys_days: policy.processing_keys_days,
            },
        }
    }
}

fn names(actions: &[Action]) -> Vec<String> {
    actions.iter().map(|action| action.as_str().to_owned()).collect()
}
