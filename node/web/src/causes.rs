//! Errors with what is behind them, for logs and messages.

use std::error::Error;

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
