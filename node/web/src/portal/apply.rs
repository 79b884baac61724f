//! Applying to a vacancy: a worker picks what goes along, writes some words, sees exactly what that one partner will see, and sends it; and sees what became of it.

use axum::body::Body;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use polder_consent::request::AskedFor;
use polder_consent::view::present;
use polder_consent::{Authentication, Field, FieldSet};
use polder_exchange::people::{Application, ApplicationSight, ApplyRefused, Decision};
use polder_model::{Kind, OfferKey, PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::over;
use super::preview::{Looked, is_other};
use super::share::{may_give, profile};
use crate::pages::cursor::{Cursor, cut};
use crate::pages::{Fields, PageError, Pages, Visit, Worker, on_to};

const DAY: i64 = 86_400;
/// What of a vacancy goes from one page to the next.
const OF_VACANCY: [&str; 4] = ["partner", "key", "title", "by"];
/// Applications on a page: each has what was written, whole.
const ON_A_PAGE: u32 = 4;

/// The vacancy, as the page before said it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Vacancy {
    partner: PartnerId,
    partner_name: String,
    key: String,
    title: String,
    by: String,
}

#[derive(Serialize)]
struct Write {
    vacancy: Vacancy,
    /// What the profile has, and whether it was picked.
    fields: Vec<(Field, bool)>,
    motivation: String,
    longest: usize,
    /// What is wrong with what was written.
    wrong: Option<&'static str>,
    /// When they applied to it already.
    applied: Option<Timestamp>,
}

#[derive(Serialize)]
struct Check {
    vacancy: Vacancy,
    fields: FieldSet,
    motivation: String,
    until: Timestamp,
    text: Vec<String>,
    notice: String,
    #[serde(flatten)]
    looked: Looked,
    /// Where to show anew who they are, where that is needed before it is sent.
    anew: Option<&'static str>,
}

/// A page that only a form leads to.
pub(super) async fn to_work(_: Worker) -> Response {
    on_to("/portal/work")
}

fn vacancy(pages: &Pages, fields: &Fields) -> Result<Vacancy, PageError> {
    let partner: PartnerId = fields.one("partner").parse().map_err(|_| PageError::NotFound)?;
    if !pages.node().may_apply_at(&partner) {
        return Err(PageError::NotFound);
    }
    let name = pages.node().register().member(&partner).map(|member| member.name.clone()).unwrap_or_default();
    let text = |name: &str| fields.one(name).to_owned();
    Ok(Vacancy { partner_name: name, partner, key: text("key"), title: text("title"), by: text("by") })
}

/// What the form says that a worker sends.
fn application(pages: &Pages, worker: &Worker, vacancy: &Vacancy, fields: &Fields) -> Result<Application, PageError> {
    let bad = || PageError::status(StatusCode::BAD_REQUEST);
    let rules = pages.node().policy().rules(Purpose::Application).ok_or_else(bad)?;
    let picked: FieldSet = fields.all("field").filter_map(|name| name.parse::<Field>().ok()).collect();
    // As long as what is sent may be used: after that there is nothing left of it.
    let longest = (pages.node().policy().consent_days * DAY).min(rules.lease_seconds);
    let key: OfferKey = vacancy.key.parse().map_err(|_| bad())?;
    let by = Some(vacancy.by.as_str()).filter(|by| *by != vacancy.partner_name);
    let until = fields.one("until").parse().unwrap_or_else(|_| pages.node().now().plus_seconds(longest));
    Ok(Application {
        decision: Decision {
            purpose: Purpose::Application,
            recipients: vec![vacancy.partner.clone()],
            fields: picked.and(rules.allows),
            // Filled in when it is carried out.
            stays: FieldSet::NONE,
            until: Some(until),
            language: worker.visit.language,
            about: AskedFor::new(Kind::Vacancy, key.clone(), &vacancy.title, by),
        },
        vacancy: key,
        title: vacancy.title.clone(),
        employer: vacancy.by.clone(),
        // What a browser sends has other ends of lines.
        motivation: fields.one("motivation").replace("\r\n", "\n"),
    })
}

