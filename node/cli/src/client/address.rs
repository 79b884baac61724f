//! Where the node is, and the token for it.

use std::net::SocketAddr;
use std::path::Path;

use polder_trust::keys::read_secret;
use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::config::Source;
use crate::exit::Failure;

/// Where the configuration says that the node is: its address by name, and that to which a call goes.
pub(super) fn configured(config: Option<Source<'_>>) -> Result<(String, SocketAddr), Failure> {
    let Some(config) = config.filter(|config| config.found().is_some()) else {
        return Err(Failure::configuration((
            "which node? give --url URL or POLDER_URL, or a configuration: --config FILE, ./polder.toml or /etc/polder/polder.toml",
            "welk knooppunt? geef --url URL of POLDER_URL, of een configuratie: --config BESTAND, ./polder.toml of /etc/polder/polder.toml",
        )));
    };
    let config = config.load()?;
    Ok((config.client_url(), config.client_address()))
}

/// Only https, or http to this machine: a token is never sent readable over a network.
pub(super) fn check_url(text: &str) -> Result<Url, Failure> {
    let refused = |en: &str, nl: &str| Failure::configuration((format!("--url {text}: {en}"), format!("--url {text}: {nl}")));
    let form = || refused("an address such as http://127.0.0.1:8080 is expected", "hier hoort een adres, zoals http://127.0.0.1:8080");
    let url: Url = text.parse().map_err(|_| form())?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(refused(
                "http is for this machine alone, since the token would travel readable; use https",
                "http is alleen voor deze machine, want het token zou leesbaar reizen; gebruik https",
            ));
        }
        _ => return Err(form()),
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(refused("scheme, host and port alone are expected", "alleen schema, naam en poort horen hier"));
    }
    Ok(url)
}

/// Whether an address is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The header with the token of a file.
pub(super) fn authorization(file: &Path) -> Result<HeaderValue, Failure> {
    let token = read_secret(file).map_err(|error| {
        Failure::configuration((format!("the file with the token: {error}"), format!("het bestand met het token: {error}")))
    })?;
    if token.trim().is_empty() {
        let file = file.display();
        return Err(Failure::configuration((
            format!("{file}: the file is empty; a token is expected"),
            format!("{file}: het bestand is leeg; hier hoort een token"),
        )));
    }
    let value = HeaderValue::try_from(format!("Bearer {}", token.trim()));
    let mut value = value.map_err(|_| {
        let file = file.display();
        Failure::configuration((format!("{file}: this is no token"), format!("{file}: dit is geen token")))
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_travels_readable() {
        for fine in ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080", "https://node.example.nl"] {
            assert!(check_url(fine).is_ok(), "{fine}");
        }
        for bad in [
            "http://node.example.nl",
            "http://127.0.0.1.example.nl",
            "ftp://127.0.0.1",
            "127.0.0.1:8080",
            "https://a:b@host",
            "https://host/?q",
        ] {
            assert!(check_url(bad).is_err(), "{bad}");
        }
    }
}
