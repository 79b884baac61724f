//! What the OpenAPI document says of skills that are proposed for a text.

use serde_json::{Map, Value, json};
use utoipa::openapi::Content;

use super::components::{number, object, reference};
use super::examples;
use super::people::parts::{list, text};
use crate::client::skill_proposals::{MOST, MOST_CHARACTERS, fits};

pub(super) const DESCRIPTION: &str = "Skills of the tables of this node that the text of a vacancy, a course or a CV speaks of, by their labels: also inflected, as a compound, or with their words apart in one clause; not where the text denies them. Each comes with its evidence, the surest first. They are proposals: show them to somebody who decides. The text is not kept.";

pub(super) fn body() -> Content {
    let asked = json!({"text": "Als lasser lees je werktekeningen. Je hoeft geen heftruck te rijden.", "language": "nl"});
    examples::content("SkillProposalRequest", vec![("of-a-vacancy".to_owned(), asked)])
}

pub(super) fn success() -> Content {
    let evidence = json!({"start": 11, "end": 33, "text": "lees je werktekeningen"});
    let found = json!({"uri": "http://data.europa.eu/esco/skill/dfce2aba-783e-4e17-9c17-e74aca505ec2", "labelNl": "2D-tekeningen lezen", "labelEn": "interpret 2D plans",
                       "label": "werktekeningen lezen", "fit": "apart", "evidence": evidence});
    examples::content("SkillProposals", vec![("one".to_owned(), json!({"items": [found]}))])
}

pub(super) fn schemas() -> Map<String, Value> {
    let language =
        json!({"description": "The language of the text, and of the labels that are looked for. Default: nl.", "enum": ["nl", "en"]});
    let words = json!({"description": "The text.", "type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS});
    let fit = json!({"description": "How surely: `named`, the label stands there word for word; `inflected`, in another form; `apart`, its words or their parts stand near each other; `loose`, one simple word that may mean something else here.",
                     "enum": fits().collect::<Vec<_>>()});
    let evidence = object(
        &["start", "end", "text"],
        json!({"start": number("First character of the text, from 0, counted as Unicode code points."), "end": number("The character after the last."),
               "text": text("What stands there.", MOST_CHARACTERS)}),
    );
    let proposal = object(
        &["uri", "labelNl", "label", "fit", "evidence"],
        json!({"uri": text("The URI of the skill.", 500), "labelNl": text("Its Dutch label.", 500), "labelEn": text("Its English label.", 500),
               "label": text("The label by which it was found.", 500), "fit": fit, "evidence": reference("SkillEvidence")}),
    );
    let most = u32::try_from(MOST).unwrap_or(u32::MAX);
    let all = [
        ("SkillProposalRequest", object(&["text"], json!({"text": words, "language": language}))),
        ("SkillEvidence", evidence),
        ("SkillProposal", proposal),
        ("SkillProposals", object(&["items"], json!({"items": list(most, reference("SkillProposal"))}))),
    ];
    all.map(|(name, schema)| (name.to_owned(), schema)).into_iter().collect()
}
