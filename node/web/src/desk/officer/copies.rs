//! An incident at a partner: which copies left to it within some time, of which workers, under which consents. By handle, as that partner knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use polder_consent::is_offered;
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_store::people::LeftCopy;
use serde::{Deserialize, Serialize};

use super::{Named, name_of, partners};
use crate::pages::{As, PageError, Pages, PrivacyOfficer};

/// Most copies of one file.
const MOST: u32 = 20_000;
/// Copies that the page shows.
const SHOWN: usize = 15;
/// Longest time that is looked at, in days.
const LONGEST_DAYS: i64 = 31;
const DAY: i64 = 86_400;

#[derive(Deserialize)]
pub(super) struct Asked {
    partner: Option<String>,
    from: Option<String>,
    until: Option<String>,
    /// One purpose, or all.
    purpose: Option<String>,
    /// The first copy that the page shows.
    row: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    partners: Vec<Named>,
    partner: String,
    purposes: Vec<Purpose>,
    purpose: String,
    from: String,
    until: String,
    /// What of the form is wrong.
    wrong: Option<&'static str>,
    found: Option<Found>,
    /// How many workers are missing from it, who were erased since.
    erased_since: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    name: String,
    copies: usize,
    /// Distinct workers, and consents.
    workers: usize,
    consents: usize,
    /// Distinct applications.
    applications: usize,
    /// Copies that it may hold still: neither erased, as it says, nor to be erased, nor beyond their time.
    held: usize,
    erased: usize,
    /// Those that it was told to erase, wholly or in part, and has not said that it did.
    to_erase: usize,
    /// Beyond their time, not to be erased, and not said to be.
    over: usize,
    purposes: Vec<(Purpose, usize)>,
    rows: Vec<LeftCopy>,
    /// The number of the first of these rows, of the last, and where the next ones begin.
    first: usize,
    last: usize,
    next: Option<usize>,
    now: Timestamp,
    /// Where the files are.
    query: String,
    /// Whether there are more than are looked at.
    cut_at: Option<u32>,
}

/// Whom and when is meant.
struct Window {
    partner: PartnerId,
    from: Timestamp,
    until: Timestamp,
    purpose: Option<Purpose>,
}

/// A moment as the form sends it, by the clock of the Netherlands.
fn moment(text: &str) -> Option<Timestamp> {
    let local: DateTime = text.parse().ok()?;
    let zone = TimeZone::get("Europe/Amsterdam").ok()?;
    let instant = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    (instant.as_microsecond() >= 0).then(|| Timestamp::from_micros(instant.as_microsecond()))
}

/// The same the other way.
fn local(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC);
    let instant = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    zone.to_datetime(instant).strftime("%Y-%m-%dT%H:%M").to_string()
}

impl Asked {
    fn read(&self) -> Result<Window, &'static str> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let partner = text(&self.partner).parse().map_err(|_| "incidents-wrong-partner")?;
        let from = moment(&text(&self.from)).ok_or("incidents-wrong-moment")?;
        let until = moment(&text(&self.until)).ok_or("incidents-wrong-moment")?;
        if until <= from {
            return Err("incidents-wrong-order");
        }
        if until > from.plus_seconds(LONGEST_DAYS * DAY) {
            return Err("incidents-wrong-long");
        }
        let purpose = self.purpose.as_deref().filter(|purpose| !purpose.is_empty());
        let purpose = purpose.map(|purpose| purpose.parse().map_err(|_| "incidents-wrong-purpose")).transpose()?;
        Ok(Window { partner, from, until, purpose })
    }
}

async fn copies(pages: &Pages, window: &Window) -> Result<Result<Vec<LeftCopy>, &'static str>, PageError> {
    let store = pages.node().store();
    let found = store.copies_left(&window.partner, window.purpose, (window.from, window.until), MOST + 1).await?;
    Ok(found.ok_or("incidents-wrong-many"))
}

/// The form, and what was found.
pub(super) async fn show(
    State(pages): State<Pages>,
    As { staff, .. }: As<PrivacyOfficer>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (home, now) = (&pages.node().home().partner, pages.node().now());
    let mut partners = partners(&pages);
    partners.retain(|one| one.partner != *home);
    let begun = asked.partner.is_some() || asked.from.is_some() || asked.until.is_some();
    let mut page = Page {
        partners,
        purposes: Purpose::ALL.into_iter().filter(|purpose| purpose.is_about_people() && is_offered(*purpose)).collect(),
        purpose: asked.purpose.clone().unwrap_or_default(),
        partner: asked.partner.clone().unwrap_or_default(),
        from: asked.from.clone().unwrap_or_else(|| local(now.plus_seconds(-DAY))),
        until: asked.until.clone().unwrap_or_else(|| local(now.plus_seconds(60))),
        wrong: None,
        found: None,
        erased_since: 0,
    };
    if begun {
        match asked.read() {
            Err(wrong) => page.wrong = Some(wrong),
            Ok(window) => match copies(&pages, &window).await? {
                Err(wrong) => page.wrong = Some(wrong),
                Ok(found) => {
                    page.erased_since = pages.node().store().erased_since(&window.partner, (window.from, window.until)).await?;
                    page.found = Some(said(&pages, &window, &asked, found));
                }
            },
        }
    }
    let status = if page.wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    pages.show_as(status, &staff.visit, "desk/incidents.html", "incidents", page)
}

