//! What a worker sees: `polder consent list`, `erasures`, `who-saw`, `questions`.

use std::collections::HashMap;

use polder_consent::{Event, FieldSet, Retained, State};
use polder_exchange::{Clock, SystemClock};
use polder_model::about::About;
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::words;
use crate::client::NodeArgs;
use crate::client::NodeClient;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::{Lang, table};

/// A list of consents.
#[derive(Deserialize)]
pub(super) struct Consents {
    items: Vec<Standing>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Standing {
    consent: Consent,
    recipient_name: String,
    state: Option<State>,
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Consent {
    id: String,
    recipient: PartnerId,
    purpose: Purpose,
    fields: FieldSet,
    until: String,
}

pub(super) async fn consents(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let all = all_pages(&args.client(config)?, "/v1/me/consents").await?;
    show(&all, output.lang, output, consent_lines)
}

/// Consents as a table.
pub(super) fn consent_lines(all: &Consents, lang: Lang) -> Vec<String> {
    let head = lang.either(["id", "who", "what for", "what", "until", "state"], ["id", "wie", "waarvoor", "wat", "tot", "toestand"]);
    let row = |standing: &Standing| {
        let Consent { id, recipient, purpose, fields, until } = &standing.consent;
        let who = words::partner(&standing.recipient_name, recipient.as_str());
        let what_for = words::purpose(*purpose, lang).to_owned();
        let ground = standing.events.last().and_then(|last| last.ground);
        let state = match (standing.state, ground) {
            (Some(State::Revoked), None) => words::ended(lang).to_owned(),
            (state, None) => words::state(state, lang).to_owned(),
            (state, Some(ground)) => format!("{}: {}", words::state(state, lang), words::ground(ground, lang)),
        };
        vec![clean(id), who, what_for, words::fields(*fields, lang), words::day(until, lang), state]
    };
    rows(&head, all.items.iter().map(row), lang)
}

#[derive(Deserialize)]
struct Copies {
    items: Vec<Copy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Copy {
    recipient: PartnerId,
    recipient_name: String,
    purpose: Purpose,
    fields: FieldSet,
    state: String,
    /// Those that are meant alone, where something was corrected.
    #[serde(default)]
    disclosures: Vec<String>,
    since: String,
    erased_at: Option<String>,
    #[serde(default)]
    retained: Vec<Retained>,
}

pub(super) async fn erasures(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let client = args.client(config)?;
    let all = one_page(&client, "/v1/me/erasures").await?;
    let corrects = |copy: &Value| copy.get("disclosures").is_some();
    let seen = match all["items"].as_array().is_some_and(|items| items.iter().any(corrects)) {
        // Of a correction the copies are named: what they are of stands in the list of who saw what.
        true => Disclosures::deserialize(all_pages(&client, "/v1/me/disclosures").await?).map_err(words::no_form)?.items,
        false => Vec::new(),
    };
    show(&all, output.lang, output, |all, lang| copy_lines(all, &seen, lang))
}

/// What a correction is about: the copies that came before it.
fn corrected(copy: &Copy, seen: &[Seen], lang: Lang) -> String {
    let named = seen.iter().filter(|seen| copy.disclosures.contains(&seen.id)).map(|seen| {
        let (fields, at) = (words::fields(seen.fields, lang), words::moment(&seen.at, lang));
        lang.either(format!("{fields}, as given on {at}"), format!("{fields}, zoals gegeven op {at}"))
    });
    let named: Vec<String> = named.collect();
    // Old rows of who saw what are removed after their time.
    let what = if named.is_empty() { words::fields(copy.fields, lang) } else { named.join("; ") };
    lang.either(format!("{what} (you changed it since)"), format!("{what} (daarna door u veranderd)"))
}

fn copy_lines(all: &Copies, seen: &[Seen], lang: Lang) -> Vec<String> {
    let head = lang.either(["who", "what for", "what", "how it stands"], ["wie", "waarvoor", "wat", "hoe het ervoor staat"]);
    let row = |copy: &Copy| {
        let at = copy.erased_at.as_deref().unwrap_or(&copy.since);
        let stands = match copy.state.as_str() {
            "erased" => lang.either("erased on", "gewist op"),
            "retained" => lang.either("erased, but for what is kept by law, on", "gewist, behalve wat volgens de wet bewaard blijft, op"),
            "outstanding" => lang.either("outstanding since", "nog niet gewist, sinds"),
            "left" => lang.either("left the federation, not confirmed, since", "uit het netwerk gegaan, niet bevestigd, sinds"),
            other => other,
        };
        let who = words::partner(&copy.recipient_name, copy.recipient.as_str());
        let what_for = words::purpose(copy.purpose, lang).to_owned();
        let what = if copy.disclosures.is_empty() { words::fields(copy.fields, lang) } else { corrected(copy, seen, lang) };
        let mut lines = vec![vec![who, what_for, what, format!("{} {}", clean(stands), words::moment(at, lang))]];
        let keeps = lang.either("  keeps by law", "  bewaart volgens de wet");
        lines.extend(
            copy.retained
                .iter()
                .map(|kept| vec![keeps.to_owned(), String::new(), words::fields(kept.fields, lang), words::law(kept, lang)]),
        );
        lines
    };
    rows(&head, all.items.iter().flat_map(row), lang)
}

#[derive(Deserialize)]
struct Disclosures {
    items: Vec<Seen>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    id: String,
    at: String,
    recipient: PartnerId,
    recipient_name: String,
    purpose: Purpose,
    fields: FieldSet,
    about: About,
    erased: bool,
    use_until: Timestamp,
    #[serde(default)]
    erased_fields: FieldSet,
    #[serde(default)]
    recalled: bool,
    #[serde(default)]
    retained: FieldSet,
    #[serde(default)]
    said_by_recipient: bool,
}

pub(super) async fn disclosures(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let all = all_pages(&args.client(config)?, "/v1/me/disclosures").await?;
    show(&all, output.lang, output, seen_lines)
}

fn seen_lines(all: &Disclosures, lang: Lang) -> Vec<String> {
    let head = lang.either(["when", "who", "what for", "what", "copy"], ["wanneer", "wie", "waarvoor", "wat", "kopie"]);
    let now = SystemClock.now();
    let row = |seen: &Seen| {
        let whose = if seen.recipient_name.is_empty() { seen.recipient.as_str() } else { &seen.recipient_name };
        let what_for = format!("{}: {}", words::purpose(seen.purpose, lang), words::about(&seen.about, whose, lang));
        let who = words::partner(&seen.recipient_name, seen.recipient.as_str());
        vec![words::moment(&seen.at, lang), who, what_for, words::fields(seen.fields, lang), copy(seen, now, lang)]
    };
    rows(&head, all.items.iter().map(row), lang)
}

/// What is there of a copy still.
fn copy(seen: &Seen, now: Timestamp, lang: Lang) -> String {
    let over = seen.use_until <= now;
    let mut says = match (seen.erased, seen.retained.is_empty()) {
        (true, true) => lang.either("erased", "gewist"),
        (true, false) => lang.either("erased, but for what is kept by law", "gewist, behalve wat volgens de wet bewaard blijft"),
        (false, _) if seen.recalled => lang.either("to be erased, not confirmed yet", "moet worden gewist, nog niet bevestigd"),
        (false, true) if over => lang.either("may be used no more", "mag niet meer worden gebruikt"),
        (false, true) => lang.either("there", "is er nog"),
        (false, false) => lang.either("there, some of it by law alone", "is er nog, een deel alleen volgens de wet"),
    }
    .to_owned();
    if !seen.erased_fields.is_empty() {
        says += &format!("; {}: {}", lang.either("erased of it", "daarvan gewist"), words::fields(seen.erased_fields, lang));
    }
    if seen.said_by_recipient {
        says += lang.either("; by the word of the recipient alone", "; alleen volgens de ontvanger zelf");
    }
    says
}

#[derive(Deserialize)]
struct Questions {
    items: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    at: String,
    purpose: Purpose,
    partners: Vec<PartnerId>,
    fields: Vec<String>,
}

#[derive(Deserialize)]
struct Partners {
    items: Vec<Partner>,
}

#[derive(Deserialize)]
struct Partner {
    partner: PartnerId,
    name: String,
}

pub(super) async fn questions(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let client = args.client(config)?;
    let all = all_pages(&client, "/v1/me/questions").await?;
    let partners = Partners::deserialize(one_page(&client, "/v1/partners").await?).map_err(words::no_form)?;
    let names = partners.items.into_iter().map(|one| (one.partner, clean(&one.name))).collect();
    show(&all, output.lang, output, |all, lang| question_lines(all, &names, lang))
}

fn question_lines(all: &Questions, names: &HashMap<PartnerId, String>, lang: Lang) -> Vec<String> {
    let head = lang.either(["when", "what for", "about", "whom"], ["wanneer", "waarvoor", "waarover", "wie"]);
    let row = |asked: &Asked| {
        // Whoever has left the register since has no name any more.
        let whom: Vec<&str> = asked.partners.iter().map(|one| names.get(one).map_or(one.as_str(), String::as_str)).collect();
        let about: Vec<String> = asked.fields.iter().map(|name| words::criterion(name, lang)).collect();
        vec![words::moment(&asked.at, lang), words::purpose(asked.purpose, lang).to_owned(), about.join(", "), whom.join(", ")]
    };
    rows(&head, all.items.iter().map(row), lang)
}

pub(in crate::commands) async fn one_page(client: &NodeClient, path: &str) -> Result<Value, Failure> {
    serde_json::from_slice(&client.get(path).await?).map_err(words::no_form)
}

/// All pages as one list.
pub(in crate::commands) async fn all_pages(client: &NodeClient, path: &str) -> Result<Value, Failure> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut page = one_page(client, &format!("{path}?limit=100{cursor}")).await?;
        if let Some(some) = page["items"].as_array_mut() {
            items.append(some);
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(json!({"items": items})),
        }
    }
}

pub(in crate::commands) fn show<T: DeserializeOwned>(
    all: &Value,
    lang: Lang,
    output: &Output,
    lines: impl Fn(&T, Lang) -> Vec<String>,
) -> Result<Exit, Failure> {
    if output.json {
        output.pretty_json(all)?;
        return Ok(Exit::Done);
    }
    let all = T::deserialize(all).map_err(words::no_form)?;
    lines(&all, lang).into_iter().try_for_each(|line| output.line(line))?;
    Ok(Exit::Done)
}

pub(in crate::commands) fn rows(head: &[&str], rows: impl Iterator<Item = Vec<String>>, lang: Lang) -> Vec<String> {
    let mut all = vec![head.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>()];
    all.extend(rows);
    if all.len() == 1 { vec![lang.either("There is nothing.", "Er is niets.").to_owned()] } else { table::lines(&all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_without_a_ground_the_partner_is_not_said_to_have_ended() {
        let one = |event: Value| {
            json!({"consent": {"id": "1".repeat(32), "recipient": "kvk:90000001", "purpose": "match-vacancy", "fields": [], "until": "2026-12-09T12:00:00Z"},
                   "recipientName": "Proef BV", "state": "revoked", "events": [event]})
        };
        let at = "2026-11-29T12:00:00Z";
        let so = one(json!({"what": "revoke", "at": at}));
        let by_them = one(json!({"what": "revoke", "at": at, "ground": "recipient-unfit"}));
        let lines = consent_lines(&Consents::deserialize(json!({"items": [so, by_them]})).expect("consents"), Lang::En);
        assert!(
            lines[1].contains("ended: the profile was taken away, or the recipient says") && !lines[1].contains("by the partner"),
            "{lines:?}"
        );
        assert!(lines[2].contains("ended by the partner: "), "{lines:?}");
    }

    #[test]
    fn two_corrections_are_told_apart_by_the_copies_that_they_are_about() {
        let copy = |id: char| {
            json!({"recipient": "kvk:90000001", "recipientName": "Proef BV", "purpose": "be-contacted", "epoch": 1, "fields": [], "state": "outstanding",
                   "since": "2026-11-29T12:00:00Z", "disclosures": [id.to_string().repeat(32)]})
        };
        let seen = |id: char, at: &str| {
            json!({"id": id.to_string().repeat(32), "at": at, "recipient": "kvk:90000001", "recipientName": "Proef BV", "purpose": "be-contacted",
                   "fields": ["/contact/email"], "about": {"kind": "vacancy", "key": "V-1"}, "useUntil": "2026-12-09T12:00:00Z", "erased": false})
        };
        let copies = Copies::deserialize(json!({"items": [copy('1'), copy('2'), copy('3')]})).expect("copies");
        let seen = json!({"items": [seen('2', "2026-11-02T12:00:00Z"), seen('1', "2026-11-01T12:00:00Z")]});
        let lines = copy_lines(&copies, &Disclosures::deserialize(seen).expect("rows").items, Lang::Nl);
        assert!(
            lines[1].contains("uw e-mailadres, zoals gegeven op 01-11-2026") && lines[1].contains("(daarna door u veranderd)"),
            "{lines:?}"
        );
        assert!(lines[2].contains("uw e-mailadres, zoals gegeven op 02-11-2026"), "{lines:?}");
        assert!(lines[3].contains("alles (daarna door u veranderd)"), "what is too old is said as it is known: {lines:?}");
    }
}
