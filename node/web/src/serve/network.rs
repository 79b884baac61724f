//! Where somebody comes from, as far as the log says it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The network of an address: of IPv4 its /24, of IPv6 its /48. It is enough to see from where trouble comes, and tells no household from its neighbours.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [one, two, three, _] = address.octets();
            format!("{}/24", Ipv4Addr::new(one, two, three, 0))
        }
        IpAddr::V6(address) => {
            let [one, two, three, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(one, two, three, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn the_log_names_the_network_and_not_who_is_in_it() {
        for (address, is) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("::ffff:192.0.2.77", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
            ("::1", "::/48"),
        ] {
            assert_eq!(network(address.parse().expect("an address")), is, "{address}");
        }
    }
}
