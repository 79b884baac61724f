//! Properties of a JobPosting that have values of their own: contracts, occupations, skills, industry.

use serde_json::{Value, json};

use super::read::Reading;
use crate::html;
use crate::json_ld::{label, list, local, said, text};
use crate::report::Loss;
use crate::text::one_line;
use crate::values::{is_skill, occupation_scheme, uri};

/// Words of `employmentType` and the contracts that they surely are; `None` for words that say how many hours, and not which contract.
const TYPES: [(&str, Option<&str>); 27] = [
    ("FULL_TIME", None),
    ("PART_TIME", None),
    ("VOLTIJD", None),
    ("DEELTIJD", None),
    ("TEMPORARY", Some("fixed-term")),
    ("CONTRACTOR", Some("freelance")),
    ("CONTRACT", Some("freelance")),
    ("INTERN", Some("internship")),
    ("INTERNSHIP", Some("internship")),
    ("VOLUNTEER", Some("volunteer")),
    ("SEASONAL", Some("seasonal")),
    ("PERMANENT", Some("permanent")),
    ("FIXED_TERM", Some("fixed-term")),
    ("SECONDMENT", Some("secondment")),
    ("APPRENTICESHIP", Some("apprenticeship")),
    ("WORK_EXPERIENCE", Some("work-experience")),
    ("TEMPORARY_AGENCY", Some("temporary-agency")),
    ("ON_CALL", Some("on-call")),
    ("PER_DIEM", Some("on-call")),
    ("FREELANCE", Some("freelance")),
    ("VAST", Some("permanent")),
    ("VASTE_BAAN", Some("permanent")),
    ("TIJDELIJK", Some("fixed-term")),
    ("DETACHERING", Some("secondment")),
    ("STAGE", Some("internship")),
    ("UITZENDWERK", Some("temporary-agency")),
    ("VRIJWILLIGERSWERK", Some("volunteer")),
];

/// Contracts; words that say none are kept as text. Beside a word that says how many hours and not which contract, another contract is one of several that are
/// not all said: then none is set.
pub(super) fn contracts(reading: &mut Reading<'_>, value: &Value) {
    const FIELD: &str = "employmentType";
    let (mut contracts, mut others, mut all, mut open) = (Vec::new(), Vec::new(), Vec::new(), false);
    for one in list(value).iter().filter_map(text) {
        for word in local(one.trim()).split([',', ';', '/']).map(|word| local(word.trim())).filter(|word| !word.is_empty()) {
            let plain = word.to_uppercase().replace(['-', ' '], "_");
            let known = TYPES.iter().find(|(known, _)| *known == plain).map(|(_, form)| *form);
            open |= known == Some(None);
            match known.flatten() {
                Some(form) => contracts.push(json!({"form": form})),
                None => others.push(word.to_owned()),
            }
            all.push(word.to_owned());
        }
    }
    if open && contracts.iter().any(|contract| contract["form"] != "permanent") {
        let because = "full-time or part-time beside another type does not say which contracts there are";
        reading.draft.note_of(FIELD, Loss::LeftOut { because }, &all.join(", "));
        (contracts, others) = (Vec::new(), all);
    }
    reading.draft.put_list(FIELD, "contracts", contracts, 11);
    if !others.is_empty() {
        reading.draft.keep(FIELD, &others.join(", "), ("Dienstverband", "Employment"));
    }
}

/// The URI of a code: the code itself, its address, its id, or a code of ISCO-08.
fn code_uri(one: &Value) -> Option<String> {
    let names = ["codeValue", "termCode", "url", "@id", "sameAs"];
    let texts = names.iter().filter_map(|name| one.get(*name).and_then(Value::as_str)).chain(one.as_str());
    let known = texts.clone().find_map(|text| uri(text).filter(|uri| occupation_scheme(uri).is_some() || is_skill(uri)));
    let own = ["codeValue", "termCode"].iter().find_map(|name| one.get(*name).and_then(Value::as_str).and_then(uri));
    let found = known.or(own);
    let set = one.get("inCodeSet").or_else(|| one.get("inDefinedTermSet")).map(|set| said(set, true)).unwrap_or_default();
    let isco = || {
        let code = one.get("codeValue").and_then(text)?;
        let four = code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit());
        (four && set.to_uppercase().contains("ISCO")).then(|| format!("http://data.europa.eu/esco/isco/C{code}"))
    };
    found.map(str::to_owned).or_else(isco)
}

