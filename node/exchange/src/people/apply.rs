//! Applying: a worker sends what they chose, with their own words, to the one partner that published a vacancy. It waits here until that partner has it; each
//! time it leaves, the worker's decision is checked anew.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use polder_consent::view::{present, shown};
use polder_consent::{Authentication, ConsentId, Field, FieldSet, State, WorkerId};
use polder_model::answer::{Disclosed as Under, MissingReason};
use polder_model::application::{self as wire, ApplicationCopy, ApplicationStanding, LONGEST_MOTIVATION};
use polder_model::problem::ProblemType;
use polder_model::{OfferKey, PartnerId, Purpose, Timestamp, offer};
use polder_store::StoreError;
use polder_store::people::{Applying, AskAfter, Disclosed, Kept, MOST_AT_ONCE, NotEnded, Progress, Sending, SentApplication};
use polder_trust::register::{Member, Status};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::decide::{DecideRefused, Decision, not_given};
use crate::answer::Released;
use crate::duties::Duty;
use crate::node::Node;
use crate::peers::PeerFailure;
use crate::traces;

/// What it is for.
const PURPOSE: Purpose = Purpose::Application;
/// How long the other node has.
const DEADLINE: Duration = Duration::from_secs(10);
/// How often is looked for applications that wait, in this process or left by another.
const ROUND: Duration = Duration::from_secs(1);
/// How often a recipient is asked what became of an application, in seconds.
const ASKED_EVERY_SECONDS: i64 = 60;
/// How often it is asked whether one that is closed was opened again, in seconds, and for so long after it was closed.
const CLOSED_ASKED_EVERY_SECONDS: i64 = 600;
const CLOSED_ASKED_FOR_SECONDS: i64 = 30 * 86_400;
/// Longest title and name that are kept of a vacancy, in characters.
const LONGEST_NAME: usize = 200;

/// An application as a worker writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// To the partner that published the vacancy, for [`Purpose::Application`].
    pub decision: Decision,
    /// The vacancy.
    pub vacancy: OfferKey,
    /// What the worker saw of it.
    pub title: String,
    /// Who offers the work.
    pub employer: String,
    /// What the worker writes; may be empty.
    pub motivation: String,
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum ApplyRefused {
    /// The motivation is too long.
    #[error("a motivation has at most {LONGEST_MOTIVATION} characters")]
    TooLong,
    /// The motivation holds what stands nowhere.
    #[error(
        "a motivation holds no citizen service number, nothing of health, belief or union, and no address or number: contact is a field of its own"
    )]
    TooPersonal,
    /// Nothing was chosen.
    #[error("choose at least one field that the profile has, or write something")]
    Nothing,
    /// The decision was not carried out.
    #[error(transparent)]
    Decide(#[from] DecideRefused),
}

impl From<StoreError> for ApplyRefused {
    fn from(error: StoreError) -> Self {
        Self::Decide(error.into())
    }
}

/// An application as its worker sees it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSight {
    /// What was sent, and how far it is.
    #[serde(flatten)]
    pub application: SentApplication,
    /// The name of the recipient in the register; empty where it has left.
    pub recipient_name: String,
    /// The decision that is taken back to take it back; `None` where that is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentId>,
}

impl Node {
    /// What the recipient of an application will see: the fields that the profile has, and the worker's words.
    ///
    /// # Errors
    /// [`ApplyRefused`], as [`Node::apply`] would say of it.
    pub fn application_preview(&self, application: &Application, profile: &Map<String, Value>) -> Result<Vec<u8>, ApplyRefused> {
        let mut members = profile.clone();
        let fields = self.check(application)?.decision.fields;
        if !application.motivation.is_empty() {
            let name = Field::Motivation.pointer().trim_start_matches('/');
            members.insert(name.to_owned(), Value::String(application.motivation.clone()));
        }
        let fields = present(&members, fields);
        if fields.is_empty() { Err(ApplyRefused::Nothing) } else { Ok(shown(&members, fields)) }
    }

