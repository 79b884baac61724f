//! Applications that come for vacancies of this partner: taken in under the decision of the worker, shown to this partner's systems, and said what became of.

use std::collections::BTreeMap;

use polder_consent::{DisclosureId, Epoch, Field, FieldSet, Handle, rules};
use polder_model::about::About;
use polder_model::application::{Application, ApplicationCopy, ApplicationStanding, ApplicationState, LONGEST_MOTIVATION};
use polder_model::offer::LARGEST_OFFER;
use polder_model::problem::ProblemType;
use polder_model::{Kind, OfferKey, Purpose};
use polder_store::StoreError;
use polder_store::people::{Applied, Came, NotReceived, READERS, ReceivedApplication, Receiving};
use polder_trust::register::{Member, Status};
use serde_json::{Map, Value};

use crate::answer::MOST_SKEW_SECONDS;
use crate::node::Node;
use crate::traces;

/// What it is for.
const PURPOSE: Purpose = Purpose::Application;

/// Most applications of one partner that are here at the same time.
const MOST_OF_ONE: u32 = 10_000;

/// Why an application is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationRefused {
    /// Its partner is not who sent it.
    #[error("the application names another partner than the one who sent it")]
    AnotherPartner,
    /// Its partner takes no part.
    #[error("the partner is no active member")]
    NotAMember,
    /// `asOf` is too far from our clock.
    #[error("asOf is more than {MOST_SKEW_SECONDS} s from this node's clock")]
    ClockSkew,
    /// The register does not allow applications to this partner, or this node takes none.
    #[error("the register does not allow this partner the purpose application, or this node does not use it")]
    PurposeNotAllowed,
    /// It is not of its form, or shows more than it may.
    #[error("the application is not taken: {0}")]
    Invalid(&'static str),
    /// There is no such vacancy that is open.
    #[error("this partner holds no vacancy of that key that is open")]
    NoVacancy,
    /// It asks what became of an application that is not here.
    #[error("there is no such application of this partner here")]
    Unknown,
    /// As many of its partner are here as may be.
    #[error("{MOST_OF_ONE} applications of this partner are here, and no more may be; they go as they are taken back, and in seven days")]
    TooMany,
    /// What it was given under has ended, as this node was told before.
    #[error("what this application was given under has ended, or its source has not said yet what has")]
    Ended,
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ApplicationRefused {
    /// The problem that says it.
    #[must_use]
    pub fn problem(&self) -> Option<ProblemType> {
        match self {
            Self::AnotherPartner | Self::NotAMember => Some(ProblemType::Forbidden),
            Self::ClockSkew => Some(ProblemType::ClockSkew),
            Self::PurposeNotAllowed => Some(ProblemType::PurposeNotAllowed),
            Self::Invalid(_) => Some(ProblemType::InvalidRequest),
            // Not `not-found`: a node that knows no applications says that too.
            Self::NoVacancy => Some(ProblemType::NotInForce),
            Self::Unknown => Some(ProblemType::NotFound),
            // Where it has ended indeed, its source sends it no more.
            Self::TooMany | Self::Ended => Some(ProblemType::Unavailable),
            Self::Store(_) => None,
        }
    }
}

impl Node {
    /// Takes an application of a partner's worker in, perhaps not for the first time; or says what became of one.
    ///
    /// # Errors
    /// [`ApplicationRefused`]; nothing of it is kept then.
    pub async fn receive_application(&self, from: &Member, application: &Application) -> Result<ApplicationStanding, ApplicationRefused> {
        if application.partner != from.partner {
            return Err(ApplicationRefused::AnotherPartner);
        }
        if from.status != Status::Active {
            return Err(ApplicationRefused::NotAMember);
        }
        if application.as_of.distance_micros(self.now()) > MOST_SKEW_SECONDS * 1_000_000 {
            return Err(ApplicationRefused::ClockSkew);
        }
        if uuid::Uuid::parse_str(&application.id).is_err() {
            return Err(ApplicationRefused::Invalid("its id is no UUID"));
        }
        let known = self.store().application_state(&from.partner, &application.id).await?;
        let Some(copy) = &application.copy else {
            let state = known.ok_or(ApplicationRefused::Unknown)?;
            return Ok(ApplicationStanding { id: application.id.clone(), state });
        };
        let register = self.register();
        let allowed = register.member(&self.home().partner).is_some_and(|own| own.purposes.contains(&PURPOSE));
        if !allowed || !self.policy().uses(PURPOSE) {
            return Err(ApplicationRefused::PurposeNotAllowed);
        }
        let about = About { kind: Kind::Vacancy, key: application.vacancy.clone() };
        if !self.is_live(&about, self.now().date()).await? {
            return Err(ApplicationRefused::NoVacancy);
        }
        let came = self.came(from, copy, about).map_err(ApplicationRefused::Invalid)?;
        let receiving = Receiving {
            id: application.id.clone(),
            came,
            vacancy: application.vacancy.clone(),
            document: copy.document.get().as_bytes().to_vec(),
            most: MOST_OF_ONE,
            now: self.now(),
        };
        let state = self.store().receive_application(receiving).await?.map_err(|not| match not {
            NotReceived::Ended => ApplicationRefused::Ended,
            NotReceived::TooMany => ApplicationRefused::TooMany,
        })?;
        Ok(ApplicationStanding { id: application.id.clone(), state })
    }

    /// The copy as it is noted; an error where it shows what may not be seen.
    fn came(&self, from: &Member, copy: &ApplicationCopy, about: About) -> Result<Came, &'static str> {
        let (under, now) = (&copy.disclosure, self.now());
        let rules = rules(PURPOSE).ok_or("nobody applies for this purpose")?;
        let fields = under.fields.iter().map(|field| field.parse::<Field>()).collect::<Result<FieldSet, _>>();
        let fields = fields.map_err(|_| "a field that is none")?;
        let members: Map<String, Value> = serde_json::from_str(copy.document.get()).map_err(|_| "the document is no object")?;
        if copy.document.get().len() > LARGEST_OFFER {
            return Err("it is larger than a profile may be");
        }
        if fields.is_empty() || !fields.is_within(rules.allows) || !shows_only(&members, fields) {
            return Err("it shows more than may be seen");
        }
        let written = members.get("motivation").map_or(Some(0), |text| Some(text.as_str()?.chars().count()));
        if written.is_none_or(|length| length > LONGEST_MOTIVATION) {
            return Err("a motivation is text of a bounded length");
        }
        if under.use_until <= now || under.use_until > now.plus_seconds(rules.lease_seconds + 60) {
            return Err("a time of use that is over, or longer than the purpose allows");
        }
        Ok(Came {
            disclosure: under.id.parse::<DisclosureId>().map_err(|_| "a disclosure that is none")?,
            source: from.partner.clone(),
            handle: copy.handle.as_str().parse::<Handle>().map_err(|_| "a handle that is none")?,
            purpose: PURPOSE,
            epoch: Epoch(under.epoch),
            fields,
            about,
            client: READERS.to_owned(),
            use_until: under.use_until,
            chain: traces::chain(),
        })
    }

    /// Applications that came after one with that number, in their order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn applications_after(&self, after: u64, most: u32) -> Result<Vec<ReceivedApplication>, StoreError> {
        self.store().applications_after(after, &self.openness_now(), self.now(), most).await
    }

    /// Applications with a lower number, the newest first, for one vacancy or for all; and from where the older ones go on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn applications_before(
        &self,
        before: u64,
        vacancy: Option<&OfferKey>,
        most: u32,
    ) -> Result<(Vec<ReceivedApplication>, Option<u64>), StoreError> {
        self.store().applications_before(before, vacancy, &self.openness_now(), self.now(), most).await
    }

    /// One application; `None` where there is none of that number, or not any more.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn application_numbered(&self, number: u64) -> Result<Option<ReceivedApplication>, StoreError> {
        self.store().application_numbered(number, &self.openness_now(), self.now()).await
    }

    /// Notes that a client gets these applications; they are not given to it before. Those that are still there.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn hand_out(&self, client: &str, found: Vec<ReceivedApplication>) -> Result<Vec<ReceivedApplication>, StoreError> {
        self.store().hand_out(client, found).await
    }

    /// Vacancies to which somebody applied, and to each how many.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn applications_counted(&self) -> Result<BTreeMap<OfferKey, Applied>, StoreError> {
        self.store().applications_counted(&self.openness_now(), self.now()).await
    }

    /// Says what became of an application. Whether there is one of that number.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_application(&self, number: u64, state: ApplicationState) -> Result<bool, StoreError> {
        self.store().set_application(number, state, self.now()).await
    }
}

/// Whether a document has no member beyond these fields.
fn shows_only(members: &Map<String, Value>, fields: FieldSet) -> bool {
    let named = |pointer: String| pointer.parse::<Field>().is_ok_and(|field| fields.contains(field));
    members.iter().all(|(name, value)| match value.as_object().filter(|_| name == "contact") {
        Some(contact) => contact.keys().all(|part| named(format!("/contact/{part}"))),
        None => named(format!("/{name}")),
    })
}
