//! `polder register accession`: the one file by which a partner's node joins.

use std::path::PathBuf;

use clap::Args;
use polder_model::{PartnerId, Timestamp};
use polder_trust::register::{Member, Standing, Status};
use serde_json::json;

use super::desk::Desk;
use super::unknown_partner;
use crate::accession::Accession;
use crate::digits::{grouped, short_pin};
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
    // Where old keys stand beside new ones, the entry is that of no request, and nobody has its code.
    let code = (member.tls_pins.len() == 1 && member.message_keys.len() == 1).then(|| member.code());
    let (fingerprint, keys) = (&accession.fingerprint, Keys::of(member));
    let (until, stale) = (register.fresh_until(), register.standing(now) != Standing::Current);
    if output.json {
        output.json(&json!({
            "file": args.output, "partner": args.partner, "region": accession.region, "fingerprint": fingerprint, "code": code,
            "messageKeys": keys.message, "tlsPins": keys.tls, "freshUntil": until,
        }))?;
        return Ok(Exit::Done);
    }
    output.line(format!("Made {} for {} ({}). Nothing in it is secret.", args.output.display(), clean(&member.name), args.partner))?;
    let fingerprint = output.style.bold(&grouped(fingerprint));
    output.line(format!(
        "Send it, and read to each other by telephone:\n  fingerprint of {}  {fingerprint}   (you read, they compare)",
        accession.region
    ))?;
    let shown = keys.shown();
    match code.map(|code| output.style.bold(&grouped(&code))) {
        Some(code) => output.line(format!(
            "  code of the request  {code}   (they read, you compare)\n  Where the entry was changed since, their code is another: compare the keys \
             then, which their `polder doctor` says: {shown}"
        ))?,
        None => output.line(format!("  keys  {shown}   (they read what their `polder doctor` says, you compare)"))?,
    }
    output.line("They run: polder join accession.json")?;
    if stale {
        output.warn(
            "the freshness at this desk has run out; the newcomer fetches newer from a partner, and cannot finish where no node has any",
        );
    }
    Ok(Exit::Done)
}

/// The keys of an entry, by which both ends can compare it whatever became of it since it was asked for.
struct Keys {
    message: Vec<String>,
    tls: Vec<String>,
}

impl Keys {
    fn of(member: &Member) -> Self {
        let message = member.message_keys.iter().map(|key| key.keyid.to_string()).collect();
        Self { message, tls: member.tls_pins.iter().map(|pin| pin.sha256.as_str().to_owned()).collect() }
    }

    fn shown(&self) -> String {
        let tls = self.tls.iter().map(|pin| short_pin(pin)).collect::<Vec<_>>().join(", ");
        format!("message key {}, TLS key {tls}", self.message.join(", "))
    }
}
