//! The known word that is nearest to one that is not known.

/// The nearest of the candidates, if it is near enough to be what was meant.
pub(crate) fn nearest<'k>(word: &str, candidates: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    // Forms with - and in capitals are what was meant, too.
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let word = plain(word);
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let scored = candidates.map(|known| (distance(&word, known).min(1 + distance(&last(&word), &last(known))), known));
    let (distance, known) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= 2 + word.len() / 5).then_some(known)
}

/// How many characters must be changed, added or left out (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = corner + usize::from(from != *to);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        let known = || ["client.listen", "peer.listen", "log.level", "limits.queries_at_once"].into_iter();
        for (given, meant) in [
            ("client.lisen", Some("client.listen")),
            ("limits.queries-at-once", Some("limits.queries_at_once")),
            ("log.Level", Some("log.level")),
            ("loglevel", Some("log.level")),
            ("colour", None),
        ] {
            assert_eq!(nearest(given, known()), meant, "{given}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
