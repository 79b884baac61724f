//! Values that programs stumble over.

use crate::MARK;
use crate::random::Random;

/// Texts as they stand between the quotes of JSON.
const TEXTS: [&str; 44] = [
    "",
    " ",
    "\\u0000",
    "\\ud800",
    "\\udc00\\ud800",
    "\\ud83d\\ude00",
    "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{202E}txet",
    "\u{200B}",
    "\u{FEFF}",
    "1\u{200B}1\u{200B}1222333",
    "111222333",
    "１１１２２２３３３",
    "Gеmeente",
    "\\r\\n",
    "\\u001b[31m",
    "null",
    "0",
    "-1",
    "2026-02-29",
    "2026-02-30T24:00:00Z",
    "2026-11-23T12:00:00Z",
    "9999-12-31T23:59:60Z",
    "2026-11-23T12:00:00.1234567Z",
    "0000-01-01",
    "8302",
    "0302",
    "8302 AB",
    "http://data.europa.eu/esco/skill/x",
    "https://user:pass@example.nl/",
    "https://127.0.0.1:1",
    "https://[::1]:1/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "..",
    "../../etc",
    "%2e%2e",
    "oin:00000001001000000001",
    "kvk:12345678",
    "kvk:00000000",
    "vacancy",
    "find-work",
    "nl",
];

/// Numbers as they are written.
const NUMBERS: [&str; 26] = [
    "0",
    "-0",
    "-0.0",
    "1",
    "-1",
    "0.5",
    "1.0",
    "1e0",
    "1e400",
    "-1e400",
    "1E-400",
    "255",
    "256",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "123456789012345678901234567890",
    "45",
];

/// Pieces that are no JSON.
const RAW: [&str; 16] =
    ["NaN", "Infinity", "+1", "01", ".5", "1.", "'a'", "undefined", "/* */0", "\"\u{1}\"", "\"", "{", "[", "]", "", "\u{FEFF}0"];

/// A text between quotes.
pub(crate) fn text(random: &mut Random) -> String {
    match random.below(12) {
        0 => MARK.to_owned(),
        1 if random.chance(10) => "x".repeat(*random.pick(&[1_001, 10_001, 70_000])),
        1 => "x".repeat(*random.pick(&[10, 101, 201, 501])),
        2 => "\u{301}".repeat(*random.pick(&[10, 100, 600])),
        3 => format!("{MARK} {}", random.pick(&TEXTS)),
        _ => (*random.pick(&TEXTS)).to_owned(),
    }
}

/// A number.
pub(crate) fn number(random: &mut Random) -> String {
    match random.below(4) {
        0 => random.below(200).to_string(),
        _ => (*random.pick(&NUMBERS)).to_owned(),
    }
}

/// What is no JSON.
pub(crate) fn raw(random: &mut Random) -> String {
    (*random.pick(&RAW)).to_owned()
}
