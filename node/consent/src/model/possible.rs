//! What can happen.

use polder_model::Timestamp;

use super::act::Action;
use super::state::{FIELDS, Message, Part, State, World};
use crate::reopening::LATE_SECONDS;

/// Long after everything that was sent before.
fn asked_at() -> Timestamp {
    Timestamp::from_micros(0).plus_seconds(100 * LATE_SECONDS)
}

impl World {
    /// Whether tombstones are sent.
    pub(super) fn may_tell(&self, state: &State) -> bool {
        state.is_up() && (self.has(Part::AlwaysTell) || state.database.reopening.is_open())
    }

    pub(super) fn may_disclose(&self, state: &State, to: usize) -> bool {
        !self.has(Part::NoDisclosure) || state.database.reopening.is_open_to(&to)
    }

    fn may_give(&self, state: &State, to: usize) -> bool {
        state.is_up() && (!self.has(Part::NoGiving) || state.database.reopening.is_open_to(&to))
    }

    pub(super) fn possible(&self, state: &State) -> Vec<Action> {
        let (bounds, count) = (&self.bounds, &state.count);
        let mut actions = Vec::new();
        let first_is_up = !state.processes[0].down;
        for to in 0..bounds.recipients {
            let record = &state.database.records[to];
            if count.gives < bounds.gives && !record.line.live && self.may_give(state, to) {
                actions.push(Action::Give(to, 0));
                if bounds.widths > 1 {
                    actions.push(Action::Give(to, 1));
                }
            }
            if first_is_up && state.ending.is_none() && record.line.live {
                actions.push(Action::EndBegins(to, false));
                let is_narrowest = record.fields == FIELDS[2];
                if count.narrows < bounds.narrows && self.may_give(state, to) && !is_narrowest {
                    actions.push(Action::EndBegins(to, true));
                }
            }
            if !record.line.owed.is_empty() && self.may_tell(state) {
                actions.push(Action::Tells(to));
            }
            if state.is_up() && state.database.reopening.to_ask(asked_at()).any(|asked| *asked == to) {
                actions.push(Action::Asks(to));
            }
            self.of_recipient(state, to, &mut actions);
            for by in 0..bounds.processes {
                let process = &state.processes[by];
                let may = record.line.live && self.may_disclose(state, to) && !process.down && process.answer.is_none();
                if may && count.answers < bounds.answers {
                    actions.push(Action::Begins(by, to));
                }
            }
        }
        self.of_ending(state, &mut actions);
        for by in 0..bounds.processes {
            self.of_process(state, by, &mut actions);
        }
        let arrives = |message: &&Message| !matches!(message, Message::Acknowledgement(..)) || state.is_up();
        actions.extend(state.network.iter().filter(arrives).cloned().map(Action::Arrives));
        if state.is_up() && state.database.reopening.has_to_replay() {
            actions.push(Action::Replays);
        }
        if bounds.restores > 0 && state.backup.is_none() && state.is_up() {
            actions.push(Action::BacksUp);
        }
        if count.restores < bounds.restores && state.backup.is_some() {
            actions.push(Action::IsRestored);
        }
        if count.later < bounds.later {
            actions.push(Action::Later);
        }
        actions
    }

    fn of_ending(&self, state: &State, actions: &mut Vec<Action>) {
        let Some(ending) = &state.ending else { return };
        if !ending.committed {
            actions.push(Action::EndCommits);
            return;
        }
        if ending.later.is_some() {
            actions.push(Action::Owes);
        }
        let counts = |by: usize| !state.processes[by].down && (by == 0 || self.has(Part::DrainElsewhere)) && self.has(Part::Drain);
        let deaf: Vec<usize> = (0..self.bounds.processes).filter(|by| counts(*by) && ending.waiting[*by].is_none()).collect();
        if deaf.is_empty() && ending.later.is_none() {
            actions.push(Action::Acknowledges);
        }
        actions.extend(deaf.into_iter().map(Action::Hears));
    }

    fn of_process(&self, state: &State, by: usize, actions: &mut Vec<Action>) {
        let process = &state.processes[by];
        if process.down {
            actions.push(Action::Starts(by));
            return;
        }
        if let Some(answer) = process.answer {
            match answer.carries {
                None => actions.push(Action::Commits(by)),
                Some(_) if !answer.counted => actions.push(Action::Counts(by)),
                Some(_) => actions.push(Action::Sends(by)),
            }
            if !self.has(Part::RowFirst) && answer.carries.is_none() {
                actions.push(Action::Sends(by));
            }
        }
        if state.count.crashes < self.bounds.crashes {
            actions.push(Action::Crashes(by));
        }
    }

    fn of_recipient(&self, state: &State, to: usize, actions: &mut Vec<Action>) {
        let recipient = &state.recipients[to];
        if self.bounds.recipient_restores > 0 && recipient.backup.is_none() && !recipient.copies.held.is_empty() {
            actions.push(Action::RecipientBacksUp(to));
        }
        if state.count.recipient_restores < self.bounds.recipient_restores && recipient.backup.is_some() {
            actions.push(Action::RecipientIsRestored(to));
        }
        let tells = !state.database.reopening.has_to_replay() || !self.has(Part::ReplayBeforeTelling);
        if !recipient.reopening.is_open() && state.is_up() && tells {
            actions.push(Action::RecipientAsks(to));
        }
    }
}
