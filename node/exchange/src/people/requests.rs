//! Partners ask to see something of a worker. Whoever asked learns what is in force; nobody there, not asked, not answered, refused and ended are the
//! same to them.

use std::sync::Arc;
use std::time::Duration;

use polder_consent::request::{AskedFor, ConsentRequest, ConsentStanding, wrong_kind, wrong_with};
use polder_consent::{FieldSet, Handle, RequestId};
use polder_model::about::About;
use polder_model::answer::MissingReason;
use polder_model::problem::ProblemType;
use polder_model::{Finding, FindingCode, Kind, OfferKey, PartnerId, Purpose, Timestamp};
use polder_store::StoreError;
use polder_store::people::{Made, Refused, Requesting, Whom};
use polder_trust::register::{Member, Status};
use serde::{Deserialize, Serialize};

use super::decide::not_used;
use crate::answer::{AnswerRefused, MOST_SKEW_SECONDS};
use crate::node::Node;
use crate::peers::PeerFailure;
use crate::traces;

/// How long the other node has.
const DEADLINE: Duration = Duration::from_secs(5);

/// What a system of this partner asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    /// The partner at whose node the worker is; this one where it is left out.
    pub partner: Option<PartnerId>,
    /// The worker: a skill offer of this node, or the key of a result of that partner.
    pub key: OfferKey,
    /// Who is to see it; this partner where it is left out.
    pub recipient: Option<PartnerId>,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
    /// Who helps the worker, by the system's own id for them.
    pub assisted_by: Option<OfferKey>,
    /// For which offer of this partner's own: the worker is told. It has to be open.
    pub about: Option<About>,
    /// As what a search showed them; kept as long as the copy of that.
    pub seen_as: String,
}

/// What became of a request, as far as whoever asked may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestStanding {
    /// Its id.
    pub id: RequestId,
    /// The partner at whose node the worker is.
    pub partner: PartnerId,
    /// The worker, as they were named.
    pub key: OfferKey,
    /// Who is to see it.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// What was asked for.
    pub fields: FieldSet,
    /// For which offer of this partner's own, as the worker is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<AskedFor>,
    /// When.
    pub at: Timestamp,
    /// Whether any of it is in force.
    pub state: StandingState,
    /// What of it is in force now.
    pub in_force: FieldSet,
}

/// Whether anything of a request is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StandingState {
    /// Some of it, or all.
    Given,
    /// Nothing.
    NotGiven,
    /// Another partner is to see it: what a worker decided towards others is no business of staff.
    Asked,
}

/// Why a request is not passed on.
#[derive(Debug, thiserror::Error)]
pub enum RequestRefused {
    /// It does not hold.
    #[error("the request has {} finding(s)", .0.len())]
    Invalid(Vec<Finding>),
    /// There is no such request of this system.
    #[error("there is no such request")]
    Unknown,
    /// The other node did not take it, or does not say.
    #[error("that partner did not answer: {}", .0.reason.as_str())]
    Peer(PeerFailure),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Asks a worker of this node, or of another partner's, for a system of this one.
    ///
    /// # Errors
    /// [`RequestRefused`]; the worker was not asked then, as far as is known.
    pub async fn make_request(&self, request: &NewRequest, client: &str) -> Result<RequestStanding, RequestRefused> {
        let home = &self.home().partner;
        let made = Made {
            id: RequestId::from_random(uuid::Uuid::new_v4().into_bytes()),
            client: client.to_owned(),
            partner: request.partner.clone().unwrap_or_else(|| home.clone()),
            key: request.key.clone(),
            recipient: request.recipient.clone().unwrap_or_else(|| home.clone()),
            purpose: request.purpose,
            fields: request.fields,
            about: None,
            at: self.now(),
            seen_as: request.seen_as.clone(),
        };
        self.check_request(request, &made).await?;
        let made = Made { about: self.asked_for_offer(request.purpose, request.about.as_ref()).await?, ..made };
        self.store().note_request(made.clone()).await?;
        let assisted_by = request.assisted_by.as_ref().map(ToString::to_string);
        traces::in_a_chain(self.standing(made, Some(assisted_by))).await
    }

    /// What became of a request that a system of this node made.
    ///
    /// # Errors
    /// [`RequestRefused`].
    pub async fn request_standing(&self, request: RequestId, client: &str) -> Result<RequestStanding, RequestRefused> {
        let made = self.store().request_made(client, request).await?.ok_or(RequestRefused::Unknown)?;
        traces::in_a_chain(self.standing(made, None)).await
    }

