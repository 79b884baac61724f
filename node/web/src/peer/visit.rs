//! Visiting other nodes: who they are, how far their clock is from ours, and how far their register is.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt;
use http::Method;
use http::header::DATE;
use polder_exchange::{Announcement, Clock, PeerFailure};
use polder_model::{PartnerId, Timestamp};
use polder_trust::keys::Identity;
use polder_trust::register::{Member, SharedRegister};
use serde::{Deserialize, Serialize};

use super::NODE;
use super::client::{GREETING_TIME, HttpPeers};
use super::news::Hints;
use super::reply::read_reply;
use crate::fsc::Outways;

/// How many are visited at the same time.
const AT_ONCE: usize = 64;

/// What a node says of itself (`GET /peer/v1/node`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeNow {
    /// Whose node it is.
    pub partner: PartnerId,
    /// The version of its program.
    pub version: String,
    /// The ranking versions that it can compute.
    pub rankings: Vec<String>,
    /// Its reference tables; a node of an earlier version says nothing of them.
    #[serde(default)]
    pub tables: Vec<polder_model::reference::TableVersion>,
    /// Its register.
    pub register: Announcement,
    /// The instant on its clock.
    pub time: Timestamp,
}

/// What a visit brought.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who was visited.
    pub member: Arc<Member>,
    /// How long it took.
    pub took: Duration,
    /// How many milliseconds its clock is ahead of ours; from the `Date` of a refusal to the second. `None` without any reply.
    pub ahead_ms: Option<i64>,
    /// What it said, or why it did not.
    pub said: Result<NodeNow, PeerFailure>,
}

/// Visits members side by side, each for at most 5 s; the visits are in the order of the members.
pub async fn visit(
    identity: &Arc<Identity>,
    register: &SharedRegister,
    clock: &Arc<dyn Clock>,
    call_from: Option<IpAddr>,
    outways: &Outways,
    members: Vec<Arc<Member>>,
) -> Vec<Visit> {
    let (hints, _hinted) = Hints::new(register.clone());
    let peers = HttpPeers::new(Arc::clone(identity), register.clone(), Arc::clone(clock), hints);
    peers.calling_from(call_from).calling_through(outways.clone()).visit_all(members).await
}

impl HttpPeers {
    pub(crate) async fn visit_all(&self, members: Vec<Arc<Member>>) -> Vec<Visit> {
        futures::stream::iter(members).map(|member| self.visit(member)).buffered(AT_ONCE).collect().await
    }

    async fn visit(&self, member: Arc<Member>) -> Visit {
        let (began, mut date) = (Instant::now(), None);
        let call = async {
            let client = self.client(&member)?;
            let sent = self.send(&client, &member, &Method::GET, NODE, Vec::new(), "none").await;
            let (target, request, response) = sent.map_err(|(failed, _)| failed)?;
            date = response.headers().get(DATE).and_then(|value| instant(value.to_str().ok()?));
            self.read(&member, &target, &request, response, 64 * 1024).await.map_err(|(failed, _)| failed)
        };
        let call = async { Ok(read_reply::<NodeNow>(&call.await?)?.reply) };
        let said = self.noted(&member, GREETING_TIME, call).await;
        let took = began.elapsed();
        // Its clock was read half the time ago; the Date of a refusal says whole seconds.
        let on_its_clock = said.as_ref().map(|node| node.time).ok().or_else(|| date.map(|date: Timestamp| date.plus_micros(500_000)));
        let half = i64::try_from(took.as_micros() / 2).unwrap_or(0);
        let ahead = |time: Timestamp| (time.micros() - self.now().plus_micros(-half).micros()) / 1_000;
        let ahead_ms = on_its_clock.map(ahead);
        let standings = self.standings();
        standings.is_ahead(&member.partner, ahead_ms);
        if let Ok(node) = &said {
            standings.runs(&member.partner, &node.version);
        }
        Visit { member, took, ahead_ms, said }
    }
}

/// The instant of a `Date` header (RFC 9110, section 5.6.7).
fn instant(text: &str) -> Option<Timestamp> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_micros(i64::try_from(since.as_micros()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_a_refusal_is_read() {
        assert_eq!(instant("Thu, 01 Jan 1970 00:01:40 GMT"), Some(Timestamp::from_micros(100_000_000)));
        assert_eq!(instant("yesterday"), None);
    }
}
