//! HTTP: the client API, the peer API, the OpenAPI document, and the client that carries peer calls.
