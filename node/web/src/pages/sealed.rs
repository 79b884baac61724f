//! What a page shows again at an address of its own, without saying in it what: it is kept sealed, under a secret that one browser alone has.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use polder_store::StoreError;
use polder_store::people::{SealedPage, SessionId};
use polder_trust::random;
use sha2::{Digest, Sha256};

use super::{Fields, Known, PageError, Pages};

/// How long it can be gone back to, in seconds.
const PATIENCE: i64 = 3_600;

fn key(secret: &str) -> Option<RandomizedNonceKey> {
    let key = Sha256::new().chain_update(b"polder page\n").chain_update(secret.as_bytes()).finalize();
    RandomizedNonceKey::new(&AES_256_GCM_SIV, &key).ok()
}

/// By what it is found.
fn name(secret: &str) -> String {
    hex::encode(Sha256::new().chain_update(b"polder page's name\n").chain_update(secret.as_bytes()).finalize())
}

fn close(secret: &str, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let nonce = key(secret)?.seal_in_place_append_tag(Aad::empty(), &mut bytes).ok()?;
    Some([nonce.as_ref().as_slice(), &bytes].concat())
}

fn open(secret: &str, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
    let (nonce, bytes) = sealed.split_at_mut_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    key(secret)?.open_in_place(nonce, Aad::empty(), bytes).ok().map(|plain| plain.to_vec())
}

/// A name that nobody guesses, of letters, digits and `-_`.
pub(crate) fn made_up() -> Result<String, PageError> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>().map_err(PageError::internal)?))
}

/// Keeps bytes for whoever has the secret. Whether they are kept: otherwise they are to be shown at once.
pub(crate) async fn keep(pages: &Pages, secret: &str, session: Option<SessionId>, bytes: Vec<u8>) -> bool {
    let until = pages.node().now().plus_seconds(PATIENCE);
    let Some(sealed) = close(secret, bytes) else { return false };
    match pages.node().store().keep_page(SealedPage { name: name(secret), session, sealed, until }).await {
        Ok(kept) => kept,
        Err(error) => {
            tracing::warn!(%error, "a page has no address of its own");
            false
        }
    }
}

/// The bytes of a secret; `None` where there are none, or their time is over.
pub(crate) async fn find(pages: &Pages, secret: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let sealed = pages.node().store().kept_page(&name(secret), pages.node().now()).await?;
    Ok(sealed.and_then(|sealed| open(secret, sealed)))
}

/// What a name in an address stands for in a session: nothing in another.
fn in_session(known: &Known, name: &str) -> String {
    format!("{}\n{name}", known.token)
}

/// Keeps a form as far as it is filled in. The name for its address; `None` where it is not kept.
pub(crate) async fn keep_form(pages: &Pages, known: &Known, form: &Fields) -> Result<Option<String>, PageError> {
    let name = made_up()?;
    let filled = form.typed().filter(|(_, value)| !value.is_empty());
    let bytes = form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish().into_bytes();
    let is_kept = keep(pages, &in_session(known, &name), Some(SessionId::of(&known.token)), bytes).await;
    Ok(is_kept.then_some(name))
}

/// The form of such a name; `None` where it was not kept for this session, or is gone.
pub(crate) async fn form(pages: &Pages, known: &Known, name: &str) -> Result<Option<Fields>, PageError> {
    let bytes = find(pages, &in_session(known, name)).await?;
    Ok(bytes.map(|bytes| Fields::of(form_urlencoded::parse(&bytes).into_owned().collect())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_secret_alone() {
        let sealed = close("one", b"typed".to_vec()).expect("sealed");
        assert!(!sealed.windows(5).any(|part| part == b"typed"), "{sealed:?}");
        assert_eq!(open("one", sealed.clone()), Some(b"typed".to_vec()));
        assert_eq!(open("two", sealed.clone()), None);
        assert_eq!(open("one", sealed[1..].to_vec()), None, "nobody changes it");
        assert_eq!(open("one", Vec::new()), None);
        assert_ne!(name("one"), name("two"));
    }
}
