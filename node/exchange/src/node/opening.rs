//! How a node is opened: its database first, what had ended before anything else, and its index last.

use std::sync::{Arc, Mutex};

use polder_consent::Policy;
use polder_index::Index;
use polder_store::Store;
use polder_trust::register::SharedRegister;

use super::{Home, Node, others};
use crate::clock::Clock;
use crate::clock_guard::ClockGuard;
use crate::duties::Duties;
use crate::index_feed::{self, Feed};
use crate::index_file::{IndexFile, Keeping};
use crate::log::{LogDesk, LogNow};
use crate::open_error::OpenError;
use crate::organisations;
use crate::peers::Peers;
use crate::people::{Asking, Delivery, Gathering, Noted};
use crate::place::Place;
use crate::register_news::{Keeper, OtherKeepers};
use crate::searches::Searches;
use crate::tables::{self, Tables};
use crate::traces::Traces;

/// The setting that says whose database it is.
const HOME_SETTING: &str = "home-partner";

impl Node {
    /// Opens the database (made if it is not there), fills the index from its file or from the database, and follows what other replicas of
    /// this node write.
    ///
    /// # Errors
    /// When the database cannot be used or is another partner's.
    pub async fn open(
        home: Home,
        place: impl Into<Place>,
        register: SharedRegister,
        peers: Arc<dyn Peers>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        Self::open_keeping(home, place, register, peers, clock, Keeping::default()).await
    }

    /// The same, with other times at which the index is written to its file.
    ///
    /// # Errors
    /// As [`Node::open`].
    pub async fn open_keeping(
        home: Home,
        place: impl Into<Place>,
        register: SharedRegister,
        peers: Arc<dyn Peers>,
        clock: Arc<dyn Clock>,
        keeping: Keeping,
    ) -> Result<Self, OpenError> {
        let clock_guard = ClockGuard::new(&*clock);
        let Place { database, data, journal } = place.into();
        let feed = Arc::new(Feed::new(Index::new(home.partner.clone())));
        let index = Arc::clone(&feed.index);
        let (follower, compaction) = (Arc::clone(&feed), index_feed::start_compacting(&index).map_err(OpenError::Thread)?);
        let on_commit = move |changes: &[polder_store::Change]| {
            follower.follow(changes);
            // A full channel holds a word to it already.
            let _ = compaction.try_send(());
        };
        let store = Store::open_beside(database, &journal, Arc::new(on_commit)).await?;
        match store.setting(HOME_SETTING).await? {
            None => store.set_setting(HOME_SETTING, home.partner.as_str()).await?,
            Some(found) if found == home.partner.as_str() => {}
            Some(found) => return Err(OpenError::AnotherPartner { found, expected: home.partner }),
        }
        // Before anything else is written or said: what ended has ended.
        store.replay(clock.now()).await?;
        organisations::complete(&store, &home.partner).await?;
        store.complete_texts().await?;
        let keeper = Keeper::open(&store, &register, &data, clock.now()).await?;
        store.reopen(others(&register.current(), &home.partner), clock.now()).await?;
        let tables = Tables::open(tables::directory(&data));
        let index_file = Arc::new(IndexFile::open(data.clone(), feed, store.clone(), Arc::clone(&clock), keeping).await?);
        // Not before: what is told while the index is being built would be lost with the one that it replaces.
        store.follow().await;
        let keeping = index_file.keep();
        let other_keepers = OtherKeepers::default();
        let searches = Searches::new();
        let openness = Mutex::new(store.reader().openness().await?);
        let log = LogDesk::new(LogNow::read(&store.reader()).await?);
        Ok(Self {
            home,
            store,
            index,
            index_file,
            _keeping: keeping,
            register,
            data,
            keeper,
            other_keepers,
            peers,
            clock,
            clock_guard,
            searches,
            tables,
            duties: Duties::new(),
            traces: Traces::default(),
            flights: Arc::default(),
            delivery: Delivery::default(),
            gathering: Gathering::default(),
            applications: tokio::sync::Notify::new(),
            asking: Asking::default(),
            openness,
            noted: Noted::default(),
            policy: Policy::default(),
            clients: Vec::new(),
            signing: None,
            log,
            sources: Vec::new(),
        })
    }
}
