mod spelling;

use std::fmt;

pub use self::spelling::REFUSED_PATHS;
pub(crate) use self::spelling::has_one_reading;

/// Routes of an API that a row opens or closes: `METHOD /path`, or `$connect` of a WebSocket API.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RoutePattern {
    /// `$connect`.
    Connect,
    /// `METHOD /path`.
    Http(HttpRoute),
}

/// `METHOD /path`, where a segment `*` stands for one segment and a last segment `**` for all the rest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HttpRoute {
    method: HttpMethod,
    segments: Vec<Segment>,
}

/// The method of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HttpMethod {
    /// `*`.
    Any,
    /// One of those API Gateway has.
    One(&'static str),
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Exactly this, case kept.
    Literal(String),
    /// `*`: one segment that is not empty.
    One,
    /// `**`, at the end only: one segment or more. `/**` also stands for `/` itself.
    Rest,
}

/// Why a text is not a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteFault {
    /// Not a method, one space and a path.
    #[error("must be `METHOD /path` or `$connect`")]
    Shape,
    /// A method API Gateway does not have, or not in capitals.
    #[error("must begin with GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS or `*`")]
    Method,
    /// A segment that no path has, or `*` and `**` where they cannot stand.
    #[error("has a segment that is neither plain text, nor `*`, nor a last `**`")]
    Segment,
}

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

impl RoutePattern {
    /// Reads a route.
    pub fn parse(text: &str) -> Result<Self, RouteFault> {
        if text == "$connect" {
            return Ok(Self::Connect);
        }
        let (method, path) = text.split_once(' ').ok_or(RouteFault::Shape)?;
        let path = path.strip_prefix('/').ok_or(RouteFault::Shape)?;
        let method = match METHODS.into_iter().find(|known| *known == method) {
            Some(known) => HttpMethod::One(known),
            None if method == "*" => HttpMethod::Any,
            None => return Err(RouteFault::Method),
        };
        let segments: Option<Vec<Segment>> = split(path).map(segment).collect();
        let segments = segments.ok_or(RouteFault::Segment)?;
        let rest_before_the_end = segments.iter().rev().skip(1).any(|segment| *segment == Segment::Rest);
        if rest_before_the_end { Err(RouteFault::Segment) } else { Ok(Self::Http(HttpRoute { method, segments })) }
    }

    /// Whether a request is for one of these routes, by its path as it is written. The method of a WebSocket's opening
    /// request is `$connect`.
    pub fn matches(&self, method: &str, path: &str) -> bool {
        match self {
            Self::Connect => method == "$connect",
            Self::Http(route) => route.matches(method, path),
        }
    }

    /// Whether a request is for one of these routes even if its trailing slashes mean nothing, as to many a server.
    pub(crate) fn closes(&self, method: &str, path: &str) -> bool {
        self.matches(method, path) || self.matches(method, path.trim_end_matches('/'))
    }
}

impl HttpRoute {
    /// The method.
    pub fn method(&self) -> HttpMethod {
        self.method
    }

    /// The segments of the path; none for `/`.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        let method_matches = match self.method {
            HttpMethod::Any => method != "$connect",
            HttpMethod::One(own) => own == method,
        };
        method_matches && path.strip_prefix('/').is_some_and(|path| self.matches_path(path))
    }

    fn matches_path(&self, path: &str) -> bool {
        if self.segments.as_slice() == [Segment::Rest] {
            return true;
        }
        let mut presented = split(path);
        for segment in &self.segments {
            let Some(text) = presented.next() else { return false };
            match segment {
                Segment::Literal(own) if own != text => return false,
                Segment::One if text.is_empty() => return false,
                Segment::Rest => return true,
                Segment::Literal(_) | Segment::One => {}
            }
        }
        presented.next().is_none()
    }
}

impl HttpMethod {
    /// As written in the row.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "*",
            Self::One(method) => method,
        }
    }
}

/// The segments of a path without its first slash; none if that is all there was.
fn split(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(move |_| !path.is_empty())
}

fn segment(text: &str) -> Option<Segment> {
    match text {
        "*" => Some(Segment::One),
        "**" => Some(Segment::Rest),
        "" | "." | ".." => None,
        _ => text.bytes().all(is_plain).then(|| Segment::Literal(text.to_owned())),
    }
}

/// RFC 3986's characters of a path segment, without the two that IAM reads as wildcards.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()+,;=:@%".contains(&byte)
}

impl fmt::Display for RoutePattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Http(route) = self else { return formatter.write_str("$connect") };
        write!(formatter, "{} /", route.method.as_str())?;
        for (index, segment) in route.segments.iter().enumerate() {
            let separator = if index == 0 { "" } else { "/" };
            write!(formatter, "{separator}{segment}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Literal(text) => text,
            Self::One => "*",
            Self::Rest => "**",
        })
    }
}

#[cfg(test)]
mod tests;
