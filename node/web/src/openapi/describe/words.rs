//! Which part of the document an operation stands in, and what is said of it.

use polder_model::Kind;

use super::super::{clients, people, proposals, rights, searches, syncs, webhooks};
use crate::client::operations::Does;

/// Its part, its summary, and what it does.
pub(super) fn words(does: Does) -> (&'static str, String, String) {
    let text = |tag, summary: String, description: &str| (tag, summary, description.to_owned());
    match does {
        Does::Put(kind) => {
            let place = match kind {
                Kind::Vacancy => {
                    " Whoever asks by travel time finds it by `location.postcode`, such as `8302`, and by nothing else that it says of its place."
                }
                Kind::Training => {
                    " Whoever asks by travel time finds it by `location.postcode` of its editions, such as `8302`, and by nothing else that they say of their place."
                }
                Kind::SkillOffer => " Whoever asks by travel time finds it by `postcode`, such as `8302`, where the worker shows it.",
            };
            let said = "At most 64 KiB. Idempotent: the same bytes again change nothing. When this replies, the offer is on disk and can be found.";
            text("offers", format!("Publish a {kind} under your own key"), &format!("{said}{place}"))
        }
        Does::Get(Kind::Vacancy) => text(
            "offers",
            "Read a vacancy back".to_owned(),
            "The exact bytes that were put. With `Accept: application/ld+json` it comes as JobPosting of schema.org, as your own site may show it to everyone; its `ETag` is a weak one. A vacancy that is not for everyone, or whose last day is past, cannot be had so.",
        ),
        Does::Get(kind) => text("offers", format!("Read a {kind} back"), "The exact bytes that were put."),
        Does::Delete(kind) => text(
            "offers",
            format!("Withdraw a {kind}"),
            "When this replies, nobody finds the offer any more. Deleting again replies the same.",
        ),
        Does::List(kind) => text(
            "offers",
            format!("List your {}", kind.collection().replace('-', " ")),
            "In the order of their keys. `next` and the header `Link` lead to the next page. With `Accept: application/x-ndjson` all of them come, one a line, as of one moment; the last line has the type `end`, and a stream without it is incomplete (`incomplete` where the node stops). It takes no `limit` and no `cursor`.",
        ),
        Does::OpenImport => text(
            "bulk",
            "Open an import of one collection".to_owned(),
            "Then send its parts. It is kept for 7 days, with the verdicts of its lines.",
        ),
        Does::ListImports => text(
            "bulk",
            "List your imports".to_owned(),
            "Of the collections that you may write, the last one that was opened first; a page may hold fewer than `limit`. `next` and the header `Link` lead to the next page.",
        ),
        Does::DeleteImport => text(
            "bulk",
            "End an import".to_owned(),
            "It takes no more parts, and the verdicts of its lines are removed. The offers that it stored stay.",
        ),
        Does::PutPart => text(
            "bulk",
            "Send a part of an import".to_owned(),
            "NDJSON, one offer a line, at most 16 MiB and 25,000 lines; or what your system makes already: JobPosting, SETU, CSV. Idempotent: the same bytes again give the same verdicts. The reply begins when all of the part is on disk and can be found: a verdict for each line, and last the part. A reply without that line is incomplete; a part without a whole reply is sent again.",
        ),
        Does::GetImport => text("bulk", "Which parts of an import are in".to_owned(), "Go on with those that are not."),
        Does::Verdicts => text(
            "bulk",
            "The verdicts of an import again".to_owned(),
            "In the order in which they were made, from a cursor. `next` is always there; a page without items says that there are no more so far.",
        ),
        Does::Changes => text(
            "events",
            "What happened".to_owned(),
            "In order, of what you may read: puts and deletes of offers; applications that came or are there no more; what is to be erased. Each names things by key and number: read them by their own operation. `next` is always there. With `Accept: text/event-stream` it goes on as a stream, which a reader that was cut off resumes with `Last-Event-ID`. `cursor-lost` says that this node was restored from a backup that does not hold what you have seen, or that events after the cursor are kept no more: begin anew, without `cursor`.",
        ),
        Does::Query => text(
            "federation",
            "Ask the whole federation".to_owned(),
            "Replies at the deadline at the latest, with who is missing and why. With `Accept: application/x-ndjson` lines come as partners answer; the last one is the result, and a stream without it is incomplete (`incomplete`, with the problem, where the node stops).",
        ),
        Does::Partners => text("federation", "Who is in the federation".to_owned(), "The register as this node holds it."),
        Does::ProposeSkills => text("offers", "Skills that a text speaks of".to_owned(), proposals::DESCRIPTION),
        Does::People(does) => people::words(does),
        Does::Rights(does) => rights::words(does),
        Does::Clients(does) => clients::words(does),
        Does::Webhooks(does) => webhooks::words(does),
        Does::Searches(does) => searches::words(does),
        Does::Syncs(does) => syncs::words(does),
        Does::OpenApi => text("meta", "This document".to_owned(), "Open to everyone, also from browsers of other sites."),
    }
}
