//! What `on_commit` was told: every change once, in the order of their numbers, whoever made it.

use tokio::sync::Mutex;

use crate::engine::Connection;
use crate::error::StoreError;
use crate::read;
use crate::types::{Change, OnCommit};

/// Most changes that are read at a time, with their documents.
const PAGE: i64 = 200;

/// The listener, and the number of the latest change that it knows.
pub(crate) struct Told {
    on_commit: OnCommit,
    known: Mutex<u64>,
}

impl Told {
    pub(crate) fn new(on_commit: OnCommit, known: u64) -> Self {
        Self { on_commit, known: Mutex::new(known) }
    }

    /// Tells what this process committed. Where other replicas committed something before, that is read and told first.
    pub(crate) async fn committed(&self, connection: &mut Connection, own: &[Change]) -> Result<(), StoreError> {
        let Some(first) = own.first() else { return Ok(()) };
        let mut known = self.known.lock().await;
        if first.change == *known + 1 {
            self.tell(&mut known, own);
            return Ok(());
        }
        self.read_on(&mut known, connection).await
    }

    /// Reads and tells everything that was committed before this call. Where there is nothing, it costs one look at an index of the database.
    pub(crate) async fn catch_up(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut known = self.known.lock().await;
        self.read_on(&mut known, connection).await
    }

    async fn read_on(&self, known: &mut u64, connection: &mut Connection) -> Result<(), StoreError> {
        loop {
            // An offer that changes between two pages moves to a later one: none is passed over.
            let missed = read::missed(connection, *known, PAGE).await?;
            self.tell(known, &missed);
            if i64::try_from(missed.len()).is_ok_and(|read| read < PAGE) {
                return Ok(());
            }
        }
    }

    fn tell(&self, known: &mut u64, changes: &[Change]) {
        if let Some(last) = changes.last() {
            (self.on_commit)(changes);
            *known = last.change;
        }
    }
}
