//! What a recipient keeps of copies that it is to erase, because a law demands it (GDPR art. 17(3)(b)). It uses none of it for anything else.

use std::fmt;
use std::str::FromStr;

use polder_model::Timestamp;
use polder_model::offer::is_personal;
use serde::{Deserialize, Serialize};

use crate::field::FieldSet;

/// Longest time for which something may be kept so, in days: twenty years.
pub const LONGEST_RETAINED_DAYS: i64 = 7_305;
/// Most that one system names of one erasure, each under a law of its own.
pub const MOST_RETAINED: usize = 10;
/// Most that one acknowledgement names: of all systems of a recipient.
pub const MOST_RETAINED_IN_ALL: usize = 500;
/// Longest name of a law with its article, in characters.
pub const LONGEST_STATUTE: usize = 120;

/// Words, or ends of words, by which a law is known.
const LAWS: [&str; 12] =
    ["wet", "wetboek", "besluit", "regeling", "verordening", "reglement", "verdrag", "act", "law", "regulation", "directive", "code"];
/// What stands before the number of an article.
const ARTICLES: [&str; 4] = ["art.", "artikel", "article", "§"];
/// Most digits in a row: a year, or the number of an article.
const MOST_DIGITS: usize = 4;

/// Why something is kept. A closed list: both rest on a law, and consent never does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetainedBasis {
    /// The law obliges the recipient to keep it, art. 6(1)(c).
    LegalObligation,
    /// It is needed for a task that the law gives the recipient, art. 6(1)(e).
    PublicTask,
}

impl RetainedBasis {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::LegalObligation, Self::PublicTask];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LegalObligation => "legal-obligation",
            Self::PublicTask => "public-task",
        }
    }
}

/// What is none of the bases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is legal-obligation or public-task")]
pub struct NoBasis;

impl FromStr for RetainedBasis {
    type Err = NoBasis;
    fn from_str(text: &str) -> Result<Self, NoBasis> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == text).ok_or(NoBasis)
    }
}

/// A law and its article, such as `Archiefwet 1995, art. 3`: a name of the law in which a word such as *wet* or *verordening* stands, or its
/// abbreviation in capitals, and then the article with its number. Nothing about a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Statute(String);

/// Why a text names no law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoStatute {
    /// It is not of its form.
    #[error(
        "this names a law and its article, such as `Archiefwet 1995, art. 3` or `AWR art. 52`, in at most {LONGEST_STATUTE} characters: letters, \
         numbers of at most four digits, spaces and . , : ; ( ) / - § & '"
    )]
    Form,
    /// It may say something about a person.
    #[error("this names a law and its article, and nothing about a person")]
    Personal,
}

impl Statute {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Statute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Statute {
    type Err = NoStatute;
    fn from_str(text: &str) -> Result<Self, NoStatute> {
        let fits = text.chars().count() <= LONGEST_STATUTE && text.trim() == text;
        if !fits || !text.chars().all(may_stand) || longest_number(text) > MOST_DIGITS {
            return Err(NoStatute::Form);
        }
        let lower = text.to_lowercase();
        let named = ARTICLES.iter().filter_map(|word| article(&lower, word)).min().is_some_and(|at| {
            // What stands before it has as many bytes in both, as long as no letter changes its length: those that do are in no law's name.
            text.get(..at).is_some_and(names_law)
        });
        if !named {
            return Err(NoStatute::Form);
        }
        if is_personal(text) { Err(NoStatute::Personal) } else { Ok(Self(text.to_owned())) }
    }
}

impl TryFrom<String> for Statute {
    type Error = NoStatute;
    fn try_from(text: String) -> Result<Self, NoStatute> {
        text.parse()
    }
}

impl From<Statute> for String {
    fn from(statute: Statute) -> Self {
        statute.0
    }
}

fn may_stand(character: char) -> bool {
    character.is_alphabetic()
        || character.is_ascii_digit()
        || matches!(character, ' ' | '.' | ',' | ':' | ';' | '(' | ')' | '/' | '-' | '§' | '&' | '\'')
}

fn longest_number(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default()
}

/// Where the word for an article stands with a number behind it.
fn article(lower: &str, word: &str) -> Option<usize> {
    let starts_word = |at: usize| !lower[..at].ends_with(char::is_alphanumeric);
    let numbered = |at: usize| lower[at + word.len()..].trim_start().starts_with(|c: char| c.is_ascii_digit());
    lower.match_indices(word).map(|(at, _)| at).find(|at| starts_word(*at) && numbered(*at))
}

/// Whether a text names a law: by a word for one, or by an abbreviation in capitals.
fn names_law(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| {
        let lower = word.to_lowercase();
        let letters = word.chars().count();
        LAWS.iter().any(|law| lower.ends_with(law)) || (2..=6).contains(&letters) && word.chars().all(char::is_uppercase)
    })
}

