//! What the partner's Inway passes on. Who calls is said twice: by the token of the partner's own Manager, which names a Peer of the group, and by the signature
//! under the message, with a key that the register gives to that very partner. The connection is the Inway's own, and says nothing of who calls.

use std::collections::HashMap;
use std::sync::Arc;

use http::HeaderMap;
use jsonwebtoken::{Algorithm, DecodingKey};
use polder_consent::FscTransaction;
use polder_model::problem::ProblemType;
use polder_model::{PartnerId, Timestamp};
use polder_trust::keys::SpkiPin;
use polder_trust::message::MessageError;
use polder_trust::register::{Member, SharedRegister};
use serde::Deserialize;

use super::{AUTHORIZATION, one, transaction};
use crate::oauth::keys::{Keys, KeysAt};
use crate::oauth::{SKEW_SECONDS, jose};
use crate::rarely::Rarely;
use crate::refusal::Refusal;

/// By which Inway calls come, and what its tokens say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InwayAt {
    /// The group (`gid`).
    pub group: String,
    /// Which Peer of the group this node's partner is (`iss`): its own Manager gives the tokens.
    pub peer_id: String,
    /// What this node is called as a service (`svc`).
    pub service: String,
    /// The address of the Inway (`aud`), exactly.
    pub address: String,
    /// Where the public keys of that Manager are (JWKS).
    pub keys: KeysAt,
    /// The one algorithm by which it signs.
    pub algorithm: String,
    /// The key of the Inway's certificate, where it comes by TLS; without it the port speaks plain HTTP, on loopback.
    pub certificate: Option<SpkiPin>,
    /// Who Peers are whose id is not the OIN in their name: by their ids.
    pub peers: HashMap<String, PartnerId>,
}

/// What a token claims.
#[derive(Deserialize)]
struct Claims {
    gth: String,
    gid: String,
    sub: String,
    iss: String,
    svc: String,
    /// One text: a token for others as well could be shown by them.
    aud: String,
    exp: i64,
    nbf: i64,
    /// Whoever connects in the name of another.
    act: Option<serde_json::Value>,
}

/// The Inway before this node.
pub(crate) struct Inway {
    at: InwayAt,
    algorithm: Algorithm,
    keys: Keys,
    refused: Rarely<String>,
}

impl Inway {
    /// `None` where the algorithm is none by which Managers sign.
    pub(crate) fn new(at: InwayAt) -> Option<Self> {
        let algorithm = match at.algorithm.as_str() {
            "RS256" => Algorithm::RS256,
            "RS384" => Algorithm::RS384,
            "RS512" => Algorithm::RS512,
            "ES256" => Algorithm::ES256,
            "ES384" => Algorithm::ES384,
            _ => return None,
        };
        let keys = Keys::new(format!("the Manager of {}", at.peer_id), at.keys.clone());
        Some(Self { at, algorithm, keys, refused: Rarely::default() })
    }

    /// The member or guest for whose Peer the token is. That the message is theirs is still to be shown, by [`Inway::unsigned`] where it is not.
    pub(crate) async fn caller(&self, headers: &HeaderMap, register: &SharedRegister, now: Timestamp) -> Result<Arc<Member>, Refusal> {
        let partner = self.peer(headers, now.seconds()).await.map_err(|why| self.nobody(why))?;
        let member = register.current().member(&partner).cloned().or_else(|| register.active(&partner, now));
        member.ok_or_else(|| self.nobody("the token is for a Peer that is no member of the register"))
    }

    /// Whose Peer the token is for; why it counts for nothing, for the log.
    async fn peer(&self, headers: &HeaderMap, now: i64) -> Result<PartnerId, &'static str> {
        let value = one(headers, AUTHORIZATION).ok_or("there is not exactly one Fsc-Authorization")?;
        let token = match value.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            Some(_) => return Err("Fsc-Authorization is no bearer token"),
            None => value,
        };
        if jose::header(token).is_none_or(|header| header.alg != self.algorithm) {
            return Err("the token is none, or of another algorithm than fsc.algorithm");
        }
        let signed = |keys: &[jsonwebtoken::jwk::Jwk]| {
            let mut keys = keys.iter().filter_map(|key| DecodingKey::from_jwk(key).ok());
            keys.find_map(|key| jose::claims_by::<Claims>(token, &key, self.algorithm))
        };
        let claims = self.keys.find(signed).await.ok_or("no key of the Manager has signed the token, or a claim is missing")?;
        for (is_right, why) in [
            (claims.iss == self.at.peer_id, "the token is of another issuer than fsc.peer_id"),
            (claims.gid == self.at.group, "the token is of another group than fsc.group"),
            (claims.svc == self.at.service, "the token is for another service than fsc.service"),
            (claims.aud == self.at.address, "the token is for another Inway than fsc.inway"),
            (now < claims.exp, "the token is over"),
            (claims.nbf <= now.saturating_add(SKEW_SECONDS), "the token does not count yet"),
            (claims.gth.starts_with('$'), "the token names no grant"),
            (claims.act.is_none(), "the token is of a delegated connection: who connects is not who is named"),
        ] {
            if !is_right {
                return Err(why);
            }
        }
        self.partner_of(&claims.sub).ok_or("the token is for a Peer that no [[fsc.partner]] names")
    }

    /// Whom the table names; otherwise the partner of that OIN, unless the table has another Peer for it.
    fn partner_of(&self, peer: &str) -> Option<PartnerId> {
        let by_oin = || format!("oin:{peer}").parse().ok().filter(|partner| self.at.peers.values().all(|named| named != partner));
        self.at.peers.get(peer).cloned().or_else(by_oin)
    }

    /// What is said of a message whose signature does not hold. Whoever signed it learns as little of the token as whoever has no token.
    pub(crate) fn unsigned(&self, error: MessageError) -> Refusal {
        match error {
            MessageError::Profile(_) | MessageError::UnknownKey | MessageError::Signature => self.nobody(&error.to_string()),
            error => error.into(),
        }
    }

    /// The transaction of a call whose caller is known.
    pub(crate) fn transaction(headers: &HeaderMap) -> Result<FscTransaction, Refusal> {
        let detail =
            "what an Inway passes on has exactly one Fsc-Transaction-Id, a UUID of version 7; nothing is done that its log could not name";
        transaction(headers).ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, detail))
    }

    /// One refusal for whatever does not show who calls; the log says why.
    fn nobody(&self, why: &str) -> Refusal {
        if let Some(more) = self.refused.may(why.to_owned()) {
            tracing::warn!(why, more, "a call of the Inway shows no partner");
        }
        let detail = "the token that the Inway passes on and the signature under the message have to be of the same member of the register";
        Refusal::new(ProblemType::Unauthenticated, detail)
    }
}
