//! A question to the federation, self-contained (`docs/interfaces.md`, section 3).

use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::code::{Cefr, Contract, Language, Licence, Relation, Sector, TravelMode};
use crate::finding::{Finding, FindingCode};
use crate::name::{CodeUri, Kind, PartnerId, Postcode4, Purpose};
use crate::time::{Date, Timestamp};

mod check;

/// The version of ranking that this crate computes.
pub const RANKING: &str = "polder-1";
/// Most hits that a query may ask for.
pub const MOST_HITS: u16 = 100;
/// What a peer's answer carries beyond the limit, to replace what changes meanwhile.
pub const SURPLUS: u16 = 20;
/// Largest query document, in bytes.
pub const LARGEST_QUERY: usize = 256 * 1024;

/// A self-contained question: with it and the offers, anyone can compute the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Query {
    /// A fresh UUID.
    pub id: String,
    /// The partner that asks.
    pub asker: PartnerId,
    /// The kind of offer that is sought.
    pub kind: Kind,
    /// What the answer is for.
    pub purpose: Purpose,
    /// The version of ranking, such as [`RANKING`].
    pub ranking: String,
    /// The instant at which the question is asked.
    pub as_of: Timestamp,
    /// Most hits, 1–100.
    pub limit: u16,
    /// Time for the answer in milliseconds, 50–10,000.
    pub deadline_ms: u32,
    /// Always 1: a peer asks no further.
    pub hops: u8,
    /// The key of the tie hash.
    pub tie_key: TieKey,
    /// The asker's own offer for which people are sought; in questions about people, and in no others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// What is sought.
    pub criteria: Criteria,
}

/// What is sought. Each part is optional; an absent one is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criteria {
    /// Skills, with related ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<SkillCriterion>,
    /// Occupations that fit, each with how well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub occupations: Vec<OccupationCriterion>,
    /// Stems, with weights.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<TermCriterion>,
    /// Places within reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub travel: Option<TravelCriterion>,
    /// Hours a week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursCriterion>,
    /// Level of education, NLQF × 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LevelCriterion>,
    /// Contract forms, one of which must be offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<Contract>,
    /// Sectors, one of which the offer must be in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<Sector>,
    /// Languages that the worker has; absent means that languages are not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<Vec<LanguageCriterion>>,
    /// Licences that the worker has; absent means that licences are not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licences: Option<Vec<Licence>>,
    /// First day of work or of the course.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<StartCriterion>,
    /// Only offers changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_since: Option<Timestamp>,
    /// Only employers who welcome sharing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sharing: bool,
}

/// A skill that is sought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillCriterion {
    /// The skill.
    pub uri: CodeUri,
    /// 1–1,000; rare skills weigh more.
    pub weight: u16,
    /// Skills that count for part of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedSkill>,
}

/// A broader or narrower skill that counts for part of the skill that is sought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelatedSkill {
    /// The related skill.
    pub uri: CodeUri,
    /// `broader` or `narrower`.
    pub relation: Relation,
    /// 1–99 percent.
    pub factor: u8,
}

/// An occupation that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OccupationCriterion {
    /// The occupation.
    pub uri: CodeUri,
    /// 1–100 percent.
    pub factor: u8,
}

/// A stem that is sought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermCriterion {
    /// The stem.
    pub term: String,
    /// 1–100.
    pub weight: u8,
}

/// Places within reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TravelCriterion {
    /// How the worker travels.
    pub mode: TravelMode,
    /// What the limit counts.
    pub measure: Measure,
    /// 1–240 minutes or 1–300,000 metres.
    pub limit: u32,
    /// The places, sorted by postcode.
    pub reach: Vec<Reach>,
}

/// What a travel limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Minutes on the way.
    Minutes,
    /// Metres of road.
    Metres,
}

/// A place, with the metres and the minutes to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach(pub Postcode4, pub u32, pub u16);

impl Reach {
    /// The distance in that measure.
    #[must_use]
    pub fn distance(&self, measure: Measure) -> u32 {
        match measure {
            Measure::Metres => self.1,
            Measure::Minutes => u32::from(self.2),
        }
    }
}

/// Hours a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursCriterion {
    /// Least, 0–80.
    pub min: u8,
    /// Most, `min`–80.
    pub max: u8,
}

/// A range of levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelCriterion {
    /// Lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u8>,
    /// Highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u8>,
}

/// A language at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageCriterion {
    /// The language.
    pub language: Language,
    /// The level.
    pub level: Cefr,
}

/// A range of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartCriterion {
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// The key of the tie hash: 16 bytes, written as 32 hexadecimal digits in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TieKey(pub [u8; 16]);

impl Serialize for TieKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for TieKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let mut key = [0; 16];
        // Upper case is refused: one key has one text.
        match hex::decode_to_slice(text.as_bytes(), &mut key) {
            Ok(()) if !text.bytes().any(|b| b.is_ascii_uppercase()) => Ok(Self(key)),
            _ => Err(serde::de::Error::custom("a tie key is 32 hexadecimal digits in lower case")),
        }
    }
}

