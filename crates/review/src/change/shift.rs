use super::meaning::Meaning;

/// What one attribute's change means for a row that lets in.
pub(super) type Shift = Meaning;

/// A limit from above, `None` for none: raised or lifted, more get in.
pub(super) fn at_most(old: Option<u64>, new: Option<u64>) -> Shift {
    let rank = |limit: Option<u64>| limit.map_or((true, 0), |limit| (false, limit));
    by_order(rank(old), rank(new))
}

/// A limit from below, `None` for none: lowered or lifted, more get in.
pub(super) fn at_least(old: Option<u64>, new: Option<u64>) -> Shift {
    by_order(new.unwrap_or_default(), old.unwrap_or_default())
}

/// A switch that opens something.
pub(super) fn opened(old: bool, new: bool) -> Shift {
    by_order(old, new)
}

/// Something that is given either way, one or the other.
pub(super) fn moved<T: PartialEq>(old: &T, new: &T) -> Shift {
    if old == new { Meaning::Neutral } else { Meaning::Moves }
}

/// By whether each side has all of the other: neither widens, as somebody gets in who did not.
pub(super) fn by_cover(new_covers_old: bool, old_covers_new: bool) -> Shift {
    match (new_covers_old, old_covers_new) {
        (true, true) => Meaning::Neutral,
        (false, true) => Meaning::Narrows,
        (_, false) => Meaning::Widens,
    }
}

fn by_order<T: Ord>(old: T, new: T) -> Shift {
    match new.cmp(&old) {
        std::cmp::Ordering::Less => Meaning::Narrows,
        std::cmp::Ordering::Equal => Meaning::Neutral,
        std::cmp::Ordering::Greater => Meaning::Widens,
    }
}
