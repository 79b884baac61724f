//! What must be right before a node joins, and the one line that joining adds to its configuration.

use polder_model::Timestamp;
use polder_trust::keys::Identity;
use polder_trust::register::{Register, Status};

use crate::accession::Accession;
use crate::checks::ports::Runs;
use crate::checks::{Check, Grade, clock, configuration as of_configuration, database, disk, keys as of_keys, lines, ports, tls};
use crate::config::{Config, Source, write_fingerprint as write_into};
use crate::exit::Failure;
use crate::output::{Output, Style};
use crate::serve;

/// The configuration that `polder init` made.
pub(super) fn configuration(source: Source<'_>) -> Result<Config, Failure> {
    if source.found().is_none() && std::env::var_os("POLDER_PARTNER").is_none() {
        return Err(Failure::configuration(
            "there is no configuration yet: make the node first (polder init), send its member.json to a registrar, and join with what comes back",
        ));
    }
    source.load()
}

/// Whether the file is for this node's partner.
pub(super) fn partner(accession: &Accession, config: &Config) -> Result<(), Failure> {
    if accession.partner == config.partner {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "this accession file is for {}, and this node is configured for {}: ask the registrar for yours, or name the other node's configuration \
         with --config",
        accession.partner, config.partner
    )))
}

/// The keys of this node, which must be those that the register has.
pub(super) fn keys(config: &Config, register: &Register, now: Timestamp) -> Result<Identity, Failure> {
    let identity = of_keys::load(config).map_err(|check| Failure::configuration(in_words(&[check])))?;
    let Some(member) = register.member(&config.partner) else {
        let problem = "the register does not hold it; have the registrar add it (polder register add)";
        return Err(Failure::refused(format!("{}: {problem}", config.partner)));
    };
    if member.status != Status::Active {
        let problem = "the register says that it does not take part (suspended or expelled); ask the registrar why";
        return Err(Failure::refused(format!("{}: {problem}", config.partner)));
    }
    let failures = failures(of_keys::check(&identity, member, now));
    if failures.is_empty() { Ok(identity) } else { Err(Failure::refused(in_words(&failures))) }
}

/// What this machine must have: a free port, room, rights. Everything that fails is said at once.
pub(super) async fn machine(config: &Config, output: &Output) -> Result<(), Failure> {
    let now = polder_exchange::Clock::now(&polder_exchange::SystemClock);
    let mut checks = of_configuration::check(config, None);
    if ports::runs(config).await == Runs::No {
        checks.extend(ports::check(config, Runs::No));
    } else {
        let says = format!("a node runs here already, on {}", config.operator.listen);
        checks.push(Check::failure(
            "ports",
            says,
            "if it is this one, it has joined: look with `polder doctor`; to join anew stop it first (systemctl stop polder)",
        ));
    }
    checks.push(disk::check(&config.data));
    checks.extend(tls::check(config, now));
    let (found, reader) = database::check(config, &serve::database(config)?).await;
    checks.extend(found);
    if let Some(reader) = reader {
        reader.close().await;
    }
    checks.extend(clock::system().await);
    for warning in checks.iter().filter(|check| check.grade == Grade::Warning) {
        output.warn(&in_words(std::slice::from_ref(warning)));
    }
    let failures = failures(checks);
    if failures.is_empty() { Ok(()) } else { Err(Failure::configuration(in_words(&failures))) }
}

fn failures(checks: Vec<Check>) -> Vec<Check> {
    checks.into_iter().filter(|check| check.grade == Grade::Failure).collect()
}

/// Checks as one message.
fn in_words(checks: &[Check]) -> String {
    match checks {
        [one] => format!("{}: {}; {}", one.about, one.says, one.advice.as_deref().unwrap_or_default()),
        many => format!("this machine is not ready:\n  {}", lines(many, Style::default()).join("\n  ")),
    }
}

/// Writes the fingerprint into the configuration, where it does not say so already. True when something was written.
pub(super) fn write_fingerprint(config: &Config, source: Source<'_>) -> Result<bool, Failure> {
    if source.load()?.register.fingerprint == config.register.fingerprint {
        return Ok(false);
    }
    let fingerprint = &config.register.fingerprint;
    let Some(file) = source.found() else {
        return Err(Failure::configuration(format!("set POLDER_REGISTER_FINGERPRINT={fingerprint}, and run this again")));
    };
    write_into(&file, fingerprint)?;
    Ok(true)
}
