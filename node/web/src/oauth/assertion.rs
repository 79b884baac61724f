//! The proof by which a client shows who it is: a text that it signed a moment ago, for this node and for one use (RFC 7523).

use polder_model::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::clients::Client;
use super::document::AssertionAudience;
use super::{OAuth, SKEW_SECONDS, jose};
use crate::refusal::Refusal;

/// How long one may count, in seconds, beside the difference of clocks.
const LIFE_SECONDS: i64 = 60;
/// Characters of its id, least and most: 128 random bits in base64url are 22.
const ID: std::ops::RangeInclusive<usize> = 16..=128;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    /// One text: a list could name another server as well, which could show it here.
    aud: String,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    jti: String,
}

/// Why one is not taken. Callers learn that it was not; this is for the log of whoever registered the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotTaken {
    /// There is no client of that id in force.
    #[error("no client of this id is in force")]
    Client,
    /// None of its keys made the signature, or it is no such text.
    #[error("none of the client's keys made the signature, or iss, sub, aud, exp or jti is missing or of another type")]
    Signature,
    /// `iss` and `sub` are not both the client.
    #[error("iss and sub are not both the id of the client")]
    Subject,
    /// It is for somebody else.
    #[error("aud is not the issuer of this node")]
    Audience,
    /// It has run out, or counts too long or not yet.
    #[error("it has run out, is not to be used yet, or counts for more than 60 s; look at the client's clock")]
    Time,
    /// Its id is too short or too long.
    #[error("jti has not 16 to 128 characters")]
    Id,
    /// It was shown before.
    #[error("it was shown before")]
    Replayed,
}

/// Whose assertion that is, if it says so itself; nothing of it has been checked.
pub(super) fn claimed(assertion: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claimed {
        sub: String,
    }
    if assertion.len() > jose::LONGEST {
        return None;
    }
    jsonwebtoken::dangerous::insecure_decode_claims::<Claimed>(assertion).ok().map(|claimed| claimed.sub)
}

/// Checks an assertion of a client; it is used up then.
pub(super) async fn take(oauth: &OAuth, client: &Client, assertion: &str, issuer: &str) -> Result<Result<(), NotTaken>, Refusal> {
    let now = oauth.now();
    let claims = match check(client, assertion, issuer, now) {
        Ok(claims) => claims,
        Err(why) => return Ok(Err(why)),
    };
    let digest =
        Sha256::new().chain_update("assertion\n").chain_update(&*client.id).chain_update("\n").chain_update(&claims.jti).finalize();
    let until = now.plus_seconds(claims.exp + SKEW_SECONDS + 1 - now.seconds());
    let first = oauth.0.node.store().once(&hex::encode(digest), until, now).await?;
    Ok(if first { Ok(()) } else { Err(NotTaken::Replayed) })
}

fn check(client: &Client, assertion: &str, issuer: &str, now: Timestamp) -> Result<Claims, NotTaken> {
    let header = jose::header(assertion).ok_or(NotTaken::Signature)?;
    let claims: Option<Claims> = client.keys(header.kid.as_deref()).find_map(|key| jose::claims(assertion, key));
    let claims = claims.ok_or(NotTaken::Signature)?;
    if claims.iss != *client.id || claims.sub != *client.id {
        return Err(NotTaken::Subject);
    }
    let endpoint = client.audience == AssertionAudience::TokenEndpoint && claims.aud == format!("{issuer}/oauth/token");
    if claims.aud != issuer && !endpoint {
        return Err(NotTaken::Audience);
    }
    let seconds = now.seconds();
    let lately = |at: i64| at <= seconds.saturating_add(SKEW_SECONDS);
    let (last, first) = (seconds.saturating_add(LIFE_SECONDS + SKEW_SECONDS), seconds.saturating_sub(SKEW_SECONDS));
    if !(first..=last).contains(&claims.exp) || !claims.iat.is_none_or(lately) || !claims.nbf.is_none_or(lately) {
        return Err(NotTaken::Time);
    }
    if !ID.contains(&claims.jti.chars().count()) {
        return Err(NotTaken::Id);
    }
    Ok(claims)
}
