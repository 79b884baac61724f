//! Media types.

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use polder_model::problem::ProblemType;

use crate::refusal::Refusal;

pub(crate) const JSON: &str = "application/json";
/// JSON-LD: a vacancy as JobPosting of schema.org.
pub(crate) const JSON_LD: &str = "application/ld+json";
pub(crate) const NDJSON: &str = "application/x-ndjson";
pub(crate) const CSV: &str = "text/csv";
pub(crate) const HTML: &str = "text/html";
pub(crate) const XML: &str = "application/xml";
pub(crate) const EVENT_STREAM: &str = "text/event-stream";

/// Refuses a body that does not say that it is JSON in UTF-8.
pub(crate) fn sends_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let detail = || Refusal::new(ProblemType::UnsupportedMediaType, format!("the body must be JSON in UTF-8: send `Content-Type: {JSON}`"));
    sent(headers, &[JSON])?.map(drop).ok_or_else(detail)
}

/// Of these media types the one that a body says that it is of; `None` where it is of another, or says that it is not UTF-8.
pub(crate) fn sent(headers: &HeaderMap, taken: &[&'static str]) -> Result<Option<&'static str>, Refusal> {
    let value = only(headers, &CONTENT_TYPE)?.unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().and_then(|essence| taken.iter().find(|media| essence.eq_ignore_ascii_case(media)));
    let utf8 = parts.all(|parameter| {
        let charset = parameter.to_ascii_lowercase();
        !charset.starts_with("charset=") || charset.trim_start_matches("charset=").trim_matches('"') == "utf-8"
    });
    Ok(essence.copied().filter(|_| utf8))
}

/// The `offered` media type that the caller likes best (RFC 9110, section 12.5.1); of those that it likes as well one that it names, then the first.
pub(crate) fn accepted(headers: &HeaderMap, offered: &[&'static str]) -> Result<&'static str, Refusal> {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let values: Vec<&str> = values.filter(|value| !value.trim().is_empty()).collect();
    let ranges: Vec<Range<'_>> = values.iter().filter_map(|value| Range::read(value)).collect();
    let mut best: Option<((u16, u8), &'static str)> = None;
    for media in offered {
        // The range that says most about a media type counts for it.
        let liked = ranges.iter().filter_map(|range| Some((range.fits(media)?, range.weight))).max_by_key(|(fits, _)| *fits);
        let rank = liked.map(|(fits, weight)| (weight, fits)).filter(|(weight, _)| *weight > 0);
        if rank.is_some_and(|rank| best.is_none_or(|(before, _)| rank > before)) {
            best = rank.map(|rank| (rank, *media));
        }
    }
    match (best, values.is_empty(), offered.first()) {
        (Some((_, chosen)), ..) => Ok(chosen),
        (None, true, Some(first)) => Ok(first),
        _ => Err(Refusal::new(ProblemType::NotAcceptable, format!("this is offered as {}", offered.join(" or ")))),
    }
}

/// A range of media types, and how much it is liked, in thousandths.
struct Range<'h> {
    media: &'h str,
    weight: u16,
}

impl<'h> Range<'h> {
    /// Reads a range; none where its weight is not of its form.
    fn read(text: &'h str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media = parts.next()?;
        let weight = parts.find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")));
        Some(Self { media, weight: weight.map_or(Some(1_000), thousandths)? })
    }

    /// How exactly it is meant, where it holds of a media type.
    fn fits(&self, media: &str) -> Option<u8> {
        let of_type = |prefix: &str| media.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        match self.media {
            "*/*" => Some(0),
            named if named.eq_ignore_ascii_case(media) => Some(2),
            range => range.strip_suffix('*').is_some_and(|prefix| prefix.ends_with('/') && of_type(prefix)).then_some(1),
        }
    }
}

/// A weight: 0 to 1 with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let decimals: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(decimals),
        "1" if decimals == 0 => Some(1_000),
        _ => None,
    }
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
            ("application/json;q=0.3, application/x-ndjson;q=0.7", Some(NDJSON)),
            ("application/json;q=0.7, application/x-ndjson;q=0.3", Some(JSON)),
            ("application/json; Q=0.001, */*;q=0", Some(JSON)),
            ("application/*;q=0.2, application/json;q=0.1", Some(NDJSON)),
            ("*/*, application/json;q=0", Some(NDJSON)),
            ("application/x-ndjson, */*", Some(NDJSON)),
            ("application/json, application/x-ndjson", Some(JSON)),
            ("APPLICATION/*", Some(JSON)),
            ("app*", None),
            ("application/json;q=1.5", None),
            ("", Some(JSON)),
        ] {
            assert_eq!(accepted(&with(ACCEPT, value), &offered).ok(), chosen, "{value}");
        }
        assert_eq!(accepted(&HeaderMap::new(), &offered).ok(), Some(JSON));
    }
}
