//! The reference of every key, as docs/configuration.md has it.

use super::keys::every_key;

const HEAD: &str = "| key | takes | default | environment | example | what for |\n| --- | --- | --- | --- | --- | --- |\n";

/// The table, in Markdown.
pub(crate) fn reference() -> String {
    let mut text = HEAD.to_owned();
    for key in every_key() {
        let default = if key.default.is_empty() { "none".to_owned() } else { format!("`{}`", key.default) };
        let name = key.path.rsplit('.').next().unwrap_or_default();
        text.push_str(&format!(
            "| `{}` | {} | {default} | `{}` | `{name} = {}` | {} |\n",
            key.path,
            key.takes.name(),
            key.environment(),
            key.example,
            key.says
        ));
    }
    text
}

/// A page with this table in place of the one that it has; `None` where it has none.
pub(crate) fn put_reference(page: &str) -> Option<String> {
    let begin = page.find(HEAD)?;
    let rest = &page[begin..];
    let end = rest.split_inclusive('\n').take_while(|line| line.starts_with('|')).map(str::len).sum::<usize>();
    Some(format!("{}{}{}", &page[..begin], reference(), &rest[end..]))
}
