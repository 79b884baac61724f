//! Values that formats write in more ways than one. What is not surely understood is not.

use polder_model::{CodeUri, Date, Postcode4, link};

/// The day of a date, or of a date with a time, as it is written.
pub(crate) fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked(10)?;
    if rest.is_empty() || rest.starts_with(['T', ' ']) { day.parse().ok() } else { None }
}

/// An amount of money in cents, with this mark before the cents. The other mark may stand between thousands.
pub(crate) fn cents(text: &str, mark: char) -> Option<u32> {
    let text = text.trim();
    let text = ["€", "EUR", "eur"].iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text).trim();
    let text = [",-", ",--", ",—", ",–", ".-"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let (whole, fraction) = text.split_once(mark).unwrap_or((text, ""));
    let other = if mark == ',' { '.' } else { ',' };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = whole.split(other).collect();
    let grouped = groups.len() == 1 || (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    let whole = groups.concat();
    if whole.is_empty() || whole.len() > 9 || !digits(&whole) || !grouped || fraction.len() > 2 || !digits(fraction) {
        return None;
    }
    let cents: u32 = format!("{fraction:0<2}").parse().ok()?;
    whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(cents)
}

/// The same, where the mark is not known: only what means one thing.
pub(crate) fn cents_of_either(text: &str) -> Option<u32> {
    match (cents(text, '.'), cents(text, ',')) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    }
}

/// Hours a week, at least and at most.
pub(crate) fn hours(text: &str) -> Option<(u8, u8)> {
    let text = text.trim().to_lowercase().replace(['–', '—'], "-");
    let mut rest = text.as_str();
    for word in ["per week", "a week", "per wk", "/week", "p/w", "p.w.", "pw"] {
        if let Some(before) = rest.trim_end().strip_suffix(word) {
            rest = before.trim_end();
            break;
        }
    }
    let words = ["uren", "uur", "hours", "hour", "hrs", "u", "h"];
    let rest = words.iter().find_map(|word| rest.strip_suffix(word))?.trim();
    let number = |text: &str| text.trim().parse::<u8>().ok().filter(|hours| *hours <= 80);
    let range = ["-", " tot en met ", " t/m ", " tot ", " to "].iter().find_map(|between| rest.split_once(between));
    let (min, max) = match range {
        Some((min, max)) => (number(min)?, number(max)?),
        None => (number(rest)?, number(rest)?),
    };
    (min <= max).then_some((min, max))
}

/// Names, and codes of three letters of before (ISO 639-2/B).
const LANGUAGES: &[(&str, &str)] = &[
    ("dut", "nl"),
    ("nederlands", "nl"),
    ("dutch", "nl"),
    ("engels", "en"),
    ("english", "en"),
    ("ger", "de"),
    ("duits", "de"),
    ("german", "de"),
    ("fre", "fr"),
    ("frans", "fr"),
    ("french", "fr"),
    ("spaans", "es"),
    ("pools", "pl"),
    ("turks", "tr"),
    ("arabisch", "ar"),
    ("rum", "ro"),
];

/// The two letters of a language, from those, a tag such as `nl-NL`, three letters, or its name.
pub(crate) fn language(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let main = text.split(['-', '_']).next().unwrap_or_default();
    if main.len() == 2 && main.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Some(main.to_owned());
    }
    let by_code = || isolang::Language::from_639_3(main)?.to_639_1();
    LANGUAGES.iter().find(|(known, _)| *known == main).map(|(_, two)| *two).or_else(by_code).map(str::to_owned)
}

/// The three letters of a language (ISO 639-3), by its two.
pub(crate) fn three_letters(two: &str) -> Option<&'static str> {
    Some(isolang::Language::from_639_1(two)?.to_639_3())
}

/// A level of education, NLQF × 10, from words that mean one level.
pub(crate) fn level(text: &str) -> Option<u8> {
    let text = text.trim().to_lowercase().replace(['-', '_'], " ").replace("niveau ", "").replace("level ", "");
    match text.as_str() {
        "entree" | "mbo 1" | "mbo1" | "eqf 1" | "nlqf 1" => Some(10),
        "mbo 2" | "mbo2" | "eqf 2" | "nlqf 2" => Some(20),
        "mbo 3" | "mbo3" | "eqf 3" | "nlqf 3" => Some(30),
        "mbo 4" | "mbo4" | "eqf 4" | "nlqf 4" => Some(40),
        "vwo" | "nlqf 4+" | "nlqf 4plus" => Some(45),
        "associate degree" | "ad" | "eqf 5" | "nlqf 5" => Some(50),
        "bachelor" | "bachelor degree" | "hbo bachelor" | "wo bachelor" | "hbo" | "eqf 6" | "nlqf 6" => Some(60),
        "master" | "master degree" | "hbo master" | "wo master" | "eqf 7" | "nlqf 7" => Some(70),
        "doctoral" | "doctorate" | "eqf 8" | "nlqf 8" => Some(80),
        _ => None,
    }
}

