//! Elements of a PositionOpening that have values of their own.

use roxmltree::{Node, NodeId};
use serde_json::{Map, Value, json};

use super::read::{Reading, either, form};
use crate::report::Loss;
use crate::text::{at_most, one_line};
use crate::values::{cents, https, is_skill, kvk, level, postcode, uri};
use crate::xml::{attribute, children, name, within, words};

/// Why who says no role stands as the employer.
const WITHOUT_A_ROLE: Loss =
    Loss::Assumed { what: "no supplier says that it is the owner; the first one without a role was taken for the employer" };

/// The first name of an employer that is found counts.
pub(super) fn employer_name(reading: &mut Reading<'_>, text: &str) {
    let text = one_line(&crate::html::unescaped(text));
    if !text.is_empty() {
        reading.employer.entry("name").or_insert_with(|| at_most(&text, 200).0.into());
    }
}

/// An identifier of an organisation: its number of the trade register.
pub(super) fn employer_id(reading: &mut Reading<'_>, id: &Node<'_, '_>) {
    let owner = attribute(id, "idOwner").or_else(|| attribute(id, "schemeAgencyId")).unwrap_or_default();
    if owner.eq_ignore_ascii_case("KVK")
        && let Some(number) = kvk(&words(id))
    {
        reading.employer.insert("kvk".to_owned(), number.into());
    }
}

/// The supplier that is the employer: the first that is the owner, or else the first with a name that says no role.
pub(super) fn employing(opening: &Node<'_, '_>) -> Option<NodeId> {
    let is_supplier = |node: &Node<'_, '_>| node.is_element() && ["PositionSupplierNL", "PositionSupplier"].contains(&name(node));
    let suppliers: Vec<Node<'_, '_>> = opening.descendants().filter(is_supplier).collect();
    let owner = suppliers.iter().find(|one| role(one) == "owner");
    owner.or_else(|| suppliers.iter().find(|one| role(one).is_empty() && entity(one).is_some())).map(Node::id)
}

/// The role of a supplier, in small letters; empty where it says none.
fn role(supplier: &Node<'_, '_>) -> String {
    within(supplier, "Role").map(|role| words(&role).to_lowercase()).unwrap_or_default()
}

/// The name of an organisation that is a supplier.
fn entity(supplier: &Node<'_, '_>) -> Option<String> {
    ["EntityName", "OrganizationName"].iter().find_map(|wanted| within(supplier, wanted)).map(|entity| words(&entity))
}

/// Who sends the vacancy, in a role: only the owner is the employer. Who says no role stands in for an owner that is not there, and that is noted.
pub(super) fn supplier(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    if reading.employing != Some(node.id()) {
        let said = ["EntityName", "OrganizationName", "Name", "PersonName"]
            .iter()
            .find_map(|wanted| within(node, wanted))
            .map(|inner| words(&inner));
        if let Some(said) = said {
            reading.draft.keep(name(node), &said, ("Geplaatst door", "Placed by"));
        }
        return;
    }
    if let Some(entity) = entity(node) {
        if role(node).is_empty() {
            reading.draft.note_of(name(node), WITHOUT_A_ROLE, &entity);
        }
        employer_name(reading, &entity);
    }
    node.descendants().filter(|inner| inner.is_element() && name(inner) == "SupplierId").for_each(|id| employer_id(reading, &id));
    let because = "of an employer an offer has the name, the KvK number and the sector; how to apply is said elsewhere";
    if children(node).any(|inner| ["ContactMethod", "ContactPersons", "SocialMedia", "PostalAddress"].contains(&name(&inner))) {
        reading.draft.note(name(node), Loss::LeftOut { because });
    }
}

/// The code of an industry, where it is of SBI.
pub(super) fn industry(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    let scheme = node.attributes().map(|one| one.value()).collect::<String>().to_uppercase();
    let code = words(node).replace('.', "");
    let digits = (2..=5).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (scheme.is_empty() || scheme.contains("SBI")) {
        reading.employer.insert("sbi".to_owned(), code.into());
    } else {
        reading.draft.keep("IndustryCode", &words(node), ("Branche", "Industry"));
    }
}

