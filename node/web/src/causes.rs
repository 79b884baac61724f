//! Errors with what is behind them, for logs and messages.

use std::error::Error;
use std::io::ErrorKind;

use polder_exchange::Trouble;

/// An error's cause, that cause's cause, and so on; nothing for an error without one.
pub(crate) fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&'e (dyn Error + 'static)| (*cause).source())
}

/// An error and all that is behind it, with `: ` between; a cause that the text names already is left out.
#[must_use]
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    for cause in causes(error).map(ToString::to_string).filter(|cause| !cause.is_empty()) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// What is at the bottom of an error, which is what people can do something about: the error itself where nothing is behind it.
#[must_use]
pub fn root_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().unwrap_or(error).to_string()
}

/// What is the matter with a connection.
pub(crate) fn trouble(error: &reqwest::Error) -> Trouble {
    let causes = || causes(error);
    if error.is_timeout() {
        return Trouble::Silent;
    }
    if causes().any(is_of_tls) {
        return Trouble::NotTheirs;
    }
    let kinds = causes().filter_map(|cause| Some(cause.downcast_ref::<std::io::Error>()?.kind()));
    let known = kinds.filter_map(of_socket).next();
    // Whether the other side resets a connection, or closes it before or after it was asked, is chance.
    let ended = |error: &hyper::Error| error.is_incomplete_message() || error.is_canceled() || error.is_closed();
    let is_cut = || causes().filter_map(|cause| cause.downcast_ref::<hyper::Error>()).any(ended);
    // The library has no type for it.
    let is_of_name = || causes().any(|cause| cause.to_string().starts_with("dns error"));
    known.unwrap_or_else(|| {
        if is_of_name() {
            Trouble::NoName
        } else if is_cut() {
            Trouble::Cut
        } else {
            Trouble::Unclear
        }
    })
}

/// Whether that is what a handshake refuses: it comes in an error of the socket, and perhaps in one more.
fn is_of_tls(cause: &(dyn Error + 'static)) -> bool {
    let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    cause.is::<rustls::Error>() || inner.is_some_and(|inner| is_of_tls(inner))
}

fn of_socket(kind: ErrorKind) -> Option<Trouble> {
    match kind {
        ErrorKind::ConnectionRefused => Some(Trouble::Refused),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => Some(Trouble::NoWay),
        ErrorKind::TimedOut => Some(Trouble::Silent),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => Some(Trouble::Cut),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fmt;

    use super::{root_cause, with_causes};

    #[derive(Debug)]
    struct Told(&'static str, Option<Box<Told>>);

    impl fmt::Display for Told {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Told {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as &(dyn Error + 'static))
        }
    }

    fn told(texts: &[&'static str]) -> Told {
        let (first, rest) = texts.split_first().expect("a text");
        Told(first, (!rest.is_empty()).then(|| Box::new(told(rest))))
    }

    #[test]
    fn every_cause_is_told_once() {
        for (texts, whole, root) in [
            (&["it failed"][..], "it failed", "it failed"),
            (&["it failed", "no door", "no house"], "it failed: no door: no house", "no house"),
            (&["it failed: no door", "no door", "no house"], "it failed: no door: no house", "no house"),
        ] {
            assert_eq!((with_causes(&told(texts)).as_str(), root_cause(&told(texts)).as_str()), (whole, root));
        }
    }
}
