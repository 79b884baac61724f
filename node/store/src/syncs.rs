//! Course systems that are read: how far each crawl is, and what each system has. A page of a crawl and how far it is then are one transaction.

use polder_model::{OfferKey, Timestamp};

use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work};
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::{Row, Value, fill, list};

/// Objects that are asked for or written at once.
const AT_ONCE: usize = 64;

/// A course system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    /// How the configuration calls it.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// The number of the crawl that is on its way, or of the last one.
    pub crawl: u64,
    /// How far that is, as JSON; empty where none is on its way.
    pub state: String,
    /// What is said of the last crawl that ended, as JSON; empty where none has.
    pub report: String,
    /// When the next crawl begins.
    pub due_at: Timestamp,
}

/// Something that a course system has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncObject {
    /// What it is, such as `course`.
    pub kind: String,
    /// Its id in that system.
    pub id: String,
    /// The last crawl that found it.
    pub seen: u64,
    /// How many whole crawls have not found it since, or have found it to be of another organisation.
    pub missed: u64,
    /// The key of the training that it becomes, where it becomes one.
    pub key: Option<OfferKey>,
    /// The hash of that training as it was published last; empty where it is not published, and [`CLAIMED`] where it may be.
    pub hash: String,
    /// The object itself, where trainings refer to it.
    pub document: String,
}

/// In the place of a hash: the training was about to be published for the first time, and whether it was is not known.
pub const CLAIMED: &str = "?";

/// In the place of a hash: the training is published, and what it was made of is of another organisation now.
pub const HANDED_OVER: &str = "-";

const SYNC: &str = "SELECT name, address, crawl, state, report, due_at FROM syncs";
const OBJECT: &str = "SELECT kind, id, seen, missed, key, hash, document FROM sync_objects";

