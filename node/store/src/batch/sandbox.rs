//! Offers of systems that are being tried: each has a space of its own, which nobody else reads and no index sees, and what lies there a week is gone.

use std::sync::Arc;

use polder_model::{Kind, OfferKey, Timestamp};

use super::{Batch, present_of};
use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work};
use crate::row;
use crate::types::{ActsFor, Deleted, Outcome, Precondition, Put, Stored, StoredOffer};
use crate::write::Hashed;

/// Most offers in one sandbox.
pub const MOST_IN_SANDBOX: u64 = 1_000;
/// For how long an offer lies in a sandbox after it last changed, in seconds.
pub const SANDBOX_SECONDS: i64 = 7 * 86_400;
/// Most rows that are swept with one write.
const SWEPT: i64 = 64;

const OFFER: &str = "SELECT kind, key, version, version, modified_at, sha256, document, organisation FROM sandbox_offers
    WHERE client = $1 AND kind = $2 AND NOT deleted AND modified_at >= $3";

impl Store {
    /// Puts an offer into the sandbox of a client, as [`Store::put_offer`] would among all.
    ///
    /// # Errors
    /// As there; [`MOST_IN_SANDBOX`] may be.
    pub async fn put_in_sandbox(&self, client: &str, put: Put) -> Result<Stored, StoreError> {
        self.people(PutWork { client: client.to_owned(), put: put.into() }).await?
    }

    /// Deletes an offer in the sandbox of a client, as [`Store::delete_offer_of`] would among all.
    ///
    /// # Errors
    /// As there.
    pub async fn delete_in_sandbox(
        &self,
        client: &str,
        (kind, key): (Kind, &OfferKey),
        precondition: Precondition,
        acts_for: ActsFor,
        now: Timestamp,
    ) -> Result<Deleted, StoreError> {
        self.people(DeleteWork { client: client.to_owned(), kind, key: key.clone(), precondition, acts_for, now }).await?
    }

    /// An offer in the sandbox of a client.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn in_sandbox(&self, client: &str, kind: Kind, key: &OfferKey, now: Timestamp) -> Result<Option<StoredOffer>, StoreError> {
        let values = [client.into(), kind.as_str().into(), gone_before(now).into(), key.as_str().into()];
        self.readers.read(format!("{OFFER} AND key = $4"), &values).await?.first().map(row::offer).transpose()
    }

    /// The offers of a kind in the sandbox of a client, in the order of their keys, after that one; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list_sandbox(
        &self,
        client: &str,
        kind: Kind,
        after: Option<&OfferKey>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<StoredOffer>, StoreError> {
        let after = after.map_or("", OfferKey::as_str);
        let values = [client.into(), kind.as_str().into(), gone_before(now).into(), after.into(), i64::from(limit).into()];
        let rows = self.readers.read(format!("{OFFER} AND key > $4 ORDER BY key LIMIT $5"), &values).await?;
        rows.iter().map(row::offer).collect()
    }
}

/// What was last changed before this is gone, whether or not it was swept.
fn gone_before(now: Timestamp) -> i64 {
    now.plus_seconds(-SANDBOX_SECONDS).micros()
}

/// What there is of an offer in a sandbox, ready to be decided about.
async fn begin(desk: &mut Desk<'_, '_>, client: &str, kind: Kind, key: &OfferKey, now: Timestamp) -> Result<Batch, StoreError> {
    let transaction = &mut *desk.transaction;
    let sweep = "DELETE FROM sandbox_offers WHERE (client, kind, key) IN
        (SELECT client, kind, key FROM sandbox_offers WHERE modified_at < $1 ORDER BY modified_at LIMIT $2)";
    transaction.run(sweep, &[gone_before(now).into(), SWEPT.into()]).await?;
    let count = "SELECT count(*) FROM sandbox_offers WHERE client = $1 AND NOT deleted";
    let offers = transaction.read(count, &[client.into()]).await?.first().map_or(Ok(0), |row| row::counter(row, 0))?;
    let read = "SELECT key, version, version, deleted, modified_at, sha256, organisation FROM sandbox_offers
        WHERE client = $1 AND kind = $2 AND key = $3 AND modified_at >= $4";
    let values = [client.into(), kind.as_str().into(), key.as_str().into(), gone_before(now).into()];
    let rows = transaction.read(read, &values).await?;
    let Some(row) = rows.first() else { return Ok(Batch::new(0, 0, offers, MOST_IN_SANDBOX)) };
    let (key, present) = present_of(row)?;
    // There is no feed of changes: their number is that of the version.
    let mut batch = Batch::new(present.version, 0, offers, MOST_IN_SANDBOX);
    batch.present.insert((kind, key), present);
    Ok(batch)
}

struct PutWork {
    client: String,
    put: Hashed,
}

impl Work for PutWork {
    type Told = Result<Stored, StoreError>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let Self { client, put: hashed } = self;
        let (kind, key, now) = (hashed.put.kind, hashed.put.key.clone(), hashed.put.now);
        let (document, organisation, sha256) =
            (Arc::clone(&hashed.put.document), Arc::clone(&hashed.put.organisation), hashed.sha256.clone());
        let mut batch = begin(desk, &client, kind, &key, now).await?;
        let stored = match batch.put(hashed) {
            Ok(stored) => stored,
            Err(refused) => return Ok(Err(refused)),
        };
        if stored.outcome != Outcome::Unchanged {
            write(desk, &client, (kind, &key), stored.version, now, (&sha256, &document, &organisation)).await?;
        }
        Ok(Ok(stored))
    }
}

struct DeleteWork {
    client: String,
    kind: Kind,
    key: OfferKey,
    precondition: Precondition,
    acts_for: ActsFor,
    now: Timestamp,
}

impl Work for DeleteWork {
    type Told = Result<Deleted, StoreError>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let Self { client, kind, key, precondition, acts_for, now } = self;
        let mut batch = begin(desk, &client, kind, &key, now).await?;
        let before = batch.present.get(&(kind, key.clone())).map(|before| (before.version, Arc::clone(&before.organisation)));
        let deleted = match batch.delete(kind, key.clone(), &precondition, &acts_for, now) {
            Ok(deleted) => deleted,
            Err(refused) => return Ok(Err(refused)),
        };
        if let (Deleted::Done, Some((version, organisation))) = (deleted, before) {
            write(desk, &client, (kind, &key), version + 1, now, ("", &[], &organisation)).await?;
        }
        Ok(Ok(deleted))
    }
}

/// Writes a row; without a SHA-256 it is that of an offer that was deleted.
async fn write(
    desk: &mut Desk<'_, '_>,
    client: &str,
    (kind, key): (Kind, &OfferKey),
    version: u64,
    now: Timestamp,
    (sha256, document, organisation): (&str, &[u8], &str),
) -> Result<(), StoreError> {
    let sql = "INSERT INTO sandbox_offers (client, kind, key, version, deleted, modified_at, sha256, document, organisation)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (client, kind, key) DO UPDATE SET version = excluded.version, deleted = excluded.deleted, modified_at = excluded.modified_at,
        sha256 = excluded.sha256, document = excluded.document, organisation = excluded.organisation";
    let version = crate::rows::number(version)?;
    let values = [
        client.into(),
        kind.as_str().into(),
        key.as_str().into(),
        version.into(),
        sha256.is_empty().into(),
        now.micros().into(),
        sha256.into(),
        document.into(),
        organisation.into(),
    ];
    desk.transaction.run(sql, &values).await.map(drop)
}