    /// Looks what is in force; asks before, where `asks` says who helps.
    async fn standing(&self, mut made: Made, asks: Option<Option<String>>) -> Result<RequestStanding, RequestRefused> {
        let in_force = if made.partner == self.home().partner {
            self.standing_here(&made, asks).await?
        } else {
            self.standing_there(&mut made, asks.is_some()).await?
        };
        let Made { id, partner, key, recipient, purpose, fields, about, at, .. } = made;
        let state = match in_force.is_empty() {
            _ if recipient != self.home().partner => StandingState::Asked,
            true => StandingState::NotGiven,
            false => StandingState::Given,
        };
        Ok(RequestStanding { id, partner, key, recipient, purpose, fields, about, at, state, in_force })
    }

    async fn standing_here(&self, made: &Made, asks: Option<Option<String>>) -> Result<FieldSet, RequestRefused> {
        let asking = Requesting {
            asker: self.home().partner.clone(),
            whom: Whom::Offer(made.key.clone()),
            recipient: made.recipient.clone(),
            purpose: made.purpose,
            fields: made.fields,
            assisted_by: asks.clone().flatten(),
            about: made.about.clone(),
            chain: traces::chain(),
            foreign: false,
            now: self.now(),
        };
        let is_own = made.recipient == self.home().partner;
        if asks.is_some()
            && let Err(Refused::BudgetSpent) = self.store().ask_consent(asking.clone()).await?
        {
            let detail = "as many requests as one partner may make today";
            return Err(RequestRefused::Peer(PeerFailure::new(MissingReason::BudgetSpent, detail)));
        }
        Ok(match (is_own, asks) {
            (false, _) => FieldSet::NONE,
            (true, Some(_)) => self.store().in_force(&asking).await?,
            (true, None) => self.store().look(asking).await?,
        })
    }

    async fn standing_there(&self, made: &mut Made, asks: bool) -> Result<FieldSet, RequestRefused> {
        let failed = |reason, detail| RequestRefused::Peer(PeerFailure::new(reason, detail));
        let register = self.register();
        let to = register.member(&made.partner).filter(|member| member.status == Status::Active).cloned();
        let to = to.ok_or_else(|| failed(MissingReason::NotAMember, "this partner does not take part"))?;
        let handle = made.key.as_str().parse::<Handle>().map_err(|_| failed(MissingReason::Refused, "this key is no handle"))?;
        let request = ConsentRequest {
            id: made.id,
            asker: self.home().partner.clone(),
            handle,
            purpose: made.purpose,
            fields: made.fields,
            about: made.about.clone().filter(|_| asks),
            as_of: self.now(),
            asks,
        };
        let mut said = self.peers().consent_request(Arc::clone(&to), Arc::new(request.clone()), DEADLINE).await;
        if request.about.is_some() && said.as_ref().is_err_and(|failure| failure.problem == Some(ProblemType::InvalidRequest)) {
            // A node of before knows no such member, and has written nothing down: its worker is not told for which offer, and nobody here believes so.
            made.about = None;
            self.store().forget_offer(made.id).await?;
            let without = ConsentRequest { about: None, as_of: self.now(), ..request };
            said = self.peers().consent_request(Arc::clone(&to), Arc::new(without), DEADLINE).await;
        }
        let said = said.map_err(RequestRefused::Peer)?;
        if said.id != made.id || !said.fields.is_within(made.fields) {
            tracing::warn!(partner = %to.partner, "untrustworthy word on what is in force dropped");
            return Err(failed(MissingReason::Untrustworthy, "it is about another request, or about more than was asked"));
        }
        Ok(said.fields)
    }

