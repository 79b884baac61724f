//! The signature base (RFC 9421 §2.5): one line for each component, then the parameters.

use http::HeaderMap;

use super::MessageError;

/// Makes a signature base out of component identifiers with their values, and the parameters.
pub(super) fn signature_base(components: &[(&str, &str)], parameters: &str) -> String {
    let mut base = String::new();
    for (name, value) in components {
        base.push_str(name);
        base.push_str(": ");
        base.push_str(value);
        base.push('\n');
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(parameters);
    base
}

/// The one value of a header. Twice, or not visible ASCII, is refused: the two sides could read it differently.
pub(super) fn single<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h str, MessageError> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(MessageError::Profile("a header that must be covered is missing or stands twice"));
    };
    value.to_str().map(str::trim).map_err(|_| MessageError::Profile("a header that must be covered has characters that are not allowed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::PublicKey;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    /// RFC 9421, appendix B.2.6: "Signing a Request Using ed25519".
    #[test]
    fn the_vector_of_the_rfc() {
        let components = [
            ("\"date\"", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("\"@method\"", "POST"),
            ("\"@path\"", "/foo"),
            ("\"@authority\"", "example.com"),
            ("\"content-type\"", "application/json"),
            ("\"content-length\"", "18"),
        ];
        let parameters = "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
        let base = signature_base(&components, parameters);
        let signature =
            STANDARD.decode("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==").expect("base64");
        // The key of appendix B.1.4.
        let spki = STANDARD.decode("MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=").expect("base64");
        let key: PublicKey = URL_SAFE_NO_PAD.encode(&spki[spki.len() - 32..]).parse().expect("a key");
        assert!(key.verifies(base.as_bytes(), &signature));
        assert!(!key.verifies(base.replace("POST", "PUT").as_bytes(), &signature));
    }
}