impl Store {
    /// A course system; `None` where nothing is known of it yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sync(&self, name: &str) -> Result<Option<Synced>, StoreError> {
        self.readers.read(format!("{SYNC} WHERE name = $1"), &[name.into()]).await?.first().map(synced).transpose()
    }

    /// Those of a system's objects that are known, of these ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sync_objects(&self, sync: &str, kind: &str, ids: &[&str]) -> Result<Vec<SyncObject>, StoreError> {
        let mut found = Vec::new();
        for some in ids.chunks(AT_ONCE) {
            let mut values = vec![sync.into(), kind.into()];
            fill(&mut values, some.iter().copied());
            let sql = format!("{OBJECT} WHERE sync = $1 AND kind = $2 AND id IN {}", list(3, some.len()));
            for row in self.readers.read(sql, &values).await? {
                found.push(object(&row)?);
            }
        }
        Ok(found)
    }

    /// All of a system's objects of a kind, by their ids; at most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sync_objects_of(&self, sync: &str, kind: &str, most: u32) -> Result<Vec<SyncObject>, StoreError> {
        let sql = format!("{OBJECT} WHERE sync = $1 AND kind = $2 ORDER BY id LIMIT $3");
        self.readers.read(sql, &[sync.into(), kind.into(), i64::from(most).into()]).await?.iter().map(object).collect()
    }

    /// Which of these keys belong to another object than the one that asks: to one of another system, kind or id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sync_holds(&self, key: &OfferKey, sync: &str, kind: &str, id: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM sync_objects WHERE key = $1 AND NOT (sync = $2 AND kind = $3 AND id = $4) LIMIT 1";
        Ok(!self.readers.read(sql, &[key.as_str().into(), sync.into(), kind.into(), id.into()]).await?.is_empty())
    }

    /// How many of a system's objects are published as trainings, and how many of these a crawl did not find, or found to be of another organisation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_sync(&self, sync: &str, crawl: u64) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT count(*), count(*) FILTER (WHERE seen < $2 OR hash = $3) FROM sync_objects WHERE sync = $1 AND hash <> ''";
        let found = self.readers.read(sql, &[sync.into(), rows::number(crawl)?.into(), HANDED_OVER.into()]).await?;
        let Some(row) = found.first() else { return Ok((0, 0)) };
        Ok((row::counter(row, 0)?, row::counter(row, 1)?))
    }

    /// Objects that are published and that neither this crawl found nor a whole one before it, or that both found to be of another organisation, behind one of
    /// that kind and id; at most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn missing_twice(&self, sync: &str, crawl: u64, after: (&str, &str), most: u32) -> Result<Vec<SyncObject>, StoreError> {
        let sql = format!(
            "{OBJECT} WHERE sync = $1 AND hash <> '' AND (seen < $2 OR hash = $6) AND missed > 0 AND (kind > $3 OR (kind = $3 AND id > $4)) ORDER BY kind, id LIMIT $5"
        );
        let values = [sync.into(), rows::number(crawl)?.into(), after.0.into(), after.1.into(), i64::from(most).into(), HANDED_OVER.into()];
        self.readers.read(sql, &values).await?.iter().map(object).collect()
    }

    /// Begins a crawl of a system at that address. Its number.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_crawl(&self, name: &str, address: &str, state: &str) -> Result<u64, StoreError> {
        self.people(Begin { name: name.to_owned(), address: address.to_owned(), state: state.to_owned() }).await
    }

    /// Notes what a crawl found, and how far it is then. Whether it is still the crawl that is on its way.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_crawl(&self, name: &str, crawl: u64, objects: Vec<SyncObject>, state: Option<String>) -> Result<bool, StoreError> {
        self.people(Note { name: name.to_owned(), crawl, objects, state }).await
    }

    /// Forgets an object that was withdrawn.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_sync_object(&self, name: &str, kind: &str, id: &str) -> Result<(), StoreError> {
        self.people(Forget { name: name.to_owned(), kind: kind.to_owned(), id: id.to_owned() }).await
    }

    /// Ends a crawl, or breaks it off where a state is left to go on from. A whole one counts what it did not find.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_crawl(&self, end: CrawlEnd) -> Result<(), StoreError> {
        self.people(end).await
    }

    /// The next crawl of a system begins at once. Where nothing is known of the system yet, it is noted with that address.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn crawl_at_once(&self, name: &str, address: &str) -> Result<(), StoreError> {
        self.people(AtOnce { name: name.to_owned(), address: address.to_owned() }).await
    }
}

/// How a crawl ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrawlEnd {
    /// Of which system.
    pub name: String,
    /// Its number.
    pub crawl: u64,
    /// From where it goes on later; empty where it has ended.
    pub state: String,
    /// What is said of it, as JSON.
    pub report: String,
    /// When the next one begins, or this one goes on.
    pub due_at: Timestamp,
    /// Whether it was whole: then what it did not find is missing once more.
    pub whole: bool,
}

fn synced(row: &Row) -> Result<Synced, StoreError> {
    Ok(Synced {
        name: row.text(0)?.to_owned(),
        address: row.text(1)?.to_owned(),
        crawl: row::counter(row, 2)?,
        state: row.text(3)?.to_owned(),
        report: row.text(4)?.to_owned(),
        due_at: Timestamp::from_micros(row.integer(5)?),
    })
}

fn object(row: &Row) -> Result<SyncObject, StoreError> {
    let text = |column| row.text(column).map(str::to_owned);
    let key = if row.text(4)?.is_empty() { None } else { Some(row::key(row, 4)?) };
    Ok(SyncObject {
        kind: text(0)?,
        id: text(1)?,
        seen: row::counter(row, 2)?,
        missed: row::counter(row, 3)?,
        key,
        hash: text(5)?,
        document: text(6)?,
    })
}

struct Begin {
    name: String,
    address: String,
    state: String,
}

