//! `polder register sign`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use polder_trust::keys::SigningKey;
use polder_trust::register::{DocumentType, Fresh, Members, Root, Signed};
use serde_json::json;

use super::directory::{unverified, write};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::register_files::read_file;

/// What to sign, with which key.
#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The file. Look first what it says: `polder register show FILE`.
    file: PathBuf,
    /// The file with your key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// What the file is.
    #[arg(long = "type", value_name = "TYPE")]
    document: Document,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Document {
    Root,
    Members,
    Fresh,
}

pub(super) fn run(args: &SignArgs, output: &Output) -> Result<Exit, Failure> {
    let file = read_file(&args.file).map_err(|error| Failure::configuration(error.to_string()))?;
    // A signature says something only about a document of its type.
    let (mut signed, kind): (Signed, _) = match args.document {
        Document::Root => (unverified::<Root>(&args.file, &file)?.0, DocumentType::Root),
        Document::Members => (unverified::<Members>(&args.file, &file)?.0, DocumentType::Members),
        Document::Fresh => (unverified::<Fresh>(&args.file, &file)?.0, DocumentType::Fresh),
    };
    let key = SigningKey::load(&args.key).map_err(|error| Failure::configuration(format!("--key {}: {error}", args.key.display())))?;
    signed.sign(kind, &key);
    write(&args.file, &signed)?;
    let (keyid, count) = (key.public().id(), signed.signatures.len());
    if output.json {
        output.json(&json!({"file": args.file, "type": kind.as_str(), "keyid": keyid, "signatures": count}))?;
    } else {
        output.line(format!("Signed {} with key {keyid}; it has {count} signature(s) now.", args.file.display()))?;
    }
    Ok(Exit::Done)
}
