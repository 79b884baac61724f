//! The chain of certificates that a port for clients shows.

use polder_model::Timestamp;
use rustls_pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;

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