fn said(pages: &Pages, window: &Window, asked: &Asked, mut all: Vec<LeftCopy>) -> Found {
    let now = pages.node().now();
    let is_cut = all.len() > MOST as usize;
    all.truncate(MOST as usize);
    let mut purposes = BTreeMap::new();
    for one in &all {
        purposes.entry(one.purpose.as_str()).or_insert((one.purpose, 0)).1 += 1;
    }
    let workers: BTreeSet<String> = all.iter().filter_map(|one| one.handle.map(|handle| handle.to_string())).collect();
    let under = |applies: bool| {
        let all = all.iter().filter(|one| (one.purpose == Purpose::Application) == applies);
        all.map(|one| one.consent.to_string()).collect::<BTreeSet<String>>().len()
    };
    let (consents, applications) = (under(false), under(true));
    let from = asked.row.filter(|from| *from < all.len()).unwrap_or(0);
    let erased = all.iter().filter(|one| one.erased).count();
    let to_erase = all.iter().filter(|one| one.to_erase).count();
    let held = all.iter().filter(|one| !one.erased && !one.to_erase && one.use_until > now).count();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("partner", window.partner.as_str())
        .append_pair("from", asked.from.as_deref().unwrap_or_default())
        .append_pair("until", asked.until.as_deref().unwrap_or_default())
        .append_pair("purpose", asked.purpose.as_deref().unwrap_or_default())
        .finish();
    Found {
        name: name_of(pages, &window.partner),
        copies: all.len(),
        workers: workers.len(),
        consents,
        applications,
        held,
        erased,
        to_erase,
        over: all.len() - erased - to_erase - held,
        purposes: purposes.into_values().collect(),
        first: from + 1,
        last: all.len().min(from + SHOWN),
        next: (from + SHOWN < all.len()).then_some(from + SHOWN),
        rows: all.into_iter().skip(from).take(SHOWN).collect(),
        now,
        query,
        cut_at: is_cut.then_some(MOST),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'f> {
    source: &'f PartnerId,
    recipient: &'f PartnerId,
    from: Timestamp,
    until: Timestamp,
    /// Whether these are all of them, of the workers who are here.
    complete: bool,
    /// How many workers are missing, who were erased since.
    erased_since: u64,
    items: &'f [LeftCopy],
}

/// What was found, as a file: `json` or `csv`.
pub(super) async fn download(
    State(pages): State<Pages>,
    _: As<PrivacyOfficer>,
    Path(format): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let window = asked.read().map_err(|wrong| PageError::Said(StatusCode::BAD_REQUEST, wrong))?;
    let mut found = copies(&pages, &window).await?.map_err(|wrong| PageError::Said(StatusCode::BAD_REQUEST, wrong))?;
    let complete = found.len() <= MOST as usize;
    found.truncate(MOST as usize);
    let (kind, text) = match format.as_str() {
        "json" => {
            let source = &pages.node().home().partner;
            let Window { partner, from, until, .. } = &window;
            let erased_since = pages.node().store().erased_since(partner, (*from, *until)).await?;
            let file = File { source, recipient: partner, from: *from, until: *until, complete, erased_since, items: &found };
            ("application/json", serde_json::to_string_pretty(&file).map_err(PageError::internal)?)
        }
        "csv" => ("text/csv; charset=utf-8", csv(&found)),
        _ => return Err(PageError::NotFound),
    };
    tracing::info!(recipient = %window.partner, copies = found.len(), "a privacy officer took along which copies left");
    let name = format!("attachment; filename=\"polder-copies.{format}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], text).into_response())
}

/// The same as a table.
fn csv(found: &[LeftCopy]) -> String {
    let mut text = "disclosure,handle,purpose,consent,fields,about,at,useUntil,erased,toErase,consentEnded,leaf\r\n".to_owned();
    for one in found {
        let handle = one.handle.map(|handle| handle.to_string()).unwrap_or_default();
        let fields: Vec<&str> = one.fields.iter().map(polder_consent::Field::pointer).collect();
        let cells = [
            one.disclosure.to_string(),
            handle,
            one.purpose.to_string(),
            one.consent.to_string(),
            fields.join(" "),
            format!("{}:{}", one.about.kind, one.about.key),
            one.at.to_string(),
            one.use_until.to_string(),
            one.erased.to_string(),
            one.to_erase.to_string(),
            one.ended.to_string(),
            one.leaf.to_string(),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        // Into a text it can always be written.
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(partner: &str, from: &str, until: &str) -> Result<(i64, i64), &'static str> {
        let some = |text: &str| Some(text.to_owned());
        let asked = Asked { partner: some(partner), from: some(from), until: some(until), purpose: None, row: None };
        asked.read().map(|window| (window.from.seconds(), window.until.seconds()))
    }

    #[test]
    fn moments_are_those_of_the_netherlands_and_bounded() {
        // Summer and winter time.
        assert_eq!(read("kvk:90000001", "2026-07-01T12:00", "2026-07-01T12:01"), Ok((1_782_900_000, 1_782_900_060)));
        assert_eq!(read("kvk:90000001", "2026-12-01T12:00", "2026-12-01T12:01").map(|(from, _)| from % 86_400), Ok(11 * 3_600));
        for (partner, from, until, wrong) in [
            ("nobody", "2026-07-01T12:00", "2026-07-01T12:01", "incidents-wrong-partner"),
            ("kvk:90000001", "yesterday", "2026-07-01T12:01", "incidents-wrong-moment"),
            ("kvk:90000001", "2026-07-01T12:00", "2026-07-01T12:00", "incidents-wrong-order"),
            ("kvk:90000001", "2026-07-01T12:00", "2026-08-02T12:00", "incidents-wrong-long"),
            ("kvk:90000001", "1960-07-01T12:00", "1960-07-02T12:00", "incidents-wrong-moment"),
        ] {
            assert_eq!(read(partner, from, until), Err(wrong));
        }
        let now = Timestamp::from_micros(1_782_900_000_000_000);
        assert_eq!(moment(&local(now)), Some(now));
    }
}
