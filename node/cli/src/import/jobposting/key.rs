//! The offer's key, and the employer's number.

use polder_model::{Finding, FindingCode, OfferKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::values::{first_text, list, text};

/// The key: the identifier where it can be one, otherwise a hash of identifier, address or `@id`.
pub(super) fn of(posting: &Value) -> Result<OfferKey, Finding> {
    let identifiers = list(&posting["identifier"]);
    let identifier = identifiers.iter().find_map(|one| first_text(&[one, &one["value"], &one["identifier"]]));
    if let Some(key) = identifier.as_deref().and_then(|text| text.parse().ok()) {
        return Ok(key);
    }
    let named = identifier.or_else(|| first_text(&[&posting["url"], &posting["@id"]]));
    let hashed = named.and_then(|text| format!("jp-{}", &hex::encode(Sha256::digest(text.as_bytes()))[..32]).parse().ok());
    hashed.ok_or_else(|| {
        Finding::new(
            "/identifier",
            FindingCode::Missing,
            "identifier.value or url is needed, so that the next import finds the same vacancy",
        )
    })
}

/// The KvK number of an organisation, where it says that the number is one.
pub(super) fn kvk(organisation: &Value) -> Option<String> {
    let mut texts: Vec<String> =
        text(&organisation["iso6523Code"]).into_iter().filter_map(|code| code.strip_prefix("0106:").map(str::to_owned)).collect();
    for one in list(&organisation["identifier"]) {
        let whole = text(one).unwrap_or_default().to_lowercase();
        if let Some(number) = whole.strip_prefix("kvk") {
            texts.push(number.trim_start_matches([':', ' ']).to_owned());
        }
        let name = first_text(&[&one["propertyID"], &one["name"]]).unwrap_or_default().to_lowercase();
        if ["kvk", "kamer van koophandel", "coc"].iter().any(|known| name.contains(known)) {
            texts.extend(text(&one["value"]));
        }
    }
    texts.into_iter().find(|text| text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()))
}
