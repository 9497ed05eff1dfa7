use brevet_policy::Subject;

use super::case::Case;
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;

/// Where a value begins, and how much of the beginning a pattern may leave open.
enum Beginning {
    /// A path or host: none of its first segment.
    Segment,
    /// A name people choose, below an optional `refs/heads/` or `refs/tags/`: `v*` is fine, `*` and `*-prod` are not.
    Name,
}

fn beginning(claim: &str) -> Option<Beginning> {
    match claim {
        "ref" | "ref_path" | "environment" => Some(Beginning::Name),
        "sub" | "ci_config_ref_uri" => Some(Beginning::Segment),
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
            Beginning::Segment if everyone => Severity::Error,
            Beginning::Segment | Beginning::Name => Severity::Warning,
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
        match self {
            Self::Segment => pattern.split('/').next().is_some_and(|first| first.contains('*')),
            Self::Name => {
                let name = ["refs/heads/", "refs/tags/"].iter().find_map(|prefix| pattern.strip_prefix(prefix));
                name.unwrap_or(pattern).starts_with('*') || pattern.starts_with("refs/*")
            }
        }
    }
}
