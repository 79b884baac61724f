//! What is said of documents that are signed.

use polder_trust::keys::KeyId;
use polder_trust::register::Member;
use serde_json::{Value, json};

use super::codes;
use super::desk::{Report, Signatures};
use super::words::Saying;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Says how documents stand. Exit code 1 while one waits for signatures.
pub(super) fn reports(reports: &[Report], output: &Output) -> Result<Exit, Failure> {
    reports_with(reports, Value::Null, output)
}

/// The same, for machines with more members beside.
pub(super) fn reports_with(reports: &[Report], more: Value, output: &Output) -> Result<Exit, Failure> {
    let complete = reports.iter().all(|report| report.in_force);
    let exit = if complete { Exit::Done } else { Exit::Refused };
    if output.json {
        let mut said = json!({"complete": complete, "documents": reports});
        if let (Value::Object(said), Value::Object(more)) = (&mut said, more) {
            said.extend(more);
        }
        output.json(&said)?;
        return Ok(exit);
    }
    if reports.is_empty() {
        output.line("Nothing is due.")?;
    }
    for report in reports {
        one(report, output)?;
    }
    if complete && !reports.is_empty() {
        output.line("Give root.*.json, members.json and fresh.json to one node (its register directory, then `systemctl reload polder`): it tells the others.")?;
    } else if reports.iter().any(|report| !report.in_force && report.waits_for.is_none()) {
        output.line("Not in force yet: send the file to who is missing. They look (polder register show FILE --dir DIR), sign (polder register sign FILE --key KEY) and send it back; `polder register take FILE --dir DIR` brings the signatures together.")?;
    }
    Ok(exit)
}

/// What became of a request of a partner that is known, with its code.
pub(super) fn of_request(documents: &[Report], request: &Member, was_told: bool, output: &Output) -> Result<Exit, Failure> {
    let said = json!({"requests": [{"partner": request.partner, "code": request.code()}]});
    let exit = reports_with(documents, said, output)?;
    if !output.json {
        codes::say(request, was_told, output)?;
    }
    Ok(exit)
}

/// How one document stands.
pub(super) fn one(report: &Report, output: &Output) -> Result<(), Failure> {
    let state = if report.in_force { "in force" } else { "proposed" };
    output.line(format!("{}  {}, {state}", output.style.bold(&report.file.display().to_string()), report.version))?;
    signatures(&report.signatures, output)?;
    if let Some(other) = report.waits_for {
        output.line(format!(
            "  Not in force yet: it goes into force together with {other}; take that file in as well (polder register take FILE --dir DIR)"
        ))?;
    }
    sayings(&report.in_words, output)
}

/// Who signed, and who is missing.
pub(super) fn signatures(sets: &[Signatures], output: &Output) -> Result<(), Failure> {
    for set in sets {
        let names = |keys: &[KeyId]| keys.iter().map(KeyId::as_str).collect::<Vec<_>>().join(", ");
        let mut line = format!("  {}: {} signature(s), {} needed", set.of, set.signed.len(), set.needed);
        if !set.signed.is_empty() {
            line.push_str(&format!("; signed: {}", names(&set.signed)));
        }
        if !set.complete() {
            line.push_str(&format!("; {} more of: {}", set.needed - set.signed.len(), names(&set.missing)));
        }
        output.line(line)?;
    }
    Ok(())
}

/// Sentences. What has to be looked at twice begins with `!`.
pub(super) fn sayings(all: &[Saying], output: &Output) -> Result<(), Failure> {
    for Saying { says, risk } in all {
        let mark = if *risk { output.style.bold("!") } else { " ".to_owned() };
        output.line(format!("  {mark} {says}"))?;
    }
    Ok(())
}
