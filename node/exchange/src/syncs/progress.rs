//! How far a crawl is, and what is said of it. Both are bounded, whatever a school sends.

use polder_formats::education::Version;
use polder_formats::report::{Note, Refused};
use polder_model::{OfferKey, Timestamp};
use serde::{Deserialize, Serialize};

use super::{NotGot, Now, Source};

/// Most objects that are named in a report of what could not be mapped, and of what ended, and most kinds of loss.
const MOST_NAMED: usize = 200;
/// A crawl that has not ended after so many seconds begins anew: what it read first may be another by now.
const OLDEST: i64 = 86_400;

/// What is read, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The organisations.
    Organisations,
    /// The learning outcomes.
    LearningOutcomes,
    /// The programmes.
    Programmes,
    /// The courses.
    Courses,
    /// What is missing is asked for once more.
    Missing,
}

impl Stage {
    /// What comes after it.
    pub(super) fn next(self, version: Version) -> Self {
        match self {
            Self::Organisations if version == Version::V6 => Self::LearningOutcomes,
            Self::Organisations | Self::LearningOutcomes => Self::Programmes,
            Self::Programmes => Self::Courses,
            Self::Courses | Self::Missing => Self::Missing,
        }
    }

    /// The kind under which the store keeps what is read, and the stage of a kind.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Organisations => "organisation",
            Self::LearningOutcomes => "outcome",
            Self::Programmes => "programme",
            Self::Courses | Self::Missing => "course",
        }
    }

    /// Whether trainings are made of what is read.
    pub(super) const fn is_of_trainings(self) -> bool {
        matches!(self, Self::Programmes | Self::Courses | Self::Missing)
    }
}

/// How a crawl ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All of the catalogue was read.
    Whole,
    /// It broke off, and goes on later.
    BrokenOff,
    /// So much was missing that nothing of it is believed to be gone.
    LostTooMuch,
}

/// What was found, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Organisations.
    pub organisations: u64,
    /// Learning outcomes.
    pub learning_outcomes: u64,
    /// Programmes.
    pub programmes: u64,
    /// Courses.
    pub courses: u64,
    /// Offerings of both.
    pub offerings: u64,
    /// Trainings that are new.
    pub created: u64,
    /// Trainings that became others.
    pub replaced: u64,
    /// Trainings that stayed as they were.
    pub unchanged: u64,
    /// Programmes and courses that are no offer now.
    pub ended: u64,
    /// Objects of which no training could be made.
    pub refused: u64,
    /// Trainings whose programme or course was not found, or is of another organisation; they are withdrawn when a second whole crawl says the same.
    pub missing: u64,
    /// Trainings that were withdrawn since two whole crawls did not find them, or found them to be of another organisation.
    pub withdrawn: u64,
}

/// Why a crawl broke off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// A code, for texts in other languages.
    pub code: String,
    /// At which path of the catalogue.
    pub path: String,
    /// The status that was replied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// An object of which no training could be made. What stood there before stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotMapped {
    /// Where it stands in the catalogue.
    pub path: String,
    /// The field by its name in the catalogue; empty for the whole object.
    pub field: String,
    /// A code, for texts in other languages.
    pub code: String,
    /// What is wrong, in English; it carries no value of the catalogue.
    pub message: String,
}

/// A programme or course that is no offer now, or whose training was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Where it stands, or stood, in the catalogue.
    pub path: String,
    /// What it is called; empty where nothing says so.
    pub title: String,
    /// The key of its training, where it has or had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<OfferKey>,
    /// Why, as a code: `not-yet`, `past`, `cancelled`, `nothing-open`, `specification`, `not-found`, `another-organisation`.
    pub code: String,
    /// Whether a training of it was published until now.
    pub withdrawn: bool,
}

/// What was lost of fields, over all objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The field by its name in the catalogue.
    pub field: String,
    /// A code, for texts in other languages.
    pub code: String,
    /// What became of it, in English.
    pub message: String,
    /// Of how many objects.
    pub count: u64,
}

/// What is said of a crawl.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended, or broke off.
    pub ended_at: Timestamp,
    /// Which version of the API the catalogue speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u8>,
    /// What was found.
    pub counts: Counts,
    /// Why it broke off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// The first objects that could not be mapped.
    pub not_mapped: Vec<NotMapped>,
    /// The first that ended, those whose trainings were withdrawn before the others.
    #[serde(default)]
    pub ended: Vec<Gone>,
    /// What was lost of the others, by field.
    pub lost: Vec<Lost>,
}

