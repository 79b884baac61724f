//! Results in words, in English or Dutch.

mod moment;
mod offer;
mod reason;
pub(crate) mod table;
mod words;

use std::io::{self, Write};

use polder_model::Finding;
use polder_model::answer::{Disclosed, HitLink, Missing, QueryResult, ResultHit};

use crate::client::finding_in_words;
use crate::output::{Style, clean};
pub(crate) use moment::{day, moment};
pub(crate) use words::{Lang, count};
use words::{grouped, missing_reason};

fn notes(out: &mut impl Write, notes: &[Finding], lang: Lang, style: Style) -> io::Result<()> {
    if notes.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", style.red(lang.either("Look at the question again:", "Kijk de vraag nog eens na:")))?;
    notes.iter().try_for_each(|note| writeln!(out, "  {}", finding_in_words(note)))?;
    writeln!(out)
}

/// Writes a result: what the node notes of the question; the ranked offers, each with its reasons; then who answered and who is missing. `text` is what
/// was asked in words.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn styled(out: &mut impl Write, result: &QueryResult, text: &str, lang: Lang, style: Style) -> io::Result<()> {
    notes(out, &result.notes, lang, style)?;
    hits(out, result, text, lang, style)?;
    who_answered(out, result, lang, style)
}

fn hits(out: &mut impl Write, result: &QueryResult, text: &str, lang: Lang, style: Style) -> io::Result<()> {
    if result.hits.is_empty() {
        let nothing = match result.query.kind.is_personal() {
            true => lang.either("Nobody found.", "Niemand gevonden."),
            false => lang.either("No offers found.", "Geen aanbod gevonden."),
        };
        return writeln!(out, "{nothing}");
    }
    let mut rows =
        vec![lang.either(["#", "title", "whose", "place", "score"], ["#", "titel", "van", "plaats", "score"]).map(str::to_owned).to_vec()];
    rows.extend(result.hits.iter().zip(1..).map(|(hit, rank)| row(hit, rank, lang)));
    let lines = table::lines(&rows);
    let mut lines = lines.iter();
    if let Some(head) = lines.next() {
        writeln!(out, "{}", style.dim(head))?;
    }
    for (line, hit) in lines.zip(&result.hits) {
        writeln!(out, "{}", style.bold(line))?;
        let asked = reason::Asked::of(&result.query.criteria, &hit.document, text);
        let reasons: Vec<String> = hit.reasons.iter().map(|reason| reason::in_words(reason, asked, lang)).collect();
        if !reasons.is_empty() {
            writeln!(out, "     {}", reasons.join(" · "))?;
        }
        if let Some(link) = &hit.link {
            writeln!(out, "     {}", link_in_words(link, lang, style))?;
        }
        if let Some(under) = &hit.disclosure {
            writeln!(out, "     {}", under_in_words(hit, under, lang))?;
        }
    }
    if result.more {
        writeln!(
            out,
            "{}",
            lang.either("There is more; ask for it with a higher limit.", "Er is meer; vraag erom met een hogere limiet.")
        )?;
    }
    Ok(())
}

/// Of a person: by which key of which partner they are known here, and until when that may be used.
fn under_in_words(hit: &ResultHit, under: &Disclosed, lang: Lang) -> String {
    let (key, partner, until) = (&hit.key, &hit.partner, moment(under.use_until, lang));
    match lang {
        Lang::En => format!("known here as {key} of {partner}; to be used until {until} and then erased"),
        Lang::Nl => format!("hier bekend als {key} van {partner}; te gebruiken tot {until} en daarna te wissen"),
    }
}

fn link_in_words(link: &HitLink, lang: Lang, style: Style) -> String {
    let text = format!("{} {}", lang.either("link to", "link naar"), link.host);
    if link.of_partner {
        return text;
    }
    let warning = lang.either("not a site that the register names for this partner", "geen site die het register bij deze partner noemt");
    style.red(&format!("{text}: {warning}"))
}

fn row(hit: &ResultHit, rank: usize, lang: Lang) -> Vec<String> {
    let shown = offer::of(&hit.document);
    // The organisation that the offer names, and the partner whose node has it, where these differ.
    let partner = clean(&hit.partner_name);
    let whose = match shown.organisation {
        Some(name) if name != partner => format!("{} ({})", short(&name), short(&partner)),
        _ => short(&partner),
    };
    vec![rank.to_string(), short(&shown.title), whose, short(&shown.place.unwrap_or_default()), grouped(u64::from(hit.score), lang)]
}

fn short(text: &str) -> String {
    const MOST: usize = 48;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST - 1).chain(['…']).collect() }
}

/// Who answered, in how many milliseconds, and who is missing.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn who_answered(out: &mut impl Write, result: &QueryResult, lang: Lang, style: Style) -> io::Result<()> {
    answered(out, result, lang)?;
    missing(out, result, lang, style)
}

fn answered(out: &mut impl Write, result: &QueryResult, lang: Lang) -> io::Result<()> {
    let (answered, all) = (result.answered.len(), result.answered.len() + result.missing.len());
    let head = match lang {
        Lang::En => format!("{answered} of {all} partners answered, in {} ms:", result.ms),
        Lang::Nl => format!("{answered} van {all} partners antwoordden, in {} ms:", result.ms),
    };
    writeln!(out, "\n{head}")?;
    let rows: Vec<Vec<String>> = result
        .answered
        .iter()
        .map(|one| {
            let noun = if one.hits == 1 && !one.more { lang.either("hit", "treffer") } else { lang.either("hits", "treffers") };
            // What an answer named is no count of what there is.
            let hits = format!("{}{} {noun}", one.hits, if one.more { "+" } else { "" });
            vec![format!("  {}", clean(&one.name)), format!("{} ms", one.ms), hits]
        })
        .collect();
    table::lines(&rows).into_iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn missing(out: &mut impl Write, result: &QueryResult, lang: Lang, style: Style) -> io::Result<()> {
    if result.missing.is_empty() {
        return Ok(());
    }
    let head = if result.answered.is_empty() {
        lang.either("Nobody answered, so this says nothing of what there is:", "Niemand antwoordde, dus dit zegt niets over wat er is:")
    } else {
        lang.either(
            "Missing, so this result is exact only for those above:",
            "Ontbreken, dus dit resultaat klopt alleen voor wie hierboven staat:",
        )
    };
    writeln!(out, "{}", style.red(head))?;
    let rows: Vec<Vec<String>> =
        result.missing.iter().map(|one| vec![format!("  {}", clean(&one.name)), missing_reason(one.reason, lang).to_owned()]).collect();
    table::lines(&rows).into_iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Who is missing, on one line.
pub(crate) fn who_is_missing(missing: &[Missing], lang: Lang) -> String {
    let each: Vec<String> = missing.iter().map(|one| format!("{} ({})", clean(&one.name), missing_reason(one.reason, lang))).collect();
    if each.is_empty() { lang.either("nobody", "niemand").to_owned() } else { each.join(", ") }
}

#[cfg(test)]
mod tests;
