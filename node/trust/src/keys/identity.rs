//! What a node shows of itself: a message key, and a TLS key with a self-signed certificate.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use polder_model::{PartnerId, Timestamp};
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, date_time_ymd};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{KeyError, SigningKey, read_secret, write_secret};

const MESSAGE_KEY: &str = "message.key";
const TLS_KEY: &str = "tls.key";
const TLS_CERTIFICATE: &str = "tls.pem";

/// The SHA-256 of a certificate's `SubjectPublicKeyInfo`, by which the register knows TLS keys; 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SpkiPin(String);

impl SpkiPin {
    /// The pin of a certificate.
    ///
    /// # Errors
    /// When it is not an X.509 certificate.
    pub fn of(certificate: &CertificateDer<'_>) -> Result<Self, KeyError> {
        let (_, parsed) = x509_parser::parse_x509_certificate(certificate).map_err(|_| KeyError::Form("an X.509 certificate"))?;
        Ok(Self(hex::encode(Sha256::digest(parsed.public_key().raw))))
    }

    /// The pin of the first certificate in a PEM file; what is wrong with the file otherwise.
    ///
    /// # Errors
    /// When there is no such file, or no certificate in it.
    pub fn of_file(path: &Path) -> Result<Self, String> {
        let certificate = CertificateDer::from_pem_file(path).map_err(|error| error.to_string())?;
        Self::of(&certificate).map_err(|error| error.to_string())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SpkiPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SpkiPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The keys of one node.
#[derive(Clone)]
pub struct Identity {
    message: Arc<SigningKey>,
    certificate: CertificateDer<'static>,
    tls_key: Arc<PrivateKeyDer<'static>>,
    pin: SpkiPin,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("message", &self.message).field("pin", &self.pin).finish_non_exhaustive()
    }
}

impl Identity {
    /// Makes keys and a certificate for a partner whose node is reached at `host`, and keeps them in `directory`.
    ///
    /// # Errors
    /// When there are keys already, or files cannot be written.
    pub fn create(directory: &Path, partner: &PartnerId, host: &str, now: Timestamp) -> Result<Self, KeyError> {
        let message = SigningKey::generate()?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(|_| KeyError::Failed)?;
        let mut params = CertificateParams::new(vec![host.to_owned()]).map_err(|_| KeyError::Form("a host name or IP address"))?;
        params.distinguished_name.push(DnType::CommonName, partner.as_str());
        let (year, month, day) = year_month_day(now.plus_seconds(-86_400));
        params.not_before = date_time_ymd(year, month, day);
        let (year, month, day) = year_month_day(now.plus_seconds(365 * 86_400));
        params.not_after = date_time_ymd(year, month, day);
        let certificate = params.self_signed(&key).map_err(|_| KeyError::Failed)?;
        message.save(&directory.join(MESSAGE_KEY))?;
        write_secret(&directory.join(TLS_KEY), zeroize::Zeroizing::new(key.serialize_pem()).as_bytes())?;
        write_secret(&directory.join(TLS_CERTIFICATE), certificate.pem().as_bytes())?;
        Self::load(directory)
    }

    /// Reads the keys from their directory.
    ///
    /// # Errors
    /// When a file is missing, open to others, or not what it should be.
    pub fn load(directory: &Path) -> Result<Self, KeyError> {
        let message = SigningKey::load(&directory.join(MESSAGE_KEY))?;
        let key = read_secret(&directory.join(TLS_KEY))?;
        let tls_key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| KeyError::Form("a TLS private key in PEM"))?;
        let certificate = read_secret(&directory.join(TLS_CERTIFICATE))?;
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|_| KeyError::Form("a certificate in PEM"))?;
        let pin = SpkiPin::of(&certificate)?;
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        CertifiedKey::from_der(vec![certificate.clone()], tls_key.clone_key(), &provider).map_err(|_| KeyError::OtherCertificate)?;
        Ok(Self { message: Arc::new(message), certificate, tls_key: Arc::new(tls_key), pin })
    }

    /// The key that signs messages.
    #[must_use]
    pub fn message_key(&self) -> &Arc<SigningKey> {
        &self.message
    }

    /// The certificate that is shown in TLS.
    #[must_use]
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// The pin of that certificate.
    #[must_use]
    pub fn pin(&self) -> &SpkiPin {
        &self.pin
    }

    pub(crate) fn tls_key(&self) -> PrivateKeyDer<'static> {
        self.tls_key.clone_key()
    }
}

fn year_month_day(instant: Timestamp) -> (i32, u8, u8) {
    let date = instant.date().to_string();
    let part = |range: std::ops::Range<usize>| date.get(range).and_then(|text| text.parse().ok()).unwrap_or(1);
    let year = date.get(..4).and_then(|text| text.parse().ok()).unwrap_or(2_000);
    (year, part(5..7), part(8..10))
}
