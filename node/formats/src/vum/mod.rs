//! VUM 3.0, the exchange of vacancies between municipalities, UWV and mediators (koppelvlakspecificaties 3.0.0): what a source is asked and answers, and
//! what a mediator asks and reads.
//!
//! A question is put to the document that a source would show, as MongoDB would; members and operators that nobody knows are left aside, as VUM demands.
//! Occupations and skills are named by URIs of CompetentNL alone: an ESCO code goes only where a table says which one of CompetentNL it is.

mod ask;
mod codes;
mod fields;
mod question;
mod read;
mod vacancy;

pub use ask::{Occupation, question};
pub use fields::TABLE;
pub use question::{LARGEST_QUESTION, NotAsked, Question};
pub use read::{Answer, Matched, answer};
pub use vacancy::{NOT_WRITTEN, Vacancy, vacancy};

/// The version of the messages.
pub const VERSION: &str = "3.0.0";
/// The longest distance that is asked, in kilometres.
pub const MOST_KILOMETRES: u16 = 999;
/// The most matches of one source for one question.
pub const MOST_MATCHES: usize = 100;

/// A code of CompetentNL for one of ESCO, or the other way about, where a table says so.
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
