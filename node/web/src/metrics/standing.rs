//! How things stand when someone looks.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use polder_exchange::Node;
use polder_exchange::log::LogStanding;
use polder_model::{Kind, Timestamp};
use polder_trust::keys::Identity;
use polder_trust::register::{Expiring, Standing, expiring};
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::{Labels, Metrics};
use crate::refusal::Refusal;
use crate::serve::Door;

/// What is looked at.
#[derive(Clone)]
pub(crate) struct Scrape {
    pub metrics: Arc<Metrics>,
    pub node: Arc<Node>,
    /// How many offers may be.
    pub most_offers: u64,
    pub doors: Arc<[(&'static str, Arc<Door>)]>,
    /// The keys of this node.
    pub identity: Arc<Identity>,
    /// Until when the certificate that peers see counts.
    pub peer_until: Option<Timestamp>,
    /// Until when that of the client port does, where it has one that can be read.
    pub client_until: Option<Timestamp>,
}

/// The metrics, as Prometheus reads them.
pub(crate) async fn scrape(State(scrape): State<Scrape>) -> Response {
    match scrape.text() {
        Ok(text) => ([(CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text).into_response(),
        Err(error) => Refusal::internal(&error).into_response(),
    }
}

impl Scrape {
    fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.metrics.registry)?;
        prometheus_text::encode(&mut text, &self.standing())?;
        Ok(text)
    }

    fn standing(&self) -> Registry {
        let mut registry = Registry::with_prefix("polder");
        registry.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let connections = Gauges::<1>::default();
        for (port, door) in self.doors.iter() {
            connections.set([("port", (*port).to_owned())], door.open());
        }
        registry.register("connections", "Open connections", connections.0);
        let help = "How far ahead the clock was set since the start; beyond 60 either way nothing personal leaves";
        one(&mut registry, "clock_set", help, Some(Unit::Seconds), self.node.clock_set_by());
        self.offers(&mut registry);
        self.writes(&mut registry);
        self.register(&mut registry);
        self.log(&mut registry);
        self.witness(&mut registry);
        let help = "Partners that a node restored from a backup waits for: it is closed to them";
        let open = self.node.openness_now();
        let waits = if open.has_to_begin() || open.has_lost_its_journal() {
            self.node.register().members().len()
        } else {
            open.reopening().waits_for().len()
        };
        one(&mut registry, "reopening_partners", help, None, waits);
        process(&mut registry);
        registry
    }

    fn offers(&self, registry: &mut Registry) {
        let (offers, index) = (Gauges::<1>::default(), self.node.indexed());
        for kind in Kind::ALL {
            offers.set([("kind", kind.to_string())], index.count(kind));
        }
        registry.register("offers", "Offers of this partner that can be found", offers.0);
        one(registry, "offers_limit", "How many offers there may be, of all kinds together", None, self.most_offers);
        one(registry, "index", "Bytes that the index takes, about", Some(Unit::Bytes), index.bytes().total());
        one(registry, "index_segments", "Segments of the index", None, index.segments());
    }

    fn writes(&self, registry: &mut Registry) {
        let written = self.node.store().written();
        for (name, help, value) in [
            ("store_commits", "Transactions of the writer that were committed", written.commits),
            ("store_failures", "Transactions of the writer that failed", written.failures),
            ("store_writes", "Pieces of work that they held: by store_commits, the size of a batch", written.jobs),
            ("store_commit_milliseconds", "Time that they took: by store_commits, the time of a commit", written.milliseconds),
        ] {
            let counter = Counter::<u64>::default();
            counter.inner().store(value, Ordering::Relaxed);
            registry.register(name, help, counter);
        }
    }

    fn log(&self, registry: &mut Registry) {
        let (found, now) = (self.node.log_now(), self.node.now());
        one(registry, "log_leaves", "Leaves of the log of this node", None, found.leaves);
        one(registry, "log_signed_leaves", "Of these, under a checkpoint that it signed", None, found.signed);
        one(registry, "log_cosigned_leaves", "Of these, under one that enough partners cosigned", None, found.cosigned);
        let standing = match found.standing(now) {
            LogStanding::Cosigned => 0_i64,
            LogStanding::Red => 1,
            LogStanding::Stopped => 2,
        };
        one(registry, "log_standing", "0 cosigned lately, 1 not for a day, 2 not for three: nothing personal leaves", None, standing);
        let age = found.since.map_or(0, |since| now.seconds() - since.seconds());
        one(registry, "log_cosigned_age", "Time since enough partners last cosigned it", Some(Unit::Seconds), age);
    }

    fn witness(&self, registry: &mut Registry) {
        let help =
            "Logs of other partners that were changed: this node has two checkpoints of one size that contradict each other, both signed";
        one(registry, "log_two_histories", help, None, self.node.logs_with_two_histories());
    }

    fn register(&self, registry: &mut Registry) {
        let (register, now) = (self.node.register(), self.node.now());
        let (adopted, left) = (register.adopted(), Gauges::<1>::default());
        one(registry, "register_root", "Version of the root in force", None, adopted.root);
        one(registry, "register_epoch", "Epoch of the list of members in force", None, adopted.epoch);
        one(registry, "register_version", "Version of the list of members in force", None, adopted.version);
        let standing = match register.standing(now) {
            Standing::Current => 0_i64,
            Standing::Stale => 1,
            Standing::NoDisclosure => 2,
        };
        one(registry, "register_standing", "0 current, 1 stale, 2 nothing personal leaves", None, standing);
        let expire = |what: &str, at: i64| left.set([("what", what.to_owned())], at - now.seconds());
        expire("fresh", register.fresh_until().seconds());
        for (what, at) in expiring(&register, &self.node.home().partner, Some(&self.identity)) {
            let what = match what {
                Expiring::Root => "root",
                Expiring::Members => "members",
                Expiring::MessageKey => "message-key",
                Expiring::TlsKey => "tls-key",
                Expiring::ClientCertificate => "client-certificate",
            };
            expire(what, at.seconds());
        }
        let help = "Time until it expires; below 0 it has";
        registry.register_with_unit("register_expires", help, Unit::Seconds, left.0);
        let help = "1 where the register says that this node's partner takes part, 0 where it is suspended or expelled";
        one(registry, "register_takes_part", help, None, i64::from(self.node.is_left_out().is_none()));
        let ends = Gauges::<1>::default();
        for (port, until) in [("peer", self.peer_until), ("client", self.client_until)] {
            let left = until.map(|until| until.seconds() - now.seconds());
            left.into_iter().for_each(|left| ends.set([("port", port.to_owned())], left));
        }
        let help = "Time until the certificate of a port ends; below 0 it has";
        registry.register_with_unit("certificate_expires", help, Unit::Seconds, ends.0);
    }
}

/// Memory and open files of this process, where the system tells.
fn process(registry: &mut Registry) {
    let resident = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| {
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok()
    });
    if let Some(kib) = resident {
        one(registry, "process_resident_memory", "Memory of this process", Some(Unit::Bytes), kib * 1024);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        one(registry, "process_open_files", "Open files of this process", None, files.count());
    }
}

#[derive(Default)]
struct Gauges<const N: usize>(Family<Labels<N>, Gauge>)
where
    Labels<N>: std::hash::Hash + Eq + Clone;

impl<const N: usize> Gauges<N> {
    fn set(&self, labels: Labels<N>, value: impl TryInto<i64>) {
        self.0.get_or_create(&labels).set(value.try_into().unwrap_or(i64::MAX));
    }
}

fn one(registry: &mut Registry, name: &str, help: &str, unit: Option<Unit>, value: impl TryInto<i64>) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value.try_into().unwrap_or(i64::MAX));
    match unit {
        Some(unit) => registry.register_with_unit(name, help, unit, gauge),
        None => registry.register(name, help, gauge),
    }
}