impl Criteria {
    /// Whether skills, occupations or text are asked, so that a hit needs points for one of them.
    #[must_use]
    pub fn asks_content(&self) -> bool {
        !(self.skills.is_empty() && self.occupations.is_empty() && self.text.is_empty())
    }

    /// The tie key of a question: the same question gives the same order.
    #[must_use]
    pub fn tie_key(&self, kind: Kind) -> TieKey {
        use sha2::{Digest, Sha256};
        let criteria = serde_json::to_vec(self).unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [b"polder-tie-1".as_slice(), b"\0", kind.as_str().as_bytes(), b"\0", &criteria] {
            hash.update(part);
        }
        let digest = hash.finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        TieKey(key)
    }
}

impl Query {
    /// Reads a query and checks every bound; all findings at once.
    ///
    /// # Errors
    /// The findings, none of which carries a value from the document.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Finding>> {
        if bytes.len() > LARGEST_QUERY {
            return Err(vec![Finding::new("", FindingCode::OutOfBounds, "a query has at most 256 KiB")]);
        }
        let query: Self = serde_json::from_slice(bytes).map_err(|error| vec![reading_failed(&error)])?;
        let findings = query.findings();
        if findings.is_empty() { Ok(query) } else { Err(findings) }
    }

    /// Everything in the query that is out of bounds.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        check::findings(self)
    }
}

/// Where and how reading JSON into its type failed, and what the form is there, without the text that was read.
#[must_use]
pub fn reading_failed(error: &serde_json::Error) -> Finding {
    let place = format!("line {}, column {}", error.line(), error.column());
    let (code, what) = match error.classify() {
        serde_json::error::Category::Data => (FindingCode::WrongType, what_differs(&error.to_string())),
        _ => (FindingCode::NotJson, "this is not JSON".to_owned()),
    };
    Finding::new("", code, format!("{what} ({place})"))
}

/// What differs from the form: the names of members that the form has, and what it expects; of what was read no more than the name of a member.
fn what_differs(says: &str) -> String {
    let says = says.rsplit_once(" at line ").map_or(says, |(says, _)| says);
    let named = |before: &str| says.strip_prefix(before).and_then(|rest| rest.strip_suffix('`'));
    if let Some(member) = named("missing field `") {
        return format!("the member {member} is missing");
    }
    if let Some(member) = named("duplicate field `") {
        return format!("the member {member} is given twice");
    }
    // What was read may say "expected" as well: the last one is of the form.
    match says.rsplit_once(", expected ") {
        Some((read, form)) if read.starts_with("unknown field `") => {
            let name = read.strip_prefix("unknown field `").and_then(|rest| rest.strip_suffix('`')).and_then(crate::repeated::name);
            let named = name.map(|name| format!(" ({name})")).unwrap_or_default();
            format!("there is a member that has no place here{named}; members are {}", form.trim_start_matches("one of "))
        }
        Some((read, form)) if read.starts_with("unknown variant `") => {
            format!("a word is not of its list: {}", form.trim_start_matches("one of "))
        }
        Some((read, form)) if read.starts_with("invalid ") => format!("a value is not of its form; expected is {form}"),
        _ => "a member is unknown, missing, given twice or not of its form".to_owned(),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_not_of_its_form_is_told_the_form_and_not_what_it_holds() {
        let said = |text: &str| match serde_json::from_str::<HoursCriterion>(text) {
            Err(error) => reading_failed(&error).message,
            Ok(_) => String::new(),
        };
        assert_eq!(said(r#"{"min": 16}"#), "the member max is missing (line 1, column 11)");
        assert_eq!(said(r#"{"min": 16, "min": 17, "max": 24}"#), "the member min is given twice (line 1, column 17)");
        let named = said(r#"{"min": 16, "uren": "geheim", "max": 24}"#);
        assert_eq!(named, "there is a member that has no place here (uren); members are `min` or `max` (line 1, column 18)");
        let secret = "Anna, expected by `me`";
        for (text, says) in [
            (json_of(&[(secret, "1")]), "there is a member that has no place here; members are `min` or `max`"),
            (json_of(&[("min", &format!("\"{secret}\""))]), "a value is not of its form; expected is "),
            (json_of(&[("min", "[]")]), "a value is not of its form; expected is "),
        ] {
            let said = said(&text);
            assert!(said.starts_with(says) && !said.contains("Anna") && !said.contains("me`"), "{said}");
        }
        assert_eq!(said("{"), "this is not JSON (line 1, column 1)");
    }

    fn json_of(members: &[(&str, &str)]) -> String {
        let members: Vec<String> = members.iter().map(|(name, value)| format!("{name:?}: {value}")).collect();
        format!("{{{}}}", members.join(", "))
    }
}
