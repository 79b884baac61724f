//! The register: the one that the node has in force, or that of its files before the first start.

use std::sync::Arc;

use polder_exchange::OpenError;
use polder_exchange::register_news::kept;
use polder_model::Timestamp;
use polder_store::Reader;
use polder_trust::keys::{KeyError, SigningKey};
use polder_trust::register::{Adopted, Held, News, Register, RegisterError, Standing, Status, step};

use super::{Check, secret};
use crate::config::Config;
use crate::files_seen;
use crate::print::{Lang, moment};
use crate::register_files::{are_missing, read_register};

const ABOUT: &str = "register";

/// What a node goes by.
pub(crate) struct InForce {
    pub register: Arc<Register>,
    pub contradiction: bool,
}

/// The register that is in force when the node runs: that of its database, or that of its files where they are later or it never ran.
pub(crate) async fn in_force(config: &Config, reader: Option<&Reader>, now: Timestamp) -> Result<InForce, Check> {
    let failed = |says: String, advice: &str| Check::failure(ABOUT, says, advice);
    let fingerprint = &config.register.fingerprint;
    let kept = match reader {
        None => None,
        Some(reader) => kept(reader, fingerprint).await.map_err(|error| {
            let says = format!("the register in the database: {}", polder_web::with_causes(&error));
            let advice = match error {
                OpenError::Register(RegisterError::Fingerprint { .. }) => {
                    "the fingerprint in the configuration, or the database, is that of another region: mend the one that is wrong"
                }
                _ => {
                    "see to the database first: stop the node, and put the last backup in its place where it is damaged (docs/operating.md)"
                }
            };
            failed(says, advice)
        })?,
    };
    if let Some(held) = kept.as_ref().filter(|_| are_missing(&config.register.directory)) {
        return Ok(InForce { register: Arc::clone(held.register()), contradiction: held.contradiction().is_some() });
    }
    let files = read_register(&config.register.directory).map_err(|error| error.to_string());
    let files = files.and_then(|files| {
        Register::open(fingerprint, &files).map_err(|error| format!("the register in {}: {error}", config.register.directory.display()))
    });
    let advice = "get a new accession file from a registrar, then: polder join accession.json";
    // A running node has taken its register over: the files are only where it began. They must be readable for its next start.
    let files = files.map_err(|says| failed(says, advice))?;
    Ok(taken(files, kept.as_ref(), now))
}

/// What is in force once a node that holds this has read those files.
pub(crate) fn taken(files: Register, held: Option<&Held>, now: Timestamp) -> InForce {
    let Some(held) = held else { return InForce { register: Arc::new(files), contradiction: false } };
    let news = News {
        roots: files.root_files().to_vec(),
        members: Some(files.members_file().clone()),
        fresh: files.fresh_file().cloned(),
        evidence: None,
    };
    let (after, _) = step(held, &news, now);
    InForce { register: Arc::clone(after.register()), contradiction: after.contradiction().is_some() }
}

/// What rises from one register to the next.
pub(crate) fn pair(adopted: &Adopted) -> (u64, u64, u64) {
    (adopted.root, adopted.epoch, adopted.version)
}

/// How it stands, and whether this node's partner is in it.
pub(crate) fn check(config: &Config, in_force: &InForce, now: Timestamp) -> Vec<Check> {
    let register = &in_force.register;
    let Adopted { root, epoch, version, .. } = register.adopted();
    let active = register.members().iter().filter(|member| member.status == Status::Active).count();
    let says = format!("{}: root {root}, members {epoch}.{version}, {active} partner(s) take part", register.region());
    let mut checks = if in_force.contradiction {
        let evidence = config.data.join("evidence");
        let says = format!(
            "{says}; two register documents, each signed by enough keys, contradict each other: both are kept in {}, this list stays in force for \
             public offers, and nothing personal leaves",
            evidence.display()
        );
        let advice =
            "send those files to the stewards, who recover (docs/register.md, Recover); newer files of a registrar do not help before that";
        vec![Check::failure(ABOUT, says, advice)]
    } else {
        vec![standing(register, &says, now)]
    };
    if are_missing(&config.register.directory) {
        let says = format!("{} has no files of the register", config.register.directory.display());
        checks.push(Check::warning(ABOUT, says, "start the node: it writes them anew from its database"));
    }
    checks.extend(went_back(config));
    checks.extend(freshness_key(config, register));
    let own = register.member(&config.partner).map(|member| member.status);
    let absent = match own {
        None => Some(("the register does not hold this partner", "have a registrar add it (polder register add)")),
        Some(Status::Suspended) => Some(("this partner is suspended: nobody answers it", "ask a registrar why")),
        Some(Status::Expelled) => Some(("this partner is expelled: nobody answers it", "ask a registrar why")),
        Some(Status::Active) => None,
    };
    checks.extend(absent.map(|(says, advice)| Check::failure(ABOUT, says, advice)));
    checks
}

/// Files that are older than those that the node read before.
fn went_back(config: &Config) -> Option<Check> {
    let files = read_register(&config.register.directory).ok()?;
    let files = Register::open(&config.register.fingerprint, &files).ok()?;
    let before = files_seen::went_back(config, files.adopted())?;
    let says = format!(
        "the files in {} went back: they are of {}, and were of {before} before",
        config.register.directory.display(),
        files_seen::words(files.adopted())
    );
    Some(Check::warning(ABOUT, says, files_seen::ADVICE))
}

/// The key by which this node renews freshness, where it has one.
fn freshness_key(config: &Config, register: &Register) -> Option<Check> {
    let path = config.register.freshness_key.as_ref()?;
    let says = |problem: &dyn std::fmt::Display| format!("register.freshness_key {}: {problem}", path.display());
    let missing = "put the key there, or remove the line from the configuration; the node does not start without it";
    match SigningKey::load(path) {
        Err(KeyError::File(error)) => Some(Check::failure(ABOUT, says(&error), secret(&error, missing))),
        Err(error) => Some(Check::failure(ABOUT, says(&error), missing)),
        Ok(key) if register.root().freshness.keys.contains_key(&key.public().id()) => None,
        Ok(key) => Some(Check::warning(
            ABOUT,
            says(&format!("the root in force does not name this key ({}): this node renews nothing", key.public().id())),
            "have the stewards put its public half into the next root (polder register renew --root --freshness …), or remove the line",
        )),
    }
}

/// With less than this left, in seconds, a node with a freshness key would have renewed it long ago.
pub(crate) const LITTLE: i64 = 12 * 3_600;

fn standing(register: &Register, says: &str, now: Timestamp) -> Check {
    let until = moment(register.fresh_until(), Lang::En);
    match register.standing(now) {
        Standing::Current if register.fresh_until() < now.plus_seconds(LITTLE) => {
            let advice = "nobody has renewed it: see that one node with a freshness key runs (docs/register.md, Renew)";
            Check::warning(ABOUT, format!("{says}; its freshness runs out soon, on {until}"), advice)
        }
        Standing::Current => Check::ok(ABOUT, format!("{says}, fresh until {until}")),
        Standing::Stale => {
            let advice = "the node fetches newer freshness from its partners; if it stays so, see that one node with a freshness key runs (docs/register.md)";
            Check::warning(ABOUT, format!("{says}; its freshness ran out on {until}"), advice)
        }
        Standing::NoDisclosure => {
            let advice = "ask a registrar for newer files; until then nothing personal leaves this node (docs/register.md)";
            Check::failure(ABOUT, format!("{says}; it cannot be relied on (freshness until {until})"), advice)
        }
    }
}
