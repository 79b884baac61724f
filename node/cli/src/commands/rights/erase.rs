//! `polder rights erase`: everything ends and is erased. It cannot be undone, so it is asked about once.

use polder_trust::keys::write_secret;
use reqwest::Method;
use serde_json::{Value, json};

use super::{EndArgs, confirm};
use crate::commands::consent::words;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::new_node::refuse_existing;
use crate::output::Output;

/// Erases everything.
pub(super) async fn run(args: &EndArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    refuse_existing(&args.output)?;
    let lang = output.lang;
    confirm(
        args.yes,
        lang.either(
            "This ends everything and erases your profile, your consents and who saw what. It cannot be undone. Do you want this? Type yes: ",
            "Hiermee stopt alles, en worden uw profiel, uw toestemmingen en wie wat zag gewist. Het kan niet terug. Wilt u dit? Typ ja: ",
        ),
        lang,
        output,
    )?;
    carry_out(args, config, output).await
}

/// Erases, and keeps the receipt.
pub(super) async fn carry_out(args: &EndArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let (file, lang) = (&args.output, output.lang);
    let body = args.node.client(config)?.send(Method::DELETE, "/v1/me", &[], None).await?.success()?;
    let gone: Value = serde_json::from_slice(&body).map_err(words::no_form)?;
    write_secret(file, &body).map_err(|error| Failure::configuration(error.to_string()))?;
    let (at, file) = (gone["at"].as_str().unwrap_or_default(), file.display());
    if output.json {
        output.json(&json!({"at": at, "output": file.to_string()}))?;
        return Ok(Exit::Done);
    }
    let at = words::moment(at, lang);
    output.line(lang.either(
        format!("Erased at {at}. Nothing leaves any more; whoever has a copy is told until it has erased it. {file} holds the signed receipt, as JSON."),
        format!("Gewist op {at}. Er gaat niets meer weg; wie een kopie heeft hoort het tot die gewist is. De ondertekende bevestiging staat in {file}, als JSON."),
    ))?;
    Ok(Exit::Done)
}
