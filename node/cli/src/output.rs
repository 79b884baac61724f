//! What people and machines get to see. Results go to standard output, progress and errors to standard error.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use polder_model::text::is_invisible;
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::print::Lang;

/// Bold and dim text, or neither.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    colours: bool,
}

impl Style {
    /// Colours on a terminal, unless NO_COLOR says no.
    fn of_stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colours: io::stdout().is_terminal() && !refused }
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.colours { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.wrap("31", text)
    }
}

/// Where and how a command speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Machines read along: JSON on standard output, nothing else.
    pub json: bool,
    /// How text for people looks.
    pub style: Style,
    /// The language of text for people.
    pub lang: Lang,
}

impl Output {
    /// Standard output.
    pub(crate) fn new(json: bool, lang: Lang) -> Self {
        Self { json, style: Style::of_stdout(), lang }
    }

    /// Standard output itself.
    pub(crate) fn writer(&self) -> impl Write + use<> {
        io::stdout().lock()
    }

    /// Writes a line for people.
    pub(crate) fn line(&self, text: impl AsRef<str>) -> Result<(), Failure> {
        Ok(writeln!(self.writer(), "{}", text.as_ref())?)
    }

    /// Writes one JSON value on a line of its own.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(value).map_err(|error| Failure::internal(error.to_string()))?;
        self.line(text)
    }

    /// Writes one JSON value over several lines.
    pub(crate) fn pretty_json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value).map_err(|error| Failure::internal(error.to_string()))?;
        self.line(text)
    }

    /// Says why a command failed.
    pub(crate) fn fail(&self, failure: &Failure) {
        let exit = failure.exit();
        if exit == Exit::Done {
            return;
        }
        let mut err = io::stderr().lock();
        // Nobody is left to be told when standard error is closed.
        let _ = if self.json {
            let mut said = serde_json::json!({"error": failure.to_string(), "exit": exit as u8});
            if !failure.findings().is_empty() {
                said["findings"] = serde_json::json!(failure.findings());
            }
            writeln!(err, "{said}")
        } else {
            writeln!(err, "polder: {}", failure.said(self.lang))
        };
    }

    /// Warns of something that does not stop a command.
    pub(crate) fn warn(&self, text: &str) {
        let line = if self.json { serde_json::json!({"warning": text}).to_string() } else { format!("polder: warning: {text}") };
        self.note(&line);
    }

    /// Says something beside the result.
    pub(crate) fn note(&self, text: &str) {
        // As above.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Progress in so many steps (0 where nobody knows), on a terminal only.
    pub(crate) fn progress(&self, steps: u64) -> Progress {
        if !io::stderr().is_terminal() {
            return Progress(ProgressBar::hidden());
        }
        let (bar, template) = match steps {
            0 => (ProgressBar::new_spinner(), "{spinner} {human_pos} {msg} ({per_sec})"),
            _ => (ProgressBar::new(steps), "{spinner} {msg} [{pos}/{len}]"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }
}

impl Output {
    /// Progress in so many bytes, on a terminal only.
    pub(crate) fn progress_of_bytes(&self, bytes: u64, says: &'static str) -> Progress {
        if !io::stderr().is_terminal() {
            return Progress(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(bytes).with_message(says);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} [{bar:30}] {bytes} of {total_bytes}") {
            bar.set_style(style);
        }
        Progress(bar)
    }
}

/// Progress of something long.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// The next step begins.
    pub(crate) fn step(&self, says: &'static str) {
        self.0.set_message(says);
        self.0.inc(1);
    }

    /// So many bytes more are done.
    pub(crate) fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// Writes without disturbing the progress.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    /// It is over.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// Text from elsewhere, made harmless for a terminal: no control or direction-changing characters, single spaces.
pub(crate) fn clean(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_but_text() {
        assert_eq!(clean("Las\u{1b}[2Jser \u{202e}x\n\ty"), "Las [2Jser x y");
    }

    #[test]
    fn plain_style_adds_nothing() {
        assert_eq!(Style::default().bold("a"), "a");
    }
}
