//! VUM 3.0, the exchange of vacancies between municipalities, UWV and mediators (koppelvlakspecificaties 3.0.0): what a source is asked, and what it answers.
//!
//! A question is put to the document that a source would show, as MongoDB would; members and operators that nobody knows are left aside, as VUM demands.
//! Occupations and skills are named by URIs of CompetentNL alone: an ESCO code goes only where a table says which one of CompetentNL it is.

mod codes;
mod question;
mod vacancy;

pub use question::{NotAsked, Question};
pub use vacancy::{NOT_WRITTEN, Vacancy, vacancy};

/// The version of the messages.
pub const VERSION: &str = "3.0.0";
/// The most matches of one source for one question.
pub const MOST_MATCHES: usize = 100;

/// A code of CompetentNL for one of another scheme, where a table says so.
pub type Crosswalk<'t> = &'t dyn Fn(&str) -> Option<String>;

/// The name that VUM has for an offer: its characters are letters, digits, and `_`, `.`, `-`.
#[must_use]
pub fn id(key: &str) -> String {
    key.replace('_', "__").replace('~', "_t")
}

/// The key of an offer by the name that VUM has for it; `None` where no key has it.
#[must_use]
pub fn key(id: &str) -> Option<String> {
    let (mut key, mut letters) = (String::new(), id.chars());
    while let Some(letter) = letters.next() {
        key.push(match letter {
            '_' => match letters.next()? {
                '_' => '_',
                't' => '~',
                _ => return None,
            },
            other => other,
        });
    }
    Some(key)
}
