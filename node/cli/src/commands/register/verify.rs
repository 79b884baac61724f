//! `polder register verify`.

use std::path::PathBuf;

use clap::Args;
use polder_model::Timestamp;
use polder_trust::register::{Register, Standing, Status};
use serde_json::json;

use crate::digits::read;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::register_files::read_register;

/// Which register, against which fingerprint.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The directory with root.1.json, members.json and fresh.json.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The fingerprint that the registrar told: 64 hexadecimal digits, in groups or not.
    #[arg(long, value_name = "HEX")]
    fingerprint: String,
}

pub(super) fn run(args: &VerifyArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let Some(fingerprint) = read(&args.fingerprint, 64) else {
        return Err(Failure::configuration("--fingerprint: 64 hexadecimal digits are expected, as the registrar tells them"));
    };
    let files = read_register(&args.dir).map_err(|error| Failure::configuration(error.to_string()))?;
    let register = match Register::load(&fingerprint, &files, None, now) {
        Ok(register) => register,
        Err(error) if output.json => {
            output.json(&json!({"holds": false, "problem": error.to_string()}))?;
            return Ok(Exit::Refused);
        }
        Err(error) => return Err(Failure::refused(format!("the register in {} does not hold: {error}", args.dir.display()))),
    };
    let (adopted, active) = (register.adopted(), register.members().iter().filter(|member| member.status == Status::Active).count());
    let (word, standing) = match register.standing(now) {
        Standing::Current => ("current", "current"),
        Standing::Stale => ("stale", "stale: its freshness has run out, ask a registrar for a newer fresh.json"),
        Standing::NoDisclosure => ("no-disclosure", "out of date for long: ask a registrar for newer files"),
    };
    if output.json {
        output.json(&json!({
            "holds": true, "region": register.region(), "root": adopted.root, "epoch": adopted.epoch, "version": adopted.version,
            "members": register.members().len(), "active": active, "standing": word,
        }))?;
    } else {
        let (region, root, epoch, version) = (register.region(), adopted.root, adopted.epoch, adopted.version);
        output.line(format!(
            "The register of {region} holds: root {root}, members epoch {epoch} version {version}, {active} active partner(s)."
        ))?;
        output.line(format!("It is {standing}."))?;
    }
    Ok(Exit::Done)
}
