//! Course systems: the catalogue of a school, read by the Open Education API, becomes trainings of this partner.
//!
//! - [`School`] is the way to a catalogue; this room knows no sockets.
//! - `crawl` reads it page by page; each page and how far the crawl is then are one transaction, so it goes on after whatever ended it.
//! - `page` takes a page apart: one bad object spoils no other.
//! - `mapped` makes trainings of a page and publishes those that changed, by the same door as a client's.
//! - `withdrawn` withdraws what two whole crawls did not find, and the school itself does not know any more, or what both found to be of another organisation.
//! - `progress` is how far a crawl is, and [`Report`] what is said of it.

mod crawl;
mod mapped;
mod page;
mod progress;
mod withdrawn;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use polder_model::{PartnerId, Timestamp};
use polder_store::{ActsFor, StoreError};
use serde::Serialize;

use crate::duties::Duty;
use crate::node::Node;
use crate::organisations;
use crate::peers;
use progress::Progress;
pub use progress::{Counts, Gone, Lost, NotMapped, Outcome, Report, Stage, Trouble};

/// How often is looked whether a course system is due, in milliseconds.
pub const SYNC_MILLISECONDS: u64 = 500;
/// How long after a crawl broke off it goes on, in seconds; sooner where crawls follow each other faster.
const AGAIN_SECONDS: i64 = 15 * 60;

/// A course system that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How the configuration calls it.
    pub name: String,
    /// Where it is: the address of its service document.
    pub address: String,
    /// How long after a crawl ended the next one begins, in seconds.
    pub every_seconds: i64,
    /// For which organisations it is read, beside this partner itself.
    pub acts_for: Vec<PartnerId>,
    /// How much of a hundred trainings a crawl may not find and still be believed; one, where that is less than one.
    pub most_lost: u8,
}

/// The way to the catalogue of a school. It is polite: one request at a time, with pauses, and it waits as it is told to.
pub trait School: Send + Sync {
    /// What stands at a path of the catalogue, such as `/courses?pageSize=250&pageNumber=1`.
    fn get<'s>(&'s self, path: &'s str) -> BoxFuture<'s, Result<Got, NotGot>>;
}

/// What a school replied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Got {
    /// This document.
    Document(Bytes),
    /// There is nothing (any more).
    Nothing,
}

/// Why there is no reply, after all tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotGot {
    /// What went wrong.
    pub what: Missed,
    /// The status that was replied.
    pub status: Option<u16>,
    /// How long the school asks to wait.
    pub wait: Option<Duration>,
}

/// What went wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// There was no connection, or no whole reply in time: what is the matter with it.
    NotReached(peers::Trouble),
    /// A reply of another status than one that is read.
    Status,
    /// It leads to another host.
    Elsewhere,
    /// It is larger than what is read.
    TooLarge,
    /// The authorization server gave no token to show it.
    NoToken,
}

impl Missed {
    /// The code, for texts in other languages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotReached(trouble) => match trouble {
                peers::Trouble::Refused => "connection-refused",
                peers::Trouble::NoWay => "no-way",
                peers::Trouble::NoName => "no-name",
                peers::Trouble::Silent => "no-reply",
                peers::Trouble::Cut => "cut",
                peers::Trouble::NotTheirs => "not-trusted",
                peers::Trouble::Unclear => "not-reached",
            },
            Self::Status => "status",
            Self::Elsewhere => "elsewhere",
            Self::TooLarge => "too-large",
            Self::NoToken => "no-token",
        }
    }
}

/// How it stands with a course system.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// How the configuration calls it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// When the next crawl begins, or goes on.
    pub due_at: Timestamp,
    /// The crawl that is on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Now>,
    /// Of the last crawl that ended or broke off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
}

/// How far a crawl is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Now {
    /// When it began.
    pub started_at: Timestamp,
    /// What it reads.
    pub stage: Stage,
    /// Which page of that is next.
    pub page: u32,
    /// What it found.
    pub counts: Counts,
}

impl Source {
    /// As whom it publishes.
    fn acts_for(&self, own: &PartnerId) -> ActsFor {
        let all = std::iter::once(own).chain(&self.acts_for);
        let all: BTreeSet<String> = all.map(|one| organisations::as_kept(one, own).to_string()).collect();
        ActsFor::These(Arc::new(all))
    }

    fn again(&self, now: Timestamp, wait: Option<Duration>) -> Timestamp {
        let asked = wait.map_or(0, |wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX));
        now.plus_seconds(AGAIN_SECONDS.max(asked).min(self.every_seconds))
    }
}

impl Node {
    /// The course system of that name.
    #[must_use]
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.sources().iter().find(|source| source.name == name)
    }

    /// How it stands with a course system.
    ///
    /// # Errors
    /// When the store cannot say.
    pub async fn sync_standing(&self, source: &Source) -> Result<Standing, StoreError> {
        let row = self.store().sync(&source.name).await?;
        let due_at = row.as_ref().map_or(Timestamp::from_micros(0), |row| row.due_at);
        let progress = row.as_ref().and_then(|row| Progress::read(&row.state));
        let now = progress.filter(|progress| progress.fits(source)).map(|progress| progress.now());
        let report = row.and_then(|row| serde_json::from_str(&row.report).ok());
        Ok(Standing { name: source.name.clone(), url: source.address.clone(), due_at, now, report })
    }

    /// Has a course system read at once, by whichever process reads course systems.
    ///
    /// # Errors
    /// When the store cannot note it.
    pub async fn sync_at_once(&self, source: &Source) -> Result<(), StoreError> {
        self.store().crawl_at_once(&source.name, &source.address).await
    }

    /// Reads a course system, if it is due and no other replica reads them. Whether it was.
    ///
    /// # Errors
    /// When the store cannot be used. What was read until then is kept.
    pub async fn sync_if_due(&self, source: &Source, school: &dyn School) -> Result<bool, StoreError> {
        let row = self.store().sync(&source.name).await?;
        if row.is_some_and(|row| row.due_at > self.now()) || !self.takes_on(Duty::Sync).await? {
            return Ok(false);
        }
        self.crawl(source, school).await?;
        Ok(true)
    }
}
