//! Which code of CompetentNL is exactly which one of ESCO.

use std::collections::BTreeSet;
use std::io::BufRead;

use super::LeftOut;
use super::esco::URI;
use super::findings::Findings;
use super::sheet::each;
use crate::name::CodeUri;
use crate::reference::{Content, Same, Table};

/// The relations of SKOS between codes of two schemes; of these the first alone says that both mean the same.
const RELATIONS: [&str; 5] = ["exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"];
/// How a relation may begin that is written as a URI, or in short.
const BEGINS: [&str; 2] = ["http://www.w3.org/2004/02/skos/core#", "skos:"];
/// Whose codes are those of ESCO.
const ESCO: &str = "http://data.europa.eu/esco/";

/// Rows that say `exactMatch`; rows that say less are left out and counted.
pub(super) fn same(separator: u8, input: impl BufRead, findings: &mut Findings, left_out: &mut LeftOut) -> (Content, u64) {
    let most = Table::CompetentnlEsco.most_rows();
    let mut rows = BTreeSet::new();
    let lines = each(separator, input, findings, |line| {
        let (competentnl, esco) = (line.parsed::<CodeUri>("competentnl", URI), line.parsed::<CodeUri>("esco", URI));
        let relation =
            line.needed("match").map(|text| BEGINS.iter().find_map(|begin| text.strip_prefix(begin)).unwrap_or(&text).to_owned());
        let (Some(competentnl), Some(esco), Some(relation)) = (competentnl, esco, relation) else { return };
        if !RELATIONS.contains(&relation.as_str()) {
            return line.fault("match", format!("a relation of SKOS is expected: {}", RELATIONS.join(", ")));
        }
        if !esco.as_str().starts_with(ESCO) || competentnl.as_str().starts_with(ESCO) {
            let column = if esco.as_str().starts_with(ESCO) { "competentnl" } else { "esco" };
            return line.fault(column, format!("codes of ESCO begin with {ESCO}, and others do not; are the columns exchanged?"));
        }
        if relation != RELATIONS[0] {
            left_out.count("relations that are no exactMatch: those codes do not mean the same");
        } else if rows.len() <= most {
            rows.insert(Same { competentnl, esco });
        }
    });
    (Content::Same(rows.into_iter().collect()), lines)
}
