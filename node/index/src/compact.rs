//! Merging segments, also while others read and write.

use std::ops::Range;
use std::sync::Arc;

use crate::build::Builder;
use crate::index::GROWTH;
use crate::snapshot::View;

/// Which neighbouring segments are due to be merged: the smallest two of like size, or one of which most is deleted.
pub(crate) fn due(views: &[View]) -> Option<Range<usize>> {
    let alike = |at: &usize| views[at - 1].live() < GROWTH * views[*at].live();
    let pair = (1..views.len()).rev().find(alike).map(|at| at - 1..at + 1);
    pair.or_else(|| views.iter().position(|view| view.live() * 2 < view.segment.len()).map(|at| at..at + 1))
}

/// One segment out of several: what is not deleted of them.
pub(crate) fn merge(views: &[View]) -> View {
    let mut builder = Builder::default();
    views.iter().for_each(|view| builder.add_view(view));
    View::new(builder.finish())
}

/// Puts a merged segment in the place of those that it was made of, without what has been deleted meanwhile. `false` where they are no
/// longer there.
pub(crate) fn replace(views: &mut Vec<View>, old: &[View], mut merged: View) -> bool {
    let Some(first) = views.iter().position(|view| old.first().is_some_and(|old| Arc::ptr_eq(&view.segment, &old.segment))) else {
        return false;
    };
    let places = first..first + old.len();
    let same = |(now, old): (&View, &View)| Arc::ptr_eq(&now.segment, &old.segment);
    if places.end > views.len() || !views[places.clone()].iter().zip(old).all(same) {
        return false;
    }
    for (now, old) in views[places.clone()].iter().zip(old) {
        now.deleted_since(old).for_each(|offer| merged.delete(now.segment.keys.get(offer)));
    }
    views.splice(places, Some(merged).filter(|merged| merged.live() > 0));
    true
}