    /// The offer for which somebody asks, as the worker is told of it.
    async fn asked_for_offer(&self, purpose: Purpose, about: Option<&About>) -> Result<Option<AskedFor>, RequestRefused> {
        let Some(about) = about else { return Ok(None) };
        let wrong = wrong_kind(purpose, about.kind);
        if !wrong.is_empty() {
            return Err(RequestRefused::Invalid(wrong));
        }
        let refused = || {
            let message = "this node holds no such vacancy or training that is open; people are asked for an offer of your own";
            RequestRefused::Invalid(vec![Finding::new("/about/key", FindingCode::UnknownCode, message)])
        };
        if about.kind.is_personal() || !self.is_live(about, self.now().date()).await? {
            return Err(refused());
        }
        let stored = self.store().offer(about.kind, &about.key).await?.ok_or_else(refused)?;
        let document: serde_json::Value = serde_json::from_slice(&stored.document).map_err(|_| refused())?;
        let by = ["employer", "provider"].into_iter().find_map(|who| document[who]["name"].as_str());
        let by = by.filter(|by| *by != self.home().name);
        let said = AskedFor::new(about.kind, about.key.clone(), document["title"].as_str().unwrap_or_default(), by);
        said.map(Some).ok_or_else(refused)
    }

    async fn check_request(&self, request: &NewRequest, made: &Made) -> Result<(), RequestRefused> {
        let (home, mut findings) = (&self.home().partner, wrong_with(request.purpose, request.fields));
        if !self.policy().uses(request.purpose) {
            findings.push(not_used(request.purpose));
        }
        let mut add = |pointer: &str, code, message: &str| findings.push(Finding::new(pointer, code, message));
        let register = self.register();
        let active = |partner: &PartnerId| register.member(partner).filter(|member| member.status == Status::Active).cloned();
        match active(&made.recipient) {
            None => add("/recipient", FindingCode::UnknownCode, "the register holds no such partner who takes part"),
            Some(member) if !member.purposes.contains(&request.purpose) => {
                add("/purpose", FindingCode::Contradiction, "the register does not allow the recipient this purpose");
            }
            Some(_) => {}
        }
        if made.partner == *home {
            if self.store().offer(Kind::SkillOffer, &request.key).await?.is_none() {
                add("/key", FindingCode::UnknownCode, "this node holds no such skill offer");
            }
        } else {
            if active(&made.partner).is_none() {
                add("/partner", FindingCode::UnknownCode, "the register holds no such partner who takes part");
            }
            if made.key.as_str().parse::<Handle>().is_err() {
                add("/key", FindingCode::OutOfBounds, "of people at another partner this is the key that a result named");
            }
            if made.recipient != *home {
                add("/recipient", FindingCode::Contradiction, "at another partner you ask for yourself alone; leave it out");
            }
            if request.assisted_by.is_some() {
                add("/assistedBy", FindingCode::Contradiction, "staff help workers of their own node; leave it out");
            }
        }
        if findings.is_empty() { Ok(()) } else { Err(RequestRefused::Invalid(findings)) }
    }

    /// Takes a request of a partner for a worker of this node, or its look at what is in force.
    ///
    /// # Errors
    /// [`AnswerRefused`]; it says nothing of the worker.
    pub async fn answer_consent_request(&self, asker: &Member, request: &ConsentRequest) -> Result<ConsentStanding, AnswerRefused> {
        if request.asker != asker.partner {
            return Err(AnswerRefused::AnotherAsker);
        }
        if asker.status != Status::Active {
            return Err(AnswerRefused::NotAMember);
        }
        if request.as_of.distance_micros(self.now()) > MOST_SKEW_SECONDS * 1_000_000 {
            return Err(AnswerRefused::ClockSkew);
        }
        if !asker.purposes.contains(&request.purpose) || !self.policy().uses(request.purpose) {
            return Err(AnswerRefused::PurposeNotAllowed);
        }
        let mut findings = wrong_with(request.purpose, request.fields);
        findings.extend(request.about.iter().flat_map(|about| about.wrong(request.purpose)));
        if !findings.is_empty() {
            return Err(AnswerRefused::Invalid(findings));
        }
        self.may_disclose_to(asker).await?;
        let asking = Requesting {
            asker: asker.partner.clone(),
            whom: Whom::Handle(request.handle),
            recipient: asker.partner.clone(),
            purpose: request.purpose,
            fields: request.fields,
            assisted_by: None,
            about: request.about.clone(),
            chain: traces::chain(),
            foreign: asker.partner != self.home().partner,
            now: self.now(),
        };
        let fields = if request.asks {
            if let Err(Refused::BudgetSpent) = self.store().ask_consent(asking.clone()).await? {
                return Err(AnswerRefused::BudgetSpent);
            }
            self.store().in_force(&asking).await?
        } else {
            self.store().look(asking).await?
        };
        Ok(ConsentStanding { id: request.id, fields })
    }
}
