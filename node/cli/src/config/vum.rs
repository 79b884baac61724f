//! The national exchange of vacancies (VUM), as the configuration says it.

use std::time::Duration;

use polder_web::{ExchangeAt, VumSource};

use super::ConfigError;
use super::load::number;
use super::values::{Values, partner, site, switch, value_error};

/// What the node has to do with the exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vum {
    /// How much it may be asked as a source; nothing, where it is none.
    pub source: Option<VumSource>,
    /// The exchange that staff asks.
    pub exchange: Option<ExchangeAt>,
}

const SOURCE: &str = "vum.source";
const URL: &str = "vum.url";
const PARTY: &str = "vum.party";
const OWN: &str = "vum.own_party";

/// Reads it; `takes_certificates` where there is a port for clients that show one.
pub(super) fn read(values: &Values, takes_certificates: bool) -> Result<Vum, ConfigError> {
    Ok(Vum { source: source(values, takes_certificates)?, exchange: exchange(values)? })
}

fn source(values: &Values, takes_certificates: bool) -> Result<Option<VumSource>, ConfigError> {
    let rate = |path: &'static str| {
        let number = values.needed(path, |text| number(path, text))?;
        // The range of the table fits.
        Ok(u32::try_from(number).unwrap_or(u32::MAX))
    };
    let source = VumSource { questions_per_minute: rate("vum.questions_per_minute")?, details_per_minute: rate("vum.details_per_minute")? };
    if !values.needed(SOURCE, switch)? {
        return Ok(None);
    }
    if !takes_certificates {
        let problem =
            "the exchange shows who it is by its TLS certificate: client.certificates_listen and client.certificates_url must be given too";
        return Err(value_error(&values.place_of(SOURCE), SOURCE, problem));
    }
    Ok(Some(source))
}

fn exchange(values: &Values) -> Result<Option<ExchangeAt>, ConfigError> {
    let deadline = values.needed("vum.deadline_ms", |text| number("vum.deadline_ms", text))?;
    let oin = |path: &'static str| {
        values.given_as(path, |text| {
            partner(text).and_then(|id| {
                if id.as_str().starts_with("oin:") { Ok(id) } else { Err("an OIN is expected: oin: and 20 digits".to_owned()) }
            })
        })
    };
    let (party, own) = (oin(PARTY)?, oin(OWN)?);
    let Some(url) = values.given_as(URL, site)? else {
        let without = [PARTY, OWN, "vum.certificate", "vum.key", "vum.roots"].into_iter().find(|key| values.given(key).is_some());
        return match without {
            Some(key) => Err(value_error(&values.place_of(key), URL, format!("{key} is given, so this must be given too"))),
            None => Ok(None),
        };
    };
    if !url.starts_with("https://") {
        return Err(value_error(&values.place_of(URL), URL, "an https address is expected: both sides show a certificate"));
    }
    let missing = |key: &str, because: &str| value_error(&values.place_of(URL), key, format!("{because}, so this must be given too"));
    let path = |key: &'static str| values.path(key).ok_or_else(|| missing(key, "vum.url is given"));
    let (certificate, key, roots) = (path("vum.certificate")?, path("vum.key")?, path("vum.roots")?);
    let party = party.ok_or_else(|| missing(PARTY, "vum.url is given"))?;
    let home = values.needed("partner", partner)?;
    let own = own.or(Some(home).filter(|home| home.as_str().starts_with("oin:")));
    let own = own.ok_or_else(|| missing(OWN, "vum.url is given and partner is no OIN"))?;
    let own = own.as_str().trim_start_matches("oin:").to_owned();
    let patience = Duration::from_millis(deadline.try_into().unwrap_or(u64::MAX));
    Ok(Some(ExchangeAt { url, party, own, certificate, key, roots, patience }))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::{Config, Setting};

    const REST: [&str; 9] = [
        "partner=oin:00000001001000000001",
        "name=Gemeente",
        "data=/x",
        "peer.listen=127.0.0.1:1",
        "operator.listen=127.0.0.1:2",
        "client.listen=127.0.0.1:3",
        "client.tls_certificate=/c",
        "client.tls_key=/k",
        "register.fingerprint=0000000000000000000000000000000000000000000000000000000000000000",
    ];
    const WHOLE: [&str; 5] =
        ["vum.url=https://vum.example.nl/v3", "vum.party=oin:00000001001000000009", "vum.certificate=/vc", "vum.key=/vk", "vum.roots=/vr"];

    fn load(more: &[&str]) -> Result<Config, String> {
        let settings: Vec<Setting> = REST.iter().chain(more).map(|text| text.parse().expect("a setting")).collect();
        Config::load(None, std::iter::empty(), &settings).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_is_on_unless_it_is_said() {
        let vum = load(&[]).expect("a configuration").vum;
        assert_eq!((vum.source, vum.exchange), (None, None));
        let at = load(&WHOLE).expect("a configuration").vum.exchange.expect("an exchange");
        assert_eq!((at.own.as_str(), at.roots, at.patience.as_millis()), ("00000001001000000001", PathBuf::from("/vr"), 5_000));
        let source = load(&[
            "vum.source=true",
            "client.certificates_listen=127.0.0.1:4",
            "client.certificates_url=https://x.example:4",
            "vum.details_per_minute=7",
        ]);
        assert_eq!(source.expect("a configuration").vum.source.expect("a source").details_per_minute, 7);
    }

    #[test]
    fn what_is_missing_is_named() {
        let without = |name: &str| WHOLE.into_iter().filter(|one| !one.starts_with(name)).collect::<Vec<_>>();
        for (settings, says) in [
            (vec!["vum.source=true"], "client.certificates_listen"),
            (without("vum.url"), "vum.url: vum.party is given"),
            (without("vum.party"), "vum.party: vum.url is given"),
            (without("vum.key"), "vum.key: vum.url is given"),
            (without("vum.roots"), "vum.roots: vum.url is given"),
            ([&WHOLE[1..], &["vum.url=http://vum.example.nl"]].concat(), "https"),
            ([&WHOLE[..], &["partner=kvk:12345678"]].concat(), "vum.own_party"),
            ([&without("vum.party")[..], &["vum.party=kvk:12345678"]].concat(), "an OIN is expected"),
        ] {
            let said = load(&settings).expect_err("refused");
            assert!(said.contains(says), "{settings:?}: {said}");
        }
    }
}
