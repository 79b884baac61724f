//! Bytes on a socket, as no HTTP client would send them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came back over a connection.
#[derive(Clone, Debug)]
pub struct Came {
    /// All of it, as text.
    pub text: String,
    /// Whether the other side closed the connection.
    pub closed: bool,
    /// How long the connection was open.
    pub after: Duration,
}

impl Came {
    /// The statuses of the responses.
    #[must_use]
    pub fn statuses(&self) -> Vec<u16> {
        let after = self.text.split("HTTP/1.1 ").skip(1);
        after.filter_map(|rest| rest.get(..3)?.parse().ok()).filter(|status| *status >= 200).collect()
    }
}

/// Sends bytes in pieces, each after its pause, and reads until the other side closes or has had its time.
///
/// # Panics
/// When there is no connection.
pub async fn exchange(address: SocketAddr, pieces: impl IntoIterator<Item = (Duration, Vec<u8>)>, patience: Duration) -> Came {
    let began = Instant::now();
    let stream = TcpStream::connect(address).await.expect("a connection");
    let (mut from, mut to) = stream.into_split();
    let write = async {
        for (pause, piece) in pieces {
            tokio::time::sleep(pause).await;
            if to.write_all(&piece).await.is_err() {
                break;
            }
        }
        // The connection stays open: only the other side closes it.
        std::future::pending::<()>().await;
    };
    let mut bytes = Vec::new();
    let read = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            bytes.extend_from_slice(&buffer[..count]);
        }
    };
    let closed = tokio::select! {
        () = read => true,
        () = write => false,
        () = tokio::time::sleep(patience) => false,
    };
    Came { text: String::from_utf8_lossy(&bytes).into_owned(), closed, after: began.elapsed() }
}

/// Sends a text at once, and reads for as long as the other side needs, 2 s at most.
pub async fn say(address: SocketAddr, text: &str) -> Came {
    exchange(address, [(Duration::ZERO, text.as_bytes().to_vec())], Duration::from_secs(2)).await
}
