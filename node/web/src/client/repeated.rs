//! Requests that create something, under a key of the caller's own (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header): sent again, they create
//! nothing more, and get the reply of before.
//!
//! A request is carried out to its end even where its caller has gone: whoever sends it again finds what came of it. Replies are sealed under the key itself,
//! of which the database has a digest alone: an invitation has a code that nobody else may read there.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, StatusCode};
use polder_model::problem::ProblemType;
use polder_model::request::LARGEST_REQUEST;
use polder_store::clients::{Begun, MOST_REPLIES};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;

use super::ClientApi;
use super::auth::Caller;
use super::negotiate::{JSON, only};
use crate::body;
use crate::refusal::Refusal;

/// The header that carries the key.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// For how long a reply is kept, in seconds.
const KEPT_SECONDS: i64 = 86_400;
/// For how long a request may be under way, in seconds: that of a node that was cut off is given up then.
const UNDER_WAY_SECONDS: i64 = 60;
/// Most characters of a key.
pub(crate) const LONGEST: usize = 128;
/// Largest request, in bytes: that of a search.
const LARGEST: usize = LARGEST_REQUEST;
/// Largest reply, in bytes: a search is shown with what is around it.
const LARGEST_REPLY: usize = LARGEST_REQUEST + 4 * 1024;

/// Carries a request out, unless it was before.
pub(super) async fn once(State(api): State<ClientApi>, request: Request, next: Next) -> Response {
    carried_out(&api, request, next).await.unwrap_or_else(Refusal::into_response)
}

async fn carried_out(api: &ClientApi, request: Request, next: Next) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let Some(key) = key(&parts.headers)?.map(ToOwned::to_owned) else { return Ok(next.run(Request::from_parts(parts, body)).await) };
    let caller = parts.extensions.get::<Caller>().ok_or_else(|| Refusal::internal(&"a request that nobody was let in to"))?;
    let client = caller.client()?.to_owned();
    let body = body::read(body, LARGEST).await?;
    let asked = Sha256::new().chain_update(parts.method.as_str()).chain_update("\n").chain_update(parts.uri.path());
    let asked = hex::encode(asked.chain_update("\n").chain_update(&body).finalize());
    let digest = hex::encode(Sha256::digest(format!("reply\n{client}\n{key}")));
    let seal = Seal(api.oauth.secret_for(&format!("reply {client} {key}")));
    let now = api.node.now();
    match api.node.store().begin_reply(&client, &digest, &asked, now.plus_seconds(UNDER_WAY_SECONDS), now).await? {
        Begun::First => {}
        Begun::Before(sealed) => return seal.open(sealed).ok_or_else(|| Refusal::internal(&"a kept reply cannot be read")),
        Begun::UnderWay => {
            let refusal =
                Refusal::new(ProblemType::UnderWay, "the same request under this Idempotency-Key is being carried out; send it again");
            return Err(refusal.retry_after(Duration::from_secs(1)));
        }
        Begun::Another => {
            let detail =
                "another request came under this Idempotency-Key in the last 24 hours; make a new key for each thing that is to be created";
            return Err(Refusal::new(ProblemType::KeyDiffers, detail));
        }
        Begun::TooMany => {
            let detail = format!("more than {MOST_REPLIES} Idempotency-Keys in 24 hours; come again later, or leave the header out");
            return Err(Refusal::new(ProblemType::TooManyRequests, detail).retry_after(Duration::from_secs(60)));
        }
    }
    let api = api.clone();
    let request = Request::from_parts(parts, Body::from(body));
    let done = tokio::spawn(async move { keep(&api, &digest, &seal, next.run(request).await).await });
    done.await.map_err(|error| Refusal::internal(&error))
}

/// Keeps what came of it. Where that was nothing, the key is free again.
async fn keep(api: &ClientApi, digest: &str, seal: &Seal, response: Response) -> Response {
    let store = api.node.store();
    let (kept, response) = if response.status().is_success() { seal.close(response).await } else { (None, response) };
    let done = match kept {
        Some(kept) => store.keep_reply(digest, kept, api.node.now().plus_seconds(KEPT_SECONDS)).await,
        None => store.drop_reply(digest).await,
    };
    if let Err(error) = done {
        tracing::warn!(%error, "the reply under an Idempotency-Key could not be kept");
    }
    response
}

