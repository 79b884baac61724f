//! What a running node does for its register: reads its files, renews freshness where it has a key for it, and warns of what expires.

use std::path::{Path, PathBuf};
use std::time::Duration;

use polder_exchange::register_news::kept;
use polder_exchange::{Clock, LeftOut, OpenError, SystemClock};
use polder_trust::keys::{Identity, SigningKey};
use polder_trust::register::{Files, Register, RegisterError, Standing, Warned};
use polder_web::{RunningNode, with_causes};

use crate::accession::place;
use crate::checks::database::open;
use crate::checks::register::LITTLE;
use crate::checks::{Grade, keys};
use crate::config::Config;
use crate::exit::Failure;
use crate::files_seen;
use crate::register_files::{are_missing, read_register};
use crate::serve::database;

/// How often it is looked after.
pub(crate) const WATCH: Duration = Duration::from_secs(60);
/// So many times it is looked after between two warnings that it is out of date.
const QUIET: u32 = 60;
/// How long freshness counts that a node signs, in seconds.
const FRESH_SECONDS: i64 = 2 * 86_400;

/// What is remembered between two looks.
pub(crate) struct RegisterWatch {
    freshness: Option<SigningKey>,
    warned: Warned,
    left_out: Option<LeftOut>,
    looks: u32,
}

/// The register in the files of a configuration. What has expired does not keep a node from starting: it is said, and nothing personal leaves.
pub(crate) fn load_register(config: &Config) -> Result<Register, Failure> {
    let files = read_register(&config.register.directory).map_err(|error| Failure::configuration(error.to_string()))?;
    let register = Register::open(&config.register.fingerprint, &files)
        .map_err(|error| Failure::configuration(format!("the register in {}: {error}", config.register.directory.display())))?;
    if register.member(&config.partner).is_none() {
        let detail =
            format!("the register in {} does not hold {}: have a registrar add it", config.register.directory.display(), config.partner);
        return Err(Failure::configuration(detail));
    }
    if register.standing(SystemClock.now()) == Standing::NoDisclosure {
        tracing::error!(directory = %config.register.directory.display(), "the register's files are out of date: fetch newer ones, if no partner has any");
    }
    match files_seen::went_back(config, register.adopted()) {
        Some(before) => tracing::warn!(
            directory = %config.register.directory.display(), now = files_seen::words(register.adopted()), before,
            "the register's files went back: they are older than those that this node read before; {}", files_seen::ADVICE
        ),
        None => files_seen::note(config, register.adopted()),
    }
    Ok(register)
}

/// Writes the files of the register anew from the database, where there are none: after a restore onto another machine. They are those that the
/// fingerprint in the configuration vouches for.
pub(crate) async fn put_back(config: &Config) -> Result<(), Failure> {
    let directory = &config.register.directory;
    if !are_missing(directory) || config.register.fingerprint.is_empty() {
        return Ok(());
    }
    let Some(reader) = open(&database(config)?).await? else { return Ok(()) };
    let held = kept(&reader, &config.register.fingerprint).await;
    reader.close().await;
    // What does not hold there is said when the node opens it.
    let Ok(Some(held)) = held else { return Ok(()) };
    let register = held.register();
    let Some(fresh) = register.fresh_file() else { return Ok(()) };
    let roots = register.root_files().iter().map(|root| root.to_vec()).collect();
    place(&Files { roots, members: register.members_file().to_vec(), fresh: fresh.to_vec() }, directory)?;
    tracing::warn!(directory = %directory.display(), "there were no files of the register: they were written anew from the database");
    Ok(())
}

/// Says what is the matter with the keys, where they are not those of the register.
pub(crate) fn say_of_keys(config: &Config, identity: &Identity, register: &Register) {
    let Some(member) = register.member(&config.partner) else { return };
    for check in keys::check(identity, member, SystemClock.now()).iter().filter(|check| check.grade != Grade::Ok) {
        tracing::warn!("{}; {}", check.says, check.advice.as_deref().unwrap_or_default());
    }
}

