//! Tables of fields: what becomes of each field of a format.

use std::fmt::Write;

/// A field of a format.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in the format.
    pub name: &'static str,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a field.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    /// It becomes these members of the offer, as JSON Pointers without numbers: `/skills/uri`.
    Mapped(&'static [&'static str]),
    /// It makes the key of the offer.
    Key,
    /// It says whether there is an offer at all, or how others are read.
    Steers(&'static str),
    /// Its text is added to the description, under this label: Dutch, English.
    Text(&'static str, &'static str),
    /// It is left out, since …
    LeftOut(&'static str),
}

/// A list of fields, each with what becomes of it.
macro_rules! fields {
    ($($name:literal => $fate:expr,)+) => {
        &[$($crate::fields::Field { name: $name, fate: $fate }),+]
    };
}
pub(crate) use fields;

/// The fields of one kind of thing in a format, under its name.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The format and the thing: `schema.org JobPosting 30.0`.
    pub title: &'static str,
    /// What may be said before the table, in Markdown; may be empty.
    pub about: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

impl Table {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The name of the field of which a member of an offer came, by the member's JSON Pointer; the pointer itself where none did.
    pub(crate) fn field_of<'p>(&self, pointer: &'p str) -> &'p str
    where
        'static: 'p,
    {
        let named: String =
            pointer.split('/').filter(|step| !step.bytes().all(|b| b.is_ascii_digit())).fold(String::new(), |mut all, step| {
                let _ = write!(all, "/{step}");
                all
            });
        let comes_of =
            |field: &&Field| matches!(field.fate, Fate::Mapped(members) if members.iter().any(|member| named.starts_with(member)));
        self.fields.iter().find(comes_of).map_or(pointer, |field| field.name)
    }

    /// The table as Markdown, with its title as a heading.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut page = format!("### {}\n\n", self.title);
        if !self.about.is_empty() {
            let _ = write!(page, "{}\n\n", self.about);
        }
        page.push_str("| field | becomes |\n| --- | --- |\n");
        for field in self.fields {
            let fate = match field.fate {
                Fate::Mapped(members) => members.iter().map(|member| format!("`{member}`")).collect::<Vec<_>>().join(", "),
                Fate::Key => "the key of the offer".to_owned(),
                Fate::Steers(what) => what.to_owned(),
                Fate::Text(_, english) => format!("text in the description: “{english}: …”"),
                Fate::LeftOut(because) => format!("left out: {because}"),
            };
            let _ = writeln!(page, "| `{}` | {fate} |", field.name);
        }
        page
    }
}
