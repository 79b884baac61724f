//! The columns of a table of offers: what each is called, and which part of the form it fills. A table may have them in any order, and leave most out.

use polder_model::Kind;

use super::super::editions;
use super::super::form::{Line, List, Tick, form};
use crate::pages::Words;

/// A column.
pub(super) struct Column {
    /// The name by which its message is found.
    name: String,
    /// How an offer calls it: members with dots between.
    member: String,
    pub fills: Fills,
}

/// What a column fills.
#[derive(Clone, Copy)]
pub(super) enum Fills {
    Key,
    /// One value; with the messages of its words, where it is one of a closed list.
    Line(&'static Line, &'static str),
    /// Words of a closed list, with their messages.
    List(&'static List, &'static str),
    Tick(&'static Tick),
    Languages,
    Skills,
    Occupations,
    /// A member of the one edition that a table can say, by its place in the form.
    Edition(usize),
}

/// Every column of a kind.
pub(super) fn columns(kind: Kind) -> Vec<Column> {
    let form = form(kind);
    let column = |name: &str, member: String, fills| Column { name: named(kind, name), member, fills };
    let mut all = vec![column("key", "key".to_owned(), Fills::Key)];
    all.extend(form.lines.iter().map(|line| column(line.name, line.path.join("."), Fills::Line(line, words_of(line.name)))));
    all.push(column("skills", form.skills.to_owned(), Fills::Skills));
    all.push(column("occupations", "occupations".to_owned(), Fills::Occupations));
    all.extend(form.lists.iter().map(|list| column(list.name, list.path.join("."), Fills::List(list, words_of(list.name)))));
    all.extend(form.ticks.iter().map(|tick| column(tick.name, tick.path.join("."), Fills::Tick(tick))));
    match kind {
        Kind::Training => all.extend(editions::MEMBERS.iter().enumerate().map(|(place, (path, _))| {
            let member = path.join(".");
            column(&format!("edition-{}", path[path.len() - 1]), format!("editions.{member}"), Fills::Edition(place))
        })),
        Kind::Vacancy | Kind::SkillOffer => all.push(column("languages", "languages".to_owned(), Fills::Languages)),
    }
    all
}

/// Columns that have another name for each kind.
fn named(kind: Kind, name: &str) -> String {
    match name {
        "whom" | "skills" | "occupations" | "level" | "url" | "email" | "telephone" | "instructions" => format!("column-{name}-{kind}"),
        name => format!("column-{name}"),
    }
}

/// Under which name the messages of the words of a column are found; empty where there are none.
fn words_of(name: &str) -> &'static str {
    match name {
        "level" => "education",
        "credential" => "credential",
        "period" => "per",
        "contract" => "contract",
        "part" => "part",
        "route" => "route",
        _ => "",
    }
}

impl Column {
    /// What people call it.
    pub(super) fn label(&self, words: &Words) -> String {
        words.text(&self.name, &[])
    }

    /// Whether the head of a table means it: by its name in either language, or as an offer calls it.
    pub(super) fn is_called(&self, head: &str, languages: [&Words; 2]) -> bool {
        let head = fold(head);
        head == fold(&self.member) || languages.iter().any(|words| head == fold(&self.label(words)))
    }

    /// Whether a finding at this place of an offer is about it: at its member, within that, or at the part that it is of.
    pub(super) fn is_at(&self, pointer: &str) -> bool {
        let own = format!("/{}", self.member.replace('.', "/"));
        // A table says one edition alone.
        let pointer = pointer.replace("/editions/0", "/editions");
        let within = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        !pointer.is_empty() && (within(&pointer, &own) || within(&own, &pointer))
    }
}

/// A name without what makes no difference: capitals, signs but for a plus, and how much space there is.
pub(super) fn fold(text: &str) -> String {
    let words = text.split(|sign: char| !sign.is_alphanumeric() && sign != '+').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use polder_exchange::people::Language;
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own_in_both_languages() {
        let both = [Language::Nl, Language::En].map(Words::new);
        for kind in [Kind::Vacancy, Kind::Training] {
            let all = columns(kind);
            for words in &both {
                let labels: BTreeSet<String> = all.iter().map(|one| fold(&one.label(words))).collect();
                assert_eq!(labels.len(), all.len(), "{kind}: {labels:?}");
                assert!(labels.iter().all(|label| !label.starts_with("column ")), "{kind}: {labels:?}");
            }
            // A name means one column alone, in whichever language.
            for one in &all {
                for words in &both {
                    let head = one.label(words);
                    let meant = all.iter().filter(|other| other.is_called(&head, [&both[0], &both[1]])).count();
                    assert_eq!(meant, 1, "{head}");
                }
            }
        }
    }

    #[test]
    fn a_finding_is_about_the_columns_that_write_there() {
        let at = |pointer: &str| -> Vec<String> {
            let words = Words::new(Language::Nl);
            columns(Kind::Vacancy).iter().filter(|one| one.is_at(pointer)).map(|one| one.label(&words)).collect()
        };
        assert_eq!(at("/hours/min"), ["Uren per week minstens"]);
        assert_eq!(at("/hours"), ["Uren per week minstens", "Uren per week hoogstens"]);
        assert_eq!(at("/skills/3/uri"), ["Vaardigheden"]);
        assert_eq!(at(""), Vec::<String>::new());
        assert_eq!(at("/terms/until"), Vec::<String>::new());
    }
}
