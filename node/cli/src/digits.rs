//! Hexadecimal digits that people read to each other.

/// In groups of four, such as `3f1c 9a02 …`.
pub(crate) fn grouped(digits: &str) -> String {
    let characters: Vec<char> = digits.chars().collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// So many digits name a TLS key for people.
const SHOWN: usize = 16;

/// The digits by which people name a TLS key.
pub(crate) fn short_pin(sha256: &str) -> &str {
    sha256.get(..SHOWN).unwrap_or(sha256)
}

/// What someone typed or pasted, without what stands between groups; `None` where it is not so many hexadecimal digits.
pub(crate) fn read(text: &str, count: usize) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '-')).collect();
    (digits.len() == count && digits.bytes().all(|b| b.is_ascii_hexdigit())).then(|| digits.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_read_back() {
        let digits = "0123456789abcdef".repeat(2);
        assert_eq!(grouped(&digits), "0123 4567 89ab cdef 0123 4567 89ab cdef");
        assert_eq!(read(&format!(" {}\n", grouped(&digits).to_uppercase()), 32), Some(digits.clone()));
        assert_eq!(read(&grouped(&digits).replace(' ', ":"), 32), Some(digits.clone()));
        assert_eq!((read(&digits, 64), read("xyzw", 4)), (None, None));
    }
}
