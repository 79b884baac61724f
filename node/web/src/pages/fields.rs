//! What a form says: read within bounds, and believed only where it was sent from a page of this node, to whoever is logged in.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::PageError;
use crate::body;

/// Largest form, in bytes.
const LARGEST: usize = 256 * 1024;
/// Most fields of a form.
const MOST: usize = 2_000;
/// So many characters of what was typed are read, one more than any field takes: enough to be told that it is too long, and no more of it comes back.
const LONGEST: usize = 1_000;
/// Fields into which more is written than one line, and how much of them is read; the form itself bounds what is pasted into the others.
const LONG: [(&str, usize); 4] = [("description", 10_001), ("document", 65_537), ("motivation", 10_001), ("lines", usize::MAX)];
/// The field that only a page of this node knows.
pub(crate) const TOKEN: &str = "csrf";

/// The fields of a form, in their order.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a form that somebody sends who is logged in by this token.
    pub(crate) async fn read(headers: &HeaderMap, body: Body, origin: &str, session: &str) -> Result<Self, PageError> {
        from_here(headers, origin)?;
        let is_form = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        if !is_form {
            return Err(PageError::status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = body::read(body, LARGEST).await.map_err(PageError::from)?;
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(&bytes).take(MOST + 1).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        if fields.len() > MOST {
            return Err(PageError::status(StatusCode::PAYLOAD_TOO_LARGE));
        }
        let fields = Self::of(fields);
        if fields.is_of(session) { Ok(fields) } else { Err(PageError::Forged) }
    }

    /// These, as far as they are read.
    pub(crate) fn of(mut fields: Vec<(String, String)>) -> Self {
        for (name, value) in &mut fields {
            let most = LONG.iter().find(|(long, _)| long == name).map_or(LONGEST, |(_, most)| *most);
            if value.len() > most
                && let Some((end, _)) = value.char_indices().nth(most)
            {
                value.truncate(end);
            }
        }
        Self(fields)
    }

    /// Whether they were sent from a page that was made for this session.
    pub(super) fn is_of(&self, session: &str) -> bool {
        token(session).as_bytes().ct_eq(self.one(TOKEN).as_bytes()).into()
    }

    /// All of them, but for what only a page of this node knows.
    pub(crate) fn typed(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter().filter(|(name, _)| name != TOKEN)
    }

    /// A field without the white space around it; empty where it is not there.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim())
    }

    /// All that stands under a name.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.trim())
    }
}

/// What a page puts into its forms. It says nothing about the session to whoever sees it.
pub(crate) fn token(session: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update(b"polder form\n").chain_update(session.as_bytes()).finalize())
}

/// Refuses what a page of somebody else sends. A browser says so itself (Fetch Metadata, and `Origin` of RFC 6454); one that says neither shows the token.
pub(super) fn from_here(headers: &HeaderMap, origin: &str) -> Result<(), PageError> {
    let site = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    let same = headers.get(ORIGIN).is_none_or(|said| said.as_bytes() == origin.as_bytes());
    if site && same { Ok(()) } else { Err(PageError::Forged) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const HERE: &str = "https://werk.example";

    async fn read(headers: &[(&'static str, &str)], body: &str) -> Result<Fields, PageError> {
        let mut map = HeaderMap::new();
        map.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_str(value).expect("a value"));
        }
        Fields::read(&map, Body::from(body.to_owned()), HERE, "session").await
    }

    #[tokio::test]
    async fn no_more_comes_back_than_a_field_takes() {
        let (typed, pasted) = ("\u{e9}".repeat(11_000), "x".repeat(50_000));
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair(TOKEN, &token("session"))
            .append_pair("title", &typed)
            .append_pair("description", &typed)
            .append_pair("lines", &pasted);
        let read = read(&[], &body.finish()).await.expect("a form");
        assert_eq!((read.one("title").chars().count(), read.one("description").chars().count()), (LONGEST, 10_001));
        assert_eq!(read.one("lines"), pasted, "what is pasted is read whole");
    }

    #[tokio::test]
    async fn a_form_of_another_page_or_session_is_forged() {
        let body = format!("csrf={}&field=%2Fskills&field=%2Fhours&name=+An+", token("session"));
        let own = read(&[("origin", HERE), ("sec-fetch-site", "same-origin")], &body).await.expect("a form");
        assert_eq!((own.one("name"), own.all("field").collect::<Vec<_>>()), ("An", vec!["/skills", "/hours"]));
        assert!(read(&[], &body).await.is_ok(), "an old browser says nothing of where it comes from");
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "http://werk.example"), ("sec-fetch-site", "same-origin")],
        ] {
            assert!(matches!(read(headers, &body).await, Err(PageError::Forged)), "{headers:?}");
        }
        for wrong in ["name=An", "csrf=&name=An", &format!("csrf={}", token("another"))] {
            assert!(matches!(read(&[("origin", HERE)], wrong).await, Err(PageError::Forged)), "{wrong}");
        }
    }
}
