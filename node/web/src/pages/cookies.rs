//! Cookies: few, each for one thing. All are `__Host-` (RFC 6265bis §4.1.3.2): no other host can set them, and none is sent without TLS, save to this machine.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use polder_exchange::people::Language;

/// A cookie by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// A worker's session.
    Portal,
    /// A session of staff.
    Desk,
    /// A log-in that has begun.
    Login,
    /// What a worker typed when a session was over, and goes on after the next log-in.
    PortalResume,
    /// The same of staff: what is typed at one door is gone on with there.
    DeskResume,
    /// What was erased, for whoever was somebody here.
    Erased,
    /// The language that was picked.
    Language,
}

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Portal => "__Host-polder-portal",
            Self::Desk => "__Host-polder-desk",
            Self::Login => "__Host-polder-login",
            Self::PortalResume => "__Host-polder-portal-resume",
            Self::DeskResume => "__Host-polder-desk-resume",
            Self::Erased => "__Host-polder-erased",
            Self::Language => "__Host-polder-language",
        }
    }
}

/// The cookies of one node. Browsers tell them apart by host, not by port: where the node has a port of its own in its address, their names say which.
#[derive(Debug)]
pub(crate) struct Cookies {
    behind: String,
}

impl Cookies {
    /// Those of the node at this address: scheme, host, and port where it is not the usual one.
    pub(super) fn of(url: &str) -> Self {
        let port = url.rsplit_once(':').map(|(_, port)| port).filter(|port| port.parse::<u16>().is_ok());
        Self { behind: port.map(|port| format!("-{port}")).unwrap_or_default() }
    }

    fn is(&self, cookie: Cookie, name: &str) -> bool {
        name.strip_prefix(cookie.name()) == Some(&self.behind)
    }

    /// What a browser sends back of one. Of one that stands twice nothing is believed.
    pub(crate) fn sent<'h>(&self, cookie: Cookie, headers: &'h HeaderMap) -> Option<&'h str> {
        let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut found = pairs.filter(|(name, _)| self.is(cookie, name)).map(|(_, value)| value);
        found.next().filter(|_| found.next().is_none())
    }

    /// The header field that sets one: for so many seconds, or until the browser is closed. `value` is of letters, digits and `-_.` alone.
    pub(crate) fn set(&self, cookie: Cookie, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
        let (name, behind) = (cookie.name(), &self.behind);
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        // Lax, not Strict: who comes back from the provider, or by a link in a letter, is still logged in. Forms have a check of their own.
        HeaderValue::try_from(format!("{name}{behind}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}")).ok()
    }

    /// The header field that keeps a language for a year.
    pub(crate) fn language(&self, language: Language) -> Option<HeaderValue> {
        self.set(Cookie::Language, language.as_str(), Some(365 * 24 * 3_600))
    }

    /// The header field that takes one away.
    pub(crate) fn clear(&self, cookie: Cookie) -> Option<HeaderValue> {
        self.set(cookie, "", Some(0))
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
        let cookies = Cookies::of("https://werk.example");
        let one = headers(&["a=b; __Host-polder-portal=x=y; __Host-polder-desk=z"]);
        let sent = [Cookie::Portal, Cookie::Desk, Cookie::Login].map(|cookie| cookies.sent(cookie, &one));
        assert_eq!(sent, [Some("x=y"), Some("z"), None]);
        for twice in
            [headers(&["__Host-polder-portal=x; __Host-polder-portal=x"]), headers(&["__Host-polder-portal=x", "__Host-polder-portal=y"])]
        {
            assert_eq!(cookies.sent(Cookie::Portal, &twice), None);
        }
        assert_eq!(cookies.sent(Cookie::Portal, &headers(&["x__Host-polder-portal=x", "__host-polder-portal=x"])), None);
    }
    #[test]
    fn nodes_at_two_ports_of_a_host_have_cookies_of_their_own() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("__Host-polder-desk=a; __Host-polder-desk-8081=b; __Host-polder-desk-8082=c"));
        for (url, value) in [
            ("http://127.0.0.1:8081", Some("b")),
            ("http://127.0.0.1:8082", Some("c")),
            ("http://[::1]:8081", Some("b")),
            ("http://127.0.0.1:8083", None),
            ("https://werk.example", Some("a")),
            ("http://[::1]", Some("a")),
        ] {
            let cookies = Cookies::of(url);
            assert_eq!(cookies.sent(Cookie::Desk, &headers), value, "{url}");
        }
        let set = Cookies::of("http://127.0.0.1:8081").set(Cookie::Desk, "x", None).expect("a field");
        assert_eq!(set, "__Host-polder-desk-8081=x; Path=/; Secure; HttpOnly; SameSite=Lax");
    }
}
