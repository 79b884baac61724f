//! What is held of a worker at their own node: what access shows and an export takes along, as much of it as one export has room for.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use polder_consent::export::LARGEST;
use polder_consent::{Disclosure, FieldSet, WorkerId};
use polder_model::{Kind, OfferKey};
use polder_store::StoreError;
use polder_store::people::{Asked, Kept, LedgerRow};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::apply::ApplicationSight;
use super::moves::Brought;
use super::overview::{Copies, Sight};
use super::receipts::ReceiptFailed;
use super::requests_of_workers::RequestSight;
use crate::node::Node;

/// Most disclosures, and most questions, that are listed at once; the rest is on pages of its own.
const MOST_LISTED: u32 = 10_000;
/// Most applications that are listed.
const MOST_APPLICATIONS: usize = 1_000;
/// Room that is kept for what stands around the lists, in bytes.
const AROUND: usize = 4 * 1024;
/// What a receipt says of a consent is, in base64, shorter than twice the consent and this many bytes.
const RECEIPT: usize = 1_000;

/// What is held of a worker at their own node.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Home {
    /// The profile; left out where it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Everything that was decided.
    pub consents: Vec<Sight>,
    /// What was read when it was decided: each text once.
    pub notices: Vec<NoticeText>,
    /// What partners asked for.
    pub requests: Vec<RequestSight>,
    /// Who saw what.
    pub disclosures: Vec<Seen>,
    /// What became of copies under what ended.
    pub erasures: Vec<Copies>,
    /// What was asked on the worker's behalf.
    pub questions: Vec<Asked>,
    /// Applications that the worker sent, the last one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<ApplicationSight>,
    /// Signed receipts of all consents, as they stand.
    pub receipts: Vec<String>,
    /// What was brought along from other nodes.
    pub history: Vec<Brought>,
    /// Lists of which there is more than there was room for: the last ones are in them, and all are on pages of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<List>,
}

/// A list of [`Home`] that may be cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    /// Consents that have ended; of those in force, only where there are thousands.
    Consents,
    /// What partners asked for.
    Requests,
    /// What became of copies.
    Erasures,
    /// Who saw what.
    Disclosures,
    /// Applications that the worker sent.
    Applications,
    /// What was asked on the worker's behalf.
    Questions,
    /// What was brought along from other nodes.
    History,
}

/// A profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Profile {
    /// Its key at the partner.
    pub key: OfferKey,
    /// Its bytes.
    pub document: Box<RawValue>,
}

/// A text that a worker read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeText {
    /// SHA-256 of its bytes, as consents name it.
    pub sha256: String,
    /// The text.
    pub text: String,
}

/// A disclosure as its worker sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// The row of the ledger.
    #[serde(flatten)]
    pub disclosure: Disclosure,
    /// The name of the recipient in the register; empty where it has left.
    pub recipient_name: String,
    /// Whether the recipient has said that it erased the copy, but for what it keeps by law.
    pub erased: bool,
    /// Of a copy that is not erased whole, the fields that the recipient has said that it erased, but for what it keeps by law.
    #[serde(default, skip_serializing_if = "FieldSet::is_nothing")]
    pub erased_fields: FieldSet,
    /// Whether the recipient was told to erase the copy whole, and has not said that it did: it may use it no more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub recalled: bool,
    /// What of it the recipient keeps by law, as it says itself.
    #[serde(default, skip_serializing_if = "FieldSet::is_nothing")]
    pub retained: FieldSet,
    /// Whether this node knows of it by the word of the recipient alone: its own row was lost with a database that was restored from a backup.
    #[serde(default, skip_serializing_if = "is_false")]
    pub said_by_recipient: bool,
    /// The number of its leaf in the log of this node.
    pub leaf: u64,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// Room for so many bytes of JSON, and what did not fit in.
struct Room {
    left: usize,
    left_out: Vec<List>,
}

impl Room {
    /// Whether there is room for so many bytes; they are taken then.
    fn take(&mut self, bytes: usize) -> bool {
        let left = self.left.checked_sub(bytes);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }

    /// The first of a list, as many as there is room for and at most `most`.
    fn keep<T: Serialize>(&mut self, list: List, mut all: Vec<T>, most: usize) -> Result<Vec<T>, StoreError> {
        let mut fit = 0;
        for one in all.iter().take(most) {
            if !self.take(bytes_of(one)?) {
                break;
            }
            fit += 1;
        }
        if fit < all.len() {
            self.left_out.push(list);
            all.truncate(fit);
        }
        Ok(all)
    }
}

