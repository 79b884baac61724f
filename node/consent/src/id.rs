//! Names that are drawn at random: 128 bits, as 32 hexadecimal digits. They say nothing about whom they name, and cannot be guessed.

/// A text that is no such name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is written as {digits} hexadecimal digits in lower case")]
pub struct NoId {
    /// How many digits such a name has.
    pub digits: usize,
}

/// Names of so many bytes, as lower-case hexadecimal digits: one name has one text.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident($bytes:literal);)+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $bytes]);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::id::NoId;
            fn from_str(text: &str) -> Result<Self, $crate::id::NoId> {
                let (mut bytes, wrong) = ([0; $bytes], $crate::id::NoId { digits: 2 * $bytes });
                if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    return Err(wrong);
                }
                hex::decode_to_slice(text, &mut bytes).map(|()| Self(bytes)).map_err(|_| wrong)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+ };
}
pub(crate) use names;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {
        names! { $($(#[$doc])* $name(16);)+ }
        $(impl $name {
            /// From 16 random bytes.
            #[must_use]
            pub const fn from_random(random: [u8; 16]) -> Self {
                Self(random)
            }
        })+
    };
}

ids! {
    /// A worker, as the home node alone names them.
    WorkerId;
    /// A consent.
    ConsentId;
    /// What was decided on one screen.
    GrantId;
    /// A worker, as one recipient alone knows them: each recipient has another one.
    Handle;
    /// A disclosure.
    DisclosureId;
    /// A view of a skill offer.
    ViewId;
    /// A tombstone.
    TombstoneId;
    /// A receipt.
    ReceiptId;
    /// A request to see something.
    RequestId;
}
