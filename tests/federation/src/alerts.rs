//! Alert rules as Prometheus reads them: the lines of their file, and the part of PromQL that they are written in.

use std::str::Chars;

/// A rule.
#[derive(Debug)]
pub struct Alert {
    /// Its name.
    pub name: String,
    /// The numbers that it looks at.
    pub selectors: Vec<Selector>,
}

/// Which numbers are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Of what name.
    pub name: String,
    /// With labels of these names, and the values that are compared.
    pub labels: Vec<(String, String)>,
}

/// Reads the rules of a file of one group; what is wrong, where something is.
///
/// # Errors
/// A line that is not of the form of `deploy/alerts.yaml`, or an expression that is none.
pub fn read(text: &str) -> Result<Vec<Alert>, String> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#')).peekable();
    for expected in ["groups:", "  - name: polder", "    rules:"] {
        let line = lines.next().unwrap_or_default();
        (line == expected).then_some(()).ok_or_else(|| format!("{line:?}, where {expected:?} is expected"))?;
    }
    let mut alerts = Vec::new();
    while let Some(line) = lines.next() {
        let name = line.strip_prefix("      - alert: ").ok_or_else(|| format!("{line:?}, where an alert is expected"))?;
        let mut member = |begin: &str| lines.next_if(|line| line.starts_with(begin)).map(|line| line[begin.len()..].to_owned());
        let wrong = |what: &str| format!("{name}: {what}");
        let expression = member("        expr: ").ok_or_else(|| wrong("no expr"))?;
        if let Some(time) = member("        for: ") {
            is_time(&time).then_some(()).ok_or_else(|| wrong("for is no time"))?;
        }
        member("        annotations:").filter(String::is_empty).ok_or_else(|| wrong("no annotations"))?;
        let summary = member("          summary: ").ok_or_else(|| wrong("no summary"))?;
        // In YAML these would end a text that stands without quotation marks, or give it another meaning.
        for text in [&summary, &expression] {
            let plain =
                !text.contains(": ") && !text.contains(" #") && !text.starts_with(['{', '[', '"', '\'', '&', '*', '!', '|', '>', '%', '@']);
            plain.then_some(()).ok_or_else(|| wrong("a text that YAML reads as something else"))?;
        }
        let selectors = selectors(&expression).map_err(|what| wrong(&what))?;
        alerts.push(Alert { name: name.to_owned(), selectors });
    }
    Ok(alerts)
}

fn is_time(text: &str) -> bool {
    let number = text.trim_end_matches(['s', 'm', 'h', 'd']);
    text.len() == number.len() + 1 && number.parse::<u32>().is_ok()
}

/// The selectors of an expression.
///
/// # Errors
/// What is wrong with it.
pub fn selectors(expression: &str) -> Result<Vec<Selector>, String> {
    let mut reader = Reader { words: words(expression)?, at: 0, found: Vec::new() };
    match (reader.expression()?, reader.next()) {
        (Kind::Instant, None) => Ok(reader.found),
        (Kind::Instant, Some(word)) => Err(format!("{word} follows the end")),
        (other, _) => Err(format!("{other:?}, where a comparison of numbers at an instant is expected")),
    }
}

fn words(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut rest) = (Vec::new(), text.chars());
    while let Some(first) = rest.clone().next() {
        let word = match first {
            ' ' => " ".to_owned(),
            '"' => {
                let inner: String = rest.as_str()[1..].chars().take_while(|c| *c != '"').collect();
                rest.as_str()[1 + inner.len()..]
                    .starts_with('"')
                    .then(|| format!("\"{inner}\""))
                    .ok_or("a quotation mark without its end")?
            }
            c if is_of_a_word(c) => rest.as_str().chars().take_while(|c| is_of_a_word(*c) || *c == '.').collect(),
            _ => ["==", "!=", "=~", "!~", ">=", "<="]
                .iter()
                .find(|two| rest.as_str().starts_with(**two))
                .map_or(first.to_string(), |two| (*two).to_owned()),
        };
        advance(&mut rest, &word);
        words.extend((word != " ").then_some(word));
    }
    Ok(words)
}

fn is_of_a_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn advance(rest: &mut Chars<'_>, word: &str) {
    *rest = rest.as_str()[word.len()..].chars();
}

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Instant,
    Range,
}

struct Reader {
    words: Vec<String>,
    at: usize,
    found: Vec<Selector>,
}

