//! How a webhook shows who tells (Standard Webhooks): an HMAC over its id, the time and its body.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use polder_model::Timestamp;
use polder_store::webhooks::{Webhook, WebhookId};

use crate::oauth::OAuth;

/// For how long the secret of before signs as well, in seconds.
pub(crate) const OLD_SECONDS: i64 = 86_400;

/// A secret of a webhook. It is kept nowhere: it follows from the key that signs tokens.
pub(super) struct Secret([u8; 32]);

impl Secret {
    fn of(oauth: &OAuth, id: &WebhookId, number: u64) -> Self {
        Self(oauth.secret_for(&format!("webhook {id} {number}")))
    }

    /// The one that signs, as its receiver is to keep it.
    pub(super) fn shown(oauth: &OAuth, webhook: &Webhook) -> String {
        format!("whsec_{}", STANDARD.encode(Self::of(oauth, &webhook.id, webhook.secret).0))
    }

    /// Those that sign now, the newest first.
    pub(super) fn now(oauth: &OAuth, webhook: &Webhook, now: Timestamp) -> Vec<Self> {
        let is_young = webhook.rotated_at.is_some_and(|at| now < at.plus_seconds(OLD_SECONDS));
        let old = (is_young && webhook.secret > 1).then(|| webhook.secret - 1);
        std::iter::once(webhook.secret).chain(old).map(|number| Self::of(oauth, &webhook.id, number)).collect()
    }
}

/// The header `webhook-signature`.
pub(super) fn signature(secrets: &[Secret], id: &str, seconds: i64, body: &[u8]) -> String {
    let one = |secret: &Secret| {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &secret.0));
        context.update(format!("{id}.{seconds}.").as_bytes());
        context.update(body);
        format!("v1,{}", STANDARD.encode(context.sign()))
    };
    secrets.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Python: `base64.b64encode(hmac.new(bytes(range(32)), b'1-00ff.1700000000.{"a":1}', 'sha256').digest())`.
    const BY_ANOTHER: &str = "v1,6EBDX1bru9XZp5B12evdP59yxY6gRlTJ3Ygp7Cfq0F8=";

    #[test]
    fn another_program_comes_to_the_same_signature() {
        let secret = || Secret(std::array::from_fn(|place| u8::try_from(place).expect("small")));
        assert_eq!(signature(&[secret()], "1-00ff", 1_700_000_000, br#"{"a":1}"#), BY_ANOTHER);
        let two = signature(&[secret(), Secret([7; 32])], "1-00ff", 1_700_000_000, br#"{"a":1}"#);
        assert!(two.starts_with(&format!("{BY_ANOTHER} v1,")), "{two}");
    }
}
