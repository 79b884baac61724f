//! The provider of a training: the organisation above all others.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{Version, spelling, values};

/// How many organisations may stand above each other.
const HIGHEST: usize = 8;

/// The organisations by their ids.
pub(super) struct Organisations(HashMap<String, Map<String, Value>>);

impl Organisations {
    pub(super) fn of(version: Version, organisations: &[Value]) -> Self {
        let modern = organisations.iter().map(|one| spelling::modern(version, one));
        Self(modern.filter_map(|one| Some((one.get("organisationId")?.as_str()?.to_owned(), one))).collect())
    }

    /// The provider that an object names, in the form of an offer.
    pub(super) fn provider(&self, version: Version, object: &Map<String, Value>) -> Option<Value> {
        let mut at = self.named(version, object, "organisation")?;
        for _ in 0..HIGHEST {
            let above = self.named(version, &at, "root").or_else(|| self.named(version, &at, "parent"));
            match above.filter(|above| above.get("organisationId") != at.get("organisationId")) {
                Some(above) => at = above,
                None => break,
            }
        }
        let (_, name) = values::chosen(at.get("name")?, None)?;
        let mut provider = json!({"name": crate::text::at_most(&crate::text::one_line(&name), 200).0});
        for code in values::codes(&at) {
            match spelling::code_type(&code.kind).as_str() {
                "kvkorganisationid" => {
                    if let Some(kvk) = crate::values::kvk(&code.code) {
                        provider["kvk"] = kvk.into();
                    }
                }
                "institutioncode" | "brin" => {
                    let code = code.code.trim().to_uppercase();
                    if (4..=12).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                        provider["institutionCode"] = code.into();
                    }
                }
                _ => {}
            }
        }
        Some(provider)
    }

    /// The organisation that a member holds, or whose id it or the member with `Id` behind its name holds.
    fn named(&self, version: Version, object: &Map<String, Value>, member: &str) -> Option<Cow<'_, Map<String, Value>>> {
        let by_id = |id: &Value| self.0.get(id.as_str()?).map(Cow::Borrowed);
        match object.get(member) {
            Some(inner @ Value::Object(_)) => Some(Cow::Owned(spelling::modern(version, inner))),
            Some(id @ Value::String(_)) => by_id(id),
            _ => object.get(&format!("{member}Id")).and_then(by_id),
        }
    }
}
