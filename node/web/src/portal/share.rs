//! Sharing: a worker picks what for, with whom and what; sees exactly what each of them will see, and the text; then says yes, or nothing happens.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use polder_consent::view::present;
use polder_consent::{Authentication, Field, FieldSet};
use polder_exchange::people::{DecideRefused, Decision, RequestSight};
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_store::people::Door;
use polder_trust::register::Status;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::asking::{Asking, open_request};
use super::preview::{Preview, has_changed};
use super::profile::Draft;
use crate::pages::{Fields, PageError, Pages, Worker, on_to};

/// The purposes that a worker can begin by themself; the others follow from what they do: applying, or answering a request.
const OFFERED: [Purpose; 3] = [Purpose::MatchVacancy, Purpose::TrainingAdvice, Purpose::BeContacted];
/// How long ago somebody may have shown who they are when they give, in seconds.
const RECENT: i64 = 15 * 60;
const DAY: i64 = 86_400;
/// For how many days a consent can be given here.
const DAYS: [i64; 4] = [30, 90, 180, 365];

#[derive(Deserialize)]
pub(super) struct Asked {
    purpose: Option<String>,
}

#[derive(Serialize)]
struct Pick {
    purposes: Vec<&'static str>,
    purpose: Option<&'static str>,
    partners: Vec<Partner>,
    needed: FieldSet,
    /// What may be shared beside what is needed, and whether the profile says something of it.
    optional: Vec<Optional>,
    /// For how many days, and whether it was picked.
    days: Vec<(i64, bool)>,
    /// What is to be picked still: the part of the form, and the message that says it.
    wrong: Vec<(&'static str, &'static str)>,
}

#[derive(Serialize)]
struct Partner {
    id: PartnerId,
    name: String,
    /// What it is in the region, such as an employer.
    kind: String,
    picked: bool,
}

#[derive(Serialize)]
struct Optional {
    field: Field,
    has: bool,
    picked: bool,
}

fn purpose(name: &str) -> Option<Purpose> {
    OFFERED.into_iter().find(|purpose| purpose.as_str() == name)
}

/// The members of a worker's profile; `None` where there is none.
pub(super) async fn profile(pages: &Pages, worker: &Worker) -> Result<Option<Map<String, Value>>, PageError> {
    members_of(worker.profile(pages).await?.as_deref())
}

/// The members of a profile that was read.
pub(super) fn members_of(document: Option<&[u8]>) -> Result<Option<Map<String, Value>>, PageError> {
    document.map(serde_json::from_slice).transpose().map_err(PageError::internal)
}

/// Picks what for; then with whom, and what.
pub(super) async fn pick(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let chosen = asked.purpose.as_deref().and_then(purpose);
    show_form(&pages, &worker, chosen, &Fields::default(), Vec::new()).await
}

/// The form, as far as it is filled in.
async fn show_form(
    pages: &Pages,
    worker: &Worker,
    chosen: Option<Purpose>,
    fields: &Fields,
    wrong: Vec<(&'static str, &'static str)>,
) -> Result<Response, PageError> {
    let Some(members) = profile(pages, worker).await? else { return Ok(on_to("/portal/profile?told=first")) };
    let purposes: Vec<Purpose> = OFFERED.into_iter().filter(|purpose| pages.node().policy().uses(*purpose)).collect();
    let chosen = chosen.filter(|chosen| purposes.contains(chosen));
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let mut page = Pick {
        purposes: purposes.iter().map(|purpose| purpose.as_str()).collect(),
        purpose: chosen.map(Purpose::as_str),
        partners: Vec::new(),
        needed: FieldSet::NONE,
        optional: Vec::new(),
        days: Vec::new(),
        wrong,
    };
    if let Some((chosen, rules)) = chosen.and_then(|chosen| Some((chosen, pages.node().policy().rules(chosen)?))) {
        let (register, words) = (pages.node().register(), pages.words(worker.visit.language));
        let may =
            |member: &&std::sync::Arc<polder_trust::register::Member>| member.status == Status::Active && member.purposes.contains(&chosen);
        let partner = |member: &std::sync::Arc<polder_trust::register::Member>| Partner {
            picked: fields.all("recipient").any(|name| name == member.partner.as_str()),
            id: member.partner.clone(),
            name: member.name.clone(),
            kind: words.roles(&member.roles),
        };
        page.partners = register.members().iter().filter(may).map(partner).collect();
        page.partners.sort_by(|one, other| one.name.cmp(&other.name));
        page.needed = rules.needs;
        let has = present(&members, rules.allows);
        let picked = picked(fields);
        let optional = rules.allows.without(rules.needs).iter();
        let optional = optional.map(|field| Optional { field, has: has.contains(field), picked: picked.contains(field) });
        // What the form of a profile has no place for, and the profile does not say, cannot be filled in.
        page.optional = optional.filter(|optional| optional.has || Draft::asks_for(optional.field)).collect();
        page.days = days(pages).into_iter().map(|days| (days, fields.one("days") == days.to_string())).collect();
    }
    pages.show_as(status, &worker.visit, "portal/share.html", "share", page)
}

