//! The reply of the writer, which is waited for.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::error::StoreError;

/// What the writer does in its turn. It is ready when that is on disk, and `on_commit` knows of it; or is refused, or cannot be done.
#[derive(Debug)]
pub struct Queued<T>(pub(super) Result<oneshot::Receiver<Result<T, StoreError>>, StoreError>);

impl<T> Future for Queued<T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Ok(answer) => Pin::new(answer).poll(context).map(|answer| answer.map_err(|_| StoreError::Busy)?),
            Err(error) => Poll::Ready(Err(error.clone())),
        }
    }
}
