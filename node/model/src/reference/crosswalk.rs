//! Which codes of CompetentNL and ESCO mean the same: what an imported table says, and nothing else.

use std::collections::HashMap;

use super::content::Same;
use crate::name::CodeUri;

/// Codes that mean the same, each looked up from either side.
///
/// A code that the table sets beside more than one of the other scheme means none of them here: which one is not for a program to say.
#[derive(Debug, Default)]
pub struct Crosswalk {
    esco: HashMap<Box<str>, Option<CodeUri>>,
    competentnl: HashMap<Box<str>, Option<CodeUri>>,
}

impl Crosswalk {
    pub(super) fn of(rows: &[Same]) -> Self {
        let mut crosswalk = Self::default();
        for row in rows {
            put(&mut crosswalk.esco, &row.competentnl, &row.esco);
            put(&mut crosswalk.competentnl, &row.esco, &row.competentnl);
        }
        crosswalk
    }

    /// The code of ESCO that a code of CompetentNL is.
    #[must_use]
    pub fn esco(&self, competentnl: &str) -> Option<&CodeUri> {
        self.esco.get(competentnl)?.as_ref()
    }

    /// The code of CompetentNL that a code of ESCO is.
    #[must_use]
    pub fn competentnl(&self, esco: &str) -> Option<&CodeUri> {
        self.competentnl.get(esco)?.as_ref()
    }
}

fn put(to: &mut HashMap<Box<str>, Option<CodeUri>>, from: &CodeUri, other: &CodeUri) {
    to.entry(from.as_str().into())
        .and_modify(|known| *known = known.take().filter(|known| known == other))
        .or_insert_with(|| Some(other.clone()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_may_be_more_than_one_is_none() {
        let uri = |scheme: &str, number: u8| -> CodeUri { format!("https://{scheme}.example/{number}").parse().expect("a URI") };
        let rows = [(1, 1), (2, 2), (2, 3), (4, 4), (5, 4), (4, 4)]
            .map(|(competentnl, esco)| Same { competentnl: uri("c", competentnl), esco: uri("e", esco) });
        let crosswalk = Crosswalk::of(&rows);
        let esco = |number| crosswalk.esco(uri("c", number).as_str()).cloned();
        let competentnl = |number| crosswalk.competentnl(uri("e", number).as_str()).cloned();
        assert_eq!([esco(1), esco(2), esco(4), esco(5), esco(6)], [Some(uri("e", 1)), None, Some(uri("e", 4)), Some(uri("e", 4)), None]);
        assert_eq!(
            [competentnl(1), competentnl(2), competentnl(3), competentnl(4)],
            [Some(uri("c", 1)), Some(uri("c", 2)), Some(uri("c", 2)), None]
        );
    }
}
