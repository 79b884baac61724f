//! The way to the catalogue of a school: one request at a time, with pauses, tried again with growing waits, bounded in time and bytes. Its address is what the
//! operator configured, so it may be one of this network; nothing that the school says leads to another host.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use http::header::{ACCEPT, AUTHORIZATION, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use polder_exchange::Trouble;
use polder_exchange::syncs::{Got, Missed, NotGot, School};
use reqwest::Url;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Pace, Shown, SyncFrom};
use crate::bearer::Bearer;
use crate::causes::{root_cause, trouble};
use crate::outgoing::{self, asked_to_wait};

/// Largest reply, in bytes: a page has 250 objects at most.
const LARGEST: usize = polder_formats::LARGEST_INPUT;
/// So often a reply may lead on to another address of the same host.
const MOST_LED_ON: usize = 3;
/// A school that asks to wait for longer is asked again in a later crawl.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

pub(super) struct HttpSchool {
    client: reqwest::Client,
    base: Url,
    shown: Shown,
    pace: Pace,
    /// When the last reply came. One request at a time.
    last: Mutex<Option<Instant>>,
}

/// Why a try came to nothing, and whether another may.
struct Failed {
    not: NotGot,
    again: bool,
}

impl HttpSchool {
    pub(super) fn new(from: &SyncFrom) -> Result<Self, String> {
        let base = format!("{}/", from.source.address.trim_end_matches('/'));
        let base = base.parse().map_err(|_| "its address is none".to_owned())?;
        let contact = from.contact.as_deref().filter(|contact| HeaderValue::from_str(contact).is_ok());
        let agent = concat!("polder/", env!("CARGO_PKG_VERSION"));
        let agent = contact.map_or_else(|| agent.to_owned(), |contact| format!("{agent} (+{contact})"));
        let client = outgoing::client(from.pace.patience).user_agent(agent).build().map_err(|error| root_cause(&error))?;
        Ok(Self { client, base, shown: from.shown.clone(), pace: from.pace, last: Mutex::new(None) })
    }

    async fn tried(&self, path: &str) -> Result<Got, NotGot> {
        let mut last = self.last.lock().await;
        let mut wait = self.pace.first_wait;
        for tries in 1.. {
            if let Some(last) = *last {
                tokio::time::sleep_until(last + self.pace.pause).await;
            }
            let got = self.once(path).await;
            *last = Some(Instant::now());
            let failed = match got {
                Ok(got) => return Ok(got),
                Err(failed) => failed,
            };
            let asked = failed.not.wait.unwrap_or_default();
            if !failed.again || tries >= self.pace.tries || asked > LONGEST_WAIT {
                return Err(failed.not);
            }
            tokio::time::sleep(wait.max(asked)).await;
            wait = wait.saturating_mul(2).min(LONGEST_WAIT);
        }
        Err(NotGot { what: Missed::NotReached(Trouble::Silent), status: None, wait: None })
    }

    async fn once(&self, path: &str) -> Result<Got, Failed> {
        let mut url = self.base.join(path.trim_start_matches('/')).map_err(|_| failed(Missed::Elsewhere, None))?;
        for _ in 0..=MOST_LED_ON {
            let reply = self.reply(&url).await?;
            let status = reply.status();
            if status.is_redirection() {
                url = self.led_on(&url, reply.headers()).ok_or_else(|| failed(Missed::Elsewhere, Some(status)))?;
                continue;
            }
            return match status {
                StatusCode::OK => Ok(Got::Document(body(reply).await?)),
                StatusCode::NOT_FOUND | StatusCode::GONE => Ok(Got::Nothing),
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
                    Err(again(Missed::Status, Some(status), asked_to_wait(reply.headers(), SystemTime::now())))
                }
                _ if status.is_server_error() => {
                    Err(again(Missed::Status, Some(status), asked_to_wait(reply.headers(), SystemTime::now())))
                }
                _ => Err(failed(Missed::Status, Some(status))),
            };
        }
        Err(failed(Missed::Elsewhere, None))
    }

    /// What is replied at that address. Where a token is not taken, another one is shown: it may have been revoked before its time.
    async fn reply(&self, url: &Url) -> Result<reqwest::Response, Failed> {
        let Shown::Token(bearer) = &self.shown else {
            let always = if let Shown::Always(authorization) = &self.shown { Some(authorization.clone()) } else { None };
            return self.send(url, always).await;
        };
        let token = self.token(bearer).await?;
        let reply = self.send(url, authorization(&token)).await?;
        if reply.status() != StatusCode::UNAUTHORIZED {
            return Ok(reply);
        }
        bearer.forget(&token).await;
        self.send(url, authorization(&self.token(bearer).await?)).await
    }

    async fn token(&self, bearer: &Bearer) -> Result<String, Failed> {
        bearer.token().await.map_err(|error| {
            tracing::warn!(catalogue = %self.base, %error, "no token for a course system");
            again(Missed::NoToken, None, None)
        })
    }

    async fn send(&self, url: &Url, authorization: Option<HeaderValue>) -> Result<reqwest::Response, Failed> {
        let request = self.client.get(url.clone()).header(ACCEPT, "application/json");
        let request = authorization.into_iter().fold(request, |request, authorization| request.header(AUTHORIZATION, authorization));
        request.send().await.map_err(|error| not_reached(&error))
    }

    /// Where a reply leads on to, if that is the same host.
    fn led_on(&self, from: &Url, headers: &HeaderMap) -> Option<Url> {
        let to = from.join(headers.get(LOCATION)?.to_str().ok()?).ok()?;
        let whose = |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
        (whose(&to) == whose(&self.base)).then_some(to)
    }
}

impl School for HttpSchool {
    fn get<'s>(&'s self, path: &'s str) -> BoxFuture<'s, Result<Got, NotGot>> {
        self.tried(path).boxed()
    }
}

/// A token as it is shown; nothing where it is none.
fn authorization(token: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn failed(what: Missed, status: Option<StatusCode>) -> Failed {
    Failed { not: NotGot { what, status: status.map(|status| status.as_u16()), wait: None }, again: false }
}

fn again(what: Missed, status: Option<StatusCode>, wait: Option<Duration>) -> Failed {
    Failed { not: NotGot { what, status: status.map(|status| status.as_u16()), wait }, again: true }
}

/// There was no connection, or it broke off, or took too long.
fn not_reached(error: &reqwest::Error) -> Failed {
    again(Missed::NotReached(trouble(error)), None, None)
}

async fn body(reply: reqwest::Response) -> Result<Bytes, Failed> {
    let (mut body, mut parts) = (Vec::new(), reply.bytes_stream());
    while let Some(part) = parts.next().await {
        body.extend_from_slice(&part.map_err(|error| not_reached(&error))?);
        if body.len() > LARGEST {
            return Err(failed(Missed::TooLarge, Some(StatusCode::OK)));
        }
    }
    Ok(body.into())
}
