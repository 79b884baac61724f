//! From what went wrong in the rooms below to a problem document: the one place that knows both.

use std::io::ErrorKind;
use std::time::Duration;

use axum::Extension;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use polder_exchange::imports::PartRefused;
use polder_exchange::log::{ExportRefused, LogFailed};
use polder_exchange::people::{ApplicationRefused, ContactRefused, DecideRefused, ReceiveRefused, RequestRefused};
use polder_exchange::{AnswerRefused, AskRefused, KEY_TAKEN, PeerFailure, PublishRefused};
use polder_model::Finding;
use polder_model::answer::MissingReason;
use polder_model::problem::{Problem, ProblemType};
use polder_store::StoreError;
use polder_trust::message::MessageError;

use crate::oauth::DPOP_NONCE;
use crate::quota::whole_seconds;

/// The media type of problem documents.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// How much a caller may ask (draft-ietf-httpapi-ratelimit-headers).
pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What is left of it.
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// A request that is not carried out.
#[derive(Debug)]
pub(crate) struct Refusal {
    kind: ProblemType,
    detail: String,
    findings: Vec<Finding>,
    instance: Option<String>,
    /// Header fields beside those that every problem of its kind has.
    headers: Option<Box<HeaderMap>>,
}

/// The algorithms by which proofs are signed (RFC 9449, section 7.1).
const ALGORITHMS: &str = "algs=\"ES256 PS256 RS256 EdDSA\"";

/// When whoever was turned away may come again, unless more is known.
const WAIT: Duration = Duration::from_secs(1);

impl Refusal {
    pub(crate) fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), findings: Vec::new(), instance: None, headers: None }
    }

    /// Findings about a document or request: the type is `otherwise`, unless all of them are of a kind that has a type of its own.
    pub(crate) fn findings(otherwise: ProblemType, findings: Vec<Finding>) -> Self {
        let problem = Problem::of_findings(otherwise, findings);
        let kind = problem.problem_type().unwrap_or(otherwise);
        Self { findings: problem.findings, ..Self::new(kind, problem.detail) }
    }

    /// A body of another form: what to send, and what differs.
    pub(crate) fn other_form(form: &str, error: &serde_json::Error) -> Self {
        Self { findings: vec![polder_model::query::reading_failed(error)], ..Self::new(ProblemType::InvalidRequest, form) }
    }

    /// A fault of ours. The caller learns an id, the log has what happened under the same id.
    pub(crate) fn internal(error: &dyn std::fmt::Display) -> Self {
        let instance = format!("urn:uuid:{}", uuid::Uuid::new_v4());
        tracing::error!(%instance, %error, "a request failed");
        let detail = "this node failed to do it; its log has more under the same instance";
        Self { instance: Some(instance), ..Self::new(ProblemType::Internal, detail) }
    }

    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        let detail = format!("this address takes {allow}");
        Self::new(ProblemType::MethodNotAllowed, detail).with_header(ALLOW, allow)
    }

    /// Another partner did not do its part. What will be no other when it is asked again is told as such.
    fn of_peer(failure: &PeerFailure, detail: String) -> Self {
        match (failure.problem, failure.reason) {
            (Some(ProblemType::PurposeNotAllowed), _) => {
                let detail = "that partner answers nothing for this purpose, or the register does not allow it to your partner; asking again does not help";
                Self::new(ProblemType::PurposeNotAllowed, detail)
            }
            (_, MissingReason::BudgetSpent) => Self::new(ProblemType::BudgetSpent, detail),
            (_, MissingReason::NoDisclosure) => Self::new(ProblemType::NoDisclosure, detail),
            _ => Self::new(ProblemType::Unavailable, detail),
        }
    }

    fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.get_or_insert_default().insert(name, value);
        }
        self
    }

    /// A call is to show that it is made by the key of its token, naming this nonce (RFC 9449, section 9).
    pub(crate) fn proof_wanted(self, nonce: &str, nonce_alone: bool) -> Self {
        let error = if nonce_alone { "use_dpop_nonce" } else { "invalid_dpop_proof" };
        self.challenge(true, &format!("error=\"{error}\"")).with_header(DPOP_NONCE, nonce)
    }

    /// No token came: these schemes are taken.
    pub(crate) fn token_wanted(self) -> Self {
        self.with_header(WWW_AUTHENTICATE, &format!("Bearer realm=\"polder\", DPoP {ALGORITHMS}"))
    }

    /// The token that came is not taken, whatever the reason (RFC 6750, section 3.1); `dpop` where it was sent as one that is bound to a key, or is to be.
    pub(crate) fn token_refused(self, dpop: bool) -> Self {
        self.challenge(dpop, "error=\"invalid_token\"")
    }

    /// The token that came does not carry the scope; named where just one would do.
    pub(crate) fn scope_lacking(self, dpop: bool, scope: Option<&str>) -> Self {
        let named = scope.map(|scope| format!(", scope=\"{scope}\"")).unwrap_or_default();
        self.challenge(dpop, &format!("error=\"insufficient_scope\"{named}"))
    }

    /// What is wrong with the token that came, in the words of its scheme.
    fn challenge(self, dpop: bool, says: &str) -> Self {
        let value = if dpop { format!("DPoP {says}, {ALGORITHMS}") } else { format!("Bearer realm=\"polder\", {says}") };
        self.with_header(WWW_AUTHENTICATE, &value)
    }

    /// What went wrong, and what to do.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// The time after which to come again.
    pub(crate) fn retry_after(self, wait: Duration) -> Self {
        self.with_header(RETRY_AFTER, &whole_seconds(wait).to_string())
    }

    /// The policy that is spent, and what is left of it.
    pub(crate) fn rate_limit(self, policy: &str, left: &str) -> Self {
        self.with_header(RATE_LIMIT_POLICY, policy).with_header(RATE_LIMIT, left)
    }

    /// What kind of problem it is.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn kind(&self) -> ProblemType {
        self.kind
    }

    /// The header fields that go with it.
    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = self.headers.as_deref().cloned().unwrap_or_default();
        if matches!(self.kind, ProblemType::TooManyRequests | ProblemType::Unavailable) {
            headers.entry(RETRY_AFTER).or_insert_with(|| HeaderValue::from(whole_seconds(WAIT)));
        }
        if self.kind == ProblemType::Unauthenticated {
            headers.entry(WWW_AUTHENTICATE).or_insert(HeaderValue::from_static("Bearer realm=\"polder\""));
        }
        headers
    }

    /// The problem document.
    pub(crate) fn problem(&self) -> Problem {
        let mut problem = Problem::new(self.kind, self.detail.clone()).with_findings(self.findings.clone());
        problem.instance.clone_from(&self.instance);
        problem
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        (status, self.headers(), [(CONTENT_TYPE, PROBLEM_JSON)], Extension(self.kind), body).into_response()
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::PreconditionFailed => {
                Self::new(ProblemType::PreconditionFailed, "the offer is in another version, or not there; read it and decide again")
            }
            StoreError::AnotherOrganisation(_) => Self::new(ProblemType::Forbidden, KEY_TAKEN),
            StoreError::TooMany { .. } => Self::new(ProblemType::TooManyOffers, error.to_string()),
            StoreError::Full => {
                Self::new(ProblemType::StorageFull, "the disk that holds its database is full. Reading and searching go on")
            }
            StoreError::Busy => {
                Self::new(ProblemType::Unavailable, "the database has more to do than fits at the moment; nothing was stored")
            }
            StoreError::ReadOnly(_) => {
                tracing::error!(%error, "the database cannot be written");
                Self::new(ProblemType::Unavailable, "the database cannot be written; nothing was stored")
            }
            StoreError::Unreachable(_) => {
                tracing::error!(%error, "the database cannot be reached");
                Self::new(ProblemType::Unavailable, "the database cannot be reached; nothing was stored")
            }
            StoreError::Uncertain(_) => {
                tracing::error!(%error, "the database was lost in the middle of a commit");
                Self::new(ProblemType::Unavailable, "whether this was stored is not known; read it back, or store it again")
            }
            StoreError::Journal(_) => {
                tracing::error!(%error, "what ends cannot be written to the journal: nothing ends, and no consent is given");
                Self::new(
                    ProblemType::Unavailable,
                    "the journal of what ended cannot be written; nothing was changed. Try again, and tell whoever runs this node",
                )
            }
            StoreError::UnknownSchema { .. } | StoreError::Database(_) | StoreError::Damaged(_) => Self::internal(&error),
        }
    }
}

