//! What workers ask of partners, and partners of workers, over the same network.

use polder_consent::FieldSet;
use polder_consent::holdings::DifferenceKind;
use polder_exchange::people::NewRequest;
use polder_model::Purpose;

use crate::clients::SYSTEM;
use crate::run::Run;
use crate::steps::CONTACT;
use crate::world::partner;

impl Run<'_> {
    /// A worker asks everyone what they hold. Copies are lost on their way, so that a recipient may hold less than the ledger says; never anything else.
    pub async fn access(&mut self, at: usize, worker: usize) {
        let Some(node) = self.node(at) else { return };
        self.say(format!("worker {worker} of {at} asks who holds what"));
        let worker = self.world.workers[at][worker];
        node.gather_holdings(worker).await.expect("asked");
        node.gather_once().await.expect("asked");
        let access = node.access(worker).await.expect("put together");
        for held in access.partners.iter().filter_map(|partner| partner.held.as_ref()) {
            self.compared += 1;
            for difference in held.differences.iter().filter(|difference| difference.kind != DifferenceKind::NotHeld) {
                self.net.history().broken(format!("node {at}: what a partner holds is {:?}: {}", difference.kind, difference.disclosure));
            }
        }
    }

    /// A system asks for contact details of somebody whom it was shown. It hears what is in force, and nothing that is not.
    pub async fn request(&mut self, at: usize) {
        let Some(node) = self.node(at) else { return };
        if self.clients[at].copies.is_empty() {
            return;
        }
        let copy = self.clients[at].copies[self.draw.below(self.clients[at].copies.len())].clone();
        self.say(format!("{at} asks {} for the contact details of somebody", copy.source));
        let key = copy.item.handle.to_string().parse().expect("a key");
        let (partner, fields) = (Some(partner(copy.source)), FieldSet::of(&CONTACT));
        let wanted = NewRequest {
            partner,
            key,
            recipient: None,
            purpose: Purpose::BeContacted,
            fields,
            assisted_by: None,
            about: None,
            seen_as: String::new(),
        };
        let Ok(standing) = node.make_request(&wanted, SYSTEM).await else { return };
        self.requested += 1;
        let history = self.net.history();
        let line = history.line_of(copy.item.disclosure).map(|line| (line.0, line.1, at, Purpose::BeContacted));
        let live = line.and_then(|line| history.live(&line).map(|live| live.fields)).unwrap_or_default();
        drop(history);
        if !standing.in_force.is_within(live) {
            let what = format!("W7: {at} hears that {:?} is in force at {}, and {live:?} is", standing.in_force, copy.source);
            self.net.history().broken(what);
        }
    }

    /// A worker says no to a request, or not now.
    pub async fn answer(&mut self, at: usize, worker: usize) {
        let (Some(node), worker) = (self.node(at), self.world.workers[at][worker]) else { return };
        let asked = node.requests_of(worker).await.expect("read");
        let Some(request) = asked.first() else { return };
        let refuses = self.draw.chance(50);
        self.say(format!("a worker of {at} answers a request; refuses: {refuses}"));
        // It may be open no more.
        let _ = node.answer_request(worker, request.id, refuses).await.expect("written");
    }
}
