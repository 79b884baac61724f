//! Who calls, and what they may do: the one place where a client of this partner is recognised.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use http::request::Parts;
use polder_consent::{Authentication, WorkerId};
use polder_exchange::{For, OPERATOR};
use polder_model::problem::ProblemType;
use polder_model::{Finding, FindingCode, Kind, OfferKey, Timestamp};
use polder_store::ActsFor;
use polder_store::people::{Door, SessionId};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::ClientApi;
use super::scope::Scope;
use crate::body;
use crate::oauth::{BEARER, Call, ClientSession, NoAccess, NotProven};
use crate::refusal::{RATE_LIMIT, RATE_LIMIT_POLICY, Refusal};
use crate::serve::Connection;

const PREFIX: &str = "polder_op_";
/// How a token begins by which a program acts for a worker.
pub(crate) const WORKER_PREFIX: &str = "polder_wk_";

/// A fresh token of the machine's own operator. It is shown once and kept nowhere.
pub struct OperatorToken(String);

impl OperatorToken {
    /// A token of 32 random bytes.
    #[must_use]
    pub fn from_random(random: [u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random)))
    }

    /// The token, to be handed to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What a node keeps of it.
    #[must_use]
    pub fn hash(&self) -> OperatorTokenHash {
        OperatorTokenHash::of(&self.0)
    }
}

/// The SHA-256 of an operator token: all that a node keeps. The token has 256 random bits, so no slow hash is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OperatorTokenHash([u8; 32]);

impl OperatorTokenHash {
    fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text.trim(), &mut hash).ok().map(|()| Self(hash))
    }

    /// 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    fn is_of(&self, token: &str) -> bool {
        Self::of(token).0.ct_eq(&self.0).into()
    }
}

impl fmt::Debug for OperatorTokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorTokenHash")
    }
}

/// Which client it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ClientId {
    /// The machine's own operator.
    Operator,
    /// A system that is registered here.
    System(Arc<str>),
    /// A worker of this partner.
    Worker(WorkerId),
}

/// A caller that was recognised: the machine's own operator, who may do everything that a system of the partner may; such a system, with what it was
/// approved for; or a worker, who decides about
/// themself, which nobody else may, and asks for public offers.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    Operator,
    System(ClientSession),
    Worker(Login),
}