/// Where: a postal address in the Netherlands, or the name of a place that the tables know. The first counts.
pub(super) fn location(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    const FIELD: &str = "PhysicalLocation";
    let of = |wanted: &str| within(node, wanted).map(|inner| one_line(&words(&inner))).filter(|text| !text.is_empty());
    let area = within(node, "Area").filter(|area| attribute(area, "type").is_none_or(|kind| kind.eq_ignore_ascii_case("municipality")));
    let area = area.and_then(|area| within(&area, "Value")).map(|value| one_line(&words(&value)));
    let place = of("Municipality").or(area);
    let country = of("CountryCode").unwrap_or_else(|| "NL".to_owned()).to_lowercase();
    let dutch = ["nl", "nld", "nederland", "netherlands"].contains(&country.as_str()) && !reading.draft.has("location");
    let own = of("PostalCode").and_then(|text| postcode(&text));
    let named = || Some(reading.context.reference.place_named(place.as_deref()?)?.postcode.to_string());
    let looked_up = own.is_none();
    match own.or_else(named).filter(|_| dutch) {
        Some(postcode) => {
            let mut location = Map::from_iter([("postcode".to_owned(), Value::from(postcode))]);
            if let Some(place) = &place {
                location.insert("place".to_owned(), at_most(place, 100).0.into());
            }
            reading.draft.put("location", location);
            if looked_up {
                reading.draft.note(FIELD, Loss::Assumed { what: "the postcode is that of the middle of the place that is named" });
            }
            if let Some(street) = within(node, "DeliveryAddress") {
                reading.draft.keep(FIELD, &words(&street).replace(", ", " "), ("Adres", "Address"));
            }
        }
        None => reading.draft.keep(FIELD, &words(node), ("Plaats", "Place")),
    }
}

/// Pay: amounts in euros with a period that an offer has.
pub(super) fn pay(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    let interval = attribute(node, "baseInterval").unwrap_or_default();
    let currency = attribute(node, "currencyCode").unwrap_or_default();
    // The list of SETU itself says `Montly`.
    let periods = [
        ("hourly", "hour"),
        ("daily", "day"),
        ("weekly", "week"),
        ("monthly", "month"),
        ("montly", "month"),
        ("annually", "year"),
        ("yearly", "year"),
    ];
    let period = periods.iter().find(|(known, _)| interval.eq_ignore_ascii_case(known)).map(|(_, period)| *period);
    let amount = |wanted: &str| within(node, wanted).map(|inner| cents(&words(&inner), '.'));
    let (min, max, one) = (amount("BasePayAmountMin"), amount("BasePayAmountMax"), amount("BasePayAmount"));
    let (min, max) = if min.is_none() && max.is_none() { (one, one) } else { (min, max) };
    let understood = min != Some(None) && max != Some(None) && (min.is_some() || max.is_some());
    let ordered = min.flatten().zip(max.flatten()).is_none_or(|(min, max)| min <= max);
    match period.filter(|_| understood && ordered && currency.eq_ignore_ascii_case("EUR")) {
        Some(period) => {
            let mut salary = json!({"currency": "EUR", "period": period});
            for (name, cents) in [("min", min.flatten()), ("max", max.flatten())] {
                if let Some(cents) = cents {
                    salary[name] = cents.into();
                }
            }
            reading.draft.put("salary", salary);
        }
        None => {
            let said = [words(node).replace(", ", " – "), currency.to_owned(), interval.to_owned()];
            let said = said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            reading.draft.keep("BasePay", &said, ("Salaris", "Salary"));
        }
    }
}

/// Hours a week: a range in attributes, elements or text.
pub(super) fn hours(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    let number = |text: String| text.trim().parse::<u8>().ok().filter(|hours| *hours <= 80);
    let min = either(node, &["min", "minimum", "minHours", "HoursMin", "MinimumHours", "HoursPerWeekMin"]).and_then(number);
    let max = either(node, &["max", "maximum", "maxHours", "HoursMax", "MaximumHours", "HoursPerWeekMax"]).and_then(number);
    let said = words(node);
    let range = match (min.or(max), max.or(min)) {
        (Some(min), Some(max)) if min <= max => Some((min, max)),
        (None, None) => crate::values::hours(&said).or_else(|| crate::values::hours(&format!("{said} uur"))),
        _ => None,
    };
    match range {
        Some((min, max)) => reading.draft.put("hours", json!({"min": min, "max": max})),
        None => reading.draft.keep("HoursPerWeek", &said, ("Uren per week", "Hours a week")),
    }
}

