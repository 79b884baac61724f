//! What comes of what happens.

use std::collections::BTreeSet;
use std::mem;

use super::state::{ANSWER, Answer, Ending, FIELDS, Message, Part, SOURCE, State, WORKER, World};
use crate::copies::Copy;
use crate::field::FieldSet;
use crate::flights::Flights;
use crate::line::{Line, Owed};
use crate::record::Epoch;
use crate::reopening::Found;

/// Numbers are of recipients and of processes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Action {
    /// The worker gives consent: so wide.
    Give(usize, usize),
    /// The worker ends it, or narrows it: it is written to the journal.
    EndBegins(usize, bool),
    EndCommits,
    /// The tombstone becomes owed, where that has a transaction of its own.
    Owes,
    /// A process hears of it.
    Hears(usize),
    /// Nothing is on its way any more, or is cut.
    Acknowledges,
    /// A process finds a view for a recipient.
    Begins(usize, usize),
    Commits(usize),
    /// It is counted among those on their way, where that is a step of its own.
    Counts(usize),
    Sends(usize),
    Tells(usize),
    Arrives(Message),
    Crashes(usize),
    Starts(usize),
    Replays,
    BacksUp,
    IsRestored,
    Asks(usize),
    RecipientBacksUp(usize),
    RecipientIsRestored(usize),
    RecipientAsks(usize),
    Later,
}

impl World {
    pub(super) fn act(&self, state: &mut State, action: Action) {
        match action {
            Action::Give(to, width) => {
                state.count.gives += 1;
                give(state, to, FIELDS[width], Line::give);
            }
            Action::EndBegins(of, narrows) => self.end_begins(state, of, narrows),
            Action::EndCommits => self.end_commits(state),
            Action::Owes => {
                let Some(ending) = &mut state.ending else { return };
                let of = ending.of;
                state.database.records[of].line.owed.extend(ending.later.take());
            }
            Action::Hears(by) => {
                let waiting = state.processes[by].flights.withdraw(WORKER);
                if let Some(ending) = &mut state.ending {
                    ending.waiting[by] = Some(waiting);
                }
            }
            Action::Acknowledges => acknowledge(state),
            Action::Begins(by, to) => {
                state.count.answers += 1;
                let record = &state.database.records[to];
                let counted = self.has(Part::BeginBefore);
                let answer = Answer { to, found: (record.line.epoch, record.fields), carries: None, counted };
                let process = &mut state.processes[by];
                process.answer = Some(answer);
                if counted {
                    process.flights.begin(ANSWER);
                }
            }
            Action::Commits(by) => self.commit(state, by),
            Action::Counts(by) => {
                let process = &mut state.processes[by];
                process.flights.begin(ANSWER);
                if let Some(answer) = &mut process.answer {
                    answer.counted = true;
                }
            }
            Action::Sends(by) => self.send(state, by),
            Action::Tells(to) => {
                let owed = &mut state.database.records[to].line.owed;
                let all: Vec<Owed> = owed.clone();
                if !self.has(Part::Retry) {
                    owed.clear();
                }
                state.network.extend(all.into_iter().map(|owed| Message::Tombstone(to, owed.epoch, owed.fields)));
            }
            Action::Arrives(message) => self.arrive(state, message),
            Action::Crashes(by) => {
                state.count.crashes += 1;
                self.crash(state, by);
            }
            Action::Starts(by) => self.start(state, by, false),
            Action::Replays => {
                for to in 0..2 {
                    let ended = state.journal[to];
                    state.database.records[to].line.replay(ended);
                    state.noted[to].withdrawn = state.noted[to].withdrawn.max(ended);
                }
                state.database.reopening.replayed();
            }
            Action::BacksUp => state.backup = Some(state.database.clone()),
            Action::IsRestored => self.restore(state),
            Action::Asks(to) => {
                if self.has(Part::AskLater) {
                    state.network.retain(|message| match message {
                        Message::Copy(of, ..) => *of != to,
                        Message::Tombstone(of, _, fields) => *of != to || fields.is_empty(),
                        Message::Acknowledgement(..) => true,
                    });
                }
                if self.has(Part::AskRecipients) {
                    let said = state.recipients[to].copies.said();
                    state.database.records[to].line.hear(&said);
                }
                state.database.reopening.answered(&to);
            }
            Action::RecipientBacksUp(to) => state.recipients[to].backup = Some(state.recipients[to].copies.clone()),
            Action::RecipientIsRestored(to) => {
                state.count.recipient_restores += 1;
                let now = state.now();
                let recipient = &mut state.recipients[to];
                recipient.copies = recipient.backup.clone().unwrap_or_default();
                recipient.copies.lapse(now);
                if self.has(Part::AskSources) {
                    recipient.reopening.start(RESTORED, [SOURCE], now);
                    recipient.reopening.replayed();
                }
            }
            Action::RecipientAsks(to) => {
                let ended = state.database.records[to].line.ended();
                let recipient = &mut state.recipients[to];
                recipient.copies.tombstone(Owed { epoch: ended, fields: FieldSet::NONE });
                recipient.reopening.answered(&SOURCE);
            }
            Action::Later => {
                state.count.later += 1;
                let now = state.now();
                if self.has(Part::Lease) {
                    for recipient in &mut state.recipients {
                        recipient.copies.lapse(now);
                    }
                }
            }
        }
    }

