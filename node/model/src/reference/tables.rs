//! The rows of the tables.

use crate::code::{Importance, TravelMode};
use crate::name::{CodeUri, Postcode4};

/// A skill, or a group of skills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    /// Its URI.
    pub uri: CodeUri,
    /// Its Dutch label.
    pub label_nl: String,
    /// Other Dutch words that people use for it.
    pub alternatives_nl: Vec<String>,
    /// Its English label.
    pub label_en: String,
    /// The direct broader skills.
    pub broader: Vec<CodeUri>,
    /// Letters of the SBI 2008 sections in which it is used here; empty where nobody says.
    pub sectors: String,
    /// 1–1,000.
    pub weight: u16,
}

impl Skill {
    /// Every label that it goes by: the Dutch one, the other Dutch ones, the English one.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.label_nl).chain(&self.alternatives_nl).chain(std::iter::once(&self.label_en)).map(String::as_str)
    }
}

/// An occupation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupation {
    /// Its URI.
    pub uri: CodeUri,
    /// Its Dutch label.
    pub label_nl: String,
    /// Other Dutch words that people use for it.
    pub alternatives_nl: Vec<String>,
    /// Its English label.
    pub label_en: String,
    /// The ISCO-08 unit group, four digits.
    pub isco08: String,
    /// Letters of SBI 2008 sections; empty where nobody says.
    pub sectors: String,
    /// The usual level, NLQF × 10.
    pub level: Option<u8>,
    /// The skills that it needs.
    pub skills: Vec<(CodeUri, Importance)>,
}

impl Occupation {
    /// Every label that it goes by: the Dutch one, the other Dutch ones, the English one.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.label_nl).chain(&self.alternatives_nl).chain(std::iter::once(&self.label_en)).map(String::as_str)
    }
}

/// A place.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its four-digit postcode.
    pub postcode: Postcode4,
    /// Its name: of several, the first.
    pub name: String,
    /// The names of the other places that share the postcode.
    pub other_names: Vec<String>,
    /// The code of its municipality.
    pub municipality: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The land that it lies on.
    pub land: Land,
}

/// A land: within it one can go straight.
pub type Land = String;

/// Where one land can be left for another.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// Its name.
    pub name: String,
    /// One side.
    pub land_a: Land,
    /// The other side.
    pub land_b: Land,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Who can cross.
    pub modes: Vec<TravelMode>,
}

/// Where trains or buses stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Its name.
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The land that it lies on.
    pub land: Land,
}

/// A line of public transport, in both directions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its stops, in order, each by its place among the stops and the minutes from the first.
    pub stops: Vec<(usize, u16)>,
}

/// How fast one goes over a distance.
#[derive(Clone, Debug, PartialEq)]
pub struct Speed {
    /// The mode.
    pub mode: TravelMode,
    /// From this distance in metres.
    pub from_metres: f64,
    /// Up to this distance in metres.
    pub to_metres: f64,
    /// Metres a minute.
    pub metres_per_minute: f64,
    /// Minutes that each trip takes beside.
    pub fixed_minutes: f64,
}
