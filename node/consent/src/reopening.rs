//! A node that was restored from a backup: it knows less than it did, and lets nobody see anything until it has caught up.
//!
//! Beside the database, and apart from it, stands a journal of what was withdrawn: written before the transaction of a withdrawal commits, so that
//! it is never behind. What is missing in the database is replayed from it. What else was lost, partners tell: as recipients what they hold
//! of this node's ([`Line::hear`](crate::Line::hear)), as sources what they ended ([`Line::ended`](crate::Line::ended)). While it is not open
//! to a partner, nothing is disclosed to it, no consent given for it, and no copy of its people used.
//! Withdrawals, tombstones and acknowledgements always flow.
//!
//! It is kept in the database, and changed in the transactions that do what it asks for: a crash does not open a node.

use std::collections::BTreeSet;

use polder_model::{PartnerId, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a message may be on its way, in seconds: what left before the node was restored has arrived by then, or is refused. A signature lives
/// 60 s, and a receiver whose clock is half a minute behind allows half a minute more; answers have less time.
pub const LATE_SECONDS: i64 = 120;

/// What a node finds when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Found {
    /// Whoever starts it says that its database was restored.
    pub told: bool,
    /// How many withdrawals the journal holds.
    pub journal: u64,
    /// How many of them the database has seen.
    pub seen: u64,
    /// The latest change of the database of which the journal says that it was made.
    pub journal_change: u64,
    /// The latest change of the database.
    pub change: u64,
}

/// What a node has to do before it is open again. Where there is nothing, it is open.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reopening<P: Ord = PartnerId> {
    /// Whether the journal has to be replayed.
    replay: bool,
    /// The partners that have to be asked.
    ask: BTreeSet<P>,
    /// From when on they may be asked.
    ask_from: Option<Timestamp>,
}

impl<P: Ord> Default for Reopening<P> {
    fn default() -> Self {
        Self { replay: false, ask: BTreeSet::new(), ask_from: None }
    }
}

impl<P: Ord> Reopening<P> {
    /// The node starts: what it has to do beside what it had to before. `partners` are all with whom it may have exchanged anything, those who
    /// are suspended too.
    ///
    /// A database that lags behind its journal by a withdrawal alone was not restored: the node crashed between the two. It replays, and
    /// asks nobody.
    pub fn start(&mut self, found: Found, partners: impl IntoIterator<Item = P>, now: Timestamp) {
        self.replay |= found.journal > found.seen;
        if found.told || found.journal_change > found.change {
            self.replay = true;
            self.ask.extend(partners);
            self.ask_from = Some(now.plus_seconds(LATE_SECONDS));
        }
    }

    /// The journal was replayed.
    pub fn replayed(&mut self) {
        self.replay = false;
    }

    /// Since when it is on its way to be open, where it waits for anyone.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.ask_from.filter(|_| !self.ask.is_empty()).map(|from| from.plus_seconds(-LATE_SECONDS))
    }

    /// Whether the journal has to be replayed. Until then nothing is said to partners that ask, nor to workers, of what was ended.
    #[must_use]
    pub fn has_to_replay(&self) -> bool {
        self.replay
    }

    /// The partners to ask now.
    pub fn to_ask(&self, now: Timestamp) -> impl Iterator<Item = &P> {
        let may = !self.replay && self.ask_from.is_none_or(|from| from <= now);
        self.ask.iter().filter(move |_| may)
    }

    /// A partner said what it holds and what it ended, and that is written down.
    pub fn answered(&mut self, partner: &P) {
        self.ask.remove(partner);
    }

    /// The register changed: who has left it is asked no more.
    pub fn members(&mut self, is_member: impl Fn(&P) -> bool) {
        self.ask.retain(is_member);
    }

    /// Whether anything may be disclosed to that partner, consent be given for it, and copies of its people be used.
    #[must_use]
    pub fn is_open_to(&self, partner: &P) -> bool {
        !self.replay && !self.ask.contains(partner)
    }

    /// Whether it is open to all.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.replay && self.ask.is_empty()
    }

    /// Whom it waits for.
    #[must_use]
    pub fn waits_for(&self) -> &BTreeSet<P> {
        &self.ask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAME: Found = Found { told: false, journal: 4, seen: 4, journal_change: 90, change: 100 };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(1_000 + seconds)
    }

    fn started(found: Found) -> Reopening<u8> {
        let mut node = Reopening::default();
        node.start(found, [1, 2], at(0));
        node
    }

    #[test]
    fn a_node_that_has_lost_nothing_is_open() {
        assert!(started(SAME).is_open());
        assert!(started(Found { journal: 0, seen: 0, journal_change: 0, change: 0, ..SAME }).is_open(), "a new one");
        assert!(started(Found { journal_change: 100, ..SAME }).is_open());
    }

    #[test]
    fn a_crash_between_journal_and_database_is_replayed_and_nobody_is_asked() {
        let mut node = started(Found { seen: 3, ..SAME });
        assert!(node.has_to_replay() && !node.is_open_to(&1) && !node.is_open());
        node.replayed();
        assert!(node.is_open() && node.is_open_to(&1));
    }

    #[test]
    fn a_node_that_was_restored_opens_to_each_partner_that_has_told() {
        for found in [Found { told: true, ..SAME }, Found { journal_change: 101, ..SAME }] {
            let mut node = started(found);
            assert_eq!(node.to_ask(at(60)).count(), 0, "the journal comes first: what is asked is answered from what it says");
            node.replayed();
            assert!(!node.is_open_to(&1));
            assert_eq!(node.to_ask(at(119)).count(), 0, "a message of before may still be on its way");
            assert_eq!(node.to_ask(at(120)).copied().collect::<Vec<_>>(), [1, 2]);
            assert_eq!(node.since(), Some(at(0)));
            node.answered(&1);
            assert!(node.is_open_to(&1) && !node.is_open_to(&2) && !node.is_open());
            // A second start in between changes nothing: it is kept.
            node.start(SAME, [1, 2], at(130));
            assert_eq!(node.waits_for(), &BTreeSet::from([2]));
            node.members(|partner| *partner != 2);
            assert!(node.is_open() && node.since().is_none());
        }
    }

    #[test]
    fn it_is_kept() {
        let node = started(Found { told: true, ..SAME });
        let text = serde_json::to_string(&node).unwrap_or_default();
        assert_eq!(text, r#"{"replay":true,"ask":[1,2],"askFrom":"1970-01-01T00:18:40Z"}"#);
        assert_eq!(serde_json::from_str::<Reopening<u8>>(&text).ok(), Some(node));
    }
}