/// Carries the registers of other regions whose files lie in `regions/REGION/` of the register's directory. One that cannot be read or is not
/// recognised is said, and the others go on.
pub(crate) async fn carry_others(config: &Config, running: &RunningNode) {
    let directory = config.register.directory.join("regions");
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(&directory).map(|all| all.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    found.retain(|path| path.is_dir());
    found.sort();
    for path in found {
        let outcome = match other_register(&path, running) {
            Ok(register) => running.node.carry(register).await.map_err(|error| with_causes(&error)),
            Err(why) => Err(why),
        };
        match outcome {
            Ok(()) => tracing::info!(directory = %path.display(), "the register of this region is carried"),
            Err(why) => tracing::error!(directory = %path.display(), why, "the register of this region was not taken"),
        }
    }
}

/// The register in a directory that has a region's name.
fn other_register(directory: &Path, running: &RunningNode) -> Result<Register, String> {
    let region = directory.file_name().unwrap_or_default().to_string_lossy();
    let register = running.node.register();
    let known = register.root().recognised.iter().find(|known| known.region == region);
    let known =
        known.ok_or("the root in force does not recognise a region of this name; the stewards do that (polder register recognise)")?;
    let files = read_register(directory).map_err(|error| error.to_string())?;
    Register::open(&known.root_fingerprint, &files).map_err(|error| error.to_string())
}

/// Reads the files again.
pub(crate) async fn reload(config: &Config, running: &RunningNode) {
    match load_register(config) {
        Err(failure) => tracing::error!(%failure, "the register was not read again; the one before stays in force"),
        Ok(register) => match running.node.adopt(register.clone()).await {
            Ok(()) | Err(OpenError::Register(RegisterError::Rollback)) => read_again(&register, &running.node.register()),
            Err(error) => {
                let why = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                tracing::error!(%error, why, "the register was not taken; the one before stays in force");
            }
        },
    }
    carry_others(config, running).await;
}

/// Says what came of files that were read again.
fn read_again(files: &Register, in_force: &Register) {
    let (files, in_force) = (files.adopted(), in_force.adopted());
    if (files.root, files.epoch, files.version) < (in_force.root, in_force.epoch, in_force.version) {
        tracing::info!(
            files = files_seen::words(files),
            in_force = files_seen::words(in_force),
            "the register's files were read again; they are older than what partners told, which stays in force"
        );
    } else {
        tracing::info!(in_force = files_seen::words(in_force), "the register's files were read again");
    }
}

impl RegisterWatch {
    /// Begins to look after the register of a configuration.
    pub(crate) fn new(config: &Config) -> Result<Self, Failure> {
        let load = |path: &std::path::PathBuf| {
            SigningKey::load(path).map_err(|error| Failure::configuration(format!("register.freshness_key {}: {error}", path.display())))
        };
        let freshness = config.register.freshness_key.as_ref().map(load).transpose()?;
        Ok(Self { freshness, warned: Warned::default(), left_out: None, looks: 0 })
    }

    /// Looks once.
    pub(crate) async fn look(&mut self, running: &RunningNode) {
        self.renew(running).await;
        self.warn(running);
        let (register, now) = (running.node.register(), running.node.now());
        if self.looks.is_multiple_of(QUIET) {
            match register.standing(now) {
                Standing::Current if register.fresh_until() < now.plus_seconds(LITTLE) => tracing::warn!(
                    until = %register.fresh_until(),
                    "the register's freshness runs out soon and nobody has renewed it: see that a node with a freshness key runs"
                ),
                Standing::Current => {}
                Standing::Stale => {
                    tracing::warn!("the register's freshness has run out; who holds a freshness key renews it (polder register renew)")
                }
                Standing::NoDisclosure => tracing::error!(
                    "the register cannot be relied on: it ran out long ago, its root does not vouch for it, or a contradiction is open; nothing personal leaves"
                ),
            }
        }
        self.looks = self.looks.wrapping_add(1);
    }

    /// Warns of what ends soon, each once.
    pub(crate) fn warn(&mut self, running: &RunningNode) {
        for (what, days) in self.warned.due(&running.expiring(), running.node.now()) {
            if days < 0 {
                tracing::error!(days, "it has ended: {}", what.advice());
            } else {
                tracing::warn!(days, "{}", what.advice());
            }
        }
        let left_out = running.node.is_left_out();
        match &left_out {
            _ if left_out == self.left_out => {}
            Some(why) => tracing::error!("{why}"),
            None => tracing::info!("the register says that this partner takes part again"),
        }
        self.left_out = left_out;
    }

    /// Renews freshness, where this node has a key for it that the root in force names.
    async fn renew(&self, running: &RunningNode) {
        let Some(key) = &self.freshness else { return };
        let keyid = key.public().id();
        if !running.node.register().root().freshness.keys.contains_key(&keyid) {
            if self.looks.is_multiple_of(QUIET) {
                tracing::warn!(%keyid, "the root in force does not name the key of register.freshness_key: this node cannot renew freshness");
            }
            return;
        }
        // At half of its term: another node with a key, which was sooner, is heard of long before.
        match running.node.renew_freshness(key, FRESH_SECONDS / 2, FRESH_SECONDS).await {
            Ok(None) => {}
            Ok(Some(until)) => tracing::info!(%until, "the register's freshness was renewed"),
            Err(error) => tracing::error!(%error, "the register's freshness could not be renewed"),
        }
    }
}
