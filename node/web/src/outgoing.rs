//! Calls to servers that are no nodes: collectors of traces, providers of log-ins. No proxy of the environment, and never led on to another address.

use std::time::Duration;

/// A client to be completed; each call takes so long at most.
pub(crate) fn client(patience: Duration) -> reqwest::ClientBuilder {
    // The client takes the provider of the process. Whoever installed one first has installed the same.
    let _ = rustls::crypto::CryptoProvider::install_default((*polder_trust::tls::provider()).clone());
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).connect_timeout(patience).timeout(patience)
}
