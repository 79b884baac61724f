//! Formats, from outside the room.
#![expect(clippy::expect_used, reason = "tests")]

mod education;
mod education_lost;
mod fields;
mod fuzz;
mod job_posting;
mod job_posting_sites;
mod made;
mod position_opening;
mod sheet;
mod vum;
mod vum_asked;
mod vum_fields;

use polder_formats::Context;
use polder_formats::report::{Read, Record};
use polder_model::reference::Reference;
use serde_json::Value;

/// A day, and the tables that come with the program.
fn context() -> Context<'static> {
    Context { today: "2026-11-30".parse().expect("a date"), reference: Reference::starter() }
}

/// The schemas' own judge, beside the one that readers use.
fn assert_valid(record: &Record) {
    let read = |name| serde_json::from_str::<Value>(polder_schemas::schema(name).expect("known")).expect("JSON");
    static VALIDATORS: std::sync::OnceLock<Vec<(&str, jsonschema::Validator)>> = std::sync::OnceLock::new();
    let validators = VALIDATORS.get_or_init(|| {
        let registry =
            jsonschema::Registry::new().add("urn:polder:schema:terms:1.0", read("terms")).expect("terms").prepare().expect("ready");
        let make = |name| {
            let options = jsonschema::options().with_registry(&registry).should_validate_formats(true);
            (name, options.with_pattern_options(jsonschema::PatternOptions::regex()).build(&read(name)).expect("a schema"))
        };
        vec![make("vacancy"), make("training")]
    });
    let (_, validator) = validators.iter().find(|(name, _)| *name == record.kind.as_str()).expect("a kind");
    let errors: Vec<String> = validator.iter_errors(&record.document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?} in {}", record.document);
}

/// The one record of an input.
fn only(read: Read) -> Record {
    assert_eq!(read.refused, [], "nothing is refused");
    let [record] = <[Record; 1]>::try_from(read.records).expect("one record");
    assert_valid(&record);
    record
}

/// Fields and codes of the notes.
fn notes(record: &Record) -> Vec<(&str, &str)> {
    record.notes.iter().map(|note| (note.field.as_str(), note.loss.code())).collect()
}

/// Places, fields and codes of what was refused.
fn refused(read: &Read) -> Vec<(String, &str, &str)> {
    read.refused.iter().map(|refused| (refused.place.to_string(), refused.field.as_str(), refused.why.code())).collect()
}

/// The bytes with a few of them changed, left out, doubled, or replaced by something that has a meaning.
fn mangled(random: &mut polder_random::Random, bytes: &[u8]) -> Vec<u8> {
    const PIECES: [&[u8]; 16] = [
        b"\"",
        b"{",
        b"]",
        b"<",
        b"&",
        b"\0",
        b"\xff",
        b"null",
        b"1e400",
        b"-0",
        b"\n",
        b";",
        b"<!DOCTYPE x [",
        b"&#0;",
        "\u{202e}".as_bytes(),
        b"[[[[",
    ];
    let mut mangled = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(mangled.len().max(1));
        let piece = *random.pick(&PIECES);
        let until = (at + random.below(8)).min(mangled.len());
        mangled.splice(at.min(mangled.len())..until.max(at.min(mangled.len())), piece.iter().copied());
    }
    mangled
}
