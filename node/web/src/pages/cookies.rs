//! Cookies: few, each for one thing. All are `__Host-` (RFC 6265bis §4.1.3.2): no other host can set them, and none is sent without TLS, save to this machine.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// A cookie by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// A worker's session.
    Portal,
    /// A session of staff.
    Desk,
    /// A log-in that has begun.
    Login,
    /// The language that was picked.
    Language,
}

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Portal => "__Host-polder-portal",
            Self::Desk => "__Host-polder-desk",
            Self::Login => "__Host-polder-login",
            Self::Language => "__Host-polder-language",
        }
    }

    /// What a browser sends back of it. Of one that stands twice nothing is believed.
    pub(crate) fn sent(self, headers: &HeaderMap) -> Option<&str> {
        let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut found = pairs.filter(|(name, _)| *name == self.name()).map(|(_, value)| value);
        found.next().filter(|_| found.next().is_none())
    }

    /// The header field that sets it: for so many seconds, or until the browser is closed. `value` is of letters, digits and `-_.` alone.
    pub(crate) fn set(self, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        // Lax, not Strict: who comes back from the provider, or by a link in a letter, is still logged in. Forms have a check of their own.
        HeaderValue::try_from(format!("{}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}", self.name())).ok()
    }

    /// The header field that takes it away.
    pub(crate) fn clear(self) -> Option<HeaderValue> {
        self.set("", Some(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cookie_is_found_among_others_and_two_are_none() {
        let headers = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(COOKIE, HeaderValue::from_str(line).expect("a value"));
            }
            headers
        };
        let one = headers(&["a=b; __Host-polder-portal=x=y; __Host-polder-desk=z"]);
        assert_eq!((Cookie::Portal.sent(&one), Cookie::Desk.sent(&one), Cookie::Login.sent(&one)), (Some("x=y"), Some("z"), None));
        for twice in
            [headers(&["__Host-polder-portal=x; __Host-polder-portal=x"]), headers(&["__Host-polder-portal=x", "__Host-polder-portal=y"])]
        {
            assert_eq!(Cookie::Portal.sent(&twice), None);
        }
        assert_eq!(Cookie::Portal.sent(&headers(&["x__Host-polder-portal=x", "__host-polder-portal=x"])), None);
    }
}
