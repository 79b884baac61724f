//! The node at work: publish, ask, answer. Knows traits, not sockets.
