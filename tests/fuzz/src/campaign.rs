//! One run of one target.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::random::Random;
use crate::settings::{self, Settings};
use crate::{bytes, examples, minimise, tree};

/// Most inputs in a corpus.
const MOST: usize = 4_000;
/// Longest input that is made.
const LONGEST: usize = 400_000;

/// How inputs are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// As JSON, and now and then as bytes.
    Json,
    /// As lines and words.
    Text,
}

/// What is run.
pub struct Target<'t> {
    /// The name: of the directory in `corpus`, and in what is printed.
    pub name: &'t str,
    /// Examples to begin with, besides those that are kept.
    pub seeds: Vec<Vec<u8>>,
    /// How they are changed.
    pub grammar: Grammar,
    /// Names and words that mean something to the reader.
    pub words: &'t [&'t str],
    /// Most processor time that one input may take.
    pub bound: Duration,
}

/// What became of an input: its outcome, by which inputs are told apart, or what does not hold.
pub type Verdict = Result<String, String>;

impl Target<'_> {
    /// Runs. The property says what became of an input, or what does not hold; a panic is a failure too.
    ///
    /// # Panics
    /// When the property does not hold, with all that is needed to see it again.
    pub fn run(&self, property: impl Fn(&[u8]) -> Verdict) {
        let settings = Settings::from_environment();
        let judge = |input: &[u8]| self.judge(&property, input);
        if let Some(file) = &settings.replay {
            let input = std::fs::read(file).expect("the input");
            println!("fuzz {}: {file:?} ends as {:?}", self.name, judge(&input).map(|judged| judged.0));
            return judge(&input).map(drop).unwrap_or_else(|what| panic!("{what}"));
        }
        let mut corpus: Vec<Vec<u8>> = self.seeds.iter().cloned().chain(examples::kept(self.name)).collect();
        assert!(!corpus.is_empty(), "a target has examples");
        let (mut outcomes, mut slowest, began) = (HashSet::new(), Duration::ZERO, Instant::now());
        for input in &corpus {
            let (outcome, took) = judge(input).unwrap_or_else(|what| self.fail(&settings, 0, input, &what, &judge));
            outcomes.insert(outcome);
            slowest = slowest.max(took);
        }
        let (seeds, mut executions) = (corpus.len(), corpus.len() as u64);
        while began.elapsed() < settings.time {
            let mut random = Random::new(settings.seed ^ executions.wrapping_mul(0xA076_1D64_78BD_642F));
            let input = self.change(&corpus, &mut random);
            let (outcome, took) = judge(&input).unwrap_or_else(|what| self.fail(&settings, executions, &input, &what, &judge));
            slowest = slowest.max(took);
            executions += 1;
            if outcomes.insert(outcome) && corpus.len() < MOST {
                corpus.push(input);
            }
        }
        println!(
            "fuzz {}: {executions} executions in {:.0} s, {} outcomes, corpus {} of which {seeds} seeds, seed {}, slowest input {slowest:?}",
            self.name,
            began.elapsed().as_secs_f64(),
            outcomes.len(),
            corpus.len(),
            settings.seed
        );
    }

    fn change(&self, corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
        let (input, other) = (random.pick(corpus), random.pick(corpus));
        let as_tree = self.grammar == Grammar::Json && random.chance(85);
        let changed = if as_tree { tree::change(input, other, self.words, random) } else { None };
        let mut changed = changed.unwrap_or_else(|| bytes::change(input, other, self.words, random));
        changed.truncate(LONGEST);
        changed
    }

    /// The outcome, and how much processor time it took.
    fn judge(&self, property: &impl Fn(&[u8]) -> Verdict, input: &[u8]) -> Result<(String, Duration), String> {
        let began = Instant::now();
        let verdict = catch_unwind(AssertUnwindSafe(|| property(input))).unwrap_or_else(|panic| Err(format!("a panic: {}", said(&*panic))));
        let mut took = began.elapsed();
        if took > self.bound {
            // On a machine that does much else an input is slow only if it stays slow, and takes the processor.
            for _ in 0..3 {
                let (began, used) = (Instant::now(), processor_time());
                let _ = catch_unwind(AssertUnwindSafe(|| property(input)));
                let again = used.zip(processor_time()).map_or(began.elapsed(), |(before, after)| after.saturating_sub(before));
                took = took.min(again);
            }
            if took > self.bound {
                return Err(format!("{} bytes took {took:?}; the bound is {:?}", input.len(), self.bound));
            }
        }
        verdict.map(|outcome| (outcome, took))
    }

    fn fail<T>(&self, settings: &Settings, execution: u64, input: &[u8], what: &str, judge: &impl Fn(&[u8]) -> Result<T, String>) -> ! {
        eprintln!("fuzz {}: execution {execution} does not hold; its input of {} bytes is made smaller …", self.name, input.len());
        let smallest = minimise::minimise(input, |bytes| judge(bytes).is_err());
        let what = judge(&smallest).err().unwrap_or_else(|| what.to_owned());
        let mut hash = DefaultHasher::new();
        smallest.hash(&mut hash);
        let directory = settings::failures();
        let file = directory.join(format!("{}-{:016x}", self.name, hash.finish()));
        std::fs::create_dir_all(&directory).and_then(|()| std::fs::write(&file, &smallest)).expect("the input is kept");
        panic!(
            "fuzz {name}: {what}\nseed {seed}, execution {execution}\ninput: {input}\ntry it again: POLDER_FUZZ_REPLAY={file} cargo test {name}\nwhen it is mended, keep it: cp {file} tests/fuzz/corpus/{name}/",
            name = self.name,
            seed = settings.seed,
            input = smallest.escape_ascii(),
            file = std::path::absolute(&file).unwrap_or(file.clone()).display(),
        );
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words")
}

/// The processor time of this thread, where the system tells.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
