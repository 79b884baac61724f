//! The processing log (Logboek Dataverwerkingen): what a node did with people's data, one record for each person and action. A record names the activity,
//! and at most one person, whose name is sealed before it is kept ([`Subject`]). No criteria, no values, nobody of the staff.

use std::fmt;
use std::str::FromStr;

use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{Handle, WorkerId, names};
use crate::purpose::rules;
use crate::transaction::FscTransaction;

/// The entry of the record of processing activities (GDPR art. 30) for keeping profiles, with its version.
pub const KEEPING_PROFILES: &str = "urn:polder:activity:profile:1";

/// The entry of the record of processing activities for a purpose, with its version.
#[must_use]
pub fn activity(purpose: Purpose) -> String {
    format!("urn:polder:activity:{purpose}:1")
}

/// What the processing log has records of that point to the activity of a purpose.
#[must_use]
pub fn actions(purpose: Purpose) -> Vec<Action> {
    let Some(rules) = rules(purpose) else { return vec![Action::QuestionAsked] };
    let mut actions =
        vec![Action::ConsentAsked, Action::StandingTold, Action::ConsentGiven, Action::ConsentWithdrawn, Action::ConsentEnded];
    if rules.is_asked {
        actions.extend([Action::PeopleAnswered, Action::ProfileMatched, Action::CopyReceived, Action::ErasurePassedOn, Action::CopyErased]);
    }
    if purpose == Purpose::BeContacted {
        actions.extend([Action::ContactDisclosed, Action::CopyReceived, Action::ErasurePassedOn, Action::CopyErased]);
    }
    if purpose == Purpose::Application {
        actions.extend([
            Action::ApplicationSent,
            Action::ApplicationStopped,
            Action::CopyReceived,
            Action::ErasurePassedOn,
            Action::CopyErased,
        ]);
    }
    actions
}

names! {
    /// A chain of processing, over all nodes that take part in it (W3C Trace Context, `trace-id`).
    TraceId(16);
    /// One action in a chain (W3C Trace Context, `parent-id`).
    SpanId(8);
}

macro_rules! as_bytes {
    ($($name:ident($bytes:literal);)+) => { $(
        impl $name {
            /// From its bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            #[must_use]
            pub const fn bytes(self) -> [u8; $bytes] {
                self.0
            }
        }
    )+ };
}

as_bytes! {
    TraceId(16);
    SpanId(8);
}

/// Where an action stands: in which chain, and by which action it was called, here or at another node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The chain.
    pub trace: TraceId,
    /// What called for it, where something did.
    pub parent: Option<SpanId>,
    /// The transaction of FSC in which it was called for, where a call came through an Inway.
    pub transaction: Option<FscTransaction>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A profile was put, or changed.
    ProfilePublished,
    /// A profile was deleted.
    ProfileRemoved,
    /// A question about people was answered. It names nobody: each person in the answer has a record below it.
    PeopleAnswered,
    /// A profile was in an answer.
    ProfileMatched,
    /// How somebody can be reached was told.
    ContactDisclosed,
    /// An application was sent to the partner of its vacancy.
    ApplicationSent,
    /// An application was stopped by its worker.
    ApplicationStopped,
    /// A consent was given.
    ConsentGiven,
    /// A consent was withdrawn by its worker.
    ConsentWithdrawn,
    /// A consent ended otherwise: by its date, by another in its place, or by the partner who keeps the profile.
    ConsentEnded,
    /// A worker was asked to let something be seen.
    ConsentAsked,
    /// Whoever asked was told what is in force of it.
    StandingTold,
    /// A question was asked for a worker.
    QuestionAsked,
    /// A copy of another partner's person came in.
    CopyReceived,
    /// Systems were told to erase copies of another partner's person.
    ErasurePassedOn,
    /// A copy of another partner's person was erased: all systems have said so, or its time was over.
    CopyErased,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 16] = [
        Self::ProfilePublished,
        Self::ProfileRemoved,
        Self::PeopleAnswered,
        Self::ProfileMatched,
        Self::ContactDisclosed,
        Self::ApplicationSent,
        Self::ApplicationStopped,
        Self::ConsentGiven,
        Self::ConsentWithdrawn,
        Self::ConsentEnded,
        Self::ConsentAsked,
        Self::StandingTold,
        Self::QuestionAsked,
        Self::CopyReceived,
        Self::ErasurePassedOn,
        Self::CopyErased,
    ];

    /// Its name, as records have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProfilePublished => "profile published",
            Self::ProfileRemoved => "profile removed",
            Self::PeopleAnswered => "question about people answered",
            Self::ProfileMatched => "profile matched",
            Self::ContactDisclosed => "contact disclosed",
            Self::ApplicationSent => "application sent",
            Self::ApplicationStopped => "application stopped",
            Self::ConsentGiven => "consent given",
            Self::ConsentWithdrawn => "consent withdrawn",
            Self::ConsentEnded => "consent ended",
            Self::ConsentAsked => "consent asked for",
            Self::StandingTold => "consent looked up",
            Self::QuestionAsked => "question asked for a worker",
            Self::CopyReceived => "copy received",
            Self::ErasurePassedOn => "erasure passed on",
            Self::CopyErased => "copy erased",
        }
    }
}