    /// Takes the application as it is carried out: the motivation is among its fields where there is one, and only there.
    fn check(&self, application: &Application) -> Result<Application, ApplyRefused> {
        if application.motivation.chars().count() > LONGEST_MOTIVATION {
            return Err(ApplyRefused::TooLong);
        }
        if offer::is_personal(&application.motivation) {
            return Err(ApplyRefused::TooPersonal);
        }
        let mut checked = application.clone();
        let written = FieldSet::of(&[Field::Motivation]);
        checked.decision.fields = match application.motivation.is_empty() {
            true => application.decision.fields.without(written),
            false => application.decision.fields.or(written),
        };
        if checked.decision.fields.is_empty() {
            return Err(ApplyRefused::Nothing);
        }
        Ok(checked)
    }

    /// The text that a worker is to read before they apply. It says what stays of their other applications to the same partner.
    ///
    /// # Errors
    /// [`ApplyRefused`].
    pub async fn application_notice(&self, worker: WorkerId, application: &Application) -> Result<String, ApplyRefused> {
        Ok(self.notice_for(&self.beside_others(worker, application).await?.decision)?)
    }

    /// The application as it is carried out, where others of the worker to the same partner stand: each goes on showing what was chosen for it.
    async fn beside_others(&self, worker: WorkerId, application: &Application) -> Result<Application, ApplyRefused> {
        let mut checked = self.check(application)?;
        if let Some(recipient) = checked.decision.recipients.first() {
            checked.decision.stays = self.store().applied_fields(worker, recipient, self.now()).await?;
        }
        Ok(checked)
    }

    /// A worker applies. It is sent at once where its recipient can be reached, and otherwise as soon as it can. `notice` is the SHA-256 of the text that the
    /// worker read. Whoever applies to that vacancy already has not applied again.
    ///
    /// # Errors
    /// [`ApplyRefused`]; nothing was decided then, and nothing leaves.
    pub async fn apply(
        &self,
        worker: WorkerId,
        application: &Application,
        notice: &str,
        authentication: Authentication,
    ) -> Result<(), ApplyRefused> {
        let Application { decision, vacancy, title, employer, motivation } = self.beside_others(worker, application).await?;
        if decision.purpose != PURPOSE || decision.recipients.len() != 1 {
            return Err(ApplyRefused::Nothing);
        }
        let giving = self.giving(worker, &decision, notice, authentication, None)?;
        let (now, id) = (giving.now, uuid::Uuid::new_v4().to_string());
        let short = |text: String| text.chars().take(LONGEST_NAME).collect();
        let fields = decision.fields;
        let applying = Applying { giving, id, vacancy, title: short(title), employer: short(employer), fields, motivation };
        let given = self.store().apply(applying).await?.map_err(|not| not_given(not, now))?;
        if given.is_some_and(|given| given.owed) {
            self.is_over(worker, now).await;
        }
        self.applications().notify_one();
        Ok(())
    }

