//! Plots that the node draws: bars of a few things, and columns of days. Whatever one shows, a table beside it says too.

use serde::Serialize;

/// The width of a plot, in units of its drawing; on a phone a unit is about a pixel.
const WIDTH: u32 = 360;
/// Height of a bar with its name above it, and of the room between columns and their edge.
const ROW: u32 = 44;
const HEIGHT: u32 = 150;
/// Most parts of a column that are told apart; the rest is the last of them.
pub(crate) const PARTS: usize = 5;

/// A bar for each thing.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Bars {
    width: u32,
    height: u32,
    bars: Vec<Bar>,
}

#[derive(Clone, Debug, Serialize)]
struct Bar {
    name: String,
    value: String,
    /// Where its name stands, and the bar.
    text: u32,
    y: u32,
    width: u32,
    /// Whether it is to be looked at.
    warns: bool,
}

/// What a bar stands for.
pub(crate) struct Amount {
    /// Its name.
    pub name: String,
    /// How it is said.
    pub said: String,
    /// How much.
    pub value: u64,
    /// Whether it is to be looked at.
    pub warns: bool,
}

impl Bars {
    /// Bars as long as their amounts, the longest of which fills the width, or `whole` does; `None` where there is nothing to see.
    pub(crate) fn new(amounts: Vec<Amount>, whole: Option<u64>) -> Option<Self> {
        let most = whole.unwrap_or_default().max(amounts.iter().map(|amount| amount.value).max()?).max(1);
        let bars = amounts.into_iter().zip(0..).map(|(amount, row)| Bar {
            name: amount.name,
            value: amount.said,
            text: row * ROW + 14,
            y: row * ROW + 20,
            // What is there is seen.
            width: share(amount.value, most, WIDTH).max(u32::from(amount.value > 0) * 2),
            warns: amount.warns,
        });
        let bars: Vec<Bar> = bars.collect();
        Some(Self { width: WIDTH, height: ROW * u32::try_from(bars.len()).unwrap_or(0), bars })
    }
}

/// A column for each day, of parts that stand on each other.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Days {
    /// How many the highest column stands for.
    most: u64,
    width: u32,
    height: u32,
    base: u32,
    parts: Vec<Part>,
    names: Vec<String>,
    first: String,
    last: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Part {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    part: usize,
    /// What a pointer is told.
    said: String,
}

impl Days {
    /// Columns of the days, the oldest first, each with the amounts of its parts: at most [`PARTS`], of these names. `None` where all are empty.
    pub(crate) fn new(days: &[(String, Vec<u64>)], names: Vec<String>) -> Option<Self> {
        let most = days.iter().map(|(_, amounts)| amounts.iter().sum::<u64>()).max().filter(|most| *most > 0)?;
        let step = WIDTH / u32::try_from(days.len()).ok()?.max(1);
        let mut parts = Vec::new();
        for ((day, amounts), column) in days.iter().zip(0..) {
            let mut top = HEIGHT;
            for (part, amount) in amounts.iter().enumerate().filter(|(_, amount)| **amount > 0) {
                let height = share(*amount, most, HEIGHT).max(1).min(top);
                top -= height;
                let said = format!("{day}: {} {amount}", names.get(part).map_or("", String::as_str));
                parts.push(Part { x: column * step + 1, y: top, width: step.saturating_sub(2).max(1), height, part, said });
            }
        }
        let (first, last) = (days.first()?.0.clone(), days.last()?.0.clone());
        Some(Self { most, width: WIDTH, height: HEIGHT + 20, base: HEIGHT, parts, names, first, last })
    }
}

fn share(amount: u64, most: u64, whole: u32) -> u32 {
    u32::try_from(u128::from(amount) * u128::from(whole) / u128::from(most.max(1))).unwrap_or(whole).min(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(value: u64) -> Amount {
        Amount { name: String::new(), said: String::new(), value, warns: false }
    }

    #[test]
    fn bars_are_as_long_as_what_they_stand_for() {
        let widths = |values: &[u64], whole| {
            let bars = Bars::new(values.iter().map(|value| amount(*value)).collect(), whole);
            bars.map(|bars| bars.bars.iter().map(|bar| bar.width).collect::<Vec<_>>())
        };
        assert_eq!(widths(&[10, 5, 0, 1], None), Some(vec![360, 180, 0, 36]));
        assert_eq!(widths(&[1, 25], Some(10_000)), Some(vec![2, 2]), "what is there is seen");
        assert_eq!(widths(&[u64::MAX, 0], None), Some(vec![360, 0]));
        assert_eq!(widths(&[0], None), Some(vec![0]));
        assert_eq!(widths(&[], None), None);
    }

    #[test]
    fn parts_of_a_day_stand_on_each_other_and_days_side_by_side() {
        let day = |name: &str, amounts: &[u64]| (name.to_owned(), amounts.to_vec());
        let names = vec!["A".to_owned(), "B".to_owned()];
        let days = Days::new(&[day("1", &[10, 20]), day("2", &[0, 0]), day("3", &[0, 15])], names.clone());
        let found = days.map(|days| days.parts.iter().map(|one| (one.x, one.y, one.height, one.part)).collect::<Vec<_>>());
        assert_eq!(found, Some(vec![(1, 100, 50, 0), (1, 0, 100, 1), (241, 75, 75, 1)]));
        assert!(Days::new(&[day("1", &[0, 0])], names).is_none());
    }
}
