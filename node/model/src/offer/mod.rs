//! Offers: read strictly, judged by their schema and the domain's rules, and turned into what ranking sees.

mod domain;
mod explain;
mod features;
mod forms;
mod identifiers;
mod notes;
mod personal;
mod read;
mod schema;
mod sure;
mod types;

pub use domain::is_personal;
pub(crate) use explain::{allowed_words, unknown_members};
pub use personal::{is_forbidden_member, may_hold_bsn};
pub use read::{LARGEST_OFFER, ParsedOffer, judge, parse, read_stored, required_members};
pub(crate) use schema::query_request_findings;
pub use sure::is_surely_good;
pub use types::{
    Application, Commute, Contact, ContractOffered, Edition, Employer, Evidence, Held, Hours, Label, LanguageNeeded, LeadsTo, Location,
    Occupation, Offer, PeriodWish, Price, ProgrammeCode, Provider, Recipients, Salary, Season, SkillHeld, SkillNeeded, SkillOffer,
    SkillTaught, StudyLoad, Terms, Training, Vacancy, WorkingTimes,
};
