//! Who may have a connection: a bound for each port, one for strangers at one address, and one for each partner.
//!
//! A stranger is a connection that has not shown yet who it is: on the port for peers before the handshake, on the port for clients before a request with
//! a token. Strangers never keep anyone out: where there are too many, the oldest of them makes room.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use polder_model::PartnerId;
use tokio::sync::Notify;

/// Strangers at one address.
const STRANGERS_OF_ADDRESS: usize = 256;

/// A partner whose connection was abused has no other for this long.
const PAUSE: Duration = Duration::from_secs(10);

/// The connections of one port.
#[derive(Debug)]
pub(crate) struct Door {
    /// In all.
    most: usize,
    /// Of one partner.
    most_of_partner: usize,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    next: u64,
    open: usize,
    strangers: BTreeSet<u64>,
    by_address: HashMap<IpAddr, BTreeSet<u64>>,
    leave: HashMap<u64, Stranger>,
    by_partner: HashMap<PartnerId, usize>,
    /// Until when partners have no connection. There are no more than the register holds.
    paused: HashMap<PartnerId, Instant>,
}

#[derive(Debug)]
struct Stranger {
    address: IpAddr,
    leave: Arc<Notify>,
}

/// A connection's place; it is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    door: Arc<Door>,
    number: u64,
    origin: IpAddr,
    leave: Arc<Notify>,
    known: AtomicBool,
    partner: Option<PartnerId>,
}

/// Who comes from one place: an address, or the network that IPv6 gives to one subscriber.
pub(crate) fn origin(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let mut segments = address.segments();
            segments[4..].fill(0);
            IpAddr::V6(segments.into())
        }
        address => address,
    }
}

impl Door {
    pub(crate) fn new(most: usize, most_of_partner: usize) -> Arc<Self> {
        Arc::new(Self { most, most_of_partner, inside: Mutex::default() })
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Open connections.
    pub(crate) fn open(&self) -> usize {
        self.inside().open
    }

    /// That partner has no new connection for a while.
    pub(crate) fn pause(&self, partner: &PartnerId) {
        self.inside().paused.insert(partner.clone(), Instant::now() + PAUSE);
    }

    /// A place for a stranger. `None` where everyone inside is known already. True beside it: an older stranger was told to leave for this one.
    pub(crate) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<(Place, bool)> {
        let (mut inside, address, mut made_room) = (self.inside(), origin(address), false);
        if inside.by_address.get(&address).is_some_and(|here| here.len() >= STRANGERS_OF_ADDRESS) {
            let oldest = inside.by_address.get(&address).and_then(BTreeSet::first).copied();
            made_room = oldest.is_some_and(|oldest| inside.send_away(oldest));
        } else if inside.open >= self.most {
            let oldest = inside.strangers.first().copied()?;
            made_room = inside.send_away(oldest);
        }
        let (number, leave) = (inside.next, Arc::new(Notify::new()));
        inside.next += 1;
        inside.open += 1;
        inside.strangers.insert(number);
        inside.by_address.entry(address).or_default().insert(number);
        inside.leave.insert(number, Stranger { address, leave: Arc::clone(&leave) });
        Some((Place { door: Arc::clone(self), number, origin: address, leave, known: AtomicBool::new(false), partner: None }, made_room))
    }
}

impl Inside {
    /// Tells a stranger to leave. Its place counts as free at once: it goes as soon as its task runs.
    fn send_away(&mut self, number: u64) -> bool {
        let Some(stranger) = self.forget(number) else { return false };
        stranger.leave.notify_one();
        self.open -= 1;
        true
    }

    /// Takes a connection off the list of strangers.
    fn forget(&mut self, number: u64) -> Option<Stranger> {
        let stranger = self.leave.remove(&number)?;
        self.strangers.remove(&number);
        if let Some(here) = self.by_address.get_mut(&stranger.address) {
            here.remove(&number);
            if here.is_empty() {
                self.by_address.remove(&stranger.address);
            }
        }
        Some(stranger)
    }
}

impl Place {
    /// Where the connection comes from: an address, or the network that IPv6 gives to one subscriber.
    pub(crate) fn origin(&self) -> IpAddr {
        self.origin
    }

