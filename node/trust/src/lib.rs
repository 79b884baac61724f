//! The register of partners, signatures on messages, keys and TLS identities.