/// The labels of a text that lists some, or the name of a thing.
fn labels(one: &Value) -> Vec<String> {
    let whole = one.as_str().map(html::plain);
    let texts: Vec<String> = match &whole {
        Some(whole) => whole.split([',', ';', '\n', '•']).map(str::to_owned).collect(),
        None => text(one).into_iter().collect(),
    };
    let label = |text: &String| one_line(text.trim().trim_start_matches(['-', '*', '–']).trim_end_matches('.'));
    texts.iter().map(label).filter(|label| !label.is_empty()).collect()
}

/// Occupations by code, or by the very label of one that the tables know; others are kept as text.
pub(super) fn occupations(reading: &mut Reading<'_>, field: &str, value: &Value) {
    let mut occupations = reading.draft.take_list("occupations");
    for one in list(value) {
        let category = one.get("occupationalCategory").unwrap_or(one);
        let set = category.get("inCodeSet").map(|set| said(set, true)).unwrap_or_default().to_uppercase();
        let by_set = [("ISCO-08", "isco08"), ("COMPETENTNL", "competentnl"), ("ESCO", "esco")].into_iter().find(|(name, _)| *name == set);
        let coded = code_uri(category).and_then(|uri| Some((occupation_scheme(&uri).or(by_set.map(|(_, scheme)| scheme))?, uri)));
        if let Some((scheme, uri)) = coded {
            let mut occupation = json!({"scheme": scheme, "uri": uri});
            if let Some(label) = one.get("name").and_then(|name| label(name, &reading.language)) {
                occupation["label"] = label;
            }
            occupations.push(occupation);
        } else if let Some(known) = labels(one).iter().find_map(|label| reading.context.reference.occupation_labelled(label)) {
            occupations.push(json!({"scheme": "esco", "uri": known.uri, "label": {"nl": known.label_nl}}));
        } else {
            let said = said(one, reading.language == "en");
            reading.draft.keep(field, &said, ("Beroepsgroep", "Occupational category"));
        }
    }
    reading.draft.put_list(field, "occupations", occupations, 10);
}

/// Skills by code, or by the very label of one that the tables know; others are kept as text.
pub(super) fn skills(reading: &mut Reading<'_>, value: &Value) {
    let (mut skills, mut others) = (Vec::new(), Vec::new());
    for one in list(value) {
        if let Some(uri) = code_uri(one).filter(|uri| !uri.contains("/occupation/")) {
            let mut skill = json!({"uri": uri});
            if let Some(label) = one.get("name").and_then(|name| label(name, &reading.language)) {
                skill["label"] = label;
            }
            skills.push(skill);
            continue;
        }
        let labels = labels(one);
        for label in &labels {
            match reading.context.reference.skill_labelled(label) {
                Some(known) => skills.push(json!({"uri": known.uri, "label": {"nl": known.label_nl}})),
                None if one.is_string() => others.push(label.clone()),
                None => others.push(said(one, reading.language == "en")),
            }
        }
        if labels.is_empty() {
            others.push(said(one, reading.language == "en"));
        }
    }
    reading.draft.put_list("skills", "skills", skills, 50);
    others.retain(|other| !other.is_empty());
    if !others.is_empty() {
        reading.draft.keep("skills", &others.join(", "), ("Vaardigheden", "Skills"));
    }
}

/// The employer's industry: a section or a code of SBI 2008; others are kept as text.
pub(super) fn industry(reading: &mut Reading<'_>, value: &Value) {
    for one in list(value) {
        let set = one.get("inDefinedTermSet").map(|set| said(set, true)).unwrap_or_default().to_uppercase();
        let code = one.get("termCode").and_then(text).filter(|_| set.contains("SBI 2008") || set.contains("SBI2008"));
        match code.as_deref().map(str::trim) {
            Some(code) if code.len() == 1 && code.parse::<polder_model::code::Sector>().is_ok() => {
                reading.employer.insert("sector".to_owned(), code.into());
            }
            Some(code) if (2..=5).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()) => {
                reading.employer.insert("sbi".to_owned(), code.into());
            }
            _ => {
                let said = said(one, reading.language == "en");
                reading.draft.keep("industry", &said, ("Branche", "Industry"));
            }
        }
    }
}