/// The fields that a form has picked.
fn picked(fields: &Fields) -> FieldSet {
    fields.all("field").filter_map(|name| name.parse::<Field>().ok()).collect()
}

/// What would be shared, before anything is.
#[derive(Serialize)]
struct Check {
    purpose: &'static str,
    recipients: Vec<PartnerId>,
    fields: FieldSet,
    until: Timestamp,
    /// The text, in lines.
    text: Vec<String>,
    notice: String,
    #[serde(flatten)]
    preview: Preview,
    /// What was picked and is not in the profile yet: it is seen once it is.
    later: FieldSet,
    /// For how many days, where that was picked from the list.
    days: Option<i64>,
    /// Where to show anew who they are, where that is needed before a yes.
    anew: Option<String>,
    /// What is answered, where somebody asked.
    request: Option<Answering>,
}

/// What somebody asked, and how a worker answers it so far.
#[derive(Serialize)]
struct Answering {
    #[serde(flatten)]
    asking: Asking,
    /// What they may see for this already.
    already: FieldSet,
    /// What can be left out, and whether it is.
    ticks: Vec<Tick>,
    /// What it is nothing without.
    needed: FieldSet,
    /// For how many days, and which is picked.
    days: Vec<(i64, bool)>,
    /// Why it is shown anew.
    wrong: Option<&'static str>,
}

#[derive(Serialize)]
struct Tick {
    field: Field,
    picked: bool,
    /// Whether the profile says something of it.
    has: bool,
}

/// What a form says that a worker decides.
fn decision(fields: &Fields, worker: &Worker, pages: &Pages) -> Result<Decision, PageError> {
    let purpose: Purpose = fields.one("purpose").parse().ok().ok_or(PageError::status(StatusCode::BAD_REQUEST))?;
    let rules = pages.node().policy().rules(purpose).ok_or(PageError::status(StatusCode::BAD_REQUEST))?;
    let recipients: Vec<PartnerId> = fields.all("recipient").filter_map(|name| name.parse().ok()).collect();
    let picked = picked(fields);
    let until = match fields.one("until").parse::<Timestamp>() {
        Ok(until) => until,
        Err(_) => {
            let picked = fields.one("days").parse().ok().filter(|picked| days(pages).contains(picked));
            pages.node().now().plus_seconds(picked.ok_or(PageError::status(StatusCode::BAD_REQUEST))? * DAY)
        }
    };
    Ok(Decision {
        purpose,
        recipients,
        fields: picked.or(rules.needs).and(rules.allows),
        stays: FieldSet::NONE,
        until: Some(until),
        language: worker.visit.language,
        about: None,
    })
}

/// Whether who they are was shown lately, and well enough to give.
pub(super) fn may_give(pages: &Pages, worker: &Worker) -> bool {
    let session = &worker.known.is.session;
    let enough = pages.providers().at(Door::Portal).is_some_and(|at| at.is_enough(&session.level));
    enough && session.authenticated_at >= pages.node().now().plus_seconds(-RECENT)
}

/// What of the form is to be picked still, by its parts.
fn missing(fields: &Fields, purpose: Purpose, pages: &Pages) -> Vec<(&'static str, &'static str)> {
    let needs_nothing = pages.node().policy().rules(purpose).is_some_and(|rules| rules.needs.is_empty());
    let parts = [
        ("who", "share-wrong-who", fields.all("recipient").next().is_none()),
        ("what", "share-wrong-what", needs_nothing && picked(fields).is_empty()),
        ("long", "share-wrong-long", fields.one("days").is_empty()),
    ];
    parts.into_iter().filter(|(.., is_missing)| *is_missing).map(|(part, message, _)| (part, message)).collect()
}

