//! Codes by which a worker takes over a profile that a system of this partner has put: the partner hands them out, the worker enters one at the portal.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use polder_model::problem::ProblemType;
use polder_model::{OfferKey, Timestamp};
use polder_trust::random;
use serde::{Deserialize, Serialize};

use super::ClientApi;
use super::negotiate::{JSON, accepted, sends_json};
use crate::body;
use crate::refusal::Refusal;

/// How long a code holds, in days.
pub(crate) const DAYS: i64 = 14;
/// Largest request, in bytes.
const LARGEST: usize = 4 * 1024;
/// Letters and digits that are not taken for one another (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 100 bits.
const LENGTH: usize = 20;
/// Characters of a group.
const GROUP: usize = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    offer: OfferKey,
}

#[derive(Serialize)]
struct Invitation {
    code: String,
    until: Timestamp,
    /// Where the worker enters it; left out where this node has no pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

pub(super) async fn invite(api: ClientApi, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let form = r#"send {"offer": "the key of a skill offer that nobody logs in to yet"}"#;
    let body = body::read(body, LARGEST).await?;
    let asked: Asked = body::of_form(&body, form)?;
    let code = random::<LENGTH>()
        .map_err(|error| Refusal::internal(&error))?
        .map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]))
        .iter()
        .collect::<String>();
    let until = api.node.now().plus_seconds(DAYS * 86_400);
    if !api.node.store().invite(asked.offer, &code, until).await? {
        let detail = "there is no skill-offer with this key, or somebody logs in to it already";
        return Err(Refusal::new(ProblemType::NotFound, detail));
    }
    let url = api.pages_url.as_ref().map(|url| format!("{url}/portal/invitation"));
    Ok((StatusCode::CREATED, axum::Json(&Invitation { code: grouped(&code), until, url })).into_response())
}

fn grouped(code: &str) -> String {
    code.as_bytes().chunks(GROUP).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

/// A code as somebody types it: whatever its case and spaces, and with letters that look like digits.
pub(crate) fn typed(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric).map(|letter| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    });
    letters.take(2 * LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = "0123456789ABCDEFGHJK";
        assert_eq!(grouped(code), "01234-56789-ABCDE-FGHJK");
        for text in ["01234-56789-ABCDE-FGHJK", "o1234 56789 abcde fghjk", "0I234-56789-ABCDE-FGHJK.", "0l23456789abcdefghjk"] {
            assert_eq!(typed(text), code, "{text}");
        }
    }
}