impl Reader {
    fn next(&mut self) -> Option<String> {
        self.at += 1;
        self.words.get(self.at - 1).cloned()
    }

    fn next_is(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at).is_some_and(|next| next == word);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        let next = self.next();
        if next.as_deref() == Some(word) { Ok(()) } else { Err(format!("{next:?}, where {word:?} is expected")) }
    }

    fn expression(&mut self) -> Result<Kind, String> {
        let mut kind = self.operand()?;
        let operators = ["==", "!=", ">", "<", ">=", "<=", "+", "-", "*", "/", "and", "or", "unless"];
        while let Some(operator) = operators.iter().find(|operator| self.next_is(operator)) {
            let other = self.operand()?;
            let of_sets = matches!(*operator, "and" | "or" | "unless");
            kind = match (kind, other) {
                (Kind::Range, _) | (_, Kind::Range) => return Err(format!("{operator} takes no range")),
                (Kind::Number, _) | (_, Kind::Number) if of_sets => return Err(format!("{operator} takes no number")),
                (Kind::Number, Kind::Number) => Kind::Number,
                _ => Kind::Instant,
            };
        }
        Ok(kind)
    }

    fn operand(&mut self) -> Result<Kind, String> {
        let word = self.next().ok_or("something is missing at the end")?;
        if word == "(" {
            let kind = self.expression()?;
            self.expect(")")?;
            return Ok(kind);
        }
        if word.parse::<f64>().is_ok() {
            return Ok(Kind::Number);
        }
        if !word.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(format!("{word} is neither a name nor a number"));
        }
        let takes: &[Kind] = match word.as_str() {
            "sum" | "min" | "max" | "avg" | "count" => {
                if self.next_is("by") || self.next_is("without") {
                    self.expect("(")?;
                    self.next();
                    self.expect(")")?;
                }
                &[Kind::Instant]
            }
            "abs" => &[Kind::Instant],
            "rate" | "increase" => &[Kind::Range],
            "histogram_quantile" => &[Kind::Number, Kind::Instant],
            _ => return self.selector(word),
        };
        self.expect("(")?;
        for (number, expected) in takes.iter().enumerate() {
            if number > 0 {
                self.expect(",")?;
            }
            let kind = self.expression()?;
            if kind != *expected {
                return Err(format!("{word} is given {kind:?}, where {expected:?} is expected"));
            }
        }
        self.expect(")")?;
        Ok(Kind::Instant)
    }

    fn selector(&mut self, name: String) -> Result<Kind, String> {
        let mut labels = Vec::new();
        if self.next_is("{") {
            loop {
                let label = self.next().ok_or("a label is missing")?;
                if !["=", "!="].iter().any(|compared| self.next_is(compared)) {
                    return Err(format!("{label} is not compared"));
                }
                let value = self.next().filter(|value| value.starts_with('"')).ok_or_else(|| format!("{label} has no value"))?;
                labels.push((label, value.trim_matches('"').to_owned()));
                if !self.next_is(",") {
                    break;
                }
            }
            self.expect("}")?;
        }
        self.found.push(Selector { name, labels });
        if !self.next_is("[") {
            return Ok(Kind::Instant);
        }
        let time = self.next().unwrap_or_default();
        is_time(&time).then_some(()).ok_or_else(|| format!("{time} is no time"))?;
        self.expect("]")?;
        Ok(Kind::Range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        let found =
            selectors("sum by (partner) (increase(a_total{outcome=\"x\", p!=\"y\"}[1h])) == 0 and abs(b) > 7 * 86400").expect("fine");
        let labels = [("outcome", "x"), ("p", "y")].map(|(label, value)| (label.to_owned(), value.to_owned()));
        assert_eq!(
            found,
            [Selector { name: "a_total".to_owned(), labels: labels.to_vec() }, Selector { name: "b".to_owned(), labels: vec![] }]
        );
        assert!(selectors("histogram_quantile(0.99, rate(c_bucket[10m])) > 3").is_ok());
        for bad in [
            "",
            "increase(a) > 0",
            "a[5m] > 0",
            "a >",
            "(a > 0",
            "a > 0)",
            "a{x} > 0",
            "a{x=\"y} > 0",
            "a{x=y} > 0",
            "rate(a[5x]) > 0",
            "7 > 3",
            "histogram_quantile(rate(a[5m])) > 3",
            "a b",
            "sum by partner (a) > 0",
            "A > 0",
            "a and 3",
        ] {
            assert!(selectors(bad).is_err(), "{bad}");
        }
    }
}
