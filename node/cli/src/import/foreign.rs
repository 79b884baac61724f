//! Files that are read whole, by the readers of `polder-formats`: SETU and HR-XML, and CSV with a mapping of its columns.

use std::io::{self, BufRead, Read as _};
use std::path::Path;
use std::sync::Arc;

use polder_formats::report::{Ended, Entry, Loss, NO_OFFER, Note as Lost, Read, Record as Mapped, Refused as Cut, Why};
use polder_formats::sheet::{self, Mapping};
use polder_formats::{Context, LARGEST_INPUT, position_opening};
use polder_model::{Date, Kind};

use super::source::Take;
use super::{Item, Note, Record, Refused};
use crate::exit::Failure;
use crate::print::Lang;
use crate::tables;

/// How such a file is written, and in which language what was lost of it is said.
#[derive(Clone, Debug)]
pub(crate) struct Foreign {
    form: Form,
    lang: Lang,
}

#[derive(Clone, Debug)]
enum Form {
    /// XML of SETU Vacancies 1.1 or HR-XML 2.5.
    Setu,
    /// Rows with that mapping.
    Sheet(Arc<Mapping>),
}

impl Foreign {
    /// XML of SETU or HR-XML.
    pub(crate) fn setu(lang: Lang) -> Self {
        Self { form: Form::Setu, lang }
    }

    /// CSV with the mapping in that file.
    pub(crate) fn sheet(mapping: Option<&Path>, lang: Lang) -> Result<Self, Failure> {
        let Some(file) = mapping else {
            return Err(Failure::configuration((
                "--format csv needs --mapping FILE: which column becomes which member (docs/formats.md says how)",
                "--format csv heeft --mapping BESTAND nodig: welke kolom wordt welk veld (docs/formats.md zegt hoe)",
            )));
        };
        let bytes = std::fs::read(file).map_err(|error| Failure::configuration(format!("{}: {error}", file.display())))?;
        let said = |why: &Why, lang| format!("{}: {}", file.display(), why_in_words(why, lang));
        let mapping = Mapping::read(&bytes).map_err(|why| Failure::configuration((said(&why, Lang::En), said(&why, Lang::Nl))))?;
        Ok(Self { form: Form::Sheet(Arc::new(mapping)), lang })
    }
}

