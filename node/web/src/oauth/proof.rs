//! The proof that a token, or a request for one, is made by whoever has a key: signed for one request, shown once (DPoP, RFC 9449).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderName, Method};
use polder_trust::message::MessageError;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{OAuth, SKEW_SECONDS, jose, nonce};
use crate::refusal::Refusal;

/// The header that carries it.
pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");
/// The header by which a node says which nonce the next proof is to name.
pub(crate) const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// How old a proof may be, in seconds, beside the difference of clocks: as old as the nonce that it names.
const LIFE_SECONDS: i64 = 120;
const ID: std::ops::RangeInclusive<usize> = 16..=128;

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    ath: Option<String>,
    nonce: Option<String>,
}

/// Why a proof is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotProven {
    /// There is none, or more than one.
    #[error("send one header DPoP with a proof of possession (RFC 9449)")]
    Missing,
    /// It is no such text, or its own key did not sign it.
    #[error(
        "the header DPoP is no proof: a JWT of the type dpop+jwt, by ES256, PS256, RS256 or EdDSA, whose header has the public key that signed it, with jti, htm, htu, iat and nonce"
    )]
    Form,
    /// Its header shows more than the public half of the key.
    #[error(
        "the header of the proof in DPoP shows a private key, which nobody but the system itself may have: make another key, and put its public half alone there"
    )]
    PrivateKey,
    /// It is for another request.
    #[error(
        "the proof in DPoP is for another request: htm is the method, htu the address without its query, as this node's issuer writes it"
    )]
    Request,
    /// It is for another token.
    #[error("the proof in DPoP is for another token: ath is the SHA-256 of the token in base64url")]
    Token,
    /// The key is not that of the token.
    #[error("the proof in DPoP is by another key than that of the token")]
    Key,
    /// It was made too long ago, or its clock is ahead.
    #[error("iat of the proof in DPoP is more than two minutes ago or lies ahead; look at the client's clock")]
    Time,
    /// It names no nonce that is taken now.
    #[error("the proof in DPoP is to name the nonce of the header DPoP-Nonce of this response; make another proof and try again")]
    Nonce,
    /// It was shown before.
    #[error("the proof in DPoP was shown before; make one for each request")]
    Replayed,
    /// There are too many of late.
    #[error("more proofs were shown of late than this node remembers; come again in a minute")]
    Full,
}

/// What a proof is for.
pub(super) struct For<'r> {
    pub method: &'r Method,
    /// The address without its query.
    pub url: &'r str,
    /// The token that it goes with.
    pub token: Option<&'r str>,
    /// The thumbprint of the key to which that is bound.
    pub key: Option<&'r str>,
}

/// Checks the proof of a request; it is used up then. The thumbprint of its key.
pub(super) async fn take(oauth: &OAuth, headers: &HeaderMap, request: For<'_>) -> Result<Result<String, NotProven>, Refusal> {
    match check(oauth, headers, &request) {
        Ok(checked) => use_up(oauth, checked).await,
        Err(why) => Ok(Err(why)),
    }
}

/// A proof that holds, and was perhaps shown before.
pub(super) struct Checked {
    thumbprint: String,
    jti: String,
}

/// Notes that a proof was shown. The thumbprint of its key.
pub(super) async fn use_up(oauth: &OAuth, Checked { thumbprint, jti }: Checked) -> Result<Result<String, NotProven>, Refusal> {
    let (node, now) = (&oauth.0.node, oauth.now());
    let until = nonce::proof_until(now);
    match oauth.0.proofs.note(&thumbprint, &jti, until, now) {
        Ok(()) => {}
        Err(MessageError::Full) => return Ok(Err(NotProven::Full)),
        Err(_) => return Ok(Err(NotProven::Replayed)),
    }
    let digest = hex::encode(Sha256::new().chain_update("proof\n").chain_update(&thumbprint).chain_update(&jti).finalize());
    let first = node.store().first_seen(&digest, now.plus_seconds(until - now.seconds()), now).await?;
    Ok(if first { Ok(thumbprint) } else { Err(NotProven::Replayed) })
}

/// Checks the proof of a request, which can be shown still.
pub(super) fn check(oauth: &OAuth, headers: &HeaderMap, request: &For<'_>) -> Result<Checked, NotProven> {
    let mut given = headers.get_all(DPOP).iter();
    let (Some(value), None) = (given.next(), given.next()) else { return Err(NotProven::Missing) };
    let text = value.to_str().map_err(|_| NotProven::Form)?;
    let header = jose::header(text).ok_or(NotProven::Form)?;
    if header.typ.as_deref() != Some("dpop+jwt") {
        return Err(NotProven::Form);
    }
    if jose::shows_private_key(text) {
        return Err(NotProven::PrivateKey);
    }
    let key = header.jwk.ok_or(NotProven::Form)?;
    let thumbprint = jose::thumbprint(&key).ok_or(NotProven::Form)?;
    let claims: Claims = jose::claims(text, &key).ok_or(NotProven::Form)?;
    if !ID.contains(&claims.jti.chars().count()) {
        return Err(NotProven::Form);
    }
    if claims.htm != request.method.as_str() || claims.htu.split(['?', '#']).next() != Some(request.url) {
        return Err(NotProven::Request);
    }
    if request.key.is_some_and(|key| key != thumbprint) {
        return Err(NotProven::Key);
    }
    let hash = request.token.map(|token| URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes())));
    if hash.is_some() && claims.ath != hash {
        return Err(NotProven::Token);
    }
    let now = oauth.now();
    if !claims.nonce.is_some_and(|nonce| oauth.0.nonces.takes(&nonce, now)) {
        return Err(NotProven::Nonce);
    }
    let (earliest, latest) = (now.seconds() - LIFE_SECONDS - SKEW_SECONDS, now.seconds() + SKEW_SECONDS);
    if !(earliest..=latest).contains(&claims.iat) {
        return Err(NotProven::Time);
    }
    Ok(Checked { thumbprint, jti: claims.jti })
}