    fn end_begins(&self, state: &mut State, of: usize, narrows: bool) {
        let epoch = state.database.records[of].line.epoch;
        if self.has(Part::JournalFirst) {
            state.journal[of] = state.journal[of].max(epoch);
        }
        state.count.narrows += u8::from(narrows);
        state.ending = Some(Ending { of, epoch, narrows, committed: false, waiting: [None, None], later: None });
    }

    fn end_commits(&self, state: &mut State) {
        let Some(mut ending) = state.ending.take() else { return };
        let (of, before) = (ending.of, state.database.records[ending.of].fields);
        // The other process may have replayed it meanwhile.
        if state.database.records[of].line.live && state.database.records[of].line.epoch == ending.epoch {
            let earlier = state.database.records[of].line.owed.len();
            if ending.narrows {
                let after = if before == FIELDS[0] { FIELDS[1] } else { FIELDS[2] };
                give(state, of, after, |line| self.replace(line, before.without(after)));
            } else {
                state.database.records[of].line.end();
                if self.has(Part::RecallWhileClosed) && !state.database.reopening.is_open_to(&of) {
                    state.database.records[of].line.recall();
                }
            }
            if !self.has(Part::SameTransaction) {
                ending.later = state.database.records[of].line.owed.drain(earlier..).next();
            }
        }
        let withdrawn = &mut state.noted[of].withdrawn;
        *withdrawn = ending.epoch.max(*withdrawn);
        ending.committed = true;
        state.ending = Some(ending);
    }

    fn replace(&self, line: &mut Line, lost: FieldSet) -> Epoch {
        let earlier = if self.has(Part::Whole) { Vec::new() } else { mem::take(&mut line.owed) };
        let epoch = line.replace(lost).map(|(_, epoch)| epoch).unwrap_or_default();
        line.owed.splice(0..0, earlier);
        epoch
    }

    fn commit(&self, state: &mut State, by: usize) {
        let Some(mut answer) = state.processes[by].answer.take() else { return };
        let to = answer.to;
        let record = &mut state.database.records[to];
        if !self.has(Part::Atomic) && !record.line.live {
            // What was found is believed.
            record.line.held.push(answer.found.0);
            answer.carries = Some(answer.found);
        } else if self.may_disclose(state, to) {
            let record = &mut state.database.records[to];
            let fields = if self.has(Part::FieldsOfTransaction) { record.fields } else { answer.found.1 };
            answer.carries = record.line.disclose().map(|epoch| (epoch, fields));
        }
        let process = &mut state.processes[by];
        let Some((epoch, _)) = answer.carries else {
            process.flights.end(ANSWER);
            return;
        };
        if epoch <= state.noted[to].withdrawn {
            state.fell.get_or_insert("W2");
        }
        state.noted[to].rows.insert(epoch);
        process.answer = Some(answer);
    }

    fn send(&self, state: &mut State, by: usize) {
        let now = state.now();
        let process = &mut state.processes[by];
        let Some(answer) = process.answer else { return };
        let carries = if self.has(Part::RowFirst) { answer.carries } else { Some(answer.carries.unwrap_or(answer.found)) };
        let Some((epoch, fields)) = carries else { return };
        // The process may learn late that its transaction has committed.
        let is_cut = !process.flights.carries(ANSWER, [WORKER]);
        if self.has(Part::RowFirst) && is_cut {
            process.answer = None;
            process.flights.end(ANSWER);
            return;
        }
        if self.has(Part::RowFirst) || answer.carries.is_some() {
            process.answer = None;
            process.flights.end(ANSWER);
        }
        let noted = &state.noted[answer.to];
        let granted = noted.granted[usize::try_from(epoch.0).unwrap_or(1) - 1];
        let fell = [("W1", epoch <= noted.told), ("W3", !noted.rows.contains(&epoch)), ("W7", !fields.is_within(granted))];
        if let Some((name, _)) = fell.into_iter().find(|(_, fell)| *fell) {
            state.fell.get_or_insert(name);
        }
        state.network.insert(Message::Copy(answer.to, epoch, fields, now.plus_micros(1)));
    }

