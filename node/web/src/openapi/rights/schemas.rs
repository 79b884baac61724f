//! The components that are about rights.

use serde_json::{Map, Value, json};

use super::super::components::{instant, key, object, reference};
use super::super::people::parts::{
    disclosure_of, epoch, fields, flag, ground, id, list, partner, partner_name, purpose, receipts, sha256, text,
};
use super::super::people::retained;
use crate::client::revocations::MOST_NAMED;

pub(in crate::openapi) fn schemas() -> Map<String, Value> {
    let all = [
        ("Access", access()),
        ("HeldHere", held_here()),
        ("PartnerHoldings", of_partner()),
        ("SentApplication", sent_application()),
        ("Erased", erased()),
        ("ConsentRequest", new_request()),
        ("RequestStanding", standing()),
        ("RequestToMe", request()),
        ("RequestsToMe", object(&["items"], json!({"items": list(100_000, reference("RequestToMe"))}))),
        ("Export", export()),
        ("History", object(&["items"], json!({"items": list(100, brought())}))),
        ("TakeIn", object(&["key", "export"], json!({"key": key(), "export": reference("Export")}))),
        ("Moved", moved()),
        ("RevocationRequest", revocation_asked()),
        ("Revocation", revocation()),
        ("RequestAnswer", object(&["answer"], json!({"answer": {"description": "No, or not now.", "enum": ["refuse", "defer"]}}))),
    ];
    all.map(|(name, schema)| (name.to_owned(), schema)).into_iter().collect()
}

fn access() -> Value {
    object(
        &["at", "controller", "worker", "values", "home", "partners"],
        json!({"at": instant("When it was put together (UTC)."), "controller": partner("Who keeps the worker's data."),
               "worker": id("The worker, as this node alone names them."), "askedAt": instant("When partners were asked last (UTC)."),
               "values": json!({"description": "What a partner received is with its systems, which are named.", "const": "with-the-systems-named"}),
               "home": reference("HeldHere"), "partners": list(10_000, reference("PartnerHoldings"))}),
    )
}

fn held_here() -> Value {
    let document = json!({"description": "As it was put.", "type": "object"});
    let profile = object(&["key", "document"], json!({"key": key(), "document": document}));
    let sha256 = json!({"description": "SHA-256 of its bytes, as consents name it.", "type": "string", "pattern": "^[0-9a-f]{64}$", "minLength": 64, "maxLength": 64});
    let notice = object(&["sha256", "text"], json!({"sha256": sha256, "text": text("What was read.", 200_000)}));
    let mut left_out =
        list(7, json!({"enum": ["consents", "requests", "erasures", "disclosures", "applications", "questions", "history"]}));
    left_out["description"] = json!(
        "Lists of which older ones are not in this, since there was no room for them. Each but applications is at `/v1/me/` and its name."
    );
    object(
        &["consents", "notices", "requests", "disclosures", "erasures", "questions", "receipts", "history"],
        json!({"profile": profile, "consents": list(100_000, reference("ConsentStanding")), "notices": list(100_000, notice), "requests": list(100_000, reference("RequestToMe")),
               "disclosures": list(10_000, reference("Disclosure")), "applications": list(1_000, reference("SentApplication")),
               "erasures": list(100_000, reference("ErasedCopies")), "questions": list(10_000, reference("Question")), "receipts": receipts(),
               "history": list(100, brought()), "leftOut": left_out}),
    )
}

fn sent_application() -> Value {
    let progress = json!({"description": "waiting: on its way. received: its recipient has it. closed: its recipient is done with it. refused: the vacancy is there no more. withdrawn: it was taken back, or its time is over.",
                          "enum": ["waiting", "received", "closed", "refused", "withdrawn"]});
    object(
        &["id", "recipient", "recipientName", "vacancy", "title", "employer", "fields", "motivation", "at", "progress", "since"],
        json!({"id": text("Its id.", 36), "recipient": partner("Who gets it."), "recipientName": partner_name(), "vacancy": key(),
               "title": text("What was seen of the vacancy.", 200), "employer": text("Who offers the work.", 200),
               "fields": fields("What goes along."), "motivation": text("What the worker wrote.", 2_000), "at": instant("When it was sent (UTC)."),
               "progress": progress, "since": instant("Since when (UTC)."), "consent": id("The decision by which it can be taken back; left out where it was.")}),
    )
}

