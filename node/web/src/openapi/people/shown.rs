//! Examples of what operations about people take and give.

use serde_json::{Value, json};

use crate::client::people_operations::OfPeople;

pub(in crate::openapi) const JWS: &str = "eyJhbGciOiJFZERTQSJ9.e30.AAAA";
pub(in crate::openapi) const ID: &str = "0f6c2f4e9b1d4a7c8e5f3a2b1c0d9e8f";
pub(in crate::openapi) const OTHER_ID: &str = "7a1e5c3b2d4f6a8091b2c3d4e5f60718";
pub(in crate::openapi) const DAY: &str = "2026-11-20T08:00:00Z";

pub(super) fn example_decision() -> Value {
    json!({"purpose": "match-vacancy", "recipients": ["kvk:12345678"], "fields": ["/title", "/skills", "/hours"], "language": "nl"})
}

fn example_standing() -> Value {
    let notice = json!({"id": "urn:polder:notice:5", "sha256": "3f1c".repeat(16), "language": "nl", "channel": "api"});
    let authentication = json!({"issuer": "https://login.example.nl", "level": "http://eidas.europa.eu/LoA/substantial", "at": DAY});
    let consent = json!({"id": ID, "grantId": OTHER_ID, "worker": OTHER_ID, "controller": "oin:00000001001234567000", "recipient": "kvk:12345678",
                         "purpose": "match-vacancy", "epoch": 1, "activity": "urn:polder:activity:match-vacancy:1", "legalBasis": "consent",
                         "fields": ["/title", "/skills", "/hours"], "leaseSeconds": 86_400, "notice": notice, "authentication": authentication,
                         "from": DAY, "until": "2027-11-20T08:00:00Z"});
    json!({"consent": consent, "recipientName": "Voorbeeld BV", "state": "given", "events": [{"what": "give", "at": DAY}]})
}

fn example_ending(already: bool) -> Value {
    let item = json!({"consent": ID, "recipient": "kvk:12345678", "recipientName": "Voorbeeld BV", "purpose": "match-vacancy", "state": "withdrawn", "erases": true});
    json!({"at": "2026-11-21T10:15:00Z", "already": already, "items": [item], "receipts": [JWS]})
}

pub(in crate::openapi) fn example_seen() -> Value {
    json!({"id": ID, "worker": OTHER_ID, "recipient": "kvk:12345678", "recipientName": "Voorbeeld BV", "purpose": "match-vacancy",
                              "consent": ID, "epoch": 1, "fields": ["/title", "/skills"], "about": {"kind": "vacancy", "key": "V-2041"}, "at": DAY,
                              "useUntil": "2026-11-21T08:00:00Z", "erased": false, "leaf": 12})
}

pub(super) fn example_retained() -> Value {
    json!({"fields": ["/title"], "basis": "legal-obligation", "statute": "Archiefwet 1995, art. 3", "until": "2031-11-20T08:00:00Z"})
}

