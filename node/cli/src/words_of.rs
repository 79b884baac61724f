//! Options that take a word of a closed list: message, help and completion all come from that list.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// A parser that takes these words alone.
pub(crate) fn words_of<T>(words: impl IntoIterator<Item = &'static str>) -> impl TypedValueParser<Value = T>
where
    T: FromStr + Clone + Send + Sync + 'static,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse())
}

/// As [`words_of`], for the kinds of offer.
pub(crate) fn kind() -> impl TypedValueParser<Value = polder_model::Kind> {
    words_of(polder_model::Kind::ALL.map(polder_model::Kind::as_str))
}
