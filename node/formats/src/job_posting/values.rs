//! Properties of a JobPosting that have values of their own: pay, contracts, education, occupations, skills, industry.

use serde_json::{Value, json};

use super::read::Reading;
use crate::json_ld::{label, list, local, said, text};
use crate::values::{cents, cents_of_either, is_skill, level, occupation_scheme, uri};

/// Words of `employmentType` and the contracts that they surely are; `None` for words that say how many hours, and not which contract.
const TYPES: [(&str, Option<&str>); 24] = [
    ("FULL_TIME", None),
    ("PART_TIME", None),
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
    ("FREELANCE", Some("freelance")),
    ("VAST", Some("permanent")),
    ("VASTE_BAAN", Some("permanent")),
    ("TIJDELIJK", Some("fixed-term")),
    ("DETACHERING", Some("secondment")),
    ("STAGE", Some("internship")),
    ("UITZENDWERK", Some("temporary-agency")),
    ("VRIJWILLIGERSWERK", Some("volunteer")),
];

/// Units of time as they are written, by name and by UN/CEFACT code.
const PERIODS: [(&str, &str); 15] = [
    ("HOUR", "hour"),
    ("HOURLY", "hour"),
    ("HUR", "hour"),
    ("DAY", "day"),
    ("DAILY", "day"),
    ("WEEK", "week"),
    ("WEEKLY", "week"),
    ("WEE", "week"),
    ("MONTH", "month"),
    ("MONTHLY", "month"),
    ("MON", "month"),
    ("YEAR", "year"),
    ("YEARLY", "year"),
    ("ANNUAL", "year"),
    ("ANN", "year"),
];

/// Pay: a MonetaryAmount in euros with a period. Anything else is kept as text.
pub(super) fn salary(reading: &mut Reading<'_>, value: &Value, currency: Option<&Value>) {
    let amount = list(value).first().unwrap_or(value);
    let inner = amount.get("value").filter(|inner| inner.is_object()).unwrap_or(amount);
    let either = |name: &str| inner.get(name).or_else(|| amount.get(name));
    let currency = amount.get("currency").or(currency).and_then(text).unwrap_or_default();
    let unit = ["unitText", "unitCode"].iter().find_map(|name| either(name)).and_then(text).unwrap_or_default();
    let period = PERIODS.iter().find(|(known, _)| unit.trim().eq_ignore_ascii_case(known)).map(|(_, period)| *period);
    // A number has a point before its cents, a text may have a comma.
    let amount_of = |value: &Value| {
        if value.is_number() { cents(&value.to_string(), '.') } else { text(value).and_then(|text| cents_of_either(&text)) }
    };
    let in_cents = |name: &str| either(name).filter(|value| !value.is_object()).map(amount_of);
    let one = in_cents("value").filter(|_| inner.get("value").is_some_and(|value| !value.is_object()));
    let all = [in_cents("minValue"), in_cents("maxValue"), one];
    let [min, max, one] = all;
    let understood = all.iter().all(|amount| *amount != Some(None)) && all.iter().any(Option::is_some);
    let (min, max) = match one.flatten() {
        Some(one) if min.is_none() && max.is_none() => (Some(one), Some(one)),
        _ => (min.flatten(), max.flatten()),
    };
    let ordered = min.zip(max).is_none_or(|(min, max)| min <= max);
    match period.filter(|_| understood && ordered && currency.trim().eq_ignore_ascii_case("EUR") && (min.is_some() || max.is_some())) {
        Some(period) => {
            let mut salary = json!({"currency": "EUR", "period": period});
            for (name, cents) in [("min", min), ("max", max)] {
                if let Some(cents) = cents {
                    salary[name] = cents.into();
                }
            }
            reading.draft.put("salary", salary);
        }
        None => {
            let written = |name: &str| either(name).filter(|value| !value.is_object()).and_then(text);
            let amounts: Vec<String> = ["minValue", "maxValue", "value"].into_iter().filter_map(written).collect();
            let words = [amounts.join(" – "), currency, unit.to_lowercase()].into_iter().filter(|word| !word.is_empty());
            let words = words.collect::<Vec<_>>().join(" ");
            reading.draft.keep("baseSalary", &if value.is_object() { words } else { said(value, false) }, ("Salaris", "Salary"));
        }
    }
}

