//! Portability (GDPR art. 20): what a worker takes along, signed, and what another node makes of it. Consents are asked anew there; nothing is given by
//! itself, and at the old node nothing ends before the worker says so.

use polder_consent::export::{Export, LARGEST, SCHEMA, Seal, TAKEN_DAYS};
use polder_consent::{Consent, FieldSet, ReceiptId, State, WorkerId};
use polder_formats::canonical::canonical;
use polder_model::{Finding, Kind, OfferKey, PartnerId, Purpose, Timestamp, offer};
use polder_store::people::{Requesting, TakingIn, Whom};
use polder_store::{Precondition, StoreError};
use polder_trust::evidence::{self, EvidenceError, EvidenceKind};
use polder_trust::register::Status;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::held::{Home, Profile};
use super::receipts::ReceiptFailed;
use crate::answer::MOST_SKEW_SECONDS;
use crate::node::Node;
use crate::publish::PublishRefused;
use crate::traces;

const DAY: i64 = 86_400;

/// The content of an export.
#[derive(Serialize)]
struct Written<'w> {
    schema: &'static str,
    id: ReceiptId,
    iss: &'w PartnerId,
    iat: Timestamp,
    worker: WorkerId,
    #[serde(flatten)]
    home: Home,
}

/// The same, as far as another node reads it.
#[derive(Deserialize)]
struct Read {
    schema: String,
    id: ReceiptId,
    iss: PartnerId,
    iat: Timestamp,
    profile: Option<Profile>,
    consents: Vec<Standing>,
}

#[derive(Deserialize)]
struct Standing {
    consent: Consent,
    state: Option<State>,
}

/// What a worker brought along.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Brought {
    /// Whose node wrote it.
    pub from: PartnerId,
    /// Its name in the register; empty where it has left.
    pub from_name: String,
    /// When it was taken in here.
    pub at: Timestamp,
    /// The content of the export.
    pub content: Box<RawValue>,
}

/// A consent for which nothing is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotAsked {
    /// Who saw something.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
}

/// What became of an export that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// The key of the skill offer here.
    pub key: OfferKey,
    /// Whose node wrote the export.
    pub from: PartnerId,
    /// How many consents the worker is asked for anew.
    pub asked: usize,
    /// Recipients for whom nothing is asked: they take no part here or not for that purpose, it was an application, or the worker was here before and asked
    /// for it.
    pub not_asked: Vec<NotAsked>,
}

/// What the worker would be asked for anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WouldAsk {
    /// Who would see something.
    pub recipient: PartnerId,
    /// Its name in the register.
    pub recipient_name: String,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
}

/// What taking in an export would do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MovePreview {
    /// Whose node wrote it.
    pub from: PartnerId,
    /// Its name in the register.
    pub from_name: String,
    /// When it was written.
    pub at: Timestamp,
    /// The profile.
    pub profile: Value,
    /// What the worker is asked for anew.
    pub asks: Vec<WouldAsk>,
    /// For whom nothing is asked.
    pub not_asked: Vec<NotAsked>,
}