impl Caller {
    async fn recognise(request: &Parts, api: &ClientApi) -> Result<Self, Refusal> {
        let headers = &request.headers;
        let wanted = |detail: &str| Refusal::new(ProblemType::Unauthenticated, detail).token_wanted();
        let refused = |detail: &str| Refusal::new(ProblemType::Unauthenticated, detail).token_refused(false);
        let mut given = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (given.next(), given.next()) else {
            return Err(wanted(
                "send one header Authorization with a token: of a registered system `DPoP …` or `Bearer …` from /oauth/token, on the machine itself `Bearer …` with the operator token of `polder init`",
            ));
        };
        let text = value.to_str().map_err(|_| wanted("the header Authorization has characters that no token has"))?;
        let (dpop, token) = match text.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => (false, token.trim()),
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("dpop") => (true, token.trim()),
            _ => return Err(wanted("of the header Authorization this scheme is not taken; send `DPoP …` or `Bearer …`")),
        };
        if dpop || token.contains('.') {
            return system(request, api, token, dpop).await.map(Self::System);
        }
        if token.starts_with(WORKER_PREFIX) {
            let login = login(api, token).await?;
            return login.map(Self::Worker).ok_or_else(|| refused("this token is not known here, or its time is over"));
        }
        if api.operator.is_of(token) {
            Ok(Self::Operator)
        } else {
            Err(refused(
                "this token is not known here; a system gets one at /oauth/token, the machine's operator has that of `polder init`, a worker makes one at the portal",
            ))
        }
    }

    pub(crate) fn id(&self) -> ClientId {
        match self {
            Self::Operator => ClientId::Operator,
            Self::System(session) => ClientId::System(Arc::clone(session.id())),
            Self::Worker(login) => ClientId::Worker(login.worker),
        }
    }

    /// The caller as they are now, a while later; `None` where they may call no more.
    pub(crate) async fn still(&self, api: &ClientApi) -> Option<Self> {
        match self {
            Self::System(session) => api.oauth.still(session).await.ok().flatten().map(Self::System),
            Self::Operator => Some(Self::Operator),
            // A worker follows nothing.
            Self::Worker(_) => None,
        }
    }

    /// For whom this caller asks questions, and who gets what they find.
    pub(crate) fn whom(&self) -> For {
        match self {
            Self::Operator => For::Client(OPERATOR.to_owned()),
            Self::System(session) => For::Client(session.id().to_string()),
            Self::Worker(login) => For::Worker(login.worker),
        }
    }

    /// The system that calls, by its name.
    pub(crate) fn client(&self) -> Result<&str, Refusal> {
        match self {
            Self::Operator => Ok(OPERATOR),
            Self::System(session) => Ok(session.id()),
            Self::Worker(_) => Err(self.lacks(Scope::Match)),
        }
    }

    /// The worker who calls.
    pub(crate) fn worker(&self) -> Result<Login, Refusal> {
        match self {
            Self::Worker(login) => Ok(login.clone()),
            Self::Operator | Self::System(_) => Err(self.lacks(Scope::Me)),
        }
    }

    /// Whether the caller acts for the organisation of an offer; if not, to it the offer is not there.
    pub(crate) async fn acts_for_offer(&self, api: &ClientApi, kind: Kind, key: &OfferKey) -> Result<bool, Refusal> {
        let acts_for = self.acts_for();
        if acts_for == ActsFor::Everyone {
            return Ok(true);
        }
        Ok(api.node.store().organisation_of(kind, key).await?.is_some_and(|of| acts_for.includes(&of)))
    }

    /// For which organisations it reads and writes offers.
    pub(crate) fn acts_for(&self) -> ActsFor {
        match self {
            Self::Operator => ActsFor::Everyone,
            Self::System(session) => session.acts_for(),
            // Workers have no scope to either.
            Self::Worker(_) => ActsFor::These(Arc::default()),
        }
    }

    /// Where its offers are.
    pub(crate) fn space(&self) -> Space {
        let sandbox = match self {
            Self::System(session) if session.is_in_sandbox() => Some(Arc::clone(session.id())),
            _ => None,
        };
        Space { acts_for: self.acts_for(), sandbox }
    }

    /// Whose offers it follows: a system that is being tried, nobody's.
    pub(crate) fn follows(&self) -> ActsFor {
        let Space { acts_for, sandbox } = self.space();
        if sandbox.is_some() { ActsFor::These(Arc::default()) } else { acts_for }
    }

    /// Whether the operator's token carries a scope.
    pub(crate) fn operator_may(scope: Scope) -> bool {
        scope != Scope::Me
    }

    /// Whether a worker's token carries a scope.
    pub(crate) fn worker_may(scope: Scope) -> bool {
        matches!(scope, Scope::Me | Scope::Query | Scope::ReadPartners)
    }

    pub(crate) fn may(&self, scope: Scope) -> bool {
        match self {
            Self::Operator => Self::operator_may(scope),
            Self::System(session) => session.may(scope),
            Self::Worker(_) => Self::worker_may(scope),
        }
    }

    /// Refuses a caller that may not do this.
    pub(crate) fn require(&self, scope: Scope) -> Result<(), Refusal> {
        if self.may(scope) { Ok(()) } else { Err(self.lacks(scope)) }
    }

    fn lacks(&self, scope: Scope) -> Refusal {
        let granted = Scope::of_clients();
        let ways: Vec<String> = scope.one_of().into_iter().filter(|one| granted.contains(one)).map(Scope::name).collect();
        let (says, only) = match (scope, ways.as_slice()) {
            (Scope::Me, _) => {
                ("this is for a worker, by a token of their own (`me`): no system and no staff of a partner does it".to_owned(), None)
            }
            (_, []) => {
                let name = scope.name();
                (
                    format!(
                        "no system gets this ({name}): it takes the operator token of the machine, or staff with that role at the desk"
                    ),
                    None,
                )
            }
            (_, [one]) => (format!("this needs the scope {one}"), Some(one.as_str())),
            (_, some) => (format!("this needs one of the scopes {}", some.join(", ")), None),
        };
        Refusal::new(ProblemType::Forbidden, says).scope_lacking(self.key().is_some(), only)
    }

    /// The thumbprint of the key by which it proves its calls.
    fn key(&self) -> Option<&str> {
        if let Self::System(session) = self { session.key() } else { None }
    }
}

