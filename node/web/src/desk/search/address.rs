//! The address of a question that was asked: reloading the page and going back to it ask it again. Who is sought, and where, stands sealed in it, under a key of
//! the session: whoever reads the address in a log or a history learns nothing, and it opens nothing for anybody else or later.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::pages::Fields;

/// Characters that such an address has at most; a longer question has none.
const LONGEST: usize = 6_000;

fn key(session: &str) -> Option<RandomizedNonceKey> {
    let key = Sha256::new().chain_update(b"polder question\n").chain_update(session.as_bytes()).finalize();
    RandomizedNonceKey::new(&AES_256_GCM_SIV, &key).ok()
}

/// The address at which the question of a form is answered; `None` where it is too long for one.
pub(super) fn address(session: &str, form: &Fields) -> Option<String> {
    let filled = form.typed().filter(|(_, value)| !value.is_empty());
    let mut bytes = form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish().into_bytes();
    let nonce = key(session)?.seal_in_place_append_tag(Aad::empty(), &mut bytes).ok()?;
    let address = format!("/desk/search?asked={}", URL_SAFE_NO_PAD.encode([nonce.as_ref().as_slice(), &bytes].concat()));
    (address.len() <= LONGEST).then_some(address)
}

/// The form of such an address; `None` where it was not made for this session.
pub(super) fn form(session: &str, sealed: &str) -> Option<Fields> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut sealed = sealed.to_vec();
    let plain = key(session)?.open_in_place(nonce, Aad::empty(), &mut sealed).ok()?;
    Some(Fields::of(form_urlencoded::parse(plain).into_owned().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields::of(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn it_says_nothing_and_opens_for_its_session_alone() {
        let asked =
            fields(&[("csrf", "secret"), ("kind", "skill-offer"), ("from", "8251"), ("skill", "a&b"), ("skill", "c"), ("text", "")]);
        let made = address("one", &asked).expect("it is short");
        assert!(!made.contains("8251") && !made.contains("skill-offer"), "{made}");
        assert_ne!(made, address("one", &asked).expect("it is short"), "two that are the same do not look so");
        let sealed = made.strip_prefix("/desk/search?asked=").expect("a parameter");
        let opened = form("one", sealed).expect("it is of this session");
        assert_eq!((opened.one("from"), opened.all("skill").collect::<Vec<_>>(), opened.one("csrf")), ("8251", vec!["a&b", "c"], ""));
        assert!(form("two", sealed).is_none() && form("one", "").is_none() && form("one", "%%").is_none() && form("one", "AAAA").is_none());
        let mut other = sealed.to_owned();
        other.replace_range(20..21, if &sealed[20..21] == "A" { "B" } else { "A" });
        assert!(form("one", &other).is_none(), "nobody changes it");
        assert!(address("one", &fields(&[("new", &"x".repeat(900)), ("text", &"\u{e9}".repeat(900))])).is_none());
    }
}
