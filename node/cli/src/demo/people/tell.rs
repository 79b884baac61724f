//! What is told of the workers of the demo, to people and to machines.

use std::io::Write;

use polder_consent::{Field, FieldSet};
use polder_model::answer::QueryResult;
use serde::Deserialize;
use serde_json::{Value, json};

use super::People;
use super::portal::token_file;
use super::workers::{HOME, WITHDRAWS, WORKERS};
use crate::commands::consent::words;
use crate::demo::Federation;
use crate::exit::Failure;
use crate::output::{Style, clean};
use crate::print::{Lang, table};

/// For people.
pub(crate) fn show(out: &mut impl Write, federation: &Federation, people: &People, lang: Lang, style: Style) -> Result<(), Failure> {
    let head = lang.either("Workers decide who may see what of them", "Werkenden bepalen wie wat over hen ziet");
    writeln!(out, "\n4. {}\n", style.bold(head))?;
    let mut rows = Vec::new();
    for worker in &WORKERS {
        let home = federation.node(worker.home)?.partner.name;
        if worker.lets.is_empty() && worker.advice.is_empty() {
            rows.push(vec![
                format!("  {} {}", worker.key, worker.name),
                home.to_owned(),
                lang.either("lets nobody see anything", "laat niemand iets zien").to_owned(),
            ]);
        }
        for (slug, fields, advice) in worker
            .lets
            .iter()
            .map(|(slug, fields)| (slug, fields, false))
            .chain(worker.advice.iter().map(|(slug, fields)| (slug, fields, true)))
        {
            let fields: FieldSet = fields.iter().filter_map(|field| field.parse::<Field>().ok()).collect();
            let recipient = federation.node(slug)?.partner.name;
            let lets = if advice {
                lang.either("wants advice about training, lets see", "wil advies over scholing, laat zien aan")
            } else {
                lang.either("lets see", "laat zien aan")
            };
            rows.push(vec![
                format!("  {} {}", worker.key, worker.name),
                home.to_owned(),
                format!("{lets} {recipient}: {}", words::fields(fields, lang)),
            ]);
        }
    }
    table::lines(&rows).into_iter().try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(
        out,
        "\n{}",
        lang.either(
            "Three partners ask the same, each for a vacancy of its own:",
            "Drie partners vragen hetzelfde, elk voor een eigen vacature:"
        )
    )?;
    found(out, federation, &people.before, lang)?;
    let (took, ms) = (people.took.as_millis(), lang.either("ms", "ms"));
    writeln!(
        out,
        "\n{WITHDRAWS} {} {took} {ms}. {}",
        lang.either(
            "ends everything. It took effect at once; every partner that had a copy has erased it and said so within",
            "trekt alles in. Dat werkte meteen; elke partner met een kopie heeft die gewist en dat gezegd binnen"
        ),
        lang.either("The same questions again:", "Dezelfde vragen nog eens:")
    )?;
    found(out, federation, &people.after, lang)?;
    let advice = lang.either(
        "A school asks who wants advice, for a training of its own. Others do not see these people, nor it those above:",
        "Een school vraagt wie advies wil, voor een eigen opleiding. Anderen zien deze mensen niet, en zij die hierboven niet:",
    );
    writeln!(out, "\n{advice}")?;
    found(out, federation, std::slice::from_ref(&people.advised), lang)?;
    let node = federation.node(HOME)?;
    let program = std::env::current_exe().map_or_else(|_| "polder".to_owned(), |path| path.display().to_string());
    let file = token_file(node, WITHDRAWS);
    writeln!(out, "\n{}\n", lang.either("What this worker sees of it:", "Wat deze werkende ervan ziet:"))?;
    writeln!(out, "  {program} consent who-saw --url http://{} --token-file {}", node.addresses.client, file.display())?;
    seen(out, &people.seen, lang)?;
    people.contact.show(out, federation, lang, style)
}

fn found(out: &mut impl Write, federation: &Federation, results: &[(&str, QueryResult)], lang: Lang) -> Result<(), Failure> {
    for (slug, result) in results {
        let name = federation.node(slug)?.partner.name;
        if result.hits.is_empty() {
            writeln!(out, "  {name} {}", lang.either("finds nobody", "vindt niemand"))?;
        }
        for hit in &result.hits {
            let document: Value = serde_json::from_str(hit.document.get()).unwrap_or_default();
            let title = clean(document["title"].as_str().unwrap_or_default());
            writeln!(out, "  {name} {} {title} ({}, {})", lang.either("finds", "vindt"), clean(&hit.partner_name), hit.key)?;
        }
    }
    Ok(())
}

fn seen(out: &mut impl Write, seen: &Value, lang: Lang) -> std::io::Result<()> {
    for row in seen["items"].as_array().into_iter().flatten() {
        let text = |name: &str| clean(row[name].as_str().unwrap_or_default());
        let fields = FieldSet::deserialize(&row["fields"]).unwrap_or_default();
        let (at, fields) = (words::moment(&text("at"), lang), words::fields(fields, lang));
        let erased = if row["erased"] == true { lang.either("erased", "gewist") } else { lang.either("not erased", "niet gewist") };
        writeln!(out, "  {at}  {}  {fields}  {erased}", text("recipientName"))?;
    }
    Ok(())
}

/// For machines: what happened, and what of it is not as it should be.
pub(crate) fn report(federation: &Federation, people: &People) -> Result<(Value, Vec<String>), Failure> {
    let results = |results: &[(&str, QueryResult)]| -> Vec<Value> {
        results.iter().map(|(slug, result)| json!({"asker": slug, "hits": result.hits.len(), "result": result})).collect()
    };
    let workers: Vec<Value> = WORKERS
        .iter()
        .map(|worker| json!({"key": worker.key, "home": worker.home, "lets": worker.lets.iter().map(|(slug, fields)| json!({"to": slug, "fields": fields})).collect::<Vec<_>>(),
                               "advice": worker.advice.iter().map(|(slug, fields)| json!({"to": slug, "fields": fields})).collect::<Vec<_>>()}))
        .collect();
    let withdrawal = json!({"worker": WITHDRAWS, "ending": people.ending, "erased": people.copies, "erasedAfterMs": u64::try_from(people.took.as_millis()).unwrap_or(u64::MAX),
                            "workerSees": people.seen});
    let faults = people.faults(federation)?;
    let value = json!({"workers": workers, "found": results(&people.before), "withdrawal": withdrawal, "foundAfter": results(&people.after), "advised": {"asker": people.advised.0, "hits": people.advised.1.hits.len(), "result": people.advised.1}, "contact": people.contact.report(), "asExpected": faults.is_empty()});
    Ok((value, faults))
}
