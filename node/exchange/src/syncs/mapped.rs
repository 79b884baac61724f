//! Programmes and courses of a page become trainings, and those that changed are published.

use std::sync::Arc;

use polder_formats::education::{Catalogue, Offered, Version, read, title};
use polder_formats::report::{Ended, Read, Record};
use polder_formats::{Context, canonical};
use polder_model::{FindingCode, Kind, OfferKey};
use polder_store::syncs::{CLAIMED, HANDED_OVER, SyncObject};
use polder_store::{ActsFor, Outcome, Precondition, StoreError};
use serde_json::{Value, json};

use super::crawl::{Crawl, Stopped};
use super::page;
use super::progress::{Gone, Stage};
use crate::duties::Duty;
use crate::publish::{Publication, PublishRefused, Published};

/// Most organisations of a school that are read.
const MOST_ORGANISATIONS: u32 = 1_000;
/// So many successive objects that the school cannot give say that it gives nothing now.
const SUCCESSIVE: u32 = 3;
/// Where a training names whose it is.
const WHOSE: &str = "/provider/kvk";
/// The code of what belongs to an organisation for which the system is not read.
pub(super) const ANOTHER_ORGANISATION: &str = "another-organisation";

impl Crawl<'_> {
    /// Publishes what became other of these objects. The rows that say what was found.
    pub(super) async fn trainings(
        &mut self,
        stage: Stage,
        objects: Vec<(String, Value)>,
        known: Vec<SyncObject>,
    ) -> Result<Vec<SyncObject>, Stopped> {
        let mut rows = Vec::new();
        let mut read = Vec::new();
        for (id, object) in objects {
            if !self.node.takes_on(Duty::Sync).await? {
                return Err(Stopped::Elsewhere);
            }
            let count = &mut self.progress.counts;
            *(if stage == Stage::Programmes { &mut count.programmes } else { &mut count.courses }) += 1;
            let mut row = known.iter().find(|row| row.id == id).cloned().unwrap_or_default();
            (row.kind, row.id, row.seen) = (stage.kind().to_owned(), id, self.number);
            if row.hash != HANDED_OVER {
                row.missed = 0;
            }
            match self.offerings(stage, &row.id).await {
                Ok(offerings) => {
                    self.failed = 0;
                    self.progress.counts.offerings += offerings.len() as u64;
                    read.push((row, object, offerings));
                }
                Err(Stopped::School(trouble, not)) => {
                    // What cannot be read of one spoils no other; what stands there before stays.
                    self.failed += 1;
                    if self.failed >= SUCCESSIVE || not.as_ref().is_some_and(|not| not.status.is_none()) {
                        return Err(Stopped::School(trouble, not));
                    }
                    self.progress.refuse(trouble.path, "", "offerings", "its offerings could not be read");
                    rows.push(SyncObject { missed: 0, ..row });
                }
                Err(stopped) => return Err(stopped),
            }
        }
        rows.extend(self.map(stage, read).await?);
        Ok(rows)
    }

    async fn map(&mut self, stage: Stage, read: Vec<(SyncObject, Value, Vec<Value>)>) -> Result<Vec<SyncObject>, Stopped> {
        let (organisations, outcomes) = self.referred_to(&read).await?;
        let (rows, found): (Vec<_>, Vec<_>) = read.into_iter().map(|(row, object, offerings)| (row, (object, offerings))).unzip();
        let (provider, version) = (self.provider(), self.version());
        let titles: Vec<String> = found.iter().map(|(object, _)| title(object)).collect();
        let (reference, today) = (self.node.reference(), self.node.now().date());
        // Thousands of texts are read: not on a thread on which requests are answered.
        let mapping = move || {
            let programme = stage == Stage::Programmes;
            mapped(version, programme, provider.as_ref(), &organisations, &outcomes, &found, Context { today, reference: &reference })
        };
        let mapped = tokio::task::spawn_blocking(mapping).await.map_err(|_| StoreError::Busy)?;
        let place = |item: Option<u64>| item.and_then(|item| usize::try_from(item).ok()).and_then(|item| item.checked_sub(1));
        let mut rows: Vec<Option<SyncObject>> = rows.into_iter().map(Some).collect();
        let mut take = |item: Option<u64>| place(item).and_then(|index| rows.get_mut(index)?.take());
        let mut done = Vec::new();
        for refused in &mapped.refused {
            let Some(row) = take(refused.place.item) else { continue };
            self.progress.refused(page::path_of(stage, version, &row.id), refused);
            done.push(SyncObject { missed: 0, ..row });
        }
        for ended in mapped.ended {
            let Some(row) = take(ended.place.item) else { continue };
            let title = place(ended.place.item).and_then(|index| titles.get(index)).cloned().unwrap_or_default();
            done.push(self.end(stage, row, title, ended).await?);
        }
        let mut changed = Vec::new();
        for record in mapped.records {
            let Some(row) = take(record.place.item) else { continue };
            self.progress.lose(&record.notes);
            let hash = canonical::hash(&record.document);
            if row.hash == hash {
                self.progress.counts.unchanged += 1;
                done.push(row);
            } else {
                changed.push((row, record, hash));
            }
        }
        done.extend(self.publish(stage, changed).await?);
        Ok(done)
    }

    /// The organisations, and the learning outcomes that these objects name.
    async fn referred_to(&self, read: &[(SyncObject, Value, Vec<Value>)]) -> Result<(Vec<Value>, Vec<Value>), StoreError> {
        let values = |rows: Vec<SyncObject>| rows.iter().filter_map(|row| serde_json::from_str(&row.document).ok()).collect();
        let store = self.node.store();
        let organisations = store.sync_objects_of(&self.source.name, Stage::Organisations.kind(), MOST_ORGANISATIONS).await?;
        let mut ids: Vec<&str> = Vec::new();
        if self.version() == Version::V6 {
            let members = ["learningOutcomes", "learningOutcomeIds"];
            let named = read.iter().flat_map(|(_, object, _)| members.iter().filter_map(|member| object.get(*member)?.as_array()));
            ids.extend(named.flatten().filter_map(Value::as_str));
            ids.sort_unstable();
            ids.dedup();
        }
        let outcomes = self.known(Stage::LearningOutcomes.kind(), ids.into_iter()).await?;
        Ok((values(organisations), values(outcomes)))
    }

    /// The provider of what names none: this partner, unless the catalogue is read for others.
    fn provider(&self) -> Option<Value> {
        let home = self.node.home();
        if !self.source.acts_for.is_empty() {
            return None;
        }
        let mut provider = json!({"name": home.name});
        if let Some(kvk) = home.partner.as_str().strip_prefix("kvk:") {
            provider["kvk"] = kvk.into();
        }
        Some(provider)
    }

    /// What is no offer now is withdrawn at once: the school says so itself.
    async fn end(&mut self, stage: Stage, mut row: SyncObject, title: String, ended: Ended) -> Result<SyncObject, Stopped> {
        self.progress.counts.ended += 1;
        let (path, withdrawn) = (page::path_of(stage, self.version(), &row.id), !row.hash.is_empty());
        self.delete(&mut row).await?;
        self.progress.end(Gone { path, title, key: Some(ended.key), code: ended.because.code().to_owned(), withdrawn });
        Ok(SyncObject { missed: 0, ..row })
    }

    /// Withdraws the training of an object, if it is published.
    pub(super) async fn delete(&self, row: &mut SyncObject) -> Result<(), StoreError> {
        if let Some(key) = row.key.as_ref().filter(|_| !row.hash.is_empty()) {
            let acts_for = self.source.acts_for(&self.node.home().partner);
            match self.node.delete_for(acts_for, Kind::Training, key, Precondition::None).await {
                // An offer of an organisation for which this source is not read any more is left to whoever is.
                Ok(_) | Err(StoreError::AnotherOrganisation(_)) => {}
                Err(error) => return Err(error),
            }
        }
        row.hash.clear();
        Ok(())
    }

    async fn publish(&mut self, stage: Stage, changed: Vec<(SyncObject, Record, String)>) -> Result<Vec<SyncObject>, Stopped> {
        let (mut done, mut puts, mut claims) = (Vec::new(), Vec::new(), Vec::new());
        for (mut row, record, hash) in changed {
            if row.hash.is_empty() {
                if self.is_taken(&row, &record.key).await? {
                    let path = page::path_of(stage, self.version(), &row.id);
                    let message = "the key that this id gives belongs to another offer of this node; the school has to give it another id";
                    self.progress.refuse(path, "", "key-twice", message);
                    done.push(row);
                    continue;
                }
                row.key = Some(record.key.clone());
                claims.push(SyncObject { hash: CLAIMED.to_owned(), seen: self.number.saturating_sub(1), ..row.clone() });
                CLAIMED.clone_into(&mut row.hash);
            }
            puts.push((row, record, hash));
        }
        if !claims.is_empty() && !self.node.store().note_crawl(&self.source.name, self.number, claims, None).await? {
            return Err(Stopped::Elsewhere);
        }
        let acts_for = self.source.acts_for(&self.node.home().partner);
        let publications = puts.iter().map(|(_, record, _)| Publication {
            kind: Kind::Training,
            key: record.key.clone(),
            document: Arc::from(record.document.to_string().into_bytes()),
            precondition: Precondition::None,
        });
        let verdicts = self.node.publish_many_for(acts_for.clone(), publications.collect()).await;
        for ((mut row, record, hash), verdict) in puts.into_iter().zip(verdicts) {
            match verdict {
                Ok(Published { stored, .. }) => {
                    let counts = &mut self.progress.counts;
                    *match stored.outcome {
                        Outcome::Created => &mut counts.created,
                        Outcome::Replaced => &mut counts.replaced,
                        Outcome::Unchanged => &mut counts.unchanged,
                    } += 1;
                    (row.hash, row.missed) = (hash, 0);
                }
                Err(refused) => {
                    let (field, code, message) = said(refused)?;
                    self.progress.refuse(page::path_of(stage, self.version(), &row.id), &field, code, message);
                    if row.hash == CLAIMED {
                        // It was never there.
                        row.hash.clear();
                    } else if field == WHOSE && code == ANOTHER_ORGANISATION && self.was_ours(&record.key, &acts_for).await? {
                        // It stays until a second whole crawl finds the same.
                        HANDED_OVER.clone_into(&mut row.hash);
                    } else {
                        // What stands there stays.
                        row.missed = 0;
                    }
                }
            }
            done.push(row);
        }
        Ok(done)
    }

    /// Whether the training that stands there is of an organisation for which the system is read.
    async fn was_ours(&self, key: &OfferKey, acts_for: &ActsFor) -> Result<bool, StoreError> {
        let organisation = self.node.store().organisation_of(Kind::Training, key).await?;
        Ok(organisation.is_some_and(|organisation| acts_for.includes(&organisation)))
    }

    /// Whether a key belongs to something else: to another object, or to an offer that did not come from here.
    async fn is_taken(&self, row: &SyncObject, key: &OfferKey) -> Result<bool, StoreError> {
        let store = self.node.store();
        if store.sync_holds(key, &self.source.name, &row.kind, &row.id).await? {
            return Ok(true);
        }
        // One that this object had before, and that was withdrawn, may be there again by another hand.
        Ok(store.offer(Kind::Training, key).await?.is_some())
    }
}

