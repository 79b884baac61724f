//! What a worker decides. A consent is given on the very text that was shown; an end is acknowledged once nothing under it is on its way any more.

use std::collections::BTreeSet;
use std::time::Duration;

use polder_consent::purpose::MOST_DECISIONS_A_DAY;
use polder_consent::request::{AskedFor, nothing_to_consent_to, wrong_fields};
use polder_consent::{Authentication, Consent, ConsentId, Epoch, FieldSet, GrantId, Notice, SCHEMA, State, What, WorkerId, is_offered};
use polder_model::{Date, Finding, FindingCode, PartnerId, Purpose, Timestamp};
use polder_store::StoreError;
use polder_store::people::{Ended, Given, Giving, NotEnded, NotGiven};
use polder_trust::register::Status;
use sha2::{Digest, Sha256};

use super::activity;
use super::flights::REPLICAS;
use super::notice::{self, Language, NOTICE, Said};
use crate::node::Node;

/// Most recipients of one decision.
const MOST_RECIPIENTS: usize = 200;
const DAY: i64 = 86_400;
/// What another replica disclosed so long ago, by its own clock, is on its way no more, in seconds.
pub(super) const REPLICAS_SECONDS: i64 = 60;

/// What a worker decides on one screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What for.
    pub purpose: Purpose,
    /// Who, each by name.
    pub recipients: Vec<PartnerId>,
    /// What.
    pub fields: FieldSet,
    /// What stays as it was chosen before, beside that: earlier applications to the same partner show it, and go on.
    pub stays: FieldSet,
    /// Until when; as long as a consent may last where it is not said.
    pub until: Option<Timestamp>,
    /// The language of the text that is shown.
    pub language: Language,
    /// For which offer somebody asked, where the text is to say so: what is kept says it then too.
    pub about: Option<AskedFor>,
}

/// Consents that ended, and nothing of which is on its way any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// What ended, and whether its recipient has a copy that is to be erased.
    pub ended: Vec<Ended>,
    /// When it took effect.
    pub at: Timestamp,
}

