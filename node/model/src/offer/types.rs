//! The offers as types. `schemas/` is the definition; a test holds the two against each other.

use serde::{Deserialize, Serialize};

use crate::code::{Cefr, Contract, Importance, Language, Licence, Sector, TravelMode};
use crate::name::{CodeUri, PartnerId, Purpose};
use crate::time::Date;

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub struct $name {
                $(
                    #[doc = concat!("See `", stringify!($field), "` in the schema.")]
                    #[serde(skip_serializing_if = "crate::offer::types::Absent::is_absent")]
                    $(#[$attribute])*
                    pub $field: $type,
                )*
            }
        )+
    };
}

/// Whether a member is left out of a document.
pub(crate) trait Absent {
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

macro_rules! always_present {
    ($($type:ty),+) => { $(impl Absent for $type { fn is_absent(&self) -> bool { false } })+ };
}
always_present!(String, u8, u16, u32, f64, Date, CodeUri, Contract, Cefr, Language, TravelMode, Employer, Provider, Vec<SkillHeld>);

records! {
    /// A name in two languages.
    Label { nl: Option<String>, en: Option<String>, }
    /// An occupation, by code.
    Occupation { scheme: String, uri: CodeUri, label: Option<Label>, }
    /// An occupation that someone had.
    Held { scheme: String, uri: CodeUri, label: Option<Label>, years: Option<u8>, }
    /// A skill that a vacancy needs.
    SkillNeeded { uri: CodeUri, label: Option<Label>, level: Option<u8>, importance: Option<Importance>, }
    /// A skill that a training teaches or requires.
    SkillTaught { uri: CodeUri, label: Option<Label>, level: Option<u8>, }
    /// A skill that a worker has.
    SkillHeld { uri: CodeUri, label: Option<Label>, level: Option<u8>, evidence: Option<Vec<Evidence>>, }
    /// What shows that a worker has a skill.
    Evidence { r#type: String, uri: Option<String>, valid_until: Option<Date>, }
    /// A range of hours a week.
    Hours { min: u8, max: u8, }
    /// When work is done.
    WorkingTimes { flexible: Option<bool>, day_parts: Option<Vec<String>>, }
    /// Weeks of the year; may run over New Year.
    Season { from_week: u8, to_week: u8, }
    /// A contract that is offered.
    ContractOffered { form: Contract, recognised_training_company: Option<String>, }
    /// Pay, in cents.
    Salary { min: Option<u32>, max: Option<u32>, currency: Option<String>, period: String, }
    /// A place; `remote_share` in percent.
    Location {
        postcode: Option<String>, municipality: Option<String>, place: Option<String>, latitude: Option<f64>, longitude: Option<f64>,
        remote_share: Option<u8>,
    }
    /// A language that is needed or spoken.
    LanguageNeeded { language: Language, level: Cefr, }
    /// How to apply or enrol.
    Application { url: Option<String>, email: Option<String>, telephone: Option<String>, instructions: Option<String>, }
    /// Who offers work.
    Employer { name: String, kvk: Option<String>, sector: Option<Sector>, sbi: Option<String>, }
    /// Who offers education.
    Provider { name: String, kvk: Option<String>, institution_code: Option<String>, }
    /// The conditions under which an offer may be seen.
    Terms { recipients: Option<Recipients>, purposes: Option<Vec<Purpose>>, fields: Option<Vec<String>>, until: Option<Date>, }
    /// Work that an employer offers.
    Vacancy {
        title: String, description: String, language: Option<String>, employer: Employer, occupations: Option<Vec<Occupation>>,
        skills: Option<Vec<SkillNeeded>>, minimum_education: Option<u8>, hours: Option<Hours>, working_times: Option<WorkingTimes>,
        season: Option<Season>, contracts: Option<Vec<ContractOffered>>, welcomes_sharing: Option<bool>, salary: Option<Salary>,
        location: Option<Location>, start_date: Option<Date>, closing_date: Option<Date>, positions: Option<u16>,
        languages: Option<Vec<LanguageNeeded>>, licences: Option<Vec<Licence>>, application: Option<Application>, terms: Option<Terms>,
    }
    /// A code of a programme.
    ProgrammeCode { scheme: String, code: String, }
    /// How much study it takes.
    StudyLoad { value: u16, unit: String, }
    /// What it costs, in cents.
    Price { amount: u32, currency: String, note: Option<String>, }
    /// A programme to go on to.
    LeadsTo { title: String, level: Option<u8>, code: Option<String>, }
    /// One run of a training.
    Edition {
        key: Option<String>, start_date: Option<Date>, end_date: Option<Date>, location: Option<Location>, mode: String, seats: Option<u16>,
        language: Option<String>,
    }
    /// Education that a school or trainer offers.
    Training {
        title: String, description: String, language: Option<String>, provider: Provider, skills_taught: Option<Vec<SkillTaught>>,
        skills_required: Option<Vec<SkillTaught>>, occupations: Option<Vec<Occupation>>, sectors: Option<Vec<Sector>>, level: Option<u8>,
        credential: Option<String>, programme_codes: Option<Vec<ProgrammeCode>>, routes: Option<Vec<String>>, hours_per_week: Option<Hours>,
        study_load: Option<StudyLoad>, duration_weeks: Option<u16>, price: Option<Price>, funding: Option<Vec<String>>,
        editions: Option<Vec<Edition>>, leads_to: Option<Vec<LeadsTo>>, closing_date: Option<Date>, enrolment: Option<Application>,
        terms: Option<Terms>,
    }
    /// A wish for a period.
    PeriodWish { from: Date, until: Option<Date>, wish: String, hours: Option<Hours>, }
    /// How far a worker will travel.
    Commute { mode: TravelMode, max_minutes: Option<u16>, max_kilometres: Option<u16>, }
    /// How to reach a worker. Never searchable.
    Contact { name: Option<String>, email: Option<String>, telephone: Option<String>, }
    /// What a worker offers and wants.
    SkillOffer {
        title: String, description: Option<String>, skills: Vec<SkillHeld>, occupations_wanted: Option<Vec<Occupation>>,
        occupations_held: Option<Vec<Held>>, education: Option<u8>, hours: Option<Hours>, period_wishes: Option<Vec<PeriodWish>>,
        working_times: Option<WorkingTimes>, contracts: Option<Vec<Contract>>, employers_at_once: Option<u8>, available_from: Option<Date>,
        available_until: Option<Date>, postcode: Option<String>, commute: Option<Commute>, languages: Option<Vec<LanguageNeeded>>,
        licences: Option<Vec<Licence>>, sectors: Option<Vec<Sector>>, interests: Option<Vec<String>>, salary_wish: Option<Salary>,
        contact: Option<Contact>, terms: Option<Terms>,
    }
}

/// Who may see an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Recipients {
    /// These partners.
    Named(Vec<PartnerId>),
    /// The word `everyone`.
    Everyone(Everyone),
}

/// The word `everyone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Everyone {
    /// Every partner.
    Everyone,
}

/// An offer of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Offer {
    /// A vacancy.
    Vacancy(Box<Vacancy>),
    /// A training.
    Training(Box<Training>),
    /// A skill offer.
    SkillOffer(Box<SkillOffer>),
}

impl Offer {
    /// The link by which people apply or enrol, and where it stands. Code URIs are names, and lead nobody anywhere.
    #[must_use]
    pub fn link(&self) -> Option<(&'static str, &str)> {
        let (pointer, application) = match self {
            Self::Vacancy(offer) => ("/application/url", &offer.application),
            Self::Training(offer) => ("/enrolment/url", &offer.enrolment),
            Self::SkillOffer(_) => return None,
        };
        Some((pointer, application.as_ref()?.url.as_deref()?))
    }

    /// The terms, where the offer has any.
    #[must_use]
    pub fn terms(&self) -> Option<&Terms> {
        match self {
            Self::Vacancy(offer) => offer.terms.as_ref(),
            Self::Training(offer) => offer.terms.as_ref(),
            Self::SkillOffer(offer) => offer.terms.as_ref(),
        }
    }
}