/// A Dutch postcode in a form that offers take.
pub(crate) fn postcode(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    Postcode4::from_postcode(&text).ok().map(|_| text)
}

/// An address of the web that an offer takes.
pub(crate) fn https(text: &str) -> Option<&str> {
    let text = text.trim();
    let form = (10..=498).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    (form && link::host_of(text).is_ok()).then_some(text)
}

/// The URI of a code of a scheme.
pub(crate) fn uri(text: &str) -> Option<&str> {
    let text = text.trim();
    (text.len() >= 10 && text.parse::<CodeUri>().is_ok()).then_some(text)
}

/// The scheme of the URI of an occupation: by where it is published.
pub(crate) fn occupation_scheme(uri: &str) -> Option<&'static str> {
    if uri.starts_with("http://data.europa.eu/esco/isco/") {
        Some("isco08")
    } else if uri.starts_with("http://data.europa.eu/esco/") {
        Some("esco")
    } else if uri.starts_with("https://linkeddata.competentnl.nl/") {
        Some("competentnl")
    } else {
        None
    }
}

/// Whether this is the URI of a skill in a scheme that is known here.
pub(crate) fn is_skill(uri: &str) -> bool {
    let known = ["http://data.europa.eu/esco/skill/", "http://data.europa.eu/esco/isced-f/", "https://linkeddata.competentnl.nl/id/"];
    known.iter().any(|start| uri.starts_with(start))
}

/// Eight digits of the trade register.
pub(crate) fn kvk(text: &str) -> Option<&str> {
    let text = text.trim();
    (text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_means_one_thing() {
        for (text, cents) in [
            ("2650", 265_000),
            ("2.650", 265_000),
            ("2,650", 265_000),
            ("2.650,50", 265_050),
            ("2,650.50", 265_050),
            ("€ 16,5", 1650),
            ("16.50", 1650),
            ("EUR 3.000,-", 300_000),
        ] {
            assert_eq!(cents_of_either(text), Some(cents), "{text}");
        }
        for bad in ["", "abc", "1.2.3", "12,345,6", "1e9", "-5", "2650 per maand", "99999999999", "１２", "1,2345", "2650.000"] {
            assert_eq!(cents_of_either(bad), None, "{bad}");
        }
    }

    #[test]
    fn hours_are_of_a_week() {
        for (text, range) in [
            ("32 uur", (32, 32)),
            ("24-36 uur per week", (24, 36)),
            ("24 – 36 uren p/w", (24, 36)),
            ("16 tot 20 u", (16, 20)),
            ("32 to 40 hours a week", (32, 40)),
        ] {
            assert_eq!(hours(text), Some(range), "{text}");
        }
        for bad in ["40", "fulltime", "9-5", "36-24 uur", "900 uur", "ma-vr 9-17 uur", ""] {
            assert_eq!(hours(bad), None, "{bad}");
        }
    }

    #[test]
    fn levels_languages_and_dates() {
        assert_eq!(
            (level("MBO niveau 4"), level("mbo-3"), level("HBO"), level("mbo"), level("wo")),
            (Some(40), Some(30), Some(60), None, None)
        );
        assert_eq!((language("nl-NL").as_deref(), language("ENG").as_deref(), language("Klingon")), (Some("nl"), Some("en"), None));
        assert_eq!(date("2027-01-15T23:59:00+01:00"), "2027-01-15".parse().ok());
        assert_eq!((date("15-01-2027"), date("2027-02-30"), date("é2027-01-1")), (None, None, None));
        assert_eq!((postcode("8225 ab").as_deref(), postcode("NL-8225")), (Some("8225 AB"), None));
        assert!(
            https("https://werk.example/a").is_some() && https("javascript:alert(1)").is_none() && https("https://127.0.0.1/").is_none()
        );
    }
}
