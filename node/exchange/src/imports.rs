//! Imports: the lines of a part become offers, piece by piece, and each has a verdict that is kept.
//!
//! A part comes in whole before anything of it is done ([`Spool`]). Then its number is taken by its bytes, and its lines are read, checked and
//! stored some hundred at a time; their verdicts are kept once the offers are on disk. A part that is cut off by a crash is sent
//! again: what has its verdicts is left out, the rest is stored, which changes nothing where it was stored already.

mod form;
mod lines;
mod spool;
mod tried;

use std::io;

use futures::Stream;
use polder_formats::Context;
use polder_model::import::{LineOutcome, LineVerdict};
use polder_model::problem::{Problem, ProblemType};
use polder_model::{Kind, OfferKey};
use polder_store::imports::{Claim, Import, LineCounts, VerdictRow};
use polder_store::{ActsFor, Queued, StoreError};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;

use crate::duties::Duty;
use crate::node::Node;
use crate::publish::{KEY_TAKEN, Publication, PublishRefused, Published};
use form::Records;
pub use form::{Form, sha256_of};
use lines::{Line, Lines, NotAnOffer};
pub use spool::{Spool, Spooled};
pub use tried::TriedPart;

/// Most verdicts that are kept in one row, and so on one page.
const VERDICTS_OF_A_ROW: usize = 500;
/// Most pieces that are read and not yet taken.
const PIECES_AHEAD: usize = 2;
/// Most findings of one verdict: those of 25,000 lines are kept for days.
const MOST_FINDINGS: usize = 10;

/// Parts in other formats that are mapped at a time: one takes many times its size meanwhile.
static MAPPED_AT_ONCE: Semaphore = Semaphore::const_new(1);

/// Why a part was not taken, or only some of it. It may be sent again, unless its number has other bytes.
#[derive(Debug, thiserror::Error)]
pub enum PartRefused {
    /// There is no such import, or no longer.
    #[error("there is no such import")]
    Unknown,
    /// Other bytes have taken its number.
    #[error("other bytes have taken the number of this part")]
    Differs,
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What came in could not be kept or read back.
    #[error("the part cannot be kept on disk: {0}")]
    Io(#[from] io::Error),
}

impl Node {
    /// A place for a part to come in, beside the database.
    ///
    /// # Errors
    /// When no file can be made there.
    pub fn spool(&self) -> io::Result<Spool> {
        Spool::new(self.data())
    }

    /// Stores the offers of a part, published by somebody who acts for these organisations, and keeps the verdict of each of its lines. When this returns, all of it is on disk and can be found. The same
    /// part again changes nothing.
    ///
    /// # Errors
    /// [`PartRefused`]; some pieces may be stored then, and are not stored again when the part is sent again.
    pub async fn import_part(&self, acts_for: ActsFor, import: &Import, part: u32, spooled: Spooled) -> Result<(), PartRefused> {
        let after_line = match self.store().claim_part(&import.id, part, &spooled.taken_by(), self.now()).await? {
            Claim::Done => return Ok(()),
            Claim::Unknown => return Err(PartRefused::Unknown),
            Claim::Differs => return Err(PartRefused::Differs),
            Claim::New { after_line } => after_line,
        };
        let (pieces, reading) = read(self.pieces(import.kind, spooled, after_line).await?);
        let mut publishing = self.publishing(acts_for, pieces);
        let mut last_line = after_line;
        let (mut verdicts, mut keeping) = (Vec::new(), Vec::new());
        while let Some((published, read)) = publishing.next().await {
            add_verdicts(&mut verdicts, part, read, published)?;
            if verdicts.len() >= VERDICTS_OF_A_ROW {
                keeping.push(self.keep(import, part, &mut last_line, &mut verdicts).await?);
            }
        }
        if !verdicts.is_empty() {
            keeping.push(self.keep(import, part, &mut last_line, &mut verdicts).await?);
        }
        for kept in keeping {
            kept.await?;
        }
        reading.await.map_err(io::Error::other)??;
        Ok(self.store().finish_part(&import.id, part).await?)
    }

    /// The lines of a part after this one; of another format its records, mapped one part at a time.
    async fn pieces(&self, kind: Kind, spooled: Spooled, after: u64) -> io::Result<Pieces> {
        let form = spooled.form();
        if form == Form::Lines {
            let mut lines = Lines::after(spooled.into_file(), after);
            return Ok(Box::new(move || lines.piece(kind)));
        }
        let place = MAPPED_AT_ONCE.acquire().await.map_err(io::Error::other)?;
        let (today, reference, to) = (self.now().date(), self.reference(), tempfile::tempfile_in(self.data())?);
        let mapping = move || {
            let _place = place;
            form::map(spooled.into_file(), form, kind, Context { today, reference: &reference }, to)
        };
        let mut records = Records::after(tokio::task::spawn_blocking(mapping).await.map_err(io::Error::other)??, kind, after);
        Ok(Box::new(move || records.piece()))
    }

    /// Keeps the verdicts of some lines, whose offers are stored, at most as many as a row holds.
    async fn keep(&self, import: &Import, part: u32, last_line: &mut u64, verdicts: &mut Vec<LineVerdict>) -> io::Result<Queued<()>> {
        let some: Vec<LineVerdict> = verdicts.drain(..verdicts.len().min(VERDICTS_OF_A_ROW)).collect();
        let row = row(part, *last_line, &some)?;
        *last_line = row.last_line;
        Ok(self.store().queue_verdicts(&import.id, row).await)
    }

