//! What a connection does, and until when it may go on like that.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::overhead::Overhead;

/// Time for a handshake, for the first request, and on HTTP/1 for the headers of each.
pub(super) const HEADERS: Duration = Duration::from_secs(5);
/// Time for which a reader may take nothing of what is there for it.
const READER: Duration = Duration::from_secs(20);
/// What a reader has to take beyond that, in bytes a second.
const READER_RATE: f64 = 8.0 * 1024.0;
/// A connection without a request on its way is closed after this.
pub(super) const IDLE: Duration = Duration::from_secs(60);
/// Time for requests on their way when the node stops. A stream that would take longer ends by itself before ([`crate::stopping`]).
pub(super) const GRACE: Duration = Duration::from_secs(3);
/// Time for a connection without requests to confirm that it ends, when the node stops.
const STOP: Duration = Duration::from_secs(1);
/// The same, of an old HTTP/2 connection.
const FAREWELL: Duration = Duration::from_secs(10);
/// Time for all requests of an old HTTP/2 connection: an export may take that long.
const LAST_REQUESTS: Duration = Duration::from_secs(3_600);
/// Time to say goodbye to a connection that is abused.
const GOODBYE: Duration = Duration::from_millis(500);

/// The times of one port.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// A connection without a request on its way is closed after this; `None` where HTTP/2 connections are kept warm.
    pub idle: Option<Duration>,
    /// A connection takes no more requests after this, so that no handshake counts for ever.
    pub age: Duration,
    /// Bytes of framing that a connection may owe.
    pub overhead: u32,
}

/// Why a connection is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// No request came, or the headers of one did not end.
    Headers,
    /// Nothing was asked for a while.
    Idle,
    /// Nobody takes what is sent.
    Reader,
    /// It is old.
    Age,
    /// The node stops, and requests on their way had their time.
    Stop,
    /// It costs more than its requests are worth.
    Abuse(&'static str),
}

impl Over {
    /// For the log; `None` where it is nobody's fault.
    pub(super) fn fault(self) -> Option<&'static str> {
        match self {
            Self::Headers => Some("no whole request within 5 s"),
            Self::Reader => Some("the response was not taken"),
            Self::Abuse(what) => Some(what),
            Self::Idle | Self::Age | Self::Stop => None,
        }
    }
}

/// What a connection does.
#[derive(Debug)]
pub(super) struct Activity {
    times: Times,
    opened: Instant,
    doing: Mutex<Doing>,
    open: AtomicBool,
}

#[derive(Debug)]
struct Doing {
    http2: bool,
    requests: u64,
    in_flight: usize,
    /// When the last request ended.
    ended: Instant,
    /// HTTP/1: when the first byte after that came.
    headers_since: Option<Instant>,
    /// Since when bytes wait to be sent.
    sending_since: Option<Instant>,
    /// Responses that wait for their reader, and until when.
    waiting: BTreeMap<u64, Instant>,
    ending: Option<Ending>,
    overhead: Overhead,
    abuse: Option<&'static str>,
    /// How often everything that was written was handed on.
    flushes: u64,
    /// From how many requests that are worked on every response that has ended has passed.
    clean_from: usize,
    /// Until when something may be handed on, of each response that has such an end and is not out yet.
    silent_from: Vec<Instant>,
}

/// How a connection comes to its end.
#[derive(Clone, Copy, Debug)]
struct Ending {
    since: Instant,
    why: Over,
}

impl Ending {
    /// The longest that it may take.
    fn time(self) -> Duration {
        match self.why {
            Over::Abuse(_) => GOODBYE,
            Over::Age => LAST_REQUESTS,
            _ => GRACE,
        }
    }

    /// The longest that it may take where no request is on its way.
    fn idle_time(self) -> Duration {
        if self.why == Over::Stop { STOP } else { FAREWELL }
    }

    /// Whether this one leaves less time than that one.
    fn is_sooner_than(self, other: Self) -> bool {
        self.since + self.time() < other.since + other.time()
    }
}

impl Activity {
    pub(super) fn new(times: Times) -> Self {
        let now = Instant::now();
        let doing = Doing {
            http2: false,
            requests: 0,
            in_flight: 0,
            ended: now,
            headers_since: None,
            sending_since: None,
            waiting: BTreeMap::new(),
            ending: None,
            overhead: Overhead::new(times.overhead, now),
            abuse: None,
            flushes: 0,
            clean_from: 0,
            silent_from: Vec::new(),
        };
        Self { times, opened: now, doing: Mutex::new(doing), open: AtomicBool::new(true) }
    }

    /// Everything that was written so far was handed on.
    pub(super) fn flushed(&self) {
        self.doing().flushes += 1;
    }

    /// How often that was so.
    pub(super) fn flushes(&self) -> u64 {
        self.doing().flushes
    }

    /// Frames passed: from how many requests that are worked on every response that has ended has passed (`Streams::clean_from`).
    pub(super) fn passed(&self, clean_from: usize) {
        self.doing().clean_from = clean_from;
    }

    /// Whether all of every response that has ended was handed on. On HTTP/1, where the response that is meant is the last one, it was by the first time
    /// that everything was after it ended.
    pub(super) fn all_is_out(&self, flushes_at_end: u64) -> bool {
        let doing = self.doing();
        if doing.http2 { doing.in_flight >= doing.clean_from } else { doing.flushes > flushes_at_end }
    }