/// A contract, where its kind and duration say one form.
pub(super) fn contract(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    const FIELD: &str = "ContractDetails";
    let of = |wanted: &str| within(node, wanted).map(|inner| words(&inner)).unwrap_or_default();
    let (duration, kind) = (of("ContractDuration"), of("TypeOfContract"));
    let forms = match (kind.to_lowercase().as_str(), duration.to_lowercase().as_str()) {
        ("" | "direct", "permanent") => Some("permanent"),
        ("" | "direct", "predetermined" | "predeterminedprospectpermanent") => Some("fixed-term"),
        ("intern", _) => Some("internship"),
        ("freelance", _) => Some("freelance"),
        _ => None,
    };
    if let Some(found) = forms {
        reading.contracts.push(form(found));
    }
    let whole = forms.is_some() && (["permanent", "predetermined", ""].contains(&duration.to_lowercase().as_str()));
    if !whole {
        let said = [kind, duration].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        reading.draft.keep(FIELD, &said, ("Contract", "Contract"));
    }
    let known = ["ContractDuration", "TypeOfContract"];
    let others: Vec<String> =
        children(node).filter(|inner| !known.contains(&name(inner))).map(|inner| words(&inner)).filter(|text| !text.is_empty()).collect();
    if !others.is_empty() {
        reading.draft.keep(
            FIELD,
            &others.join(", "),
            ("Kenmerken van het contract (codes van SETU)", "Features of the contract (codes of SETU)"),
        );
    }
}

/// A level in words; codes are kept as text.
pub(super) fn education(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    let said = words(node);
    match level(&said) {
        Some(level) => reading.draft.put("minimumEducation", level),
        None => {
            let code = said.bytes().all(|byte| byte.is_ascii_digit());
            let labels = if code { ("Niveau (code van SETU)", "Level (code of SETU)") } else { ("Niveau", "Level") };
            reading.draft.keep(name(node), &said, labels);
        }
    }
}

/// Driving licences by their letters; others are kept as text.
pub(super) fn licences(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    let mut others = Vec::new();
    let leaves = node.descendants().filter(|inner| inner.is_element() && children(inner).next().is_none());
    for said in leaves.map(|leaf| one_line(&words(&leaf))).filter(|said| !said.is_empty()) {
        let letters = said.to_uppercase().replace("RIJBEWIJS ", "").replace("B+E", "BE").replace("C+E", "CE");
        match letters.trim().parse::<polder_model::code::Licence>() {
            Ok(licence) => reading.licences.push(licence.as_str().into()),
            Err(_) => others.push(said),
        }
    }
    if !others.is_empty() {
        reading.draft.keep("LicensesAndCertifications", &others.join(", "), ("Bewijzen", "Certificates"));
    }
}

/// A skill by its URI; others are kept as text.
pub(super) fn competency(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    let label = either(node, &["name", "description"]).map(|text| at_most(&one_line(&text), 200).0.to_owned());
    let inner = node.descendants().filter(Node::is_element);
    let mut values = inner.flat_map(|one| {
        one.attributes().map(|attribute| attribute.value().to_owned()).chain(std::iter::once(words(&one))).collect::<Vec<_>>()
    });
    match values.find_map(|text| uri(&text).filter(|uri| is_skill(uri)).map(str::to_owned)) {
        Some(uri) => {
            let mut skill = json!({"uri": uri});
            if let Some(label) = label.filter(|label| *label != uri) {
                skill["label"] = json!({"nl": label});
            }
            reading.skills.push(skill);
        }
        None => {
            let said = label.unwrap_or_else(|| words(node));
            reading.draft.keep("Competency", &said, ("Vaardigheid", "Skill"));
        }
    }
}

/// How to apply: by address, e-mail and telephone; what else is said is kept as text.
pub(super) fn application(reading: &mut Reading<'_>, node: &Node<'_, '_>) {
    const FIELD: &str = "HowToApply";
    let leaves = node.descendants().filter(|inner| inner.is_element() && children(inner).next().is_none());
    let mut others = Vec::new();
    for leaf in leaves {
        let said = words(&leaf);
        if said.is_empty() {
            continue;
        }
        match name(&leaf) {
            "InternetWebAddress" => match https(&said) {
                Some(url) => drop(reading.application.entry("url").or_insert_with(|| url.into())),
                None => others.push(said),
            },
            "InternetEmailAddress" => drop(reading.application.entry("email").or_insert_with(|| said.into())),
            "FormattedNumber" | "TelNumber" => drop(reading.application.entry("telephone").or_insert_with(|| said.into())),
            // It says which of the others there is.
            "MethodType" => {}
            _ => others.push(said),
        }
    }
    if !others.is_empty() {
        reading.draft.keep(FIELD, &others.join(", "), ("Solliciteren", "Applying"));
    }
}
