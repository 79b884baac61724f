//! Codes of requests: by them the two ends of a telephone call find out whether a request was changed on its way.

use std::path::PathBuf;

use polder_trust::register::Member;

use crate::digits;
use crate::exit::Failure;
use crate::output::Output;

/// Digits of a code.
const CODE: usize = 32;

/// Sees that each request has its code among those that were told; where none was told, there is nothing to see. A code holds for all that its request
/// says, the partner included.
pub(super) fn check(files: &[PathBuf], members: &[Member], told: &[String]) -> Result<(), Failure> {
    if told.is_empty() {
        return Ok(());
    }
    if told.len() != members.len() {
        let (requests, codes) = (members.len(), told.len());
        return Err(Failure::configuration(format!(
            "--code: give one for each request; there are {requests} request(s) and {codes} code(s)"
        )));
    }
    let told = told.iter().map(|told| digits::read(told, CODE)).collect::<Option<Vec<_>>>();
    let told = told.ok_or_else(|| Failure::configuration("--code: 32 hexadecimal digits are expected, as `polder init` prints them"))?;
    for (file, member) in files.iter().zip(members) {
        let code = member.code();
        if !told.contains(&code) {
            let given = if told.len() == 1 { "not the one that was given" } else { "none of those that were given" };
            let problem = format!("the code of this request is {}, {given}", digits::grouped(&code));
            return Err(Failure::refused(format!("{}: {problem}; have the partner send member.json again", file.display())));
        }
    }
    Ok(())
}

/// Says the code of a request, and what to do with it.
pub(super) fn say(request: &Member, was_told: bool, output: &Output) -> Result<(), Failure> {
    let checked = if was_told { "as it was given" } else { "compare it by telephone with what their `polder init` printed" };
    let code = output.style.bold(&digits::grouped(&request.code()));
    output.line(format!("Code of the request of {}: {code} ({checked}).", request.partner))
}
