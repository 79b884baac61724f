//! The regions that the own root recognises: whether their registers are carried here, and how they stand.

use std::path::Path;
use std::sync::Arc;

use polder_exchange::register_news::kept_of_region;
use polder_model::Timestamp;
use polder_store::Reader;
use polder_trust::register::{Adopted, Expiring, Recognised, Register, Standing, Status, WARNING_DAYS};

use super::Check;
use super::register::{InForce, taken};
use crate::config::Config;
use crate::output::clean;
use crate::print::{Lang, moment};
use crate::register_files::read_register;

const DAY: i64 = 86_400;
/// What brings good files of another region.
const ANEW: &str =
    "have a registrar of that region give root.*.json, members.json and fresh.json again, put them there, and: systemctl reload polder";

/// What is found of the other regions, and the registers of those that are carried.
pub(crate) async fn check(config: &Config, own: &Register, reader: Option<&Reader>, now: Timestamp) -> (Vec<Check>, Vec<Arc<Register>>) {
    let (mut checks, mut carried) = (Vec::new(), Vec::new());
    let directory = config.register.directory.join("regions");
    for known in &own.root().recognised {
        let about = about(&known.region);
        let place = directory.join(&known.region);
        if !place.is_dir() {
            let says = format!("it is recognised, and its register is not carried here ({} is not there)", place.display());
            checks.push(Check::ok(&about, format!("{says}: its partners are neither asked nor answered")));
            continue;
        }
        match in_force(&place, known, reader, now).await {
            Err(check) => checks.push(check),
            Ok(in_force) => {
                checks.extend(judge(&about, own, &in_force, now));
                carried.push(in_force.register);
            }
        }
    }
    checks.extend(unknown(&directory, own));
    (checks, carried)
}

fn about(region: &str) -> String {
    format!("region {}", clean(region))
}

/// Directories of regions that the root does not recognise.
fn unknown(directory: &Path, own: &Register) -> Vec<Check> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten().filter(|entry| entry.path().is_dir());
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut unknown: Vec<String> = names.filter(|name| own.root().recognised.iter().all(|known| known.region != *name)).collect();
    unknown.sort();
    let says = |name: &str| format!("{} is there, and the root in force recognises no region of that name", directory.join(name).display());
    let advice = "see its name; the stewards recognise a region (polder register recognise); remove the directory if they no longer do";
    unknown.iter().map(|name| Check::warning(&about(name), says(name), advice)).collect()
}

/// The register of that region that is in force when the node runs.
async fn in_force(place: &Path, known: &Recognised, reader: Option<&Reader>, now: Timestamp) -> Result<InForce, Check> {
    let about = about(&known.region);
    let files = read_register(place).map_err(|error| Check::failure(&about, error.to_string(), ANEW))?;
    let files = Register::open(&known.root_fingerprint, &files)
        .map_err(|error| Check::failure(&about, format!("the register in {}: {error}", place.display()), ANEW))?;
    let held = match reader {
        None => None,
        Some(reader) => kept_of_region(reader, &known.region, &known.root_fingerprint).await.map_err(|error| {
            let says = format!("its register in the database: {}", polder_web::with_causes(&error));
            Check::failure(
                &about,
                says,
                "the database holds the register of another region of this name: ask the stewards which fingerprint is right",
            )
        })?,
    };
    Ok(taken(files, held.as_ref(), now))
}

fn judge(about: &str, own: &Register, in_force: &InForce, now: Timestamp) -> Vec<Check> {
    let register = &in_force.register;
    let Adopted { root, epoch, version, .. } = register.adopted();
    let active = register.members().iter().filter(|member| member.status == Status::Active).count();
    let says = format!("root {root}, members {epoch}.{version}, {active} partner(s) take part");
    let until = moment(register.fresh_until(), Lang::En);
    if in_force.contradiction {
        let says = format!("{says}; two lists of it contradict each other: its members are no guests until that is settled");
        return vec![Check::failure(about, says, "send the files of evidence/ in the data directory to the stewards of that region")];
    }
    let mut checks = vec![match register.standing(now) {
        Standing::Current => Check::ok(about, format!("{says}, fresh until {until}")),
        Standing::Stale => {
            let advice = "this node fetches newer from that region's members; if it stays so, tell a registrar of that region";
            Check::warning(about, format!("{says}; its freshness ran out on {until}"), advice)
        }
        Standing::NoDisclosure => {
            let says = format!("{says}; it cannot be relied on (fresh until {until}): its members are no guests until newer comes");
            Check::failure(about, says, ANEW)
        }
    }];
    if register.recognises(own).is_none() {
        let advice = "where answers from there are wanted, have the stewards of that region recognise this one";
        checks.push(Check::warning(about, "it does not recognise this region: its partners may ask here, and do not answer", advice));
    }
    for (what, expires) in [(Expiring::Root, register.root().expires), (Expiring::Members, register.members_document().expires)] {
        let days = (expires.seconds() - now.seconds()).div_euclid(DAY);
        if (0..WARNING_DAYS[0]).contains(&days) {
            let what = if what == Expiring::Root { "its root" } else { "its list of members" };
            let advice = "tell a registrar of that region; newer is fetched by itself once they have it";
            checks.push(Check::warning(about, format!("{what} ends in {days} day(s), on {}", expires.date()), advice));
        }
    }
    checks
}
