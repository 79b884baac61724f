//! Consent, disclosure and withdrawal: who may see what of a worker. Pure.
