//! Reading a body, bounded in bytes and in time.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use polder_model::problem::ProblemType;

use crate::refusal::Refusal;

/// Time for a whole body to come in.
pub(crate) const BODY_TIME: Duration = Duration::from_secs(20);

/// Reads a body of at most `most` bytes.
pub(crate) async fn read(body: Body, most: usize) -> Result<Bytes, Refusal> {
    let collected = match tokio::time::timeout(BODY_TIME, Limited::new(body, most).collect()).await {
        Ok(collected) => collected,
        Err(_) => {
            let detail = format!("the body did not come in within {} s; send it again", BODY_TIME.as_secs());
            return Err(Refusal::new(ProblemType::InvalidRequest, detail));
        }
    };
    match collected {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Refusal::new(ProblemType::TooLarge, format!("the body has more than {most} bytes, the most that is taken here")))
        }
        Err(_) => Err(Refusal::new(ProblemType::InvalidRequest, "the body was cut off; send it again")),
    }
}
