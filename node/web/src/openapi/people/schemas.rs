//! The components that are about people.

use polder_consent::retained::{LONGEST_STATUTE, MOST_RETAINED_IN_ALL};
use polder_consent::{RetainedBasis, State};
use polder_model::Purpose;
use serde_json::{Map, Value, json};

use super::super::components::{self, instant, number, object, reference};
use super::parts::{epoch, fields, flag, ground, id, language, list, partner, partner_name, purpose, receipts, sha256, text};
use crate::client::erased::MOST_KEPT;

pub(in crate::openapi) fn schemas() -> Map<String, Value> {
    let items = |items: Value| object(&["items"], json!({"items": list(100_000, items)}));
    let page = |items: Value| object(&["items"], json!({"items": list(100, items), "next": components::cursor()}));
    let all = [
        ("InvitationRequest", invitation_request()),
        ("Invitation", invitation()),
        ("Decision", decision(false)),
        ("DecisionOnNotice", decision(true)),
        ("Notice", notice()),
        ("Consent", consent()),
        ("ConsentStanding", object(&["consent", "recipientName", "events"], standing())),
        ("ConsentWithText", with_text()),
        ("ConsentPage", page(reference("ConsentStanding"))),
        (
            "GivenConsents",
            object(&["items", "receipts"], json!({"items": list(200, reference("ConsentStanding")), "receipts": receipts()})),
        ),
        ("ConsentReceipt", receipt()),
        ("Ending", ending()),
        ("Disclosure", disclosure()),
        ("DisclosurePage", page(reference("Disclosure"))),
        ("ErasedCopies", copies()),
        ("Copies", items(reference("ErasedCopies"))),
        ("Question", question()),
        ("QuestionPage", page(reference("Question"))),
        ("LogExport", log_export()),
        ("ContactRequest", contact_asked()),
        ("Contact", reached()),
        ("ApplicationPage", page(application())),
        ("ApplicationStatus", object(&["status"], json!({"status": application_status()}))),
        ("ErasurePage", page(erasure())),
        ("Retained", retained(&[], json!({}))),
        ("ErasuresAcknowledged", acknowledged()),
        ("ErasuresSettled", settled()),
        ("Outstanding", items(outstanding())),
        ("Activities", activities()),
    ];
    all.map(|(name, schema)| (name.to_owned(), schema)).into_iter().collect()
}

fn erasure_number() -> Value {
    json!({"description": "The number of an erasure; later ones have higher ones.", "type": "integer", "minimum": 1, "maximum": 9_007_199_254_740_991_u64})
}

fn acknowledged() -> Value {
    let mut kept = list(most(MOST_KEPT), retained(&["number"], json!({"number": erasure_number()})));
    kept["description"] = json!("What of these erasures is kept, since a law demands it; left out where nothing is.");
    object(&["upTo"], json!({"upTo": erasure_number(), "retained": kept}))
}

