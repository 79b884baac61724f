//! Problem documents (RFC 9457) with a closed list of types (`docs/interfaces.md`, section 5).

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, FindingCode};

const PREFIX: &str = "urn:polder:problem:";

/// How many findings a problem carries at most: the first ones (`docs/interfaces.md`, section 5).
pub const MOST_FINDINGS: usize = 100;

macro_rules! problem_types {
    ($($variant:ident = $word:literal, $status:literal, $title:literal;)+) => {
        /// The closed list of problem types. The asking side reads a peer's problem as data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemType {
            $(#[doc = concat!("`", $word, "`, status ", stringify!($status), ": ", $title)] $variant,)+
        }

        impl ProblemType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The last part of the type's URN.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// A short summary that is the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// The type with that URN.
            #[must_use]
            pub fn from_urn(urn: &str) -> Option<Self> {
                let name = urn.strip_prefix(PREFIX)?;
                Self::ALL.iter().copied().find(|known| known.name() == name)
            }
        }
    };
}

problem_types! {
    InvalidDocument = "invalid-document", 400, "The document does not follow its schema or rules";
    InvalidRequest = "invalid-request", 400, "The request does not follow its form or rules";
    UnknownCode = "unknown-code", 400, "Something that is named is not known: a code, place, label, key or partner";
    FieldNotAllowed = "field-not-allowed", 400, "A field or text that may carry special personal data";
    ClockSkew = "clock-skew", 400, "The clocks differ by more than 30 seconds, or the clock was set";
    RankingUnsupported = "ranking-unsupported", 400, "This node cannot compute that ranking version";
    HopLimit = "hop-limit", 400, "A peer is never asked to ask further";
    Unauthenticated = "unauthenticated", 401, "Who calls could not be established";
    Forbidden = "forbidden", 403, "The caller may not do this";
    NotAMember = "not-a-member", 403, "The caller is no active member of the federation";
    PurposeNotAllowed = "purpose-not-allowed", 403, "This purpose is not allowed to the caller, or not used here";
    NoDisclosure = "no-disclosure", 403, "This node answers no questions about people at the moment";
    BudgetSpent = "budget-spent", 403, "The partner has asked or learnt as much of people today as one may";
    NotFound = "not-found", 404, "There is nothing here";
    MethodNotAllowed = "method-not-allowed", 405, "This method is not offered here";
    NotAcceptable = "not-acceptable", 406, "The accepted media types are not offered";
    RequestTimeout = "request-timeout", 408, "The body did not come in in time";
    NotInForce = "not-in-force", 409, "What it is about has ended, or was answered";
    PartDiffers = "part-differs", 409, "Other bytes have taken the number of this part";
    UnderWay = "under-way", 409, "The same request is being carried out";
    TooManyOffers = "too-many-offers", 409, "This node holds as many offers of its partner as it may";
    Replayed = "replayed", 409, "This signed message was seen before";
    CursorLost = "cursor-lost", 410, "The cursor names a change that this node no longer knows";
    PreconditionFailed = "precondition-failed", 412, "What is there is not what the request expects";
    TooLarge = "too-large", 413, "The body is larger than allowed";
    UnsupportedMediaType = "unsupported-media-type", 415, "The body is not of an accepted media type";
    KeyDiffers = "key-differs", 422, "Another request has taken this Idempotency-Key";
    ProofRefused = "proof-refused", 422, "The proof does not show what it should";
    TooManyRequests = "too-many-requests", 429, "Too many requests";
    Internal = "internal", 500, "Something went wrong in this node";
    Unavailable = "unavailable", 503, "This node cannot do this at the moment";
    StorageFull = "storage-full", 507, "The storage of this node is full; nothing was stored";
}

impl ProblemType {
    /// The `type` member: a URN.
    #[must_use]
    pub fn urn(self) -> String {
        format!("{PREFIX}{}", self.name())
    }
}

/// A problem document. No member carries a value from the refused document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The URN of a [`ProblemType`].
    #[serde(rename = "type")]
    pub kind: String,
    /// The type's summary.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here, and what to do.
    pub detail: String,
    /// The id under which the log has more, where there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Everything that is wrong, each with its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl Problem {
    /// A problem of that type.
    #[must_use]
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self {
            kind: kind.urn(),
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: detail.into(),
            instance: None,
            findings: Vec::new(),
        }
    }

    /// The same problem with findings: the first [`MOST_FINDINGS`] of them.
    #[must_use]
    pub fn with_findings(mut self, mut findings: Vec<Finding>) -> Self {
        findings.truncate(MOST_FINDINGS);
        self.findings = findings;
        self
    }

    /// A problem of findings about a document or request: the type is `otherwise`, unless all of them are of a kind that has a type of its own, or one
    /// may carry what no node may know.
    #[must_use]
    pub fn of_findings(otherwise: ProblemType, findings: Vec<Finding>) -> Self {
        let any = |code| findings.iter().any(|finding| finding.code == code);
        let all = |code| findings.iter().all(|finding| finding.code == code);
        let kind = if any(FindingCode::NotAllowed) {
            ProblemType::FieldNotAllowed
        } else if !findings.is_empty() && all(FindingCode::UnknownCode) {
            ProblemType::UnknownCode
        } else if !findings.is_empty() && all(FindingCode::AnotherOrganisation) {
            ProblemType::Forbidden
        } else {
            otherwise
        };
        let at = |finding: &Finding| match finding.pointer.as_str() {
            "" => finding.message.clone(),
            pointer => format!("{pointer}: {}", finding.message),
        };
        let detail = match findings.as_slice() {
            [] => "something is wrong with it".to_owned(),
            [one] => at(one),
            [first, rest @ ..] if rest.len() < MOST_FINDINGS => format!("{}; and {} more, see findings", at(first), rest.len()),
            [first, rest @ ..] => format!("{}; and {} more, of which findings has the first {MOST_FINDINGS}", at(first), rest.len()),
        };
        Self::new(kind, detail).with_findings(findings)
    }

    /// The type, where it is one of ours.
    #[must_use]
    pub fn problem_type(&self) -> Option<ProblemType> {
        ProblemType::from_urn(&self.kind)
    }
}
