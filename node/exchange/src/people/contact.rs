//! Contact: how one person who was found can be reached, by a consent of its own. Nobody of that handle, no consent, and one that was withdrawn get the
//! same answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_consent::processing::Chain;
use polder_consent::request::AskedFor;
use polder_consent::{DisclosureId, Epoch, Field, FieldSet, Handle, rules};
use polder_model::about::About;
use polder_model::answer::{Disclosed as Under, MissingReason};
use polder_model::contact::{Contact, ContactAsked, ContactRequest, Reached};
use polder_model::{Finding, FindingCode, PartnerId, Purpose, Timestamp};
use polder_store::StoreError;
use polder_store::people::{Came, Contacting, Made, Refused};
use polder_trust::register::{Member, Status};
use serde_json::value::RawValue;

use super::activity;
use super::answer::{ASKS_NOT, NOT_OPEN};
use crate::answer::{AnswerRefused, MOST_SKEW_SECONDS, Released};
use crate::node::Node;
use crate::peers::PeerFailure;
use crate::traces;

/// What such a question is for.
const PURPOSE: Purpose = Purpose::BeContacted;
/// When it is said that there is nobody.
const NOBODY: Duration = Duration::from_millis(50);
/// Requests to one person that are looked at, the newest first.
const MOST_REQUESTS: u32 = 100;
/// How long the other node has.
const DEADLINE: Duration = Duration::from_secs(5);