/// Where the offers of a caller are.
#[derive(Clone, Debug)]
pub(crate) struct Space {
    /// For which organisations it reads and writes them.
    pub acts_for: ActsFor,
    /// The client in whose sandbox they lie; `None` where they lie among all.
    pub sandbox: Option<Arc<str>>,
}

/// A worker for whom a program acts, and how they showed who they are.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    /// Who.
    pub worker: WorkerId,
    /// How they logged in when they let the program act.
    pub authentication: Authentication,
}

/// The registered system that calls by this token.
async fn system(request: &Parts, api: &ClientApi, token: &str, dpop: bool) -> Result<ClientSession, Refusal> {
    let connection = request.extensions.get::<Arc<Connection>>();
    let certificate = connection.and_then(|connection| connection.certificate.as_deref());
    let call = Call { method: &request.method, path: request.uri.path(), headers: &request.headers, dpop, certificate };
    let refused = |detail: &str| Refusal::new(ProblemType::Unauthenticated, detail);
    api.oauth.client_of(token, call).await?.map_err(|why| match why {
        NoAccess::Token(detail) => refused(detail).token_refused(dpop || why == BEARER),
        NoAccess::Proof(why @ NotProven::Full) => {
            Refusal::new(ProblemType::TooManyRequests, why.to_string()).retry_after(Duration::from_secs(60))
        }
        NoAccess::Proof(why) => refused(&why.to_string()).proof_wanted(&api.oauth.nonce(), why == NotProven::Nonce),
    })
}

/// Who let a program act by this token. It is looked up by its hash, so that how long that takes says nothing about any token.
async fn login(api: &ClientApi, token: &str) -> Result<Option<Login>, Refusal> {
    let (always, now) = (Timestamp::from_micros(i64::MIN), api.node.now());
    let found = api.node.store().session(&SessionId::of(token), always, now).await?;
    let found = found.filter(|found| found.session.door == Door::Program);
    Ok(found.and_then(|found| {
        let authentication =
            Authentication { issuer: found.session.provider, level: found.session.level, at: found.session.authenticated_at };
        Some(Login { worker: found.worker?, authentication })
    }))
}

/// People are sought for an offer of an organisation for which the caller acts.
pub(super) fn not_of_yours(at: &str) -> Finding {
    let message =
        "there is no such offer of an organisation for which this client acts; people are sought and reached for an offer of your own";
    Finding::new(at, FindingCode::UnknownCode, message)
}

/// Lets a request through whose caller may do what the operation needs, and has not asked too much already.
pub(crate) async fn guard(State((api, scope)): State<(ClientApi, Scope)>, request: Request, next: Next) -> Response {
    admitted(&api, scope, request, next).await.unwrap_or_else(Refusal::into_response)
}

async fn admitted(api: &ClientApi, scope: Scope, request: Request, next: Next) -> Result<Response, Refusal> {
    let (mut request, body) = request.into_parts();
    let connection = request.extensions.get::<Arc<Connection>>();
    let caller = match Caller::recognise(&request, api).await {
        Ok(caller) => caller,
        Err(refusal) => {
            let refusal = match connection {
                Some(connection) => api.tries.failed(connection.origin, refusal),
                None => refusal,
            };
            api.metrics.failed_try(refusal.kind().status());
            return Err(refusal);
        }
    };
    if let Some(connection) = connection {
        connection.recognise();
    }
    caller.require(scope)?;
    let client = api.clients.of(&caller.id());
    let place = client.admit(scope == Scope::Query)?;
    if scope == Scope::Query {
        api.questions.has_room()?;
    }
    let proofs = caller.key().map(|key| api.oauth.proofs(key));
    // The operation can see who it is.
    request.extensions.insert(caller);
    let mut response = next.run(Request::from_parts(request, body::counted(body, &client))).await;
    let (policies, left): (Vec<String>, Vec<String>) = client.standing(scope == Scope::Query).into_iter().chain(proofs).unzip();
    for (name, value) in [(RATE_LIMIT_POLICY, policies.join(", ")), (RATE_LIMIT, left.join(", "))] {
        if let (Ok(value), false) = (HeaderValue::try_from(value), response.headers().contains_key(&name)) {
            response.headers_mut().insert(name, value);
        }
    }
    // What waits to be sent takes up a place as well.
    Ok(response.map(|body| body::holding(body, place)))
}