/// How long a value is in a list.
fn bytes_of(value: &impl Serialize) -> Result<usize, StoreError> {
    let text = serde_json::to_vec(value).map_err(|_| StoreError::Damaged("something that cannot be written as JSON"))?;
    Ok(text.len() + 1)
}

impl Node {
    /// Everything that is held of a worker here, as far as one export has room for it: what is in force before what has ended, and then the last of each
    /// list. What is cut short is named.
    ///
    /// # Errors
    /// When the store cannot be read, or nothing can be signed.
    pub async fn held_here(&self, worker: WorkerId) -> Result<Home, ReceiptFailed> {
        let mut room = Room { left: LARGEST - AROUND, left_out: Vec::new() };
        let profile = self.profile_of(worker).await?;
        room.take(profile.as_ref().map_or(Ok(0), bytes_of)?);
        let (kept, notices) = self.fitting_consents(worker, &mut room).await?;
        let receipts = self.receipts(&kept).await?.into_iter().map(|(signed, _)| signed).collect();
        let requests = room.keep(List::Requests, self.requests_of(worker).await?, usize::MAX)?;
        let applications = room.keep(List::Applications, self.applications_of(worker).await?, MOST_APPLICATIONS)?;
        let mut erasures = self.copies_of(worker).await?;
        erasures.reverse();
        let mut erasures = room.keep(List::Erasures, erasures, usize::MAX)?;
        erasures.reverse();
        let disclosures = self.disclosures_of(worker, None, MOST_LISTED + 1).await?;
        let questions = self.asked_for(worker, None, MOST_LISTED + 1).await?;
        let most = MOST_LISTED as usize;
        Ok(Home {
            profile,
            consents: kept.into_iter().map(|one| self.sight(one)).collect(),
            notices,
            requests,
            erasures,
            applications,
            disclosures: room.keep(List::Disclosures, disclosures.into_iter().map(|row| self.seen(row)).collect(), most)?,
            questions: room.keep(List::Questions, questions, most)?,
            receipts,
            history: room.keep(List::History, self.histories_of(worker).await?, usize::MAX)?,
            left_out: room.left_out,
        })
    }

    /// The consents that there is room for with their receipts, in their order, and each text of theirs once.
    async fn fitting_consents(&self, worker: WorkerId, room: &mut Room) -> Result<(Vec<Kept>, Vec<NoticeText>), StoreError> {
        let (all, now) = (self.store().consents_of(worker).await?, self.now());
        let mut first: Vec<usize> = (0..all.len()).collect();
        first.sort_by_key(|&at| (!all[at].is_given(now), Reverse(all[at].consent.from)));
        let (mut fit, mut read, mut notices) = (BTreeSet::new(), HashSet::new(), Vec::new());
        for at in first {
            let sha256 = &all[at].consent.notice.sha256;
            let text = if read.insert(sha256.clone()) { self.notice_text(sha256).await? } else { None };
            let text = text.map(|text| NoticeText { sha256: sha256.clone(), text });
            let (consent, notice) = (bytes_of(&self.sight(all[at].clone()))?, text.as_ref().map_or(Ok(0), bytes_of)?);
            if !room.take(3 * consent + RECEIPT + notice) {
                room.left_out.push(List::Consents);
                break;
            }
            fit.insert(at);
            notices.extend(text);
        }
        Ok((all.into_iter().enumerate().filter(|(at, _)| fit.contains(at)).map(|(_, one)| one).collect(), notices))
    }

    /// A text that a worker read; `None` where it is not kept.
    async fn notice_text(&self, sha256: &str) -> Result<Option<String>, StoreError> {
        let text = self.store().notice(sha256).await?.map(String::from_utf8).transpose();
        text.map_err(|_| StoreError::Damaged("a text that is none"))
    }

    async fn profile_of(&self, worker: WorkerId) -> Result<Option<Profile>, StoreError> {
        let Some(key) = self.store().offer_of(worker).await? else { return Ok(None) };
        let Some(offer) = self.store().offer(Kind::SkillOffer, &key).await? else { return Ok(None) };
        let document = String::from_utf8(offer.document).ok().and_then(|text| RawValue::from_string(text).ok());
        Ok(Some(Profile { key, document: document.ok_or(StoreError::Damaged("a skill offer that cannot be read"))? }))
    }

    /// A disclosure as its worker sees it.
    #[must_use]
    pub fn seen(&self, row: LedgerRow) -> Seen {
        let LedgerRow { disclosure, erased, erased_fields, recalled, retained, said: said_by_recipient, leaf, .. } = row;
        let recipient_name = self.name_of(&disclosure.recipient);
        Seen { recipient_name, disclosure, erased, erased_fields, recalled, retained, said_by_recipient, leaf }
    }
}
