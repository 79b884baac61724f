//! Leaves that are kept apart from the database: put there before a checkpoint of them is signed, and taken from there by a database that went back.

use polder_model::Timestamp;

use super::append;
use crate::engine::Transaction;
use crate::error::StoreError;
use crate::journal::{KeptLeaf, KeptLeaves};
use crate::open::Store;
use crate::people::{Desk, Work};
use crate::read::MOST_ROWS;
use crate::row;
use crate::rows::number;

/// Leaves that are taken back in one transaction.
const AT_ONCE: usize = 5_000;

impl Store {
    /// Keeps leaves apart, up to that number, before a checkpoint of so many is signed; `signed` is the size of the checkpoint before. On disk when this
    /// returns. The journal notes how far the database is as well.
    ///
    /// # Errors
    /// When they cannot be kept; nothing may be signed then.
    pub async fn keep_leaves_apart(&self, signed: u64, size: u64) -> Result<(), StoreError> {
        let Some(leaves) = &self.leaves else { return Ok(()) };
        self.note_commits().await?;
        let mut next = leaves.next().unwrap_or(signed);
        while next < size {
            let most = u32::try_from(size - next).unwrap_or(MOST_ROWS).min(MOST_ROWS);
            let some = self.leaves(next, most).await?;
            if some.is_empty() {
                return Err(StoreError::Damaged("a leaf of the log is missing"));
            }
            let count = some.len() as u64;
            leaves.append(next, some).await?;
            next += count;
        }
        Ok(())
    }

    /// Takes leaves back that the database has lost, before any other is written.
    pub(crate) async fn take_leaves_back(&self, now: Timestamp) -> Result<(), StoreError> {
        let Some(leaves) = &self.leaves else { return Ok(()) };
        let size = self.log_size().await?;
        if leaves.next().is_none_or(|next| next <= size) {
            return leaves.compact(now).await;
        }
        let kept = leaves.all().await?;
        let follows = match kept.iter().find(|leaf| leaf.seq + 1 == size) {
            Some(last) => self.leaves(last.seq, 1).await?.first().is_some_and(|leaf| *leaf == last.text.as_bytes()),
            None => size == 0,
        };
        if !follows || kept.first().is_some_and(|first| first.seq > size) {
            return self.begin_leaves_anew(leaves).await;
        }
        let lost: Vec<KeptLeaf> = kept.into_iter().filter(|leaf| leaf.seq >= size).collect();
        tracing::warn!(leaves = lost.len(), from = size, "the log has lost leaves; they are taken from where they are kept apart");
        for some in lost.chunks(AT_ONCE) {
            self.people(TakeBack(some.to_vec())).await?;
        }
        Ok(())
    }

    async fn begin_leaves_anew(&self, leaves: &KeptLeaves) -> Result<(), StoreError> {
        let aside = leaves.begin_anew().await?;
        tracing::error!(aside = %aside.display(), "the leaves that are kept apart do not follow on those of the log: the database is older than all of them, or \
            another one. Witnesses will not cosign what is written in their place (docs/log.md)");
        Ok(())
    }
}

struct TakeBack(Vec<KeptLeaf>);

impl Work for TakeBack {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        take_back(desk.transaction, self.0).await
    }
}

/// Inserts those that are missing still: another replica may have been sooner.
async fn take_back(transaction: &mut Transaction<'_>, leaves: Vec<KeptLeaf>) -> Result<(), StoreError> {
    let counted = transaction.read("SELECT leaves FROM counter WHERE id = 1", &[]).await?;
    let size = row::counter(counted.first().ok_or(StoreError::Damaged("no counter"))?, 0)?;
    let mut rows = Vec::with_capacity(leaves.len());
    for leaf in leaves.into_iter().filter(|leaf| leaf.seq >= size) {
        rows.push((number(leaf.seq)?, leaf.text.into_bytes()));
    }
    let Some((last, _)) = rows.last() else { return Ok(()) };
    transaction.run("UPDATE counter SET leaves = $1 WHERE id = 1", &[(last + 1).into()]).await?;
    append::write(transaction, &rows).await
}
