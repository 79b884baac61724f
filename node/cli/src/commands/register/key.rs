//! `polder register key`: a key of one's own, made where it will be kept. Only its public half goes to others.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::Args;
use polder_trust::keys::{PublicKey, SigningKey};
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::register_files::{read_file, write_file};

/// Where the key goes.
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    /// A new file for the private key, or one that is there already. Its public half goes beside it, into a file that ends in .pub.
    file: PathBuf,
}

pub(super) fn run(args: &KeyArgs, output: &Output) -> Result<Exit, Failure> {
    let failed = |error| Failure::configuration(format!("{}: {error}", args.file.display()));
    let key = if args.file.exists() {
        SigningKey::load(&args.file).map_err(failed)?
    } else {
        make_directory(args.file.parent())?;
        let key = SigningKey::generate().map_err(failed)?;
        key.save(&args.file).map_err(failed)?;
        key
    };
    let (public, half) = (key.public(), args.file.with_extension("pub"));
    if half == args.file {
        return Err(Failure::configuration(format!("{}: a private key does not end in .pub", half.display())));
    }
    write_file(&half, format!("{public}\n").as_bytes()).map_err(|error| Failure::configuration(error.to_string()))?;
    if output.json {
        output.json(&json!({"file": args.file, "publicFile": half, "keyid": public.id(), "publicKey": public}))?;
    } else {
        output.line(format!("Private key: {} (it stays where it is, and is nobody else's)", args.file.display()))?;
        output.line(format!("Public key:  {} ({public})", half.display()))?;
        output.line(format!("Its id:      {}", public.id()))?;
        output
            .line("Give the public key to who makes the register or its next root, and look for its id in what you are asked to sign.")?;
    }
    Ok(Exit::Done)
}

fn make_directory(directory: Option<&Path>) -> Result<(), Failure> {
    let Some(directory) = directory.filter(|directory| !directory.as_os_str().is_empty() && !directory.exists()) else { return Ok(()) };
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
    made.map_err(|error| Failure::configuration(format!("{}: {error}", directory.display())))
}

/// A public key on the command line: as text, or the file with it.
pub(super) fn public_key(text: &str) -> Result<PublicKey, String> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let path = Path::new(text);
    if !path.exists() {
        return Err(
            "a public key is expected as `polder register key` shows it: the 43 characters, or the file that ends in .pub".to_owned()
        );
    }
    let file = read_file(path).map_err(|error| error.to_string())?;
    let content = String::from_utf8_lossy(&file);
    if content.contains("PRIVATE KEY") {
        return Err("this is a private key, which stays where it is; the file beside it that ends in .pub is its public half".to_owned());
    }
    content.trim().parse().map_err(|_| format!("{text} holds no public key as `polder register key` writes it"))
}
