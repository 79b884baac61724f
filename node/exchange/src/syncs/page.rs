//! A page of a collection: what it says of others, and its objects, each of which is read by itself.

use polder_formats::education::Version;
use polder_model::json::read_strict;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::progress::Stage;

/// Objects that are asked for on one page: the most that the API has.
pub(super) const PAGE: usize = 250;
/// Most objects that are read of a page, whatever was asked for.
const MOST: usize = 1_000;
/// Longest id of an object.
const LONGEST_ID: usize = 200;

/// A page of a collection.
pub(super) struct Page {
    /// Whether there are more.
    pub(super) more: bool,
    /// What stands on it.
    pub(super) items: Vec<Item>,
}

/// Something that stands on a page.
pub(super) struct Item {
    /// Its number on the page, from 1.
    pub(super) number: usize,
    /// The object with its id, or what is wrong with it, in English.
    pub(super) object: Result<(String, Value), String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    has_next_page: bool,
    items: Vec<Box<RawValue>>,
}

/// Takes a page apart; `None` where it is no page of the API.
pub(super) fn read(bytes: &[u8], id: &str) -> Option<Page> {
    let written: Written = serde_json::from_slice(bytes).ok()?;
    if written.items.len() > MOST {
        return None;
    }
    let items = written.items.iter().enumerate().map(|(index, raw)| Item { number: index + 1, object: object(raw.get(), id) });
    Some(Page { more: written.has_next_page, items: items.collect() })
}

fn object(text: &str, id: &str) -> Result<(String, Value), String> {
    let value = read_strict(text.as_bytes()).map_err(|finding| finding.message)?;
    match value.get(id).and_then(Value::as_str).filter(|id| is_id(id)) {
        Some(id) => Ok((id.to_owned(), value)),
        None => Err(format!("`{id}` must be given: a text of at most {LONGEST_ID} characters, such as a UUID")),
    }
}

/// Whether it can be asked for: as a part of a path it leads nowhere else.
fn is_id(id: &str) -> bool {
    !id.trim().is_empty() && id.len() <= LONGEST_ID && !id.chars().any(char::is_control) && id != "." && id != ".."
}

/// A part of a path.
fn part(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    id.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The name of a collection in a version.
fn collection(stage: Stage, version: Version) -> &'static str {
    match (stage, version) {
        (Stage::Organisations, Version::V5) => "/organizations",
        (Stage::Organisations, Version::V6) => "/organisations",
        (Stage::LearningOutcomes, _) => "/learning-outcomes",
        (Stage::Programmes, Version::V5) => "/programs",
        (Stage::Programmes, Version::V6) => "/programmes",
        (Stage::Courses | Stage::Missing, _) => "/courses",
    }
}

/// The name of the member that is the id of an object.
pub(super) fn id_of(stage: Stage, version: Version) -> &'static str {
    match (stage, version) {
        (Stage::Organisations, Version::V5) => "organizationId",
        (Stage::Organisations, Version::V6) => "organisationId",
        (Stage::LearningOutcomes, _) => "learningOutcomeId",
        (Stage::Programmes, Version::V5) => "programId",
        (Stage::Programmes, Version::V6) => "programmeId",
        (Stage::Courses | Stage::Missing, _) => "courseId",
    }
}

/// The name of the member that is the id of an offering.
pub(super) fn id_of_offering(stage: Stage, version: Version) -> &'static str {
    match (stage, version) {
        (_, Version::V5) => "offeringId",
        (Stage::Programmes, Version::V6) => "programmeOfferingId",
        (_, Version::V6) => "courseOfferingId",
    }
}

/// Where a page of a collection stands.
pub(super) fn path(stage: Stage, version: Version, page: u32) -> String {
    format!("{}?pageSize={PAGE}&pageNumber={page}", collection(stage, version))
}

/// Where one object stands.
pub(super) fn path_of(stage: Stage, version: Version, id: &str) -> String {
    format!("{}/{}", collection(stage, version), part(id))
}

/// Where a page of its offerings stands.
pub(super) fn path_of_offerings(stage: Stage, version: Version, id: &str, page: u32) -> String {
    let offerings = match (stage, version) {
        (_, Version::V5) => "offerings",
        (Stage::Programmes, Version::V6) => "programme-offerings",
        (_, Version::V6) => "course-offerings",
    };
    format!("{}/{offerings}?pageSize={PAGE}&pageNumber={page}", path_of(stage, version, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_object_spoils_no_other() {
        let page = br#"{"pageSize": 250, "pageNumber": 1, "hasPreviousPage": false, "hasNextPage": true, "items": [
            {"courseId": "a", "name": []}, {"courseId": "b", "seats": 1e999}, {"name": []}, 7, {"courseId": "c", "courseId": "d"},
            {"courseId": ".."}, {"courseId": "e"}]}"#;
        let page = read(page, "courseId").expect("a page");
        assert!(page.more);
        let ids: Vec<Option<&str>> = page.items.iter().map(|item| item.object.as_ref().ok().map(|(id, _)| id.as_str())).collect();
        assert_eq!(ids, [Some("a"), None, None, None, None, None, Some("e")]);
        for wrong in [&b"[]"[..], b"{\"items\": []}", b"{\"hasNextPage\": \"no\", \"items\": []}", b"{\"hasNextPage\": false", b"<html>"] {
            assert!(read(wrong, "courseId").is_none());
        }
    }

    #[test]
    fn an_id_is_one_part_of_a_path() {
        assert_eq!(path_of(Stage::Courses, Version::V6, "../a b?c"), "/courses/..%2Fa%20b%3Fc");
        assert_eq!(
            path_of_offerings(Stage::Programmes, Version::V6, "p", 2),
            "/programmes/p/programme-offerings?pageSize=250&pageNumber=2"
        );
    }
}
