//! What a connection costs beyond its requests: frames that ask nothing (PING, SETTINGS, WINDOW_UPDATE, PRIORITY, empty DATA, unknown types), and requests that
//! are cancelled as soon as they are made (rapid reset, CVE-2023-44487).
//!
//! h2 bounds the memory of these, not their number: it would go on replying to them as fast as they come. So each byte that comes in is weighed against what
//! requests and their bodies account for.

use tokio::time::Instant;

/// Bytes of framing that are forgiven a second: a PING takes 17.
const BYTES_PER_SECOND: f64 = 16.0 * 1024.0;
/// Bytes of headers and frames that a request accounts for: HTTP/1 has headers of at most 64 KiB, but few of such.
const BYTES_OF_REQUEST: f64 = 8.0 * 1024.0;
/// Cancelled requests that a connection may have at once: an asking node drops a call whose time is over, one for each question on its way.
const CANCELLED: f64 = 500.0;
/// Cancelled requests that are forgiven a second.
const CANCELLED_PER_SECOND: f64 = 100.0;

/// What a connection may still cost.
#[derive(Debug)]
pub(super) struct Overhead {
    /// Bytes of framing that the connection may owe at once. A body that nobody has read yet counts until it is read, so this is more than the window.
    most: f64,
    bytes: f64,
    cancelled: f64,
    at: Instant,
}

impl Overhead {
    pub(super) fn new(most: u32, now: Instant) -> Self {
        Self { most: f64::from(most), bytes: f64::from(most), cancelled: CANCELLED, at: now }
    }

    fn forgive(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.bytes = (self.bytes + seconds * BYTES_PER_SECOND).min(self.most);
        self.cancelled = (self.cancelled + seconds * CANCELLED_PER_SECOND).min(CANCELLED);
    }

    /// Bytes came in. False when it is too much.
    pub(super) fn came(&mut self, bytes: usize, now: Instant) -> bool {
        self.forgive(now);
        self.bytes -= bytes as f64;
        self.bytes >= 0.0
    }

    /// So many of them were a body.
    pub(super) fn was_body(&mut self, bytes: usize) {
        self.bytes = (self.bytes + bytes as f64).min(self.most);
    }

    /// Some of them were a request.
    pub(super) fn was_request(&mut self) {
        self.bytes = (self.bytes + BYTES_OF_REQUEST).min(self.most);
    }

    /// A request was cancelled. False when it is too much.
    pub(super) fn was_cancelled(&mut self, now: Instant) -> bool {
        self.forgive(now);
        self.cancelled -= 1.0;
        self.cancelled >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn bodies_and_requests_are_free_and_all_else_is_not() {
        let start = Instant::now();
        let mut overhead = Overhead::new(256 * 1024, start);
        for _ in 0..1_000 {
            assert!(overhead.came(64 * 1024, start));
            overhead.was_body(64 * 1024 - 36);
        }
        let mut overhead = Overhead::new(256 * 1024, start);
        for _ in 0..100_000 {
            assert!(overhead.came(300, start));
            overhead.was_request();
        }
        let mut overhead = Overhead::new(256 * 1024, start);
        let pings = (0..1_000_000).take_while(|_| overhead.came(17, start)).count();
        assert_eq!(pings, 256 * 1024 / 17);
        assert!(overhead.came(17, start + Duration::from_secs(1)), "time forgives");
    }

    #[test]
    fn cancelling_is_bounded() {
        let start = Instant::now();
        let mut overhead = Overhead::new(256 * 1024, start);
        assert_eq!((0..10_000).take_while(|_| overhead.was_cancelled(start)).count(), 500);
        let later = start + Duration::from_secs(2);
        assert_eq!((0..10_000).take_while(|_| overhead.was_cancelled(later)).count(), 199);
    }
}