fn erased() -> Value {
    let receipt = json!({"description": "The receipt of the erasure, a compact JWS (RFC 7515) signed with the message key of this node's partner.",
                         "type": "string", "maxLength": 262_144});
    object(&["at", "receipts"], json!({"at": instant("When it took effect (UTC)."), "receipt": receipt, "receipts": receipts()}))
}

fn of_partner() -> Value {
    let system = || {
        text("The partner's system that has it; empty where the partner's node was restored from a backup, and does not know which.", 200)
    };
    let copy = object(
        &["disclosure", "purpose", "epoch", "fields", "at", "useUntil", "system"],
        json!({"disclosure": disclosure_of(), "purpose": purpose(), "epoch": epoch(), "fields": fields("What is in it."), "at": instant("Since when (UTC)."),
               "useUntil": instant("Until when it may be used (UTC)."), "system": system()}),
    );
    let erasing = object(
        &["purpose", "epoch", "fields", "since", "system"],
        json!({"purpose": purpose(), "epoch": epoch(), "fields": fields("The fields to erase; none: everything."),
               "since": instant("Since when (UTC)."), "system": system()}),
    );
    let kept = retained(&["purpose", "epoch", "system"], json!({"purpose": purpose(), "epoch": epoch(), "system": system()}));
    let kind = json!({"description": "not-in-ledger: it holds what the ledger does not know. erased: it said that it had erased what it holds. differs: it is held for another purpose, of another epoch, for longer, or with other fields. not-held: it does not hold what it got and may use still.",
                      "enum": ["not-in-ledger", "erased", "differs", "not-held"]});
    let difference = object(&["kind", "disclosure"], json!({"kind": kind, "disclosure": disclosure_of()}));
    let state = json!({"description": "Whether it has answered: it is asked until it has, or until it has left the federation.", "enum": ["answered", "awaited", "left"]});
    object(
        &["partner", "partnerName", "state", "since"],
        json!({"partner": partner("Who was asked."), "partnerName": partner_name(), "state": state, "since": instant("Since when it is asked (UTC)."),
               "answeredAt": instant("When it answered (UTC)."), "reason": text("Why it has not answered, the last time; as in results.", 40),
               "copies": list(1_000, copy), "erasing": list(1_000, erasing), "retained": list(1_000, kept), "more": flag("Whether there is more than is listed."),
               "differences": list(10_000, difference)}),
    )
}

/// Who helps.
fn helper() -> Value {
    json!({"description": "Who of the staff helps the worker, by an id that says nothing of itself. The worker decides.", "type": "string",
           "pattern": "^[A-Za-z0-9._~-]+$", "maxLength": 100})
}

/// For which offer somebody asks, as the worker is told.
fn asked_for() -> Value {
    let kind = json!({"description": "`vacancy` or `training`.", "enum": ["vacancy", "training"]});
    let mut asked_for = object(
        &["kind", "key", "title"],
        json!({"kind": kind, "key": key(), "title": text("What it is called.", 200),
               "by": text("Whose it is, where that is another organisation than the asker.", 200)}),
    );
    asked_for["description"] = json!("For which offer of its own the asker asks, as it says itself; left out where it does not say.");
    asked_for
}

