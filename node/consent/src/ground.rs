//! Why a partner ended a consent of a worker, or found that it never held.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::state::What;

/// The grounds: a closed list. Each says by itself whether the consent ends, or never held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The worker asked for it without logging in, such as by letter.
    WorkerAsked,
    /// The partner who keeps the data supports no more what it was given for.
    PurposeEnded,
    /// The recipient does not keep to what was agreed.
    RecipientUnfit,
    /// The text that was read was wrong.
    NoticeWrong,
    /// It was not freely given.
    NotFree,
    /// Somebody else than the worker gave it.
    AnotherPerson,
    /// An authority or a court found that it does not hold.
    Authority,
}

/// A word that is no ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is one of {}", Ground::ALL.map(Ground::as_str).join(", "))]
pub struct NoGround;

impl Ground {
    /// Every ground.
    pub const ALL: [Self; 7] = [
        Self::WorkerAsked,
        Self::PurposeEnded,
        Self::RecipientUnfit,
        Self::NoticeWrong,
        Self::NotFree,
        Self::AnotherPerson,
        Self::Authority,
    ];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WorkerAsked => "worker-asked",
            Self::PurposeEnded => "purpose-ended",
            Self::RecipientUnfit => "recipient-unfit",
            Self::NoticeWrong => "notice-wrong",
            Self::NotFree => "not-free",
            Self::AnotherPerson => "another-person",
            Self::Authority => "authority",
        }
    }

    /// What happens to a consent by it: [`What::Revoke`] ends one that is in force, [`What::Invalidate`] reaches back, also over one that has ended.
    #[must_use]
    pub const fn what(self) -> What {
        match self {
            Self::WorkerAsked | Self::PurposeEnded | Self::RecipientUnfit => What::Revoke,
            Self::NoticeWrong | Self::NotFree | Self::AnotherPerson | Self::Authority => What::Invalidate,
        }
    }
}

impl FromStr for Ground {
    type Err = NoGround;
    fn from_str(text: &str) -> Result<Self, NoGround> {
        Self::ALL.into_iter().find(|ground| ground.as_str() == text).ok_or(NoGround)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for ground in Ground::ALL {
            assert_eq!(ground.as_str().parse(), Ok(ground));
            assert_eq!(serde_json::to_value(ground).ok(), Some(ground.as_str().into()));
        }
        assert_eq!("".parse::<Ground>(), Err(NoGround));
    }
}
