//! What there is: databases, journals, memory, the network, and what an observer has noted. The observer forgets nothing.

use std::collections::BTreeSet;

use polder_model::Timestamp;

use crate::copies::{Copies, Copy};
use crate::field::{Field, FieldSet};
use crate::flights::{Flights, Waiting};
use crate::id::WorkerId;
use crate::line::{Line, Owed};
use crate::record::Epoch;
use crate::reopening::Reopening;

pub(super) const WORKER: WorkerId = WorkerId::from_random([1; 16]);
/// What a consent grants, from wide to narrow.
pub(super) const FIELDS: [FieldSet; 3] = [
    FieldSet::of(&[Field::Title, Field::Skills, Field::Hours]),
    FieldSet::of(&[Field::Title, Field::Skills]),
    FieldSet::of(&[Field::Title]),
];
/// The one answer that a process has on its way at a time.
pub(super) const ANSWER: u64 = 1;
/// The source, as its recipients number it.
pub(super) const SOURCE: usize = 9;

/// A part of the protocol that can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A withdrawal is acknowledged when nothing that may carry the worker is on its way here.
    Drain,
    /// … nor in any other process.
    DrainElsewhere,
    /// An answer counts as on its way before its transaction.
    BeginBefore,
    /// A recipient remembers tombstones.
    Remember,
    /// A recipient erases before it acknowledges.
    EraseFirst,
    /// A tombstone is owed until it is acknowledged.
    Retry,
    /// A tombstone is of one epoch.
    Epochs,
    /// Consent is checked in the transaction that writes the row.
    Atomic,
    /// The fields are those that the transaction found.
    FieldsOfTransaction,
    /// The row is written before the bytes leave.
    RowFirst,
    /// The tombstone is owed from the transaction on that ends the consent.
    SameTransaction,
    /// What narrows while a tombstone is owed asks for everything.
    Whole,
    /// A copy dies when its lease ends.
    Lease,
    /// A withdrawal is in the journal before it is in the database.
    JournalFirst,
    /// What was restored discloses nothing until it has caught up.
    NoDisclosure,
    /// … nor has it consents given.
    NoGiving,
    /// A source that was restored asks recipients what they hold.
    AskRecipients,
    /// … not before what was sent before is past its time.
    AskLater,
    /// A recipient that was restored asks sources what has ended.
    AskSources,
    /// … and takes tombstones whole until then.
    WholeWhileClosed,
    /// A source tells what has ended only when it has replayed its journal.
    ReplayBeforeTelling,
    /// What ends before a recipient has told is owed a tombstone, whatever the rows say.
    RecallWhileClosed,
    /// What is to be done after a restore outlives a crash.
    KeptReopening,
    /// Tombstones flow while nothing is disclosed.
    AlwaysTell,
}

/// The protocol, without one of its parts or with all, and how much may happen.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) without: Option<Part>,
    pub(super) bounds: Bounds,
}

/// How much may happen at most, in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    /// Recipients for whom something happens.
    pub(super) recipients: usize,
    pub(super) processes: usize,
    /// Consents given, to all recipients.
    pub(super) gives: u8,
    /// How wide they may be: always of the widest, or also of the one after.
    pub(super) widths: usize,
    /// Consents narrowed.
    pub(super) narrows: u8,
    /// Answers begun.
    pub(super) answers: u8,
    pub(super) crashes: u8,
    /// Restores of the source; one backup may be made.
    pub(super) restores: u8,
    /// The same of recipients.
    pub(super) recipient_restores: u8,
    /// Leases that end.
    pub(super) later: u8,
}

/// What the database of the source holds of one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Record {
    pub(super) line: Line,
    /// What the consent in force grants.
    pub(super) fields: FieldSet,
}

/// The database of the source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Database {
    pub(super) records: [Record; 2],
    pub(super) reopening: Reopening<usize>,
}

/// An answer that a process has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Answer {
    pub(super) to: usize,
    /// What was found, outside of the transaction.
    pub(super) found: (Epoch, FieldSet),
    /// What the transaction found.
    pub(super) carries: Option<(Epoch, FieldSet)>,
    /// Whether it was counted among those on their way.
    pub(super) counted: bool,
}

/// A process of the source: all that a crash takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Process {
    pub(super) down: bool,
    pub(super) flights: Flights,
    pub(super) answer: Option<Answer>,
}

/// A withdrawal, or a narrowing, that the first process carries out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ending {
    pub(super) of: usize,
    pub(super) epoch: Epoch,
    pub(super) narrows: bool,
    /// Whether its transaction has committed; then what it waits for in each process, once that has heard of it.
    pub(super) committed: bool,
    pub(super) waiting: [Option<Waiting>; 2],
    /// A tombstone that is to be owed in a transaction of its own.
    pub(super) later: Option<Owed>,
}

/// A recipient.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Recipient {
    pub(super) copies: Copies,
    pub(super) reopening: Reopening<usize>,
    pub(super) backup: Option<Copies>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Message {
    Copy(usize, Epoch, FieldSet, Timestamp),
    Tombstone(usize, Epoch, FieldSet),
    Acknowledgement(usize, Epoch),
}

/// How much has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Count {
    pub(super) gives: u8,
    pub(super) narrows: u8,
    pub(super) answers: u8,
    pub(super) crashes: u8,
    pub(super) restores: u8,
    pub(super) recipient_restores: u8,
    pub(super) later: u8,
}

/// What an observer has noted of one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Noted {
    /// What each epoch granted, the first first.
    pub(super) granted: Vec<FieldSet>,
    /// The latest epoch whose end has committed.
    pub(super) withdrawn: Epoch,
    /// The latest epoch whose end was acknowledged to the worker.
    pub(super) told: Epoch,
    /// The latest epoch that the recipient acknowledged to have erased.
    pub(super) erased: Epoch,
    /// Epochs of which a row was committed.
    pub(super) rows: BTreeSet<Epoch>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct State {
    pub(super) database: Database,
    pub(super) backup: Option<Database>,
    /// The latest epoch that has ended, as the journal of withdrawals has it.
    pub(super) journal: [Epoch; 2],
    pub(super) processes: [Process; 2],
    pub(super) ending: Option<Ending>,
    pub(super) recipients: [Recipient; 2],
    /// Everything that was sent and may still arrive, once more or never.
    pub(super) network: BTreeSet<Message>,
    pub(super) count: Count,
    pub(super) noted: [Noted; 2],
    /// An invariant that fell in a step.
    pub(super) fell: Option<&'static str>,
}

impl World {
    pub(super) fn has(&self, part: Part) -> bool {
        self.without != Some(part)
    }
}

impl State {
    /// A lease lasts as long as the time between two numbers.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_micros(i64::from(self.count.later))
    }

    pub(super) fn is_up(&self) -> bool {
        self.processes.iter().any(|process| !process.down)
    }

    /// Whether an invariant holds of each recipient.
    pub(super) fn each(&self, holds: fn(&Self, usize) -> bool) -> bool {
        (0..2).all(|to| holds(self, to))
    }

    /// The copies that a recipient may use.
    pub(super) fn usable(&self, to: usize) -> &[Copy] {
        let recipient = &self.recipients[to];
        if recipient.reopening.is_open_to(&SOURCE) { &recipient.copies.held } else { &[] }
    }
}