/// A text that stands for nothing in the processing log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the processing log has no such word")]
pub struct NoWord;

impl FromStr for Action {
    type Err = NoWord;
    fn from_str(text: &str) -> Result<Self, NoWord> {
        Self::ALL.into_iter().find(|action| action.as_str() == text).ok_or(NoWord)
    }
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status {
    /// It was done.
    Ok,
    /// It failed for a technical reason.
    Error,
    /// It was not done, for a reason that is in order, such as a spent budget.
    Unset,
}

impl Status {
    /// The word of the standard.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "Ok",
            Self::Error => "Error",
            Self::Unset => "Unset",
        }
    }
}

impl FromStr for Status {
    type Err = NoWord;
    fn from_str(text: &str) -> Result<Self, NoWord> {
        [Self::Ok, Self::Error, Self::Unset].into_iter().find(|status| status.as_str() == text).ok_or(NoWord)
    }
}

/// Whom an action is about, by the name that this node has for them. It is kept sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A worker of this node.
    Worker(WorkerId),
    /// A person at another partner, by the handle that this node alone knows.
    Person {
        /// Whose node gave it.
        source: PartnerId,
        /// The handle.
        handle: Handle,
    },
}

/// By what kind of name a subject is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    /// [`Subject::Worker`].
    Worker,
    /// [`Subject::Person`].
    Person,
}

impl SubjectKind {
    /// The URI of the kind of name, with its version.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Worker => "urn:polder:subject:worker:1",
            Self::Person => "urn:polder:subject:handle:1",
        }
    }
}

impl FromStr for SubjectKind {
    type Err = NoWord;
    fn from_str(text: &str) -> Result<Self, NoWord> {
        [Self::Worker, Self::Person].into_iter().find(|kind| kind.uri() == text).ok_or(NoWord)
    }
}

impl Subject {
    /// By what kind of name it is called.
    #[must_use]
    pub const fn kind(&self) -> SubjectKind {
        match self {
            Self::Worker(_) => SubjectKind::Worker,
            Self::Person { .. } => SubjectKind::Person,
        }
    }
}

/// As it is sealed: the worker's name, or partner, `/` and handle.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worker(worker) => worker.fmt(f),
            Self::Person { source, handle } => write!(f, "{source}/{handle}"),
        }
    }
}

impl FromStr for Subject {
    type Err = NoWord;
    fn from_str(text: &str) -> Result<Self, NoWord> {
        match text.split_once('/') {
            None => text.parse().map(Self::Worker).map_err(|_| NoWord),
            Some((source, handle)) => {
                Ok(Self::Person { source: source.parse().map_err(|_| NoWord)?, handle: handle.parse().map_err(|_| NoWord)? })
            }
        }
    }
}

/// A record that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processed {
    /// Where it stands; the chain begins with it where there is none.
    pub chain: Option<Chain>,
    /// The action itself; drawn when it is kept where nothing stands below it.
    pub span: Option<SpanId>,
    /// What was done.
    pub action: Action,
    /// How it went.
    pub status: Status,
    /// The entry of the record of processing activities, with its version.
    pub activity: String,
    /// Whom it is about; nobody, where each person has a record below it.
    pub subject: Option<Subject>,
    /// The other partner that asked for it, where one did.
    pub processor: Option<PartnerId>,
    /// When it began.
    pub began: Timestamp,
    /// When it was done.
    pub ended: Timestamp,
}

impl Processed {
    /// What was done at one instant, with a chain of its own.
    #[must_use]
    pub fn at(now: Timestamp, action: Action, activity: impl Into<String>, subject: Subject) -> Self {
        Self {
            chain: None,
            span: None,
            action,
            status: Status::Ok,
            activity: activity.into(),
            subject: Some(subject),
            processor: None,
            began: now,
            ended: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(action));
        }
        for status in [Status::Ok, Status::Error, Status::Unset] {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        for subject in [
            Subject::Worker(WorkerId::from_random([7; 16])),
            Subject::Person { source: "kvk:12345678".parse().expect("a partner"), handle: Handle::from_random([9; 16]) },
        ] {
            assert_eq!(subject.to_string().parse(), Ok(subject.clone()));
            assert_eq!(subject.kind().uri().parse(), Ok(subject.kind()));
        }
        assert_eq!("kvk:12345678/07".parse::<Subject>(), Err(NoWord));
    }
}