fn most(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What is kept by law, with more members.
pub(in crate::openapi) fn retained(required: &[&str], more: Value) -> Value {
    let mut kept = fields("The fields that are kept: of those that the system had.");
    kept["minItems"] = json!(1);
    let statute = json!({"description": "The law and its article, such as `Archiefwet 1995, art. 3`; nothing about a person.", "type": "string",
                         "minLength": 5, "maxLength": LONGEST_STATUTE});
    let basis = json!({"description": "legal-obligation: the law obliges to keep it (GDPR art. 6(1)(c)). public-task: it is needed for a task that the law gives (art. 6(1)(e)).",
                       "enum": RetainedBasis::ALL.map(RetainedBasis::as_str)});
    let mut members = json!({"fields": kept, "basis": basis, "statute": statute,
                             "until": instant("Until when, at most twenty years; then it is to be erased as well (UTC).")});
    if let (Some(members), Some(more)) = (members.as_object_mut(), more.as_object()) {
        members.extend(more.clone());
    }
    object(&[&["fields", "basis", "statute", "until"], required].concat(), members)
}

fn contact_asked() -> Value {
    let about = object(
        &["kind", "key"],
        json!({"kind": json!({"description": "vacancy or training.", "enum": ["vacancy", "training"]}), "key": components::key()}),
    );
    object(
        &["partner", "key", "about"],
        json!({"partner": partner("The partner whose node showed the person."), "key": id("The key of the person in the result."), "about": about}),
    )
}

fn reached() -> Value {
    let part = |description: &str| text(description, 200);
    let contact =
        object(&[], json!({"name": part("The name."), "email": part("The e-mail address."), "telephone": part("The telephone number.")}));
    object(
        &["partner", "key", "document", "disclosure"],
        json!({"partner": partner("The partner whose node showed the person."), "key": id("The key of the person in the result."),
               "document": object(&[], json!({"contact": contact})), "disclosure": under()}),
    )
}

/// Under what a copy was given.
fn under() -> Value {
    object(
        &["id", "epoch", "fields", "useUntil"],
        json!({"id": id("The row of the ledger of the partner that gave it."), "epoch": epoch(), "fields": fields("What may be seen."),
               "useUntil": instant("Until when it may be used; it is to be erased then, or when its consent ends (UTC).")}),
    )
}

fn application_status() -> Value {
    json!({"description": "received: it came, and can be read. closed: this partner is done with it.", "enum": ["received", "closed"]})
}

fn application() -> Value {
    let number = json!({"description": "The number of the application; later ones have higher ones.", "type": "integer", "minimum": 1, "maximum": 9_007_199_254_740_991_u64});
    object(
        &["number", "partner", "partnerName", "key", "vacancy", "at", "status", "document", "disclosure"],
        json!({"number": number, "partner": partner("The partner whose worker applies."), "partnerName": partner_name(),
               "key": id("What this partner, and nobody else, knows the worker by."), "vacancy": components::key(),
               "at": instant("When it came (UTC)."), "status": application_status(),
               "document": json!({"description": "What the worker chose to send: members of a skill offer, and `motivation`, their own words.", "type": "object"}),
               "disclosure": under()}),
    )
}

fn log_export() -> Value {
    let hash = json!({"description": "A hash in base64.", "type": "string", "minLength": 44, "maxLength": 44});
    let leaf = object(
        &["seq", "at", "kind", "row"],
        json!({"seq": json!({"description": "Its number in the log, from 0.", "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64}),
               "at": instant("When, cut off to the minute (UTC)."),
               "kind": json!({"description": "What it stands for.", "enum": ["grant", "withdrawal", "disclosure", "register"]}),
               "recipient": partner("Who is concerned beside the worker."), "purpose": purpose(),
               "activity": text("Entry of the record of processing activities, with its version.", 200),
               "row": sha256("Of the salt and then the row.")}),
    );
    let row = object(
        &["leaf", "proof"],
        json!({"leaf": leaf, "proof": list(63, hash), "row": text("The exact text that was hashed.", 65_536),
               "salt": sha256("What was hashed before it.")}),
    );
    let checkpoint = text("The signed checkpoint of the log, with the signatures of the partners who cosigned it.", 65_536);
    let tag = json!({"description": "What it is.", "const": "polder-log-export/1"});
    object(&["type", "checkpoint", "rows"], json!({"type": tag, "checkpoint": checkpoint, "rows": list(1_000_000, row)}))
}

fn invitation_request() -> Value {
    object(&["offer"], json!({"offer": components::key()}))
}

fn invitation() -> Value {
    let form = "^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}$";
    let code = json!({"description": "Shown once; this node keeps its hash alone.", "type": "string", "pattern": form, "maxLength": 23});
    let url = text("Where the worker enters it; left out where this node has no pages.", 300);
    object(&["code", "until"], json!({"code": code, "until": instant("Until when (UTC)."), "url": url}))
}

fn decision(on_notice: bool) -> Value {
    let recipients = json!({"description": "Who, each by name; whoever joins the federation later is none of them.", "type": "array", "minItems": 1,
                            "maxItems": 200, "uniqueItems": true, "items": partner("A partner.")});
    let until = instant("Until when, at most 365 days from now, which holds where it is left out (UTC).");
    let mut members = json!({"purpose": purpose(), "recipients": recipients, "fields": fields("What they may see."), "until": until, "language": language()});
    let mut required = vec!["purpose", "recipients", "fields", "language"];
    if on_notice {
        members["notice"] = sha256("The SHA-256 of the text that was read.");
        members["request"] = id("The request that it answers, if it does.");
        required.push("notice");
    }
    object(&required, members)
}

fn notice() -> Value {
    let says = text("What is to be read before deciding: the decision itself, in words.", 200_000);
    object(&["text", "sha256", "language"], json!({"text": says, "sha256": sha256("Of its bytes in UTF-8."), "language": language()}))
}

fn consent() -> Value {
    let notice = object(
        &["id", "sha256", "language", "channel"],
        json!({"id": text("Which text, with its version.", 200), "sha256": sha256("Of its bytes."), "language": language(),
               "channel": text("How it was shown.", 40)}),
    );
    let authentication = object(
        &["issuer", "level", "at"],
        json!({"issuer": text("Who vouches for the worker.", 200), "level": text("How sure it is; empty where the issuer says nothing.", 200),
               "at": instant("When the worker logged in (UTC).")}),
    );
    object(
        &[
            "id",
            "grantId",
            "worker",
            "controller",
            "recipient",
            "purpose",
            "epoch",
            "activity",
            "legalBasis",
            "fields",
            "leaseSeconds",
            "notice",
            "authentication",
            "from",
            "until",
        ],
        json!({"id": id("Its id."), "grantId": id("Shared by all that was decided at once."), "worker": id("The worker, as this node alone names them."),
               "controller": partner("Who keeps the worker's data."), "recipient": partner("Who may see it."), "purpose": purpose(), "epoch": epoch(),
               "activity": text("Entry of the record of processing activities, with its version.", 200),
               "legalBasis": {"description": "Why it is lawful (GDPR art. 6).", "enum": ["consent", "contract-request"]},
               "fields": fields("What may be seen."), "leaseSeconds": number("How long a recipient may use a copy without asking again."),
               "notice": notice, "authentication": authentication, "assistedBy": text("Who helped; the worker decided.", 200),
               "from": instant("From when (UTC)."), "until": instant("Until when (UTC)."), "renews": id("The consent in whose place it came.")}),
    )
}

fn state() -> Value {
    let states = [
        State::Requested,
        State::Deferred,
        State::Lapsed,
        State::Refused,
        State::Given,
        State::Withdrawn,
        State::Superseded,
        State::Revoked,
        State::Expired,
        State::Invalidated,
    ];
    json!({"description": "Where it stands; only `given` lets anything be seen. Absent where its events cannot be read: it lets nothing be seen then.",
           "enum": states.map(|state| json!(state))})
}

fn standing() -> Value {
    let event = object(&["what", "at"], json!({"what": text("What happened.", 40), "at": instant("When (UTC)."), "ground": ground()}));
    let mut events = list(100, event);
    events["description"] = json!("What happened to it, in order.");
    json!({"consent": reference("Consent"), "recipientName": partner_name(), "state": state(), "events": events})
}

fn with_text() -> Value {
    let mut members = standing();
    members["text"] = text("What was read when it was decided.", 200_000);
    object(&["consent", "recipientName", "events", "text"], members)
}

fn receipt() -> Value {
    let jws = json!({"description": "The receipt, a compact JWS (RFC 7515) signed with the message key of this node's partner.", "type": "string", "maxLength": 262_144});
    let dpv =
        json!({"description": "The same in the words of ISO/IEC TS 27560 and the Data Privacy Vocabulary, as JSON-LD.", "type": "object"});
    object(&["jws", "dpv"], json!({"jws": jws, "dpv": dpv}))
}

fn ending() -> Value {
    let item = object(
        &["consent", "recipient", "recipientName", "purpose", "erases"],
        json!({"consent": id("The consent."), "recipient": partner("Whose it was."), "recipientName": partner_name(), "purpose": purpose(), "state": state(),
               "erases": flag("Whether the recipient has, or had, a copy, and is to erase it; `GET /v1/me/erasures` says whether it has.")}),
    );
    object(
        &["at", "already", "items", "receipts"],
        json!({"at": instant("When it took effect; of what had ended before, when that was (UTC)."), "already": flag("Whether it had ended before."),
               "items": list(100_000, item), "receipts": receipts()}),
    )
}

fn about() -> Value {
    let kind = json!({"description": "Of which kind.", "enum": ["vacancy", "training"]});
    let mut about = object(&["kind", "key"], json!({"kind": kind, "key": components::key()}));
    about["description"] = json!("The recipient's own offer for which people were sought.");
    about
}

fn disclosure() -> Value {
    object(
        &[
            "id",
            "worker",
            "recipient",
            "recipientName",
            "purpose",
            "consent",
            "epoch",
            "fields",
            "about",
            "at",
            "useUntil",
            "erased",
            "leaf",
        ],
        json!({"id": id("Its id."), "worker": id("The worker, as this node alone names them."), "recipient": partner("Who got it."),
               "recipientName": partner_name(), "purpose": purpose(), "consent": id("Under which consent."), "epoch": epoch(), "fields": fields("What went."),
               "about": about(), "at": instant("When (UTC)."), "useUntil": instant("Until when the recipient may use it (UTC)."),
               "erased": flag("Whether the recipient has said that it erased the copy, but for what it keeps by law."),
               "erasedFields": fields("Of a copy that is not erased whole, the fields that the recipient has said that it erased, since the worker narrowed the consent; left out: none."),
               "recalled": flag("Whether the recipient was told to erase the copy whole and has not said that it did: it may use it no more; left out: no."),
               "retained": fields("What of it the recipient keeps by law, as it says itself; left out: nothing."),
               "saidByRecipient": flag("Whether this node knows of it by the word of the recipient alone, since its own row was lost with a database that was restored from a backup; left out: it wrote the row itself."), "leaf": number("The number of its leaf in the log of this node.")}),
    )
}

fn copies() -> Value {
    let state = json!({"description": "Whether the recipient has said that it erased the copies; `retained`: but for what it keeps by law; `left`: it has left the federation and cannot be asked.",
                       "enum": ["erased", "retained", "outstanding", "left"]});
    let mut kept = list(most(MOST_RETAINED_IN_ALL), reference("Retained"));
    kept["description"] = json!("What the recipient keeps by law, as it says itself.");
    object(
        &["recipient", "recipientName", "purpose", "epoch", "fields", "state", "since"],
        json!({"recipient": partner("Who has, or had, copies."), "recipientName": partner_name(), "purpose": purpose(), "epoch": epoch(),
               "fields": fields("The fields that are to be erased; none: everything."), "disclosures": named(), "state": state,
               "since": instant("Since when they are to be erased (UTC)."), "erasedAt": instant("When this node heard that they were (UTC)."), "retained": kept}),
    )
}

fn question() -> Value {
    let partners = json!({"description": "Who was asked.", "type": "array", "maxItems": 10_000, "items": partner("A partner.")});
    let fields = json!({"description": "About what the question said something; not what.", "type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 40}});
    object(
        &["at", "query", "purpose", "partners", "fields"],
        json!({"at": instant("When (UTC)."), "query": {"description": "The id of the query.", "type": "string", "format": "uuid", "maxLength": 36},
               "purpose": {"description": "What for.", "enum": ["find-work", "find-training"]}, "partners": partners, "fields": fields}),
    )
}

fn named() -> Value {
    let one = super::parts::disclosure_of();
    json!({"description": "Where something was corrected: only what came under these is meant, and may be asked for anew.", "type": "array", "maxItems": 200, "items": one})
}

fn erasure() -> Value {
    object(
        &["number", "partner", "partnerName", "key", "purpose", "epoch", "fields", "at"],
        json!({"number": erasure_number(), "partner": partner("Whose node told of the person."), "partnerName": partner_name(),
               "key": id("The key under which results named the person."), "purpose": purpose(), "epoch": epoch(),
               "fields": fields("The fields to erase; none: everything."),
               "disclosures": named(), "at": instant("Since when (UTC).")}),
    )
}

fn settled() -> Value {
    object(&["settled"], json!({"settled": number("How many withdrawals are done with here: no system is behind with them any more.")}))
}

fn outstanding() -> Value {
    object(
        &["partner", "partnerName", "since", "isKnown"],
        json!({"partner": partner("Who."), "partnerName": partner_name(), "since": instant("Since when, the oldest (UTC)."),
               "isKnown": flag("Whether it stands in the register still.")}),
    )
}

fn activities() -> Value {
    let controller = object(
        &["partner", "name"],
        json!({"partner": partner("Who is responsible."), "name": text("Its name.", 200), "address": text("Where it has its seat.", 200),
               "contact": text("How people reach it about their data.", 200)}),
    );
    let purpose = json!({"description": "What it is for; absent where it is for all.", "enum": Purpose::ALL.map(Purpose::as_str)});
    let basis = json!({"description": "Why it is lawful (GDPR art. 6): of what others may see, as consents say; of the rest, as the configuration does.",
                       "enum": ["consent", "contract-request", "contract", "legal-obligation", "public-task", "legitimate-interest"]});
    let activity = object(
        &["activity", "inUse", "fields", "records"],
        json!({"activity": text("Its name, with its version.", 200), "purpose": purpose, "inUse": flag("Whether this partner uses it."), "legalBasis": basis,
               "fields": fields("What another partner may see by it at most."),
               "leaseSeconds": number("How long a recipient may use a copy without asking again, in seconds."),
               "records": list(20, text("The name of a record of the processing log that points to it.", 60))}),
    );
    let days = |what: &str| number(&format!("How long it is kept, in days: {what}."));
    let kept = json!({"consentDays": days("a consent, at most"), "ledgerDays": days("who saw what of a worker, and what was asked for them"),
                      "rememberedDays": days("that something ended, and was erased elsewhere"), "processingDays": days("records of the processing log"),
                      "processingKeysDays": days("whom such a record is about")});
    let kept = object(&["consentDays", "ledgerDays", "rememberedDays", "processingDays", "processingKeysDays"], kept);
    object(&["controller", "items", "kept"], json!({"controller": controller, "items": list(100, activity), "kept": kept}))
}
