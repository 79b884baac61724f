//! The heads of HTTP/1 requests as they come in, looked at before hyper reads them.
//!
//! hyper takes some heads that another program may read otherwise: lines that end without CR, a length twice, a length beside chunks. It does not say so
//! to whoever handles the request. So the bytes are looked at here, and a head with two readings is spoilt from where it shows: hyper then refuses it as it
//! refuses every other broken head, with 400, and closes the connection.
//!
//! Of bodies only the length has to be known. After a head that announces chunks nothing is looked at any more: that request is the last of its connection
//! (see [`super::connection`]).

/// So much of a line is kept: no field that says where a request ends needs more.
const KEPT: usize = 128;
/// What no head may hold: hyper refuses it anywhere.
const SPOILT: u8 = 0;

/// Where the bytes of a connection are.
#[derive(Debug, Default)]
pub(super) struct Heads {
    place: Place,
    /// The line so far, without what is beyond [`KEPT`].
    line: Vec<u8>,
    /// The last byte of the line so far.
    last: u8,
    longer: bool,
    later: bool,
    length: Option<u64>,
    chunked: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum Place {
    /// In the first line of a request, or in empty lines before it.
    #[default]
    Request,
    /// In the fields of its head.
    Fields,
    /// In its body, of which so many bytes are still to come.
    Body(u64),
    /// In something that is not looked at: chunks, or HTTP/2.
    Rest,
    /// Behind a head with two readings.
    Refused,
}

impl Heads {
    /// Looks at bytes that came in, and spoils them from where a head has two readings.
    pub(super) fn look(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            match self.place {
                Place::Rest => return,
                Place::Refused => return bytes[at..].fill(SPOILT),
                Place::Body(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - at);
                    at += here;
                    self.place = Self::in_body(left - here as u64);
                }
                Place::Request | Place::Fields => {
                    let Some(length) = bytes[at..].iter().position(|byte| *byte == b'\n') else { return self.keep(&bytes[at..]) };
                    self.keep(&bytes[at..at + length]);
                    at += length;
                    self.place = self.line_ends().unwrap_or(Place::Refused);
                    self.line.clear();
                    (self.last, self.longer) = (0, false);
                    if !matches!(self.place, Place::Refused) {
                        at += 1;
                    }
                }
            }
        }
    }

    /// Whether a head had two readings: nothing more of this connection is to be read.
    pub(super) fn are_refused(&self) -> bool {
        matches!(self.place, Place::Refused)
    }

    fn in_body(left: u64) -> Place {
        if left == 0 { Place::Request } else { Place::Body(left) }
    }

    fn keep(&mut self, piece: &[u8]) {
        let room = KEPT.saturating_sub(self.line.len());
        self.line.extend_from_slice(&piece[..piece.len().min(room)]);
        self.longer |= piece.len() > room;
        self.last = piece.last().copied().unwrap_or(self.last);
    }

    /// What comes after the line that ends here; none where it has two readings.
    fn line_ends(&mut self) -> Option<Place> {
        if self.last != b'\r' {
            return None;
        }
        let line = if self.longer { &self.line[..] } else { &self.line[..self.line.len() - 1] };
        match (self.place, line) {
            (Place::Fields, []) => self.head_ends(),
            (Place::Fields, line) => Self::field(line, self.longer, &mut self.length, &mut self.chunked).then_some(Place::Fields),
            (_, []) => Some(Place::Request),
            (_, b"PRI * HTTP/2.0") if !self.later => Some(Place::Rest),
            _ => {
                self.later = true;
                Some(Place::Fields)
            }
        }
    }

    fn head_ends(&mut self) -> Option<Place> {
        match (self.length.take(), std::mem::take(&mut self.chunked)) {
            (Some(_), true) => None,
            (None, true) => Some(Place::Rest),
            (length, false) => Some(Self::in_body(length.unwrap_or(0))),
        }
    }

    /// Whether a field has one reading; what it says of the length.
    fn field(line: &[u8], longer: bool, length: &mut Option<u64>, chunked: &mut bool) -> bool {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = (&line[..colon], line.get(colon + 1..).unwrap_or_default().trim_ascii());
        if name.iter().any(u8::is_ascii_whitespace) {
            // The line before goes on, or the name is one to some and another to others.
            return false;
        }
        if name.eq_ignore_ascii_case(b"content-length") {
            let digits = !longer && value.iter().all(u8::is_ascii_digit);
            let number = str::from_utf8(value).ok().and_then(|value| value.parse().ok()).filter(|_| digits);
            return length.is_none() && number.is_some_and(|number| length.replace(number).is_none());
        }
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            return !longer && value.eq_ignore_ascii_case(b"chunked") && !std::mem::replace(chunked, true);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of requests that come in pieces of that size.
    fn left(requests: &str, size: usize) -> Vec<u8> {
        let (mut heads, mut bytes) = (Heads::default(), requests.as_bytes().to_vec());
        bytes.chunks_mut(size).for_each(|piece| heads.look(piece));
        bytes
    }

    const BODY: &str = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nA\nB: \n\n\n";

    #[test]
    fn one_reading_passes_as_it_came() {
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(10_000));
        for requests in [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3),
            format!("\r\n\r\n{BODY}{BODY}\r\n{BODY}"),
            format!("{long}{BODY}{long}"),
            "POST / HTTP/1.1\r\ntransfer-encoding:\tChunked \r\n\r\n5\nabc".to_owned(),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\n\n\0".to_owned(),
        ] {
            for size in [1, 2, 3, 7, 100, 100_000] {
                assert_eq!(left(&requests, size), requests.as_bytes(), "{requests:?} in {size}");
            }
        }
    }

    #[test]
    fn two_readings_are_spoilt() {
        for (fields, before) in [
            ("\n", ""),
            ("Host: a\n\r\n", "Host: a"),
            ("Host: a\r\n\n", "Host: a\r\n"),
            ("Content-Length: 8\r\nContent-Length: 8\r\n\r\n", "Content-Length: 8\r\nContent-Length: 8\r"),
            ("Content-Length: 8, 8\r\n\r\n", "Content-Length: 8, 8\r"),
            ("Content-Length: +8\r\n\r\n", "Content-Length: +8\r"),
            ("Content-Length:\r\n\r\n", "Content-Length:\r"),
            ("Content-Length: 99999999999999999999\r\n\r\n", "Content-Length: 99999999999999999999\r"),
            ("content-length: 8\r\nTransfer-Encoding: chunked\r\n\r\n", "content-length: 8\r\nTransfer-Encoding: chunked\r\n\r"),
            ("Transfer-Encoding: chunked\r\nContent-length: 8\r\n\r\n", "Transfer-Encoding: chunked\r\nContent-length: 8\r\n\r"),
            (
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r",
            ),
            ("Transfer-Encoding: xchunked\r\n\r\n", "Transfer-Encoding: xchunked\r"),
            ("Transfer-Encoding: gzip, chunked\r\n\r\n", "Transfer-Encoding: gzip, chunked\r"),
            ("A: b\r\n c\r\n\r\n", "A: b\r\n c\r"),
            ("Content-Length : 8\r\n\r\n", "Content-Length : 8\r"),
        ] {
            let (request, follows) = ("POST / HTTP/1.1\r\n", "GET / HTTP/1.1\r\n\r\n");
            let requests = format!("{BODY}{request}{fields}{follows}");
            let mut expected = format!("{BODY}{request}{before}").into_bytes();
            expected.resize(requests.len(), SPOILT);
            for size in [1, 2, 3, 7, 100, 100_000] {
                assert_eq!(left(&requests, size), expected, "{fields:?} in {size}");
            }
        }
        let late = format!("{BODY}PRI * HTTP/2.0\r\n\n");
        assert!(left(&late, 100).ends_with(b"\r\n\0"), "HTTP/2 begins at the beginning");
    }
}
