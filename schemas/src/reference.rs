//! The reference tables, as text. `polder-model` reads them into types; `schemas/reference/README.md` says what they hold.

/// Words that carry no meaning in a search, one a line.
pub const STOP_WORDS: &str = include_str!("../reference/stop-words.txt");
/// Skills.
pub const SKILLS: &str = include_str!("../reference/skills.csv");
/// Occupations.
pub const OCCUPATIONS: &str = include_str!("../reference/occupations.csv");
/// Which occupation needs which skill.
pub const OCCUPATION_SKILLS: &str = include_str!("../reference/occupation-skills.csv");
/// Four-digit postcodes.
pub const POSTCODES: &str = include_str!("../reference/postcodes.csv");
/// Names of places, with the postcode in the middle of each.
pub const PLACE_NAMES: &str = include_str!("../reference/place-names.csv");
/// Municipalities.
pub const MUNICIPALITIES: &str = include_str!("../reference/municipalities.csv");
/// Where one land can be left for another.
pub const CROSSINGS: &str = include_str!("../reference/crossings.csv");
/// Stops of public transport.
pub const STOPS: &str = include_str!("../reference/stops.csv");
/// Lines of public transport.
pub const LINES: &str = include_str!("../reference/lines.csv");
/// Speeds by mode and distance.
pub const SPEEDS: &str = include_str!("../reference/speeds.csv");
/// Sections of SBI 2008.
pub const SECTORS: &str = include_str!("../reference/sectors.csv");
/// Levels of the NLQF.
pub const LEVELS: &str = include_str!("../reference/levels.csv");
/// Weights of words.
pub const WORDS: &str = include_str!("../reference/words.csv");
