//! Every field of every format has a fate, written down once.

use polder_formats::fields::{Fate, Table};
use polder_formats::job_posting;
use serde_json::Value;

/// The properties of JobPosting in schema.org 30.0, with those that were superseded.
const JOB_POSTING: &str = "applicationContact baseSalary datePosted educationRequirements eligibilityToWorkRequirement employerOverview employmentType \
    employmentUnit estimatedSalary experienceRequirements hiringOrganization incentiveCompensation industry jobBenefits jobImmediateStart jobLocation \
    jobLocationType jobStartDate occupationalCategory physicalRequirement qualifications relevantOccupation responsibilities salaryCurrency \
    securityClearanceRequirement sensoryRequirement skills specialCommitments title totalJobOpenings validThrough workHours \
    applicantLocationRequirements directApply experienceInPlaceOfEducation jobDuration benefits incentives";
/// The properties of every Thing.
const THING: &str = "additionalType alternateName description disambiguatingDescription identifier image mainEntityOfPage name owner potentialAction \
    sameAs subjectOf url";

/// Names in the list that the table lacks, and names in the table that the list lacks.
fn compare(table: &Table, names: &[&str], extra: &[&str]) {
    for name in names {
        assert!(table.field(name).is_some(), "{}: {name} has no fate", table.title);
    }
    for field in table.fields {
        assert!(names.contains(&field.name) || extra.contains(&field.name), "{}: {} is no field of the format", table.title, field.name);
        assert_eq!(table.fields.iter().filter(|other| other.name == field.name).count(), 1, "{}: {} stands twice", table.title, field.name);
    }
}

/// Each member that a field is said to become is one of the schema.
fn members_exist(table: &Table, kind: &str) {
    let schema: Value = serde_json::from_str(polder_schemas::schema(kind).expect("known")).expect("JSON");
    for field in table.fields {
        let Fate::Mapped(members) = field.fate else { continue };
        for member in members {
            let mut place = &schema;
            for step in member.split('/').skip(1) {
                let inner = if place["type"] == "array" { &place["items"] } else { place };
                place = inner["properties"]
                    .get(step)
                    .unwrap_or_else(|| panic!("{}: {} becomes {member}, which is no member", table.title, field.name));
            }
        }
    }
}

#[test]
fn every_property_of_job_posting_has_a_fate() {
    let names: Vec<&str> = JOB_POSTING.split_whitespace().chain(THING.split_whitespace()).collect();
    compare(&job_posting::TABLE, &names, &["@language", "inLanguage"]);
    members_exist(&job_posting::TABLE, "vacancy");
}

/// The tables, as `docs/formats.md` has them after this mark.
const MARK: &str = "<!-- The tables below are made from the code: POLDER_WRITE=1 cargo test -p polder-formats fields:: -->\n";

#[test]
fn the_documentation_says_what_the_code_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let (before, _) = page.split_once(MARK).expect("the mark");
    let tables: Vec<String> = polder_formats::TABLES.iter().map(|table| table.markdown()).collect();
    let mut lost = String::from(
        "### A vacancy as JobPosting\n\nThese members have no property, and are not written:\n\n| member | because |\n| --- | --- |\n",
    );
    for (member, because) in job_posting::NOT_WRITTEN {
        lost += &format!("| `{member}` | {because} |\n");
    }
    let made = format!("{before}{MARK}\n{}\n{lost}", tables.join("\n"));
    if std::env::var_os("POLDER_WRITE").is_some() {
        std::fs::write(path, &made).expect("the page can be written");
    }
    assert!(page == made, "docs/formats.md has drifted: run POLDER_WRITE=1 cargo test -p polder-formats fields::");
}
