//! `traceparent` (W3C Trace Context, section 3.2): how a span is named to another program, and read from one.

use std::cell::Cell;

use opentelemetry::Context;
use opentelemetry::trace::{FutureExt, SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use polder_consent::FscTransaction;
use polder_consent::processing::{Chain, SpanId as ProcessingSpan, TraceId as ProcessingTrace};

tokio::task_local! {
    /// The transaction of FSC in which the current task works.
    static TRANSACTION: FscTransaction;
    /// The transaction of FSC in which the current task called a partner last.
    static CALLED: Cell<Option<FscTransaction>>;
}

/// The bytes of version 00: `00-`, trace, `-`, span, `-`, flags.
const LENGTH: usize = 55;

/// The span of another program that names it to this node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent(SpanContext);

impl Parent {
    /// Reads the value of a header; `None` for everything that is not exactly of its form, which is as if there were none. A later version is read as
    /// far as version 00 goes. Of the flags only `sampled` is looked at; `tracestate` never is.
    #[must_use]
    pub fn read(value: &[u8]) -> Option<Self> {
        let (known, rest) = value.split_at_checked(LENGTH)?;
        let version = number(&known[..2])?;
        let ends = rest.is_empty() || (version > 0 && rest[0] == b'-');
        if version == 0xff || !ends || [2, 35, 52].iter().any(|&at| known[at] != b'-') {
            return None;
        }
        let trace = TraceId::from_bytes(number(&known[3..35])?.to_be_bytes());
        let span = SpanId::from_bytes(u64::try_from(number(&known[36..52])?).ok()?.to_be_bytes());
        let sampled = number(&known[53..])? & 1 == 1;
        let parent = SpanContext::new(trace, span, TraceFlags::default().with_sampled(sampled), true, TraceState::NONE);
        parent.is_valid().then_some(Self(parent))
    }

    pub(super) fn context(self) -> SpanContext {
        self.0
    }
}

/// At most 32 hexadecimal digits, none a capital.
fn number(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0_u128, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some((number << 4) | u128::from(value))
    })
}

/// The current span, as the header names it to another node; `None` where nothing is traced.
#[must_use]
pub fn traceparent() -> Option<String> {
    Context::map_current(|current| {
        let span = current.span();
        let named = span.span_context();
        let flags = u8::from(named.is_sampled());
        named.is_valid().then(|| format!("00-{:032x}-{:016x}-{flags:02x}", named.trace_id(), named.span_id()))
    })
}

/// Where what the current task does stands in a chain of processing: below the current span, whether or not that is traced; a chain of its own where there
/// is none.
#[must_use]
pub fn chain() -> Chain {
    let transaction = TRANSACTION.try_with(|transaction| *transaction).ok();
    Context::map_current(|current| {
        let span = current.span();
        let named = span.span_context();
        if !named.is_valid() {
            return Chain { trace: ProcessingTrace::from_bytes(uuid::Uuid::new_v4().into_bytes()), parent: None, transaction };
        }
        let (trace, parent) = (named.trace_id().to_bytes(), named.span_id().to_bytes());
        Chain { trace: ProcessingTrace::from_bytes(trace), parent: Some(ProcessingSpan::from_bytes(parent)), transaction }
    })
}

/// Carries work out below the span that a caller named, where nothing is traced here: what is written down of it is of the caller's chain.
pub async fn below<F: Future>(named: Option<Parent>, work: F) -> F::Output {
    match named {
        Some(named) => work.with_context(Context::new().with_remote_span_context(named.0)).await,
        None => work.await,
    }
}

/// Carries work out in a transaction of FSC: what is written down of it says which.
pub async fn in_a_transaction<F: Future>(transaction: FscTransaction, work: F) -> F::Output {
    TRANSACTION.scope(transaction, work).await
}

/// The current task has called a partner through an Outway.
pub fn called_in(transaction: FscTransaction) {
    // Where nobody notes it, nothing is written down of what comes back.
    let _ = CALLED.try_with(|called| called.set(Some(transaction)));
}

/// Carries a call at a partner out, and says in which transaction of FSC the last one was.
pub async fn noting_transaction<F: Future>(call: F) -> (F::Output, Option<FscTransaction>) {
    let noted = async { (call.await, CALLED.with(Cell::get)) };
    CALLED.scope(Cell::new(None), noted).await
}

/// Carries work out in a chain of processing: that of the current span, or a new one, which the partners that are asked are told of (`traceparent`). It
/// says `sampled`, since it is written down: whether it is traced is for each of them to say.
pub async fn in_a_chain<F: Future>(work: F) -> F::Output {
    if traceparent().is_some() {
        return work.await;
    }
    let (trace, span) = (uuid::Uuid::new_v4().into_bytes(), uuid::Uuid::new_v4().as_u64_pair().1);
    let (trace, span) = (TraceId::from_bytes(trace), SpanId::from_bytes(span.to_be_bytes()));
    below(Some(Parent(SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::NONE))), work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn what_is_of_its_form_is_read() {
        let read = |value: &str| Parent::read(value.as_bytes()).map(Parent::context).expect(value);
        let parent = read(FINE);
        assert_eq!(parent.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!((parent.span_id().to_string().as_str(), parent.is_sampled(), parent.is_remote()), ("00f067aa0ba902b7", true, true));
        assert!(!read(&FINE.replace("-01", "-00")).is_sampled());
        assert!(!read(&FINE.replace("-01", "-fe")).is_sampled(), "other flags mean nothing here");
        assert!(read(&FINE.replace("-01", "-ff")).is_sampled());
        for later in [FINE.replacen("00", "01", 1), FINE.replacen("00", "cc", 1) + "-what-comes-then"] {
            assert_eq!(read(&later), parent, "{later}");
        }
    }

    #[test]
    fn everything_else_counts_as_absent() {
        for bad in [
            "",
            "00",
            &FINE[..54],
            &FINE.to_uppercase(),
            &format!("{FINE} "),
            &format!(" {FINE}"),
            &format!("{FINE}-"),
            &format!("{FINE}-00"),
            &format!("{}x", FINE.replacen("00", "01", 1)),
            &FINE.replacen("00", "ff", 1),
            &FINE.replacen("00", "0x", 1),
            &FINE.replace('-', "_"),
            &FINE.replace("4bf9", "4bg9"),
            &FINE.replace("4bf9", "+bf9"),
            &FINE.replace("-01", "-0g"),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e47é-00f067aa0ba902b7-01",
        ] {
            assert_eq!(Parent::read(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(Parent::read(&[b'-'; 1 << 16]), None);
    }

    #[test]
    fn nothing_is_named_where_nothing_is_traced() {
        assert_eq!(traceparent(), None);
        let parent = Parent::read(FINE.as_bytes()).expect("fine").context();
        let _current = Context::new().with_remote_span_context(parent).attach();
        assert_eq!(traceparent().as_deref(), Some(FINE));
    }
}
