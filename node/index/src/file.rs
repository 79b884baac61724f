//! A snapshot as a file, so that a node with many offers starts without reading each of them.
//!
//! One line of JSON, the tables, and the SHA-256 of both. The file is no source of truth: where anything does not fit, the index is built from
//! the store. Offers about people are not in it: what is deleted of them is gone from the store at once, and would stand in the file still.

use std::io::{self, Write};

use polder_model::query::RANKING;
use polder_model::{Kind, PartnerId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::segment::Segment;
use crate::snapshot::{Snapshot, View, Views, place_of};

/// The form of the tables. To be raised with every change of them, and of what the index takes from an offer.
const FORM: u32 = 3;
/// Longest first line, in bytes: the start of a file that holds its stamp.
pub const LONGEST_HEAD: usize = 1_024;
/// Length of the checksum at the end.
const CHECKSUM: usize = 32;

/// What a snapshot holds, in the words of its store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// A word that the store holds too once the file is whole: a store that went back to an earlier state holds another one.
    pub word: String,
    /// The number of the latest change that is in it for certain.
    pub change: u64,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It was written for another partner, or by another version.
    #[error("the file is of another {0}")]
    Another(&'static str),
    /// Its bytes are not those that were written.
    #[error("the file is damaged or cut short")]
    Damaged,
}

#[derive(Serialize, Deserialize)]
struct Head {
    form: u32,
    program: String,
    ranking: String,
    home: PartnerId,
    stamp: Stamp,
}

/// Passes on what is written, and sums it up.
struct Summing<W> {
    to: W,
    sum: Sha256,
    /// Why nothing more is written: who writes tables through it says no more than that it failed.
    failed: Option<io::Error>,
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.to.write(bytes) {
            Ok(written) => {
                self.sum.update(&bytes[..written]);
                Ok(written)
            }
            Err(error) => Err(self.failed.insert(error).kind().into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush().map_err(|error| self.failed.insert(error).kind().into())
    }
}

impl Snapshot {
    /// Writes the snapshot, without the offers that are about people. The writer should be buffered.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&self, stamp: Stamp, to: impl Write) -> io::Result<()> {
        let head =
            Head { form: FORM, program: env!("CARGO_PKG_VERSION").to_owned(), ranking: RANKING.to_owned(), home: self.home.clone(), stamp };
        let mut to = Summing { to, sum: Sha256::new(), failed: None };
        serde_json::to_writer(&mut to, &head)?;
        to.write_all(b"\n")?;
        let mut views: [Vec<(&Segment, &[u64])>; 3] = Default::default();
        for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_personal()) {
            views[place_of(kind)] = self.views[place_of(kind)].iter().map(|view| (&*view.segment, view.deleted())).collect();
        }
        let written = postcard::to_io(&views, &mut to).map(drop);
        let Summing { mut to, sum, failed } = to;
        written.map_err(|error| failed.unwrap_or_else(|| io::Error::other(error)))?;
        to.write_all(&sum.finalize())?;
        to.flush()
    }
}

/// The stamp of a file, and where its first line ends; the rest is not looked at.
pub(crate) fn stamp(home: &PartnerId, bytes: &[u8]) -> Result<(Stamp, usize), FileError> {
    let end = bytes.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n').ok_or(FileError::Damaged)?;
    let head: Head = serde_json::from_slice(&bytes[..end]).map_err(|_| FileError::Damaged)?;
    if head.form != FORM || head.program != env!("CARGO_PKG_VERSION") || head.ranking != RANKING {
        return Err(FileError::Another("version"));
    }
    if head.home != *home {
        return Err(FileError::Another("partner"));
    }
    Ok((head.stamp, end))
}

/// What was written.
pub(crate) fn read(home: &PartnerId, bytes: &[u8]) -> Result<(Stamp, Views), FileError> {
    let (stamp, end) = stamp(home, bytes)?;
    let body = bytes.len().checked_sub(CHECKSUM).filter(|body| *body > end).ok_or(FileError::Damaged)?;
    if *Sha256::digest(&bytes[..body]) != bytes[body..] {
        return Err(FileError::Damaged);
    }
    let kinds: [Vec<(Segment, Vec<u64>)>; 3] = postcard::from_bytes(&bytes[end + 1..body]).map_err(|_| FileError::Damaged)?;
    let views = kinds.map(|views| views.into_iter().map(|(segment, deleted)| View::restored(segment, deleted)).collect());
    Ok((stamp, views))
}
