//! `polder log activities`: what the records of the processing log point to, as the running node says it.

use polder_exchange::people::{Activities, Activity, Basis, KeptFor};

use crate::client::NodeArgs;
use crate::commands::consent::{show, words};
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::{Lang, count};

pub(super) async fn list(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let all = show::one_page(&args.client(config)?, "/v1/activities").await?;
    show::show(&all, output.lang, output, lines)
}

fn lines(all: &Activities, lang: Lang) -> Vec<String> {
    let who = &all.controller;
    let mut lines =
        vec![format!("{}: {}", lang.either("responsible", "verantwoordelijk"), words::partner(&who.name, who.partner.as_str()))];
    for (head, said) in [(lang.either("address", "adres"), &who.address), (lang.either("reached by", "te bereiken via"), &who.contact)] {
        lines.extend(said.as_deref().map(|said| format!("{head}: {}", clean(said))));
    }
    for one in &all.items {
        lines.push(String::new());
        lines.extend(activity(one, lang));
    }
    lines.push(String::new());
    lines.push(kept(&all.kept, lang));
    lines
}

fn activity(one: &Activity, lang: Lang) -> Vec<String> {
    let what_for = one.purpose.map_or_else(|| lang.either("keep profiles", "profielen bewaren"), |purpose| words::purpose(purpose, lang));
    let used = if one.in_use { "" } else { lang.either(" (not used)", " (niet in gebruik)") };
    let unsaid = || lang.either("not said: set legal_basis in the configuration", "niet gezegd: zet legal_basis in de configuratie");
    let mut lines = vec![
        format!("{}  {what_for}{used}", clean(&one.activity)),
        format!("  {}: {}", lang.either("basis", "grondslag"), one.legal_basis.map_or_else(unsaid, |basis| words_of(basis, lang))),
    ];
    if !one.fields.is_empty() {
        lines.push(format!("  {}: {}", lang.either("may be seen", "mag gezien worden"), words::fields(one.fields, lang)));
    }
    if let Some(seconds) = one.lease_seconds {
        let hours = usize::try_from(seconds / 3_600).unwrap_or(0);
        let time = count(hours, lang.either("hour", "uur"), lang.either("hours", "uur"));
        lines.push(lang.either(format!("  used without asking again: {time}"), format!("  te gebruiken zonder opnieuw te vragen: {time}")));
    }
    lines.push(format!("  {}: {}", lang.either("records", "regels in het log"), clean(&one.records.join(", "))));
    lines
}

/// A basis, with its place in the law.
fn words_of(basis: Basis, lang: Lang) -> &'static str {
    match basis {
        Basis::Consent => lang.either("consent (GDPR art. 6(1)(a))", "toestemming (AVG art. 6 lid 1 onder a)"),
        Basis::ContractRequest => {
            lang.either("asked for before a contract (GDPR art. 6(1)(b))", "gevraagd vóór een overeenkomst (AVG art. 6 lid 1 onder b)")
        }
        Basis::Contract => lang.either("a contract (GDPR art. 6(1)(b))", "overeenkomst (AVG art. 6 lid 1 onder b)"),
        Basis::LegalObligation => lang.either("an obligation by law (GDPR art. 6(1)(c))", "wettelijke plicht (AVG art. 6 lid 1 onder c)"),
        Basis::PublicTask => lang.either("a public task (GDPR art. 6(1)(e))", "publieke taak (AVG art. 6 lid 1 onder e)"),
        Basis::LegitimateInterest => {
            lang.either("a legitimate interest (GDPR art. 6(1)(f))", "gerechtvaardigd belang (AVG art. 6 lid 1 onder f)")
        }
    }
}

fn kept(kept: &KeptFor, lang: Lang) -> String {
    let KeptFor { consent_days, ledger_days, remembered_days, processing_days, processing_keys_days } = kept;
    lang.either(
        format!(
            "kept, in days: a consent at most {consent_days}, who saw what {ledger_days}, that something ended {remembered_days}, \
             records of the processing log {processing_days}, whom they are about {processing_keys_days}"
        ),
        format!(
            "bewaard, in dagen: een toestemming hoogstens {consent_days}, wie wat zag {ledger_days}, dat iets eindigde {remembered_days}, \
             regels van het verwerkingslog {processing_days}, over wie ze gaan {processing_keys_days}"
        ),
    )
}
