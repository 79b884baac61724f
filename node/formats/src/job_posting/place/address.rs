//! Addresses, in members or on one line.

use polder_model::Postcode4;
use polder_model::reference::{Place, Reference};
use serde_json::Value;

use crate::html;
use crate::json_ld::{list, said, text};
use crate::text::{at_most, one_line};
use crate::values;

/// Longest name of a place, in characters.
const LONGEST: usize = 100;
/// Names of the country. One of them is a hamlet too, which far fewer addresses mean.
const HERE: [&str; 6] = ["NL", "NLD", "NETHERLANDS", "THE NETHERLANDS", "NEDERLAND", "HOLLAND"];
/// Names of other countries that stand at the end of addresses.
const ABROAD: [&str; 10] = ["BE", "BEL", "BELGIË", "BELGIE", "BELGIUM", "DE", "DEU", "DUITSLAND", "DEUTSCHLAND", "GERMANY"];
/// Words before the name of a place.
const BEFORE: [&str; 5] = ["regio", "omgeving", "gemeente", "nabij", "te"];

fn address(given: &Value) -> &Value {
    given.get("address").and_then(|address| list(address).first()).unwrap_or(given)
}

fn member(given: &Value, name: &str) -> Option<String> {
    let text = one_line(&text(address(given).get(name)?)?);
    (!text.is_empty()).then_some(text)
}

/// Whether the address says that it is in another country.
pub(super) fn is_abroad(given: &Value) -> bool {
    let said = member(given, "addressCountry").is_some_and(|country| !HERE.contains(&country.to_uppercase().as_str()));
    said || parts(given).last().is_some_and(|last| ABROAD.contains(&last.to_uppercase().as_str()))
}

/// The postcode, as the schema takes it.
pub(super) fn postcode(given: &Value, tables: &Reference) -> Option<String> {
    let member = member(given, "postalCode").and_then(|text| values::postcode(&text));
    let parts = parts(given);
    member.or_else(|| parts.iter().find_map(|part| within(part))).or_else(|| parts.iter().find_map(|part| leading(part, tables)))
}

/// The place of the tables that the address names.
pub(super) fn place<'r>(given: &Value, tables: &'r Reference) -> Option<&'r Place> {
    parts(given).iter().find_map(|part| named(part, tables))
}

/// The name of the place, where a member has it: one that stands beside a postcode, or needs none, as it is.
pub(super) fn locality(given: &Value, remote: bool) -> Option<String> {
    let name = member(given, "addressLocality")?;
    let alone = !name.contains([',', ';']) && !name.contains(|c: char| c.is_ascii_digit());
    (alone || remote || member(given, "postalCode").is_some()).then(|| at_most(&name, LONGEST).0.to_owned())
}

/// The street, or an address on one line that says more than its place.
pub(super) fn street(given: &Value) -> Option<String> {
    let line =
        || address(given).as_str().map(|line| one_line(&html::plain(line))).filter(|line| line.contains(|c: char| c.is_ascii_digit()));
    member(given, "streetAddress").or_else(line)
}

/// An address on one line.
pub(super) fn written(given: &Value) -> String {
    let parts = ["streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"];
    let parts: Vec<String> = parts.iter().filter_map(|name| member(given, name)).collect();
    if parts.is_empty() { said(address(given), false) } else { parts.join(", ") }
}

/// What stands between commas and line ends in the texts that may name the place.
fn parts(given: &Value) -> Vec<String> {
    let address = address(given);
    let texts = [address.get("addressLocality"), Some(address).filter(|address| address.is_string()), given.get("name")];
    let texts: Vec<String> = texts.into_iter().flatten().filter_map(text).map(|text| html::plain(&text)).collect();
    let parts = texts.iter().flat_map(|text| text.split([',', ';', '\n', '|'])).map(one_line);
    parts.filter(|part| !part.is_empty() && !HERE.contains(&part.to_uppercase().as_str())).collect()
}

fn named<'r>(part: &str, tables: &'r Reference) -> Option<&'r Place> {
    let part = part.split('(').next().unwrap_or(part).trim();
    let words: Vec<&str> = part.split(' ').collect();
    let without_first = || words.get(1..).filter(|rest| !rest.is_empty()).map(|rest| rest.join(" "));
    let skip = words.first().is_some_and(|word| BEFORE.contains(&word.to_lowercase().as_str()) || word.parse::<Postcode4>().is_ok());
    tables.place_named(part).or_else(|| skip.then(without_first).flatten().and_then(|rest| tables.place_named(&rest)))
}

/// A postcode of six positions within a text.
fn within(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let joined = words.windows(2).map(|two| two.concat());
    words.iter().map(|word| (*word).to_owned()).chain(joined).filter(|word| word.len() == 6).find_map(|word| values::postcode(&word))
}

/// A postcode of four digits before the name of its place, or alone: any other number may be that of a house.
fn leading(text: &str, tables: &Reference) -> Option<String> {
    let first = text.split(' ').next()?;
    let known = first.len() == 4 && tables.place(first.parse().ok()?).is_some();
    known.then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_as_sites_write_them() {
        assert_eq!(within("Nijverheidstraat 10, 8302 AB Emmeloord").as_deref(), Some("8302AB"));
        assert_eq!(within("Werkweg 1234, Emmeloord"), None);
        assert_eq!(leading("Werkweg 8302", Reference::starter()), None);
        assert_eq!(leading("8302 Emmeloord", Reference::starter()).as_deref(), Some("8302"));
    }
}
