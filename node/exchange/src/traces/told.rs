//! What may be told in a trace.

use opentelemetry::Value;
use polder_model::answer::MissingReason;
use polder_model::problem::ProblemType;
use polder_model::receipt;
use polder_model::{Kind, PartnerId};
use uuid::Uuid;

/// A value that may stand in a trace. No text is one, unless it is a word of this program.
pub trait Told {
    /// As a trace has it.
    fn told(self) -> Value;
}

impl Told for &'static str {
    fn told(self) -> Value {
        self.into()
    }
}

impl Told for usize {
    fn told(self) -> Value {
        i64::try_from(self).unwrap_or(i64::MAX).into()
    }
}

impl Told for Uuid {
    fn told(self) -> Value {
        self.hyphenated().to_string().into()
    }
}

impl Told for &PartnerId {
    fn told(self) -> Value {
        self.to_string().into()
    }
}

impl Told for Kind {
    fn told(self) -> Value {
        self.as_str().into()
    }
}

/// About how many: `0`, `1-9`, `10-99` or `100+`.
#[must_use]
pub fn coarse(count: usize) -> &'static str {
    match count {
        0 => "0",
        1..=9 => "1-9",
        10..=99 => "10-99",
        _ => "100+",
    }
}

/// How a part of a trace ended: a word of a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    word: &'static str,
    failed: bool,
}

impl Outcome {
    /// It was done.
    #[must_use]
    pub const fn done(word: &'static str) -> Self {
        Self { word, failed: false }
    }

    /// It was not.
    #[must_use]
    pub const fn failure(word: &'static str) -> Self {
        Self { word, failed: true }
    }

    pub(super) const fn word(self) -> &'static str {
        self.word
    }

    pub(super) const fn failed(self) -> bool {
        self.failed
    }
}

impl From<MissingReason> for Outcome {
    fn from(reason: MissingReason) -> Self {
        Self::failure(reason.as_str())
    }
}

impl From<receipt::Outcome> for Outcome {
    fn from(outcome: receipt::Outcome) -> Self {
        Self::done(outcome.as_str())
    }
}

impl From<ProblemType> for Outcome {
    fn from(kind: ProblemType) -> Self {
        Self::failure(kind.name())
    }
}
