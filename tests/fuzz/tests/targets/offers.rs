//! Offers of each kind: what is taken comes back as it was, what is refused is refused with findings that lead somewhere and tell no value.

use std::time::Duration;

use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, MARK, Target, examples};
use polder_model::offer::{self, ParsedOffer};
use polder_model::reference::Reference;
use polder_model::{Date, Finding, Kind};
use serde_json::Value;

/// More findings than this help nobody.
const MOST_FINDINGS: usize = 20_000;

/// Findings say where, in the document or just below it, and carry no value.
pub fn findings_hold(input: &[u8], findings: &[Finding]) -> Result<(), String> {
    if findings.is_empty() || findings.len() > MOST_FINDINGS {
        return Err(format!("{} findings", findings.len()));
    }
    let document = serde_json::from_slice::<Value>(input).unwrap_or(Value::Null);
    for finding in findings {
        if finding.message.contains(MARK) || finding.message.is_empty() || finding.message.chars().any(char::is_control) {
            return Err(format!("the message of a finding: {:?}", finding.message));
        }
        let parent = finding.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        if document.pointer(parent).is_none() && finding.code != polder_model::FindingCode::NotJson {
            return Err(format!("{} ({:?}) leads nowhere", finding.pointer, finding.code));
        }
    }
    Ok(())
}

/// The outcome of findings: their codes and places, without the numbers of elements.
pub fn outcome(findings: &[Finding]) -> String {
    let mut all: Vec<String> = findings
        .iter()
        .map(|finding| {
            let place: Vec<&str> = finding.pointer.split('/').filter(|part| part.parse::<u32>().is_err()).collect();
            format!("{:?} {}", finding.code, place.join("/"))
        })
        .collect();
    all.sort();
    all.dedup();
    all.truncate(3);
    all.join(", ")
}

fn taken(kind: Kind, input: &[u8], parsed: &ParsedOffer) -> Result<String, String> {
    let written = serde_json::from_slice::<Value>(input).map_err(|error| format!("it is no JSON: {error}"))?.to_string();
    if offer::parse(kind, written.as_bytes()).as_ref() != Ok(parsed) {
        return Err("written out and read again it is another offer".to_owned());
    }
    let visible = parsed.visible_document(input);
    let seen = offer::parse(kind, &visible).map_err(|findings| format!("what others see of it is refused: {findings:?}"))?;
    if seen.features() != parsed.features() {
        return Err("others see other features than this node does".to_owned());
    }
    if offer::read_stored(kind, input).as_ref() != Ok(&parsed.features()) {
        return Err("read from the database it has other features".to_owned());
    }
    let notes = parsed.notes(Reference::starter(), Date::from_days(20_787));
    Ok(format!("taken with {} notes, terms {}", notes.len(), parsed.offer.terms().is_some()))
}

/// The kind that an input looks like.
fn kind_of(input: &[u8]) -> Kind {
    let holds = |name: &[u8]| input.windows(name.len()).any(|window| window == name);
    match (holds(b"\"employer\""), holds(b"\"provider\"")) {
        (true, _) => Kind::Vacancy,
        (false, true) => Kind::Training,
        (false, false) => Kind::SkillOffer,
    }
}

fn property(input: &[u8]) -> Verdict {
    let kind = kind_of(input);
    let read = offer::parse(kind, input);
    if read != offer::judge(kind, input) {
        return Err(format!("{kind}: the quick reader and the judge do not agree; sure: {}", offer::is_surely_good(kind, input)));
    }
    let told = match read {
        Ok(parsed) => taken(kind, input, &parsed),
        Err(findings) => findings_hold(input, &findings).map(|()| outcome(&findings)),
    };
    told.map(|outcome| format!("{kind}: {outcome}")).map_err(|what| format!("{kind}: {what}"))
}

#[test]
fn offers() {
    let words = &[
        "title",
        "description",
        "employer",
        "provider",
        "skills",
        "uri",
        "terms",
        "fields",
        "recipients",
        "location",
        "postcode",
        "hours",
        "min",
        "max",
        "salary",
        "level",
        "contract",
        "closingDate",
        "bsn",
        "gezondheid",
        "wajong",
        "editions",
        "price",
    ];
    let seeds = examples::of_schemas(&["vacancy", "training", "skill-offer", "terms"]);
    Target { name: "offers", seeds, grammar: Grammar::Json, words, bound: Duration::from_millis(1_000) }.run(property);
}
