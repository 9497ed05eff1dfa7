//! Routes of mappings as resources of an IAM policy, exactly.
//!
//! In an IAM resource `*` also matches `/`, so `GET/users/*` would open `/users/1/secrets` as well. Where a route has a
//! one-segment `*`, a denied resource takes back what the wildcard gives too much. Where that would also take back
//! another open route, no policy can say both, and the route is opened for the very request alone: a cached answer then
//! refuses too much, never too little.

use brevet_policy::{HttpMethod, HttpRoute, RoutePattern, Segment};

use crate::arn::MethodArn;

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The resources of a policy's two statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resources {
    /// Of the statement that allows.
    pub allow: Vec<String>,
    /// Of the statement that denies.
    pub deny: Vec<String>,
}

impl Resources {
    /// Everything the token may call on this API and stage, whichever route it calls now.
    pub(crate) fn of(arn: &MethodArn, open: &[RoutePattern], closed: &[RoutePattern]) -> Self {
        let mut resources = Self::default();
        let globs: Vec<Glob> = open.iter().flat_map(Glob::of).collect();
        for glob in &globs {
            let excess = glob.excess();
            let harms_none = |excess: &Glob| !globs.iter().any(|other| excess.overlaps(other));
            if excess.iter().all(harms_none) {
                resources.allow.push(arn.in_stage(&glob.resource()));
                resources.deny.extend(excess.iter().map(|excess| arn.in_stage(&excess.resource())));
            } else if open.iter().any(|route| route.matches(arn.method(), arn.path())) {
                resources.allow.extend(arn.exactly());
            }
        }
        resources.deny.extend(closed.iter().flat_map(Glob::of).map(|glob| arn.in_stage(&glob.resource())));
        for list in [&mut resources.allow, &mut resources.deny] {
            list.sort_unstable();
            list.dedup();
        }
        resources
    }
}

/// A route of one method, or what its wildcards give too much.
struct Glob {
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
    fn of(route: &RoutePattern) -> Vec<Self> {
        match route {
            RoutePattern::Connect => vec![Self { method: "$connect", parts: Vec::new() }],
            RoutePattern::Http(route) => {
                methods(route).iter().map(|method| Self { method, parts: parts(route) }).collect()
            }
        }
    }

    fn resource(&self) -> String {
        if self.method == "$connect" {
            return self.method.to_owned();
        }
        let texts: Vec<&str> = self.parts.iter().map(Part::text).collect();
        format!("{}/{}", self.method, texts.join("/"))
    }

    /// What the resource matches beyond the route: for each one-segment wildcard, the same with more segments in its
    /// place, and with an empty one.
    fn excess(&self) -> Vec<Self> {
        let ones = self.parts.iter().enumerate().filter(|(_, part)| **part == Part::One);
        let replaced = ones
            .flat_map(|(index, _)| [vec![Part::One, Part::Many], vec![Part::Empty]].map(|with| self.with(index, with)));
        replaced.collect()
    }

    fn with(&self, index: usize, with: Vec<Part>) -> Self {
        let (before, after) = (self.parts.iter().take(index), self.parts.iter().skip(index + 1));
        // As a denied resource every wildcard reaches across segments.
        let wide = |part: &Part| if *part == Part::One { Part::Many } else { part.clone() };
        let parts = before.map(wide).chain(with.iter().map(wide)).chain(after.map(wide)).collect();
        Self { method: self.method, parts }
    }

    /// Whether there is a path that both match.
    fn overlaps(&self, other: &Self) -> bool {
        // `/**` stands for `/` itself too.
        let root = |one: &[Part], other: &[Part]| one == [Part::Many] && other.is_empty();
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

/// Whether two sequences of parts have a path in common, segment by segment.
fn overlap(one: &[Part], other: &[Part]) -> bool {
    match (one.split_first(), other.split_first()) {
        (None, None) => true,
        (Some((first, one_rest)), Some((second, other_rest))) => {
            first.shares_a_segment_with(second)
                && (overlap(one_rest, other_rest)
                    || (*first == Part::Many && overlap(one, other_rest))
                    || (*second == Part::Many && overlap(one_rest, other)))
        }
        _ => false,
    }
}

/// A `*` in place of the method would match across `/` as well, so each method is written out.
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
mod tests;
