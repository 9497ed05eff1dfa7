use brevet_policy::Subject;

use super::case::Case;
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;

/// Where a value begins, and how much of the beginning a pattern may leave open.
enum Beginning {
    /// A path: none of its first segment.
    Segment,
    /// A path behind a host: none of either.
    HostAndSegment,
    /// A name people choose: `v*` is fine, `*` and `*-prod` are not.
    Name,
    /// The same below `refs/heads/` or `refs/tags/`.
    RefPath,
}

fn beginning(claim: &str) -> Option<Beginning> {
    match claim {
        "ref" | "environment" => Some(Beginning::Name),
        "ref_path" => Some(Beginning::RefPath),
        "ci_config_ref_uri" => Some(Beginning::HostAndSegment),
        "sub" => Some(Beginning::Segment),
        _ if claim.ends_with("_path") => Some(Beginning::Segment),
        _ => None,
    }
}

/// A pattern that leaves open how the value begins. In an issuer-wide row this is an error for paths of projects and
/// groups, which strangers can register.
pub(super) fn first_segment_wildcard(case: &Case<'_>) -> Vec<LintFinding> {
    let Some(allowing) = case.allowing() else { return Vec::new() };
    let everyone = allowing.mapping.scope.subject() == Subject::Everyone;
    let mut findings = Vec::new();
    for (claim, patterns) in allowing.rule.when.conditions.iter() {
        let Some(beginning) = beginning(claim.as_str()) else { continue };
        let severity = match beginning {
            Beginning::Segment | Beginning::HostAndSegment if everyone => Severity::Error,
            _ => Severity::Warning,
        };
        for pattern in patterns.iter().filter(|pattern| beginning.is_open(pattern.as_str())) {
            let why = format!("`{pattern}` leaves open how `{claim}` begins, so names that nobody thought of match");
            let remedy = "write the beginning out; one pattern for each if there are several";
            findings.push(case.at(
                &format!("conditions.{claim}"),
                (LintRule::FirstSegmentWildcard, severity),
                why,
                remedy,
            ));
        }
    }
    findings
}

impl Beginning {
    fn is_open(&self, pattern: &str) -> bool {
        let among_first = |segments| pattern.split('/').take(segments).any(|segment| segment.contains('*'));
        match self {
            Self::Segment => among_first(1),
            Self::HostAndSegment => among_first(2),
            Self::Name => pattern.starts_with('*'),
            Self::RefPath => {
                let name = ["refs/heads/", "refs/tags/"].iter().find_map(|prefix| pattern.strip_prefix(prefix));
                name.map_or(pattern.contains('*'), |name| name.starts_with('*'))
            }
        }
    }
}
