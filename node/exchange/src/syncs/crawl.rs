//! A crawl: the service document first, then each collection page by page.

use std::collections::HashSet;

use polder_formats::education::{self, Version};
use polder_model::json::read_strict;
use polder_store::StoreError;
use polder_store::syncs::{CrawlEnd, SyncObject};
use serde_json::Value;

use super::page::{self, Page};
use super::progress::{Outcome, Progress, Report, Stage, Trouble};
use super::{Got, NotGot, School, Source};
use crate::duties::Duty;
use crate::node::Node;

/// Most pages of one collection.
const MOST_PAGES: u32 = 4_000;
/// Most pages of the offerings of one object.
const MOST_PAGES_OF_OFFERINGS: u32 = 20;
/// So many successive pages on which nothing is new say that the paging goes round.
const NOTHING_NEW: u32 = 3;
/// Largest learning outcome or organisation that is kept, in bytes.
const LARGEST_KEPT: usize = 32 * 1024;

/// Most bytes of a page and of all offerings of its objects, which are in memory together.
const LARGEST_TOGETHER: usize = 32 * 1024 * 1024;

/// Why a crawl goes no further now.
pub(super) enum Stopped {
    /// The store could not.
    Store(StoreError),
    /// The school could not, or replied what is not read.
    School(Trouble, Option<NotGot>),
    /// The school goes round: going on from here would not help.
    Round(Trouble),
    /// Another process goes on with it.
    Elsewhere,
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A crawl that is on its way.
pub(super) struct Crawl<'c> {
    pub(super) node: &'c Node,
    pub(super) source: &'c Source,
    pub(super) school: &'c dyn School,
    pub(super) number: u64,
    pub(super) progress: Progress,
    /// Successive objects that the school could not give.
    pub(super) failed: u32,
    /// Bytes that came since the page began.
    pub(super) taken: usize,
}

impl Node {
    /// Crawls, from where the last crawl broke off if it did.
    pub(super) async fn crawl(&self, source: &Source, school: &dyn School) -> Result<(), StoreError> {
        let (row, now) = (self.store().sync(&source.name).await?, self.now());
        let going_on = row.as_ref().and_then(|row| Some((row.crawl, Progress::read(&row.state)?)));
        let going_on = going_on.filter(|(_, progress)| progress.fits(source) && !progress.is_old(now));
        let (number, progress) = match going_on {
            Some(found) => found,
            None => match begin(source, school, self).await {
                Ok(begun) => begun,
                Err(Stopped::Store(error)) => return Err(error),
                Err(stopped) => return self.not_begun(source, stopped).await,
            },
        };
        tracing::info!(sync = source.name, crawl = number, stage = ?progress.stage, page = progress.page, "a course system is read");
        let mut crawl = Crawl { node: self, source, school, number, progress, failed: 0, taken: 0 };
        match crawl.run().await {
            Ok(lost) => crawl.ended(lost).await,
            Err(Stopped::Store(error)) => Err(error),
            Err(Stopped::Elsewhere) => Ok(()),
            Err(Stopped::School(trouble, not)) => crawl.broke_off(trouble, not, false).await,
            Err(Stopped::Round(trouble)) => crawl.broke_off(trouble, None, true).await,
        }
    }

    async fn not_begun(&self, source: &Source, stopped: Stopped) -> Result<(), StoreError> {
        let (trouble, wait) = match stopped {
            Stopped::School(trouble, not) => (trouble, not.and_then(|not| not.wait)),
            Stopped::Round(trouble) => (trouble, None),
            Stopped::Elsewhere | Stopped::Store(_) => return Ok(()),
        };
        tracing::warn!(sync = source.name, code = trouble.code, "a course system cannot be read; it is tried again");
        let (now, store) = (self.now(), self.store());
        // A crawl of which nothing was read: the number is taken so that what is said of it can be kept.
        let number = store.begin_crawl(&source.name, &source.address, "{}").await?;
        let report = Report::not_begun(trouble, now).write();
        let due_at = source.again(now, wait);
        store.end_crawl(CrawlEnd { name: source.name.clone(), crawl: number, state: String::new(), report, due_at, whole: false }).await
    }
}

