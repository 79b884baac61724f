//! The catalogue of trainings that a node serves as Open Education API: its service document has to name an address of e-mail.

use polder_model::Kind;
use polder_store::{Reader, StoreError};

use super::Check;
use crate::config::Config;

const ABOUT: &str = "trainings";

/// What the catalogue lacks, where there is something in it. Nothing, of a database that no node of this version has opened yet.
pub(crate) async fn check(config: &Config, reader: &Reader) -> Option<Check> {
    match look(reader).await {
        Ok(has_some) => has_some.then(|| contact(config.contact.as_deref())).flatten(),
        Err(error) => Some(Check::failure(ABOUT, format!("they cannot be read: {error}"), "see what is said of the database")),
    }
}

async fn look(reader: &Reader) -> Result<bool, StoreError> {
    let schema = reader.schema().await?;
    if schema.found == schema.known { reader.has_offers(Kind::Training).await } else { Ok(false) }
}

fn contact(contact: Option<&str>) -> Option<Check> {
    if contact.is_some_and(|contact| contact.contains('@')) {
        return None;
    }
    let says = "the catalogue at /oeapi/v6 names no `contactEmail`, which the Open Education API requires: strict readers refuse it";
    Some(Check::warning(ABOUT, says, "set `contact` to an e-mail address, and start the node again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_no_address_of_e_mail() {
        assert_eq!(contact(Some("privacy@school.example.nl")), None);
        for none in [None, Some("https://school.example.nl/privacy")] {
            assert!(contact(none).is_some_and(|check| check.grade == crate::checks::Grade::Warning), "{none:?}");
        }
    }
}
