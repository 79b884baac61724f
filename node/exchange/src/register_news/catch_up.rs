//! Fetching what a partner has and this node has not.

use std::sync::Arc;

use polder_trust::register::{File, Held, Member, News, Signed};

use super::{Announcement, Evidence, Heard, RegisterDocument, RegisterPeers, announcement};
use crate::node::Node;
use crate::open_error::OpenError;
use crate::peers::PeerFailure;

/// Most roots that are fetched in one visit.
const MOST_ROOTS: u64 = 64;

/// Why nothing came of a visit.
#[derive(Debug, thiserror::Error)]
pub enum CatchUpFailed {
    /// The partner's node did not give it.
    #[error("{0}")]
    Peer(String),
    /// It is of a region whose register this node does not carry.
    #[error("this partner's register is of a region whose register this node does not carry")]
    AnotherRegion,
    /// What came cannot be made durable.
    #[error("what came cannot be made durable")]
    Open(#[from] OpenError),
}

impl From<PeerFailure> for CatchUpFailed {
    fn from(failed: PeerFailure) -> Self {
        Self::Peer(format!("{}: {}", failed.reason.as_str(), failed.detail))
    }
}

impl Node {
    /// Asks a partner for the register of its region, this one or another that is carried, and takes in what is newer.
    ///
    /// # Errors
    /// [`CatchUpFailed`]. What was refused is in what is given back, and no error.
    pub async fn catch_up(&self, with: &Arc<Member>, peers: &dyn RegisterPeers) -> Result<Heard, CatchUpFailed> {
        let theirs = peers.announcement(Arc::clone(with)).await?;
        let other = self.other_keepers().lock().await.get(&theirs.region).cloned();
        let keeper = match &other {
            Some(other) => other,
            None if theirs.region == self.register().region() => self.keeper(),
            None => return Err(CatchUpFailed::AnotherRegion),
        };
        let held = keeper.shelved.lock().await.held.clone();
        let news = self.fetch(with, peers, &held, &theirs).await?;
        if news == News::default() || overtaken(&held, &keeper.shelved.lock().await.held, &theirs) {
            return Ok(Heard::default());
        }
        let heard = self.hear_at(keeper, &news, with.partner.as_str()).await?;
        for error in &heard.refused {
            tracing::warn!(partner = %with.partner, %error, "register news of this partner was not taken");
        }
        Ok(heard)
    }

    async fn fetch(&self, with: &Arc<Member>, peers: &dyn RegisterPeers, held: &Held, theirs: &Announcement) -> Result<News, PeerFailure> {
        let (ours, mut news) = (announcement(held), News::default());
        let get = async |which| Ok::<_, PeerFailure>(peers.document(Arc::clone(with), which).await?.map(File::from));
        let first = if theirs.root == ours.root && theirs.root_sha256 != ours.root_sha256 { ours.root } else { ours.root + 1 };
        for version in (first..=theirs.root).take(MOST_ROOTS as usize) {
            let Some(root) = get(RegisterDocument::Root(version)).await? else { break };
            news.roots.push(root);
        }
        let pair = (theirs.epoch, theirs.version);
        let known = held.members_file(theirs.epoch, theirs.version).and_then(|file| Signed::parse(file).ok());
        // Later members, and others for a version that is known: the one is news, the other a contradiction.
        let unknown = known.map_or(pair > (ours.epoch, ours.version), |known| known.sha256() != theirs.sha256);
        if unknown {
            news.members = get(RegisterDocument::Members(theirs.epoch, theirs.version)).await?;
        }
        if unknown || theirs.sha256 == ours.sha256 && theirs.fresh_until > ours.fresh_until {
            news.fresh = get(RegisterDocument::Fresh).await?;
        }
        if theirs.alarm && !ours.alarm {
            let evidence = get(RegisterDocument::Evidence).await?.and_then(|file| serde_json::from_slice::<Evidence>(&file).ok());
            news.evidence = evidence.map(|evidence| evidence.documents.map(|document| document.get().as_bytes().into()));
        }
        Ok(news)
    }
}

/// Whether another visit, at the same time, brought later members than these: they are old now, and no rollback that anyone tries.
fn overtaken(before: &Held, now: &Held, theirs: &Announcement) -> bool {
    let pair = |held: &Held| (held.register().adopted().epoch, held.register().adopted().version);
    pair(before) < (theirs.epoch, theirs.version) && (theirs.epoch, theirs.version) < pair(now)
}
