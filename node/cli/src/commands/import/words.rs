//! What is said of an import, in English and Dutch.

use std::path::{Path, PathBuf};

use crate::exit::Failure;
use crate::print::Lang;

/// What became of a record.
pub(super) fn outcome(outcome: &'static str, lang: Lang) -> &'static str {
    let dutch = match outcome {
        "created" => "nieuw",
        "replaced" => "vervangen",
        "unchanged" => "ongewijzigd",
        "valid" => "goed",
        "refused" => "geweigerd",
        other => other,
    };
    lang.either(outcome, dutch)
}

/// That these files hold nothing.
pub(super) fn no_records(files: &[&PathBuf]) -> Failure {
    let named = |input: &str| {
        let name = |path: &&PathBuf| if *path == Path::new("-") { input.to_owned() } else { path.display().to_string() };
        files.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let (english, dutch) = (named("standard input"), named("de standaardinvoer"));
    Failure::refused((format!("there are no records in {english}"), format!("er staan geen records in {dutch}")))
}
