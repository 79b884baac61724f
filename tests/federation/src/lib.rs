//! Federations of nodes: exactness against the oracle, real processes on loopback, bad input.
