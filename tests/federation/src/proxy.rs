//! A wire between nodes that is slow, narrow, one-way, dead or cut: it passes bytes on, TLS and all.
//!
//! It needs no rights, as network namespaces would. Who calls is told by the address from which it calls, so that the same wire can be whole for
//! some and broken for others: nodes in tests may call from addresses of their own (`127.0.0.11`, …).

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// What becomes of bytes in one direction. The connection stays open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Passes {
    /// All of them arrive.
    #[default]
    All,
    /// None arrives for now; all do when the wire is whole again, as TCP sends again what got lost.
    Held,
    /// None arrives, and of this connection none ever will: something in between has forgotten it.
    Lost,
}

/// What a wire is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// How long bytes to the node are on their way; replies come at once.
    pub delay: Duration,
    /// Most bytes a second in each direction.
    pub rate: Option<u32>,
    /// Bytes to the node.
    pub to: Passes,
    /// Bytes from the node.
    pub back: Passes,
    /// Connections are closed, and new ones as soon as they are made.
    pub cut: bool,
}

impl State {
    /// Nothing arrives in either direction, for now.
    #[must_use]
    pub fn dead() -> Self {
        Self { to: Passes::Held, back: Passes::Held, ..Self::default() }
    }
}

/// The state for everyone, and for those who call from certain addresses.
#[derive(Clone, Debug, Default)]
struct States {
    all: State,
    from: HashMap<IpAddr, State>,
}

impl States {
    fn of(&self, caller: IpAddr) -> State {
        self.from.get(&caller).copied().unwrap_or(self.all)
    }
}

/// A wire to a node.
pub struct Proxy {
    /// Where to reach it.
    pub address: SocketAddr,
    states: watch::Sender<States>,
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
        let (states, seen) = watch::channel(States { all: State { delay, ..State::default() }, ..States::default() });
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        tokio::spawn(async move {
            while let Ok((near, caller)) = listener.accept().await {
                tokio::spawn(connect(near, target, caller.ip(), seen.clone()));
            }
        });
        Self { address, states }
    }

    /// The wire is like this for everyone from now on, and for nobody otherwise.
    pub fn set(&self, state: State) {
        self.states.send_replace(States { all: state, from: HashMap::new() });
    }

    /// The wire is like this for those who call from there.
    pub fn set_from(&self, callers: impl IntoIterator<Item = IpAddr>, state: State) {
        self.states.send_modify(|states| states.from.extend(callers.into_iter().map(|caller| (caller, state))));
    }

    /// Whether nothing arrives from now on, without closing.
    pub fn hang(&self, hangs: bool) {
        self.states.send_modify(|states| states.all.to = if hangs { Passes::Held } else { Passes::All });
    }
}

async fn connect(near: TcpStream, target: SocketAddr, caller: IpAddr, mut states: watch::Receiver<States>) {
    if states.borrow().of(caller).cut {
        return;
    }
    let Ok(far) = TcpStream::connect(target).await else { return };
    let carried = carry(near, far, caller, states.clone());
    tokio::select! {
        () = carried => {}
        // An error would be the end of the proxy: then the connection ends too.
        _ = states.wait_for(|states| states.of(caller).cut) => {}
    }
}

async fn carry(near: TcpStream, far: TcpStream, caller: IpAddr, states: watch::Receiver<States>) {
    for stream in [&near, &far] {
        // Only a matter of speed.
        let _ = stream.set_nodelay(true);
    }
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let back = |state: State| (state.back, Duration::ZERO, state.rate);
    let to = |state: State| (state.to, state.delay, state.rate);
    tokio::join!(pass(near_in, far_out, caller, states.clone(), to), pass(far_in, near_out, caller, states, back));
}

/// Passes bytes on as the wire is for them.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    caller: IpAddr,
    mut states: watch::Receiver<States>,
    direction: impl Fn(State) -> (Passes, Duration, Option<u32>),
) {
    let (sender, mut waiting) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let look = |states: &watch::Receiver<States>| direction(states.borrow().of(caller));
    let seen = states.clone();
    let read = async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            if sender.send((Instant::now() + look(&seen).1, buffer[..count].to_vec())).is_err() {
                return;
            }
        }
    };
    let write = async move {
        let mut lost = false;
        while let Some((due, bytes)) = waiting.recv().await {
            tokio::time::sleep_until(due).await;
            let rate = loop {
                let (passes, _, rate) = look(&states);
                lost |= passes == Passes::Lost;
                if lost || passes == Passes::All {
                    break rate;
                }
                if states.changed().await.is_err() {
                    return;
                }
            };
            if !lost && write_at(&mut to, &bytes, rate).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(read, write);
}

/// Writes at most so many bytes a second.
async fn write_at(to: &mut OwnedWriteHalf, bytes: &[u8], rate: Option<u32>) -> std::io::Result<()> {
    let Some(rate) = rate else { return to.write_all(bytes).await };
    // A twentieth of a second at a time.
    for piece in bytes.chunks(usize::try_from(rate / 20).unwrap_or(usize::MAX).max(1)) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        to.write_all(piece).await?;
    }
    Ok(())
}