/// How far a crawl is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Progress {
    address: String,
    /// 5 or 6.
    version: u8,
    pub(super) stage: Stage,
    /// The page that is next.
    pub(super) page: u32,
    /// Successive pages before it on which nothing was new.
    pub(super) nothing_new: u32,
    started_at: Timestamp,
    pub(super) counts: Counts,
    not_mapped: Vec<NotMapped>,
    #[serde(default)]
    ended: Vec<Gone>,
    lost: Vec<Lost>,
}

impl Progress {
    pub(super) fn begin(source: &Source, version: Version, now: Timestamp) -> Self {
        let version = if version == Version::V5 { 5 } else { 6 };
        Self {
            address: source.address.clone(),
            version,
            stage: Stage::Organisations,
            page: 1,
            nothing_new: 0,
            started_at: now,
            counts: Counts::default(),
            not_mapped: Vec::new(),
            ended: Vec::new(),
            lost: Vec::new(),
        }
    }

    pub(super) fn read(state: &str) -> Option<Self> {
        serde_json::from_str(state).ok()
    }

    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether it is of that source as it is configured now.
    pub(super) fn fits(&self, source: &Source) -> bool {
        self.address == source.address
    }

    /// Whether what it read first may be another by now.
    pub(super) fn is_old(&self, now: Timestamp) -> bool {
        now.seconds() - self.started_at.seconds() > OLDEST
    }

    pub(super) const fn version(&self) -> Version {
        if self.version == 5 { Version::V5 } else { Version::V6 }
    }

    pub(super) fn now(self) -> Now {
        Now { started_at: self.started_at, stage: self.stage, page: self.page, counts: self.counts }
    }

    /// On to what is read next.
    pub(super) fn next_stage(&mut self) {
        self.stage = self.stage.next(self.version());
        (self.page, self.nothing_new) = (1, 0);
    }

    /// Names an object of which no training could be made.
    pub(super) fn refuse(&mut self, path: String, field: &str, code: &str, message: impl Into<String>) {
        self.counts.refused += 1;
        self.name(path, field, code, message);
    }

    /// Names something else that could not be read: an offering of a programme or course, an organisation, a learning outcome.
    pub(super) fn name(&mut self, path: String, field: &str, code: &str, message: impl Into<String>) {
        if self.not_mapped.len() < MOST_NAMED {
            self.not_mapped.push(NotMapped { path, field: field.to_owned(), code: code.to_owned(), message: message.into() });
        }
    }

    pub(super) fn refused(&mut self, path: String, refused: &Refused) {
        self.refuse(path, &refused.field, refused.why.code(), refused.why.to_string());
    }

    /// Names what ended. Where there is no room for all, those are named whose trainings were withdrawn.
    pub(super) fn end(&mut self, gone: Gone) {
        let others = self.ended.iter().position(|one| !one.withdrawn).unwrap_or(self.ended.len());
        if gone.withdrawn {
            self.ended.insert(others, gone);
            self.ended.truncate(MOST_NAMED);
        } else if self.ended.len() < MOST_NAMED {
            self.ended.push(gone);
        }
    }

    /// Counts what was lost of an object.
    pub(super) fn lose(&mut self, notes: &[Note]) {
        for note in notes {
            let (code, message) = (note.loss.code(), note.loss.to_string());
            // A name of a field may be the school's own.
            let field: String = note.field.chars().take(100).collect();
            if let Some(known) = self.lost.iter_mut().find(|lost| lost.field == field && lost.code == code && lost.message == message) {
                known.count += 1;
            } else if self.lost.len() < MOST_NAMED {
                self.lost.push(Lost { field, code: code.to_owned(), message, count: 1 });
            }
        }
    }

    /// What is said of it when it ends so.
    pub(super) fn report(&self, outcome: Outcome, trouble: Option<Trouble>, now: Timestamp) -> Report {
        Report {
            outcome,
            started_at: self.started_at,
            ended_at: now,
            version: Some(self.version),
            counts: self.counts.clone(),
            trouble,
            not_mapped: self.not_mapped.clone(),
            ended: self.ended.clone(),
            lost: self.lost.clone(),
        }
    }
}

impl Report {
    /// Of a crawl that did not get as far as the first page.
    pub(super) fn not_begun(trouble: Trouble, now: Timestamp) -> Self {
        Self {
            outcome: Outcome::BrokenOff,
            started_at: now,
            ended_at: now,
            version: None,
            counts: Counts::default(),
            trouble: Some(trouble),
            not_mapped: Vec::new(),
            ended: Vec::new(),
            lost: Vec::new(),
        }
    }

    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Trouble {
    pub(super) fn new(code: &str, path: &str) -> Self {
        Self { code: code.to_owned(), path: path.chars().take(300).collect(), status: None }
    }

    pub(super) fn of(not: &NotGot, path: &str) -> Self {
        Self { status: not.status, ..Self::new(not.what.code(), path) }
    }
}
