//! Time comes in from outside.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use polder_model::Timestamp;

/// Tells the time. Nothing else in the node asks the system for it.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// The time since some instant before the node started. It goes on while the machine sleeps, and nobody can set it: how far the
    /// present instant moved against it is how far the clock was set.
    fn steady(&self) -> Duration;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn steady(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        // Kept open: a node without a free file would otherwise take another clock for this one.
        static UPTIME: LazyLock<Option<File>> = LazyLock::new(|| File::open("/proc/uptime").ok().filter(|file| since_boot(file).is_some()));
        match UPTIME.as_ref() {
            Some(file) => since_boot(file).unwrap_or_default(),
            // Stands still while the machine sleeps, which then looks as if the clock had been set.
            None => START.elapsed(),
        }
    }
}

/// The time since the machine started, in hundredths of a second (proc_uptime(5): what CLOCK_BOOTTIME says).
fn since_boot(uptime: &File) -> Option<Duration> {
    let mut text = [0; 64];
    let length = uptime.read_at(&mut text, 0).ok()?;
    let first = str::from_utf8(text.get(..length)?).ok()?.split_ascii_whitespace().next()?;
    Duration::try_from_secs_f64(first.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steady_time_goes_on_as_the_clock_does() {
        let (wall, steady) = (SystemClock.now(), SystemClock.steady());
        std::thread::sleep(Duration::from_millis(50));
        let passed = SystemClock.now().micros() - wall.micros();
        let passed_steadily = i64::try_from((SystemClock.steady() - steady).as_micros()).unwrap_or(i64::MAX);
        assert!((passed - passed_steadily).abs() < 1_000_000, "{passed} µs by the clock, {passed_steadily} µs steadily");
        assert!(passed_steadily > 0);
    }
}
