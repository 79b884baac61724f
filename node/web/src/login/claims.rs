//! What an ID token says of somebody, beside what every one says.

use openidconnect::AdditionalClaims;
use polder_model::offer::is_forbidden_member;
use polder_store::people::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Roles;

/// Most values of a claim that are looked at.
const MOST: usize = 200;
/// Longest name of somebody, in characters.
const LONGEST_NAME: usize = 100;

/// The other claims.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Others {
    #[serde(flatten)]
    claims: Map<String, Value>,
}

impl AdditionalClaims for Others {}

impl Others {
    /// Whether something is said that no node may know: a citizen service number, or what names health or belief.
    pub(super) fn has_forbidden(&self) -> bool {
        self.claims.keys().any(|name| is_forbidden_member(name))
    }

    /// The provider's name for its own session (OpenID Connect Back-Channel Logout 1.0 §2.1); empty where it says none.
    pub(super) fn session(&self) -> String {
        self.claims.get("sid").and_then(Value::as_str).filter(|session| session.len() <= 256).unwrap_or_default().to_owned()
    }

    /// What they may do at the desk: by their subject, by their verified e-mail address, or by another claim.
    pub(super) fn roles(&self, roles: &Roles, subject: &str, email: Option<&str>) -> Vec<Role> {
        let said: Vec<&str> = match (roles.claim.as_str(), self.claims.get(&roles.claim)) {
            ("sub", _) => vec![subject],
            ("email", _) => email.into_iter().collect(),
            (_, Some(Value::String(one))) => vec![one],
            (_, Some(Value::Array(several))) => several.iter().take(MOST).filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let has =
            |role: &Role| roles.values.iter().any(|(of, values)| of == role && values.iter().any(|value| said.contains(&value.as_str())));
        Role::ALL.into_iter().filter(has).collect()
    }
}

/// A name as it is shown: one line of bounded length.
pub(super) fn shown_name(name: &str) -> String {
    name.chars().filter(|character| !character.is_control()).take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn others(claims: Value) -> Others {
        serde_json::from_value(claims).expect("claims")
    }

    #[test]
    fn roles_follow_from_the_claim_that_is_configured() {
        let roles = |claim: &str| Roles {
            claim: claim.to_owned(),
            values: vec![(Role::Desk, vec!["consulent".to_owned(), "s-1".to_owned()]), (Role::Administrator, vec!["beheer".to_owned()])],
        };
        let both = others(json!({"roles": ["consulent", "x", "beheer", 7], "group": "consulent"}));
        assert_eq!(both.roles(&roles("roles"), "", None), [Role::Desk, Role::Administrator]);
        assert_eq!(both.roles(&roles("group"), "", None), [Role::Desk]);
        assert_eq!(both.roles(&roles("sub"), "s-1", None), [Role::Desk]);
        assert_eq!(both.roles(&roles("email"), "", Some("beheer")), [Role::Administrator]);
        assert_eq!(
            others(json!({"email": "beheer", "sub": "s-1"})).roles(&roles("email"), "s-1", None),
            [],
            "an address that nobody verified"
        );
        for none in
            [json!({}), json!({"roles": "consulent beheer"}), json!({"roles": {"desk": true}}), json!({"roles": ["desk", "Beheer"]})]
        {
            assert_eq!(others(none).roles(&roles("roles"), "s-1", Some("consulent")), []);
        }
    }

    #[test]
    fn a_citizen_service_number_is_seen() {
        for claims in [json!({"bsn": "1"}), json!({"BSN": 1}), json!({"burger_service_nummer": ""})] {
            assert!(others(claims).has_forbidden());
        }
        assert!(!others(json!({"roles": [], "sid": "1"})).has_forbidden());
    }
}
