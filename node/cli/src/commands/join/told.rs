//! The fingerprint that the registrar told, over another way than the file came.

use std::io::{self, BufRead, IsTerminal};

use crate::accession::{Accession, wrong_fingerprint};
use crate::config::Config;
use crate::digits::{grouped, read};
use crate::exit::Failure;
use crate::output::{Output, clean};

/// The fingerprint to go by: of the option, of the configuration, or confirmed on the terminal.
pub(super) fn fingerprint(accession: &Accession, option: Option<&str>, config: &Config, output: &Output) -> Result<String, Failure> {
    let found = &accession.fingerprint;
    let known = &config.register.fingerprint;
    let told = match option {
        Some(text) => Some(read(text, 64).ok_or_else(|| {
            Failure::configuration(
                "--fingerprint: 64 hexadecimal digits are expected, as the registrar's `polder register accession` prints them",
            )
        })?),
        None if !known.is_empty() => Some(known.clone()),
        None => None,
    };
    if let Some(told) = &told
        && !known.is_empty()
        && told != known
    {
        return Err(Failure::refused(format!(
            "the configuration has the fingerprint {known}, of a register that this node has joined, and {told} was told: a node takes part in one \
             region; make another node for another one (polder init)"
        )));
    }
    match told {
        Some(told) if told == *found => Ok(told),
        Some(told) => Err(wrong_fingerprint(found, &told)),
        None => confirm(accession, output),
    }
}

/// Shows it, and asks whether the registrar told the same.
fn confirm(accession: &Accession, output: &Output) -> Result<String, Failure> {
    let Some(found) = read(&accession.fingerprint, 64) else {
        return Err(Failure::refused("the accession file has no fingerprint of 64 hexadecimal digits; have the registrar send it again"));
    };
    if !io::stdin().is_terminal() || output.json {
        return Err(Failure::configuration(
            "which register is it? give the fingerprint that the registrar told you, not one out of the file: --fingerprint HEX",
        ));
    }
    output.note(&format!("Fingerprint of the register of {}:\n\n  {}\n", clean(&accession.region), grouped(&found)));
    output.note("Have the registrar read it out, on a number that you know. Is it the same, all of it? Type yes:");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::internal(format!("the terminal: {error}")))?;
    if answer.trim().eq_ignore_ascii_case("yes") {
        return Ok(found);
    }
    Err(Failure::refused(
        "not joined: the fingerprint was not confirmed. If it is another one, do not use this file, and tell the registrar",
    ))
}