/// What a recipient keeps because a law demands it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retained {
    /// The fields.
    pub fields: FieldSet,
    /// Why.
    pub basis: RetainedBasis,
    /// The law, by name and article.
    pub statute: Statute,
    /// Until when. Then it is to be erased as well.
    pub until: Timestamp,
}

/// Why something is not kept so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRetained {
    /// It names nothing.
    #[error("name the fields that are kept, one at least")]
    Nothing,
    /// Its time is over, or too long.
    #[error("this is later than now, and at most {} years from now", LONGEST_RETAINED_DAYS / 365)]
    Until,
}

impl Retained {
    /// Whether it may be said at that instant.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, now: Timestamp) -> Result<(), NotRetained> {
        if self.fields.is_empty() {
            return Err(NotRetained::Nothing);
        }
        let last = now.plus_seconds(LONGEST_RETAINED_DAYS * 86_400);
        if self.until > now && self.until <= last { Ok(()) } else { Err(NotRetained::Until) }
    }
}

/// All fields that are kept.
#[must_use]
pub fn fields_of(retained: &[Retained]) -> FieldSet {
    retained.iter().fold(FieldSet::NONE, |all, one| all.or(one.fields))
}

/// When the first of them is to be erased; `None` where nothing is kept.
#[must_use]
pub fn first_until(retained: &[Retained]) -> Option<Timestamp> {
    retained.iter().map(|one| one.until).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;

    #[test]
    fn a_statute_names_a_law_and_its_article() {
        for statute in [
            "Archiefwet 1995, art. 3",
            "AWR art. 52",
            "Algemene wet inzake rijksbelastingen, artikel 52, lid 4",
            "Burgerlijk Wetboek Boek 2, art. 10",
            "Verordening (EU) 2016/679, art. 6",
            "Wet educatie en beroepsonderwijs, art. 7.4.6",
            "Code of Commerce, article 12",
            "BW § 3:296",
        ] {
            assert_eq!(statute.parse::<Statute>().as_ref().map(Statute::as_str), Ok(statute));
        }
        let long = format!("Archiefwet {}, art. 3", "a".repeat(LONGEST_STATUTE));
        for text in [
            "",
            "Archiefwet",
            "art. 3",
            "Anna Voorbeeld, art. 3",
            "Anna Voorbeeld",
            "Archiefwet art.",
            "Archiefwet, art. 12345",
            "Archiefwet art. 3 voor anna@voorbeeld.example",
            "Archiefwet art. 3\nzie dossier",
            " Archiefwet art. 3",
            &long,
        ] {
            assert_eq!(text.parse::<Statute>(), Err(NoStatute::Form), "{text}");
        }
        // A citizen service number, a telephone number and a word that says something of somebody's health.
        for text in ["Archiefwet art. 1112 22 333", "Archiefwet art. 3, 06 1234 5678", "Archiefwet art. 3, wegens een burn-out"] {
            assert_eq!(text.parse::<Statute>(), Err(NoStatute::Personal), "{text}");
        }
    }

    #[test]
    fn what_is_kept_is_named_and_ends() {
        let now: Timestamp = "2026-11-29T12:00:00Z".parse().expect("an instant");
        let retained = |fields, seconds| Retained {
            fields,
            basis: RetainedBasis::LegalObligation,
            statute: "AWR art. 52".parse().expect("a statute"),
            until: now.plus_seconds(seconds),
        };
        let longest = LONGEST_RETAINED_DAYS * 86_400;
        let name = FieldSet::of(&[Field::ContactName]);
        for (fields, seconds, expected) in [
            (name, 1, Ok(())),
            (name, longest, Ok(())),
            (name, longest + 1, Err(NotRetained::Until)),
            (name, 0, Err(NotRetained::Until)),
            (FieldSet::NONE, 1, Err(NotRetained::Nothing)),
        ] {
            assert_eq!(retained(fields, seconds).check(now), expected, "{seconds}");
        }
        let text = serde_json::to_string(&retained(name, 60)).expect("JSON");
        assert_eq!(
            text,
            r#"{"fields":["/contact/name"],"basis":"legal-obligation","statute":"AWR art. 52","until":"2026-11-29T12:01:00Z"}"#
        );
        assert!(serde_json::from_str::<Retained>(&text.replace("AWR art. 52", "Anna Voorbeeld")).is_err());
        assert!(serde_json::from_str::<Retained>(&text.replace("legal-obligation", "consent")).is_err());
        for basis in RetainedBasis::ALL {
            assert_eq!((basis.as_str().parse(), serde_json::to_value(basis).ok()), (Ok(basis), Some(basis.as_str().into())));
        }
    }
}
