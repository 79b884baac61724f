//! What a browser would send of a form.

/// The fields of the form on a page that is sent there, as it was filled in by the page; the button is left to whoever presses it.
///
/// # Panics
/// When there is no such form.
#[must_use]
pub fn filled_in(html: &str, action: &str) -> Vec<(String, String)> {
    let action = format!("action=\"{}\"", action.replace('/', "&#x2f;"));
    let plain_action = action.replace("&#x2f;", "/");
    let form = html.split("<form ").skip(1).find(|form| {
        let tag = form.split('>').next().unwrap_or_default();
        tag.contains(&action) || tag.contains(&plain_action)
    });
    let form = form.and_then(|form| form.split("</form>").next()).unwrap_or_else(|| panic!("there is no form with {plain_action}: {html}"));
    let mut fields = Vec::new();
    let mut rest = form;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let tag = rest.split('>').next().unwrap_or_default();
        let Some(name) = attribute(tag, "name") else { continue };
        if tag.starts_with("input ") {
            let ticks = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
            if !ticks || tag.contains(" checked") {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea ") {
            let text = rest[tag.len() + 1..].split("</textarea>").next().unwrap_or_default();
            fields.push((name, plain(text.strip_prefix('\n').unwrap_or(text))));
        } else if tag.starts_with("select ") {
            fields.push((name, selected(rest.split("</select>").next().unwrap_or_default())));
        }
    }
    fields
}

/// The option that is chosen, or else the first.
fn selected(select: &str) -> String {
    let options: Vec<&str> = select.split("<option").skip(1).collect();
    let chosen = options.iter().find(|option| option.split('>').next().unwrap_or_default().contains(" selected")).or(options.first());
    let Some(option) = chosen else { return String::new() };
    let (tag, text) = option.split_once('>').unwrap_or_default();
    attribute(tag, "value").unwrap_or_else(|| plain(text.split('<').next().unwrap_or_default()))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    Some(plain(tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?))
}

/// A text as it was before it was escaped.
fn plain(text: &str) -> String {
    let text = text.replace("&#x2f;", "/").replace("&#x27;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&amp;", "&")
}
