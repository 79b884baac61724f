//! Changes of bytes and of lines, for what is no JSON, and to break what is.

use crate::random::Random;

const LIKELY: &[u8] = b"0123456789\"{}[]:,;=.()+-_/\\ \t\r\n#'A\x00\x80\xff";

/// Changes a text: lines and words where it has some, and bytes.
pub(crate) fn change(input: &[u8], other: &[u8], words: &[&str], random: &mut Random) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(4) {
        if random.chance(40) {
            lines(&mut bytes, other, random);
        } else {
            one(&mut bytes, words, random);
        }
    }
    bytes
}

fn lines(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let mut all: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let others: Vec<&[u8]> = other.split(|byte| *byte == b'\n').collect();
    let here = random.below(all.len());
    match random.below(4) {
        0 => drop(all.remove(here)),
        1 => all.insert(here, all[here].clone()),
        2 => {
            let to = random.below(all.len());
            all.swap(here, to);
        }
        _ => all.insert(here, random.pick(&others).to_vec()),
    }
    *bytes = all.join(&b'\n');
}

fn one(bytes: &mut Vec<u8>, words: &[&str], random: &mut Random) {
    let here = random.below(bytes.len() + 1);
    let end = here + random.below((bytes.len() - here).min(32) + 1);
    match random.below(8) {
        0 if here < bytes.len() => bytes[here] ^= 1 << random.below(8),
        1 => drop(bytes.drain(here..end)),
        2 => bytes.insert(here, *random.pick(LIKELY)),
        3 if here < bytes.len() => bytes[here] = *random.pick(LIKELY),
        4 if random.chance(20) => bytes.truncate(here),
        5 => {
            let part = bytes[here..end].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, part);
        }
        6 if here < bytes.len() => {
            let to = random.below(bytes.len());
            bytes.swap(here, to);
        }
        _ if !words.is_empty() => {
            let word = random.pick(words).as_bytes().to_vec();
            bytes.splice(here..if random.chance(50) { end } else { here }, word);
        }
        _ => {}
    }
}
