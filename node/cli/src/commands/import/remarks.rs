//! What is said of records, each thing once, with how many records it is said of.

use std::collections::HashMap;

use crate::print::Lang;

/// Examples of each remark.
const EXAMPLES: usize = 3;
/// Longest example, in characters.
const LONGEST: usize = 60;
/// Most different remarks.
const MOST: usize = 500;

/// The remarks on all records, in the order in which they first came.
#[derive(Default)]
pub(super) struct Remarks {
    remarks: Vec<Remark>,
    by_text: HashMap<String, usize>,
    others: u64,
}

struct Remark {
    says: String,
    records: u64,
    examples: Vec<String>,
    more: bool,
}

impl Remarks {
    /// Adds a remark on a record, and what it is said of there.
    pub(super) fn add(&mut self, says: &str, of: &str) {
        let index = match self.by_text.get(says) {
            Some(index) => *index,
            None if self.remarks.len() == MOST => {
                self.others += 1;
                return;
            }
            None => {
                self.by_text.insert(says.to_owned(), self.remarks.len());
                self.remarks.push(Remark { says: says.to_owned(), records: 0, examples: Vec::new(), more: false });
                self.remarks.len() - 1
            }
        };
        self.remarks[index].add(of);
    }

    /// The remarks, each on a line.
    pub(super) fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines: Vec<String> = self.remarks.iter().map(Remark::line).collect();
        if self.others > 0 {
            let more = lang.either("more notes, each different; --json shows all", "opmerkingen meer, alle verschillend; --json toont ze");
            lines.push(format!("{} {more}", self.others));
        }
        lines
    }
}

impl Remark {
    fn add(&mut self, of: &str) {
        self.records += 1;
        let short: String = of.chars().take(LONGEST).collect();
        let example = if short.len() < of.len() { format!("{short}…") } else { short };
        if self.examples.contains(&example) {
            return;
        }
        if self.examples.len() == EXAMPLES {
            self.more = true;
        } else {
            self.examples.push(example);
        }
    }

    fn line(&self) -> String {
        let count = if self.records == 1 { "1 record".to_owned() } else { format!("{} records", self.records) };
        let examples = self.examples.join("; ");
        let more = if self.more { "; …" } else { "" };
        format!("{} ({count}: {examples}{more})", self.says)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_remarks_have_a_bound() {
        let mut remarks = Remarks::default();
        for number in 0..MOST + 7 {
            remarks.add(&format!("remark {number}"), "line 1");
        }
        let lines = remarks.lines(Lang::En);
        assert_eq!((lines.len(), lines[MOST].as_str()), (MOST + 1, "7 more notes, each different; --json shows all"));
    }
}
