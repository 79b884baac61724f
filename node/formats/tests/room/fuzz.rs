//! Inputs made from rightful ones: whatever they hold, an offer that comes out passes every check, and no refusal repeats a value.

use std::time::Duration;

use polder_formats::education::{self, Catalogue, Offered, Version};
use polder_formats::report::Read;
use polder_formats::sheet::{self, Mapping};
use polder_formats::{job_posting, position_opening};
use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, MARK, Target};
use polder_model::{Kind, json, offer};
use polder_random::Random;
use serde_json::{Value, json};

use crate::{context, made};

const BOUND: Duration = Duration::from_millis(4_000);
const WORDS: [&str; 45] = [
    "JobPosting",
    "@graph",
    "@id",
    "@type",
    "itemListElement",
    "schema:title",
    "&lt;p&gt;",
    "<script type=\"application/ld+json\">",
    "</script>",
    "<!--",
    "&nbsp;",
    "sep=,",
    "'=1+1",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "<![CDATA[",
    "]]>",
    "&b;",
    "PositionOpening",
    "HoursPerWeek",
    "enrolmentPeriods",
    "cancelled",
    "P1Y6M",
    "111222333",
    "2099-12-31",
    "hiringOrganization",
    "jobLocation",
    "addressLocality",
    "postalCode",
    "latitude",
    "baseSalary",
    "minValue",
    "unitText",
    "employmentType",
    "FULL_TIME",
    "workHours",
    "32 tot 40 uur",
    "skills",
    "validThrough",
    "31 december 2026",
    "educationRequirements",
    "mbo 2, 3 of 4",
    "monthsOfExperience",
    "iso6523Code",
    "&#1114112;",
    "-->",
];

/// Judges what was read.
fn judged(read: &Read) -> Verdict {
    let mut outcome = String::new();
    for record in &read.records {
        if let Err(findings) = offer::parse(record.kind, record.document.to_string().as_bytes()) {
            return Err(format!("{findings:?}"));
        }
        if record.notes.len() > 51 {
            return Err(format!("{} notes", record.notes.len()));
        }
        if record.notes.iter().any(|note| note.of.chars().count() > 100) {
            return Err("a note repeats a long text".to_owned());
        }
        outcome += &record.notes.iter().map(|note| note.loss.code()).collect::<String>();
    }
    for refused in &read.refused {
        if refused.why.to_string().contains(MARK) {
            return Err(refused.to_string());
        }
        outcome += refused.why.code();
    }
    outcome += &read.ended.iter().map(|ended| ended.because.code()).collect::<String>();
    Ok(outcome)
}

fn run(name: &str, grammar: Grammar, seeds: Vec<Vec<u8>>, property: impl Fn(&[u8]) -> Verdict) {
    Target { name, seeds, grammar, words: &WORDS, bound: BOUND }.run(property);
}

fn posting(seed: u64) -> Value {
    let (vacancy, key) = (made::vacancy(&mut Random::new(seed)), "V-1".parse().expect("a key"));
    let day = "2026-11-01".parse().expect("a date");
    job_posting::write(&key, vacancy.to_string().as_bytes(), day, context().today).expect("for everyone").value
}

#[test]
fn postings() {
    let graph = json!({"@graph": [posting(1), {"@type": "Organization", "@id": "#a", "name": MARK}]});
    let seeds =
        vec![posting(2).to_string().into_bytes(), json!([posting(3), posting(4)]).to_string().into_bytes(), graph.to_string().into_bytes()];
    run("jobposting", Grammar::Json, seeds, |input| judged(&job_posting::read(input, context())));
}

#[test]
fn pages() {
    let page = |seed| {
        format!("<!doctype html><p>x</p><script type=\"application/ld+json\">\n{}\n</script>", job_posting::for_page(&posting(seed)))
            .into_bytes()
    };
    run("pages", Grammar::Text, vec![page(5), page(6)], |input| judged(&job_posting::read(input, context())));
}

