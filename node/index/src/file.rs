//! A snapshot as a file, so that a node with many offers starts without reading each of them.
//!
//! One line of JSON, the tables, and the SHA-256 of both. The file is no source of truth: where anything does not fit, the index is built from
//! the store.

use std::io::{self, Write};

use polder_model::PartnerId;
use polder_model::query::RANKING;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::segment::Segment;
use crate::snapshot::{Snapshot, View, Views};

/// The form of the tables. To be raised with every change of them, and of what the index takes from an offer.
const FORM: u32 = 1;
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
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Snapshot {
    /// Writes the snapshot. The writer should be buffered.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&self, stamp: Stamp, to: impl Write) -> io::Result<()> {
        let head =
            Head { form: FORM, program: env!("CARGO_PKG_VERSION").to_owned(), ranking: RANKING.to_owned(), home: self.home.clone(), stamp };
        let mut to = Summing { to, sum: Sha256::new() };
        serde_json::to_writer(&mut to, &head)?;
        to.write_all(b"\n")?;
        let views: Vec<Vec<(&Segment, &[u64])>> =
            self.views.iter().map(|views| views.iter().map(|view| (&*view.segment, view.deleted())).collect()).collect();
        let Summing { mut to, sum } = postcard::to_io(&views, to).map_err(io::Error::other)?;
        to.write_all(&sum.finalize())?;
        to.flush()
    }
}

/// What was written.
pub(crate) fn read(home: &PartnerId, bytes: &[u8]) -> Result<(Stamp, Views), FileError> {
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or(FileError::Damaged)?;
    let head: Head = serde_json::from_slice(&bytes[..end]).map_err(|_| FileError::Damaged)?;
    if head.form != FORM || head.program != env!("CARGO_PKG_VERSION") || head.ranking != RANKING {
        return Err(FileError::Another("version"));
    }
    if head.home != *home {
        return Err(FileError::Another("partner"));
    }
    let body = bytes.len().checked_sub(CHECKSUM).filter(|body| *body > end).ok_or(FileError::Damaged)?;
    if *Sha256::digest(&bytes[..body]) != bytes[body..] {
        return Err(FileError::Damaged);
    }
    let kinds: [Vec<(Segment, Vec<u64>)>; 3] =
        postcard::from_bytes::<Vec<_>>(&bytes[end + 1..body]).ok().and_then(|kinds| kinds.try_into().ok()).ok_or(FileError::Damaged)?;
    let views = kinds.map(|views| views.into_iter().map(|(segment, deleted)| View::restored(segment, deleted)).collect());
    Ok((head.stamp, views))
}
