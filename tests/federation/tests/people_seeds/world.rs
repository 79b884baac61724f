//! What every run begins with: six partners, each with two workers and a vacancy. The first worker of each lets some of the first partners see something.
//!
//! Making the databases takes longer than a run: they are made once, and copied.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use polder_consent::{Field, WorkerId};
use polder_exchange::{Clock, Home, Node, Peers};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::people::{decision, give, morning, profile, put, vacancy};
use polder_federation_tests::register::{about_people, message_key};
use polder_model::PartnerId;
use polder_trust::register::{Register, SharedRegister};
use serde_json::{Value, json};

use crate::history::{Grant, LineOf};

/// Partners in the register.
pub const PARTNERS_IN_ALL: usize = 6;
/// Workers of each.
pub const WORKERS: usize = 2;
/// So many of the first partners see the first worker of each other one.
const SEEN_BY: usize = 3;
/// A word that stands in the description of every worker, and in nothing else of them.
pub const HIDDEN: &str = "windmolens";

/// What runs are copied from.
pub struct World {
    directory: tempfile::TempDir,
    register: Register,
    /// The workers of each partner.
    pub workers: Vec<Vec<WorkerId>>,
    /// What the first worker of each has given.
    pub given: Vec<(LineOf, Grant)>,
}

/// The partner with that number.
pub fn partner(number: usize) -> PartnerId {
    PARTNERS[number].parse().expect("a partner")
}

/// The number of a partner.
pub fn number_of(partner: &PartnerId) -> usize {
    PARTNERS.iter().position(|one| *one == partner.as_str()).expect("one of these")
}

/// The key of a worker's profile.
pub fn key(worker: usize) -> String {
    format!("P-{worker}")
}

/// A profile of a worker.
pub fn offered(node: usize, worker: usize, edition: usize) -> Value {
    let mut offer = profile(&format!("Monteur {node} {worker} ({edition})"));
    offer["description"] = json!(format!("Zoekt werk aan {HIDDEN}."));
    offer
}

/// In memory where the machine has it: thousands of databases are opened.
pub fn place() -> tempfile::TempDir {
    let shared = PathBuf::from("/dev/shm");
    tempfile::tempdir_in(if shared.is_dir() { shared } else { std::env::temp_dir() }).expect("a directory")
}

impl World {
    pub async fn make() -> Self {
        let mut world = Self {
            directory: place(),
            register: about_people(&PARTNERS[..PARTNERS_IN_ALL], morning()),
            workers: Vec::new(),
            given: Vec::new(),
        };
        for number in 0..PARTNERS_IN_ALL {
            let node = world.open(number, world.directory.path(), Arc::new(NoPeers), Arc::new(ManualClock::at(morning()))).await;
            let mut workers = Vec::new();
            for worker in 0..WORKERS {
                workers.push(put(&node, &key(worker), &offered(number, worker, 0)).await);
            }
            vacancy(&node, "V-1").await;
            let recipients: Vec<PartnerId> = (0..SEEN_BY).filter(|other| *other != number).map(partner).collect();
            let named: Vec<&PartnerId> = recipients.iter().collect();
            let fields = [Field::Title, Field::Skills, Field::Description, Field::Hours];
            for consent in give(&node, workers[0], &decision(&named, &fields)).await.expect("given") {
                world.given.push(((number, 0, number_of(&consent.recipient), consent.purpose), Grant::of(&consent)));
            }
            node.close().await;
            world.workers.push(workers);
        }
        world
    }

    /// Copies the database of a partner.
    pub fn copy(&self, number: usize, to: &Path) {
        let (from, to) = (self.directory.path().join(number.to_string()), to.join(number.to_string()));
        std::fs::create_dir_all(&to).expect("a directory");
        for file in std::fs::read_dir(from).expect("read") {
            let file = file.expect("an entry");
            if file.file_type().expect("a type").is_file() {
                std::fs::copy(file.path(), to.join(file.file_name())).expect("copied");
            }
        }
    }

    /// Opens the node of a partner in a directory.
    pub async fn open(&self, number: usize, directory: &Path, peers: Arc<dyn Peers>, clock: Arc<dyn Clock>) -> Node {
        let path = database(directory, number);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        let partner = partner(number);
        let (key, name) = (message_key(partner.as_str()), format!("Partner {partner}"));
        let home = Home::named(partner, name);
        let node = Node::open(home, &path, SharedRegister::new(self.register.clone()), peers, clock).await.expect("a node opens");
        node.signing(key).cosigned_by(0)
    }
}

/// The file of a partner's database.
pub fn database(directory: &Path, number: usize) -> PathBuf {
    directory.join(number.to_string()).join("polder.db")
}