pub(super) fn example_of(does: OfPeople) -> Vec<(&'static str, Value)> {
    match does {
        OfPeople::Invite => {
            let url = "https://werk.example.nl/portal/invitation";
            vec![("profile", json!({"code": "01234-56789-ABCDE-FGHJK", "until": "2026-12-04T08:00:00Z", "url": url}))]
        }
        OfPeople::ShowNotice => {
            let says = "Gemeente Voorbeeld vraagt u of zij iets over u mag laten zien. …";
            vec![("in-dutch", json!({"text": says, "sha256": "3f1c".repeat(16), "language": "nl"}))]
        }
        OfPeople::GiveConsents => vec![("one-recipient", json!({"items": [example_standing()], "receipts": [JWS]}))],
        OfPeople::ListConsents => vec![("one-recipient", json!({"items": [example_standing()]}))],
        OfPeople::Receipt => vec![("as-it-stands", json!({"jws": JWS, "dpv": {"@type": "dpv:ConsentReceipt"}}))],
        OfPeople::GetConsent => {
            let mut with_text = example_standing();
            with_text["text"] = json!("Gemeente Voorbeeld vraagt u of zij iets over u mag laten zien. …");
            vec![("given", with_text)]
        }
        OfPeople::WithdrawConsent => vec![("withdrawn", example_ending(false)), ("again", example_ending(true))],
        OfPeople::WithdrawConsents => vec![
            ("withdrawn", example_ending(false)),
            ("nothing-was-in-force", json!({"at": "2026-11-21T10:15:00Z", "already": false, "items": [], "receipts": []})),
        ],
        OfPeople::Disclosures => {
            vec![("with-more-to-come", json!({"items": [example_seen()], "next": "b12"}))]
        }
        OfPeople::Copies => {
            let copies = |state: &str| json!({"recipient": "kvk:12345678", "recipientName": "Voorbeeld BV", "purpose": "match-vacancy", "epoch": 1, "fields": [], "state": state, "since": DAY});
            let mut erased = copies("erased");
            erased["erasedAt"] = json!("2026-11-20T08:00:02Z");
            let mut retained = copies("retained");
            retained["erasedAt"] = json!("2026-11-20T08:00:02Z");
            retained["retained"] = json!([example_retained()]);
            vec![
                ("erased", json!({"items": [erased]})),
                ("kept-in-part-by-law", json!({"items": [retained]})),
                ("outstanding", json!({"items": [copies("outstanding")]})),
            ]
        }
        OfPeople::Questions => {
            let asked = json!({"at": DAY, "query": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "purpose": "find-work", "partners": ["kvk:12345678"], "fields": ["text", "travel"]});
            vec![("one-question", json!({"items": [asked]}))]
        }
        OfPeople::Contact => {
            let under =
                json!({"id": OTHER_ID, "epoch": 1, "fields": ["/contact/name", "/contact/email"], "useUntil": "2026-11-27T08:00:00Z"});
            let document = json!({"contact": {"name": "Anna Voorbeeld", "email": "anna@voorbeeld.example"}});
            vec![("name-and-address", json!({"partner": "oin:00000001001234567000", "key": ID, "document": document, "disclosure": under}))]
        }
        OfPeople::Log => {
            let hash = "A".repeat(43) + "=";
            let leaf = json!({"seq": 0, "at": DAY, "kind": "grant", "recipient": "kvk:12345678", "purpose": "match-vacancy",
                              "activity": "urn:polder:activity:match-vacancy:1", "row": "0".repeat(64)});
            let row = json!({"leaf": leaf, "proof": [hash], "row": "{}", "salt": "0".repeat(64)});
            let checkpoint = format!("flevoland/oin:00000001001234567000\n2\n{hash}\n\n— …\n");
            vec![("one-decision", json!({"type": "polder-log-export/1", "checkpoint": checkpoint, "rows": [row]}))]
        }
        OfPeople::Erasures => {
            let erasure = json!({"number": 7, "partner": "oin:00000001001234567000", "partnerName": "Gemeente Voorbeeld", "key": ID,
                                 "purpose": "match-vacancy", "epoch": 1, "fields": [], "at": DAY});
            vec![("everything-of-one-person", json!({"items": [erasure]}))]
        }
        OfPeople::Applications => {
            let under = json!({"id": OTHER_ID, "epoch": 1, "fields": ["/skills", "/contact/email", "/motivation"], "useUntil": "2026-11-27T08:00:00Z"});
            let document = json!({"contact": {"email": "anna@voorbeeld.example"}, "motivation": "Ik werk graag buiten.",
                                  "skills": [{"uri": "http://data.europa.eu/esco/skill/334e3e49-fb02-4051-809a-f06adfdc1c40"}]});
            let one = json!({"number": 12, "partner": "oin:00000001001234567000", "partnerName": "Gemeente Voorbeeld", "key": ID, "vacancy": "V-2041",
                             "at": DAY, "status": "received", "document": document, "disclosure": under});
            vec![("one-application", json!({"items": [one]}))]
        }
        OfPeople::ApplicationStatus => vec![("closed", json!({"status": "closed"}))],
        OfPeople::Erased => vec![("one-withdrawal", json!({"settled": 1}))],
        OfPeople::Outstanding => {
            let owed = json!({"partner": "kvk:12345678", "partnerName": "Voorbeeld BV", "since": DAY, "isKnown": true});
            vec![("one-partner", json!({"items": [owed]}))]
        }
        OfPeople::Activities => {
            let activity = json!({"activity": "urn:polder:activity:be-contacted:1", "purpose": "be-contacted", "inUse": true, "legalBasis": "consent",
                                  "fields": ["/contact/name", "/contact/email", "/contact/telephone"], "leaseSeconds": 604_800,
                                  "records": ["consent given", "contact disclosed"]});
            let controller =
                json!({"partner": "oin:00000001001234567000", "name": "Gemeente Voorbeeld", "contact": "privacy@voorbeeld.example"});
            let kept =
                json!({"consentDays": 365, "ledgerDays": 1_827, "rememberedDays": 400, "processingDays": 90, "processingKeysDays": 731});
            vec![("one-activity", json!({"controller": controller, "items": [activity], "kept": kept}))]
        }
    }
}