/// Leads to the form for a vacancy: a page of its own, to which one can go back.
pub(super) async fn begin(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let fields = pages.form(&worker.known, &headers, body).await?;
    let mut of_vacancy = form_urlencoded::Serializer::new(String::new());
    of_vacancy.extend_pairs(OF_VACANCY.map(|name| (name, fields.one(name))));
    Ok(on_to(&format!("/portal/apply?{}", of_vacancy.append_pair("proof", &proof(&worker, &fields)).finish())))
}

/// That this session was led to the form for a vacancy: nobody else makes up a link that says what a vacancy is called.
fn proof(worker: &Worker, fields: &Fields) -> String {
    let mut hash = Sha256::new().chain_update(b"polder apply\n").chain_update(worker.known.token.as_bytes());
    for name in OF_VACANCY {
        hash.update(format!("\n{}\n{}", fields.one(name).len(), fields.one(name)));
    }
    hex::encode(hash.finalize())
}

/// Picks what goes along. Nothing is picked before.
pub(super) async fn write(State(pages): State<Pages>, worker: Worker, RawQuery(asked): RawQuery) -> Result<Response, PageError> {
    let asked = form_urlencoded::parse(asked.unwrap_or_default().as_bytes()).into_owned().collect();
    let fields = Fields::of(asked);
    if !bool::from(proof(&worker, &fields).as_bytes().ct_eq(fields.one("proof").as_bytes())) {
        return Ok(on_to("/portal/work"));
    }
    // Nothing but the vacancy is of the link.
    let fields = Fields::of(OF_VACANCY.map(|name| (name.to_owned(), fields.one(name).to_owned())).into());
    go_on(&pages, &worker, &fields).await
}

/// The form as far as it is filled in.
pub(super) async fn go_on(pages: &Pages, worker: &Worker, fields: &Fields) -> Result<Response, PageError> {
    let Some(members) = profile(pages, worker).await? else { return Ok(on_to("/portal/profile?told=first")) };
    show_form(pages, worker, &members, fields, None).await
}

/// When they applied to a vacancy, where it stands still.
async fn applied(pages: &Pages, worker: &Worker, vacancy: &Vacancy) -> Result<Option<Timestamp>, PageError> {
    let (Some(id), Ok(key)) = (worker.id(), vacancy.key.parse::<OfferKey>()) else { return Ok(None) };
    Ok(pages.node().store().applied_to(id, pages.node().now()).await?.remove(&(vacancy.partner.clone(), key)))
}

async fn show_form(
    pages: &Pages,
    worker: &Worker,
    members: &Map<String, Value>,
    fields: &Fields,
    wrong: Option<&'static str>,
) -> Result<Response, PageError> {
    let rules = pages.node().policy().rules(Purpose::Application).ok_or(PageError::status(StatusCode::BAD_REQUEST))?;
    let picked: FieldSet = fields.all("field").filter_map(|name| name.parse::<Field>().ok()).collect();
    let vacancy = vacancy(pages, fields)?;
    let page = Write {
        applied: applied(pages, worker, &vacancy).await?,
        vacancy,
        fields: present(members, rules.allows).iter().map(|field| (field, picked.contains(field))).collect(),
        motivation: fields.one("motivation").to_owned(),
        longest: polder_model::application::LONGEST_MOTIVATION,
        wrong,
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    pages.show_as(status, &worker.visit, "portal/apply.html", "work", page)
}

/// What is wrong, in words that the form shows; anything else is a problem of its own.
fn wrong(refused: ApplyRefused) -> Result<&'static str, PageError> {
    match refused {
        ApplyRefused::TooLong => Ok("apply-wrong-long"),
        ApplyRefused::TooPersonal => Ok("apply-wrong-personal"),
        ApplyRefused::Nothing => Ok("apply-wrong-nothing"),
        ApplyRefused::Decide(refused) => Err(refused.into()),
    }
}

/// Shows what that one partner will see. Nothing is sent yet.
pub(super) async fn check(
    State(pages): State<Pages>,
    visit: Visit,
    worker: Result<Worker, PageError>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    let Ok(worker) = worker else { return over::keep(&pages, &visit, over::Form::Application, &headers, body).await };
    let fields = pages.form(&worker.known, &headers, body).await?;
    let Some(members) = profile(&pages, &worker).await? else { return Ok(on_to("/portal/profile?told=first")) };
    if fields.one("do") == "back" {
        return show_form(&pages, &worker, &members, &fields, None).await;
    }
    look(&pages, &worker, &members, &fields).await
}