/// The service document says which version it is.
async fn begin(source: &Source, school: &dyn School, node: &Node) -> Result<(u64, Progress), Stopped> {
    let path = "/";
    let found = match school.get(path).await {
        Ok(Got::Document(bytes)) => bytes,
        Ok(Got::Nothing) => return Err(Stopped::School(Trouble::new("no-service", path), None)),
        Err(not) => return Err(Stopped::School(Trouble::of(&not, path), Some(not))),
    };
    let service: Value = read_strict(&found).map_err(|_| Stopped::School(Trouble::new("not-json", path), None))?;
    let version = education::version(&service).map_err(|_| Stopped::School(Trouble::new("no-version", path), None))?;
    let progress = Progress::begin(source, version, node.now());
    let number = node.store().begin_crawl(&source.name, &source.address, &progress.write()).await?;
    Ok((number, progress))
}

impl Crawl<'_> {
    pub(super) fn version(&self) -> Version {
        self.progress.version()
    }

    /// Reads all that is left. Whether so much was missing that nothing of it is believed to be gone.
    async fn run(&mut self) -> Result<bool, Stopped> {
        while self.progress.stage != Stage::Missing {
            if !self.node.takes_on(Duty::Sync).await? {
                return Err(Stopped::Elsewhere);
            }
            // A page that fails is read again: what was counted of it until then is not counted twice.
            let before = self.progress.clone();
            if let Err(stopped) = self.page().await {
                self.progress = before;
                return Err(stopped);
            }
        }
        self.withdraw().await
    }

    /// Reads the next page.
    async fn page(&mut self) -> Result<(), Stopped> {
        let (stage, version, number) = (self.progress.stage, self.version(), self.progress.page);
        let path = page::path(stage, version, number);
        self.taken = 0;
        let Some(page) = self.fetch(&path, page::id_of(stage, version)).await? else {
            // A catalogue need not have every collection; but what it had before is not taken for gone.
            if number > 1 || !self.node.store().sync_objects_of(&self.source.name, stage.kind(), 1).await?.is_empty() {
                return Err(Stopped::School(Trouble::new("collection-gone", &path), None));
            }
            self.progress.next_stage();
            return self.note(Vec::new()).await;
        };
        let more = page.more;
        let mut ids = HashSet::new();
        let mut objects = Vec::new();
        for item in page.items {
            let place = format!("{path}#{}", item.number);
            match item.object {
                Ok((id, object)) if ids.insert(id.clone()) => objects.push((id, object)),
                // Twice on one page.
                Ok(_) => {}
                Err(message) if stage.is_of_trainings() => self.progress.refuse(place, "", "not-of-the-format", message),
                Err(message) => self.progress.name(place, "", "not-of-the-format", message),
            }
        }
        let known = self.known(stage.kind(), objects.iter().map(|(id, _)| id.as_str())).await?;
        let seen = |id: &str| known.iter().any(|object| object.id == id && object.seen == self.number);
        // What a page before had already, because others came in between, is left out.
        objects.retain(|(id, _)| !seen(id));
        let new = !objects.is_empty();
        let rows = match stage {
            Stage::Organisations | Stage::LearningOutcomes => self.kept(stage, objects),
            _ => self.trainings(stage, objects, known).await?,
        };
        self.progress.nothing_new = if new { 0 } else { self.progress.nothing_new + 1 };
        if !more {
            self.progress.next_stage();
            return self.note(rows).await;
        }
        if self.progress.nothing_new >= NOTHING_NEW || number >= MOST_PAGES {
            return Err(Stopped::Round(Trouble::new("goes-round", &path)));
        }
        self.progress.page += 1;
        self.note(rows).await
    }

    /// Organisations and learning outcomes are kept as they are: trainings refer to them.
    fn kept(&mut self, stage: Stage, objects: Vec<(String, Value)>) -> Vec<SyncObject> {
        let mut rows = Vec::new();
        for (id, object) in objects {
            let document = object.to_string();
            if document.len() > LARGEST_KEPT {
                let path = page::path_of(stage, self.version(), &id);
                self.progress.name(path, "", "too-much", format!("more than {LARGEST_KEPT} bytes"));
                continue;
            }
            let count = &mut self.progress.counts;
            *(if stage == Stage::Organisations { &mut count.organisations } else { &mut count.learning_outcomes }) += 1;
            rows.push(SyncObject { kind: stage.kind().to_owned(), id, seen: self.number, document, ..SyncObject::default() });
        }
        rows
    }

    pub(super) async fn known(&self, kind: &str, ids: impl Iterator<Item = &str>) -> Result<Vec<SyncObject>, StoreError> {
        let ids: Vec<&str> = ids.collect();
        self.node.store().sync_objects(&self.source.name, kind, &ids).await
    }

    /// Notes what was found, and how far the crawl is then.
    pub(super) async fn note(&self, rows: Vec<SyncObject>) -> Result<(), Stopped> {
        let state = Some(self.progress.write());
        let ours = self.node.store().note_crawl(&self.source.name, self.number, rows, state).await?;
        if ours { Ok(()) } else { Err(Stopped::Elsewhere) }
    }

    /// A page of a collection; `None` where there is no such collection.
    async fn fetch(&mut self, path: &str, id: &str) -> Result<Option<Page>, Stopped> {
        match self.school.get(path).await {
            Ok(Got::Document(bytes)) => {
                self.taken += bytes.len();
                if self.taken > LARGEST_TOGETHER {
                    return Err(Stopped::School(Trouble::new("too-large", path), None));
                }
                let page = page::read(&bytes, id).ok_or_else(|| Stopped::School(Trouble::new("no-page", path), None))?;
                Ok(Some(page))
            }
            Ok(Got::Nothing) => Ok(None),
            Err(not) => Err(Stopped::School(Trouble::of(&not, path), Some(not))),
        }
    }

    /// All offerings of a programme or course.
    pub(super) async fn offerings(&mut self, stage: Stage, id: &str) -> Result<Vec<Value>, Stopped> {
        let (version, mut offerings, mut ids) = (self.version(), Vec::new(), HashSet::new());
        for number in 1..=MOST_PAGES_OF_OFFERINGS {
            let path = page::path_of_offerings(stage, version, id, number);
            let Some(page) = self.fetch(&path, page::id_of_offering(stage, version)).await? else { return Ok(offerings) };
            let before = ids.len();
            for item in page.items {
                let place = format!("{path}#{}", item.number);
                match item.object {
                    Ok((id, offering)) => {
                        if ids.insert(id) {
                            offerings.push(offering);
                        }
                    }
                    Err(message) => self.progress.name(place, "", "not-of-the-format", message),
                }
            }
            if !page.more {
                return Ok(offerings);
            }
            if ids.len() == before {
                return Err(Stopped::School(Trouble::new("goes-round", &path), None));
            }
        }
        Err(Stopped::School(Trouble::new("goes-round", &page::path_of_offerings(stage, version, id, 1)), None))
    }

    async fn ended(self, lost: bool) -> Result<(), StoreError> {
        let (now, source) = (self.node.now(), self.source);
        let outcome = if lost { Outcome::LostTooMuch } else { Outcome::Whole };
        let report = self.progress.report(outcome, None, now);
        tracing::info!(sync = source.name, crawl = self.number, ?outcome, counts = ?report.counts, "a course system was read");
        let due_at = now.plus_seconds(source.every_seconds);
        let (name, report) = (source.name.clone(), report.write());
        let end = CrawlEnd { name, crawl: self.number, state: String::new(), report, due_at, whole: !lost };
        self.node.store().end_crawl(end).await
    }

    /// Breaks the crawl off. It goes on from here later, unless it is to begin anew.
    async fn broke_off(self, trouble: Trouble, not: Option<NotGot>, anew: bool) -> Result<(), StoreError> {
        let (now, source) = (self.node.now(), self.source);
        tracing::warn!(sync = source.name, crawl = self.number, code = trouble.code, path = trouble.path, "a crawl broke off");
        let state = if anew { String::new() } else { self.progress.write() };
        let report = self.progress.report(Outcome::BrokenOff, Some(trouble), now).write();
        let due_at = source.again(now, not.and_then(|not| not.wait));
        let end = CrawlEnd { name: source.name.clone(), crawl: self.number, state, report, due_at, whole: false };
        self.node.store().end_crawl(end).await
    }
}
