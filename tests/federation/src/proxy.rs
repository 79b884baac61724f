//! A wire that is slow or dead: it stands between two nodes and passes bytes on, TLS and all.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// A wire to a node.
pub struct Proxy {
    /// Where to reach it.
    pub address: SocketAddr,
    dead: Arc<AtomicBool>,
}

impl Proxy {
    /// A wire to `target` on which everything that is sent takes `delay` to arrive; replies come at once.
    ///
    /// # Panics
    /// When there is no port on loopback.
    #[must_use]
    pub fn start(target: SocketAddr, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        let dead = Arc::new(AtomicBool::new(false));
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        let state = Arc::clone(&dead);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if let Ok(far) = TcpStream::connect(target).await {
                    tokio::spawn(carry(near, far, delay, Arc::clone(&state)));
                }
            }
        });
        Self { address, dead }
    }

    /// Whether the wire swallows everything from now on, without closing.
    pub fn hang(&self, hangs: bool) {
        self.dead.store(hangs, Ordering::SeqCst);
    }
}

async fn carry(near: TcpStream, far: TcpStream, delay: Duration, dead: Arc<AtomicBool>) {
    for stream in [&near, &far] {
        // Only a matter of speed.
        let _ = stream.set_nodelay(true);
    }
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::join!(pass(near_in, far_out, delay, dead), pass(far_in, near_out, Duration::ZERO, Arc::default()));
}

/// Passes bytes on, each `delay` after it came in.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Duration, dead: Arc<AtomicBool>) {
    let (sender, mut waiting) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count) = from.read(&mut buffer).await {
            if count == 0 || !dead.load(Ordering::SeqCst) && sender.send((Instant::now() + delay, buffer[..count].to_vec())).is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((due, bytes)) = waiting.recv().await {
            tokio::time::sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(read, write);
}
