//! Reading a body, bounded in bytes and in time.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use polder_exchange::imports::{PartRefused, Spool, Spooled};
use polder_model::problem::ProblemType;

use crate::refusal::Refusal;

/// Time for a whole body to come in.
pub(crate) const BODY_TIME: Duration = Duration::from_secs(20);
/// So much of a body that is too large is read and thrown away: who hears only of a broken connection does not learn why.
const THROWN_AWAY: usize = 2 * 1024 * 1024;

/// Reads a body of at most `most` bytes.
pub(crate) async fn read(body: Body, most: usize) -> Result<Bytes, Refusal> {
    tokio::time::timeout(BODY_TIME, collect(body, most)).await.unwrap_or_else(|_| {
        let detail = format!("the body did not come in within {} s; send it again", BODY_TIME.as_secs());
        Err(Refusal::new(ProblemType::RequestTimeout, detail))
    })
}

/// Time that a large body gets for each MiB beside that.
const TIME_OF_A_MIB: Duration = Duration::from_secs(16);

/// Takes a body of at most `most` bytes to a file as it comes in. Of one that says that it has more nothing is kept.
pub(crate) async fn spool(mut body: Body, most: usize, mut to: Spool) -> Result<Spooled, Refusal> {
    let by = tokio::time::Instant::now() + BODY_TIME + TIME_OF_A_MIB * (most >> 20) as u32;
    let said = usize::try_from(axum::body::HttpBody::size_hint(&body).lower()).unwrap_or(usize::MAX);
    let mut size = 0;
    while let Some(frame) = tokio::time::timeout_at(by, body.frame()).await.map_err(|_| too_slow())? {
        let frame = frame.map_err(|_| Refusal::new(ProblemType::InvalidRequest, "the body was cut off; send it again"))?;
        let Ok(data) = frame.into_data() else { continue };
        size += data.len();
        if size <= most && said <= most {
            to.write(&data).await.map_err(PartRefused::Io)?;
        } else if size > most + THROWN_AWAY {
            break;
        }
    }
    if size <= most && said <= most { Ok(to.finish().await.map_err(PartRefused::Io)?) } else { Err(too_large(most)) }
}

fn too_slow() -> Refusal {
    Refusal::new(ProblemType::RequestTimeout, "the body came in too slowly; send it again, or in smaller pieces")
}

fn too_large(most: usize) -> Refusal {
    Refusal::new(ProblemType::TooLarge, format!("the body has more than {most} bytes, the most that is taken here"))
}

async fn collect(mut body: Body, most: usize) -> Result<Bytes, Refusal> {
    let (mut kept, mut size) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::new(ProblemType::InvalidRequest, "the body was cut off; send it again"))?;
        let Some(data) = frame.data_ref() else { continue };
        size += data.len();
        if size <= most {
            kept.extend_from_slice(data);
        } else if size > most + THROWN_AWAY {
            break;
        }
    }
    if size <= most {
        return Ok(kept.freeze());
    }
    Err(too_large(most))
}