    /// Ends an import and removes the verdicts of its lines; the offers that it stored stay. Whether it was there.
    ///
    /// # Errors
    /// When the database cannot be written. What is left then goes with the next sweep.
    pub async fn end_import(&self, import: &str) -> Result<bool, StoreError> {
        let was_there = self.store().end_import(import).await?;
        self.remove_imports().await?;
        Ok(was_there)
    }

    /// Removes what is kept of imports that were opened too long ago, unless another replica did so less than [`crate::SWEEP_SECONDS`] ago.
    /// Whether it was this one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sweep_imports(&self) -> Result<bool, StoreError> {
        let ours = self.takes_on(Duty::SweepImports).await?;
        if ours {
            self.remove_imports().await?;
        }
        Ok(ours)
    }

    /// Where there is much of it, other writers get their turn in between.
    async fn remove_imports(&self) -> Result<(), StoreError> {
        while self.store().sweep_imports(self.now()).await? {}
        Ok(())
    }
}

/// The lines of a piece, without the offers themselves: of each its key, or why it holds no offer.
type LinesRead = Vec<Line<OfferKey>>;
/// Gives the next lines of a part; none at the end.
type Pieces = Box<dyn FnMut() -> io::Result<Vec<Line>> + Send>;
/// The offers of some lines, and the lines.
type Piece = (Vec<Publication>, LinesRead);

/// Reads pieces on a thread where that holds nobody up, a few ahead of whoever takes them, and how the reading ended.
fn read(mut pieces: Pieces) -> (impl Stream<Item = Piece> + Send, JoinHandle<io::Result<()>>) {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    let reading = tokio::task::spawn_blocking(move || {
        loop {
            let piece = pieces()?;
            // Nobody takes it: the part has failed.
            if piece.is_empty() || sender.blocking_send(apart(piece)).is_err() {
                return Ok(());
            }
        }
    });
    let pieces = futures::stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|piece| (piece, receiver)) });
    (pieces, reading)
}

fn apart(piece: Vec<Line>) -> Piece {
    let mut publications = Vec::with_capacity(piece.len());
    let mut keep = |offer: Publication| {
        let key = offer.key.clone();
        publications.push(offer);
        key
    };
    let read = piece.into_iter().map(|line| line.with(&mut keep)).collect();
    (publications, read)
}

/// What became of some lines, after what became of those before.
fn add_verdicts(
    verdicts: &mut Vec<LineVerdict>,
    part: u32,
    read: LinesRead,
    published: Vec<Result<Published, PublishRefused>>,
) -> Result<(), StoreError> {
    let mut published = published.into_iter();
    for Line { line, entry, mapping, offer } in read {
        let verdict = match offer {
            Err(NotAnOffer { key, problem }) => refused(part, line, key, *problem),
            Ok(key) => match published.next() {
                Some(Ok(published)) => stored(part, line, key, published),
                Some(Err(PublishRefused::Invalid(findings))) => {
                    refused(part, line, Some(key), Problem::of_findings(ProblemType::InvalidDocument, findings))
                }
                Some(Err(PublishRefused::Store(error @ StoreError::TooMany { .. }))) => {
                    refused(part, line, Some(key), Problem::new(ProblemType::TooManyOffers, error.to_string()))
                }
                Some(Err(PublishRefused::Store(StoreError::AnotherOrganisation(_)))) => {
                    refused(part, line, Some(key), Problem::new(ProblemType::Forbidden, KEY_TAKEN))
                }
                Some(Err(PublishRefused::Store(error))) => return Err(error),
                None => return Err(StoreError::Busy),
            },
        };
        verdicts.push(LineVerdict { entry, mapping: mapping.filter(|notes| !notes.is_empty()), ..verdict });
    }
    Ok(())
}

fn stored(part: u32, line: u64, key: OfferKey, published: Published) -> LineVerdict {
    let Published { stored, notes } = published;
    LineVerdict {
        part,
        line,
        entry: None,
        key: Some(key),
        outcome: stored.outcome.into(),
        version: Some(stored.version),
        change: Some(stored.change),
        modified_at: Some(stored.modified_at),
        notes: Some(notes),
        problem: None,
        mapping: None,
    }
}

fn refused(part: u32, line: u64, key: Option<OfferKey>, mut problem: Problem) -> LineVerdict {
    problem.findings.truncate(MOST_FINDINGS);
    LineVerdict {
        part,
        line,
        entry: None,
        key,
        outcome: LineOutcome::Refused,
        version: None,
        change: None,
        modified_at: None,
        notes: None,
        problem: Some(problem),
        mapping: None,
    }
}

fn row(part: u32, after_line: u64, verdicts: &[LineVerdict]) -> io::Result<VerdictRow> {
    let mut counts = LineCounts::default();
    let mut text = Vec::new();
    for verdict in verdicts {
        *match verdict.outcome {
            LineOutcome::Created => &mut counts.created,
            LineOutcome::Replaced => &mut counts.replaced,
            LineOutcome::Unchanged => &mut counts.unchanged,
            LineOutcome::Refused => &mut counts.refused,
        } += 1;
        serde_json::to_writer(&mut text, verdict)?;
        text.push(b'\n');
    }
    let last_line = verdicts.last().map_or(after_line, |verdict| verdict.entry.unwrap_or(verdict.line));
    Ok(VerdictRow { part, after_line, last_line, counts, verdicts: text })
}
