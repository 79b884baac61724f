//! `polder register accession`: the one file by which a partner's node joins.

use std::path::PathBuf;

use clap::Args;
use polder_model::{PartnerId, Timestamp};
use polder_trust::register::{Standing, Status};
use serde_json::json;

use super::desk::Desk;
use super::unknown_partner;
use crate::accession::Accession;
use crate::digits::grouped;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::register_files::{read_register, write_file};

/// For whom.
#[derive(Debug, Args)]
pub(crate) struct AccessionArgs {
    /// The partner: oin: and 20 digits, or kvk: and 8 digits.
    partner: PartnerId,
    /// The registrar's directory.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Where the file goes; one that is there is replaced.
    #[arg(long, value_name = "FILE", default_value = "accession.json")]
    output: PathBuf,
}

pub(super) fn run(args: &AccessionArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let desk = Desk::open(&args.dir)?;
    let register = &desk.register;
    let member = register.member(&args.partner).ok_or_else(|| {
        let waits = desk.proposals().is_ok_and(|proposals| !proposals.is_empty());
        if waits {
            let problem = "the list in force does not hold this partner, and a change waits for signatures in";
            return Failure::refused(format!("{}: {problem} {}; finish it first", args.partner, desk.proposed().display()));
        }
        unknown_partner(&desk, &args.partner)
    })?;
    if member.status != Status::Active {
        return Err(Failure::refused(format!("{}: it does not take part now (polder register reinstate)", args.partner)));
    }
    if register.root().expires <= now || register.members_document().expires <= now {
        return Err(Failure::refused(format!(
            "the register in {} has expired; renew it first (polder register renew)",
            args.dir.display()
        )));
    }
    let files = read_register(&args.dir).map_err(|error| Failure::configuration(error.to_string()))?;
    let accession = Accession::of(args.partner.clone(), register, &files)?;
    write_file(&args.output, accession.text()?.as_bytes()).map_err(|error| Failure::configuration(format!("--output {error}")))?;
    let (fingerprint, code) = (&accession.fingerprint, member.code());
    let (until, stale) = (register.fresh_until(), register.standing(now) != Standing::Current);
    if output.json {
        output.json(&json!({
            "file": args.output, "partner": args.partner, "region": accession.region, "fingerprint": fingerprint, "code": code, "freshUntil": until,
        }))?;
        return Ok(Exit::Done);
    }
    output.line(format!("Made {} for {} ({}). Nothing in it is secret.", args.output.display(), clean(&member.name), args.partner))?;
    output.line(format!(
        "Send it, and read to each other by telephone:
  fingerprint of {}  {}   (you read, they compare)
  code of the request  {}   (they read, you compare)",
        accession.region,
        output.style.bold(&grouped(fingerprint)),
        output.style.bold(&grouped(&code)),
    ))?;
    output.line("They run: polder join accession.json")?;
    if stale {
        output.warn(
            "the freshness at this desk has run out; the newcomer fetches newer from a partner, and cannot finish where no node has any",
        );
    }
    Ok(Exit::Done)
}