impl From<PublishRefused> for Refusal {
    fn from(refused: PublishRefused) -> Self {
        match refused {
            PublishRefused::Invalid(findings) => Self::findings(ProblemType::InvalidDocument, findings),
            PublishRefused::Store(error) => error.into(),
        }
    }
}

impl From<PartRefused> for Refusal {
    fn from(refused: PartRefused) -> Self {
        match refused {
            PartRefused::Unknown => Self::new(ProblemType::NotFound, "there is no such import, or it is not kept any more"),
            PartRefused::Differs => {
                let detail = "other bytes came under this number before; send those again, or give these another number";
                Self::new(ProblemType::PartDiffers, detail)
            }
            PartRefused::Store(error) => error.into(),
            PartRefused::Io(error) if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => StoreError::Full.into(),
            PartRefused::Io(error) => Self::internal(&error),
        }
    }
}

impl From<AskRefused> for Refusal {
    fn from(refused: AskRefused) -> Self {
        match refused {
            AskRefused::Invalid(findings) => Self::findings(ProblemType::InvalidRequest, findings),
            AskRefused::ClockWasSet(was_set) => Self::new(ProblemType::ClockSkew, was_set.to_string()),
            AskRefused::AboutPeople => Self::new(ProblemType::Forbidden, refused.to_string()),
            AskRefused::Store(error) => error.into(),
        }
    }
}

