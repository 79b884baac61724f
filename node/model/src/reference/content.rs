//! Tables as they are imported and kept: one form for each, sorted, as CSV. The same content gives the same bytes, and so the same SHA-256.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::read::TableError;
use crate::code::Importance;
use crate::name::{CodeUri, NameError, Postcode4};

macro_rules! tables {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $most:literal,)+) => {
        /// A table that can be imported.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table { $($(#[$doc])* $variant,)+ }

        impl Table {
            /// Every table that can be imported.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The most rows that it may have.
            #[must_use]
            pub const fn most_rows(self) -> usize {
                match self { $(Self::$variant => $most),+ }
            }
        }

        impl std::str::FromStr for Table {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                match text { $($name => Ok(Self::$variant),)+ _ => Err(NameError("a table that can be imported is skills, skill-groups, skill-broader, occupations, occupation-skills, postcodes, words or competentnl-esco")) }
            }
        }
    };
}

tables! {
    /// Skills and knowledge, with their labels.
    Skills = "skills", 50_000,
    /// Groups of skills.
    SkillGroups = "skill-groups", 5_000,
    /// Which skill or group stands above which.
    SkillBroader = "skill-broader", 200_000,
    /// Occupations, with their labels and ISCO-08 unit group.
    Occupations = "occupations", 20_000,
    /// Which occupation needs which skill.
    OccupationSkills = "occupation-skills", 500_000,
    /// Four-digit postcodes.
    Postcodes = "postcodes", 4_200,
    /// Weights of words.
    Words = "words", 500_000,
    /// Which code of CompetentNL is exactly which one of ESCO.
    CompetentnlEsco = "competentnl-esco", 100_000,
}

/// Which table this is, so that two nodes can see whether they have the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableVersion {
    /// The name of the table.
    pub name: String,
    /// What whoever imported it calls this version; `starter` where the table came with the program.
    pub version: String,
    /// SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
}

impl TableVersion {
    /// A version of a table with that content.
    pub fn of(name: impl Into<String>, version: impl Into<String>, content: &[u8]) -> Self {
        Self { name: name.into(), version: version.into(), sha256: hex::encode(Sha256::digest(content)) }
    }
}

/// A skill, a group of skills or an occupation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Concept {
    /// Its URI.
    pub uri: CodeUri,
    /// Its Dutch label.
    pub label_nl: String,
    /// Other Dutch labels, each on a line.
    pub alternatives_nl: String,
    /// Its English label; empty where nobody says.
    pub label_en: String,
    /// The ISCO-08 unit group of an occupation, four digits; empty otherwise.
    pub isco08: String,
}

/// A skill, and one that stands directly above it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Above {
    /// The skill.
    pub skill: CodeUri,
    /// The broader one.
    pub broader: CodeUri,
}

/// An occupation, and a skill that it needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Need {
    /// The occupation.
    pub occupation: CodeUri,
    /// How much; what is essential comes first.
    pub relation: Importance,
    /// The skill.
    pub skill: CodeUri,
}

/// A four-digit postcode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostcodeArea {
    /// The postcode.
    pub postcode: Postcode4,
    /// Its places, the largest first, with ` / ` between them.
    pub place: String,
    /// The code of its municipality, such as `GM0171`; empty where nobody says.
    pub municipality: String,
    /// The publisher's code of its province; empty where nobody says.
    pub province: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A stem and its weight.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WordWeight {
    /// The stem.
    pub stem: String,
    /// 1–100.
    pub weight: u8,
    /// Where the weight comes from.
    pub from: WeightFrom,
}

/// A code of CompetentNL, and the one of ESCO that means exactly the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Same {
    /// That of CompetentNL.
    pub competentnl: CodeUri,
    /// That of ESCO.
    pub esco: CodeUri,
}

/// Where the weight of a word comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeightFrom {
    /// The list gives it.
    Weight,
    /// It was made from how often the word occurs.
    Count,
}

/// The rows of a table, sorted.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Skills, groups or occupations.
    Concepts(Vec<Concept>),
    /// What stands above what.
    Above(Vec<Above>),
    /// What needs what.
    Needs(Vec<Need>),
    /// Postcodes.
    Postcodes(Vec<PostcodeArea>),
    /// Words.
    Words(Vec<WordWeight>),
    /// Codes that mean the same.
    Same(Vec<Same>),
}

