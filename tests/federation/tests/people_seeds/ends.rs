//! How consents end in a run, and how a run ends: the network heals, and everything that is owed is done.

use std::sync::Arc;
use std::time::Duration;

use polder_exchange::Node;
use polder_exchange::people::{DecideRefused, Withdrawn};
use polder_federation_tests::people::MATCHED;
use polder_trust::register::Member;

use crate::history::Grant;
use crate::network::{Held, Late};
use crate::run::Run;
use crate::world::{WORKERS, number_of, partner};

/// Rounds of 30 s in which everything is to be done once the network has healed.
const ROUNDS: usize = 6;
/// After its commit, what does not wait is done in this time.
const UNDRAINED: Duration = Duration::from_millis(15);

impl Run<'_> {
    pub fn member(&self, at: &Node, of: usize) -> Arc<Member> {
        Arc::clone(at.register().member(&partner(of)).expect("a member"))
    }

    /// Does what is to wait for answers with this worker that are about to leave. While it waits, they leave.
    pub async fn drained<T: Send + 'static>(&mut self, of: (usize, usize), work: impl Future<Output = T> + Send + 'static) -> T {
        let Some(node) = self.node(of.0) else { return work.await };
        let leaving = |held: &Held| held.source == of.0 && held.sending.is_some() && held.workers.contains(&of.1);
        if self.net.held(leaving) == 0 {
            return work.await;
        }
        let before = node.store().written().commits;
        let mut task = tokio::spawn(work);
        while node.store().written().commits == before && !task.is_finished() {
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
        // Time enough for what does not wait.
        if let Ok(done) = tokio::time::timeout(UNDRAINED, &mut task).await {
            return done.expect("no panic");
        }
        self.drains += 1;
        while let Some(held) = self.net.take_held(0, leaving) {
            self.net.release(held);
        }
        task.await.expect("no panic")
    }

    pub async fn withdraw(&mut self, at: usize, worker: usize) {
        let lines: Vec<Grant> = {
            let history = self.net.history();
            let of_worker = history.lines().filter(|(line, _)| line.0 == at && line.1 == worker);
            // Perhaps one that has ended: a worker may not know.
            of_worker.filter_map(|(_, grants)| grants.last().cloned()).collect()
        };
        if lines.is_empty() {
            return;
        }
        let grant = lines[self.draw.below(lines.len())].clone();
        let (id, worker_id) = (grant.id, self.world.workers[at][worker]);
        let Some(node) = self.node(at) else { return };
        self.say(format!("worker {worker} of {at} withdraws epoch {} of {:?}", grant.epoch, grant.fields));
        let outcome = self.drained((at, worker), async move { node.withdraw(worker_id, id).await }).await;
        match outcome {
            Ok(Withdrawn { .. }) | Err(DecideRefused::NotInForce(_)) => {
                self.net.history().ended(at, |_, one| one.id == id, true);
            }
            Err(refused) => self.net.history().broken(format!("a withdrawal was refused: {refused}")),
        }
    }

    pub async fn withdraw_all(&mut self, at: usize, worker: usize) {
        let worker_id = self.world.workers[at][worker];
        let Some(node) = self.node(at) else { return };
        self.say(format!("worker {worker} of {at} withdraws everything"));
        match self.drained((at, worker), async move { node.withdraw_all(worker_id).await }).await {
            Ok(_) => self.net.history().ended(at, |line, _| line.1 == worker, true),
            Err(refused) => self.net.history().broken(format!("a withdrawal was refused: {refused}")),
        }
    }

    /// A message arrives of which nobody awaits the reply.
    pub async fn arrives(&mut self, late: Late) {
        let Some(node) = self.node(late.to) else { return };
        let from = self.member(&node, late.from);
        if late.tombstones {
            node.take_tombstones(&from, &late.evidence).await.expect("taken");
        } else {
            node.take_acknowledgements(&from, &late.evidence).await.expect("taken");
        }
    }

    /// The network heals, and who was down is up. `all`: then every worker withdraws everything.
    pub async fn ends(&mut self, all: bool) {
        self.net.cut(vec![0; crate::world::PARTNERS_IN_ALL]);
        self.net.calm(true);
        for at in 0..self.count {
            self.clocks[at].set(self.now.plus_seconds(self.skews[at]));
            if self.nodes[at].is_none() {
                self.start(at).await;
            }
        }
        while let Some(held) = self.net.take_held(0, |_| true) {
            self.net.release(held);
            self.settle().await;
        }
        while self.net.lates() > 0 {
            let late = self.net.take_late(0);
            self.arrives(late).await;
        }
        self.say("the network heals".to_owned());
        self.heals().await;
        self.check().await;
        if !all {
            return;
        }
        for at in 0..self.count {
            for worker in 0..WORKERS {
                self.withdraw_all(at, worker).await;
            }
        }
        self.heals().await;
        self.check().await;
        self.check_all_is_gone().await;
        self.begins_anew().await;
    }

    /// What has ended holds up nothing that is given anew.
    async fn begins_anew(&mut self) {
        for at in 0..self.count {
            if !self.offered[at][0] {
                self.put(at, 0).await;
            }
            let others: Vec<usize> = (0..self.count).filter(|other| *other != at).collect();
            self.gives(at, 0, &others, &MATCHED, None).await;
        }
        for at in 0..self.count {
            self.asks(at, None).await;
            self.settle().await;
            for other in 0..self.count {
                // A question is refused where clocks differ too much.
                let asks = other != at && (self.skews[at] - self.skews[other]).abs() < 30;
                if asks && !self.clients[at].copies.iter().any(|copy| copy.source == other) {
                    self.net.history().broken(format!("W6: {at} does not find whom {other} gave it anew"));
                }
            }
        }
        self.check().await;
    }

    /// As long as nodes go on by themselves, and systems erase.
    async fn heals(&mut self) {
        for _ in 0..ROUNDS {
            self.pass(Duration::from_secs(30));
            for at in 0..self.count {
                self.sweep(at).await;
                let Some(node) = self.node(at) else { continue };
                node.deliver_once().await.expect("delivered");
            }
            for at in 0..self.count {
                let Some(node) = self.node(at) else { continue };
                self.clients[at].lapse(node.now());
                self.clients[at].erase(&node, number_of, 100).await;
            }
            if self.owed().await.is_empty() {
                return;
            }
        }
        for what in self.owed().await {
            self.net.history().broken(format!("W10: {what}"));
        }
    }

    async fn owed(&self) -> Vec<String> {
        let mut owed = Vec::new();
        for at in 0..self.count {
            let Some(node) = self.node(at) else { continue };
            for outstanding in node.outstanding().await.expect("read") {
                owed.push(format!("node {at} is still owed an acknowledgement by {}", outstanding.partner));
            }
        }
        owed
    }
}