/// What that one partner will see, with the text; the form again where it cannot be sent so.
async fn look(pages: &Pages, worker: &Worker, members: &Map<String, Value>, fields: &Fields) -> Result<Response, PageError> {
    let vacancy = vacancy(pages, fields)?;
    let application = application(pages, worker, &vacancy, fields)?;
    let id = worker.named(pages).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let shown = match pages.node().application_preview(&application, members) {
        Ok(preview) => pages.node().application_notice(id, &application).await.map(|text| (preview, text)),
        Err(refused) => Err(refused),
    };
    let (preview, text) = match shown {
        Ok(shown) => shown,
        Err(refused) => return show_form(pages, worker, members, fields, Some(wrong(refused)?)).await,
    };
    let looked = Looked::of(pages, &preview, fields)?;
    let status = looked.status();
    let page = Check {
        vacancy,
        fields: application.decision.fields,
        motivation: application.motivation,
        until: application.decision.until.unwrap_or_else(|| pages.node().now()),
        notice: hex::encode(Sha256::digest(&text)),
        text: text.lines().map(str::to_owned).collect(),
        looked,
        anew: (!may_give(pages, worker)).then_some("/portal/login?anew=true&back=/portal/work"),
    };
    pages.show_as(status, &worker.visit, "portal/applying.html", "work", page)
}

/// Sends it, if that is what they looked at.
pub(super) async fn send(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let fields = pages.form(&worker.known, &headers, body).await?;
    if fields.one("answer") != "yes" {
        return Ok(on_to("/portal/work"));
    }
    if !may_give(&pages, &worker) {
        return Err(PageError::Said(StatusCode::FORBIDDEN, "problem-show-again"));
    }
    let Some(members) = profile(&pages, &worker).await? else { return Ok(on_to("/portal/profile?told=first")) };
    let id = worker.named(&pages).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let vacancy = vacancy(&pages, &fields)?;
    let application = application(&pages, &worker, &vacancy, &fields)?;
    if pages.node().application_preview(&application, &members).is_ok_and(|shown| is_other(&shown, &fields)) {
        return look(&pages, &worker, &members, &fields).await;
    }
    let session = &worker.known.is.session;
    let authentication = Authentication { issuer: session.provider.clone(), level: session.level.clone(), at: session.authenticated_at };
    // A second click, or a page of before, leads to what was sent the first time.
    match pages.node().apply(id, &application, fields.one("notice"), authentication).await {
        Ok(()) => Ok(on_to("/portal/applications?told=sent")),
        Err(refused) => show_form(&pages, &worker, &members, &fields, Some(wrong(refused)?)).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    told: Option<Told>,
    before: Option<Cursor>,
}

/// What was just done.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Told {
    Sent,
    Withdrawn,
}

#[derive(Serialize)]
struct Applications {
    told: Option<Told>,
    items: Vec<Item>,
    /// Where older ones are.
    older: Option<Cursor>,
    newest: bool,
}

#[derive(Serialize)]
struct Item {
    #[serde(flatten)]
    sight: ApplicationSight,
    /// Whether its time is over, and nobody took it back.
    over: bool,
    /// Until when they may use what they have.
    until: Option<Timestamp>,
}

/// What was sent, and what became of it.
pub(super) async fn applications(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let mut items = match worker.id() {
        Some(id) => pages.node().applications_page(id, asked.before.as_ref().map(Cursor::after), ON_A_PAGE + 1).await?,
        None => Vec::new(),
    };
    let older = cut(&mut items, ON_A_PAGE).map(|last| Cursor::new(last.application.at, &last.application.id));
    let items =
        items.into_iter().map(|sight| Item { over: sight.application.is_over, until: sight.application.use_until, sight }).collect();
    let page = Applications { told: asked.told, items, older, newest: asked.before.is_none() };
    pages.show(&worker.visit, "portal/applications.html", "work", page)
}

/// Takes one application back, at once, and no other.
pub(super) async fn withdraw(
    State(pages): State<Pages>,
    worker: Worker,
    Path(application): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    pages.form(&worker.known, &headers, body).await?;
    let id = worker.id().ok_or(PageError::NotFound)?;
    pages.node().withdraw_application(id, &application).await?;
    Ok(on_to("/portal/applications?told=withdrawn"))
}
