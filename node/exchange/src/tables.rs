//! The reference tables of a node: files in its data directory, which hold what was imported, and what is in force of them.
//!
//! `reference/tables.json` names the tables; each stands beside it in a file of its own, named after its table and SHA-256. A new `tables.json` takes
//! the place of the old one in one step, so nothing is ever half imported. Whoever reads checks every SHA-256.

mod files;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use polder_model::PartnerId;
use polder_model::reference::{Reference, TableVersion};

use crate::node::Node;

pub use files::{Kept, KeptTable, TablesError, check, directory, keep, load, remove};

/// Most tables that a partner's node is believed to have.
const MOST_TABLES: usize = 16;

/// The tables in force, and what partners say of theirs.
pub(crate) struct Tables {
    directory: PathBuf,
    in_force: RwLock<Arc<Reference>>,
    /// What was read last, so that nothing is read twice.
    seen: Mutex<Option<Vec<u8>>>,
    of_partners: Mutex<HashMap<PartnerId, Vec<TableVersion>>>,
}

impl Tables {
    /// Takes up what was imported. What cannot be read is said, and does not keep a node from its work: those of the program are in force then.
    pub(crate) fn open(directory: PathBuf) -> Self {
        let tables =
            Self { directory, in_force: RwLock::new(Reference::shared_starter()), seen: Mutex::new(None), of_partners: Mutex::default() };
        if let Err(error) = tables.look() {
            tracing::error!(%error, "the imported reference tables are not in force; those of the program are. Import them again, or see `polder reference list`");
        }
        tables
    }

    fn look(&self) -> Result<bool, TablesError> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let names = files::names(&self.directory)?;
        if *seen == names {
            return Ok(false);
        }
        // Also where it fails: it is said once, and not at each look.
        *seen = names;
        let (imported, kept) = load(&self.directory)?;
        let reference = if kept.tables.is_empty() {
            Reference::shared_starter()
        } else {
            Arc::new(Reference::with(&imported).map_err(TablesError::Content)?)
        };
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = reference;
        Ok(true)
    }
}

impl Node {
    /// The reference tables in force.
    #[must_use]
    pub fn reference(&self) -> Arc<Reference> {
        Arc::clone(&self.tables().in_force.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts in force what was imported since the last look; true where that was something. Takes up to seconds where it was.
    ///
    /// # Errors
    /// When it cannot be read; what was in force stays.
    pub fn look_for_tables(&self) -> Result<bool, TablesError> {
        self.tables().look()
    }

    /// What a partner's node says of its tables; `None` where it has not said so.
    #[must_use]
    pub fn tables_of(&self, partner: &PartnerId) -> Option<Vec<TableVersion>> {
        self.tables().of_partners.lock().unwrap_or_else(PoisonError::into_inner).get(partner).cloned()
    }

    /// Notes what a partner's node says of its tables. What cannot be true is not noted.
    pub fn note_tables_of(&self, partner: &PartnerId, tables: Vec<TableVersion>) {
        if tables.len() <= MOST_TABLES && tables.iter().all(is_of_its_form) {
            self.tables().of_partners.lock().unwrap_or_else(PoisonError::into_inner).insert(partner.clone(), tables);
        }
    }
}

fn is_of_its_form(table: &TableVersion) -> bool {
    let short = |text: &str, most| (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    let sha256 = table.sha256.len() == 64 && table.sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    sha256 && short(&table.name, 40) && short(&table.version, 100)
}
