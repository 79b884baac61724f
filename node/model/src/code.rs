//! Closed lists of codes that offers and queries share.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::name::NameError;

macro_rules! code_list {
    ($(#[$doc:meta])* $name:ident, $expected:literal, { $($variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`")] $variant,)+
        }

        impl $name {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as it stands in documents.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// A mask with the one bit of this code, for sets of codes as a `u32`.
            #[must_use]
            pub const fn bit(self) -> u32 {
                1 << self as u32
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err(NameError($expected)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

code_list!(
    /// How much a vacancy needs a skill.
    Importance, "importance is essential, important or optional", {
        Essential = "essential",
        Important = "important",
        Optional = "optional",
    }
);

code_list!(
    /// How a skill that an offer has relates to the skill that was asked.
    Relation, "a relation is exact, broader or narrower", {
        Exact = "exact",
        Broader = "broader",
        Narrower = "narrower",
    }
);

code_list!(
    /// The form of a contract.
    Contract, "a contract form is permanent, fixed-term, secondment, apprenticeship, internship, work-experience, temporary-agency, on-call, freelance, seasonal or volunteer", {
        Permanent = "permanent",
        FixedTerm = "fixed-term",
        Secondment = "secondment",
        Apprenticeship = "apprenticeship",
        Internship = "internship",
        WorkExperience = "work-experience",
        TemporaryAgency = "temporary-agency",
        OnCall = "on-call",
        Freelance = "freelance",
        Seasonal = "seasonal",
        Volunteer = "volunteer",
    }
);

code_list!(
    /// A section of the Dutch standard classification of businesses, SBI 2008.
    Sector, "a sector is a section letter of SBI 2008, A to U", {
        A = "A", B = "B", C = "C", D = "D", E = "E", F = "F", G = "G", H = "H", I = "I", J = "J", K = "K",
        L = "L", M = "M", N = "N", O = "O", P = "P", Q = "Q", R = "R", S = "S", T = "T", U = "U",
    }
);

code_list!(
    /// A level of the Common European Framework of Reference for Languages; later is higher.
    Cefr, "a language level is A1, A2, B1, B2, C1 or C2", {
        A1 = "A1", A2 = "A2", B1 = "B1", B2 = "B2", C1 = "C1", C2 = "C2",
    }
);

code_list!(
    /// A driving licence category, as in the VUM code list.
    Licence, "a driving licence is one of A A1 A2 AM B B+ C1 C D1 D BE C1E CE D1E DE T", {
        A = "A", A1 = "A1", A2 = "A2", Am = "AM", B = "B", BPlus = "B+", C1 = "C1", C = "C", D1 = "D1", D = "D",
        Be = "BE", C1e = "C1E", Ce = "CE", D1e = "D1E", De = "DE", T = "T",
    }
);

code_list!(
    /// A way to travel.
    TravelMode, "a way to travel is car, bike, public-transport or walk", {
        Car = "car",
        Bike = "bike",
        PublicTransport = "public-transport",
        Walk = "walk",
    }
);

impl Importance {
    /// The share of a match's worth, in percent.
    #[must_use]
    pub const fn percent(self) -> u64 {
        match self {
            Self::Essential => 100,
            Self::Important => 80,
            Self::Optional => 60,
        }
    }
}

/// A language by its two-letter code of ISO 639-1, lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 2]);

impl FromStr for Language {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.as_bytes() {
            &[a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => Ok(Self([a, b])),
            _ => Err(NameError("a language is two lower-case letters of ISO 639-1, such as nl")),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", char::from(self.0[0]), char::from(self.0[1]))
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The levels of education: NLQF × 10, with 4+ as 45.
pub const LEVELS: [u8; 9] = [10, 20, 30, 40, 45, 50, 60, 70, 80];
