//! Views: a skill offer cut down to what some recipients may see for one purpose.
//!
//! One view for each distinct (purpose, visible fields) of a worker. A recipient has one live consent for a purpose, and so is in one view of
//! it. What a view says follows from the visible members alone: its bytes are the same whatever the hidden ones are.

use std::collections::{BTreeMap, BTreeSet};

use polder_model::{PartnerId, Purpose};
use serde_json::{Map, Value};

use crate::field::{Field, FieldSet};
use crate::purpose::rules;

/// What of a live consent decides who sees what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What for.
    pub purpose: Purpose,
    /// Who.
    pub recipient: PartnerId,
    /// What.
    pub fields: FieldSet,
}

/// A view as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What for.
    pub purpose: Purpose,
    /// What may be seen.
    pub fields: FieldSet,
    /// Who may see it, in order; never empty.
    pub recipients: BTreeSet<PartnerId>,
    /// The document: compact JSON, members in alphabetical order.
    pub document: Vec<u8>,
}

/// The views of a skill offer under these grants, for the purposes that partners ask questions for.
///
/// # Errors
/// Where the document is no JSON object of a skill offer: it has passed its checks when it was stored.
pub fn views(document: &[u8], grants: &[Grant]) -> Result<Vec<View>, serde_json::Error> {
    let members: Map<String, Value> = serde_json::from_slice(document)?;
    let mut audiences: BTreeMap<(Purpose, FieldSet), BTreeSet<PartnerId>> = BTreeMap::new();
    for grant in grants {
        if let Some(fields) = visible(grant)
            && rules(grant.purpose).is_some_and(|rules| rules.is_asked)
        {
            audiences.entry((grant.purpose, fields)).or_default().insert(grant.recipient.clone());
        }
    }
    let view = |((purpose, fields), recipients)| View { purpose, fields, recipients, document: shown(&members, fields) };
    Ok(audiences.into_iter().map(view).collect())
}

/// What a grant shows: what it names, as far as the purpose allows. `None` where that leaves too little. Terms of a skill offer count for nothing.
#[must_use]
pub fn visible(grant: &Grant) -> Option<FieldSet> {
    let rules = rules(grant.purpose)?;
    let fields = grant.fields.and(rules.allows);
    (!fields.is_empty() && rules.needs.is_within(fields)).then_some(fields)
}

/// The top-level member in which a field stands.
fn member(field: Field) -> &'static str {
    let name = field.pointer().trim_start_matches('/');
    name.split_once('/').map_or(name, |(member, _)| member)
}

/// Of these fields those that the document has.
#[must_use]
pub fn present(members: &Map<String, Value>, fields: FieldSet) -> FieldSet {
    let has = |field: &Field| {
        let value = members.get(member(*field));
        match field {
            Field::ContactName | Field::ContactEmail | Field::ContactTelephone => {
                value.is_some_and(|contact| contact.get(field.pointer().rsplit('/').next().unwrap_or_default()).is_some())
            }
            _ => value.is_some(),
        }
    };
    fields.iter().filter(has).fold(FieldSet::NONE, |all, field| all.or(FieldSet::of(&[field])))
}

/// The document that shows these fields alone.
#[must_use]
pub fn shown(members: &Map<String, Value>, fields: FieldSet) -> Vec<u8> {
    let mut seen = Map::new();
    for field in fields.iter() {
        let name = member(field);
        let Some(value) = members.get(name) else { continue };
        match field {
            Field::ContactName | Field::ContactEmail | Field::ContactTelephone => {
                let part = field.pointer().rsplit('/').next().unwrap_or_default();
                if let Some(inner) = value.get(part)
                    && let Value::Object(contact) = seen.entry(name).or_insert_with(|| Value::Object(Map::new()))
                {
                    contact.insert(part.to_owned(), inner.clone());
                }
            }
            Field::Skills => drop(seen.insert(name.to_owned(), without_addresses(value.clone()))),
            // Four digits are enough to see how far it is; six may be one house.
            Field::Postcode => {
                let digits = value.as_str().and_then(|text| text.get(..4)).unwrap_or_default();
                seen.insert(name.to_owned(), Value::String(digits.to_owned()));
            }
            _ => drop(seen.insert(name.to_owned(), value.clone())),
        }
    }
    // A map of strings and values that came from JSON is JSON.
    serde_json::to_vec(&sorted(Value::Object(seen))).unwrap_or_default()
}

/// The fields whose content is another one in the second of two skill offers, as whoever may see them would see it.
///
/// # Errors
/// Where one of them is no JSON object.
pub fn changed(before: &[u8], after: &[u8]) -> Result<FieldSet, serde_json::Error> {
    let (before, after): (Map<String, Value>, Map<String, Value>) = (serde_json::from_slice(before)?, serde_json::from_slice(after)?);
    let differs = |field: &Field| {
        let alone = FieldSet::of(&[*field]);
        shown(&before, alone) != shown(&after, alone)
    };
    Ok(Field::ALL.into_iter().filter(differs).collect())
}

/// Skills without the addresses of their evidence: a page about one person's diploma names the person.
fn without_addresses(mut skills: Value) -> Value {
    for skill in skills.as_array_mut().into_iter().flatten() {
        for evidence in skill.get_mut("evidence").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(evidence) = evidence {
                evidence.remove("uri");
            }
        }
    }
    skills
}

/// Members in alphabetical order, whatever order a map of JSON keeps.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let ordered: BTreeMap<String, Value> = members.into_iter().map(|(name, inner)| (name, sorted(inner))).collect();
            Value::Object(ordered.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_document_does_not_have_is_not_present() {
        let profile = json!({"title": "Lasser", "contact": {"name": "Anna", "email": "anna@voorbeeld.example"}});
        let members = profile.as_object().expect("an object");
        let contact = FieldSet::of(&[Field::ContactName, Field::ContactEmail, Field::ContactTelephone, Field::Hours]);
        assert_eq!(present(members, contact), FieldSet::of(&[Field::ContactName, Field::ContactEmail]));
        assert_eq!(present(&Map::new(), contact), FieldSet::NONE);
        for field in contact.iter() {
            let alone = FieldSet::of(&[field]);
            assert_eq!(present(members, alone).is_empty(), shown(members, alone) == b"{}", "{field:?}");
        }
    }
}
