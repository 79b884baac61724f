//! Which streams of an HTTP/2 connection are open on the wire: by the frames that pass (RFC 9113, section 4.1), of which the heads alone are looked at.
//!
//! A stream is open from the first HEADERS of the other side until a frame of ours that ends it has passed whole.

use std::collections::HashSet;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEAD: usize = 9;
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const END_STREAM: u8 = 1;
/// Streams that are kept track of. Nobody has so many open; of one who seems to, nothing is sure.
const MOST: usize = 4_096;

/// A frame that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
}

/// One direction of a connection.
#[derive(Debug, Default)]
struct Frames {
    head: [u8; HEAD],
    filled: usize,
    /// What is still to come of the payload.
    left: usize,
}

impl Frames {
    /// Looks at bytes that pass; calls `each` with the frames that end in them.
    fn pass(&mut self, mut bytes: &[u8], mut each: impl FnMut(Frame)) {
        loop {
            if self.filled == HEAD {
                let some = self.left.min(bytes.len());
                self.left -= some;
                bytes = &bytes[some..];
                if self.left > 0 {
                    return;
                }
                let [_, _, _, kind, flags, a, b, c, d] = self.head;
                each(Frame { kind, flags, stream: u32::from_be_bytes([a, b, c, d]) & 0x7FFF_FFFF });
                self.filled = 0;
            }
            if bytes.is_empty() {
                return;
            }
            let some = (HEAD - self.filled).min(bytes.len());
            self.head[self.filled..self.filled + some].copy_from_slice(&bytes[..some]);
            self.filled += some;
            bytes = &bytes[some..];
            self.left = usize::from(self.head[0]) << 16 | usize::from(self.head[1]) << 8 | usize::from(self.head[2]);
            if self.filled < HEAD {
                return;
            }
        }
    }
}

/// The streams of a connection.
#[derive(Debug, Default)]
pub(super) struct Streams {
    /// So many bytes of the preface came; all of it, on HTTP/2.
    preface: usize,
    other: bool,
    incoming: Frames,
    outgoing: Frames,
    open: HashSet<u32>,
    highest: u32,
    /// The other side gave a stream up: what this side works on is not what is open.
    given_up: bool,
    unsure: bool,
}

impl Streams {
    /// Bytes of the other side.
    pub(super) fn came(&mut self, mut bytes: &[u8]) {
        while self.preface < PREFACE.len() && !self.other {
            let Some((first, rest)) = bytes.split_first() else { return };
            self.other = *first != PREFACE[self.preface];
            self.preface += 1;
            bytes = rest;
        }
        if self.other {
            return;
        }
        let Self { incoming, open, highest, given_up, unsure, .. } = self;
        incoming.pass(bytes, |frame| match frame.kind {
            HEADERS if frame.stream > *highest => {
                *highest = frame.stream;
                *unsure |= open.len() >= MOST;
                if !*unsure {
                    open.insert(frame.stream);
                }
            }
            RST_STREAM => *given_up |= open.remove(&frame.stream),
            _ => {}
        });
    }

    /// Bytes of this side that were handed on.
    pub(super) fn went(&mut self, bytes: &[u8]) {
        if self.other {
            return;
        }
        let Self { outgoing, open, .. } = self;
        outgoing.pass(bytes, |frame| {
            let ends = matches!(frame.kind, DATA | HEADERS) && frame.flags & END_STREAM != 0;
            if ends || frame.kind == RST_STREAM {
                open.remove(&frame.stream);
            }
        });
    }

    /// From how many requests that are worked on it is sure that every response that has ended has passed. Of HTTP/1 nothing is known: it has one response
    /// at a time.
    pub(super) fn clean_from(&self) -> usize {
        let http1 = self.other || self.preface < PREFACE.len();
        match self.open.len() {
            _ if http1 => 0,
            _ if self.unsure => usize::MAX,
            0 => 0,
            _ if self.given_up => usize::MAX,
            open => open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, flags: u8, stream: u32, length: usize) -> Vec<u8> {
        let mut bytes = vec![0, u8::try_from(length >> 8).expect("short"), u8::try_from(length & 0xFF).expect("short"), kind, flags];
        bytes.extend(stream.to_be_bytes());
        bytes.resize(HEAD + length, 0xAB);
        bytes
    }

    #[test]
    fn a_stream_is_open_until_its_last_byte_has_passed() {
        for piece in [1, 2, 7, 8, 9, 10, 64, 10_000] {
            let mut streams = Streams::default();
            let came =
                [PREFACE.to_vec(), frame(4, 0, 0, 6), frame(HEADERS, 5, 1, 20), frame(HEADERS, 4, 3, 0), frame(HEADERS, 5, 3, 4)].concat();
            came.chunks(piece).for_each(|bytes| streams.came(bytes));
            assert_eq!(streams.open, HashSet::from([1, 3]), "in pieces of {piece}");
            assert_eq!(streams.clean_from(), 2);
            let went = [frame(4, 1, 0, 0), frame(HEADERS, 4, 1, 30), frame(DATA, 0, 1, 300), frame(DATA, END_STREAM, 1, 300)].concat();
            let (all_but_one, last) = went.split_at(went.len() - 1);
            all_but_one.chunks(piece).for_each(|bytes| streams.went(bytes));
            assert_eq!(streams.clean_from(), 2, "its last byte has not passed");
            streams.went(last);
            assert_eq!(streams.clean_from(), 1);
            streams.went(&frame(RST_STREAM, 0, 3, 4));
            assert_eq!(streams.clean_from(), 0);
        }
    }

    #[test]
    fn after_a_stream_was_given_up_only_none_is_clean() {
        let mut streams = Streams::default();
        streams.came(&[PREFACE.to_vec(), frame(HEADERS, 5, 1, 2), frame(HEADERS, 5, 3, 2), frame(RST_STREAM, 0, 1, 4)].concat());
        assert_eq!(streams.clean_from(), usize::MAX, "one of the two that are worked on is given up: the other may have ended");
        streams.went(&frame(DATA, END_STREAM, 3, 0));
        assert_eq!(streams.clean_from(), 0);
    }

    #[test]
    fn http1_has_one_at_a_time() {
        let mut streams = Streams::default();
        streams.came(b"POST / HTTP/1.1\r\n\r\n");
        streams.went(b"HTTP/1.1 200 OK\r\n\r\n");
        assert_eq!(streams.clean_from(), 0);
    }
}