/// Shows what would be shared. Nothing is shared yet.
pub(super) async fn check(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let fields = pages.form(&worker.known, &headers, body).await?;
    let chosen = purpose(fields.one("purpose")).ok_or(PageError::status(StatusCode::BAD_REQUEST))?;
    let missing = missing(&fields, chosen, &pages);
    if fields.one("do") == "back" || !missing.is_empty() {
        return show_form(&pages, &worker, Some(chosen), &fields, missing).await;
    }
    let decision = decision(&fields, &worker, &pages)?;
    show(&pages, &worker, decision, &fields, None).await
}

async fn show(
    pages: &Pages,
    worker: &Worker,
    decision: Decision,
    fields: &Fields,
    request: Option<Answering>,
) -> Result<Response, PageError> {
    let members = profile(pages, worker).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let text = pages.node().notice_for(&decision)?;
    let preview = Preview::of(pages, worker, &members, &decision, fields).await?;
    let status = preview.looked.status();
    let back =
        request.as_ref().map_or_else(|| "/portal/share".to_owned(), |request| format!("/portal/requests/{}", request.asking.sight.id));
    let page = Check {
        purpose: decision.purpose.as_str(),
        later: decision.fields.without(present(&members, decision.fields)),
        until: decision.until.unwrap_or_else(|| pages.node().now()),
        notice: hex::encode(Sha256::digest(&text)),
        text: text.lines().map(str::to_owned).collect(),
        recipients: decision.recipients,
        fields: decision.fields,
        preview,
        days: fields.one("days").parse().ok().filter(|_| request.is_none()),
        anew: (!may_give(pages, worker)).then(|| format!("/portal/login?anew=true&back={back}")),
        request,
    };
    pages.show_as(status, &worker.visit, "portal/check.html", "share", page)
}

/// For how many days a consent can be given here.
fn days(pages: &Pages) -> Vec<i64> {
    let longest = pages.node().policy().consent_days;
    let some: Vec<i64> = DAYS.into_iter().filter(|days| *days <= longest).collect();
    if some.is_empty() { vec![longest] } else { some }
}

/// How a worker answers a request: with how much, and for how many days.
async fn answering(
    pages: &Pages,
    worker: &Worker,
    sight: RequestSight,
    (fields, picked): (FieldSet, i64),
    wrong: Option<&'static str>,
) -> Result<(Decision, Answering), PageError> {
    let rules = pages.node().policy().rules(sight.purpose).ok_or(PageError::NotFound)?;
    let members = profile(pages, worker).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let already = already(pages, worker, &sight).await?;
    let all = sight.fields.or(already);
    let has = present(&members, all);
    let tick = |field| Tick { field, picked: fields.contains(field), has: has.contains(field) };
    let decision = Decision {
        purpose: sight.purpose,
        recipients: vec![sight.recipient.clone()],
        fields,
        stays: FieldSet::NONE,
        until: Some(pages.node().now().plus_seconds(picked * DAY)),
        language: worker.visit.language,
        about: sight.about.clone(),
    };
    let answering = Answering {
        ticks: all.without(rules.needs).iter().map(tick).collect(),
        needed: all.and(rules.needs),
        already,
        days: days(pages).into_iter().map(|days| (days, days == picked)).collect(),
        wrong,
        asking: Asking::new(pages, worker.visit.language, sight),
    };
    Ok((decision, answering))
}

/// What whoever asks may see for this already: a yes without it would end that.
async fn already(pages: &Pages, worker: &Worker, sight: &RequestSight) -> Result<FieldSet, PageError> {
    let Some(id) = worker.id() else { return Ok(FieldSet::NONE) };
    let (store, now) = (pages.node().store(), pages.node().now());
    let kept = store.in_force_for(id, sight.purpose, &sight.recipient, now).await?;
    Ok(kept.map_or(FieldSet::NONE, |kept| kept.consent.fields))
}

