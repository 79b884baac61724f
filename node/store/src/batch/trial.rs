//! Puts that are decided and never written: what would become of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use polder_model::{Kind, OfferKey};

use super::{Batch, present_of};
use crate::error::StoreError;
use crate::open::Store;
use crate::row;
use crate::rows::READ;
use crate::statement::{Value, fill, list};
use crate::types::{Put, Stored};
use crate::write::Hashed;

/// Most offers that are read with one statement.
const KEYS: usize = 128;

/// Puts one after the other, each decided on what those before it would have left. What others write meanwhile is seen as it is read.
pub struct Trial {
    store: Store,
    batch: Batch,
}

impl Store {
    /// Begins a trial, at the present moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn trial(&self) -> Result<Trial, StoreError> {
        let rows = self.readers.read("SELECT change, offers FROM counter WHERE id = 1", &[]).await?;
        let row = rows.first().ok_or(StoreError::Damaged("no counter"))?;
        let most = self.writer.most_offers.load(Ordering::Relaxed);
        Ok(Trial { store: self.clone(), batch: Batch::new(row::counter(row, 0)?, 0, row::counter(row, 1)?, most) })
    }
}

impl Trial {
    /// What [`Store::put_offer`] would give for each of them. Nothing is stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn put(&mut self, puts: Vec<Put>) -> Result<Vec<Result<Stored, StoreError>>, StoreError> {
        for kind in Kind::ALL {
            let keys = puts.iter().filter(|put| put.kind == kind).map(|put| &put.key);
            let keys: Vec<&OfferKey> = keys.filter(|key| !self.batch.present.contains_key(&(kind, (*key).clone()))).collect();
            let keys: Vec<&OfferKey> = keys.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
            for some in keys.chunks(KEYS) {
                self.read(kind, some).await?;
            }
        }
        let decide = |put| {
            let mut hashed = Hashed::from(put);
            // Nobody gets to see it: its bytes need not be kept.
            (hashed.put.document, hashed.put.features) = (Arc::from([]), None);
            self.batch.put(hashed)
        };
        Ok(puts.into_iter().map(decide).collect())
    }

    async fn read(&mut self, kind: Kind, keys: &[&OfferKey]) -> Result<(), StoreError> {
        let mut values: Vec<Value<'_>> = vec![kind.as_str().into()];
        fill(&mut values, keys.iter().map(|key| key.as_str()));
        for row in self.store.readers.read(format!("{READ} $1 AND key IN {}", list(2, keys.len())), &values).await? {
            let (key, present) = present_of(&row)?;
            self.batch.present.insert((kind, key), present);
        }
        Ok(())
    }
}
