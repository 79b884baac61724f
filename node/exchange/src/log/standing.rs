//! How the log stands: whether enough partners have cosigned it lately.

use std::fmt;

use polder_consent::Leaf;
use polder_model::Timestamp;
use polder_store::{Reader, Store, StoreError};

use crate::node::Node;

/// After so many seconds without enough cosignatures the operator is told.
pub const RED_SECONDS: i64 = 24 * 3_600;
/// After so many seconds without enough cosignatures nothing personal leaves.
pub const STOP_SECONDS: i64 = 72 * 3_600;

/// How a log stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogNow {
    /// How many leaves it has.
    pub leaves: u64,
    /// How many of them are under a checkpoint.
    pub signed: u64,
    /// How many of them are under one that enough partners cosigned.
    pub cosigned: u64,
    /// As of when enough partners last cosigned it; where they never did, since when they could have. `None` where there is nothing to cosign.
    pub since: Option<Timestamp>,
}

/// What follows from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogStanding {
    /// Enough partners cosigned it within a day.
    Cosigned,
    /// They did not, for more than [`RED_SECONDS`].
    Red,
    /// They did not, for more than [`STOP_SECONDS`]: nothing personal leaves.
    Stopped,
}

/// Nothing personal leaves: the log is not witnessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogNotCosigned {
    /// Since when.
    pub since: Timestamp,
}

impl fmt::Display for LogNotCosigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (since, hours) = (self.since, STOP_SECONDS / 3_600);
        write!(f, "too few partners have cosigned the log of this node since {since}, more than {hours} hours ago: nothing personal leaves")
    }
}

impl std::error::Error for LogNotCosigned {}

impl LogNow {
    /// Reads how it stands; also of a database that another process writes to. Its schema must be the latest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read(reader: &Reader) -> Result<Self, StoreError> {
        let state = reader.log_state().await?;
        let since = match state.cosigned.as_ref().and_then(|cosigned| cosigned.cosigned_at).or(state.first_at) {
            None if state.leaves > 0 => Some(first_leaf(reader).await?),
            since => since,
        };
        let size = |kept: &Option<polder_store::KeptCheckpoint>| kept.as_ref().map_or(0, |kept| kept.size);
        Ok(Self { leaves: state.leaves, signed: size(&state.last), cosigned: size(&state.cosigned), since })
    }

    /// What follows from it at that instant.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> LogStanding {
        match self.since {
            Some(since) if now > since.plus_seconds(STOP_SECONDS) => LogStanding::Stopped,
            Some(since) if now > since.plus_seconds(RED_SECONDS) => LogStanding::Red,
            _ => LogStanding::Cosigned,
        }
    }
}

/// When the first leaf was appended.
async fn first_leaf(reader: &Reader) -> Result<Timestamp, StoreError> {
    let first = reader.leaves(0, 1).await?.pop().ok_or(StoreError::Damaged("a leaf of the log is missing"))?;
    let leaf: Leaf = serde_json::from_slice(&first).map_err(|_| StoreError::Damaged("a leaf of the log cannot be read"))?;
    Ok(leaf.at)
}

/// How the log of a store stands.
pub(crate) async fn of(store: &Store) -> Result<LogNow, StoreError> {
    LogNow::read(&store.reader()).await
}

impl Node {
    /// How the log stood when this process last looked, which it does every few seconds.
    #[must_use]
    pub fn log_now(&self) -> LogNow {
        self.log().now()
    }

    /// Whether enough partners have cosigned the log lately.
    ///
    /// # Errors
    /// When they have not, for more than [`STOP_SECONDS`]: nothing personal may leave.
    pub fn log_is_cosigned(&self, now: Timestamp) -> Result<(), LogNotCosigned> {
        let found = self.log_now();
        match (found.standing(now), found.since) {
            (LogStanding::Stopped, Some(since)) => Err(LogNotCosigned { since }),
            _ => Ok(()),
        }
    }

    /// Looks how the log stands, and says so in the program's log where that has changed.
    pub(super) async fn look_at_log(&self) -> Result<LogNow, StoreError> {
        self.look_at_histories().await?;
        let found = of(self.store()).await?;
        let standing = found.standing(self.now());
        if let Some(before) = self.log().found(found, standing) {
            say(&found, before, standing);
        }
        Ok(found)
    }
}

fn say(found: &LogNow, before: LogStanding, standing: LogStanding) {
    let (leaves, cosigned, since) = (found.leaves, found.cosigned, found.since.map(tracing::field::display));
    match standing {
        LogStanding::Cosigned => tracing::info!(leaves, cosigned, ?before, "enough partners have cosigned the log again"),
        LogStanding::Red => {
            tracing::error!(
                leaves,
                cosigned,
                since,
                "too few partners have cosigned the log for a day; after three nothing personal leaves"
            );
        }
        LogStanding::Stopped => {
            tracing::error!(leaves, cosigned, since, "too few partners have cosigned the log for three days: nothing personal leaves");
        }
    }
}