    /// Applications of a worker, the last one first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn applications_of(&self, worker: WorkerId) -> Result<Vec<ApplicationSight>, StoreError> {
        let found = self.store().applications_of(worker, self.now()).await?;
        Ok(found.into_iter().map(|one| self.application_sight(one)).collect())
    }

    /// A page of them; after that one, by its instant and id, where there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn applications_page(
        &self,
        worker: WorkerId,
        after: Option<(Timestamp, &str)>,
        most: u32,
    ) -> Result<Vec<ApplicationSight>, StoreError> {
        let found = self.store().applications_sent_before(worker, after, most, self.now()).await?;
        Ok(found.into_iter().map(|one| self.application_sight(one)).collect())
    }

    fn application_sight(&self, (application, kept): (SentApplication, Option<Kept>)) -> ApplicationSight {
        ApplicationSight {
            recipient_name: self.name_of(&application.recipient),
            consent: kept
                .filter(|kept| kept.state(self.now()) == Some(State::Given) && application.progress != Progress::Withdrawn)
                .map(|kept| kept.consent.id),
            application,
        }
    }

    /// Takes one application back, and no other. When this returns nothing of it leaves any more, and its recipient is being told to erase what it has of it.
    ///
    /// # Errors
    /// [`DecideRefused`]; it stands as it did then.
    pub async fn withdraw_application(&self, worker: WorkerId, id: &str) -> Result<(), DecideRefused> {
        let at = self.now();
        let stopped = self.store().stop_application(worker, id, at).await?;
        self.is_over(worker, at).await;
        stopped.map_err(|not| match not {
            NotEnded::Unknown => DecideRefused::Unknown,
            NotEnded::NotInForce(state) => DecideRefused::NotInForce(state),
        })
    }

    /// Sends applications that wait, and asks what became of those that came, without end.
    pub async fn deliver_applications(&self) {
        let mut rounds = tokio::time::interval(ROUND);
        loop {
            let own = tokio::select! {
                () = self.applications().notified() => true,
                _ = rounds.tick() => false,
            };
            if own || self.takes_on(Duty::DeliverApplications).await.unwrap_or(false) {
                for done in [self.send_applications().await, self.ask_after_applications().await] {
                    if let Err(error) = done {
                        tracing::warn!(%error, "applications are sent later");
                    }
                }
            }
        }
    }

    /// Sends every application that waits and whose recipient's turn it is.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn send_applications(&self) -> Result<(), StoreError> {
        let waiting = self.store().applications_waiting().await?;
        let more = waiting.len() == MOST_AT_ONCE as usize;
        all(of_each(waiting).into_iter().map(|of_one| self.send_to_one(of_one, more).boxed())).await
    }

    /// Sends what waits for one recipient.
    async fn send_to_one(&self, applications: Vec<SentApplication>, more: bool) -> Result<(), StoreError> {
        for application in applications {
            match self.recipient_of(&application) {
                Some(to) => traces::in_a_chain(self.send_application(to, &application)).await?,
                // Others that wait behind it have their turn.
                None if more => self.store().application_told(&application.id, None, self.now()).await?,
                None => {}
            }
        }
        Ok(())
    }

    /// Asks recipients what became of applications that they have.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn ask_after_applications(&self) -> Result<(), StoreError> {
        let now = self.now();
        let when = AskAfter {
            open_told_before: now.plus_seconds(-ASKED_EVERY_SECONDS),
            closed_told_before: now.plus_seconds(-CLOSED_ASKED_EVERY_SECONDS),
            closed_since: now.plus_seconds(-CLOSED_ASKED_FOR_SECONDS),
        };
        let open = self.store().applications_to_ask_after(when).await?;
        all(of_each(open).into_iter().map(|of_one| self.ask_one_after(of_one).boxed())).await
    }

    /// Asks one recipient.
    async fn ask_one_after(&self, applications: Vec<SentApplication>) -> Result<(), StoreError> {
        for application in applications {
            let told = match self.recipient_of(&application) {
                Some(to) => self.told(&to, &application, None).await.map_err(|failure| failure.problem),
                None => Err(None),
            };
            if told == Err(Some(ProblemType::NotFound)) {
                self.store().application_lost(&application.id, self.now()).await?;
            }
            self.store().application_told(&application.id, told.ok().map(|standing| standing.state.into()), self.now()).await?;
        }
        Ok(())
    }

    /// The recipient, where it takes part, may get applications, and may be tried.
    fn recipient_of(&self, application: &SentApplication) -> Option<Arc<Member>> {
        let register = self.register();
        let member = register.member(&application.recipient)?;
        let may = member.status == Status::Active && member.purposes.contains(&PURPOSE) && self.policy().uses(PURPOSE);
        (may && self.delivery().may_try(&member.partner, self.clock().steady())).then(|| Arc::clone(member))
    }

    async fn send_application(&self, to: Arc<Member>, application: &SentApplication) -> Result<(), StoreError> {
        let Ok(steady) = self.may_disclose_to(&to).await else { return Ok(()) };
        // Whatever a withdrawal does not stop in the transaction below, it waits for, or cuts off.
        let on_its_way = self.flights().begin(self.store().is_shared());
        let foreign = to.partner != self.home().partner;
        let disclosed = match self.store().send_application(&application.id, foreign, traces::chain(), self.now()).await? {
            Sending::Ready(disclosed) => disclosed,
            Sending::Nothing | Sending::NotOpen => return Ok(()),
        };
        if !on_its_way.carries([application.worker()]) {
            return Ok(());
        }
        let Some(copy) = copy_of(&disclosed) else { return Ok(()) };
        let (copy, on_its_way) = Released::personal(disclosed, steady, on_its_way, copy).into_parts();
        let told = match &on_its_way {
            Some(flight) => tokio::select! {
                biased;
                () = flight.cut() => return Ok(()),
                told = self.told(&to, application, Some(copy)) => told,
            },
            None => return Ok(()),
        };
        drop(on_its_way);
        match told {
            Ok(standing) => self.store().application_told(&application.id, Some(standing.state.into()), self.now()).await?,
            Err(failure) if failure.problem == Some(ProblemType::NotInForce) => {
                self.store().application_told(&application.id, Some(Progress::Refused), self.now()).await?;
            }
            Err(failure) => {
                tracing::info!(partner = %to.partner, reason = failure.reason.as_str(), detail = failure.detail, "an application was not delivered; it is sent again");
                self.store().application_told(&application.id, None, self.now()).await?;
                self.delivery().tried(&to.partner, false, self.clock().steady());
            }
        }
        Ok(())
    }

    /// What the recipient says of an application.
    async fn told(
        &self,
        to: &Arc<Member>,
        application: &SentApplication,
        copy: Option<ApplicationCopy>,
    ) -> Result<ApplicationStanding, PeerFailure> {
        let sent = wire::Application {
            id: application.id.clone(),
            partner: self.home().partner.clone(),
            vacancy: application.vacancy.clone(),
            as_of: self.now(),
            copy,
        };
        let standing = if to.partner == self.home().partner {
            let received = self.receive_application(to, &sent).await;
            received.map_err(|refused| PeerFailure::new(MissingReason::Refused, refused.to_string()).with_problem(refused.problem()))?
        } else {
            self.peers().application(Arc::clone(to), Arc::new(sent), DEADLINE).await?
        };
        match standing.id == application.id {
            true => Ok(standing),
            false => Err(PeerFailure::new(MissingReason::Untrustworthy, "it speaks of another application")),
        }
    }
}