impl From<AnswerRefused> for Refusal {
    fn from(refused: AnswerRefused) -> Self {
        let detail = refused.to_string();
        match refused {
            AnswerRefused::Invalid(findings) => Self::findings(ProblemType::InvalidRequest, findings),
            AnswerRefused::AnotherAsker => Self::new(ProblemType::Forbidden, detail),
            AnswerRefused::RankingUnsupported => Self::new(ProblemType::RankingUnsupported, detail),
            AnswerRefused::ClockSkew | AnswerRefused::ClockWasSet(_) => Self::new(ProblemType::ClockSkew, detail),
            AnswerRefused::HopLimit => Self::new(ProblemType::HopLimit, detail),
            AnswerRefused::PurposeNotAllowed => Self::new(ProblemType::PurposeNotAllowed, detail),
            AnswerRefused::NotAMember => Self::new(ProblemType::NotAMember, detail),
            AnswerRefused::NoDisclosure(_) => Self::new(ProblemType::NoDisclosure, detail),
            AnswerRefused::BudgetSpent => Self::new(ProblemType::BudgetSpent, detail),
            AnswerRefused::Unreadable => Self::internal(&detail),
            AnswerRefused::OutOfTime => Self::new(ProblemType::Unavailable, detail),
            AnswerRefused::Store(error) => error.into(),
        }
    }
}

impl From<ReceiveRefused> for Refusal {
    fn from(refused: ReceiveRefused) -> Self {
        let detail = refused.to_string();
        match refused {
            ReceiveRefused::Evidence(_) | ReceiveRefused::NotTheirs => Self::new(ProblemType::Forbidden, detail),
            ReceiveRefused::Form | ReceiveRefused::Retained | ReceiveRefused::NotListed { .. } => {
                Self::new(ProblemType::InvalidRequest, detail)
            }
            ReceiveRefused::NoKey => Self::internal(&detail),
            ReceiveRefused::Store(error) => error.into(),
        }
    }
}

impl From<ContactRefused> for Refusal {
    fn from(refused: ContactRefused) -> Self {
        let detail = refused.to_string();
        match refused {
            ContactRefused::Invalid(findings) => Self::findings(ProblemType::InvalidRequest, findings),
            ContactRefused::PurposeNotAllowed(_) => Self::new(ProblemType::PurposeNotAllowed, detail),
            ContactRefused::Nobody => Self::new(ProblemType::NotFound, detail),
            ContactRefused::Peer(failure) => Self::of_peer(&failure, detail),
            ContactRefused::Store(error) => error.into(),
        }
    }
}

impl From<ApplicationRefused> for Refusal {
    fn from(refused: ApplicationRefused) -> Self {
        match (refused.problem(), refused) {
            (_, ApplicationRefused::Store(error)) => error.into(),
            (Some(problem), refused) => Self::new(problem, refused.to_string()),
            (None, refused) => Self::internal(&refused),
        }
    }
}

impl From<RequestRefused> for Refusal {
    fn from(refused: RequestRefused) -> Self {
        let detail = refused.to_string();
        match refused {
            RequestRefused::Invalid(findings) => Self::findings(ProblemType::InvalidRequest, findings),
            RequestRefused::Unknown => Self::new(ProblemType::NotFound, detail),
            RequestRefused::Peer(failure) => Self::of_peer(&failure, detail),
            RequestRefused::Store(error) => error.into(),
        }
    }
}

impl From<ExportRefused> for Refusal {
    fn from(refused: ExportRefused) -> Self {
        match refused {
            ExportRefused::NotYet => Self::new(ProblemType::Unavailable, refused.to_string()).retry_after(Duration::from_secs(60)),
            ExportRefused::Log(LogFailed::Store(error)) => error.into(),
            ExportRefused::NoText | ExportRefused::Log(LogFailed::Damaged(_)) => Self::internal(&refused),
        }
    }
}

impl From<DecideRefused> for Refusal {
    fn from(refused: DecideRefused) -> Self {
        let detail = refused.to_string();
        match refused {
            DecideRefused::Invalid(findings) => Self::findings(ProblemType::InvalidRequest, findings),
            DecideRefused::NoticeDiffers => Self::new(ProblemType::PreconditionFailed, detail),
            DecideRefused::Unknown | DecideRefused::UnknownRequest | DecideRefused::NoOffer => Self::new(ProblemType::NotFound, detail),
            DecideRefused::NotInForce(_) | DecideRefused::NotOpen => Self::new(ProblemType::NotInForce, detail),
            DecideRefused::Enough { wait } => Self::new(ProblemType::TooManyRequests, detail).retry_after(wait),
            DecideRefused::ClosedTo(_) => Self::new(ProblemType::Unavailable, detail).retry_after(Duration::from_secs(120)),
            DecideRefused::Store(error) => error.into(),
        }
    }
}

impl From<MessageError> for Refusal {
    fn from(error: MessageError) -> Self {
        let kind = match error {
            MessageError::Profile(_) | MessageError::UnknownKey | MessageError::Signature | MessageError::Digest => {
                ProblemType::Unauthenticated
            }
            // Nobody is to be left alone for a start, as `Retry-After` would have it: signed anew the message is mostly taken at once.
            MessageError::Clock | MessageError::BeforeStart { .. } => ProblemType::ClockSkew,
            MessageError::Replayed => ProblemType::Replayed,
            MessageError::Full => ProblemType::Unavailable,
        };
        Self::new(kind, error.to_string())
    }
}
