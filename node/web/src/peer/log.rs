//! The log between nodes: checkpoints that are to be cosigned (C2SP `tlog-witness`), here and at other nodes.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::Response;
use futures::future::BoxFuture;
use http::{Method, StatusCode};
use polder_exchange::log::{LogPeers, Pace, WitnessRefused, WitnessReply};
use polder_exchange::{Node, PeerFailure};
use polder_model::problem::ProblemType;
use polder_trust::log::{LARGEST_NOTE, Refused};
use polder_trust::register::Member;

use super::call::{Class, Reply, carry_out};
use super::client::{GREETING_TIME, HttpPeers};
use super::reply::refused;
use super::{ADD_CHECKPOINT, PeerApi};
use crate::causes::with_causes;
use crate::refusal::Refusal;

/// The media type of checkpoints and cosignatures.
pub(super) const TEXT: &str = "text/plain; charset=utf-8";
/// How often a node looks whether there is anything to be done for its log.
const LOOK: Duration = Duration::from_secs(5);

/// Tends the log until it is dropped. What is wrong is said once, until it is another thing or over.
pub(crate) async fn tend(node: Arc<Node>, peers: Arc<HttpPeers>) {
    let mut said = None;
    loop {
        let wrong = node.tend_log(&*peers, Pace::Ordinary).await.err().map(|error| with_causes(&error));
        if let Some(error) = wrong.as_ref().filter(|_| wrong != said) {
            tracing::error!(error, "the log cannot be tended");
        }
        said = wrong;
        tokio::time::sleep(LOOK).await;
    }
}

pub(super) async fn add_checkpoint(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::Checkpoint, async |call| match api.node.add_checkpoint(&call.body, &call.from.partner).await {
        Ok(line) => Ok(text(StatusCode::OK, line)),
        Err(WitnessRefused::Refused(Refused::Forked { size, .. } | Refused::OtherSize { size })) => {
            Ok(text(StatusCode::CONFLICT, format!("{size}\n")))
        }
        Err(refused) => Err(refused.into()),
    })
    .await
}

fn text(status: StatusCode, body: String) -> Reply {
    Reply { status, media: TEXT, body: body.into_bytes(), people: None }
}

impl From<WitnessRefused> for Refusal {
    fn from(refused: WitnessRefused) -> Self {
        let detail = refused.to_string();
        let kind = match refused {
            WitnessRefused::Form(_) | WitnessRefused::Refused(Refused::Smaller) => ProblemType::InvalidRequest,
            WitnessRefused::UnknownLog => ProblemType::NotFound,
            WitnessRefused::Refused(Refused::Unsigned) => ProblemType::Forbidden,
            WitnessRefused::Refused(Refused::Proof { .. }) => ProblemType::ProofRefused,
            // These are replied as sizes.
            WitnessRefused::Refused(Refused::Forked { .. } | Refused::OtherSize { .. }) => ProblemType::PreconditionFailed,
            WitnessRefused::NoKey => ProblemType::Unavailable,
            WitnessRefused::Store(error) => return error.into(),
        };
        Self::new(kind, detail)
    }
}

impl LogPeers for HttpPeers {
    fn add_checkpoint(&self, to: Arc<Member>, submission: String) -> BoxFuture<'_, Result<WitnessReply, PeerFailure>> {
        Box::pin(async move { self.noted(&to, GREETING_TIME, self.submit(&to, submission.into_bytes())).await })
    }
}

impl HttpPeers {
    /// Calls once more where a connection that was open turns out to be closed: the same checkpoint is cosigned again.
    async fn submit(&self, to: &Member, body: Vec<u8>) -> Result<WitnessReply, PeerFailure> {
        match self.submit_once(to, body.clone()).await {
            Err((_, true)) => self.submit_once(to, body).await.map_err(|(failed, _)| failed),
            other => other.map_err(|(failed, _)| failed),
        }
    }

    /// Also says whether trying again may help.
    async fn submit_once(&self, to: &Member, body: Vec<u8>) -> Result<WitnessReply, (PeerFailure, bool)> {
        let client = self.client(to).map_err(|failed| (failed, false))?;
        let (target, request, response) = self.send(&client, to, &Method::POST, ADD_CHECKPOINT, body, "none").await?;
        let (status, reply) = self.read_any(to, &target, &request, response, LARGEST_NOTE).await?;
        let reply = match reply {
            Ok(reply) => reply.body,
            Err((body, _)) if !is_said(status) => return Err((refused(status, &body), false)),
            Err((_, failed)) => return Err((failed, false)),
        };
        match (status, size(&reply)) {
            (StatusCode::OK, _) => Ok(WitnessReply::Cosigned(reply)),
            (StatusCode::CONFLICT, Some(size)) => Ok(WitnessReply::Knows(size)),
            _ => Err((refused(status, &reply), false)),
        }
    }
}

/// Whether a reply with that status counts for something: its signature must hold then.
fn is_said(status: StatusCode) -> bool {
    matches!(status, StatusCode::OK | StatusCode::CONFLICT)
}

/// The size in a reply: decimal, and a newline.
fn size(reply: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(reply).ok()?.strip_suffix('\n')?;
    text.parse().ok().filter(|size: &u64| size.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_one_form() {
        assert_eq!(size(b"0\n"), Some(0));
        assert_eq!(size(b"18446744073709551615\n"), Some(u64::MAX));
        for bad in [&b"7"[..], b"7\n\n", b"07\n", b"+7\n", b"\n", b"", b"7 \n", b"\xff\n", b"18446744073709551616\n", b"{}\n"] {
            assert_eq!(size(bad), None, "{bad:?}");
        }
    }
}
