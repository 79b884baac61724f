//! Everything that this process logs, kept for tests to look into.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its level.
    pub level: Level,
    /// Its fields, `name=value` each, values as they are; then those of the spans in which it stands.
    pub text: String,
}

#[derive(Default)]
struct Kept(Mutex<Vec<Line>>);

static KEPT: OnceLock<Kept> = OnceLock::new();
static SPANS: Mutex<Option<HashMap<u64, String>>> = Mutex::new(None);
static NEXT: AtomicU64 = AtomicU64::new(1);

thread_local! {
    /// The spans in which this thread is now.
    static WITHIN: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

fn with_spans<T>(work: impl FnOnce(&mut HashMap<u64, String>) -> T) -> T {
    work(SPANS.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default())
}

struct Keeper(Level);

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
        *metadata.level() <= self.0
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields(String::new());
        attributes.record(&mut fields);
        keep(*attributes.metadata().level(), fields.0.clone());
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        with_spans(|spans| spans.insert(id, fields.0));
        Id::from_u64(id)
    }

    fn try_close(&self, id: Id) -> bool {
        with_spans(|spans| spans.remove(&id.into_u64()));
        true
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
        WITHIN.with_borrow(|within| with_spans(|spans| within.iter().filter_map(|id| spans.get(id)).for_each(|of| fields.0.push_str(of))));
        keep(*event.metadata().level(), fields.0);
    }

    fn enter(&self, id: &Id) {
        WITHIN.with_borrow_mut(|within| within.push(id.into_u64()));
    }

    fn exit(&self, id: &Id) {
        WITHIN.with_borrow_mut(|within| {
            if let Some(at) = within.iter().rposition(|inner| *inner == id.into_u64()) {
                within.remove(at);
            }
        });
    }
}

fn keep(level: Level, text: String) {
    if let Some(kept) = KEPT.get() {
        kept.0.lock().unwrap_or_else(PoisonError::into_inner).push(Line { level, text });
    }
}

/// Keeps what is logged from now on, down to `debug`, of this whole process; also panics, as [`keep_panics`] does.
pub fn keep_all() {
    keep_to(Level::DEBUG);
}

/// The same, down to that level.
pub fn keep_to(level: Level) {
    keep_panics();
    // Whoever set another one first has the log; the tests then see nothing and say so.
    let _ = tracing::subscriber::set_global_default(Keeper(level));
}

/// Keeps panics of this whole process, which tests and tasks otherwise hide.
pub fn keep_panics() {
    if KEPT.set(Kept::default()).is_ok() {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            keep(Level::ERROR, format!("{PANIC}{panic}"));
            usual(panic);
        }));
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

/// Waits until a line holds all of these texts: what ends a connection, or is looked at every now and then, is told a moment later.
///
/// # Panics
/// When none comes within 10 s.
pub async fn wait_for(texts: &[&str]) {
    let began = Instant::now();
    while lines_with(texts).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(10), "not logged: {texts:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
