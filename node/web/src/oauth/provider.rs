//! Access tokens of the partner's own authorization server: taken for clients that are registered here under the name that it knows them by, bound to a key
//! as this node's own are, and for no more than the client may here.

use jsonwebtoken::Algorithm;
use serde::Deserialize;

use super::issue::Bound;
use super::keys::{Keys, KeysAt};
use super::{SKEW_SECONDS, jose};

/// For how long a token may count, in seconds.
const LONGEST_LIFE: i64 = 3_600;

/// An authorization server whose tokens are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokensOf {
    /// Its issuer, exactly.
    pub issuer: String,
    /// What its tokens name as audience where they are for this node.
    pub audience: String,
    /// Where its public keys are (JWKS).
    pub keys: String,
    /// The one algorithm by which it signs.
    pub algorithm: String,
}

/// Such a server, and the keys that it had lately.
pub(super) struct Provider {
    at: TokensOf,
    algorithm: Algorithm,
    keys: Keys,
}

/// What its tokens claim.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    /// One text: a token for others as well could be shown by them.
    aud: String,
    /// RFC 9068; OAuth-NL calls it `azp`.
    client_id: Option<String>,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    #[serde(default)]
    scope: String,
    cnf: Bound,
}

/// A token of it that holds.
pub(super) struct Taken {
    /// The client, as that server knows it.
    pub client: String,
    pub scope: String,
    pub expires: i64,
    pub bound: Bound,
}

impl Provider {
    /// `None` where the algorithm is none that can be verified.
    pub(super) fn new(at: TokensOf) -> Option<Self> {
        let algorithm = match at.algorithm.as_str() {
            "RS256" => Algorithm::RS256,
            "PS256" => Algorithm::PS256,
            "ES256" => Algorithm::ES256,
            "ES384" => Algorithm::ES384,
            "EdDSA" => Algorithm::EdDSA,
            _ => return None,
        };
        let keys = Keys::new(at.issuer.clone(), KeysAt::Url(at.keys.clone()));
        Some(Self { at, algorithm, keys })
    }

    /// What a token says, if it is of this server, for this node, and in time.
    pub(super) async fn take(&self, token: &str, now: i64) -> Option<Taken> {
        let header = jose::header(token)?;
        let is_access = header.typ.as_deref().is_none_or(|typ| ["at+jwt", "application/at+jwt", "JWT"].contains(&typ));
        if header.alg != self.algorithm || !is_access {
            return None;
        }
        let id = header.kid?;
        let has_id = |key: &&jsonwebtoken::jwk::Jwk| key.common.key_id.as_ref() == Some(&id);
        let key = self.keys.find(|keys| keys.iter().find(has_id).cloned()).await?;
        let claims: Claims = jose::claims_by(token, &jsonwebtoken::DecodingKey::from_jwk(&key).ok()?, self.algorithm)?;
        let lately = |at: i64| at <= now.saturating_add(SKEW_SECONDS);
        let is_ours = claims.iss == self.at.issuer && claims.aud == self.at.audience;
        let is_in_time = now < claims.exp && claims.exp.saturating_sub(claims.iat) <= LONGEST_LIFE && lately(claims.iat);
        let client = claims.client_id.or(claims.azp)?;
        let holds = is_ours && is_in_time && claims.nbf.is_none_or(lately);
        holds.then_some(Taken { client, scope: claims.scope, expires: claims.exp, bound: claims.cnf })
    }
}
