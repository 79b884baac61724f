//! A receipt in the words of others: ISO/IEC TS 27560:2023, written as the guide of the W3C's Data Privacy Vocabulary does
//! (`https://w3id.org/dpv/guides/consent-27560`), in JSON-LD.
//!
//! Where our words are narrower than theirs, ours are kept, with theirs as the broader concept: purposes and fields have names under `urn:polder:`.

mod status;
mod words;

use polder_model::{PartnerId, Timestamp};
use serde::Serialize;

use crate::field::Field;
use crate::purpose::rules;
use crate::receipt::{Receipt, Receipted};
use status::{Status, statuses};
use words::{broader_purpose, kind_of_data, legal_basis};

/// The profile of receipts.
const RECEIPT: &str = "https://w3id.org/dpv/schema/dpv-27560#receipt";
/// The profile of records.
const RECORD: &str = "https://w3id.org/dpv/schema/dpv-27560#record";

/// A partner, as it is named to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Who.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// Where it has its seat, for people to read, where that is known.
    pub address: Option<String>,
    /// How people reach it, where that is known: an e-mail address or a page.
    pub contact: Option<String>,
}

/// What an export says that is in no record: configuration of the node, and the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// Every partner that is named in the receipt; who is missing is named by its id alone.
    pub parties: Vec<Party>,
    /// Where a worker withdraws.
    pub withdraw_at: String,
    /// Where a worker uses the other rights.
    pub rights_at: String,
    /// The country where the data is kept: two letters, such as `NL`.
    pub stored_in: String,
    /// The country whose law applies: two letters.
    pub jurisdiction: String,
}

/// Prefixes of the export.
#[derive(Clone, Copy, Debug, Serialize)]
struct Context {
    dpv: &'static str,
    pd: &'static str,
    loc: &'static str,
    #[serde(rename = "eu-gdpr")]
    gdpr: &'static str,
    dct: &'static str,
    skos: &'static str,
    rdf: &'static str,
}

const CONTEXT: Context = Context {
    dpv: "https://w3id.org/dpv#",
    pd: "https://w3id.org/dpv/pd#",
    loc: "https://w3id.org/dpv/loc#",
    gdpr: "https://w3id.org/dpv/legal/eu/gdpr#",
    dct: "http://purl.org/dc/terms/",
    skos: "http://www.w3.org/2004/02/skos/core#",
    rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
};

/// A thing by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    #[serde(rename = "@id")]
    id: String,
}

fn named(id: impl Into<String>) -> Named {
    Named { id: id.into() }
}

/// A purpose or a kind of data of ours, with the broader one of the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Narrower {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "dct:identifier", skip_serializing_if = "Option::is_none")]
    identifier: Option<&'static str>,
    #[serde(rename = "skos:prefLabel", skip_serializing_if = "Option::is_none")]
    label: Option<Text>,
    #[serde(rename = "skos:broader")]
    broader: Named,
    #[serde(rename = "dpv:hasNecessity", skip_serializing_if = "Option::is_none")]
    necessity: Option<Named>,
}

/// A text in a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Text {
    #[serde(rename = "@value")]
    value: &'static str,
    #[serde(rename = "@language")]
    language: &'static str,
}

/// A partner and its role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entity {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    roles: [&'static str; 2],
    #[serde(rename = "dct:identifier")]
    identifier: PartnerId,
    #[serde(rename = "dpv:hasName", skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "dpv:hasAddress", skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(rename = "dpv:hasContact", skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
}

/// A value with a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Typed {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "rdf:value")]
    value: String,
}

/// Where data is kept, or how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Storage {
    /// Where.
    Location {
        /// `dpv:StorageLocation`.
        #[serde(rename = "@type")]
        kind: &'static str,
        /// The country.
        #[serde(rename = "dpv:hasLocation")]
        location: Named,
    },
    /// How long a copy may be used without asking again.
    Duration {
        /// `dpv:StorageDuration`.
        #[serde(rename = "@type")]
        kind: &'static str,
        /// As ISO 8601 writes it.
        #[serde(rename = "dpv:hasDuration")]
        duration: Typed,
    },
}

/// What may be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Process {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "dct:identifier")]
    activity: String,
    #[serde(rename = "dpv:hasPurpose")]
    purpose: Narrower,
    #[serde(rename = "dpv:hasPersonalData")]
    data: Vec<Narrower>,
    #[serde(rename = "dpv:hasLegalBasis")]
    basis: Named,
    #[serde(rename = "dpv:hasDataController")]
    controller: Entity,
    #[serde(rename = "dpv:hasRecipient")]
    recipient: Entity,
    #[serde(rename = "dpv:hasStorageCondition")]
    storage: [Storage; 2],
}

/// The text that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeShown {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "dct:identifier")]
    sha256: String,
    #[serde(rename = "dct:language")]
    language: String,
}

/// What a worker can do, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exercised {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "dpv:isExercisedAt")]
    at: Named,
}

