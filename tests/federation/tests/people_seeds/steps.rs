//! What happens in a run, one thing at a time.

use std::time::Duration;

use polder_consent::Field;
use polder_exchange::Clock;
use polder_exchange::people::{DecideRefused, Decision};
use polder_federation_tests::people::{MATCHED, decision, give, request};
use polder_model::about::About;
use polder_model::contact::ContactAsked;
use polder_model::request::QueryRequest;
use polder_model::{Kind, OfferKey, PartnerId, Purpose};
use polder_store::Precondition;

use crate::clients::SYSTEM;
use crate::history::Grant;
use crate::run::{Ask, Asking, OTHERS, Run};
use crate::world::{HIDDEN, WORKERS, key, number_of, offered, partner};

const SHOWN: [Field; 3] = [Field::Description, Field::Hours, Field::Postcode];
pub const CONTACT: [Field; 3] = [Field::ContactName, Field::ContactEmail, Field::ContactTelephone];
const SECONDS: [u64; 8] = [1, 3, 10, 40, 300, 3_600, 6 * 3_600, 20 * 3_600];

fn v1() -> About {
    About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") }
}

impl Run<'_> {
    /// Something happens.
    pub async fn happens(&mut self) {
        self.step += 1;
        self.net.step(self.step);
        let (a, b, worker) = (self.draw.below(self.count), self.draw.below(self.count), self.draw.below(WORKERS));
        match self.draw.below(65) {
            0..=6 => self.give(a, worker).await,
            7..=18 => self.ask(a).await,
            19..=21 => self.contact(a).await,
            22..=25 => self.withdraw(a, worker).await,
            26 => self.withdraw_all(a, worker).await,
            27..=28 => self.put_or_delete(a, worker).await,
            29..=33 => self.release().await,
            34..=35 => self.late().await,
            36..=40 => self.deliver(a).await,
            41..=45 => self.erase(a).await,
            46..=50 => self.time(),
            51..=52 => self.sweep(a).await,
            53..=54 => self.crash_or_start(a).await,
            55 => self.cut(),
            56..=57 => self.net.cut(vec![0; OTHERS + 1]),
            58 => self.set_clock(a),
            59 => self.fetch(a, b).await,
            60..=61 => self.access(a, worker).await,
            62..=63 => self.request(a).await,
            _ => self.answer(a, worker).await,
        }
        self.settle().await;
    }

    async fn give(&mut self, at: usize, worker: usize) {
        let others: Vec<usize> = (0..self.count).filter(|other| *other != at).collect();
        let mut recipients = self.draw.some(&others, 2);
        if recipients.is_empty() {
            recipients.push(others[0]);
        }
        let contact = self.draw.chance(25);
        let fields: Vec<Field> = if contact {
            CONTACT[..=self.draw.below(3)].to_vec()
        } else {
            let more = self.draw.some(&SHOWN, 3);
            MATCHED.into_iter().chain(more).collect()
        };
        let hours = [2, 30].get(self.draw.below(8)).copied();
        self.gives(at, worker, &recipients, &fields, hours).await;
    }

    /// A worker lets these partners see these fields, for so many hours, or as long as one may.
    pub async fn gives(&mut self, at: usize, worker: usize, recipients: &[usize], fields: &[Field], hours: Option<i64>) {
        let Some(node) = self.node(at) else { return };
        let until = hours.map(|hours| node.now().plus_seconds(hours * 3_600));
        let names: Vec<PartnerId> = recipients.iter().map(|recipient| partner(*recipient)).collect();
        let named: Vec<&PartnerId> = names.iter().collect();
        let purpose = if fields.iter().any(|field| field.identifies()) { Purpose::BeContacted } else { Purpose::MatchVacancy };
        let decided = Decision { purpose, until, ..decision(&named, fields) };
        self.say(format!("worker {worker} of {at} gives {fields:?} to {recipients:?}"));
        let worker_id = self.world.workers[at][worker];
        match self.drained((at, worker), async move { give(&node, worker_id, &decided).await }).await {
            Ok(given) => {
                for consent in given {
                    let line = (at, worker, number_of(&consent.recipient), purpose);
                    self.net.history().given(line, Grant::of(&consent));
                }
            }
            Err(DecideRefused::NoOffer) if !self.offered[at][worker] => {}
            Err(refused) => self.net.history().broken(format!("a consent was refused: {refused}")),
        }
    }

    async fn ask(&mut self, at: usize) {
        // Half of them by a word that stands in what may be hidden.
        let text = self.draw.chance(50).then(|| HIDDEN.to_owned());
        self.asks(at, text).await;
    }

    /// A system of a node asks for people.
    pub async fn asks(&mut self, at: usize, text: Option<String>) {
        if self.asks.iter().any(|ask| ask.asker == at) {
            return;
        }
        let Some(node) = self.node(at) else { return };
        self.say(format!("{at} asks for {text:?}"));
        let request = QueryRequest { text, deadline_ms: Some(10_000), ..request("V-1") };
        let task = tokio::spawn(async move { node.ask(&request, &polder_federation_tests::operator(), None).await });
        self.begun(Ask { asker: at, task: Asking::People(task) }, OTHERS).await;
    }

    async fn contact(&mut self, at: usize) {
        let known: Vec<(usize, OfferKey)> =
            self.clients[at].copies.iter().map(|copy| (copy.source, copy.item.handle.to_string().parse().expect("a key"))).collect();
        if known.is_empty() || self.asks.iter().any(|ask| ask.asker == at) {
            return;
        }
        let (source, key) = known[self.draw.below(known.len())].clone();
        let Some(node) = self.node(at) else { return };
        self.say(format!("{at} asks {source} for contact"));
        let asked = ContactAsked { partner: partner(source), key, about: v1() };
        let task = tokio::spawn(async move { node.contact(&asked, SYSTEM).await });
        self.begun(Ask { asker: at, task: Asking::Contact(source, task) }, 1).await;
    }

    /// Waits until all calls of a question have begun.
    async fn begun(&mut self, ask: Ask, calls: usize) {
        while self.net.begun() < calls && !ask.task.is_finished() {
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
        self.asks.push(ask);
    }

    async fn put_or_delete(&mut self, at: usize, worker: usize) {
        let Some(node) = self.node(at) else { return };
        let name: OfferKey = key(worker).parse().expect("a key");
        if self.offered[at][worker] && self.draw.chance(50) {
            self.say(format!("worker {worker} of {at} deletes the profile"));
            self.drained((at, worker), async move { node.delete(Kind::SkillOffer, &name, Precondition::None).await.expect("deleted") })
                .await;
            self.offered[at][worker] = false;
            self.net.history().ended(at, |line, grant| line.1 == worker && !grant.ended, true);
        } else {
            self.put(at, worker).await;
        }
    }

    pub async fn put(&mut self, at: usize, worker: usize) {
        let Some(node) = self.node(at) else { return };
        self.editions += 1;
        self.say(format!("worker {worker} of {at} puts the profile"));
        let document = offered(at, worker, self.editions).to_string();
        let put = node.publish(Kind::SkillOffer, key(worker).parse().expect("a key"), document.as_bytes(), Precondition::None).await;
        put.expect("the profile is stored");
        self.offered[at][worker] = true;
    }

    async fn release(&mut self) {
        let count = self.net.held(|_| true);
        if count == 0 {
            return;
        }
        let number = self.draw.below(count);
        let Some(held) = self.net.take_held(number, |_| true) else { return };
        self.say(format!("an answer of {} to {} goes on", held.source, held.recipient));
        if self.draw.chance(85) {
            self.net.release(held);
        }
    }

    async fn late(&mut self) {
        let count = self.net.lates();
        if count == 0 {
            return;
        }
        let number = self.draw.below(count);
        let late = self.net.take_late(number);
        self.say(format!("a message of {} to {} arrives late", late.from, late.to));
        self.arrives(late).await;
    }

    async fn deliver(&mut self, at: usize) {
        let Some(node) = self.node(at) else { return };
        self.say(format!("{at} delivers"));
        node.deliver_once().await.expect("delivered");
    }

    async fn erase(&mut self, at: usize) {
        let most = if self.draw.chance(50) { 1 } else { 100 };
        let Some(node) = self.node(at) else { return };
        self.say(format!("the system of {at} erases"));
        let now = self.clocks[at].now();
        self.clients[at].lapse(now);
        self.clients[at].erase(&node, number_of, most).await;
    }

    fn time(&mut self) {
        let seconds = *self.draw.pick(&SECONDS);
        self.say(format!("{seconds} s pass"));
        self.pass(Duration::from_secs(seconds));
    }

    pub async fn sweep(&mut self, at: usize) {
        let Some(node) = self.node(at) else { return };
        self.say(format!("{at} sweeps"));
        node.sweep_people().await.expect("swept");
        let now = node.now();
        self.net.history().ended(at, |_, grant| grant.until <= now, false);
    }

    async fn crash_or_start(&mut self, at: usize) {
        // Whoever starts a node vouches for its clock.
        if self.set_by(at) != 0 {
            return;
        }
        if self.nodes[at].is_some() {
            self.say(format!("{at} crashes"));
            self.crash(at).await;
        }
        if self.draw.chance(60) {
            self.say(format!("{at} starts"));
            self.start(at).await;
        }
    }

    fn cut(&mut self) {
        let side: Vec<usize> = (0..=OTHERS).map(|_| self.draw.below(2)).collect();
        self.say(format!("the network is cut: {side:?}"));
        self.net.cut(side);
    }

    /// Sets a clock, or sets it right again.
    fn set_clock(&mut self, at: usize) {
        let right = self.now.plus_seconds(self.skews[at]);
        let seconds = if self.set_by(at) == 0 { *self.draw.pick(&[-7_200_i64, 3_600, 86_400]) } else { 0 };
        self.say(format!("the clock of {at} is set by {seconds} s"));
        self.clocks[at].set(right.plus_seconds(seconds));
    }

    /// A recipient fetches what it is owed.
    async fn fetch(&mut self, at: usize, from: usize) {
        let (Some(source), Some(node)) = (self.node(from), self.node(at)) else { return };
        if at == from {
            return;
        }
        self.say(format!("{at} fetches what {from} owes it"));
        let evidence = source.tombstones_for(&partner(at), 0, 100).await.expect("read");
        let (there, here) = (self.member(&node, from), self.member(&source, at));
        let taken = node.take_tombstones(&there, &evidence).await.expect("taken");
        source.take_acknowledgements(&here, &taken.acknowledgements).await.expect("taken");
    }
}
