//! Tokens that stand for a worker, for trying out: the machine's operator issues them, as long as workers cannot log in themselves.
//!
//! They are kept in memory alone, by their SHA-256. None is in a backup, none outlives the process, and the node that issues them is the one that listens
//! on this machine's loopback: there is no other replica that would have to know them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode};
use polder_consent::WorkerId;
use polder_model::problem::ProblemType;
use polder_model::{OfferKey, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ClientApi;
use super::negotiate::{JSON, accepted, sends_json};
use crate::body;
use crate::refusal::Refusal;

/// How such a token begins.
pub(crate) const PREFIX: &str = "polder_wk_";
/// The longest life of a token, in hours.
pub(crate) const LONGEST_HOURS: u32 = 12;
/// Its life where nothing is said, in hours.
pub(crate) const USUAL_HOURS: u32 = 1;
/// Most tokens at the same time.
const MOST: usize = 10_000;
/// Largest request for a token, in bytes.
const LARGEST_REQUEST: usize = 4 * 1024;
const HOUR: u64 = 3_600;

/// A worker who showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Login {
    /// Who.
    pub worker: WorkerId,
    /// Since when.
    pub since: Timestamp,
}

/// The tokens that are in force.
pub(crate) struct WorkerTokens {
    /// Whether any is issued here.
    is_on: bool,
    issued: Mutex<HashMap<[u8; 32], Issued>>,
}

struct Issued {
    login: Login,
    /// By the steady clock: setting the clock of the machine back revives no token.
    until: Duration,
}

impl fmt::Debug for WorkerTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorkerTokens")
    }
}

impl WorkerTokens {
    pub(crate) fn new(is_on: bool) -> Self {
        Self { is_on, issued: Mutex::default() }
    }

    fn issued(&self) -> MutexGuard<'_, HashMap<[u8; 32], Issued>> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who has this token. It is looked up by its hash, so that how long that takes says nothing about any token.
    pub(crate) fn login(&self, token: &str, steady: Duration) -> Option<Login> {
        let issued = self.issued();
        issued.get(&hash(token)).filter(|issued| issued.until > steady).map(|issued| issued.login)
    }

    /// No token stands for this worker any more.
    pub(crate) fn forget(&self, worker: WorkerId) {
        self.issued().retain(|_, issued| issued.login.worker != worker);
    }

    /// A fresh token of 32 random bytes; `None` where there are as many as may be.
    fn issue(&self, random: [u8; 32], login: Login, hours: u32, steady: Duration) -> Option<String> {
        let mut issued = self.issued();
        issued.retain(|_, issued| issued.until > steady);
        if issued.len() >= MOST {
            return None;
        }
        let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random));
        issued.insert(hash(&token), Issued { login, until: steady + Duration::from_secs(u64::from(hours) * HOUR) });
        Some(token)
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    offer: String,
    hours: Option<u32>,
}

#[derive(Serialize)]
struct Token {
    token: String,
    until: Timestamp,
}

pub(crate) async fn issue(api: ClientApi, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let body = body::read(body, LARGEST_REQUEST).await?;
    if !api.worker_tokens.is_on {
        let detail = "this node issues no tokens for workers: consent.insecure_worker_tokens, which is for trying out, is off";
        return Err(Refusal::new(ProblemType::Forbidden, detail));
    }
    let (offer, hours) = read(&body)?;
    let now = api.node.now();
    let Some(worker) = api.node.store().worker_of(&offer, now).await? else {
        return Err(Refusal::new(ProblemType::NotFound, "there is no skill-offer with this key"));
    };
    let mut random = [0; 32];
    let filled = polder_trust::tls::provider().secure_random.fill(&mut random);
    filled.map_err(|_| Refusal::internal(&"the system gives no randomness"))?;
    let token = api.worker_tokens.issue(random, Login { worker, since: now }, hours, api.node.clock().steady());
    let token = token.ok_or_else(|| Refusal::new(ProblemType::Unavailable, "as many tokens as this node keeps are in force"))?;
    let until = now.plus_seconds(i64::from(hours) * HOUR.cast_signed());
    tracing::warn!(%until, "a token for a worker was issued: whoever has it decides in their name");
    Ok((StatusCode::CREATED, axum::Json(&Token { token, until })).into_response())
}

fn read(body: &[u8]) -> Result<(OfferKey, u32), Refusal> {
    let asked: Option<Asked> = serde_json::from_slice(body).ok();
    let read = asked.and_then(|asked| {
        let hours = asked.hours.unwrap_or(USUAL_HOURS);
        Some((asked.offer.parse().ok()?, hours)).filter(|_| (1..=LONGEST_HOURS).contains(&hours))
    });
    let form = format!(r#"send {{"offer": "the key of a skill offer", "hours": 1 to {LONGEST_HOURS}}}; hours may be left out"#);
    read.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, form))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(number: u8) -> Login {
        Login { worker: WorkerId::from_random([number; 16]), since: Timestamp::from_micros(0) }
    }

    #[test]
    fn a_token_is_that_of_one_worker_and_ends() {
        let tokens = WorkerTokens::new(true);
        let start = Duration::from_secs(100);
        let one = tokens.issue([1; 32], login(1), 1, start).expect("a token");
        let other = tokens.issue([2; 32], login(2), 12, start).expect("a token");
        assert_eq!((tokens.login(&one, start), tokens.login(&other, start)), (Some(login(1)), Some(login(2))));
        for wrong in [PREFIX, &one[..one.len() - 1], &format!("{one}A"), &one.to_uppercase()] {
            assert_eq!(tokens.login(wrong, start), None, "{wrong}");
        }
        let hour = start + Duration::from_secs(3_600);
        assert_eq!((tokens.login(&one, hour - Duration::from_nanos(1)), tokens.login(&one, hour)), (Some(login(1)), None));
        assert_eq!(tokens.login(&other, hour), Some(login(2)));
        assert!(!tokens.issued().keys().any(|kept| kept.as_slice() == one.as_bytes()));
    }

    #[test]
    fn no_more_than_so_many_and_what_is_over_makes_room() {
        let tokens = WorkerTokens::new(true);
        let random = |number: usize| {
            let mut random = [0; 32];
            random[..8].copy_from_slice(&number.to_le_bytes());
            random
        };
        for number in 0..MOST {
            assert!(tokens.issue(random(number), login(1), 1, Duration::ZERO).is_some());
        }
        assert!(tokens.issue(random(MOST), login(1), 1, Duration::ZERO).is_none());
        assert!(tokens.issue(random(MOST), login(1), 1, Duration::from_secs(3_600)).is_some());
        assert_eq!(tokens.issued().len(), 1);
    }
}
