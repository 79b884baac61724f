//! Keys of the national exchange of vacancies (VUM), from both sides.

use super::{Key, Takes, key};

pub(super) const VUM: [Key; 10] = [
    key(
        "vum.source",
        Takes::Switch,
        "false",
        "true",
        "Whether the exchange may ask for the vacancies that everyone may see, at `/vum/v3` on the port of `client.certificates_listen`. The system that asks is registered with its certificate and the scope `vum:ask`: see [VUM](vum.md).",
    ),
    key("vum.questions_per_minute", Takes::Number(1, 100_000), "120", "60", "Questions of one party behind the exchange, a minute."),
    key(
        "vum.details_per_minute",
        Takes::Number(1, 100_000),
        "600",
        "300",
        "Whole vacancies that one party behind the exchange may ask for, a minute.",
    ),
    key(
        "vum.url",
        Takes::Site,
        "",
        "\"https://vum.example.nl/api/v3\"",
        "The address of the exchange for mediators, up to `/vacatures`: `https`. Where it is given, staff that looks for vacancies asks the exchange too, and sees what it has in a section of its own.",
    ),
    key("vum.party", Takes::Partner, "", "\"oin:00000001234567890000\"", "The OIN of the exchange."),
    key("vum.own_party", Takes::Partner, "", "\"oin:00000009876543210000\"", "The OIN under which you ask; `partner`, where that is one."),
    key("vum.certificate", Takes::Path, "", "\"/etc/polder/vum.pem\"", "The certificate chain by which the exchange knows you, in PEM."),
    key("vum.key", Takes::Path, "", "\"/etc/polder/vum.key\"", "The key that goes with it, in PEM; readable by the node's user alone."),
    key(
        "vum.roots",
        Takes::Path,
        "",
        "\"/etc/polder/pkioverheid.pem\"",
        "The roots by which you know the exchange, in PEM: no others count.",
    ),
    key(
        "vum.deadline_ms",
        Takes::Number(500, 10_000),
        "5000",
        "3000",
        "The time that the exchange has for an answer, in milliseconds. What partners have is shown sooner, where the page has its script.",
    ),
];