/// Contracts; words that say none are kept as text.
pub(super) fn contracts(reading: &mut Reading<'_>, value: &Value) {
    let (mut contracts, mut others) = (Vec::new(), Vec::new());
    for one in list(value).iter().filter_map(text) {
        for word in one.split([',', ';', '/']).map(str::trim).filter(|word| !word.is_empty()) {
            let plain = local(word).to_uppercase().replace(['-', ' '], "_");
            match TYPES.iter().find(|(known, _)| *known == plain) {
                Some((_, Some(form))) => contracts.push(json!({"form": form})),
                // Said by the hours as well.
                Some((_, None)) => others.push(word.to_owned()),
                None => others.push(word.to_owned()),
            }
        }
    }
    reading.draft.put_list("employmentType", "contracts", contracts, 11);
    if !others.is_empty() {
        reading.draft.keep("employmentType", &others.join(", "), ("Dienstverband", "Employment"));
    }
}

/// The least level of education, where one level is meant; otherwise text.
pub(super) fn education(reading: &mut Reading<'_>, value: &Value) {
    const FIELD: &str = "educationRequirements";
    let mut levels = Vec::new();
    for one in list(value) {
        let educational = one.get("educationalLevel");
        let term = educational.and_then(|term| term.get("termCode")).and_then(text).map(|code| format!("nlqf {code}"));
        let words =
            term.or_else(|| educational.and_then(text)).or_else(|| one.get("credentialCategory").and_then(text)).or_else(|| text(one));
        let words = words.unwrap_or_default();
        match level(&words) {
            Some(found) => levels.push(found),
            None if words.trim().eq_ignore_ascii_case("no requirements") => {}
            None => {
                let said = said(one, reading.language == "en");
                reading.draft.keep(FIELD, &said, ("Opleiding", "Education"));
            }
        }
    }
    if let Some(least) = levels.into_iter().min() {
        reading.draft.put("minimumEducation", least);
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

/// Occupations by code; others are kept as text.
pub(super) fn occupations(reading: &mut Reading<'_>, value: &Value) {
    const FIELD: &str = "occupationalCategory";
    let mut occupations = Vec::new();
    for one in list(value) {
        let set = one.get("inCodeSet").map(|set| said(set, true)).unwrap_or_default().to_uppercase();
        let by_set = [("ISCO-08", "isco08"), ("COMPETENTNL", "competentnl"), ("ESCO", "esco")].into_iter().find(|(name, _)| *name == set);
        let coded = code_uri(one).and_then(|uri| Some((occupation_scheme(&uri).or(by_set.map(|(_, scheme)| scheme))?, uri)));
        match coded {
            Some((scheme, uri)) => {
                let mut occupation = json!({"scheme": scheme, "uri": uri});
                if let Some(label) = one.get("name").and_then(|name| label(name, &reading.language)) {
                    occupation["label"] = label;
                }
                occupations.push(occupation);
            }
            None => {
                let said = said(one, reading.language == "en");
                reading.draft.keep(FIELD, &said, ("Beroepsgroep", "Occupational category"));
            }
        }
    }
    reading.draft.put_list(FIELD, "occupations", occupations, 10);
}

/// Skills by code; others are kept as text.
pub(super) fn skills(reading: &mut Reading<'_>, value: &Value) {
    let (mut skills, mut others) = (Vec::new(), Vec::new());
    for one in list(value) {
        match code_uri(one).filter(|uri| !uri.contains("/occupation/")) {
            Some(uri) => {
                let mut skill = json!({"uri": uri});
                if let Some(label) = one.get("name").and_then(|name| label(name, &reading.language)) {
                    skill["label"] = label;
                }
                skills.push(skill);
            }
            None => others.push(said(one, reading.language == "en")),
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