/// Those of each recipient: nobody waits for what another does.
fn of_each(applications: Vec<SentApplication>) -> Vec<Vec<SentApplication>> {
    let mut of_each: BTreeMap<PartnerId, Vec<SentApplication>> = BTreeMap::new();
    for application in applications {
        of_each.entry(application.recipient.clone()).or_default().push(application);
    }
    of_each.into_values().collect()
}

/// Waits for all of it.
async fn all(done: impl Iterator<Item = BoxFuture<'_, Result<(), StoreError>>>) -> Result<(), StoreError> {
    join_all(done).await.into_iter().collect()
}

fn copy_of(disclosed: &Disclosed) -> Option<ApplicationCopy> {
    let person = disclosed.people().first()?;
    Some(ApplicationCopy {
        handle: person.handle.to_string().parse().ok()?,
        document: RawValue::from_string(String::from_utf8(person.document.clone()).ok()?).ok()?,
        disclosure: Under {
            id: person.disclosure.to_string(),
            epoch: person.epoch.0,
            fields: person.fields.iter().map(|field| field.pointer().to_owned()).collect(),
            use_until: person.use_until,
        },
    })
}

/// Whether a partner may get applications from here: the register allows it, and this node uses the purpose.
impl Node {
    /// Whether a worker can apply at that partner from here.
    #[must_use]
    pub fn may_apply_at(&self, partner: &PartnerId) -> bool {
        let register = self.register();
        let may = |member: &&Arc<Member>| member.status == Status::Active && member.purposes.contains(&PURPOSE);
        self.policy().uses(PURPOSE) && register.member(partner).filter(may).is_some()
    }
}
