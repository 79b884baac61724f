//! Media types.

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use polder_model::problem::ProblemType;

use crate::refusal::Refusal;

pub(crate) const JSON: &str = "application/json";
pub(crate) const NDJSON: &str = "application/x-ndjson";

/// Refuses a body that does not say that it is JSON in UTF-8.
pub(crate) fn sends_json(headers: &HeaderMap) -> Result<(), Refusal> {
    if only(headers, &CONTENT_ENCODING)?.is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return Err(Refusal::new(ProblemType::UnsupportedMediaType, "the body must not be compressed: leave Content-Encoding out"));
    }
    let value = only(headers, &CONTENT_TYPE)?.unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(JSON));
    let utf8 = parts.all(|parameter| {
        let charset = parameter.to_ascii_lowercase();
        !charset.starts_with("charset=") || charset.trim_start_matches("charset=").trim_matches('"') == "utf-8"
    });
    if json && utf8 {
        Ok(())
    } else {
        Err(Refusal::new(ProblemType::UnsupportedMediaType, "the body must be JSON in UTF-8: send `Content-Type: application/json`"))
    }
}

/// The first of the `offered` media types that the caller accepts; the first of all where nothing is said.
pub(crate) fn accepted(headers: &HeaderMap, offered: &[&'static str]) -> Result<&'static str, Refusal> {
    let values: Vec<&str> =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    let ranges = || values.iter().filter(|range| !refuses(range)).map(|range| range.split(';').next().unwrap_or_default().trim());
    let fits = |range: &str, media: &str| {
        range == "*/*" || range.eq_ignore_ascii_case(media) || range.strip_suffix('*').is_some_and(|prefix| media.starts_with(prefix))
    };
    // Named types come before ranges.
    let named = offered.iter().find(|media| ranges().any(|range| range.eq_ignore_ascii_case(media)));
    let chosen = named.or_else(|| offered.iter().find(|media| ranges().any(|range| fits(range, media))));
    match (chosen, values.is_empty(), offered.first()) {
        (Some(chosen), _, _) | (None, true, Some(chosen)) => Ok(chosen),
        _ => Err(Refusal::new(ProblemType::NotAcceptable, format!("this is offered as {}", offered.join(" or ")))),
    }
}

fn refuses(range: &str) -> bool {
    range.split(';').skip(1).any(|parameter| matches!(parameter.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
}

/// A header that may stand once.
pub(crate) fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value
            .to_str()
            .map(Some)
            .map_err(|_| Refusal::new(ProblemType::InvalidRequest, format!("the header {name} has characters that are not allowed"))),
        _ => Err(Refusal::new(ProblemType::InvalidRequest, format!("the header {name} stands twice"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn only_json_in_utf_8_is_taken() {
        for good in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            assert!(sends_json(&with(CONTENT_TYPE, good)).is_ok(), "{good}");
        }
        for bad in ["", "text/plain", "application/json; charset=latin1", "application/jsonx", "application/x-ndjson"] {
            assert!(sends_json(&with(CONTENT_TYPE, bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn streams_only_for_those_who_name_them() {
        let offered = [JSON, NDJSON];
        for (value, chosen) in [
            ("*/*", Some(JSON)),
            ("application/*", Some(JSON)),
            ("application/x-ndjson", Some(NDJSON)),
            ("text/html, application/x-ndjson;q=0.9, */*;q=0.1", Some(NDJSON)),
            ("application/x-ndjson;q=0, application/json", Some(JSON)),
            ("text/html", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(accepted(&with(ACCEPT, value), &offered).ok(), chosen, "{value}");
        }
        assert_eq!(accepted(&HeaderMap::new(), &offered).ok(), Some(JSON));
    }
}
