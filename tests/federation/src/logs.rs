//! Everything that this process logs, kept for tests to look into.

use std::fmt::{Debug, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its level.
    pub level: Level,
    /// Its fields, `name=value` each, values as they are.
    pub text: String,
}

#[derive(Default)]
struct Kept(Mutex<Vec<Line>>);

static KEPT: OnceLock<Kept> = OnceLock::new();

struct Keeper;

struct Fields(String);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{}={value}\u{1f}", field.name());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{}={value:?}\u{1f}", field.name());
    }
}

impl Subscriber for Keeper {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::DEBUG
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields(String::new());
        attributes.record(&mut fields);
        keep(*attributes.metadata().level(), fields.0);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut fields = Fields(String::new());
        values.record(&mut fields);
        keep(Level::DEBUG, fields.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        keep(*event.metadata().level(), fields.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn keep(level: Level, text: String) {
    if let Some(kept) = KEPT.get() {
        kept.0.lock().unwrap_or_else(PoisonError::into_inner).push(Line { level, text });
    }
}

/// Keeps what is logged from now on, down to `debug`, of this whole process; also panics, which tests and tasks otherwise hide.
pub fn keep_all() {
    if KEPT.set(Kept::default()).is_ok() {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            keep(Level::ERROR, format!("{PANIC}{panic}"));
            usual(panic);
        }));
        // Whoever set another one first has the log; the tests then see nothing and say so.
        let _ = tracing::subscriber::set_global_default(Keeper);
    }
}

/// Begins the line of a panic.
const PANIC: &str = "panic: ";

/// The panics so far.
#[must_use]
pub fn panics() -> Vec<Line> {
    lines_with(&[PANIC])
}

/// The lines so far that hold all of these texts.
#[must_use]
pub fn lines_with(texts: &[&str]) -> Vec<Line> {
    let Some(kept) = KEPT.get() else { return Vec::new() };
    let lines = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
    lines.iter().filter(|line| texts.iter().all(|text| line.text.contains(text))).cloned().collect()
}
