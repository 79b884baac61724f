//! Randomness for names and salts.

use crate::error::StoreError;

/// So many random bytes.
pub(crate) fn bytes<const COUNT: usize>() -> Result<[u8; COUNT], StoreError> {
    let mut bytes = [0; COUNT];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| StoreError::Database("the system gives no randomness".to_owned()))?;
    Ok(bytes)
}