/// Why a decision was not carried out. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum DecideRefused {
    /// It does not hold.
    #[error("the decision has {} finding(s)", .0.len())]
    Invalid(Vec<Finding>),
    /// It was made on another text than the one that goes with it now.
    #[error("the text that was read is not the one that goes with this decision now; read it anew, then decide")]
    NoticeDiffers,
    /// There is no such consent, or not of this worker.
    #[error("there is no such consent")]
    Unknown,
    /// There is no such request, or not to this worker.
    #[error("there is no such request")]
    UnknownRequest,
    /// The request was answered before, or its time is over.
    #[error("this request is open no more")]
    NotOpen,
    /// The worker has no skill offer.
    #[error("there is no profile to share; put the skill offer first")]
    NoOffer,
    /// The worker has decided as often today as one may.
    #[error(
        "{MOST_DECISIONS_A_DAY} decisions were made today, and one worker makes no more in a day (UTC). Go on tomorrow, and name all recipients of a purpose at once. Consents can be ended at any time"
    )]
    Enough {
        /// How long it is until the next day, by the clock of this node.
        wait: Duration,
    },
    /// This node was restored from a backup, and that partner has not said yet what it holds.
    #[error(
        "this node was restored from a backup and has not heard yet from {0} what it holds: until then no consent can be given for it. Nothing was given; try again later, or leave it out"
    )]
    ClosedTo(PartnerId),
    /// The consent is not in force.
    #[error("this consent is not in force: nothing leaves under it")]
    NotInForce(Option<State>),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// The text that a worker is to read before this decision.
    ///
    /// # Errors
    /// [`DecideRefused::Invalid`] with everything that is wrong with the decision.
    pub fn notice_for(&self, decision: &Decision) -> Result<String, DecideRefused> {
        self.notice_at(decision, self.now())
    }

    fn notice_at(&self, decision: &Decision, now: Timestamp) -> Result<String, DecideRefused> {
        let until = self.until(decision, now);
        let names = self.recipients(decision, until, now)?;
        // The decision was checked: its purpose is about people.
        let rules = self.policy().rules(decision.purpose).ok_or_else(|| invalid("/purpose", "this purpose asks for public offers"))?;
        let (home, register) = (self.home(), self.register());
        let page = register.member(&home.partner).and_then(|own| own.client_url.as_deref());
        let said = Said {
            controller: &home.name,
            address: home.address.as_deref(),
            contact: home.contact.as_deref().or(page),
            purpose: decision.purpose,
            about: decision.about.as_ref(),
            rules,
            recipients: names,
            fields: decision.fields,
            stays: decision.stays.without(decision.fields),
            // The day, not the instant: the text stays the same while it is read.
            until,
        };
        Ok(notice::text(decision.language, &said))
    }

    /// Gives what a worker decided: one consent for each recipient, all of them or none. `notice` is the SHA-256 of the text that they read, in lower-case
    /// hexadecimal digits.
    ///
    /// # Errors
    /// [`DecideRefused`]; nothing was given then.
    pub async fn give(
        &self,
        worker: WorkerId,
        decision: &Decision,
        notice: &str,
        authentication: Authentication,
        assisted_by: Option<String>,
    ) -> Result<Vec<Given>, DecideRefused> {
        let giving = self.giving(worker, decision, notice, authentication, assisted_by)?;
        let now = giving.now;
        let given = self.store().give(giving).await?.map_err(|not| not_given(not, now))?;
        // Who narrows ends something: what was on its way of it has landed, or was cut off, when this returns.
        if given.iter().any(|given| given.owed) {
            self.is_over(worker, now).await;
        }
        Ok(given)
    }

    /// What is given by a decision, which has passed its checks.
    pub(super) fn giving(
        &self,
        worker: WorkerId,
        decision: &Decision,
        notice: &str,
        authentication: Authentication,
        assisted_by: Option<String>,
    ) -> Result<Giving, DecideRefused> {
        let now = self.now();
        let text = self.notice_at(decision, now)?;
        if hex::encode(Sha256::digest(&text)) != notice {
            return Err(DecideRefused::NoticeDiffers);
        }
        let rules = self.policy().rules(decision.purpose).ok_or_else(|| invalid("/purpose", "this purpose asks for public offers"))?;
        let grant_id = GrantId::from_random(uuid::Uuid::new_v4().into_bytes());
        let consent = |recipient: &PartnerId| Consent {
            id: ConsentId::from_random(uuid::Uuid::new_v4().into_bytes()),
            grant_id,
            worker,
            controller: self.home().partner.clone(),
            recipient: recipient.clone(),
            purpose: decision.purpose,
            epoch: Epoch::default(),
            activity: activity(decision.purpose),
            legal_basis: rules.basis,
            fields: decision.fields.or(decision.stays),
            lease_seconds: rules.lease_seconds,
            notice: Notice {
                id: NOTICE.to_owned(),
                sha256: notice.to_owned(),
                language: decision.language.as_str().to_owned(),
                channel: "api".to_owned(),
            },
            authentication: authentication.clone(),
            assisted_by: assisted_by.clone(),
            from: now,
            until: self.until(decision, now),
            renews: None,
        };
        let consents: Vec<Consent> = decision.recipients.iter().map(consent).collect();
        for consent in &consents {
            consent.check().map_err(|unlawful| invalid("", unlawful.to_string()))?;
        }
        tracing::debug!(schema = SCHEMA, consents = consents.len(), "a worker decided");
        Ok(Giving { worker, consents, notice: text.into_bytes(), now })
    }

    /// Ends a consent. When this returns nothing leaves under it any more, and what was on its way has landed or was cut off.
    ///
    /// # Errors
    /// [`DecideRefused`]; it is as it was then.
    pub async fn withdraw(&self, worker: WorkerId, consent: ConsentId) -> Result<Withdrawn, DecideRefused> {
        let at = self.now();
        match self.store().end_consent(worker, consent, What::Withdraw, at).await? {
            Ok(ended) => Ok(self.acknowledged(worker, vec![ended], at).await),
            Err(NotEnded::Unknown) => Err(DecideRefused::Unknown),
            Err(NotEnded::NotInForce(state)) => {
                // It may have ended a moment ago, and what was on its way then may be so still.
                self.acknowledged(worker, Vec::new(), at).await;
                Err(DecideRefused::NotInForce(state))
            }
        }
    }

    /// Ends everything that a worker lets be seen.
    ///
    /// # Errors
    /// [`DecideRefused::Store`]; all is as it was then.
    pub async fn withdraw_all(&self, worker: WorkerId) -> Result<Withdrawn, DecideRefused> {
        let at = self.now();
        let ended = self.store().end_all_consents(worker, What::Withdraw, at).await?;
        Ok(self.acknowledged(worker, ended, at).await)
    }

    async fn acknowledged(&self, worker: WorkerId, ended: Vec<Ended>, at: Timestamp) -> Withdrawn {
        self.is_over(worker, at).await;
        Withdrawn { ended, at }
    }

    /// Something of a worker ended at that instant. When this returns nothing of it is on its way any more, and recipients are being told.
    pub(crate) async fn is_over(&self, worker: WorkerId, at: Timestamp) {
        self.delivery().ring();
        self.flights().drain(worker).await;
        if self.store().is_shared() {
            // Their clocks may differ from this one by a little.
            let recent = self.store().was_disclosed_since(worker, at.plus_seconds(-REPLICAS_SECONDS)).await;
            self.wait_for_replicas(recent.unwrap_or(true)).await;
        }
    }

    /// What other replicas have on their way has landed or was cut off after this, where anything left lately.
    pub(super) async fn wait_for_replicas(&self, left_lately: bool) {
        if self.store().is_shared() && left_lately {
            tokio::time::sleep(REPLICAS).await;
        }
    }

    /// Until when what is decided at that instant holds.
    fn until(&self, decision: &Decision, now: Timestamp) -> Timestamp {
        decision.until.unwrap_or_else(|| now.plus_seconds(self.policy().consent_days * DAY))
    }

    /// The names of the recipients, each with its id; everything that is wrong with the decision, at once.
    fn recipients(&self, decision: &Decision, until: Timestamp, now: Timestamp) -> Result<Vec<String>, DecideRefused> {
        let mut findings = match self.policy().rules(decision.purpose) {
            Some(_) if !self.policy().uses(decision.purpose) => {
                vec![not_used(decision.purpose)]
            }
            Some(rules) => wrong_fields(&rules, decision.fields),
            None => vec![nothing_to_consent_to()],
        };
        let mut add = |pointer: &str, code, message: &str| findings.push(Finding::new(pointer, code, message));
        let longest = self.policy().consent_days;
        if until <= now || until > now.plus_seconds(longest * DAY) {
            add("/until", FindingCode::OutOfBounds, &format!("a consent ends in the future, and at most {longest} days from now"));
        }
        let distinct: BTreeSet<&PartnerId> = decision.recipients.iter().collect();
        if decision.recipients.is_empty() || decision.recipients.len() > MOST_RECIPIENTS {
            add("/recipients", FindingCode::OutOfBounds, "name 1 to 200 partners");
        } else if distinct.len() < decision.recipients.len() {
            add("/recipients", FindingCode::Contradiction, "a partner stands twice");
        }
        let (register, mut names) = (self.register(), Vec::new());
        for (place, recipient) in decision.recipients.iter().enumerate().take(MOST_RECIPIENTS) {
            match register.member(recipient).filter(|member| member.status == Status::Active) {
                None => add(
                    &format!("/recipients/{place}"),
                    FindingCode::UnknownCode,
                    "the register holds no such partner who takes part; GET /v1/partners lists them",
                ),
                Some(member) if !member.purposes.contains(&decision.purpose) => {
                    add(
                        &format!("/recipients/{place}"),
                        FindingCode::Contradiction,
                        "the register does not allow this partner this purpose",
                    );
                }
                Some(member) => names.push(format!("{} ({})", member.name, member.partner)),
            }
        }
        if findings.is_empty() { Ok(names) } else { Err(DecideRefused::Invalid(findings)) }
    }
}

/// A purpose for which nothing can be given or asked.
pub(super) fn not_used(purpose: Purpose) -> Finding {
    let message = if is_offered(purpose) {
        "this partner does not use this purpose; nothing is asked or answered for it"
    } else {
        "this version of polder does not offer this purpose; nothing is asked or answered for it"
    };
    Finding::new("/purpose", FindingCode::Contradiction, message)
}

/// Why nothing was given, at that instant.
pub(super) fn not_given(not: NotGiven, now: Timestamp) -> DecideRefused {
    match not {
        NotGiven::NoOffer => DecideRefused::NoOffer,
        NotGiven::OthersShowMore => DecideRefused::NoticeDiffers,
        NotGiven::Enough => {
            let next_day = Date::from_days(now.date().days() + 1).start();
            DecideRefused::Enough { wait: Duration::from_micros(next_day.distance_micros(now)) }
        }
        NotGiven::ClosedTo(partner) => DecideRefused::ClosedTo(partner),
    }
}

fn invalid(pointer: &str, message: impl Into<String>) -> DecideRefused {
    DecideRefused::Invalid(vec![Finding::new(pointer, FindingCode::Contradiction, message)])
}