    /// Ends when this connection has to make room.
    pub(crate) fn told_to_leave(&self) -> Arc<Notify> {
        Arc::clone(&self.leave)
    }

    /// The connection is a stranger's no more.
    pub(crate) fn recognise(&self) {
        if !self.known.load(Ordering::Relaxed) && self.door.inside().forget(self.number).is_some() {
            self.known.store(true, Ordering::Relaxed);
        }
    }

    /// The connection is that partner's.
    ///
    /// # Errors
    /// When that partner may have no other now, and why.
    pub(crate) fn belongs_to(&mut self, partner: &PartnerId) -> Result<(), &'static str> {
        self.recognise();
        let mut inside = self.door.inside();
        if inside.paused.get(partner).is_some_and(|until| Instant::now() < *until) {
            return Err("another connection of this partner was abused less than 10 s ago");
        }
        let own = inside.by_partner.entry(partner.clone()).or_default();
        if *own >= self.door.most_of_partner {
            return Err("as many connections as one partner may have are open");
        }
        *own += 1;
        self.partner = Some(partner.clone());
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.door.inside();
        // Who was sent away gave its place back then.
        if inside.forget(self.number).is_some() || *self.known.get_mut() {
            inside.open -= 1;
        }
        let Some(partner) = &self.partner else { return };
        if let Some(own) = inside.by_partner.get_mut(partner) {
            *own -= 1;
            if *own == 0 {
                inside.by_partner.remove(partner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    fn left(place: &Place) -> bool {
        use futures::FutureExt;
        place.leave.notified().now_or_never().is_some()
    }

    #[test]
    fn the_oldest_stranger_makes_room_and_who_is_known_stays() {
        let door = Door::new(3, 2);
        let (known, _) = door.admit(address(1)).expect("a place");
        known.recognise();
        let (first, _) = door.admit(address(1)).expect("a place");
        let (second, made_room) = door.admit(address(2)).expect("a place");
        assert!(!made_room && door.open() == 3);
        let (third, made_room) = door.admit(address(3)).expect("a place");
        assert!(made_room && left(&first) && !left(&second) && !left(&known) && door.open() == 3);
        second.recognise();
        third.recognise();
        assert!(door.admit(address(4)).is_none(), "everyone inside is known");
        drop(first);
        assert_eq!(door.open(), 3);
        drop(known);
        assert!(door.admit(address(4)).is_some());
        drop((second, third));
        assert_eq!(door.open(), 0);
    }

    #[test]
    fn strangers_at_one_address_are_bounded() {
        let door = Door::new(10_000, 2);
        let elsewhere = door.admit(address(2)).expect("a place");
        let here: Vec<_> = (0..=STRANGERS_OF_ADDRESS).map(|_| door.admit(address(1)).expect("a place")).collect();
        assert!(left(&here[0].0) && !left(&here[1].0) && !left(&elsewhere.0));
        assert_eq!(door.open(), STRANGERS_OF_ADDRESS + 1);
        drop((here, elsewhere));
        assert!(door.open() == 0 && door.inside().by_address.is_empty() && door.inside().strangers.is_empty());
    }

    #[test]
    fn a_partner_has_so_many_and_no_more() {
        let door = Door::new(10, 2);
        let partner: PartnerId = "kvk:90000001".parse().expect("a partner");
        let mut places: Vec<Place> = (0..3).map(|_| door.admit(address(1)).expect("a place").0).collect();
        let taken: Vec<bool> = places.iter_mut().map(|place| place.belongs_to(&partner).is_ok()).collect();
        assert_eq!(taken, [true, true, false]);
        drop(places);
        door.pause(&partner);
        let other: PartnerId = "kvk:90000002".parse().expect("a partner");
        assert!(door.admit(address(1)).expect("a place").0.belongs_to(&partner).is_err());
        assert!(door.admit(address(1)).expect("a place").0.belongs_to(&other).is_ok());
        assert!(door.open() == 0 && door.inside().by_partner.is_empty());
    }

    #[test]
    fn one_subscriber_is_one_origin() {
        let of = |text: &str| origin(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
