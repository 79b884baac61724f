//! What the script of a page makes of the lines of a stream: each line says only what it does not know yet.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// A list as the script has it once it has read these lines.
#[derive(Debug, Default)]
pub struct Filling {
    /// Its rows, in their order.
    pub rows: Vec<Map<String, Value>>,
    /// The map beside it.
    pub map: Map<String, Value>,
    /// The last line.
    pub last: Value,
    /// Bytes of the lines that say something of the list.
    pub sent: usize,
    /// Bytes that they would have, if each of them said all of it.
    pub sent_whole: usize,
}

impl Filling {
    /// Reads a stream.
    ///
    /// # Panics
    /// When a line is no JSON, or speaks of a row that nothing was said of.
    #[must_use]
    pub fn of(stream: &str) -> Self {
        let mut filling = Self::default();
        let (mut known, mut order) = (HashMap::<u64, Map<String, Value>>::new(), Vec::<u64>::new());
        for text in stream.lines() {
            let line: Value = serde_json::from_str(text).expect("JSON");
            if line["type"] == "exchange" {
                continue;
            }
            for row in line["rows"].as_array().into_iter().flatten() {
                let id = row["id"].as_u64().expect("a number");
                known.entry(id).or_default().extend(row.as_object().expect("an object").clone());
            }
            if let Some(ids) = line["order"].as_array() {
                order = ids.iter().map(|id| id.as_u64().expect("a number")).collect();
                known.retain(|id, _| order.contains(id));
            }
            filling.map.extend(line["map"].as_object().cloned().unwrap_or_default());
            filling.rows = order.iter().map(|id| known[id].clone()).collect();
            if line["type"] == "rows" || line["type"] == "done" {
                filling.sent += text.len();
                filling.sent_whole +=
                    Value::from_iter(filling.rows.clone()).to_string().len() + Value::from(filling.map.clone()).to_string().len();
            }
            filling.last = line;
        }
        filling
    }
}
