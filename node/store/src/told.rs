//! What `on_commit` was told: every change once, in the order of their numbers, whoever made it. Offers and views are numbered apart.

use tokio::sync::Mutex;

use crate::engine::Connection;
use crate::error::StoreError;
use crate::read;
use crate::types::{Change, OnCommit};

/// Most changes that are read at a time, with their documents.
const PAGE: i64 = 200;

/// The latest changes that there are, or that are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Latest {
    pub(crate) offers: u64,
    pub(crate) views: u64,
}

impl Latest {
    /// Those after which these changes are the next.
    fn before(own: &[Change]) -> (Option<u64>, Option<u64>) {
        let first = |view: bool| own.iter().find(|change| change.audience.is_some() == view).map(|change| change.change - 1);
        (first(false), first(true))
    }

    fn take_in(&mut self, change: &Change) {
        let known = if change.audience.is_some() { &mut self.views } else { &mut self.offers };
        *known = change.change;
    }
}

/// The listener, and the numbers of the latest changes that it knows.
pub(crate) struct Told {
    on_commit: OnCommit,
    known: Mutex<Latest>,
}

impl Told {
    pub(crate) fn new(on_commit: OnCommit, known: Latest) -> Self {
        Self { on_commit, known: Mutex::new(known) }
    }

    /// Tells what this process committed. Where other replicas committed something before, that is read and told first.
    pub(crate) async fn committed(&self, connection: &mut Connection, own: &[Change]) -> Result<(), StoreError> {
        if own.is_empty() {
            return Ok(());
        }
        let mut known = self.known.lock().await;
        let (offers, views) = Latest::before(own);
        if offers.is_none_or(|before| before == known.offers) && views.is_none_or(|before| before == known.views) {
            self.tell(&mut known, own);
            return Ok(());
        }
        self.read_on(&mut known, connection).await
    }

    /// Reads and tells everything that was committed before this call. Where there is nothing, it costs one look at an index of the database.
    pub(crate) async fn catch_up(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let mut known = self.known.lock().await;
        self.read_on(&mut known, connection).await
    }

    async fn read_on(&self, known: &mut Latest, connection: &mut Connection) -> Result<(), StoreError> {
        loop {
            // An offer that changes between two pages moves to a later one: none is passed over.
            let missed = read::missed(connection, *known, PAGE).await?;
            self.tell(known, &missed);
            if is_last(&missed) {
                return Ok(());
            }
        }
    }

    fn tell(&self, known: &mut Latest, changes: &[Change]) {
        if !changes.is_empty() {
            (self.on_commit)(changes);
            changes.iter().for_each(|change| known.take_in(change));
        }
    }
}

/// Whether a page holds all that there was when it was read: of neither offers nor views as many as a page takes. What was written since is not waited for,
/// or whoever asks would wait for as long as others write.
fn is_last(page: &[Change]) -> bool {
    let views = page.iter().filter(|change| change.audience.is_some()).count();
    let full = |count: usize| i64::try_from(count).is_ok_and(|count| count >= PAGE);
    !full(views) && !full(page.len() - views)
}

#[cfg(test)]
mod tests {
    use polder_model::features::Audience;
    use polder_model::{Kind, Timestamp};

    use super::*;

    fn page(offers: usize, views: usize) -> Vec<Change> {
        let change = |number: usize, audience| Change {
            change: number as u64 + 1,
            kind: Kind::SkillOffer,
            key: "P-1".parse().expect("a key"),
            version: 1,
            modified_at: Timestamp::from_micros(0),
            document: None,
            features: None,
            audience,
        };
        (0..offers).map(|number| change(number, None)).chain((0..views).map(|number| change(number, Some(Audience::default())))).collect()
    }

    #[test]
    fn a_page_that_is_full_of_either_is_not_the_last() {
        for (offers, views, last) in
            [(0, 0, true), (1, 0, true), (199, 199, true), (200, 0, false), (0, 200, false), (200, 3, false), (3, 200, false)]
        {
            assert_eq!(is_last(&page(offers, views)), last, "{offers} offers and {views} views");
        }
    }
}
