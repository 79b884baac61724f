//! What two whole crawls did not find is withdrawn, once the school was asked for it by itself; and what both found to be of another organisation.

use polder_model::Kind;
use polder_model::json::read_strict;
use polder_store::StoreError;
use polder_store::syncs::{HANDED_OVER, SyncObject};

use super::crawl::{Crawl, Stopped};
use super::mapped::ANOTHER_ORGANISATION;
use super::progress::{Gone, Stage};
use super::{Got, page};
use crate::duties::Duty;

/// Objects that are looked at at once.
const AT_ONCE: u32 = 100;

impl Crawl<'_> {
    /// Withdraws what is gone. Whether so much is missing that nothing of it is believed to be.
    pub(super) async fn withdraw(&mut self) -> Result<bool, Stopped> {
        let store = self.node.store();
        let (published, missing) = store.count_sync(&self.source.name, self.number).await?;
        self.progress.counts.missing = missing;
        if missing > (published * u64::from(self.source.most_lost) / 100).max(1) {
            return Ok(true);
        }
        let mut after = (String::new(), String::new());
        loop {
            let some = store.missing_twice(&self.source.name, self.number, (&after.0, &after.1), AT_ONCE).await?;
            let Some(last) = some.last() else { return Ok(false) };
            after = (last.kind.clone(), last.id.clone());
            for row in some {
                if !self.node.takes_on(Duty::Sync).await? {
                    return Err(Stopped::Elsewhere);
                }
                let before = self.progress.clone();
                if let Err(stopped) = self.look_for(row).await {
                    self.progress = before;
                    return Err(stopped);
                }
            }
        }
    }

    /// A page may have moved under both crawls: the object itself is asked for.
    async fn look_for(&mut self, row: SyncObject) -> Result<(), Stopped> {
        self.taken = 0;
        let stage = if row.kind == Stage::Programmes.kind() { Stage::Programmes } else { Stage::Courses };
        let path = page::path_of(stage, self.version(), &row.id);
        if row.seen == self.number && row.hash == HANDED_OVER {
            return self.take_away(path, row, ANOTHER_ORGANISATION).await;
        }
        match self.school.get(&path).await {
            Ok(Got::Nothing) => self.take_away(path, row, "not-found").await,
            Ok(Got::Document(bytes)) => {
                self.progress.counts.missing = self.progress.counts.missing.saturating_sub(1);
                let rows = match read_strict(&bytes) {
                    Ok(object) => self.trainings(stage, vec![(row.id.clone(), object)], vec![row]).await?,
                    // It is there, and stays as it was.
                    Err(_) => vec![SyncObject { seen: self.number, missed: 0, ..row }],
                };
                self.note(rows).await
            }
            // Nobody knows: it stays until the school says.
            Err(_) => Ok(()),
        }
    }

    /// Withdraws the training of an object, and forgets the object.
    async fn take_away(&mut self, path: String, mut row: SyncObject, code: &str) -> Result<(), Stopped> {
        let (title, key) = (self.title_of(&row).await?, row.key.clone());
        self.delete(&mut row).await?;
        self.node.store().forget_sync_object(&self.source.name, &row.kind, &row.id).await?;
        self.progress.counts.withdrawn += 1;
        self.progress.counts.missing = self.progress.counts.missing.saturating_sub(1);
        self.progress.end(Gone { path, title, key, code: code.to_owned(), withdrawn: true });
        self.note(Vec::new()).await
    }

    /// What the training of an object is called as it is published; empty where it is not.
    async fn title_of(&self, row: &SyncObject) -> Result<String, StoreError> {
        let Some(key) = &row.key else { return Ok(String::new()) };
        let published = self.node.store().offer(Kind::Training, key).await?;
        let document: Option<serde_json::Value> = published.and_then(|offer| serde_json::from_slice(&offer.document).ok());
        Ok(document.and_then(|document| document["title"].as_str().map(str::to_owned)).unwrap_or_default())
    }
}
