//! Imports: which parts are in, and the verdicts of their lines, for a bounded time and in a bounded number.
//!
//! A part goes through three steps, each a transaction of its own: its number is taken by its bytes ([`Store::claim_part`]); the verdicts of
//! some lines are added once their offers are stored ([`Store::queue_verdicts`]), again and again; it is done ([`Store::finish_part`]). Whoever
//! is killed in between leaves a part that another claims with the same bytes and goes on with, behind the lines that have their verdicts.

mod read;
mod write;

use polder_model::{Kind, Timestamp};

use crate::engine::Transaction;
use crate::error::StoreError;
use crate::open::Store;
use crate::writer::{Job, Queued};

/// How long an import is kept after it was opened, in seconds.
pub const KEPT_SECONDS: i64 = 7 * 86_400;
/// Most imports of a client; of more, the one that was opened first goes.
pub const MOST_IMPORTS: u32 = 1_000;

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: String,
    /// Which client opened it.
    pub client: String,
    /// The kind of its offers.
    pub kind: Kind,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// How many lines had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCounts {
    /// New offers.
    pub created: u64,
    /// Offers that replaced other bytes.
    pub replaced: u64,
    /// Offers that were there already.
    pub unchanged: u64,
    /// Lines that were refused.
    pub refused: u64,
}

/// A part that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportPart {
    /// Its number.
    pub part: u32,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What became of its lines.
    pub counts: LineCounts,
}

/// An import in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedImport {
    /// The import.
    pub import: Import,
    /// Its parts that are done.
    pub parts: u64,
    /// Those that were begun and are not done.
    pub unfinished: u64,
    /// What became of the lines of the parts that are done.
    pub counts: LineCounts,
}

/// What is known of a part whose bytes have come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The number is taken by these bytes, and the part is not done: the lines up to this one have their verdicts (0: none has).
    New {
        /// The last line that has its verdict.
        after_line: u64,
    },
    /// It was done before.
    Done,
    /// Other bytes have taken its number.
    Differs,
    /// There is no such import, or no longer.
    Unknown,
}

/// Verdicts of successive lines of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictRow {
    /// The part.
    pub part: u32,
    /// The line before its first one; 0 at the beginning.
    pub after_line: u64,
    /// Its last line.
    pub last_line: u64,
    /// What became of the lines.
    pub counts: LineCounts,
    /// The verdicts, each a line of JSON.
    pub verdicts: Vec<u8>,
}

impl Store {
    /// Opens an import; beyond [`MOST_IMPORTS`] the one that was opened first is removed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn open_import(&self, import: Import) -> Result<(), StoreError> {
        self.tell(Ask::Open(import)).await.map(drop)
    }

    /// Takes the number of a part for bytes with this SHA-256, unless other bytes have it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim_part(&self, import: &str, part: u32, sha256: &str, now: Timestamp) -> Result<Claim, StoreError> {
        let ask = Ask::Claim { import: import.to_owned(), part, sha256: sha256.to_owned(), now };
        match self.tell(ask).await? {
            Told::Claimed(claim) => Ok(claim),
            Told::Done | Told::More => Err(StoreError::Damaged("a claim without an answer")),
        }
    }

    /// Queues verdicts of a part, to be added in the order in which they are queued; those of lines that have theirs already are left out. Their
    /// offers are stored already.
    pub async fn queue_verdicts(&self, import: &str, row: VerdictRow) -> Queued<()> {
        let import = import.to_owned();
        self.writer.queue(|reply| Job::Verdicts { import, row, reply }).await
    }

    /// Says that every line of a part has its verdict.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn finish_part(&self, import: &str, part: u32) -> Result<(), StoreError> {
        self.tell(Ask::Finish { import: import.to_owned(), part }).await.map(drop)
    }

    /// Ends an import: no part of it is taken any more, and what belonged to it goes with the next sweeps. Whether it was there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_import(&self, import: &str) -> Result<bool, StoreError> {
        Ok(matches!(self.tell(Ask::End { import: import.to_owned() }).await?, Told::More))
    }

    /// Removes some of what belongs to imports that were opened too long ago or are too many. Whether there may be more of it: to be called again then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sweep_imports(&self, now: Timestamp) -> Result<bool, StoreError> {
        Ok(matches!(self.tell(Ask::Sweep { now }).await?, Told::More))
    }

    async fn tell(&self, ask: Ask) -> Result<Told, StoreError> {
        self.writer.run(|reply| Job::Import { ask, reply }).await
    }
}

/// What is to be done.
pub(crate) enum Ask {
    Open(Import),
    Claim { import: String, part: u32, sha256: String, now: Timestamp },
    Finish { import: String, part: u32 },
    End { import: String },
    Sweep { now: Timestamp },
}

/// What was found.
pub(crate) enum Told {
    Done,
    /// There may be more to do.
    More,
    Claimed(Claim),
}

pub(crate) use write::add as add_verdicts;

pub(crate) async fn carry_out(transaction: &mut Transaction<'_>, ask: &Ask) -> Result<Told, StoreError> {
    match ask {
        Ask::Open(import) => write::open(transaction, import).await.map(|()| Told::Done),
        Ask::Claim { import, part, sha256, now } => write::claim(transaction, import, *part, sha256, *now).await.map(Told::Claimed),
        Ask::Finish { import, part } => write::finish(transaction, import, *part).await.map(|()| Told::Done),
        Ask::End { import } => write::end(transaction, import).await.map(more),
        Ask::Sweep { now } => write::sweep(transaction, *now).await.map(more),
    }
}

fn more(more: bool) -> Told {
    if more { Told::More } else { Told::Done }
}

fn oldest(now: Timestamp) -> i64 {
    now.plus_seconds(-KEPT_SECONDS).micros()
}
