//! HTTP/1.1 over connections that stay open, of whom the machine sees little: requests are bytes that were put together before.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request as bytes.
#[must_use]
pub fn request(host: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    request.push_str(body);
    request.into_bytes()
}

/// Sends all, by so many connections at a time, each the next one when the last was answered.
///
/// # Panics
/// When one is not answered with 200.
pub async fn send_all(address: SocketAddr, requests: Vec<Vec<u8>>, connections: usize) {
    let requests = Arc::new(Mutex::new(requests.into_iter()));
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let requests = Arc::clone(&requests);
        all.spawn(async move {
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            stream.set_nodelay(true).expect("an option");
            let mut buffer = Vec::with_capacity(8 * 1024);
            loop {
                let next = requests.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some(request) = next else { break };
                stream.write_all(&request).await.expect("sent");
                answered(&mut stream, &mut buffer).await;
            }
        });
    }
    while let Some(done) = all.join_next().await {
        done.expect("all are answered");
    }
}

/// Reads one response to its end.
async fn answered(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await.expect("a response");
        let head = buffer.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = head {
            let text = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            let length =
                text.lines().find_map(|line| line.strip_prefix("content-length:")).and_then(|value| value.trim().parse::<usize>().ok());
            let whole = end + 4 + length.expect("a length");
            if buffer.len() >= whole {
                assert!(text.starts_with("http/1.1 200"), "{}", String::from_utf8_lossy(buffer));
                return;
            }
        }
        assert!(read > 0, "the connection was closed: {}", String::from_utf8_lossy(buffer));
    }
}
