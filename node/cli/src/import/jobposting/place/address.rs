//! Addresses, in members or on one line.

use polder_model::Postcode4;
use polder_model::reference::Place;
use serde_json::Value;

use crate::import::jobposting::text::one_line;
use crate::import::jobposting::values::{first_text, list, text};
use crate::tables;

/// Longest name of a place, in characters.
const LONGEST: usize = 100;
/// Names of the country. One of them is a hamlet too, which far fewer addresses mean.
const HERE: [&str; 6] = ["NL", "NLD", "NETHERLANDS", "THE NETHERLANDS", "NEDERLAND", "HOLLAND"];
/// Names of other countries that stand at the end of addresses.
const ABROAD: [&str; 10] = ["BE", "BEL", "BELGIË", "BELGIE", "BELGIUM", "DE", "DEU", "DUITSLAND", "DEUTSCHLAND", "GERMANY"];
/// Words before the name of a place.
const BEFORE: [&str; 5] = ["regio", "omgeving", "gemeente", "nabij", "te"];

fn address(given: &Value) -> &Value {
    list(&given["address"]).into_iter().next().unwrap_or(given)
}

/// Whether the address says that it is in another country.
pub(super) fn is_abroad(given: &Value) -> bool {
    let address = address(given);
    let country = first_text(&[&address["addressCountry"], &address["addressCountry"]["name"]]).unwrap_or_default().to_uppercase();
    let said = !country.is_empty() && !HERE.contains(&country.as_str());
    said || parts(given).last().is_some_and(|last| ABROAD.contains(&last.to_uppercase().as_str()))
}

/// The postcode, as the schema takes it.
pub(super) fn postcode(given: &Value) -> Option<String> {
    let member = first_text(&[&address(given)["postalCode"]]).and_then(|text| whole(&text));
    member.or_else(|| parts(given).iter().find_map(|part| within(part))).or_else(|| parts(given).iter().find_map(|part| leading(part)))
}

/// The place of the tables that the address names.
pub(super) fn place(given: &Value) -> Option<&'static Place> {
    parts(given).iter().find_map(|part| named(part))
}

/// The name of the place, where a member has it.
pub(super) fn locality(given: &Value) -> Option<String> {
    let name = one_line(&first_text(&[&address(given)["addressLocality"]])?);
    let alone = !name.is_empty() && !name.contains([',', ';']) && !name.contains(|c: char| c.is_ascii_digit());
    (alone && name.chars().count() <= LONGEST).then_some(name)
}

/// A place in a few words.
pub(super) fn shown(given: &Value) -> String {
    let address = address(given);
    let text = first_text(&[&address["addressLocality"], address, &address["postalCode"], &given["name"], &address["addressRegion"]]);
    one_line(&text.unwrap_or_else(|| "one without a name".to_owned())).chars().take(LONGEST).collect()
}

/// What stands between commas and line ends in the texts that may name the place.
fn parts(given: &Value) -> Vec<String> {
    let address = address(given);
    let texts = [&address["addressLocality"], address, &given["name"]].into_iter().filter_map(text);
    let texts: Vec<String> = texts.map(|text| super::super::text::plain(&text)).collect();
    let parts = texts.iter().flat_map(|text| text.split([',', ';', '\n', '|'])).map(one_line);
    parts.filter(|part| !part.is_empty() && !HERE.contains(&part.to_uppercase().as_str())).collect()
}

fn named(part: &str) -> Option<&'static Place> {
    let tables = tables::in_use();
    let part = part.split('(').next().unwrap_or(part).trim();
    let words: Vec<&str> = part.split(' ').collect();
    let without_first = || words.get(1..).filter(|rest| !rest.is_empty()).map(|rest| rest.join(" "));
    let skip = words.first().is_some_and(|word| BEFORE.contains(&word.to_lowercase().as_str()) || word.parse::<Postcode4>().is_ok());
    tables.place_named(part).or_else(|| skip.then(without_first).flatten().and_then(|rest| tables.place_named(&rest)))
}

/// A text that is a postcode.
fn whole(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    Postcode4::from_postcode(&plain).ok().map(|_| plain)
}

/// A postcode of six positions within a text.
fn within(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let joined = words.windows(2).map(|two| two.concat());
    words.iter().map(|word| (*word).to_owned()).chain(joined).filter(|word| word.len() == 6).find_map(|word| whole(&word))
}

/// A postcode of four digits before the name of its place, or alone: any other number may be that of a house.
fn leading(text: &str) -> Option<String> {
    let first = text.split(' ').next()?;
    let known = first.len() == 4 && tables::in_use().place(first.parse().ok()?).is_some();
    known.then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_as_sites_write_them() {
        assert_eq!(whole("8302 ab").as_deref(), Some("8302AB"));
        assert_eq!(whole("8302").as_deref(), Some("8302"));
        assert_eq!(whole("B-1000"), None);
        assert_eq!(within("Nijverheidstraat 10, 8302 AB Emmeloord").as_deref(), Some("8302AB"));
        assert_eq!(within("Werkweg 1234, Emmeloord"), None);
        assert_eq!(leading("Werkweg 8302"), None);
        assert_eq!(leading("8302 Emmeloord").as_deref(), Some("8302"));
    }
}