/// Why a client does not learn how to reach a person.
#[derive(Debug, thiserror::Error)]
pub enum ContactRefused {
    /// The question does not hold.
    #[error("the question has {} finding(s)", .0.len())]
    Invalid(Vec<Finding>),
    /// The register does not allow this partner to reach people, or this node does not use the purpose.
    #[error("nobody is reached for `be-contacted` from here: {0}")]
    PurposeNotAllowed(&'static str),
    /// There is nobody there of that key whom this partner may reach.
    #[error("nobody of that key lets you reach them: there is no such person, or no consent to it")]
    Nobody,
    /// The other node did not answer.
    #[error("that partner did not answer: {}", .0.reason.as_str())]
    Peer(PeerFailure),
    /// The copy cannot be noted: nobody gets it then.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Answers how a person can be reached; `None` where there is nobody, or no consent to it. What leaves stands in the ledger, on disk when this returns.
    ///
    /// # Errors
    /// [`AnswerRefused`]; nothing leaves then.
    pub async fn answer_contact(&self, asker: &Member, request: &ContactRequest) -> Result<Option<Released<Contact>>, AnswerRefused> {
        let began = Instant::now();
        let answered = self.look_for(asker, request).await?;
        if answered.is_none() {
            // Nobody there, no consent, and one that ended take different work: all of them are answered after one time, or the next multiple of it.
            let times = began.elapsed().as_nanos() / NOBODY.as_nanos() + 1;
            let until = began + NOBODY.saturating_mul(u32::try_from(times).unwrap_or(u32::MAX));
            tokio::time::sleep_until(until.into()).await;
        }
        Ok(answered)
    }

    async fn look_for(&self, asker: &Member, request: &ContactRequest) -> Result<Option<Released<Contact>>, AnswerRefused> {
        if request.asker != asker.partner {
            return Err(AnswerRefused::AnotherAsker);
        }
        if asker.status != Status::Active {
            return Err(AnswerRefused::NotAMember);
        }
        if request.as_of.distance_micros(self.now()) > MOST_SKEW_SECONDS * 1_000_000 {
            return Err(AnswerRefused::ClockSkew);
        }
        if !asker.purposes.contains(&PURPOSE) || !self.policy().uses(PURPOSE) {
            return Err(AnswerRefused::PurposeNotAllowed);
        }
        let steady = self.may_disclose_to(asker).await?;
        let Ok(handle) = request.handle.as_str().parse::<Handle>() else { return Ok(None) };
        let on_its_way = self.flights().begin(self.store().is_shared());
        let contacting = Contacting {
            recipient: asker.partner.clone(),
            purpose: PURPOSE,
            handle,
            about: request.about.clone(),
            activity: activity(PURPOSE),
            budget: self.policy().budget,
            chain: traces::chain(),
            foreign: asker.partner != self.home().partner,
            now: self.now(),
        };
        let disclosed = match self.store().disclose_one(contacting).await? {
            Ok(Some(disclosed)) => disclosed,
            Ok(None) => return Ok(None),
            Err(Refused::BudgetSpent) => return Err(AnswerRefused::BudgetSpent),
            Err(Refused::NotOpen) => return Err(AnswerRefused::NoDisclosure(NOT_OPEN)),
        };
        if !on_its_way.carries(disclosed.people().iter().map(|person| person.worker)) {
            return Err(AnswerRefused::OutOfTime);
        }
        let person = disclosed.people().first().ok_or(AnswerRefused::Unreadable)?;
        let text = String::from_utf8(person.document.clone()).map_err(|_| AnswerRefused::Unreadable)?;
        let contact = Contact {
            request_id: request.id.clone(),
            partner: self.home().partner.clone(),
            handle: request.handle.clone(),
            document: RawValue::from_string(text).map_err(|_| AnswerRefused::Unreadable)?,
            disclosure: Under {
                id: person.disclosure.to_string(),
                epoch: person.epoch.0,
                fields: person.fields.iter().map(|field| field.pointer().to_owned()).collect(),
                use_until: person.use_until,
            },
        };
        Ok(Some(Released::personal(disclosed, steady, on_its_way, contact)))
    }

    /// Asks how a person can be reached whom a result showed, for a client, under whose name the copy is noted.
    ///
    /// # Errors
    /// [`ContactRefused`].
    pub async fn contact(&self, asked: &ContactAsked, client: &str) -> Result<Reached, ContactRefused> {
        traces::in_a_chain(self.contact_in_a_chain(asked, client)).await
    }

    /// The same of somebody whom this client asked before. Where that was for an offer, it is for that one alone: the worker said yes to it.
    ///
    /// # Errors
    /// [`ContactRefused`]; a contradiction at `/about` where it is another offer than the request names.
    pub async fn contact_as_asked(&self, made: &Made, about: About, client: &str) -> Result<Reached, ContactRefused> {
        if made.about.as_ref().is_some_and(|named| (named.kind, &named.key) != (about.kind, &about.key)) {
            let message = "the worker was asked for another offer; they are reached for the one that the request names";
            return Err(ContactRefused::Invalid(vec![Finding::new("/about", FindingCode::Contradiction, message)]));
        }
        let asked = ContactAsked { partner: made.partner.clone(), key: made.key.clone(), about };
        self.contact(&asked, client).await
    }

    async fn contact_in_a_chain(&self, asked: &ContactAsked, client: &str) -> Result<Reached, ContactRefused> {
        let register = self.register();
        let invalid =
            |pointer: &str, message: &str| ContactRefused::Invalid(vec![Finding::new(pointer, FindingCode::UnknownCode, message)]);
        let Some(to) = register.member(&asked.partner).filter(|member| member.status == Status::Active).cloned() else {
            return Err(invalid("/partner", "the register holds no such partner who takes part"));
        };
        if !self.policy().uses(PURPOSE) {
            return Err(ContactRefused::PurposeNotAllowed(
                "this node does not use it; `purposes.be_contacted` in its configuration is false",
            ));
        }
        if !register.member(&self.home().partner).is_some_and(|own| own.purposes.contains(&PURPOSE)) {
            return Err(ContactRefused::PurposeNotAllowed("the register does not allow it to this partner; the register's desk can"));
        }
        if !self.is_live(&asked.about, self.now().date()).await? {
            return Err(invalid("/about/key", "this node holds no such offer that is open; people are reached for an offer of your own"));
        }
        if !self.is_asked_for(asked).await? {
            let message = "this worker was asked to be reached for another offer, and said yes to that one; name it here, or ask them for this one \
                           first (POST /v1/requests)";
            return Err(ContactRefused::Invalid(vec![Finding::new("/about", FindingCode::Contradiction, message)]));
        }
        let request = ContactRequest {
            id: uuid::Uuid::new_v4().to_string(),
            asker: self.home().partner.clone(),
            handle: asked.key.clone(),
            about: asked.about.clone(),
            as_of: self.now(),
        };
        let (contact, transaction) = traces::noting_transaction(self.contact_of(&to, request.clone())).await;
        let contact = contact?.ok_or(ContactRefused::Nobody)?;
        let came = came(&request, &contact, &to.partner, client, self.now());
        let came = came.map(|came| Came { chain: Chain { transaction, ..came.chain }, ..came }).map_err(|what| {
            tracing::warn!(partner = %to.partner, what, "untrustworthy contact dropped");
            ContactRefused::Peer(PeerFailure::new(MissingReason::Untrustworthy, what))
        })?;
        if self.store().note_copies(vec![came], self.now()).await? != [true] {
            return Err(ContactRefused::Nobody);
        }
        let Contact { handle, document, disclosure, .. } = contact;
        Ok(Reached { partner: to.partner.clone(), key: handle, document, disclosure })
    }

    /// Whether somebody was asked for this offer, or for none in particular; also whoever was not asked at all, and lets themselves be reached.
    async fn is_asked_for(&self, asked: &ContactAsked) -> Result<bool, ContactRefused> {
        let requested = self.store().requested_for((&asked.partner, &asked.key), PURPOSE, MOST_REQUESTS).await?;
        let is_meant = |named: &AskedFor| (named.kind, &named.key) == (asked.about.kind, &asked.about.key);
        Ok(requested.is_empty() || requested.iter().any(|named| named.as_ref().is_none_or(is_meant)))
    }

    async fn contact_of(&self, to: &Arc<Member>, request: ContactRequest) -> Result<Option<Contact>, ContactRefused> {
        if !self.openness_now().is_open_to(&to.partner) {
            return Err(ContactRefused::Peer(PeerFailure::new(MissingReason::NoDisclosure, ASKS_NOT)));
        }
        if to.partner != self.home().partner {
            return self.peers().contact(Arc::clone(to), Arc::new(request), DEADLINE).await.map_err(ContactRefused::Peer);
        }
        let answered = self.answer_contact(to, &request).await;
        let released = answered.map_err(|refused| ContactRefused::Peer(crate::answer::own_failure(&refused)))?;
        Ok(released.map(|released| released.into_parts().0))
    }
}

/// The copy as it is noted; an error where the contact is not what was asked, or shows what may not be.
fn came(request: &ContactRequest, contact: &Contact, source: &PartnerId, client: &str, now: Timestamp) -> Result<Came, &'static str> {
    let under = &contact.disclosure;
    if contact.request_id != request.id || contact.partner != *source || contact.handle != request.handle {
        return Err("it is to another question, or of another person");
    }
    let rules = rules(PURPOSE).ok_or("nobody is reached for this purpose")?;
    let fields =
        under.fields.iter().map(|field| field.parse::<Field>()).collect::<Result<FieldSet, _>>().map_err(|_| "a field that is none")?;
    let members: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(contact.document.get()).map_err(|_| "the document is no object")?;
    let only_contact = members.iter().all(|(name, value)| {
        let inner = value.as_object().filter(|_| name == "contact");
        inner.is_some_and(|inner| inner.keys().all(|part| format!("/contact/{part}").parse().is_ok_and(|field| fields.contains(field))))
    });
    if !fields.is_within(rules.allows) || !only_contact {
        return Err("it shows more than may be seen");
    }
    if under.use_until <= now || under.use_until > now.plus_seconds(rules.lease_seconds + 60) {
        return Err("a time of use that is over, or longer than the purpose allows");
    }
    Ok(Came {
        disclosure: under.id.parse::<DisclosureId>().map_err(|_| "a disclosure that is none")?,
        source: source.clone(),
        handle: contact.handle.as_str().parse::<Handle>().map_err(|_| "a handle that is none")?,
        purpose: PURPOSE,
        epoch: Epoch(under.epoch),
        fields,
        about: request.about.clone(),
        client: client.to_owned(),
        use_until: under.use_until,
        chain: traces::chain(),
    })
}
