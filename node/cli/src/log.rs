//! The log of a node: text or JSON lines on standard error.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::exit::Failure;

/// Starts logging. `log.level` is a level or a filter such as `info,polder_store=debug`.
pub(crate) fn start(log: &Log) -> Result<(), Failure> {
    let refused = |error: String| {
        Failure::configuration(format!("log.level: {error}; allowed are error, warn, info, debug, trace, or a filter of them"))
    };
    // h2 warns of each frame that does not belong: whoever sends a million of them would write a million lines.
    let filter = EnvFilter::try_new(format!("h2=error,{}", log.level)).map_err(|error| refused(error.to_string()))?;
    let format = log.format;
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || Lines { format, to: io::stderr() }).with_ansi(false);
    match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    }
    .map_err(|error| Failure::internal(format!("the log cannot be started: {error}")))
}

/// Lines that could not be written.
static LOST: AtomicU64 = AtomicU64::new(0);

/// Where lines go. One that cannot be written, since the disk is full or nobody reads any more, is lost and counted, and the node goes on; when
/// lines can be written again, the first says how many were lost.
struct Lines<W> {
    format: LogFormat,
    to: W,
}

impl<W: Write> Write for Lines<W> {
    /// A whole line.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let lost = LOST.load(Ordering::Relaxed);
        let told = lost == 0 || {
            let what = format!("{lost} line(s) of the log could not be written");
            match self.format {
                LogFormat::Text => writeln!(self.to, "WARN {what}"),
                LogFormat::Json => writeln!(self.to, r#"{{"level":"WARN","fields":{{"message":"{what}"}}}}"#),
            }
            .is_ok()
        };
        if told {
            LOST.fetch_sub(lost, Ordering::Relaxed);
        }
        if !told || self.to.write_all(line).is_err() {
            LOST.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // What cannot be flushed is counted when it is written.
        let _ = self.to.flush();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes nothing while it is full.
    struct Disk<'d> {
        full: bool,
        holds: &'d mut Vec<u8>,
    }

    impl Write for Disk<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.full { Err(io::ErrorKind::StorageFull.into()) } else { self.holds.write(bytes) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_are_lost_are_counted_and_told() {
        let mut holds = Vec::new();
        for (full, line) in [(false, "a\n"), (true, "b\n"), (true, "c\n"), (false, "d\n"), (false, "e\n")] {
            let mut lines = Lines { format: LogFormat::Text, to: Disk { full, holds: &mut holds } };
            assert!(lines.write_all(line.as_bytes()).is_ok());
        }
        assert_eq!(String::from_utf8_lossy(&holds), "a\nWARN 2 line(s) of the log could not be written\nd\ne\n");
    }
}
