//! The source's side of "withdrawal reaches every copy", for one worker, one purpose and one recipient: a *line*.
//!
//! What is done here is decided in the transaction that makes it durable. The rules, each of which the model of this crate takes away in turn:
//! a row before the bytes; a tombstone for each recipient of a copy, in the transaction that ends the consent; a tombstone is owed until it is
//! acknowledged; epochs, so that an end never touches what was given anew. A node that was restored from a backup learns from its journal what
//! ended since ([`Line::replay`]), and from each recipient what it has ([`Line::hear`]).

use crate::copies::Said;
use crate::field::FieldSet;
use crate::record::Epoch;

/// What a node knows of what it gave one recipient of one worker for one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Line {
    /// The latest epoch; 0 before the first consent.
    pub epoch: Epoch,
    /// Whether the consent of that epoch is in force.
    pub live: bool,
    /// Epochs of which a row says that a copy left, and that is not known to be erased. Distinct, rising.
    pub held: Vec<Epoch>,
    /// Tombstones that the recipient has not acknowledged. Rising by epoch.
    pub owed: Vec<Owed>,
}

/// A tombstone that is owed: what a recipient must erase of every copy of that epoch and before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owed {
    /// The epoch that ended.
    pub epoch: Epoch,
    /// The fields to erase, where others may stay under the epoch after; none named: everything.
    pub fields: FieldSet,
}

impl Owed {
    /// The same of everything. A recipient that was restored, and is not open to the source, takes every tombstone so: what it has may be older
    /// than what the tombstone leaves.
    #[must_use]
    pub const fn whole(self) -> Self {
        Self { epoch: self.epoch, fields: FieldSet::NONE }
    }
}

impl Line {
    /// A consent is given. Its epoch.
    pub fn give(&mut self) -> Epoch {
        self.epoch = self.epoch.next();
        self.live = true;
        self.epoch
    }

    /// A copy is about to leave: its epoch, under which the row is written. `None`: nothing may leave.
    pub fn disclose(&mut self) -> Option<Epoch> {
        if !self.live {
            return None;
        }
        if self.held.last() != Some(&self.epoch) {
            self.held.push(self.epoch);
        }
        Some(self.epoch)
    }

    /// The consent in force ends, by whomever; `None` where none was. What is owed to the recipient for it, if it has a copy. Where rows may be
    /// missing, because the node is not open to this recipient, [`Line::recall`] follows.
    pub fn end(&mut self) -> Option<Option<Owed>> {
        if !self.live {
            return None;
        }
        self.live = false;
        Some(self.owe(FieldSet::NONE))
    }

    /// Another consent takes the place of the one in force: `lost` are the fields that it names no more. What is owed, if there are any and the
    /// recipient has a copy; the epoch of the new consent.
    ///
    /// While an earlier tombstone is owed this one asks for everything: it may come first, and what it leaves must be nothing that the other
    /// would have erased.
    pub fn replace(&mut self, lost: FieldSet) -> Option<(Option<Owed>, Epoch)> {
        if !self.live {
            return None;
        }
        let fields = if self.owed.is_empty() { lost } else { FieldSet::NONE };
        let owed = if lost.is_empty() { None } else { self.owe(fields) };
        Some((owed, self.give()))
    }

    fn owe(&mut self, fields: FieldSet) -> Option<Owed> {
        let owed = Owed { epoch: self.epoch, fields };
        (!self.held.is_empty()).then(|| {
            self.owed.push(owed);
            owed
        })
    }

    /// The recipient says that it has done what a tombstone asks. Whether that was owed.
    pub fn acknowledged(&mut self, epoch: Epoch) -> bool {
        let Some(at) = self.owed.iter().position(|owed| owed.epoch == epoch) else { return false };
        let done = self.owed.remove(at);
        let before = self.held.len();
        self.held.retain(|held| *held > epoch);
        if !done.fields.is_empty() && self.held.len() < before {
            // What was left of these copies lives on under the consent that came in its place.
            let next = epoch.next();
            if self.held.first() != Some(&next) {
                self.held.insert(0, next);
            }
        }
        true
    }

    /// The latest epoch that has ended; 0 where none has. What a recipient is told that asks: copies up to it are to be erased whole.
    #[must_use]
    pub const fn ended(&self) -> Epoch {
        Epoch(if self.live { self.epoch.0.saturating_sub(1) } else { self.epoch.0 })
    }

    /// The journal says that this epoch has ended, perhaps after the backup from which this was restored. What is owed for it, also where no row
    /// says that the recipient has a copy: the row may be lost too. `None`: it was known.
    pub fn replay(&mut self, ended: Epoch) -> Option<Owed> {
        if ended <= self.ended() {
            return None;
        }
        self.epoch = ended;
        self.live = false;
        Some(self.recall())
    }

    /// A recipient says what it has, to a node that was restored. Copies whose rows were lost have rows again; where the consent for them was lost
    /// as well, or has ended, they are to be erased. What is owed anew for that.
    pub fn hear(&mut self, said: &Said) -> Option<Owed> {
        let newest = said.held.iter().copied().fold(said.ended, Epoch::max);
        let ends = newest > self.epoch || self.live && said.ended == self.epoch;
        if ends {
            self.epoch = newest;
            self.live = false;
        }
        let lost: Vec<Epoch> = said.held.iter().copied().filter(|epoch| !self.held.contains(epoch)).collect();
        self.held.extend(&lost);
        self.held.sort_unstable();
        let ended = self.ended();
        let is_owed = |epoch: &Epoch| self.owed.iter().any(|owed| owed.epoch >= *epoch && owed.fields.is_empty());
        let recalls = lost.iter().any(|epoch| *epoch <= ended && !is_owed(epoch));
        (ends || recalls).then(|| self.recall())
    }

