//! The published list of fields that a worker can let others see. A consent names them one by one; there is no "all".

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $pointer:literal, $dutch:literal;)+) => {
        /// A field of a skill offer, or of what goes along with one, named by its JSON pointer (RFC 6901).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = concat!("`", $pointer, "`")] $name,)+
        }

        impl Field {
            /// Every field, in the order of the published list.
            pub const ALL: [Self; [$($pointer),+].len()] = [$(Self::$name),+];

            /// Its JSON pointer.
            #[must_use]
            pub const fn pointer(self) -> &'static str {
                match self { $(Self::$name => $pointer,)+ }
            }

            /// What a worker reads.
            #[must_use]
            pub const fn dutch(self) -> &'static str {
                match self { $(Self::$name => $dutch,)+ }
            }
        }
    };
}

fields! {
    Title = "/title", "wat u zoekt, in één regel";
    Description = "/description", "uw omschrijving";
    Skills = "/skills", "uw vaardigheden";
    OccupationsWanted = "/occupationsWanted", "beroepen die u wilt";
    OccupationsHeld = "/occupationsHeld", "beroepen die u had";
    Education = "/education", "uw hoogste opleiding";
    Hours = "/hours", "hoeveel uren u wilt werken";
    PeriodWishes = "/periodWishes", "uw wensen per periode";
    WorkingTimes = "/workingTimes", "wanneer u wilt werken";
    Contracts = "/contracts", "welke contracten u wilt";
    EmployersAtOnce = "/employersAtOnce", "bij hoeveel werkgevers tegelijk";
    AvailableFrom = "/availableFrom", "vanaf wanneer u kunt";
    AvailableUntil = "/availableUntil", "tot wanneer u kunt";
    Postcode = "/postcode", "de vier cijfers van uw postcode";
    Commute = "/commute", "hoe ver u wilt reizen";
    Languages = "/languages", "talen die u spreekt";
    Licences = "/licences", "uw rijbewijzen";
    Sectors = "/sectors", "sectoren die u wilt";
    Interests = "/interests", "uw interesses";
    SalaryWish = "/salaryWish", "wat u wilt verdienen";
    ContactName = "/contact/name", "uw naam";
    ContactEmail = "/contact/email", "uw e-mailadres";
    ContactTelephone = "/contact/telephone", "uw telefoonnummer";
    Motivation = "/motivation", "uw motivatie";
}

impl Field {
    /// The bit that stands for it in a [`FieldSet`]. A published field keeps its place: new ones are added at the end.
    const fn bit(self) -> u32 {
        1 << self as u32
    }

    /// Whether it says who someone is. Such fields are in no answer to a question.
    #[must_use]
    pub const fn identifies(self) -> bool {
        matches!(self, Self::ContactName | Self::ContactEmail | Self::ContactTelephone)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pointer())
    }
}

/// What is not in the published list of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no field of the published list; a field is named by itself, such as /skills or /contact/email")]
pub struct UnknownField;

impl FromStr for Field {
    type Err = UnknownField;
    fn from_str(text: &str) -> Result<Self, UnknownField> {
        Self::ALL.into_iter().find(|field| field.pointer() == text).ok_or(UnknownField)
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.pointer())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A set of fields; in JSON the list of their pointers, in the order of the published list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FieldSet(u32);

impl FieldSet {
    /// No field.
    pub const NONE: Self = Self(0);

    /// These fields.
    #[must_use]
    pub const fn of(fields: &[Field]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < fields.len() {
            bits |= fields[at].bit();
            at += 1;
        }
        Self(bits)
    }

    /// Whether it is in the set.
    #[must_use]
    pub const fn contains(self, field: Field) -> bool {
        self.0 & field.bit() != 0
    }

    /// Whether all of it is in `other`.
    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this one and not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The same, as serde asks whether a member is left out.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.is_empty()
    }

    /// The fields, in the order of the published list.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.contains(*field))
    }

    /// The number by which a database keeps it.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The set with that number; bits that no field has are dropped, so that what is unknown stays unseen.
    #[must_use]
    pub fn from_bits(bits: u32) -> Self {
        Self(bits).and(Self::of(&Field::ALL))
    }
}

impl FromIterator<Field> for FieldSet {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        fields.into_iter().fold(Self::NONE, |set, field| set.or(Self::of(&[field])))
    }
}

impl fmt::Debug for FieldSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Field::pointer)).finish()
    }
}

impl Serialize for FieldSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for FieldSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Vec::<Field>::deserialize(deserializer)?;
        let set: Self = fields.iter().copied().collect();
        if set.iter().count() < fields.len() {
            return Err(de::Error::custom("a field is named twice"));
        }
        Ok(set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_pointer_and_a_place_of_its_own() {
        for (at, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field.pointer().parse(), Ok(field));
            assert_eq!(FieldSet::of(&[field]).bits(), 1 << at, "published places never change");
            assert!(!field.dutch().is_empty());
        }
        for wildcard in ["", "/", "*", "/*", "/contact", "/terms", "/skills/0", "title"] {
            assert!(wildcard.parse::<Field>().is_err(), "{wildcard}");
        }
    }

    #[test]
    fn sets_are_lists_in_json() {
        let set = FieldSet::of(&[Field::Skills, Field::Title]);
        assert_eq!(serde_json::to_string(&set).ok().as_deref(), Some(r#"["/title","/skills"]"#));
        assert_eq!(serde_json::from_str::<FieldSet>(r#"["/skills","/title"]"#).ok(), Some(set));
        for refused in [r#"["/skills","/skills"]"#, r#"["/*"]"#, r#""/skills""#] {
            assert!(serde_json::from_str::<FieldSet>(refused).is_err(), "{refused}");
        }
        assert_eq!(FieldSet::from_bits(u32::MAX), FieldSet::of(&Field::ALL));
    }
}
