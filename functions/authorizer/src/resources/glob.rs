use brevet_policy::{HttpMethod, HttpRoute, RoutePattern, Segment};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// A route of one method as a resource within a stage, or what its wildcards give too much.
pub(super) struct Glob {
    method: &'static str,
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq)]
enum Part {
    Literal(String),
    /// One segment, not empty.
    One,
    /// One segment or more.
    Many,
    /// The segment that `*` also matches though no path has it: an empty one.
    Empty,
}

impl Glob {
    /// A `*` in place of the method would match across `/` as well, so each method is written out.
    pub(super) fn of(route: &RoutePattern) -> Vec<Self> {
        match route {
            RoutePattern::Connect => vec![Self { method: "$connect", parts: Vec::new() }],
            RoutePattern::Http(route) => {
                methods(route).iter().map(|method| Self { method, parts: parts(route) }).collect()
            }
        }
    }

    /// Whether it is a WebSocket's opening, which has no path.
    pub(super) fn is_connect(&self) -> bool {
        self.method == "$connect"
    }

    pub(super) fn resource(&self) -> String {
        if self.is_connect() {
            return self.method.to_owned();
        }
        let texts: Vec<&str> = self.parts.iter().map(Part::text).collect();
        format!("{}/{}", self.method, texts.join("/"))
    }

    /// What the resource matches beyond the route: for each one-segment wildcard, the same with more segments in its
    /// place, and with an empty one. Before a last `**`, more segments are no excess.
    pub(super) fn excess(&self) -> Vec<Self> {
        let mut excess = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            if *part != Part::One {
                continue;
            }
            excess.push(self.with(index, &[Part::Empty]));
            if self.parts.iter().skip(index + 1).any(|later| !matches!(later, Part::One | Part::Many))
                || !self.is_open_ended()
            {
                excess.push(self.with(index, &[Part::Many, Part::Many]));
            }
        }
        excess
    }

    fn is_open_ended(&self) -> bool {
        self.parts.last() == Some(&Part::Many)
    }

    /// As a denied resource every wildcard reaches across segments.
    fn with(&self, index: usize, with: &[Part]) -> Self {
        let wide = |part: &Part| if *part == Part::One { Part::Many } else { part.clone() };
        let (before, after) = (self.parts.iter().take(index), self.parts.iter().skip(index + 1));
        Self {
            method: self.method,
            parts: before.map(wide).chain(with.iter().cloned()).chain(after.map(wide)).collect(),
        }
    }

    /// Whether there is a path that both match.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        // `/**` stands for `/` itself too, and `/*` as a resource matches it.
        let root = |one: &[Part], other: &[Part]| matches!(one, [Part::Many | Part::Empty]) && other.is_empty();
        let share_the_root = root(&self.parts, &other.parts) || root(&other.parts, &self.parts);
        self.method == other.method && (share_the_root || overlap(&self.parts, &other.parts))
    }
}

impl Part {
    fn text(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::One | Self::Many => "*",
            Self::Empty => "",
        }
    }

    fn shares_a_segment_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Literal(one), Self::Literal(other)) => one == other,
            (Self::Empty, other) | (other, Self::Empty) => *other == Self::Empty,
            _ => true,
        }
    }
}

/// Whether two sequences of parts have a path in common, segment by segment. Takes time in proportion to the product of
/// their lengths: to try every way of sharing out the segments takes twice the time for each wildcard more.
fn overlap(one: &[Part], other: &[Part]) -> bool {
    // What most routes differ in is plain, and at their beginning.
    if let ([Part::Literal(first), one @ ..], [Part::Literal(second), other @ ..]) = (one, other) {
        return first == second && overlap(one, other);
    }
    // For each end of `other`, the shortest first: whether it and the end of `one` so far have a path in common.
    let mut common: Vec<bool> = std::iter::once(true).chain(other.iter().map(|_| false)).collect();
    for first in one.iter().rev() {
        let mut next = vec![false];
        for (second, shorter) in other.iter().rev().zip(common.windows(2)) {
            let &[both_go_on, second_stays] = shorter else { continue };
            let first_stays = next.last() == Some(&true);
            next.push(
                first.shares_a_segment_with(second)
                    && (both_go_on || (*first == Part::Many && first_stays) || (*second == Part::Many && second_stays)),
            );
        }
        common = next;
    }
    common.last() == Some(&true)
}

fn methods(route: &HttpRoute) -> Vec<&'static str> {
    match route.method() {
        HttpMethod::One(method) => vec![method],
        HttpMethod::Any => METHODS.to_vec(),
    }
}

fn parts(route: &HttpRoute) -> Vec<Part> {
    let part = |segment: &Segment| match segment {
        Segment::Literal(text) => Part::Literal(text.clone()),
        Segment::One => Part::One,
        Segment::Rest => Part::Many,
    };
    route.segments().iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By definition: every way of sharing out the segments.
    fn overlap_by_trying(one: &[Part], other: &[Part]) -> bool {
        match (one.split_first(), other.split_first()) {
            (None, None) => true,
            (Some((first, one_rest)), Some((second, other_rest))) => {
                first.shares_a_segment_with(second)
                    && (overlap_by_trying(one_rest, other_rest)
                        || (*first == Part::Many && overlap_by_trying(one, other_rest))
                        || (*second == Part::Many && overlap_by_trying(one_rest, other)))
            }
            _ => false,
        }
    }

    #[test]
    fn finds_a_common_path_where_trying_every_way_finds_one() {
        let literal = |text: &str| Part::Literal(text.to_owned());
        let parts = [literal("a"), literal("b"), Part::One, Part::Many, Part::Empty];
        let mut sequences: Vec<Vec<Part>> = vec![Vec::new()];
        let mut longest = sequences.clone();
        for _ in 0..4 {
            let longer = |sequence: &Vec<Part>| {
                parts.iter().map(|part| [sequence.as_slice(), std::slice::from_ref(part)].concat()).collect::<Vec<_>>()
            };
            longest = longest.iter().flat_map(longer).collect();
            sequences.extend(longest.iter().cloned());
        }
        for one in &sequences {
            for other in &sequences {
                assert!(
                    overlap(one, other) == overlap_by_trying(one, other),
                    "{:?} and {:?}",
                    texts(one),
                    texts(other)
                );
            }
        }
    }

    fn texts(parts: &[Part]) -> Vec<&str> {
        parts.iter().map(Part::text).collect()
    }
}
