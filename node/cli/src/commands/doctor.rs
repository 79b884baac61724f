//! `polder doctor`: looks at everything that a node needs, before its first start or beside it while it runs.

use std::sync::Arc;

use polder_exchange::{Clock, SystemClock};
use polder_model::{Purpose, Timestamp};
use polder_trust::keys::Identity;
use polder_trust::register::{Member, Register, SharedRegister, Status};
use polder_web::{Visit, visit};
use serde_json::json;

use crate::checks::ports::{self, Runs};
use crate::checks::{
    Check, Grade, catalogue, clock, configuration, database, disk, erasures, histories, keys, lines, log, login, partners, regions,
    register, reopening, tls, worst,
};
use crate::config::{Config, Source};
use crate::exit::{Exit, Failure};
use crate::fsc;
use crate::output::Output;
use crate::serve;

/// Looks, and says what was found.
pub(crate) async fn run(source: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let progress = output.progress(0);
    progress.step("looking");
    let checks = match source.load() {
        Ok(config) => look(&config, source).await,
        Err(failure) => vec![configuration::not_loaded(&failure, source.found().as_deref())],
    };
    progress.finish();
    let grade = worst(&checks);
    if output.json {
        output.pretty_json(&json!({"grade": grade, "checks": checks}))?;
    } else {
        lines(&checks, output.style).into_iter().try_for_each(|line| output.line(line))?;
        let count = |grade| checks.iter().filter(|check| check.grade == grade).count();
        output.line(match (count(Grade::Failure), count(Grade::Warning)) {
            (0, 0) => "All is well.".to_owned(),
            (failures, warnings) => format!("{failures} failure(s), {warnings} warning(s)."),
        })?;
    }
    Ok(match grade {
        Grade::Ok => Exit::Done,
        Grade::Warning => Exit::Warned,
        Grade::Failure => Exit::Refused,
    })
}

async fn look(config: &Config, source: Source<'_>) -> Vec<Check> {
    let now = SystemClock.now();
    let mut checks = configuration::check(config, source.found().as_deref());
    let runs = ports::runs(config).await;
    checks.extend(ports::check(config, runs));
    if runs == Runs::Ready {
        checks.extend(clock::told(ports::says(config).await.as_deref()));
    }
    checks.push(disk::check(&config.data));
    checks.extend(tls::check(config, now));
    checks.extend(login::check(config).await);
    let reader = match serve::database(config) {
        Ok(database) => {
            let (found, reader) = database::check(config, &database).await;
            checks.extend(found);
            reader
        }
        // The configuration's own lines say why its password cannot be read.
        Err(_) => None,
    };
    let identity = keys::load(config).map_err(|check| checks.push(check)).ok();
    let in_force = match config.register.fingerprint.is_empty() {
        true => None,
        false => register::in_force(config, reader.as_ref(), now).await.map_err(|check| checks.push(check)).ok(),
    };
    let others = match &in_force {
        Some(in_force) => regions::check(config, &in_force.register, reader.as_ref(), now).await,
        None => (Vec::new(), Vec::new()),
    };
    if let Some(reader) = reader {
        checks.extend(log::check(&reader, now).await);
        checks.extend(erasures::check(&reader, &config.policy, now).await);
        checks.extend(catalogue::check(config, &reader).await);
        checks.extend(reopening::check(&reader, &config.journal, runs != Runs::No).await);
        checks.extend(histories::check(&reader, &config.data, in_force.as_ref().map(|in_force| &*in_force.register)).await);
        reader.close().await;
    }
    let system = clock::system().await;
    let Some(in_force) = in_force else {
        checks.extend(system);
        return checks;
    };
    checks.extend(register::check(config, &in_force, now));
    checks.extend(keys::terms(&in_force.register, &config.partner, identity.as_ref(), now));
    let (found, others) = others;
    checks.extend(found);
    if let (Some(identity), Some(member)) = (identity, in_force.register.member(&config.partner)) {
        checks.extend(keys::check(&identity, member, now));
        checks.extend(federation(config, identity, member, (&in_force, &others), runs, system).await);
    } else {
        checks.extend(system);
    }
    checks
}

/// What the partners say, and the clock by theirs.
async fn federation(
    config: &Config,
    identity: Identity,
    member: &Arc<Member>,
    (in_force, regions): (&register::InForce, &[Arc<Register>]),
    runs: Runs,
    system: Option<Check>,
) -> Vec<Check> {
    let outways = match fsc::inway(&config.fsc).and_then(|_| fsc::outways(&config.fsc)) {
        Ok(outways) => outways,
        Err(failure) => return vec![Check::failure("fsc", failure.to_string(), "put the certificate there, in PEM (docs/fsc.md)")],
    };
    let (call_from, register) = (config.peer.call_from, &in_force.register);
    let others = register.members().iter().filter(|other| other.partner != member.partner && other.status == Status::Active);
    let others: Vec<Arc<Member>> = others.map(Arc::clone).collect();
    let (identity, shared) = (Arc::new(identity), SharedRegister::new(Register::clone(register)));
    let own_clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let visits: Vec<Visit> = visit(&identity, &shared, &own_clock, call_from, &outways, others).await;
    let mut checks = Vec::new();
    // What the partners' clocks say is more than what the system says of its own.
    let theirs = clock::check(&visits);
    let in_step = theirs.as_ref().is_some_and(|check| check.grade == Grade::Ok);
    checks.extend(system.filter(|system| !in_step || system.grade == Grade::Ok));
    checks.extend(theirs);
    // Who does not take part is called by nobody, itself included.
    if runs == Runs::Ready && member.status == Status::Active {
        let own = visit(&identity, &shared, &own_clock, call_from, &outways, vec![Arc::clone(member)]).await;
        checks.extend(own.first().map(partners::own_address));
    }
    checks.extend(partners::check(&visits, register, in_force.contradiction));
    regions.iter().for_each(|region| shared.adopt_other(Arc::clone(region)));
    for region in regions {
        let hosts = hosts_of(region, &shared, own_clock.now());
        let visits = visit(&identity, &shared, &own_clock, call_from, &outways, hosts).await;
        checks.extend(partners::guests(&visits, region));
    }
    checks
}

/// The members of another region whose nodes answer this one.
fn hosts_of(region: &Register, shared: &SharedRegister, now: Timestamp) -> Vec<Arc<Member>> {
    let mut hosts: Vec<Arc<Member>> = Vec::new();
    for host in Purpose::ALL.into_iter().flat_map(|purpose| shared.hosts(purpose, now)) {
        if region.member(&host.partner).is_some() && !hosts.iter().any(|known| known.partner == host.partner) {
            hosts.push(host);
        }
    }
    hosts
}
