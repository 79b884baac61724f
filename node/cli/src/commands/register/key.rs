//! `polder register key`: a key of one's own, made where it will be kept.

use std::path::PathBuf;

use clap::Args;
use polder_trust::keys::SigningKey;
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Where the key goes.
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    /// A new file for the private key, or one that is there already: then its public half is shown.
    file: PathBuf,
}

pub(super) fn run(args: &KeyArgs, output: &Output) -> Result<Exit, Failure> {
    let failed = |error| Failure::configuration(format!("{}: {error}", args.file.display()));
    let key = if args.file.exists() {
        SigningKey::load(&args.file).map_err(failed)?
    } else {
        let key = SigningKey::generate().map_err(failed)?;
        key.save(&args.file).map_err(failed)?;
        key
    };
    let public = key.public();
    if output.json {
        output.json(&json!({"file": args.file, "keyid": public.id(), "publicKey": public}))?;
    } else {
        output.line(format!("Private key: {} (keep it offline, and nobody else's)", args.file.display()))?;
        output.line(format!("Public key {public} (id {}): give this to who makes the next root.", public.id()))?;
    }
    Ok(Exit::Done)
}