impl Content {
    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self {
            Self::Concepts(rows) => rows.len(),
            Self::Above(rows) => rows.len(),
            Self::Needs(rows) => rows.len(),
            Self::Postcodes(rows) => rows.len(),
            Self::Words(rows) => rows.len(),
            Self::Same(rows) => rows.len(),
        }
    }

    /// The one form in which it is kept.
    ///
    /// # Errors
    /// When it cannot be written, which no content that was read causes.
    pub fn to_csv(&self) -> Result<Vec<u8>, String> {
        fn write<T: Serialize>(rows: &[T]) -> Result<Vec<u8>, String> {
            let mut writer = csv::Writer::from_writer(Vec::new());
            rows.iter().try_for_each(|row| writer.serialize(row)).map_err(|error| error.to_string())?;
            writer.into_inner().map_err(|error| error.to_string())
        }
        match self {
            Self::Concepts(rows) => write(rows),
            Self::Above(rows) => write(rows),
            Self::Needs(rows) => write(rows),
            Self::Postcodes(rows) => write(rows),
            Self::Words(rows) => write(rows),
            Self::Same(rows) => write(rows),
        }
    }

    /// Reads it back.
    ///
    /// # Errors
    /// The line and fault.
    pub fn from_csv(table: Table, text: &[u8]) -> Result<Self, TableError> {
        fn read<T: DeserializeOwned>(table: Table, text: &[u8]) -> Result<Vec<T>, TableError> {
            let mut rows = Vec::new();
            for row in csv::Reader::from_reader(text).deserialize() {
                rows.push(row.map_err(|error: csv::Error| TableError {
                    table: table.as_str(),
                    line: error.position().map_or(0, csv::Position::line),
                    fault: "this row is not of its form".to_owned(),
                })?);
                if rows.len() > table.most_rows() {
                    return Err(too_long(table));
                }
            }
            Ok(rows)
        }
        Ok(match table {
            Table::Skills | Table::SkillGroups | Table::Occupations => Self::Concepts(read(table, text)?),
            Table::SkillBroader => Self::Above(read(table, text)?),
            Table::OccupationSkills => Self::Needs(read(table, text)?),
            Table::Postcodes => Self::Postcodes(read(table, text)?),
            Table::Words => Self::Words(read(table, text)?),
            Table::CompetentnlEsco => Self::Same(read(table, text)?),
        })
    }
}

pub(super) fn too_long(table: Table) -> TableError {
    TableError { table: table.as_str(), line: 0, fault: format!("more than {} rows", table.most_rows()) }
}

/// The tables that were imported.
#[derive(Clone, Debug, Default)]
pub struct Imported(BTreeMap<Table, (TableVersion, Content)>);

impl Imported {
    /// None.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Puts a table in, in the place of the one before.
    pub fn put(&mut self, table: Table, version: TableVersion, content: Content) {
        self.0.insert(table, (version, content));
    }

    /// Takes a table out.
    pub fn remove(&mut self, table: Table) {
        self.0.remove(&table);
    }

    /// The version of a table, if it was imported.
    #[must_use]
    pub fn version(&self, table: Table) -> Option<&TableVersion> {
        self.0.get(&table).map(|(version, _)| version)
    }

    fn content(&self, table: Table) -> Option<&Content> {
        self.0.get(&table).map(|(_, content)| content)
    }

    pub(super) fn concepts(&self, table: Table) -> &[Concept] {
        if let Some(Content::Concepts(rows)) = self.content(table) { rows } else { &[] }
    }

    pub(super) fn above(&self) -> &[Above] {
        if let Some(Content::Above(rows)) = self.content(Table::SkillBroader) { rows } else { &[] }
    }

    pub(super) fn needs(&self) -> &[Need] {
        if let Some(Content::Needs(rows)) = self.content(Table::OccupationSkills) { rows } else { &[] }
    }

    pub(super) fn postcodes(&self) -> &[PostcodeArea] {
        if let Some(Content::Postcodes(rows)) = self.content(Table::Postcodes) { rows } else { &[] }
    }

    pub(super) fn words(&self) -> &[WordWeight] {
        if let Some(Content::Words(rows)) = self.content(Table::Words) { rows } else { &[] }
    }

    pub(super) fn same(&self) -> &[Same] {
        if let Some(Content::Same(rows)) = self.content(Table::CompetentnlEsco) { rows } else { &[] }
    }
}
