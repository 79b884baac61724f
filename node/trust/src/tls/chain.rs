//! The chain of certificates that a port for clients shows.

use polder_model::Timestamp;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;

use crate::keys::KeyError;

/// From when until when a whole chain counts: the latest beginning and the earliest end in it.
///
/// # Errors
/// When one is no certificate, or is not signed by the one after it.
pub fn chain_period(chain: &[CertificateDer<'_>]) -> Result<(Timestamp, Timestamp), KeyError> {
    let parsed: Result<Vec<X509Certificate<'_>>, _> =
        chain.iter().map(|one| x509_parser::parse_x509_certificate(one).map(|(_, parsed)| parsed)).collect();
    let parsed = parsed.map_err(|_| KeyError::Form("an X.509 certificate"))?;
    if parsed.windows(2).any(|pair| pair[0].issuer() != pair[1].subject()) {
        return Err(KeyError::Form("a chain: after each certificate stands the one that signed it"));
    }
    let instant = |seconds: i64| Timestamp::from_micros(seconds.saturating_mul(1_000_000));
    let from = parsed.iter().map(|one| one.validity().not_before.timestamp()).max();
    let until = parsed.iter().map(|one| one.validity().not_after.timestamp()).min();
    from.zip(until).map(|(from, until)| (instant(from), instant(until))).ok_or(KeyError::Form("a certificate: there is none"))
}

/// The names and addresses of the machine whose chain this is, in PEM (RFC 5280 §4.2.1.6), in their order; names with a wildcard are those of no one machine.
///
/// # Errors
/// When there is no certificate.
pub fn chain_names(pem: &[u8]) -> Result<Vec<String>, KeyError> {
    let form = || KeyError::Form("an X.509 certificate");
    let first = CertificateDer::from_pem_slice(pem).map_err(|_| form())?;
    let (_, parsed) = x509_parser::parse_x509_certificate(&first).map_err(|_| form())?;
    let Some(names) = parsed.subject_alternative_name().map_err(|_| form())? else { return Ok(Vec::new()) };
    let text = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) if !name.contains('*') => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|bytes| std::net::Ipv4Addr::from(bytes).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|bytes| format!("[{}]", std::net::Ipv6Addr::from(bytes))),
        },
        _ => None,
    };
    Ok(names.value.general_names.iter().filter_map(text).collect())
}
