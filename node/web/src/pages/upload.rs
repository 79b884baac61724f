//! A form with one file, as browsers send it (RFC 7578): read within bounds, and held in memory for as long as it is looked at.

use std::convert::Infallible;
use std::future::ready;

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use multer::Multipart;

use super::PageError;
use super::fields::{Fields, from_here};
use crate::body;

/// Bytes beside the file: the other fields, and what stands between them.
const BESIDE: usize = 16 * 1024;
/// Most parts of such a form.
const MOST: usize = 20;
/// The name of the field with the file.
const FILE: &str = "file";

impl Fields {
    /// Reads a form with one file of at most `most` bytes, sent by whoever is logged in by this token. Without a file it is empty.
    pub(crate) async fn with_file(
        headers: &HeaderMap,
        body: Body,
        most: usize,
        origin: &str,
        session: &str,
    ) -> Result<(Self, Bytes), PageError> {
        from_here(headers, origin)?;
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| PageError::status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
        let bytes = body::read(body, most + BESIDE).await.map_err(PageError::from)?;
        let mut parts = Multipart::new(stream::once(ready(Ok::<_, Infallible>(bytes))), boundary);
        let (mut fields, mut file) = (Vec::new(), Bytes::new());
        let unreadable = |_| PageError::status(StatusCode::BAD_REQUEST);
        for _ in 0..MOST {
            let Some(part) = parts.next_field().await.map_err(unreadable)? else { break };
            let name = part.name().unwrap_or_default().to_owned();
            let content = part.bytes().await.map_err(unreadable)?;
            if name == FILE {
                file = content;
            } else {
                fields.push((name, String::from_utf8_lossy(&content).into_owned()));
            }
        }
        let fields = Self::of(fields);
        if !fields.is_of(session) {
            return Err(PageError::Forged);
        }
        if file.len() > most { Err(PageError::status(StatusCode::PAYLOAD_TOO_LARGE)) } else { Ok((fields, file)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::token;
    use super::*;
    use http::HeaderValue;

    async fn read(body: &str, most: usize) -> Result<(Fields, Bytes), PageError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=XX"));
        Fields::with_file(&headers, Body::from(body.to_owned()), most, "https://werk.example", "session").await
    }

    fn part(name: &str, content: &str) -> String {
        format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n{content}\r\n")
    }

    #[tokio::test]
    async fn a_file_comes_with_what_only_a_page_of_this_session_knows() {
        let token = part("csrf", &token("session"));
        let whole = format!("{token}{}--XX--\r\n", part("file", "{\"a\": 1}\r\n--X"));
        let (fields, file) = read(&whole, 20).await.expect("a form");
        assert_eq!((fields.one("csrf").is_empty(), &file[..]), (false, &b"{\"a\": 1}\r\n--X"[..]));
        assert!(matches!(read(&whole, 3).await, Err(PageError::Status(StatusCode::PAYLOAD_TOO_LARGE))));
        assert!(read(&format!("{token}--XX--\r\n"), 20).await.expect("a form").1.is_empty());
        let forged = format!("{}{}--XX--\r\n", part("csrf", "another"), part("file", "x"));
        assert!(matches!(read(&forged, 20).await, Err(PageError::Forged)));
        assert!(matches!(read(&whole[..whole.len() - 20], 20).await, Err(PageError::Status(StatusCode::BAD_REQUEST))), "cut off");
        let many = format!("{}{token}--XX--\r\n", part("a", "b").repeat(MOST));
        assert!(matches!(read(&many, 20).await, Err(PageError::Forged)), "more parts than are read");
        assert!(read(&"x".repeat(BESIDE + 21), 20).await.is_err());
    }
}
