//! A question of staff, put to the exchange. One call, bounded in time and bytes; what comes back is read strictly, ranked here on what it says, and given to
//! whoever asked. Nothing of it is kept, cached or passed on.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use polder_formats::vum::{self, Answer, Occupation};
use polder_model::answer::{HitLink, ResultHit};
use polder_model::link;
use polder_model::query::{LevelCriterion, Query};
use polder_model::rank::order::by_score_and_tie;
use polder_model::rank::{self, Plan, TieHasher};
use polder_model::reference::Reference;
use polder_model::{Kind, PartnerId, Postcode4, Timestamp, offer};
use polder_trust::keys::read_secret;
use reqwest::Url;
use rustls::RootCertStore;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::value::RawValue;
use tokio::sync::Semaphore;

use super::{API_VERSION, FROM_PARTY, MESSAGE_VERSION, TO_PARTY, VERSION, VIA_PARTY};
use crate::causes::root_cause;
use crate::outgoing;
use crate::rarely::Rarely;

/// Largest answer, in bytes: a hundred vacancies of the longest texts that the contract has take less.
const LARGEST: usize = 2 * 1024 * 1024;
/// Questions on their way at the same time; whoever is one too many is told so.
const AT_ONCE: usize = 8;

/// Where the exchange is, and how a node shows who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeAt {
    /// Its address, up to what the contract names.
    pub url: String,
    /// Its OIN.
    pub party: PartnerId,
    /// The OIN of who asks: 20 digits.
    pub own: String,
    /// The certificate chain of who asks, in PEM.
    pub certificate: PathBuf,
    /// The key that goes with it, in PEM.
    pub key: PathBuf,
    /// The roots by which the exchange is known, in PEM: no others are.
    pub roots: PathBuf,
    /// The time for an answer.
    pub patience: Duration,
}

/// The way to the exchange.
#[derive(Clone, Debug)]
pub struct Exchange {
    client: reqwest::Client,
    matches: Url,
    heads: HeaderMap,
    party: PartnerId,
    patience: Duration,
}

impl Exchange {
    /// Reads certificate, key and roots.
    ///
    /// # Errors
    /// What cannot be read, or does not belong together.
    pub fn new(at: &ExchangeAt) -> Result<Self, String> {
        let failed = |path: &PathBuf, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let chain = |path: &PathBuf| -> Result<Vec<CertificateDer<'static>>, String> {
            let all: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).map_err(|error| failed(path, &error))?.collect();
            let all = all.map_err(|error| failed(path, &error))?;
            if all.is_empty() { Err(failed(path, &"there is no certificate in it")) } else { Ok(all) }
        };
        let mut roots = RootCertStore::empty();
        for root in chain(&at.roots)? {
            roots.add(root).map_err(|error| failed(&at.roots, &error))?;
        }
        // As with every key: a file that others can read is refused.
        let key = read_secret(&at.key).map_err(|error| error.to_string())?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| failed(&at.key, &error))?;
        let builder = rustls::ClientConfig::builder_with_provider(polder_trust::tls::provider()).with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| error.to_string())?.with_root_certificates(roots);
        let mut tls = builder.with_client_auth_cert(chain(&at.certificate)?, key).map_err(|error| failed(&at.certificate, &error))?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let client = outgoing::client(at.patience).tls_backend_preconfigured(tls).user_agent(concat!("polder/", env!("CARGO_PKG_VERSION")));
        let client = client.https_only(true).pool_max_idle_per_host(2).build().map_err(|error| root_cause(&error))?;
        let matches = format!("{}/vacatures/matches", at.url.trim_end_matches('/'));
        let matches = matches.parse().map_err(|_| format!("{}: this is no address", at.url))?;
        let digits = |text: &str| HeaderValue::from_str(text).map_err(|_| "an OIN has 20 digits".to_owned());
        let party = digits(at.party.as_str().trim_start_matches("oin:"))?;
        let version = HeaderValue::from_static(VERSION);
        let heads = [
            (API_VERSION, version.clone()),
            (MESSAGE_VERSION, version),
            (FROM_PARTY, digits(&at.own)?),
            (TO_PARTY, party.clone()),
            (VIA_PARTY, party),
        ];
        Ok(Self { client, matches, heads: heads.into_iter().collect(), party: at.party.clone(), patience: at.patience })
    }
}

/// What came of a question.
#[derive(Debug)]
pub(crate) struct Found {
    /// The vacancies that match, best first, at most as many as the query asks.
    pub hits: Vec<ResultHit>,
    /// How many cannot be read.
    pub unread: usize,
    /// Whether there are more.
    pub more: bool,
    /// What became of the occupation.
    pub occupation: Occupation,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotFound {
    /// As many questions as may be are on their way.
    Busy,
    /// It did not answer in time.
    Slow,
    /// There is no connection, or it is not who it should be.
    Unreachable,
    /// It answers with an error.
    Refused,
    /// It has no more for now: too many questions, or out of service.
    Later,
    /// Its answer is too large, or not of its form.
    Unreadable,
}

impl NotFound {
    /// Its word in texts.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy-here",
            Self::Slow => "slow",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::Later => "later",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Puts questions to the exchange.
pub(crate) struct Mediator {
    exchange: Exchange,
    at_once: Semaphore,
    said: Rarely<&'static str>,
}

impl Mediator {
    pub(crate) fn new(exchange: Exchange) -> Self {
        Self { exchange, at_once: Semaphore::new(AT_ONCE), said: Rarely::default() }
    }

