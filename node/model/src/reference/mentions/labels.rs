//! The labels of skills as stems, so that the words of a text lead to them.

use std::collections::HashMap;

use super::super::labels::fold;
use super::super::{Skill, overlay};
use super::TextLanguage;
use super::words::{StemId, places, stem};

/// A shorter part of a compound is found by chance.
const SHORTEST_PART: usize = 4;
/// What may stand between two parts of a Dutch compound.
const LINKS: &[&str] = &["", "s", "e", "n", "en"];

/// A label.
#[derive(Debug)]
struct Label {
    /// Of which skill.
    row: usize,
    /// Which of the labels of that skill.
    number: usize,
    /// What it says, in order, without stop words: each word folded, with its stem.
    words: Vec<(Box<str>, StemId)>,
    /// The stems of these words, and of the parts of compounds in their stead; each once.
    parts: Vec<StemId>,
}

/// The labels of one language.
#[derive(Debug)]
pub(in crate::reference) struct LabelWords {
    language: TextLanguage,
    stems: HashMap<Box<str>, StemId>,
    labels: Vec<Label>,
    /// By the stem that fewest labels have: those labels.
    by_rarest: HashMap<StemId, Vec<usize>>,
}

impl LabelWords {
    /// Of these skills; groups of skills are none that somebody has.
    pub(in crate::reference) fn new(language: TextLanguage, skills: &[Skill]) -> Self {
        let mut all = Self { language, stems: HashMap::new(), labels: Vec::new(), by_rarest: HashMap::new() };
        for (row, skill) in skills.iter().enumerate().filter(|(_, skill)| skill.weight > overlay::GROUP_WEIGHT) {
            for (number, label) in of(skill, language) {
                all.add(row, number, label);
            }
        }
        all.take_apart();
        let mut counts: HashMap<StemId, usize> = HashMap::new();
        for part in all.labels.iter().flat_map(|label| &label.parts) {
            *counts.entry(*part).or_default() += 1;
        }
        for (number, label) in all.labels.iter().enumerate() {
            let rarest = label.parts.iter().min_by_key(|part| (counts[*part], **part));
            rarest.into_iter().for_each(|part| all.by_rarest.entry(*part).or_default().push(number));
        }
        all
    }

    fn add(&mut self, row: usize, number: usize, label: &str) {
        let folded = fold(label);
        let mut words = Vec::new();
        for (at, _) in places(&folded) {
            let word = &folded[at];
            if let Some(stem) = stem(self.language, word) {
                let next = StemId::try_from(self.stems.len()).unwrap_or(StemId::MAX);
                words.push((word.into(), *self.stems.entry(stem.into()).or_insert(next)));
            }
        }
        if !words.is_empty() {
            self.labels.push(Label { row, number, words, parts: Vec::new() });
        }
    }

    /// Compounds in labels by their parts, where these are words of labels as well.
    fn take_apart(&mut self) {
        let apart = |label: &Label| {
            let mut parts: Vec<StemId> =
                label.words.iter().flat_map(|(word, stem)| self.split(word).unwrap_or_else(|| vec![*stem])).collect();
            parts.sort_unstable();
            parts.dedup();
            parts
        };
        let parts: Vec<Vec<StemId>> = self.labels.iter().map(apart).collect();
        for (label, parts) in self.labels.iter_mut().zip(parts) {
            label.parts = parts;
        }
    }

    /// Whether a folded word is a stop word; its stem, where labels have it; and with it those of the parts of a compound.
    pub(super) fn known(&self, folded: &str) -> (bool, Option<StemId>, Vec<StemId>) {
        let Some(stem) = stem(self.language, folded) else { return (true, None, Vec::new()) };
        let stem = self.stems.get(&*stem).copied();
        let mut parts: Vec<StemId> = stem.into_iter().chain(self.split(folded).into_iter().flatten()).collect();
        parts.sort_unstable();
        parts.dedup();
        (false, stem, parts)
    }

    /// The stems of the two parts of a compound: of more than one way, that with the longest last part.
    fn split(&self, word: &str) -> Option<Vec<StemId>> {
        if self.language == TextLanguage::En || !word.is_ascii() {
            return None;
        }
        let known = |part: &str| {
            let whole = part.len() >= SHORTEST_PART;
            stem(self.language, part).filter(|_| whole).and_then(|stem| self.stems.get(&*stem)).copied()
        };
        let last_from = SHORTEST_PART..word.len().saturating_sub(SHORTEST_PART - 1);
        last_from.into_iter().find_map(|from| {
            let last = known(&word[from..])?;
            let first = LINKS.iter().find_map(|link| known(word[..from].strip_suffix(link)?))?;
            Some(vec![first, last])
        })
    }

    pub(super) const fn language(&self) -> TextLanguage {
        self.language
    }

    /// The labels of which that is the rarest stem.
    pub(super) fn rarest(&self, part: StemId) -> &[usize] {
        self.by_rarest.get(&part).map_or(&[], Vec::as_slice)
    }

    pub(super) fn words(&self, label: usize) -> &[(Box<str>, StemId)] {
        &self.labels[label].words
    }

    pub(super) fn parts(&self, label: usize) -> &[StemId] {
        &self.labels[label].parts
    }

    pub(super) fn row(&self, label: usize) -> usize {
        self.labels[label].row
    }

    /// Whether it is the one that the skill is shown by.
    pub(super) fn is_preferred(&self, label: usize) -> bool {
        self.labels[label].number == 0
    }

    /// A label as its skill writes it.
    pub(super) fn written<'s>(&self, label: usize, skill: &'s Skill) -> &'s str {
        let number = self.labels[label].number;
        of(skill, self.language).find(|(other, _)| *other == number).map_or(&skill.label_nl, |(_, label)| label)
    }
}

/// The labels of a skill in a language, the one that it is shown by first.
fn of(skill: &Skill, language: TextLanguage) -> impl Iterator<Item = (usize, &str)> {
    let dutch = std::iter::once(&skill.label_nl).chain(&skill.alternatives_nl).map(String::as_str);
    let english = std::iter::once(skill.label_en.as_str());
    let (dutch, english) = match language {
        TextLanguage::Nl => (Some(dutch), None),
        TextLanguage::En => (None, Some(english)),
    };
    dutch.into_iter().flatten().chain(english.into_iter().flatten()).enumerate()
}