/// A record of consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "dct:conformsTo")]
    schema: Named,
    #[serde(rename = "dct:identifier")]
    identifier: String,
    #[serde(rename = "dpv:hasDataSubject")]
    subject: Named,
    #[serde(rename = "dpv:hasJurisdiction")]
    jurisdiction: Named,
    #[serde(rename = "dpv:hasNotice")]
    notice: NoticeShown,
    #[serde(rename = "dpv:hasProcess")]
    process: Process,
    #[serde(rename = "dpv:hasConsentControl")]
    control: Exercised,
    #[serde(rename = "dpv:hasRight")]
    right: Exercised,
    #[serde(rename = "dct:replaces", skip_serializing_if = "Option::is_none")]
    replaces: Option<Named>,
    #[serde(rename = "dpv:hasConsentStatus")]
    statuses: Vec<Status>,
}

/// A receipt.
#[derive(Clone, Debug, Serialize)]
pub struct Exported {
    #[serde(rename = "@context")]
    context: Context,
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "dct:conformsTo")]
    schema: Named,
    #[serde(rename = "dct:identifier")]
    identifier: String,
    #[serde(rename = "dct:created")]
    created: Timestamp,
    #[serde(rename = "dct:publisher")]
    publisher: Entity,
    #[serde(rename = "dpv:hasRecordOfActivity")]
    records: Vec<Record>,
}

/// A receipt in these words.
#[must_use]
pub fn export(receipt: &Receipt, around: &Surroundings) -> Exported {
    let records = receipt.consents.iter().map(|receipted| record(receipted, around)).collect();
    Exported {
        context: CONTEXT,
        id: format!("urn:polder:receipt:{}", receipt.id),
        kind: "dpv:ConsentReceipt",
        schema: named(RECEIPT),
        identifier: receipt.id.to_string(),
        created: receipt.iat,
        publisher: around.entity(&receipt.iss, "dpv:DataController"),
        records,
    }
}

fn record(receipted: &Receipted, around: &Surroundings) -> Record {
    let consent = &receipted.consent;
    let notice = &consent.notice;
    Record {
        id: format!("urn:polder:consent:{}", consent.id),
        kind: "dpv:ConsentRecord",
        schema: named(RECORD),
        identifier: consent.id.to_string(),
        subject: named(format!("urn:polder:worker:{}", consent.worker)),
        jurisdiction: named(format!("loc:{}", around.jurisdiction)),
        notice: NoticeShown {
            id: notice.id.clone(),
            kind: "dpv:ConsentNotice",
            sha256: format!("sha256:{}", notice.sha256),
            language: notice.language.clone(),
        },
        process: process(receipted, around),
        control: Exercised { kind: "dpv:WithdrawConsent", at: named(&*around.withdraw_at) },
        right: Exercised { kind: "dpv:DataSubjectRight", at: named(&*around.rights_at) },
        replaces: consent.renews.map(|earlier| named(format!("urn:polder:consent:{earlier}"))),
        statuses: statuses(receipted),
    }
}

fn process(receipted: &Receipted, around: &Surroundings) -> Process {
    let consent = &receipted.consent;
    let needs = rules(consent.purpose).map(|rules| rules.needs).unwrap_or_default();
    let data = |field: Field| Narrower {
        id: format!("urn:polder:field:{field}"),
        kind: "dpv:PersonalData",
        identifier: Some(field.pointer()),
        label: Some(Text { value: field.dutch(), language: "nl" }),
        broader: named(kind_of_data(field)),
        necessity: Some(named(if needs.contains(field) { "dpv:Required" } else { "dpv:Optional" })),
    };
    Process {
        kind: "dpv:Process",
        activity: consent.activity.clone(),
        purpose: Narrower {
            id: format!("urn:polder:purpose:{}", consent.purpose),
            kind: "dpv:Purpose",
            identifier: None,
            label: None,
            broader: named(broader_purpose(consent.purpose)),
            necessity: None,
        },
        data: consent.fields.iter().map(data).collect(),
        basis: named(legal_basis(consent.legal_basis)),
        controller: around.entity(&consent.controller, "dpv:DataController"),
        recipient: around.entity(&consent.recipient, "dpv:Recipient"),
        storage: [
            Storage::Location { kind: "dpv:StorageLocation", location: named(format!("loc:{}", around.stored_in)) },
            Storage::Duration {
                kind: "dpv:StorageDuration",
                duration: Typed { kind: "dpv:TemporalDuration", value: format!("PT{}S", consent.lease_seconds) },
            },
        ],
    }
}

impl Surroundings {
    fn entity(&self, partner: &PartnerId, role: &'static str) -> Entity {
        let party = self.parties.iter().find(|party| party.partner == *partner);
        Entity {
            id: format!("urn:polder:partner:{partner}"),
            roles: ["dpv:Organisation", role],
            identifier: partner.clone(),
            name: party.map(|party| party.name.clone()),
            address: party.and_then(|party| party.address.clone()),
            contact: party.and_then(|party| party.contact.clone()),
        }
    }
}
