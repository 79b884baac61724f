//! `polder rights access`.

use clap::Args;
use polder_consent::holdings::{Difference, DifferenceKind, Erasing, HeldCopy, Keeping};
use polder_consent::{FieldSet, Retained};
use polder_exchange::people::HoldingsState;
use polder_model::{PartnerId, Purpose};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::left_out;
use crate::client::NodeArgs;
use crate::commands::consent::words;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::{Lang, count, moment, table};

/// Whether partners are asked.
#[derive(Debug, Args)]
pub(crate) struct AccessArgs {
    /// Show what is known, without asking anyone.
    #[arg(long)]
    known: bool,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Deserialize)]
struct Access {
    home: Home,
    partners: Vec<Partner>,
}

#[derive(Deserialize)]
struct Home {
    profile: Option<Value>,
    consents: Vec<Value>,
    disclosures: Vec<Value>,
    questions: Vec<Value>,
    receipts: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Partner {
    partner: PartnerId,
    partner_name: String,
    state: HoldingsState,
    since: String,
    answered_at: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    copies: Vec<HeldCopy>,
    #[serde(default)]
    erasing: Vec<Erasing>,
    #[serde(default)]
    retained: Vec<Keeping>,
    #[serde(default)]
    more: bool,
    #[serde(default)]
    differences: Vec<Difference>,
}

/// Asks, and shows what is held. Exit code 1 when a partner has not answered.
pub(super) async fn run(args: &AccessArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let (lang, client) = (output.lang, args.node.client(config)?);
    let method = if args.known { Method::GET } else { Method::POST };
    let body = client.send(method, "/v1/me/access", &[], None).await?.success()?;
    if output.json {
        output.pretty_json(&serde_json::from_slice::<Value>(&body).map_err(words::no_form)?)?;
    }
    let document: Value = serde_json::from_slice(&body).map_err(words::no_form)?;
    let access = Access::deserialize(&document).map_err(words::no_form)?;
    if !output.json {
        lines(&access, lang).into_iter().chain(left_out(&document["home"], lang)).try_for_each(|line| output.line(line))?;
    }
    // Whoever only shows what is known has asked nobody.
    let is_whole = args.known || access.partners.iter().all(|partner| partner.state != HoldingsState::Awaited);
    Ok(if is_whole { Exit::Done } else { Exit::Refused })
}

fn lines(access: &Access, lang: Lang) -> Vec<String> {
    let home = &access.home;
    let profile = match (&home.profile, lang) {
        (Some(_), Lang::En) => "your profile",
        (Some(_), Lang::Nl) => "uw profiel",
        (None, Lang::En) => "no profile",
        (None, Lang::Nl) => "geen profiel",
    };
    let consents = words::consents(home.consents.len(), lang);
    let said = |list: &[Value], one, many| count(list.len(), one, many);
    let (seen, asked, receipts) = lang.either(
        (
            said(&home.disclosures, "line", "lines"),
            said(&home.questions, "question", "questions"),
            said(&home.receipts, "receipt", "receipts"),
        ),
        (
            said(&home.disclosures, "regel", "regels"),
            said(&home.questions, "vraag", "vragen"),
            said(&home.receipts, "bevestiging", "bevestigingen"),
        ),
    );
    let mut lines = vec![lang.either(
        format!("Here: {profile}, {consents} with what you read then, {seen} of who saw what, {asked} asked for you, {receipts}. --json shows all of it."),
        format!("Hier: {profile}, {consents} met de tekst die u las, {seen} over wie wat zag, {asked} namens u, {receipts}. Met --json ziet u alles."),
    )];
    if access.partners.is_empty() {
        lines.push(lang.either("No partner received anything of you.", "Geen enkele partner heeft iets van u gekregen.").to_owned());
    }
    for partner in &access.partners {
        lines.extend(of_partner(partner, lang));
    }
    if access.partners.iter().any(|partner| !partner.copies.is_empty()) {
        lines.push(
            lang.either(
                "What is in a copy is with the system that is named; the nodes note that it came, not what it says.",
                "Wat er in een kopie staat heeft het genoemde systeem; de knooppunten noteren dat er iets kwam, niet wat.",
            )
            .to_owned(),
        );
    }
    lines
}

fn of_partner(partner: &Partner, lang: Lang) -> Vec<String> {
    let who = words::partner(&partner.partner_name, partner.partner.as_str());
    if partner.state == HoldingsState::Left {
        let since = words::moment(&partner.since, lang);
        return vec![lang.either(
            format!("{who}: left the federation and cannot be asked (not answered since {since})"),
            format!("{who}: uit het netwerk gegaan en niet meer te vragen (geen antwoord sinds {since})"),
        )];
    }
    let Some(answered) = &partner.answered_at else {
        let (since, reason) = (words::moment(&partner.since, lang), clean(partner.reason.as_deref().unwrap_or("-")));
        return vec![lang.either(
            format!("{who}: not answered since {since} ({reason}); it is asked again until it does"),
            format!("{who}: heeft niet geantwoord sinds {since} ({reason}); wordt opnieuw gevraagd tot er antwoord is"),
        )];
    };
    let at = words::moment(answered, lang);
    let mut lines = vec![match (partner.copies.is_empty() && partner.erasing.is_empty() && partner.retained.is_empty(), lang) {
        (true, Lang::En) => format!("{who}: holds nothing of you (answered at {at})"),
        (true, Lang::Nl) => format!("{who}: heeft niets van u (antwoord van {at})"),
        (false, Lang::En) => format!("{who}: answered at {at}"),
        (false, Lang::Nl) => format!("{who}: antwoord van {at}"),
    }];
    let row = |what_for: Purpose, fields: FieldSet, when: String, system: &str| {
        let unknown = lang.either("it is not known in which system", "niet bekend in welk systeem");
        let system = if system.is_empty() { unknown.to_owned() } else { clean(system) };
        vec![format!("  {}", words::purpose(what_for, lang)), words::fields(fields, lang), when, system]
    };
    let held = partner.copies.iter().map(|copy| {
        let (at, until) = (moment(copy.at, lang), moment(copy.use_until, lang));
        let when = lang.either(format!("{at} until {until}"), format!("{at} tot {until}"));
        row(copy.purpose, copy.fields, when, &copy.system)
    });
    let erasing = partner.erasing.iter().map(|erasing| {
        let when = format!("{} {}", lang.either("being erased since", "wordt gewist sinds"), moment(erasing.since, lang));
        row(erasing.purpose, erasing.fields, when, &erasing.system)
    });
    let retained = partner.retained.iter().map(|kept| {
        let Keeping { purpose, fields, basis, statute, until, .. } = kept.clone();
        let law = words::law(&Retained { fields, basis, statute, until }, lang);
        row(purpose, fields, format!("{} {law}", lang.either("kept by law", "bewaard volgens de wet")), &kept.system)
    });
    lines.extend(table::lines(&held.chain(erasing).chain(retained).collect::<Vec<_>>()));
    if partner.more {
        lines.push(lang.either("  and more than is listed", "  en meer dan hier staat").to_owned());
    }
    lines.extend(partner.differences.iter().map(|difference| format!("  ! {}: {}", difference.disclosure, differs(difference.kind, lang))));
    lines
}

fn differs(kind: DifferenceKind, lang: Lang) -> &'static str {
    match kind {
        DifferenceKind::NotInLedger => lang.either(
            "it holds this, and your node never noted that it was given",
            "heeft dit, en uw knooppunt heeft niet genoteerd dat het gegeven is",
        ),
        DifferenceKind::Erased => {
            lang.either("it said that it had erased this, and holds it", "zei dit gewist te hebben, en heeft het nog")
        }
        DifferenceKind::Differs => lang.either("it holds this otherwise than it was given", "heeft dit anders dan het gegeven is"),
        DifferenceKind::NotHeld => lang.either("it got this, and says that it does not hold it", "kreeg dit, en zegt het niet te hebben"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_kept_by_law_and_what_is_in_an_unknown_system_is_said() {
        let copy = json!({"disclosure": "1".repeat(32), "purpose": "match-vacancy", "epoch": 2, "fields": ["/title"], "at": "2026-11-29T12:00:00Z",
                          "useUntil": "2026-11-30T12:00:00Z", "system": ""});
        let kept = json!({"purpose": "match-vacancy", "epoch": 1, "fields": ["/skills"], "basis": "legal-obligation", "statute": "AWR art. 52",
                          "until": "2040-01-01T00:00:00Z", "system": "ats"});
        let partner = json!({"partner": "kvk:90000001", "partnerName": "Proef BV", "since": "2026-11-29T12:00:00Z", "answeredAt": "2026-11-29T12:00:00Z",
                             "state": "answered", "copies": [copy], "retained": [kept]});
        let lines = |lang| of_partner(&serde_json::from_value(partner.clone()).expect("an answer"), lang).join("\n");
        let (dutch, english) = (lines(Lang::Nl), lines(Lang::En));
        for says in [
            "niet bekend in welk systeem",
            "uw vaardigheden",
            "bewaard volgens de wet tot 01-01-2040 00:00 UTC: AWR art. 52 (dat moet van de wet)",
            "ats",
        ] {
            assert!(dutch.contains(says), "{says}: {dutch}");
        }
        assert!(english.contains("kept by law until 2040-01-01 00:00 UTC: AWR art. 52 (it is obliged to)"), "{english}");
        let nothing = json!({"partner": "kvk:90000001", "partnerName": "", "state": "answered", "since": "2026-11-29T12:00:00Z", "answeredAt": "2026-11-29T12:00:00Z"});
        let nothing: Partner = serde_json::from_value(nothing).expect("an answer");
        assert!(of_partner(&nothing, Lang::Nl)[0].contains("heeft niets van u"));
    }
}
