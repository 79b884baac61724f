//! Where the work is.

use polder_model::Postcode4;
use polder_model::reference::{Place, Reference};
use serde_json::{Value, json};

use super::draft::Draft;
use super::values::{first_text, list, text};

/// Sets the location from `jobLocation` and `jobLocationType`.
pub(super) fn location(posting: &Value, draft: &mut Draft) {
    let places = list(&posting["jobLocation"]);
    let kind = text(&posting["jobLocationType"]).unwrap_or_default();
    let remote = kind.eq_ignore_ascii_case("TELECOMMUTE");
    if !kind.is_empty() && !remote {
        draft.note("jobLocationType: only TELECOMMUTE is known, left out");
    }
    let found = places.iter().find_map(|place| by_postcode(place)).or_else(|| places.iter().find_map(|place| by_name(place, draft)));
    let mut location = match found {
        Some(location) => location,
        None if remote => json!({}),
        None => {
            if !places.is_empty() {
                draft.note("jobLocation: no Dutch postcode and no place that the tables know, left out");
            }
            return;
        }
    };
    if places.len() > 1 {
        draft.note(format!("jobLocation: one of {} places is kept", places.len()));
    }
    if remote {
        location["remoteShare"] = json!(100);
    }
    draft.set("location", location);
}

fn by_postcode(given: &Value) -> Option<Value> {
    let address = list(&given["address"]).into_iter().next().unwrap_or(given);
    let country = first_text(&[&address["addressCountry"], &address["addressCountry"]["name"]]).unwrap_or_default().to_uppercase();
    if !["", "NL", "NLD", "NETHERLANDS", "THE NETHERLANDS", "NEDERLAND"].contains(&country.as_str()) {
        return None;
    }
    let whole = text(address).unwrap_or_default();
    let postcode = first_text(&[&address["postalCode"]]).and_then(|text| postcode(&text)).or_else(|| postcode_in(&whole))?;
    let four = Postcode4::from_postcode(&postcode).ok()?;
    let mut location = json!({"postcode": postcode});
    if let Some(place) = Reference::starter().place(four) {
        location["municipality"] = json!(place.municipality);
    }
    if let Some(place) = locality(address) {
        location["place"] = json!(place);
    }
    for (member, bound) in [("latitude", 90.0), ("longitude", 180.0)] {
        let degrees = &given["geo"][member];
        let degrees = degrees.as_f64().or_else(|| degrees.as_str()?.trim().parse().ok());
        if let Some(degrees) = degrees.filter(|degrees: &f64| degrees.abs() <= bound && *degrees != 0.0) {
            location[member] = json!(degrees);
        }
    }
    Some(location)
}

fn by_name(given: &Value, draft: &mut Draft) -> Option<Value> {
    let address = list(&given["address"]).into_iter().next().unwrap_or(given);
    let name = locality(address).or_else(|| text(address)).or_else(|| text(&given["name"]))?;
    let Place { postcode, name, municipality, .. } = Reference::starter().place_named(&name)?;
    draft.note(format!("jobLocation: postcode {postcode} is that of the place, since none is given"));
    Some(json!({"postcode": postcode, "place": name, "municipality": municipality}))
}

fn locality(address: &Value) -> Option<String> {
    let name = super::text::one_line(&first_text(&[&address["addressLocality"]])?);
    if name.chars().count() <= 100 && !name.is_empty() { Some(name) } else { None }
}

/// A Dutch postcode as the schema takes it.
fn postcode(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    Postcode4::from_postcode(&plain).ok().map(|_| plain)
}

/// A postcode of six positions in an address on one line.
fn postcode_in(address: &str) -> Option<String> {
    let words: Vec<&str> = address.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let joined = words.windows(2).map(|two| two.concat());
    words.iter().map(|word| (*word).to_owned()).chain(joined).filter(|word| word.len() == 6).find_map(|word| postcode(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_as_sites_write_them() {
        assert_eq!(postcode("8302 ab").as_deref(), Some("8302AB"));
        assert_eq!(postcode("8302").as_deref(), Some("8302"));
        assert_eq!(postcode("B-1000"), None);
        assert_eq!(postcode_in("Nijverheidstraat 10, 8302 AB Emmeloord").as_deref(), Some("8302AB"));
        assert_eq!(postcode_in("Werkweg 1234, Emmeloord"), None);
    }
}