    /// From that instant on nothing is handed on, unless [`Activity::may_speak`] takes it back.
    pub(super) fn is_silent_from(&self, at: Instant) {
        self.doing().silent_from.push(at);
    }

    /// Takes one such end back.
    pub(super) fn may_speak(&self, at: Instant) {
        let mut doing = self.doing();
        if let Some(place) = doing.silent_from.iter().position(|one| *one == at) {
            doing.silent_from.swap_remove(place);
        }
    }

    /// Whether nothing may be handed on any more.
    pub(super) fn is_silent(&self) -> bool {
        let doing = self.doing();
        !doing.silent_from.is_empty() && doing.silent_from.iter().any(|at| *at <= Instant::now())
    }

    /// The stream is gone: nothing is handed on any more.
    pub(super) fn closed(&self) {
        self.open.store(false, Ordering::SeqCst);
    }

    /// Whether anything may be handed on.
    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::SeqCst)
    }

    fn doing(&self) -> std::sync::MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes came in.
    pub(super) fn read(&self, bytes: usize) {
        let (mut doing, now) = (self.doing(), Instant::now());
        if doing.in_flight == 0 && doing.headers_since.is_none() {
            doing.headers_since = Some(now);
        }
        if !doing.overhead.came(bytes, now) {
            doing.abuse = Some("more framing than its requests are worth");
        }
    }

    /// Whether nothing more is to be read.
    pub(super) fn is_deaf(&self) -> bool {
        self.doing().abuse.is_some()
    }

    /// Bytes of a body came in.
    pub(super) fn read_body(&self, bytes: usize) {
        self.doing().overhead.was_body(bytes);
    }

    /// Bytes wait to be sent, or went.
    pub(super) fn sends(&self, waits: bool) {
        let mut doing = self.doing();
        match (waits, doing.sending_since) {
            (true, None) => doing.sending_since = Some(Instant::now()),
            (false, Some(_)) => doing.sending_since = None,
            _ => {}
        }
    }

    /// A request begins; its number.
    pub(super) fn request_begins(&self, http2: bool) -> u64 {
        let mut doing = self.doing();
        if doing.ending.is_some_and(|ending| ending.since.elapsed() > FAREWELL) {
            doing.abuse = Some("requests after the connection was told to end");
        }
        doing.http2 = http2;
        doing.requests += 1;
        doing.in_flight += 1;
        doing.headers_since = None;
        doing.overhead.was_request();
        doing.requests
    }

    /// A request ended; whether its caller had the whole response.
    pub(super) fn request_ends(&self, number: u64, whole: bool) {
        let (mut doing, now) = (self.doing(), Instant::now());
        doing.in_flight -= 1;
        doing.ended = now;
        doing.waiting.remove(&number);
        if !whole && !doing.overhead.was_cancelled(now) {
            doing.abuse = Some("requests that are cancelled as soon as they are made");
        }
    }

    /// A response waits for its reader, who has kept it waiting for that long already and took so many bytes.
    pub(super) fn waits_for_reader(&self, number: u64, waited: Duration, taken: u64) {
        let may = READER + Duration::from_secs_f64(taken as f64 / READER_RATE);
        self.doing().waiting.insert(number, Instant::now() + may.saturating_sub(waited));
    }

    /// The reader came.
    pub(super) fn reader_came(&self, number: u64) {
        self.doing().waiting.remove(&number);
    }

    /// Whether the connection is older than it may be.
    pub(super) fn is_old(&self) -> bool {
        self.opened.elapsed() >= self.times.age
    }

    /// The connection takes no more requests. Of several reasons the one counts that leaves least time; whether it is this one.
    pub(super) fn ends(&self, why: Over) -> bool {
        let (mut doing, ending) = (self.doing(), Ending { since: Instant::now(), why });
        let counts = doing.ending.is_none_or(|before| ending.is_sooner_than(before));
        if counts {
            doing.ending = Some(ending);
        }
        counts
    }

    /// What the connection is abused for.
    pub(super) fn abuse(&self) -> Option<&'static str> {
        self.doing().abuse
    }

    /// When the connection is over if it goes on like this, and why.
    ///
    /// On HTTP/1 nothing ends by its age: the first response after that says `Connection: close`, so no request sets out on a connection that ends.
    pub(super) fn due(&self) -> (Instant, Over) {
        let doing = self.doing();
        let mut due = match doing.ending {
            Some(ending) => (ending.since + ending.time(), ending.why),
            None if doing.http2 => (self.opened + self.times.age, Over::Age),
            None => (Instant::now() + LAST_REQUESTS, Over::Idle),
        };
        let mut also = |at: Instant, why| {
            if at < due.0 {
                due = (at, why);
            }
        };
        if doing.requests == 0 {
            also(self.opened + HEADERS, Over::Headers);
        } else if doing.in_flight == 0 {
            match (doing.http2, doing.headers_since, self.times.idle) {
                (false, Some(since), _) => also(since + HEADERS, Over::Headers),
                (false, None, idle) => also(doing.ended + idle.unwrap_or(IDLE), Over::Idle),
                (true, _, Some(idle)) => also(doing.ended + idle, Over::Idle),
                (true, _, None) => {}
            }
            if let Some(ending) = doing.ending {
                also(doing.ended.max(ending.since) + ending.idle_time(), ending.why);
            }
        }
        if let Some(since) = doing.sending_since {
            also(since + READER, Over::Reader);
        }
        if let Some(at) = doing.waiting.values().min() {
            also(*at, Over::Reader);
        }
        due
    }
}
