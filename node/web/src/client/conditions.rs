//! Preconditions (RFC 9110, section 13).

use http::HeaderMap;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use polder_model::problem::ProblemType;
use polder_store::{ETag, Precondition};

use super::negotiate::only;
use crate::refusal::Refusal;

/// Most tags that are read.
const MOST_TAGS: usize = 20;

/// What must hold before an offer is changed. Tags are compared strongly (section 8.8.3.2): a weak one matches nothing.
pub(crate) fn of_change(headers: &HeaderMap) -> Result<Precondition, Refusal> {
    match (only(headers, &IF_MATCH)?, only(headers, &IF_NONE_MATCH)?) {
        (None, None) => Ok(Precondition::None),
        (Some("*"), None) => Ok(Precondition::Exists),
        (Some(list), None) => {
            let strong = tags(list)?.into_iter().filter(|tag| !tag.weak).map(|tag| tag.opaque);
            Ok(Precondition::Matches(strong.collect()))
        }
        (None, Some("*")) => Ok(Precondition::Absent),
        (None, Some(_)) => Err(refused("If-None-Match takes * here: change only what is not there yet")),
        (Some(_), Some(_)) => Err(refused("send If-Match or If-None-Match, not both")),
    }
}

/// Whether the caller has this version already. Tags are compared weakly (section 13.1.2): a proxy may have made one weak.
pub(crate) fn has(headers: &HeaderMap, present: &ETag) -> Result<bool, Refusal> {
    match only(headers, &IF_NONE_MATCH)? {
        None => Ok(false),
        Some("*") => Ok(true),
        Some(list) => Ok(tags(list)?.iter().any(|tag| tag.opaque == *present)),
    }
}

/// An entity tag as a caller sends it.
struct Tag {
    weak: bool,
    opaque: ETag,
}

fn tags(list: &str) -> Result<Vec<Tag>, Refusal> {
    let tag = |text: &str| {
        let text = text.trim();
        let (weak, text) = text.strip_prefix("W/").map_or((false, text), |rest| (true, rest));
        match text.parse() {
            Ok(opaque) if text.starts_with('"') => Ok(Tag { weak, opaque }),
            _ => Err(refused(FORM)),
        }
    };
    let tags: Vec<Tag> = list.split(',').map(tag).collect::<Result<_, _>>()?;
    if tags.len() <= MOST_TAGS { Ok(tags) } else { Err(refused("at most 20 entity tags")) }
}

const FORM: &str = "an entity tag is a text in quotes, as the header ETag gave it; or send *";

fn refused(detail: &str) -> Refusal {
    Refusal::new(ProblemType::InvalidRequest, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("a value"))])
    }

    #[test]
    fn reading_compares_weakly_and_writing_strongly() {
        let present: ETag = "\"3-ab\"".parse().expect("a tag");
        for (value, has_it) in [("\"3-ab\"", true), ("W/\"3-ab\"", true), ("\"x\", W/\"3-ab\"", true), ("W/\"2-ab\"", false), ("*", true)] {
            assert_eq!(has(&with(IF_NONE_MATCH, value), &present).ok(), Some(has_it), "{value}");
        }
        for (value, holds) in [("\"3-ab\"", true), ("W/\"3-ab\"", false), ("W/\"3-ab\", \"3-ab\"", true), ("\"2-ab\"", false)] {
            let precondition = of_change(&with(IF_MATCH, value)).expect("readable");
            assert_eq!(precondition.holds(Some(&present)), holds, "{value}");
        }
        for bad in ["", "3-ab", "w/\"3-ab\"", "W/3-ab", "\"3-ab", "W/ \"3-ab\""] {
            assert!(has(&with(IF_NONE_MATCH, bad), &present).is_err(), "{bad}");
            assert!(of_change(&with(IF_MATCH, bad)).is_err(), "{bad}");
        }
    }
}