/// Reads every record of a file.
pub(super) fn read(reader: &mut dyn BufRead, foreign: &Foreign, today: Date, take: Take<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    reader.take(LARGEST_INPUT as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    let read = match &foreign.form {
        Form::Setu => position_opening::read(&bytes, Context { today, reference: tables::in_use() }),
        Form::Sheet(mapping) => sheet::read(&bytes, mapping),
    };
    items(read, 1, foreign.lang).into_iter().all(take);
    Ok(())
}

/// What came of a text that begins on this line of its file, in the order of its lines.
pub(super) fn items(read: Read, begins: u64, lang: Lang) -> Vec<Item> {
    let (notes, entries) = read.entries();
    let whole: Vec<Note> = notes.iter().map(|lost| note(lost, lang)).collect();
    let item = |entry| match entry {
        Entry::Record(record) => Ok(mapped(record, begins, lang)),
        Entry::Refused(cut) => Err(refusal(cut, begins, lang)),
        Entry::Ended(ended) => Err(over(&ended, begins)),
    };
    let mut items: Vec<Item> = entries.into_iter().map(item).collect();
    // What was lost of the file as a whole is said of its first record.
    match items.first_mut() {
        Some(Ok(record)) => record.mapping.extend(whole),
        Some(Err(refused)) => refused.mapping.extend(whole),
        None => {}
    }
    items
}

fn mapped(record: Mapped, begins: u64, lang: Lang) -> Record {
    let mapping = record.notes.iter().map(|lost| note(lost, lang)).collect();
    Record {
        line: record.place.line_from(begins),
        entry: None,
        kind: record.kind,
        key: record.key,
        document: record.document.to_string(),
        mapping,
    }
}

fn refusal(cut: Cut, begins: u64, lang: Lang) -> Refused {
    let finding = cut.finding(&why_in_words(&cut.why, lang));
    let key = cut.key.map(|key| key.to_string());
    Refused { key, ..Refused::new(cut.place.line_from(begins), NO_OFFER, vec![finding]) }
}

/// A vacancy that its sender ends is no offer, and is not put.
fn over(ended: &Ended, begins: u64) -> Refused {
    Refused::new(ended.place.line_from(begins), ended.because.to_string(), Vec::new()).of(Kind::Vacancy, ended.key.as_str())
}

fn note(lost: &Lost, lang: Lang) -> Note {
    let words = loss_in_words(&lost.loss, lang);
    Note::about(if lost.field.is_empty() { words } else { format!("{}: {words}", lost.field) }, lost.of.as_str())
}

/// Why something is refused. What is allowed is said in English, as in the documentation.
fn why_in_words(why: &Why, lang: Lang) -> String {
    if lang == Lang::En {
        return why.to_string();
    }
    match why {
        Why::NotOfTheFormat { allowed } => format!("dit heeft niet de vorm die het moet hebben: {allowed}"),
        Why::Encoding { allowed } => format!("dit is geen leesbare tekst; gelezen wordt: {allowed}"),
        Why::DocumentType => "dit document begint met een DOCTYPE; laat die weg".to_owned(),
        Why::TooMuch { what, most } => format!("meer dan {most} {what}; stuur het in delen"),
        Why::NothingFound { sought } => format!("er staat niets in om te lezen; gezocht is: {sought}"),
        Why::Missing { allowed } => format!("dit ontbreekt: {allowed}"),
        Why::KeyTwice => "een eerder record heeft dezelfde sleutel; geef elk een eigen sleutel".to_owned(),
        Why::Rule(finding) => finding.message.clone(),
    }
}

/// What became of a field.
pub(super) fn loss_in_words(loss: &Loss, lang: Lang) -> String {
    if lang == Lang::En {
        return loss.to_string();
    }
    match loss {
        Loss::KeptAsText => "als tekst bewaard, niet ontleed".to_owned(),
        Loss::LeftOut { because } => format!("weggelaten: {because}"),
        Loss::NotUnderstood { allowed } => format!("niet begrepen en weggelaten; begrepen wordt: {allowed}"),
        Loss::Shortened { most } => format!("ingekort tot {most} tekens"),
        Loss::ListShortened { most } => format!("ingekort tot {most} onderdelen"),
        Loss::Assumed { what } => format!("stond er niet; aangenomen is: {what}"),
        Loss::UnknownField => "weggelaten: dit veld is onbekend".to_owned(),
        Loss::Repaired => {
            "er staan regeleinden of andere stuurtekens in teksten van deze JSON; die zijn gelezen zoals ze er staan".to_owned()
        }
        Loss::More { count } => format!("en nog {count}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_in_both_languages() {
        let losses = [
            Loss::KeptAsText,
            Loss::LeftOut { because: "x" },
            Loss::NotUnderstood { allowed: "x".to_owned() },
            Loss::Shortened { most: 7 },
            Loss::ListShortened { most: 7 },
            Loss::Assumed { what: "x" },
            Loss::UnknownField,
            Loss::Repaired,
            Loss::More { count: 7 },
        ];
        for loss in losses {
            let [english, dutch] = [Lang::En, Lang::Nl].map(|lang| loss_in_words(&loss, lang));
            assert!(!english.is_empty() && english != dutch, "{english}");
        }
        let reasons = [
            Why::NotOfTheFormat { allowed: "x".to_owned() },
            Why::Encoding { allowed: "x" },
            Why::DocumentType,
            Why::TooMuch { what: "x", most: 7 },
            Why::NothingFound { sought: "x" },
            Why::Missing { allowed: "x" },
            Why::KeyTwice,
        ];
        for why in reasons {
            let [english, dutch] = [Lang::En, Lang::Nl].map(|lang| why_in_words(&why, lang));
            assert!(!english.is_empty() && english != dutch, "{english}");
        }
    }
}
