//! Files to import, made from rightful ones: whatever they hold, each record becomes an offer that stands, or is refused with a reason.

use std::io::Cursor;
use std::time::Duration;

use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, Target};
use polder_model::offer;

use super::source::{Named, read};
use super::{Format, Item, Options};
use crate::print::Lang;

/// More records than an input can hold.
const MOST: usize = 200_000;

fn holds(item: &Item, format: Format) -> Result<String, String> {
    let notes = match item {
        Ok(record) => {
            // What a line carries is judged by the node; what a JobPosting becomes must stand.
            let parsed = offer::parse(record.kind, record.document.as_bytes());
            if let (Format::Jobposting, Err(findings)) = (format, parsed) {
                return Err(format!("a JobPosting became an offer that cannot stand: {findings:?}"));
            }
            &record.mapping
        }
        Err(refused) => {
            if refused.problem.detail.is_empty() {
                return Err("refused without a reason".to_owned());
            }
            &refused.mapping
        }
    };
    if let Some(note) = notes.iter().find(|note| note.says.is_empty()) {
        return Err(format!("a note that says nothing: {note:?}"));
    }
    let said: Vec<&str> = notes.iter().map(|note| note.says.as_str()).take(2).collect();
    let outcome = item.as_ref().map_or_else(|refused| refused.problem.findings.first().map_or("refused", |f| &f.message), |_| "an offer");
    // Places and sizes in it would make every input another.
    Ok(format!("{outcome}: {}", said.join(", ")).replace(|c: char| c.is_ascii_digit(), ""))
}

fn property(input: &[u8]) -> Verdict {
    let mut told = Vec::new();
    for (format, named) in [(Format::Auto, Named::Other), (Format::Jobposting, Named::Document)] {
        let mut items = Vec::new();
        let mut take = |item| {
            items.push(item);
            true
        };
        if let Err(error) = read(
            &mut Cursor::new(input),
            named,
            Options { kind: None, format, today: "2026-11-30".parse().expect("a date"), lang: Lang::En },
            &mut take,
        ) {
            return Ok(format!("not read: {error}"));
        }
        if items.len() > MOST {
            return Err(format!("{} records", items.len()));
        }
        for item in &items {
            told.push(holds(item, format)?);
        }
    }
    told.sort();
    told.dedup();
    told.truncate(3);
    Ok(told.join("; "))
}

#[test]
fn jobposting() {
    let words = &[
        "@type",
        "@graph",
        "@id",
        "@context",
        "JobPosting",
        "title",
        "description",
        "hiringOrganization",
        "identifier",
        "value",
        "jobLocation",
        "address",
        "postalCode",
        "addressLocality",
        "baseSalary",
        "minValue",
        "maxValue",
        "unitText",
        "employmentType",
        "workHours",
        "skills",
        "validThrough",
        "educationRequirements",
        "experienceRequirements",
        "monthsOfExperience",
        "url",
        "applicationContact",
        "jobStartDate",
        "&nbsp;",
        "&#x0;",
        "&#1114112;",
        "<script type=\"application/ld+json\">",
        "</script>",
        "<p>",
        "<!--",
        "-->",
    ];
    let target = Target { name: "jobposting", seeds: Vec::new(), grammar: Grammar::Json, words, bound: Duration::from_millis(2_000) };
    target.run(property);
}