fn new_request() -> Value {
    let kind = json!({"description": "`vacancy` or `training`.", "enum": ["vacancy", "training"]});
    let mut about = object(&["kind", "key"], json!({"kind": kind, "key": key()}));
    about["description"] =
        json!("For which open offer of your own: the worker is told its title, and whose it is. Name it wherever you can.");
    object(
        &["key", "purpose", "fields"],
        json!({"partner": partner("The partner whose node showed the person; left out: your own."), "key": key(),
               "recipient": partner("Who is to see it; left out: your own partner. At another partner, always that."), "purpose": purpose(),
               "fields": fields("What is to be seen."), "assistedBy": helper(), "about": about}),
    )
}

fn standing() -> Value {
    let state = json!({"description": "Whether any of it is in force; `asked` where another partner is the recipient: that is not told.",
        "enum": ["given", "not-given", "asked"]});
    object(
        &["id", "partner", "key", "recipient", "purpose", "fields", "at", "state", "inForce"],
        json!({"id": id("Its id."), "partner": partner("At whose node the worker is."), "key": key(), "recipient": partner("Who is to see it."),
               "purpose": purpose(), "fields": fields("What was asked for."), "about": asked_for(), "at": instant("When it was asked (UTC)."),
               "state": state, "inForce": fields("What of it may be seen now.")}),
    )
}

fn request() -> Value {
    let event = object(&["what", "at"], json!({"what": text("What happened.", 40), "at": instant("When (UTC).")}));
    let mut events = list(10, event);
    events["description"] = json!("What happened to it, in order.");
    let state = json!({"description": "Where it stands; requested and deferred are open.", "enum": ["requested", "deferred", "lapsed", "refused", "given"]});
    object(
        &["id", "asker", "askerName", "recipient", "recipientName", "purpose", "fields", "at", "events"],
        json!({"id": id("Its id."), "asker": partner("Whose system asked."), "askerName": partner_name(), "recipient": partner("Who is to see it."),
               "recipientName": partner_name(), "purpose": purpose(), "fields": fields("What is to be seen."), "assistedBy": helper(),
               "about": asked_for(), "at": instant("When it was asked (UTC)."), "state": state, "events": events}),
    )
}

fn content() -> Value {
    json!({"description": "JSON of the schema urn:polder:schema:export:1.0, at most 8 MiB in its canonical form.", "type": "object"})
}

fn export() -> Value {
    object(
        &["type", "content", "signature"],
        json!({"type": json!({"description": "What it is.", "const": "polder-export/2"}),
               "content": content(),
               "signature": text("A compact JWS (RFC 7515) over who wrote it, when, and the SHA-256 of the canonical form of the content (RFC 8785).", 262_144)}),
    )
}

fn brought() -> Value {
    object(
        &["from", "fromName", "at", "content"],
        json!({"from": partner("Whose node wrote it."), "fromName": partner_name(), "at": instant("When it was taken in here (UTC)."),
               "content": content()}),
    )
}

fn moved() -> Value {
    let not_asked = object(&["recipient", "purpose"], json!({"recipient": partner("Who saw something."), "purpose": purpose()}));
    let asked =
        json!({"description": "How many consents the worker is asked for anew.", "type": "integer", "minimum": 0, "maximum": 100_000});
    object(
        &["key", "from", "asked", "notAsked"],
        json!({"key": key(), "from": partner("Whose node wrote the export."), "asked": asked, "notAsked": list(100_000, not_asked)}),
    )
}

fn revocation_asked() -> Value {
    let consents = json!({"description": "Those of the worker that are meant; left out: all to which it can happen.", "type": "array", "minItems": 1,
                          "maxItems": MOST_NAMED, "items": id("A consent.")});
    object(
        &["ground"],
        json!({"key": key(), "consents": consents, "notice": sha256("Instead of key: of the text on which they were given."), "ground": ground()}),
    )
}

fn revocation() -> Value {
    let count =
        |description: &str| json!({"description": description, "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64});
    object(
        &["at", "ground", "consents", "erases"],
        json!({"at": instant("When it took effect (UTC)."), "ground": ground(), "consents": count("How many consents ended, or were found never to have held."),
               "erases": count("Of how many of them the recipient was told to erase a copy.")}),
    )
}
