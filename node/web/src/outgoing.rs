//! Calls to servers that are no nodes: collectors of traces, providers of log-ins. No proxy of the environment, and never led on to another address.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// A client to be completed; each call takes so long at most.
pub(crate) fn client(patience: Duration) -> reqwest::ClientBuilder {
    // The client takes the provider of the process. Whoever installed one first has installed the same.
    let _ = rustls::crypto::CryptoProvider::install_default((*polder_trust::tls::provider()).clone());
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).connect_timeout(patience).timeout(patience)
}

/// How long whoever answered asks to be waited for: seconds, or until a time by its own clock, or by this one where it does not say its own
/// (RFC 9110, section 10.2.3).
pub(crate) fn asked_to_wait(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let at = |text| httpdate::parse_http_date(text).ok();
    let asked = text(RETRY_AFTER)?;
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = text(DATE).and_then(at).unwrap_or(now);
    Some(at(asked)?.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_times_say_how_long_to_wait() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let wait = |said: &str, date: Option<&str>| {
            let said = [(RETRY_AFTER, said)].into_iter().chain(date.map(|date| (DATE, date)));
            asked_to_wait(&said.map(|(name, value)| (name, value.parse().expect("a value"))).collect(), now).map(|wait| wait.as_secs())
        };
        for (said, seconds) in [
            ("0", Some(0)),
            ("120", Some(120)),
            ("-1", None),
            ("soon", None),
            ("", None),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
        ] {
            assert_eq!(wait(said, None), seconds, "{said}");
        }
        // A clock that is an hour behind this one means its own hour.
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:37 GMT", Some("Sun, 06 Nov 1994 08:50:07 GMT")), Some(30));
    }
}