impl Work for Begin {
    type Told = u64;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<u64, StoreError> {
        let sql = "INSERT INTO syncs (name, address, crawl, state) VALUES ($1, $2, 1, $3)
            ON CONFLICT (name) DO UPDATE SET address = excluded.address, crawl = syncs.crawl + 1, state = excluded.state";
        desk.transaction.run(sql, &[(&self.name).into(), (&self.address).into(), (&self.state).into()]).await?;
        let found = desk.transaction.read("SELECT crawl FROM syncs WHERE name = $1", &[(&self.name).into()]).await?;
        found.first().map_or(Err(StoreError::Damaged("a crawl without a number")), |row| row::counter(row, 0))
    }
}

struct Note {
    name: String,
    crawl: u64,
    objects: Vec<SyncObject>,
    state: Option<String>,
}

impl Work for Note {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let at = [(&self.name).into(), rows::number(self.crawl)?.into()];
        let there = "SELECT 1 FROM syncs WHERE name = $1 AND crawl = $2 AND state <> ''";
        if desk.transaction.read(there, &at).await?.is_empty() {
            return Ok(false);
        }
        for some in self.objects.chunks(AT_ONCE) {
            let columns = 8;
            let places: Vec<String> = (0..some.len())
                .map(|row| {
                    let of_row: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
                    format!("({})", of_row.join(","))
                })
                .collect();
            let sql = format!(
                "INSERT INTO sync_objects (sync, kind, id, seen, missed, key, hash, document) VALUES {}
                ON CONFLICT (sync, kind, id) DO UPDATE SET seen = excluded.seen, missed = excluded.missed, key = excluded.key, hash = excluded.hash, document = excluded.document",
                places.join(",")
            );
            let mut values: Vec<Value<'_>> = Vec::with_capacity(some.len() * columns);
            for one in some {
                let key = one.key.as_ref().map_or("", OfferKey::as_str);
                values.extend([Value::from(&self.name), (&one.kind).into(), (&one.id).into(), rows::number(one.seen)?.into()]);
                values.extend([Value::from(rows::number(one.missed)?), key.into(), (&one.hash).into(), (&one.document).into()]);
            }
            desk.transaction.run(sql, &values).await?;
        }
        if let Some(state) = &self.state {
            desk.transaction.run("UPDATE syncs SET state = $2 WHERE name = $1", &[(&self.name).into(), state.into()]).await?;
        }
        Ok(true)
    }
}

struct Forget {
    name: String,
    kind: String,
    id: String,
}

impl Work for Forget {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "DELETE FROM sync_objects WHERE sync = $1 AND kind = $2 AND id = $3";
        desk.transaction.run(sql, &[(&self.name).into(), (&self.kind).into(), (&self.id).into()]).await.map(drop)
    }
}

impl Work for CrawlEnd {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let crawl = rows::number(self.crawl)?;
        // Once: two processes may have done the same crawl.
        let sql = "UPDATE syncs SET state = $3, report = $4, due_at = $5 WHERE name = $1 AND crawl = $2 AND state <> ''";
        let values = [(&self.name).into(), crawl.into(), (&self.state).into(), (&self.report).into(), self.due_at.micros().into()];
        if desk.transaction.run(sql, &values).await? == 0 || !self.whole {
            return Ok(());
        }
        let name = Value::from(&self.name);
        let missed = "UPDATE sync_objects SET missed = missed + 1 WHERE sync = $1 AND (seen < $2 OR hash = $3)";
        desk.transaction.run(missed, &[name, crawl.into(), HANDED_OVER.into()]).await?;
        // What is not published has nothing to be withdrawn.
        let gone = "DELETE FROM sync_objects WHERE sync = $1 AND seen < $2 AND missed > 1 AND hash = ''";
        desk.transaction.run(gone, &[name, crawl.into()]).await.map(drop)
    }
}

struct AtOnce {
    name: String,
    address: String,
}

impl Work for AtOnce {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO syncs (name, address) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET due_at = 0";
        desk.transaction.run(sql, &[(&self.name).into(), (&self.address).into()]).await.map(drop)
    }
}