#[test]
fn catalogues() {
    let seed = |seed| {
        let (partner, key, day) =
            ("kvk:90000004".parse().expect("a partner"), "T-1".parse().expect("a key"), "2026-11-01".parse().expect("a date"));
        let training = made::training(&mut Random::new(seed)).to_string();
        let published = education::write(&partner, &key, training.as_bytes(), day, context().today).expect("for everyone");
        json!({"object": published.object, "offerings": published.offerings, "outcomes": published.outcomes, "organisations": [published.organisation]})
    };
    let seeds = (1..5).map(|number| seed(number).to_string().into_bytes()).collect();
    run("catalogues", Grammar::Json, seeds, |input| {
        let Ok(value) = json::read_strict(input) else { return Ok("no JSON".to_owned()) };
        let list = |name: &str| value[name].as_array().cloned().unwrap_or_default();
        let (offerings, outcomes, organisations) = (list("offerings"), list("outcomes"), list("organisations"));
        let offered = [Offered { object: &value["object"], offerings: &offerings }];
        let mut outcome = String::new();
        for version in [Version::V5, Version::V6] {
            let catalogue = Catalogue {
                version,
                provider: None,
                organisations: &organisations,
                outcomes: &outcomes,
                programmes: &offered,
                courses: &offered,
            };
            outcome += &judged(&education::read(&catalogue, context()))?;
        }
        Ok(outcome)
    });
}

#[test]
fn sheets() {
    let seed = |kind: Kind, seed| {
        let mut random = Random::new(seed);
        let offer = if kind == Kind::Vacancy { made::vacancy(&mut random) } else { made::training(&mut random) };
        crate::sheet::written(&[("k-1".parse().expect("a key"), offer)], &Mapping::whole(kind)).0
    };
    for kind in [Kind::Vacancy, Kind::Training] {
        let mapping = Mapping::whole(kind);
        run(&format!("sheets-{kind}"), Grammar::Text, vec![seed(kind, 1), seed(kind, 2)], |input| judged(&sheet::read(input, &mapping)));
    }
}

#[test]
fn mappings() {
    let whole = "collection = 'vacancies'\nkey = 'Nr'\nlist = '|'\n[columns]\n'Titel' = '/title'\n'Contract' = { member = '/contracts/form', words = { 'Vast' = 'permanent' } }\n'Extra' = { text = 'Wij bieden' }\n[constants]\n'/language' = 'nl'\n";
    run("mappings", Grammar::Text, vec![whole.as_bytes().to_vec()], |input| {
        Ok(Mapping::read(input).map_or_else(|why| why.code().to_owned(), |mapping| mapping.kind().to_string()))
    });
}

#[test]
fn openings() {
    let opening = "<?xml version=\"1.0\" encoding=\"utf-8\"?><PositionOpeningNL xml:lang=\"nl\"><PositionRecordInfo><Id idOwner=\"owner\"><IdValue>1</IdValue></Id><Status>x:put</Status></PositionRecordInfo>\
        <PositionSupplierNL><SupplierId idOwner=\"KVK\"><IdValue>90000001</IdValue></SupplierId><EntityName>B.V.</EntityName><Role>owner</Role></PositionSupplierNL><PositionProfileNL><PositionDetail>\
        <PhysicalLocation><PostalAddress><PostalCode>8225 AB</PostalCode></PostalAddress></PhysicalLocation><FunctionName>Lasser</FunctionName><FunctionDescription>Lassen</FunctionDescription>\
        <RemunerationPackage><BasePay currencyCode=\"EUR\" baseInterval=\"Hourly\"><BasePayAmountMin>16.50</BasePayAmountMin></BasePay></RemunerationPackage><HoursPerWeek>32-40</HoursPerWeek>\
        <ContractDetails><TypeOfContract>direct</TypeOfContract><ContractDuration>permanent</ContractDuration></ContractDetails></PositionDetail></PositionProfileNL></PositionOpeningNL>";
    run("openings", Grammar::Text, vec![opening.as_bytes().to_vec()], |input| judged(&position_opening::read(input, context())));
}
