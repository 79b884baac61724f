//! The parameters of a collection.

use polder_model::problem::ProblemType;
use serde_json::{Value, json};

use super::catalogue::Training;
use crate::refusal::Refusal;

/// The sizes of a page that the API has.
const SIZES: [usize; 5] = [10, 20, 50, 100, 250];
/// The last page that can be asked for.
const LAST_PAGE: usize = 1_000_000;

/// What is asked of a collection.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    size: usize,
    number: usize,
    /// What the name holds, in small letters.
    q: Option<String>,
    /// The key of the offer, which is the primary code.
    code: Option<String>,
    level: Option<String>,
}

impl Asked {
    /// Reads the parameters, each at most once; with `searched`, those by which programmes and courses are sought.
    pub(super) fn read(query: Option<&str>, searched: bool) -> Result<Self, Refusal> {
        let mut asked = Self { size: SIZES[0], number: 1, q: None, code: None, level: None };
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if seen.iter().any(|one| *one == name) {
                return Err(refused(&format!("the parameter `{}` stands there twice", known(&name, searched)?)));
            }
            match known(&name, searched)? {
                "pageSize" => {
                    let size = value.parse().ok().filter(|size| SIZES.contains(size));
                    asked.size = size.ok_or_else(|| refused("pageSize is 10, 20, 50, 100 or 250"))?;
                }
                "pageNumber" => {
                    let number = value.parse().ok().filter(|number| (1..=LAST_PAGE).contains(number));
                    asked.number = number.ok_or_else(|| refused("pageNumber is a whole number from 1"))?;
                }
                "sort" if value != "name" => return Err(refused("sort is name: there is no other order")),
                "q" => asked.q = Some(value.to_lowercase()),
                "primaryCode" => asked.code = Some(value.into_owned()),
                "level" => asked.level = Some(value.into_owned()),
                // `consumer`: what there is for one is given anyhow.
                _ => {}
            }
            seen.push(name.into_owned());
        }
        Ok(asked)
    }

    /// Whether a training is asked for.
    pub(super) fn fits(&self, training: &Training) -> bool {
        self.q.as_deref().is_none_or(|q| training.name.contains(q))
            && self.code.as_deref().is_none_or(|code| training.key.as_str() == code)
            && self.level.as_deref().is_none_or(|level| &*training.level == level)
    }

    /// Which of so many stand on the page.
    pub(super) fn range(&self, all: usize) -> (usize, usize) {
        let from = (self.number - 1).saturating_mul(self.size).min(all);
        (from, (from + self.size).min(all))
    }

    /// The page.
    pub(super) fn page(&self, all: usize, items: Vec<Value>) -> Value {
        let pages = all.div_ceil(self.size);
        json!({"pageSize": self.size, "pageNumber": self.number, "hasPreviousPage": self.number > 1, "hasNextPage": self.number < pages,
               "totalPages": pages, "items": items})
    }
}

fn refused(detail: &str) -> Refusal {
    Refusal::new(ProblemType::InvalidRequest, detail)
}

/// A parameter by its name. What the API has besides is refused, not left out: who filters would take all for what was asked.
fn known(name: &str, searched: bool) -> Result<&'static str, Refusal> {
    const PAGING: [&str; 4] = ["pageSize", "pageNumber", "consumer", "sort"];
    const SEARCH: [&str; 3] = ["q", "primaryCode", "level"];
    let all = PAGING.into_iter().chain(SEARCH.into_iter().filter(|_| searched));
    let found = all.clone().find(|one| *one == name);
    found.ok_or_else(|| refused(&format!("there is a parameter that is not known here; known are {}", all.collect::<Vec<_>>().join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_of_the_sizes_of_the_api() {
        let read = |query: &str| Asked::read(Some(query), true);
        let page = |query: &str, all| {
            let asked = read(query).expect("fine");
            (asked.range(all), asked.page(all, Vec::new())["hasNextPage"] == json!(true))
        };
        assert_eq!(page("", 25), ((0, 10), true));
        assert_eq!(page("pageSize=20&pageNumber=2", 25), ((20, 25), false));
        assert_eq!(page("pageNumber=1000000&pageSize=250", 25), ((25, 25), false));
        assert_eq!(page("pageNumber=2", 20), ((10, 20), false));
        assert_eq!(page("consumer=nl-polder&sort=name", 0), ((0, 0), false));
        for wrong in
            ["pageSize=11", "pageSize=-10", "pageNumber=0", "pageNumber=x", "teachingLanguage=nl", "pageSize=10&pageSize=10", "sort=-name"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(Asked::read(Some("q=x"), false).is_err(), "only programmes and courses are sought by name");
    }
}