/// Why an offer was not published: field, code and message. What the store could not is no fault of the offer.
fn said(refused: PublishRefused) -> Result<(String, &'static str, String), StoreError> {
    match refused {
        PublishRefused::Invalid(findings) => {
            let Some(first) = findings.into_iter().next() else { return Ok((String::new(), "rule", String::new())) };
            if first.pointer == WHOSE && first.code == FindingCode::AnotherOrganisation {
                let message = "the course system is not read for this organisation; name it in `for` of its [[sync]], if it is";
                return Ok((first.pointer, ANOTHER_ORGANISATION, message.to_owned()));
            }
            Ok((first.pointer, "rule", first.message))
        }
        PublishRefused::Store(error @ StoreError::TooMany { .. }) => Ok((String::new(), "too-many", error.to_string())),
        PublishRefused::Store(StoreError::AnotherOrganisation(_)) => {
            Ok((String::new(), ANOTHER_ORGANISATION, "the offer with this key is of another organisation".to_owned()))
        }
        PublishRefused::Store(error) => Err(error),
    }
}

fn mapped(
    version: Version,
    programme: bool,
    provider: Option<&Value>,
    organisations: &[Value],
    outcomes: &[Value],
    found: &[(Value, Vec<Value>)],
    context: Context<'_>,
) -> Read {
    let offered: Vec<Offered<'_>> = found.iter().map(|(object, offerings)| Offered { object, offerings }).collect();
    let (programmes, courses): (&[_], &[_]) = if programme { (&offered, &[]) } else { (&[], &offered) };
    read(&Catalogue { version, provider, organisations, outcomes, programmes, courses }, context)
}