    fn arrive(&self, state: &mut State, message: Message) {
        let now = state.now();
        match message {
            Message::Copy(to, epoch, fields, use_until) => {
                let copy = Copy { epoch, fields, use_until };
                let copies = &mut state.recipients[to].copies;
                if copies.held.contains(&copy) {
                    return;
                }
                if !copies.receive(copy, now) && now < use_until && epoch > state.noted[to].withdrawn {
                    state.fell.get_or_insert("W6");
                }
                copies.held.sort_unstable_by_key(|copy| (copy.epoch, copy.fields, copy.use_until));
            }
            Message::Tombstone(to, epoch, fields) => {
                let acknowledgement = Message::Acknowledgement(to, epoch);
                if state.network.insert(acknowledgement) && !self.has(Part::EraseFirst) {
                    return;
                }
                let is_open = state.recipients[to].reopening.is_open_to(&SOURCE);
                let copies = &mut state.recipients[to].copies;
                let later: BTreeSet<Epoch> = copies.held.iter().map(|copy| copy.epoch).filter(|held| *held > epoch).collect();
                let touched = if self.has(Part::Epochs) { epoch } else { Epoch(u64::MAX) };
                let owed = Owed { epoch: touched, fields };
                copies.tombstone(if is_open || !self.has(Part::WholeWhileClosed) { owed } else { owed.whole() });
                if !self.has(Part::Epochs) {
                    copies.ended = epoch;
                }
                if !self.has(Part::Remember) {
                    copies.ended = Epoch(0);
                }
                copies.held.sort_unstable_by_key(|copy| (copy.epoch, copy.fields, copy.use_until));
                copies.held.dedup();
                if later.iter().any(|epoch| !copies.held.iter().any(|copy| copy.epoch == *epoch)) {
                    state.fell.get_or_insert("W6");
                }
            }
            Message::Acknowledgement(to, epoch) => {
                if state.database.records[to].line.acknowledged(epoch) {
                    let erased = &mut state.noted[to].erased;
                    *erased = epoch.max(*erased);
                }
            }
        }
    }

    fn crash(&self, state: &mut State, by: usize) {
        let process = &mut state.processes[by];
        (process.down, process.answer, process.flights) = (true, None, Flights::default());
        if by == 0 {
            state.ending = None;
        } else if let Some(ending) = &mut state.ending {
            ending.waiting[by] = None;
        }
        if !self.has(Part::KeptReopening) && state.processes.iter().all(|process| process.down) {
            state.database.reopening = Default::default();
        }
    }

    fn start(&self, state: &mut State, by: usize, told: bool) {
        state.processes[by].down = false;
        let behind = (0..2).any(|to| state.journal[to] > state.database.records[to].line.ended());
        let found = Found { told, journal: u64::from(behind), ..SAME };
        let now = state.now();
        state.database.reopening.start(found, [0, 1], now);
    }

    fn restore(&self, state: &mut State) {
        state.count.restores += 1;
        (0..2).for_each(|by| self.crash(state, by));
        state.database = state.backup.clone().unwrap_or_default();
        self.start(state, 0, true);
        state.processes[1].down = self.bounds.processes == 1;
    }
}

const SAME: Found = Found { told: false, journal: 0, seen: 0, journal_change: 0, change: 0 };
const RESTORED: Found = Found { told: true, ..SAME };

/// A consent comes into force; the observer notes what it grants.
fn give(state: &mut State, to: usize, fields: FieldSet, by: impl FnOnce(&mut Line) -> Epoch) {
    let record = &mut state.database.records[to];
    let epoch = by(&mut record.line);
    record.fields = fields;
    let granted = &mut state.noted[to].granted;
    let at = usize::try_from(epoch.0).unwrap_or(1) - 1;
    granted.resize(granted.len().max(at + 1), FieldSet::NONE);
    granted[at] = fields;
}

/// Everything has been waited for: what is left of it is cut.
fn acknowledge(state: &mut State) {
    let Some(ending) = state.ending.take() else { return };
    for (process, waiting) in state.processes.iter_mut().zip(ending.waiting) {
        let Some(mut waiting) = waiting else { continue };
        if !process.flights.cut(&mut waiting).is_empty() {
            process.answer = None;
        }
    }
    let told = &mut state.noted[ending.of].told;
    *told = ending.epoch.max(*told);
}
