//! JSON Schemas and reference tables of the exchange, embedded.