/// The key of a request: a text in quotes, as the draft has it; without them it is taken too.
fn key(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = only(headers, &IDEMPOTENCY_KEY)? else { return Ok(None) };
    let value = value.trim();
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    let is_one = (1..=LONGEST).contains(&inner.len()) && inner.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\,;".contains(&byte));
    let form = "Idempotency-Key is 1 to 128 characters in quotes, such as \"8e03978e-40d5-43dd-bc93-6894a57f9324\": make one by chance for each thing that \
                is to be created";
    if is_one { Ok(Some(inner)) } else { Err(Refusal::new(ProblemType::InvalidRequest, form)) }
}

/// What is kept of a reply.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    location: Option<String>,
    body: String,
}

/// What a reply is sealed with.
struct Seal([u8; 32]);

impl Seal {
    fn key(&self) -> Option<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM_SIV, &self.0).ok()
    }

    /// What is to be kept of a response, and the response.
    async fn close(&self, response: Response) -> (Option<Vec<u8>>, Response) {
        let (parts, body) = response.into_parts();
        let Ok(body) = axum::body::to_bytes(body, LARGEST_REPLY).await else {
            return (None, Refusal::internal(&"a reply larger than replies are").into_response());
        };
        let location = parts.headers.get(LOCATION).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let kept = Kept { status: parts.status.as_u16(), location, body: String::from_utf8_lossy(&body).into_owned() };
        let sealed = serde_json::to_vec(&kept).ok().and_then(|mut bytes| {
            let nonce = self.key()?.seal_in_place_append_tag(Aad::empty(), &mut bytes).ok()?;
            Some([&nonce.as_ref()[..], &bytes].concat())
        });
        (sealed, Response::from_parts(parts, Body::from(body)))
    }

    fn open(&self, mut sealed: Vec<u8>) -> Option<Response> {
        let (nonce, bytes) = sealed.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let kept: Kept = serde_json::from_slice(self.key()?.open_in_place(nonce, Aad::empty(), bytes).ok()?).ok()?;
        let status = StatusCode::from_u16(kept.status).ok()?;
        Some((status, [(CONTENT_TYPE, JSON)], kept.location.map(|location| [(LOCATION, location)]), kept.body).into_response())
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn keys_are_texts_in_quotes_or_without() {
        let read = |value: &'static str| {
            let headers = HeaderMap::from_iter([(IDEMPOTENCY_KEY, HeaderValue::from_static(value))]);
            key(&headers).map(|key| key.map(ToOwned::to_owned)).ok().flatten()
        };
        for value in ["\"abc\"", "abc", " \"abc\" "] {
            assert_eq!(read(value).as_deref(), Some("abc"), "{value}");
        }
        for value in ["", "\"\"", "a b", "\"a", "a,b", "a\\b", "\"a\";x=1"] {
            assert_eq!(read(value), None, "{value}");
        }
        assert!(key(&HeaderMap::new()).is_ok_and(|key| key.is_none()));
    }

    #[tokio::test]
    async fn a_reply_is_read_by_whoever_knows_its_key_alone() {
        let response = (StatusCode::CREATED, [(LOCATION, "/v1/x")], "{\"code\":\"GEHEIM\"}").into_response();
        let (sealed, shown) = Seal([1; 32]).close(response).await;
        let sealed = sealed.expect("sealed");
        assert!(!String::from_utf8_lossy(&sealed).contains("GEHEIM"));
        assert!(Seal([2; 32]).open(sealed.clone()).is_none() && Seal([1; 32]).open(vec![0; 5]).is_none());
        let again = Seal([1; 32]).open(sealed).expect("opened");
        for response in [shown, again] {
            assert_eq!((response.status(), &response.headers()[LOCATION]), (StatusCode::CREATED, &HeaderValue::from_static("/v1/x")));
            let body = axum::body::to_bytes(response.into_body(), 1_000).await.expect("a body");
            assert_eq!(&body[..], b"{\"code\":\"GEHEIM\"}");
        }
    }
}