/// Why an export is not taken in. Nothing was done then.
#[derive(Debug, thiserror::Error)]
pub enum MoveRefused {
    /// It has more than [`LARGEST`] bytes, which no node makes.
    #[error("this export has more than {} MiB, and a node makes none that long: what does not fit in is left out of it, and named. Take the export anew from the node that the worker leaves", LARGEST >> 20)]
    TooLarge,
    /// It is not of its form.
    #[error("this is no export of a worker: {0}")]
    Form(&'static str),
    /// Nobody of the register wrote it so.
    #[error("no partner of the register signed this content: {0}")]
    Evidence(EvidenceError),
    /// It is too old, of a time to come, of another partner than who signed, or of this node.
    #[error("the export is not taken in: {0}")]
    NotNow(&'static str),
    /// It was taken in before, or the key is taken.
    #[error("{0}")]
    Taken(&'static str),
    /// The profile is none that this node takes.
    #[error("the profile has {} finding(s)", .0.len())]
    Profile(Vec<Finding>),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Everything that a worker takes along, signed.
    ///
    /// # Errors
    /// When the store cannot be read, or nothing can be signed.
    pub async fn export_of(&self, worker: WorkerId) -> Result<Export, ReceiptFailed> {
        let (iss, iat) = (&self.home().partner, self.now());
        let id = ReceiptId::from_random(uuid::Uuid::new_v4().into_bytes());
        let written = Written { schema: SCHEMA, id, iss, iat, worker, home: self.held_here(worker).await? };
        let unwritten = |_| StoreError::Damaged("an export that cannot be written");
        let text = canonical(&serde_json::to_value(&written).map_err(unwritten)?);
        let seal = Seal { iss: iss.clone(), iat, sha256: hex::encode(Sha256::digest(&text)) };
        let key = self.signing_key().ok_or(ReceiptFailed::NoKey)?;
        let signature = evidence::sign(key, EvidenceKind::Export, &seal)?;
        Ok(Export::new(RawValue::from_string(text).map_err(unwritten)?, signature))
    }

    /// Takes in what a worker brings along: the profile becomes the skill offer of that key, the content stays readable for the worker, and they are asked
    /// anew for what was in force. Nobody sees anything before they give it.
    ///
    /// # Errors
    /// [`MoveRefused`]; nothing was done then, but where the store failed halfway: the same again finishes it.
    pub async fn take_in(&self, key: OfferKey, export: &Export) -> Result<Moved, MoveRefused> {
        let (read, text) = self.read_export(export)?;
        if self.store().was_taken_in(read.id).await? {
            return Err(MoveRefused::Taken("this export was taken in before"));
        }
        let profile = read.profile.as_ref().ok_or(MoveRefused::Form("there is no profile in it"))?;
        let document = profile.document.get().as_bytes();
        match self.store().offer(Kind::SkillOffer, &key).await? {
            // The same bytes under this key: it was begun before.
            Some(there) if there.document == document => {}
            Some(_) => return Err(MoveRefused::Taken("this key is taken by another skill offer")),
            None => self.publish_profile(key.clone(), document).await?,
        }
        let worker = self.store().worker_of(&key, self.now()).await?.ok_or(MoveRefused::Taken("the skill offer is gone again"))?;
        let now = self.now();
        let (asks, mut not_asked) = self.to_be_asked(&key, &read, now);
        let (all, from) = (asks.len(), read.iss.clone());
        let taking = TakingIn { worker, export: read.id, source: from.clone(), text, asks, now };
        let dropped = self.store().take_in(taking).await?.ok_or(MoveRefused::Taken("this export was taken in before"))?;
        let asked = all - dropped.len();
        not_asked.extend(dropped.into_iter().map(|ask| NotAsked { recipient: ask.recipient, purpose: ask.purpose }));
        tracing::info!(%from, asked, "a worker came from another partner's node");
        Ok(Moved { key, from, asked, not_asked })
    }

    /// What [`Node::take_in`] would do with an export, for a key that nobody has: nothing is done.
    ///
    /// # Errors
    /// [`MoveRefused`], as there.
    pub async fn move_preview(&self, key: &OfferKey, export: &Export) -> Result<MovePreview, MoveRefused> {
        let (read, _) = self.read_export(export)?;
        if self.store().was_taken_in(read.id).await? {
            return Err(MoveRefused::Taken("this export was taken in before"));
        }
        if self.store().offer(Kind::SkillOffer, key).await?.is_some() {
            return Err(MoveRefused::Taken("this key is taken by another skill offer"));
        }
        let document = read.profile.as_ref().ok_or(MoveRefused::Form("there is no profile in it"))?.document.get();
        offer::parse(Kind::SkillOffer, document.as_bytes()).map_err(MoveRefused::Profile)?;
        let profile = serde_json::from_str(document).map_err(|_| MoveRefused::Form("its profile is not of its form"))?;
        let (asks, not_asked) = self.to_be_asked(key, &read, self.now());
        let asks = asks.into_iter().map(|Requesting { recipient, purpose, fields, .. }| WouldAsk {
            recipient_name: self.name_of(&recipient),
            recipient,
            purpose,
            fields,
        });
        Ok(MovePreview { from_name: self.name_of(&read.iss), from: read.iss, at: read.iat, profile, asks: asks.collect(), not_asked })
    }

    async fn publish_profile(&self, key: OfferKey, document: &[u8]) -> Result<(), MoveRefused> {
        match self.publish(Kind::SkillOffer, key, document, Precondition::Absent).await {
            Ok(_) => Ok(()),
            Err(PublishRefused::Invalid(findings)) => Err(MoveRefused::Profile(findings)),
            Err(PublishRefused::Store(StoreError::PreconditionFailed)) => {
                Err(MoveRefused::Taken("this key is taken by another skill offer"))
            }
            Err(PublishRefused::Store(error)) => Err(error.into()),
        }
    }

    /// What an export says, and its canonical form, if a member of the register wrote it, and not long ago.
    fn read_export(&self, export: &Export) -> Result<(Read, String), MoveRefused> {
        let content: Value = serde_json::from_str(export.content.get()).map_err(|_| MoveRefused::Form("its content cannot be read"))?;
        let text = canonical(&content);
        if text.len() > LARGEST {
            return Err(MoveRefused::TooLarge);
        }
        let read: Read = serde_json::from_str(&text).map_err(|_| MoveRefused::Form("its content is not of its form"))?;
        if read.schema != SCHEMA {
            return Err(MoveRefused::Form("its content is of another schema"));
        }
        let register = self.register();
        let member = register.member(&read.iss).ok_or(MoveRefused::NotNow("the register does not hold the partner that it names"))?;
        let payload = evidence::verify_of(EvidenceKind::Export, &export.signature, member, read.iat).map_err(MoveRefused::Evidence)?;
        let seal: Seal = serde_json::from_slice(&payload).map_err(|_| MoveRefused::Form("what was signed is not of its form"))?;
        let sha256 = hex::encode(Sha256::digest(&text));
        if (seal.iss, seal.iat, seal.sha256) != (read.iss.clone(), read.iat, sha256) {
            return Err(MoveRefused::NotNow("what was signed is another content"));
        }
        if read.iss == self.home().partner {
            return Err(MoveRefused::NotNow("it is of this node"));
        }
        let (now, skew) = (self.now(), i64::try_from(MOST_SKEW_SECONDS).unwrap_or(0));
        if read.iat > now.plus_seconds(skew) || read.iat.plus_seconds(TAKEN_DAYS * DAY) < now {
            return Err(MoveRefused::NotNow("it was made more than 30 days ago, or in a time to come"));
        }
        Ok((read, text))
    }

    /// What the worker is asked for, and what not since the recipient takes no part here, or since it is an application: that stays where it was sent from.
    fn to_be_asked(&self, key: &OfferKey, read: &Read, now: Timestamp) -> (Vec<Requesting>, Vec<NotAsked>) {
        let (register, mut asks, mut not_asked) = (self.register(), Vec::new(), Vec::new());
        let given = read.consents.iter().filter(|one| one.state == Some(State::Given)).map(|one| &one.consent);
        for Consent { recipient, purpose, fields, .. } in given {
            let member = register.member(recipient).filter(|member| member.status == Status::Active);
            let asked_for = *purpose != Purpose::Application && self.policy().uses(*purpose);
            if asked_for && member.is_some_and(|member| member.purposes.contains(purpose)) {
                asks.push(Requesting {
                    asker: self.home().partner.clone(),
                    whom: Whom::Offer(key.clone()),
                    recipient: recipient.clone(),
                    purpose: *purpose,
                    fields: *fields,
                    assisted_by: None,
                    about: None,
                    chain: traces::chain(),
                    foreign: false,
                    now,
                });
            } else {
                not_asked.push(NotAsked { recipient: recipient.clone(), purpose: *purpose });
            }
        }
        (asks, not_asked)
    }

    /// What a worker brought along from other nodes, the last first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn histories_of(&self, worker: WorkerId) -> Result<Vec<Brought>, StoreError> {
        let brought = self.store().histories_of(worker).await?.into_iter();
        let read = |text| RawValue::from_string(text).map_err(|_| StoreError::Damaged("an export that cannot be read"));
        brought
            .map(|one| Ok(Brought { from_name: self.name_of(&one.source), from: one.source, at: one.at, content: read(one.text)? }))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_with_a_member_that_is_not_known_here_is_read_all_the_same() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/export/examples/valid/everything.json");
        let mut text: Value = serde_json::from_slice(&std::fs::read(path).expect("an example")).expect("JSON");
        text["newer"] = 1.into();
        text["consents"][0]["newer"] = 1.into();
        text["requests"][0]["newer"] = 1.into();
        let read: Read = serde_json::from_value(text).expect("it is read");
        assert!(read.schema == SCHEMA && !read.consents.is_empty());
    }
}
