//! `polder log verify`: an export, checked without the node that it is from.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use polder_exchange::log::QUORUM;
use polder_exchange::{Clock, SystemClock};
use polder_model::PartnerId;
use polder_trust::keys::PublicKey;
use polder_trust::log::{Check, Expected, Export, Origin, SignedCheckpoint, Witnesses, verify_export};
use polder_trust::register::{Member, Register, Status};
use serde_json::json;

use crate::checks;
use crate::config::Source;
use crate::digits::read;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::count;
use crate::register_files::read_register;
use crate::serve;

/// Largest export, in bytes; one more is refused by its reader.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Which export, and against which register.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The export, as the node gave it.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The directory with the register: root.1.json, members.json and fresh.json. Without it, that of this machine's node.
    #[arg(long, value_name = "DIR", requires = "fingerprint")]
    register: Option<PathBuf>,
    /// The fingerprint of that register, as a registrar tells it: 64 hexadecimal digits, in groups or not.
    #[arg(long, value_name = "HEX", requires = "register")]
    fingerprint: Option<String>,
    /// Whose log it must be. Without it, whose it says that it is.
    #[arg(long, value_name = "PARTNER")]
    partner: Option<PartnerId>,
    /// How many other partners must have cosigned it [default: 2, or as many as there are].
    #[arg(long, value_name = "NUMBER")]
    quorum: Option<usize>,
}

pub(super) async fn run(args: &VerifyArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let export = read_export(&args.file)?;
    let register = match (&args.register, &args.fingerprint) {
        (Some(directory), Some(fingerprint)) => of_files(directory, fingerprint)?,
        _ => of_node(config).await?,
    };
    let expected = expected(args, &export, &register)?;
    let checks = verify_export(&export, &expected, SystemClock.now());
    tell(&checks, &expected, export.rows.len(), output)?;
    Ok(if checks.iter().all(|check| check.holds) { Exit::Done } else { Exit::Refused })
}

fn read_export(path: &Path) -> Result<Export, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::configuration(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(|error| failed(&error))?;
    Export::parse(&bytes).map_err(|error| failed(&error))
}

/// An old export is held against an old register as well: whether it has expired says nothing of it.
fn of_files(directory: &Path, fingerprint: &str) -> Result<Arc<Register>, Failure> {
    let Some(fingerprint) = read(fingerprint, 64) else {
        return Err(Failure::configuration("--fingerprint: 64 hexadecimal digits are expected, as a registrar tells them"));
    };
    let files = read_register(directory).map_err(|error| Failure::configuration(error.to_string()))?;
    let register = Register::open(&fingerprint, &files);
    let refused = |error| Failure::refused(format!("the register in {} does not hold: {error}", directory.display()));
    register.map(Arc::new).map_err(refused)
}

/// What is in force at this machine's node.
async fn of_node(config: Source<'_>) -> Result<Arc<Register>, Failure> {
    let no_node = |failure: Failure| {
        let how = "name the register to hold it against: --register DIR --fingerprint HEX (its files from any partner, the fingerprint from a registrar)";
        Failure::configuration(format!("{how}; no node of this machine can give it: {failure}"))
    };
    let config = config.load().map_err(no_node)?;
    let reader = checks::database::open(&serve::database(&config)?).await?;
    let in_force = checks::register::in_force(&config, reader.as_ref(), SystemClock.now()).await;
    if let Some(reader) = reader {
        reader.close().await;
    }
    let refused = |check: checks::Check| Failure::configuration(format!("{}; {}", check.says, check.advice.unwrap_or_default()));
    Ok(in_force.map_err(refused)?.register)
}

/// What the register says of the log, and of who may have cosigned it.
fn expected(args: &VerifyArgs, export: &Export, register: &Register) -> Result<Expected, Failure> {
    let partner = match &args.partner {
        Some(partner) => partner.clone(),
        None => {
            let signed = SignedCheckpoint::parse(export.checkpoint.as_bytes());
            let refused = |error| Failure::refused(format!("{}: its checkpoint cannot be read: {error}", args.file.display()));
            signed.map_err(refused)?.checkpoint().origin.partner().clone()
        }
    };
    let known = register.member(&partner);
    let known =
        known.ok_or_else(|| Failure::refused(format!("{partner}: the register of {} does not hold this partner", register.region())))?;
    let others: Vec<&Arc<Member>> = register.members().iter().filter(|member| member.partner != partner).collect();
    let active = others.iter().filter(|member| member.status == Status::Active).count();
    let origin =
        Origin::new(register.region(), partner).ok_or_else(|| Failure::refused("the register's region has no name that a log can have"))?;
    let witnesses = Witnesses {
        own: keys(known),
        // One that has left the federation may have cosigned before.
        others: others.iter().map(|member| (member.partner.clone(), keys(member))).collect(),
        quorum: args.quorum.unwrap_or_else(|| QUORUM.min(active)),
    };
    Ok(Expected { origin, witnesses })
}

/// All keys of a partner, whenever they may be used: the export may be older than the register.
fn keys(member: &Member) -> Vec<PublicKey> {
    member.message_keys.iter().map(|key| key.public_key).collect()
}

fn tell(checks: &[Check], expected: &Expected, rows: usize, output: &Output) -> Result<(), Failure> {
    let (origin, wrong) = (&expected.origin, checks.iter().filter(|check| !check.holds).count());
    if output.json {
        let checks: Vec<_> = checks.iter().map(|check| json!({"holds": check.holds, "says": check.words})).collect();
        return output.pretty_json(&json!({"holds": wrong == 0, "log": origin.to_string(), "rows": rows, "checks": checks}));
    }
    for check in checks {
        let word = if check.holds { output.style.dim("holds") } else { output.style.red("WRONG") };
        output.line(format!("{word}  {}", clean(&check.words)))?;
    }
    output.line(match wrong {
        0 => format!(
            "All of it holds: {} in the log {origin}. Whether rows were left out is nothing that a proof can show.",
            count(rows, "row stands", "rows stand")
        ),
        _ => format!("{wrong} of {} things do not hold: this is no proof.", checks.len()),
    })
}
