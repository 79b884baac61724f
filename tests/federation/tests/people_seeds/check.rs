//! What must hold whenever one looks: what systems have against what workers were told, and what nodes say of it.

use std::collections::BTreeMap;

use polder_consent::FieldSet;
use polder_exchange::Clock;
use polder_model::Purpose;

use crate::clients::Copy;
use crate::history::LineOf;
use crate::run::Run;
use crate::world::{WORKERS, partner};

/// What a source says of a worker.
struct Said {
    /// Of each row of the ledger whether its copy is erased, as the recipient said, and which fields of one that is not.
    erased: BTreeMap<String, (bool, FieldSet)>,
    /// Who is still to erase something.
    outstanding: Vec<(usize, Purpose)>,
}

impl Run<'_> {
    async fn said(&self, source: usize, worker: usize) -> Option<Said> {
        let (node, id) = (self.node(source)?, self.world.workers[source][worker]);
        let rows = node.disclosures_of(id, None, 1_000).await.expect("read");
        let copies = node.copies_of(id).await.expect("read").into_iter().filter(|copies| copies.state == "outstanding");
        Some(Said {
            erased: rows.iter().map(|row| (row.disclosure.id.to_string(), (row.erased, row.erased_fields))).collect(),
            outstanding: copies.map(|copies| (crate::world::number_of(&copies.recipient), copies.purpose)).collect(),
        })
    }

    /// Holds everything that systems have against what workers decided.
    pub async fn check(&mut self) {
        for source in 0..self.count {
            for worker in 0..WORKERS {
                let Some(said) = self.said(source, worker).await else { continue };
                for recipient in 0..self.count {
                    let clock = self.clocks[recipient].now();
                    self.clients[recipient].lapse(clock);
                    for copy in self.clients[recipient].copies.clone() {
                        let line = self.net.history().line_of(copy.item.disclosure);
                        if let Some(line) = line.filter(|line| (line.0, line.1) == (source, worker)) {
                            self.check_copy(&line, &copy, &said).await;
                        }
                    }
                }
            }
        }
    }

    async fn check_copy(&self, line: &LineOf, copy: &Copy, said: &Said) {
        let broken = |what: String| self.net.history().broken(format!("{what}: {line:?}, epoch {}", copy.item.epoch));
        let recipient = line.2;
        let Some((erased, fields)) = said.erased.get(&copy.item.disclosure.to_string()) else {
            return broken("W3: a copy without a row of the ledger".to_owned());
        };
        if *erased {
            broken("W4: a copy is in use whose row says that it is erased".to_owned());
        }
        if !fields.and(copy.item.fields).is_empty() {
            broken(format!("W4: fields are in use whose row says that they are erased: {fields:?}"));
        }
        let live = self.net.history().live(line).map_or(FieldSet::NONE, |grant| grant.fields);
        let in_excess = !copy.item.fields.is_within(live);
        if in_excess && !said.outstanding.contains(&(recipient, copy.item.purpose)) {
            broken(format!("W5: what is not given any more is in use, and the worker is not told: {:?} of {live:?}", copy.item.fields));
        }
        let Some(node) = self.node(recipient).filter(|_| !in_excess && self.set_by(recipient) == 0) else { return };
        // Nothing that was given anew falls with what has ended; but what a system is told to erase.
        let told = node.erasures(crate::clients::SYSTEM, self.clients[recipient].erased, 100).await.expect("read");
        if told.iter().any(|erasure| erasure.handle == copy.item.handle) {
            return;
        }
        if node.store().holdings_for(&partner(copy.source), copy.item.handle).await.expect("read").copies.is_empty() {
            broken("W6: a copy of what is in force is in use, and its node knows of none".to_owned());
        }
    }

    /// Every worker has withdrawn everything, and all is acknowledged.
    pub async fn check_all_is_gone(&mut self) {
        for at in 0..self.count {
            for copy in &self.clients[at].copies {
                self.net.history().broken(format!("W4: the system of {at} has a copy of {} after everything was withdrawn", copy.source));
            }
            let Some(node) = self.node(at) else { continue };
            for worker in 0..WORKERS {
                let rows = node.disclosures_of(self.world.workers[at][worker], None, 1_000).await.expect("read");
                for row in rows.iter().filter(|row| !row.erased) {
                    self.net.history().broken(format!("W10: node {at} does not know that {} erased", row.disclosure.recipient));
                }
            }
            let handles = self.net.history().handles_of(at);
            for (source, handle) in handles {
                if !node.store().holdings_for(&partner(source), handle).await.expect("read").copies.is_empty() {
                    self.net.history().broken(format!("W4: node {at} has noted a copy of {source} after everything was withdrawn"));
                }
            }
        }
    }
}
