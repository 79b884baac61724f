//! What the tables of CVs say of each field is what their readers do.

use std::fmt::Write;

use polder_formats::curriculum::{CANDIDATE, PASSPORT, RESUME};
use polder_formats::fields::{Fate, Table};
use serde_json::{Value, json};

use super::read;
use super::tests::TODAY;

/// What the reader makes of a CV, but for what it says that it left out.
fn said(file: &str) -> String {
    let mut cv = read(file.as_bytes(), TODAY).expect("a CV");
    cv.left.clear();
    format!("{cv:?}")
}

/// Each field counts where its table says so, and only there: with all others, with none, or with those of other parents alone.
fn hold(table: Table, separator: char, write: impl Fn(&[&str]) -> String) {
    let all: Vec<&str> = table.fields.iter().map(|field| field.name).collect();
    let but = |some: &[&str]| all.iter().copied().filter(|name| !some.contains(name)).collect::<Vec<_>>();
    let read = |names: &[&str]| said(&write(names));
    let whole = read(&all);
    for field in table.fields {
        let parent = |name: &'static str| name.rsplit_once(separator).map(|(parent, _)| parent);
        let beside: Vec<&str> = table
            .fields
            .iter()
            .map(|other| other.name)
            .filter(|other| *other != field.name && parent(other) == parent(field.name))
            .collect();
        let alone: Vec<&str> = beside.iter().copied().chain([field.name]).collect();
        let counts = read(&but(&[field.name])) != whole || read(&[field.name]) != read(&[]) || read(&but(&beside)) != read(&but(&alone));
        match field.fate {
            Fate::LeftOut(_) => assert!(!counts, "{}: {} is left out: {whole}", table.title, field.name),
            // What steers does so by some of its values.
            Fate::Steers(_) => {}
            _ => assert!(counts, "{}: {} counts: {whole}", table.title, field.name),
        }
    }
}

fn sample(name: &str) -> &'static str {
    match name.rsplit(['/', '.']).next().unwrap_or(name).trim_end_matches("[]") {
        _ if name.ends_with("Email/Contact") => "sanne@voorbeeld.example",
        _ if name.ends_with("Telephone/Contact") => "+31 6 12345678",
        _ if name.ends_with("Country/Code") => "NL",
        _ if name.ends_with("Headline/Type/Code") => "preferred_job",
        _ if name.ends_with("Level/Code") => "4",
        _ if name.ends_with("Level/Label") => "EQF",
        _ if name.ends_with("MotherTongue/Description/Code") => "pl",
        _ if name.ends_with("MotherTongue/Description/Label") => "Pools",
        _ if name.ends_with("ForeignLanguage/Description/Code") => "en",
        _ if name.ends_with("ForeignLanguage/Description/Label") => "Engels",
        _ if name.ends_with("Education/Title") => "Mbo 3",
        "email" | "URI" => "sanne@voorbeeld.example",
        "phone" | "DialNumber" => "612345678",
        "CountryDialing" => "31",
        "PostalCode" | "postalCode" => "8251 AB",
        "CountryCode" | "countryCode" => "NL",
        "Current" | "Ongoing" => "false",
        "Licence" => "BE",
        "LicenseTypeCode" => "B",
        "LicenseName" => "C",
        "PrimaryLanguageCode" => "dut",
        "EducationLevelCode" => "4",
        "ProgramName" => "Bachelor",
        "DegreeName" => "Mbo 2",
        "studyType" => "mbo 3",
        "endDate" => "2009-07",
        "TaxonomyID" => "language",
        "CompetencyID" => "eng",
        "language" => "Engels",
        "Listening" | "ScoreText" => "C1",
        "Reading" | "fluency" => "B1",
        "SpokenInteraction" => "B2",
        "SpokenProduction" => "A2",
        "Writing" => "A1",
        "FirstName" | "GivenName" => "Sanne",
        "Surname" | "FamilyName" => "Verzonnen",
        "FormattedName" => "Sanne V.",
        "Computer" | "CompetencyName" => "rekenbladen",
        _ if name.contains("Computer") => "rekenbladen",
        _ if name.contains("JobRelated") => "TIG-lassen",
        _ if name.starts_with("skills") => {
            if name.contains("keywords") {
                "solderen"
            } else {
                "lassen"
            }
        }
        _ => "iets anders",
    }
}

/// Elements within each other, as their paths have them; ways to reach somebody stand apart, each with its kind.
fn elements(names: &[&str]) -> String {
    let mut xml = String::new();
    let mut open: Vec<String> = Vec::new();
    for name in names {
        let mut steps: Vec<String> = name.split('/').map(str::to_owned).collect();
        let way = match steps.last().map(String::as_str) {
            Some("URI") => "Email",
            Some("CountryDialing" | "DialNumber") => "Telephone",
            _ => "",
        };
        if name.ends_with("Communication/ChannelCode") {
            continue;
        }
        steps.iter_mut().filter(|step| *step == "Communication").for_each(|step| step.push_str(&format!("#{way}")));
        let leaf = steps.pop().unwrap_or_default();
        let same = open.iter().zip(&steps).take_while(|(one, other)| one == other).count();
        close(&mut xml, &mut open, same);
        for step in &steps[same..] {
            let (element, kind) = step.split_once('#').unwrap_or((step, ""));
            let _ = write!(xml, "<{element}>");
            if !kind.is_empty() {
                let _ = write!(xml, "<ChannelCode>{kind}</ChannelCode>");
            }
            open.push(step.clone());
        }
        let list = if leaf == "EducationLevelCode" { " listName=\"EQF\"" } else { "" };
        let _ = write!(xml, "<{leaf}{list}>{}</{leaf}>", sample(name));
    }
    close(&mut xml, &mut open, 0);
    xml
}

fn close(xml: &mut String, open: &mut Vec<String>, most: usize) {
    while open.len() > most {
        let step = open.pop().unwrap_or_default();
        let _ = write!(xml, "</{}>", step.split('#').next().unwrap_or_default());
    }
}

#[test]
fn every_field_of_europass_becomes_what_its_table_says() {
    hold(PASSPORT, '/', |names| format!("<SkillsPassport><LearnerInfo>{}</LearnerInfo></SkillsPassport>", elements(names)));
    hold(CANDIDATE, '/', |names| format!("<Candidate>{}</Candidate>", elements(names)));
}

#[test]
fn every_field_of_json_resume_becomes_what_its_table_says() {
    hold(RESUME, '.', |names| {
        // Without any of its parts it is no resume.
        let mut resume = json!({"basics": {}});
        for name in names {
            let mut place = &mut resume;
            for step in name.split('.') {
                place = match step.strip_suffix("[]") {
                    None => &mut place[step],
                    Some(list) => {
                        if place[list].is_null() {
                            place[list] = json!([{}]);
                        }
                        &mut place[list][0]
                    }
                };
            }
            let lists = ["keywords", "highlights", "courses", "profiles"].iter().any(|list| name.ends_with(list));
            *place = if lists { json!([sample(name)]) } else { Value::from(sample(name)) };
        }
        resume.to_string()
    });
}