    /// A tombstone is owed for everything that has ended, whether or not a row says that the recipient has a copy. What is owed.
    pub fn recall(&mut self) -> Owed {
        let owed = Owed { epoch: self.ended(), fields: FieldSet::NONE };
        self.owed.retain(|earlier| earlier.epoch < owed.epoch);
        self.owed.push(owed);
        owed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;

    const SKILLS: FieldSet = FieldSet::of(&[Field::Skills]);

    fn owed(epoch: u64) -> Owed {
        Owed { epoch: Epoch(epoch), fields: FieldSet::NONE }
    }

    /// A line with copies under so many consents, each given after the end of the one before.
    fn line(epochs: u64) -> Line {
        let mut line = Line::default();
        for _ in 0..epochs {
            line.end();
            line.give();
            line.disclose();
        }
        line
    }

    #[test]
    fn nothing_is_owed_where_no_copy_left_and_everything_before_where_one_did() {
        let mut line = Line::default();
        assert_eq!((line.disclose(), line.end(), line.ended()), (None, None, Epoch(0)));
        line.give();
        assert_eq!((line.end(), line.ended()), (Some(None), Epoch(1)));
        line.give();
        assert_eq!((line.disclose(), line.disclose(), line.ended()), (Some(Epoch(2)), Some(Epoch(2)), Epoch(1)));
        assert_eq!((line.end(), line.end()), (Some(Some(owed(2))), None));
        line.give();
        line.end();
        assert_eq!(line.owed, [owed(2), owed(3)], "no copy of 3 left, and those of 2 are not known to be gone");
        assert!(line.acknowledged(Epoch(3)) && line.held.is_empty(), "who erased up to 3 has nothing of 2");
        assert!(line.acknowledged(Epoch(2)) && !line.acknowledged(Epoch(2)) && !line.acknowledged(Epoch(7)));
    }

    #[test]
    fn what_stays_after_a_narrowing_is_held_under_the_next_epoch() {
        let mut line = line(1);
        let narrowed = Owed { epoch: Epoch(1), fields: SKILLS };
        assert_eq!(line.replace(SKILLS), Some((Some(narrowed), Epoch(2))));
        assert!(line.acknowledged(Epoch(1)));
        assert_eq!(line.held, [Epoch(2)]);
        assert_eq!(line.replace(FieldSet::NONE), Some((None, Epoch(3))), "the same for longer");
        assert_eq!(line.end(), Some(Some(owed(3))));
        assert_eq!(line.replace(SKILLS), None);
        // While something is owed, all has to go.
        line.give();
        line.disclose();
        assert_eq!(line.replace(SKILLS), Some((Some(owed(4)), Epoch(5))));
    }

    #[test]
    fn a_journal_is_replayed_once() {
        let mut line = line(1);
        assert_eq!(line.replay(Epoch(0)), None);
        assert_eq!(line.replay(Epoch(3)), Some(owed(3)));
        assert_eq!((line.epoch, line.live, line.replay(Epoch(3))), (Epoch(3), false, None));
        assert_eq!(line.give(), Epoch(4), "an epoch does not come again");
        assert_eq!(line.replay(Epoch(3)), None, "what was given since is in force");
        let mut new = Line::default();
        assert_eq!(new.replay(Epoch(1)), Some(owed(1)), "also where no row says that the recipient has a copy");
    }

    #[test]
    fn what_a_recipient_says_that_it_has_is_known_or_recalled() {
        let hears = |ended, held: &[u64]| {
            let mut line = line(2);
            let owed = line.owed.clone();
            let said = Said { ended: Epoch(ended), held: held.iter().copied().map(Epoch).collect() };
            (line.hear(&said), line.epoch, line.live, line.owed != owed, line.held)
        };
        let two = Epoch(2);
        assert_eq!(hears(0, &[1, 2]), (None, two, true, false, vec![Epoch(1), two]), "nothing was lost; 1 is owed already");
        assert_eq!(hears(0, &[3]), (Some(owed(3)), Epoch(3), false, true, vec![Epoch(1), two, Epoch(3)]), "the consent was lost");
        assert_eq!(hears(2, &[]), (Some(owed(2)), two, false, true, vec![Epoch(1), two]), "its end was lost, also in the journal");
        assert_eq!(hears(5, &[2]), (Some(owed(5)), Epoch(5), false, true, vec![Epoch(1), two]));
        let mut line = line(1);
        line.replace(FieldSet::NONE);
        line.held.clear();
        assert_eq!(line.hear(&Said { ended: Epoch(0), held: vec![Epoch(1)] }), Some(owed(1)), "the row was lost");
        assert_eq!((line.epoch, line.live), (Epoch(2), true));
        assert_eq!(line.hear(&Said { ended: Epoch(0), held: vec![Epoch(1)] }), None);
        assert_eq!(line.hear(&Said { ended: Epoch(u64::MAX), held: Vec::new() }), Some(owed(u64::MAX)));
        assert_eq!(line.give(), Epoch(u64::MAX), "who says so harms itself alone");
    }
}
