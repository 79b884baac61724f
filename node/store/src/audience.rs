//! Who may see a view, as its row has it: names of partners, each with the version that the view had when it came. Whoever comes later counts from 1: it does
//! not learn how often the view changed before.

use std::collections::{BTreeSet, HashMap};

use polder_model::PartnerId;

use crate::error::StoreError;

/// Between a name and the version; left out with it where that is 1.
const SINCE: char = '@';

/// The names, each with the version that the view had when it came.
fn entries(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split_ascii_whitespace().map(|entry| entry.split_once(SINCE).unwrap_or((entry, "1")))
}

fn version(text: &str) -> Result<u64, StoreError> {
    text.parse().map_err(|_| StoreError::Damaged("a version that is none"))
}

/// The partners.
pub(crate) fn partners(text: &str) -> Result<Vec<PartnerId>, StoreError> {
    let read = entries(text).map(|(name, _)| name.parse()).collect::<Result<_, _>>();
    read.map_err(|_| StoreError::Damaged("a recipient that is no partner"))
}

/// Whether it is those partners.
pub(crate) fn is_of(text: &str, partners: &BTreeSet<PartnerId>) -> bool {
    entries(text).map(|(name, _)| name).eq(partners.iter().map(PartnerId::as_str))
}

/// The version of a view as one of its recipients counts it; `None` where it may not see it.
pub(crate) fn version_for(text: &str, recipient: &PartnerId, of_view: u64) -> Result<Option<u64>, StoreError> {
    let since = entries(text).find(|(name, _)| *name == recipient.as_str()).map(|(_, since)| version(since)).transpose()?;
    Ok(since.map(|since| (of_view + 1).saturating_sub(since).max(1)))
}

/// These partners, at that version: those who were there before go on counting.
pub(crate) fn text(partners: &BTreeSet<PartnerId>, before: &str, of_view: u64) -> String {
    let known: HashMap<&str, &str> = entries(before).collect();
    let one = |partner: &PartnerId| match known.get(partner.as_str()) {
        Some(&"1") => partner.to_string(),
        Some(since) => format!("{partner}{SINCE}{since}"),
        None if of_view == 1 => partner.to_string(),
        None => format!("{partner}{SINCE}{of_view}"),
    };
    partners.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recipient_counts_from_when_it_came() {
        let partner = |number: u32| format!("kvk:{number:08}").parse::<PartnerId>().expect("a partner");
        let (first, second) = (BTreeSet::from([partner(1)]), BTreeSet::from([partner(1), partner(2)]));
        let one = text(&first, "", 1);
        let two = text(&second, &one, 3);
        assert_eq!((one.as_str(), two.as_str()), ("kvk:00000001", "kvk:00000001 kvk:00000002@3"));
        let counts = |of_view| [1, 2, 3].map(|number| version_for(&two, &partner(number), of_view).expect("read"));
        assert_eq!((counts(3), counts(5)), ([Some(3), Some(1), None], [Some(5), Some(3), None]));
        assert_eq!(partners(&two).expect("read"), [partner(1), partner(2)]);
        assert!(is_of(&two, &second) && !is_of(&two, &first));
        // Whoever goes and comes again is new.
        let again = text(&second, &text(&BTreeSet::from([partner(2)]), &two, 4), 4);
        assert_eq!(again, "kvk:00000001@4 kvk:00000002@3");
        assert!(partners("kvk:1").is_err() && version_for("kvk:00000001@x", &partner(1), 1).is_err());
    }
}
