//! The register: the one that the node has in force, or that of its files before the first start.

use std::sync::Arc;

use polder_exchange::register_news::kept;
use polder_model::Timestamp;
use polder_store::Reader;
use polder_trust::register::{Adopted, Register, Standing, Status};

use super::Check;
use crate::config::Config;
use crate::register_files::read_register;

const ABOUT: &str = "register";

/// What a node goes by.
pub(crate) struct InForce {
    pub register: Arc<Register>,
    pub contradiction: bool,
}

/// The register that is in force when the node runs: that of its database, or that of its files where they are later or it never ran.
pub(crate) async fn in_force(config: &Config, reader: Option<&Reader>) -> Result<InForce, Check> {
    let failed = |says: String, advice: &str| Check::failure(ABOUT, says, advice);
    let fingerprint = &config.register.fingerprint;
    let kept = match reader {
        None => None,
        Some(reader) => kept(reader, fingerprint).await.map_err(|error| {
            let says = format!("the register in the database: {}", polder_web::with_causes(&error));
            failed(says, "the fingerprint in the configuration, or the database, is that of another region: mend the one that is wrong")
        })?,
    };
    let files = read_register(&config.register.directory).map_err(|error| error.to_string());
    let files = files.and_then(|files| {
        Register::open(fingerprint, &files).map_err(|error| format!("the register in {}: {error}", config.register.directory.display()))
    });
    let advice = "get a new accession file from a registrar, then: polder join accession.json";
    let files = match (files, kept) {
        // A running node has taken its register over: the files are only where it began. They must be readable for its next start.
        (Err(says), _) => return Err(failed(says, advice)),
        (Ok(files), None) => return Ok(InForce { register: Arc::new(files), contradiction: false }),
        (Ok(files), Some(held)) if pair(files.adopted()) <= pair(held.register().adopted()) => {
            return Ok(InForce { register: Arc::clone(held.register()), contradiction: held.contradiction().is_some() });
        }
        (Ok(files), Some(_)) => files,
    };
    Ok(InForce { register: Arc::new(files), contradiction: false })
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
    let mut checks = vec![standing(register, &says, now)];
    if in_force.contradiction {
        let says = "two lists contradict each other: both are kept in evidence/, and nothing personal leaves";
        checks.push(Check::failure(
            ABOUT,
            says,
            "send the files of evidence/ in the data directory to the stewards; they recover (docs/register.md)",
        ));
    }
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

fn standing(register: &Register, says: &str, now: Timestamp) -> Check {
    let until = register.fresh_until();
    match register.standing(now) {
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