    /// Asks for the vacancies that match a query around a place.
    pub(crate) async fn ask(&self, query: Arc<Query>, from: Postcode4, reference: Arc<Reference>) -> Result<Found, NotFound> {
        let asked = self.asked(query, from, reference).await;
        if let Err(why) = &asked
            && let Some(more) = self.said.may(why.as_str())
        {
            tracing::warn!(why = why.as_str(), more, "the exchange of vacancies (VUM) did not answer a question");
        }
        asked
    }

    async fn asked(&self, query: Arc<Query>, from: Postcode4, reference: Arc<Reference>) -> Result<Found, NotFound> {
        let _place = self.at_once.try_acquire().map_err(|_| NotFound::Busy)?;
        let competentnl = |esco: &str| reference.crosswalk().competentnl(esco).map(ToString::to_string);
        let (question, occupation) = vum::question(&query, from, &competentnl);
        let body = tokio::time::timeout(self.exchange.patience, self.call(question.to_string())).await.map_err(|_| NotFound::Slow)??;
        let party = self.exchange.party.clone();
        let ranked = move || {
            let esco = |competentnl: &str| reference.crosswalk().esco(competentnl).map(ToString::to_string);
            let answer = vum::answer(&body, query.as_of.date(), &esco).ok_or(NotFound::Unreadable)?;
            Ok(ranked(query, &party, answer, occupation))
        };
        tokio::task::spawn_blocking(ranked).await.map_err(|_| NotFound::Unreadable)?
    }

    async fn call(&self, body: String) -> Result<Vec<u8>, NotFound> {
        let Exchange { client, matches, heads, .. } = &self.exchange;
        let request = client.post(matches.clone()).headers(heads.clone()).header(ACCEPT, "application/json");
        let sent = request.header(CONTENT_TYPE, "application/json").body(body).send().await;
        let mut reply = sent.map_err(|error| if error.is_timeout() { NotFound::Slow } else { NotFound::Unreachable })?;
        match reply.status() {
            StatusCode::OK => {}
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => return Err(NotFound::Later),
            _ => return Err(NotFound::Refused),
        }
        let mut bytes = Vec::new();
        loop {
            match reply.chunk().await {
                Ok(Some(piece)) if bytes.len() + piece.len() > LARGEST => return Err(NotFound::Unreadable),
                Ok(Some(piece)) => bytes.extend_from_slice(&piece),
                Ok(None) => return Ok(bytes),
                Err(error) => return Err(if error.is_timeout() { NotFound::Slow } else { NotFound::Unreachable }),
            }
        }
    }
}

/// What matches, ranked as any vacancy is, on what it says. Nobody knows when it changed: it gets no points for being new.
fn ranked(query: Arc<Query>, party: &PartnerId, answer: Answer, occupation: Occupation) -> Found {
    let (limit, level) = (usize::from(query.limit), query.criteria.level);
    let (plan, ties, never) = (Plan::new(Arc::clone(&query)), TieHasher::new(&query.tie_key, party), Timestamp::from_micros(0));
    let mut hits = Vec::new();
    for one in answer.vacancies.into_iter().filter(|one| may_be(level, one.level)) {
        let Ok(parsed) = offer::parse(Kind::Vacancy, one.document.as_bytes()) else { continue };
        let Some(scored) = rank::score(&plan, party, &parsed.features(), never) else { continue };
        let Ok(document) = RawValue::from_string(one.document) else { continue };
        // Whose host that is nobody of this federation knows: it is said, and leads nowhere.
        let link = parsed.offer.link().and_then(|(_, link)| link::host_of(link).ok()).map(|host| HitLink { host, of_partner: false });
        let tie = ties.hash(one.key.as_str());
        let (partner, partner_name, reasons) = (party.clone(), String::new(), scored.reasons);
        let hit = ResultHit {
            partner,
            partner_name,
            key: one.key,
            version: 1,
            modified_at: never,
            score: scored.score,
            reasons,
            link,
            disclosure: None,
            document,
        };
        hits.push((tie, hit));
    }
    hits.sort_by(|(tie, one), (other_tie, other)| by_score_and_tie((one.score, *tie), (other.score, *other_tie)));
    let more = answer.more || hits.len() > limit;
    hits.truncate(limit);
    Found { hits: hits.into_iter().map(|(_, hit)| hit).collect(), unread: answer.unread, more, occupation }
}

/// Whether one of the levels that are meant may be one that is sought.
fn may_be(sought: Option<LevelCriterion>, meant: Option<(u8, u8)>) -> bool {
    let (Some(sought), Some((lowest, highest))) = (sought, meant) else { return true };
    sought.min.is_none_or(|min| highest >= min) && sought.max.is_none_or(|max| lowest <= max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_leaves_out_only_what_is_surely_another() {
        let sought = |min, max| Some(LevelCriterion { min, max });
        for (sought, meant, stays) in [
            (sought(None, Some(40)), Some((10, 45)), true),
            (sought(None, Some(40)), Some((50, 60)), false),
            (sought(Some(50), None), Some((10, 45)), false),
            (sought(Some(60), None), Some((50, 60)), true),
            (sought(None, Some(10)), None, true),
            (None, Some((70, 80)), true),
        ] {
            assert_eq!(may_be(sought, meant), stays, "{sought:?} {meant:?}");
        }
    }
}
