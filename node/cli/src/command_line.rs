//! A command line that cannot be read: said by clap in English, and by us in Dutch, since clap has no other language.

use std::process::ExitCode;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print::Lang;

/// Says what is wrong with it, and how the program ends.
pub(crate) fn fail(error: &Error, json: bool, lang: Lang) -> ExitCode {
    let helps = matches!(error.kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    match (json, lang) {
        (true, _) => Output::new(true, lang).fail(&Failure::configuration(error.render().to_string().trim())),
        (false, Lang::Nl) if !helps => Output::new(false, lang).note(&in_dutch(error)),
        // Nobody is left to be told when standard error is closed.
        (false, _) => drop(error.print()),
    }
    Exit::Configuration.into()
}

/// What is wrong, what would do, and where to read on.
fn in_dutch(error: &Error) -> String {
    let said = |kind| text(error, kind).unwrap_or_default();
    let (argument, value) = (said(ContextKind::InvalidArg), said(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("er ontbreekt: {argument}"),
        ErrorKind::InvalidValue | ErrorKind::NoEquals if value.is_empty() => format!("bij {argument} hoort een waarde"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("de waarde '{value}' kan niet bij {argument}"),
        ErrorKind::UnknownArgument => format!("'{argument}' is hier onbekend"),
        ErrorKind::InvalidSubcommand => format!("de opdracht '{}' is onbekend", said(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "er ontbreekt een opdracht".to_owned(),
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            prior if prior.is_empty() || prior == argument => format!("{argument} kan maar één keer, en niet met iets anders samen"),
            prior => format!("{argument} en {prior} kunnen niet samen"),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("bij {argument} hoort een ander aantal waarden")
        }
        ErrorKind::InvalidUtf8 => "hier staat een teken dat niet gelezen kan worden (geen UTF-8)".to_owned(),
        _ => "deze opdracht kan niet worden gelezen".to_owned(),
    };
    let mut lines = vec![format!("polder: {what}")];
    // What a value must be like is the parser's own to say, in English.
    lines.extend(std::error::Error::source(error).map(|why| format!("  in het Engels: {why}")));
    for (kind, head) in [
        (ContextKind::ValidValue, "mogelijk zijn"),
        (ContextKind::ValidSubcommand, "opdrachten zijn"),
        (ContextKind::SuggestedArg, "bedoelde u"),
        (ContextKind::SuggestedSubcommand, "bedoelde u"),
        (ContextKind::SuggestedValue, "bedoelde u"),
    ] {
        lines.extend(text(error, kind).map(|words| format!("  {head}: {words}")));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        lines.push(format!("\n{}", usage.to_string().replace("Usage:", "Gebruik:")));
    }
    lines.push("\nMeer uitleg, in het Engels: --help".to_owned());
    lines.join("\n")
}

/// What the error says of that kind, if anything.
fn text(error: &Error, kind: ContextKind) -> Option<String> {
    let text = match error.get(kind)? {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::Cli;

    fn dutch(arguments: &[&str]) -> String {
        let error = Cli::try_parse_from([&["polder"], arguments].concat()).expect_err("it cannot be read");
        in_dutch(&error)
    }

    #[test]
    fn what_is_wrong_is_said_in_dutch() {
        for (arguments, says) in [
            (&["consent", "withdraw"][..], "er ontbreekt: <CONSENT|--all>"),
            (&["consent", "withdraw", "xx"], "de waarde 'xx' kan niet bij [CONSENT]"),
            (&["consent", "lst"], "de opdracht 'lst' is onbekend"),
            (&["consent", "list", "--langg", "nl"], "'--langg' is hier onbekend"),
            (&["consent", "list", "--lang"], "bij --lang <LANG> hoort een waarde"),
            (&["consent", "list", "--lang", "fr"], "de waarde 'fr' kan niet bij --lang <LANG>"),
            (&["consent", "withdraw", "--all", &"0".repeat(32)], "kunnen niet samen"),
            (&["people", "revoke", "--ground", "worker-asked"], "er ontbreekt: <--key <KEY>|--notice <SHA256>>"),
        ] {
            let said = dutch(arguments);
            assert!(said.lines().next().is_some_and(|first| first.starts_with("polder: ") && first.contains(says)), "{says}: {said}");
            assert!(said.contains("Gebruik: polder") || !said.contains("Usage"), "{said}");
        }
        assert!(dutch(&["consent", "lst"]).contains("bedoelde u: list"));
        assert!(dutch(&["consent", "list", "--lang", "fr"]).contains("mogelijk zijn: en, nl"));
    }

    #[test]
    fn the_language_is_found_where_the_rest_cannot_be_read() {
        let lang = |arguments: &[&str]| Lang::of_arguments(arguments.iter().map(|argument| (*argument).to_owned()));
        assert_eq!((lang(&["x", "--lang", "nl"]), lang(&["--lang=nl"]), lang(&["--lang", "en"])), (Lang::Nl, Lang::Nl, Lang::En));
    }
}