/// What somebody asks, with everything that is to be known before it is answered.
pub(super) async fn request(State(pages): State<Pages>, worker: Worker, Path(name): Path<String>) -> Result<Response, PageError> {
    let request = open_request(&pages, &worker, &name).await?;
    let fields = request.fields.or(already(&pages, &worker, &request).await?);
    let (decision, answering) = answering(&pages, &worker, request, (fields, usual(&pages)), None).await?;
    show(&pages, &worker, decision, &Fields::default(), Some(answering)).await
}

/// For how many days something is given, unless the worker says otherwise.
fn usual(pages: &Pages) -> i64 {
    let days = days(pages);
    *days.iter().find(|days| **days == DAYS[1]).or(days.last()).unwrap_or(&DAYS[0])
}

/// A yes to a request, or another look at it. Where something was changed after the text was made, the text is shown anew: nobody agrees to what they did not
/// read.
async fn answer(pages: &Pages, worker: &Worker, request: RequestSight, fields: &Fields) -> Result<Response, PageError> {
    let rules = pages.node().policy().rules(request.purpose).ok_or(PageError::NotFound)?;
    let all = request.fields.or(already(pages, worker, &request).await?);
    let picked = picked(fields).or(rules.needs).and(all);
    let for_days = fields.one("days").parse().ok().filter(|picked| days(pages).contains(picked)).unwrap_or_else(|| usual(pages));
    let id = request.id;
    if picked.is_empty() {
        let (decision, answering) = answering(pages, worker, request, (all, for_days), Some("request-wrong-nothing")).await?;
        return show(pages, worker, decision, &Fields::default(), Some(answering)).await;
    }
    let (decision, mut answering) = answering(pages, worker, request, (picked, for_days), None).await?;
    let notice = hex::encode(Sha256::digest(pages.node().notice_for(&decision)?));
    if fields.one("answer") != "yes" || notice != fields.one("notice") {
        answering.wrong = (fields.one("answer") == "yes").then_some("request-wrong-changed");
        return show(pages, worker, decision, &Fields::default(), Some(answering)).await;
    }
    if has_changed(pages, worker, &decision, fields).await? {
        return show(pages, worker, decision, fields, Some(answering)).await;
    }
    if !may_give(pages, worker) {
        return Err(PageError::Said(StatusCode::FORBIDDEN, "problem-show-again"));
    }
    let worker_id = worker.named(pages).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let assisted_by = pages.node().assistance(worker_id, id, &decision).await?;
    pages.node().give(worker_id, &decision, &notice, authentication(worker), assisted_by).await?;
    Ok(on_to("/portal?told=shared"))
}

/// How a worker showed who they are.
fn authentication(worker: &Worker) -> Authentication {
    let session = &worker.known.is.session;
    Authentication { issuer: session.provider.clone(), level: session.level.clone(), at: session.authenticated_at }
}

/// Gives what was decided; or does not.
pub(super) async fn give(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let fields = pages.form(&worker.known, &headers, body).await?;
    if !fields.one("request").is_empty() {
        let request = open_request(&pages, &worker, fields.one("request")).await?;
        if matches!(fields.one("answer"), "yes" | "look") {
            return answer(&pages, &worker, request, &fields).await;
        }
        if let Some(id) = worker.id() {
            let refuses = fields.one("answer") == "no";
            let answered = pages.node().answer_request(id, request.id, refuses).await?;
            answered.map_err(|_| PageError::from(DecideRefused::NotOpen))?;
            if !refuses {
                return Ok(on_to("/portal?told=later"));
            }
        }
        return Ok(on_to("/portal?told=not-shared"));
    }
    if fields.one("answer") != "yes" {
        return Ok(on_to("/portal?told=not-shared"));
    }
    if !may_give(&pages, &worker) {
        return Err(PageError::Said(StatusCode::FORBIDDEN, "problem-show-again"));
    }
    let id = worker.named(&pages).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let decision = decision(&fields, &worker, &pages)?;
    if has_changed(&pages, &worker, &decision, &fields).await? {
        return show(&pages, &worker, decision, &fields, None).await;
    }
    pages.node().give(id, &decision, fields.one("notice"), authentication(&worker), None).await?;
    Ok(on_to("/portal?told=shared"))
}
