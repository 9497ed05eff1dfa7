//! GitLab's Code Quality report, shown beside the lines of a merge request.

use brevet_review::Severity;
use serde_json::{Value, json};

use super::located::Located;

pub(super) fn written(findings: &[Located]) -> Value {
    findings.iter().map(issue).collect()
}

fn issue(located: &Located) -> Value {
    let finding = &located.finding;
    let severity = match finding.severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Info => "info",
    };
    // GitLab wants a path for everything; a row of the table has none in the repository.
    let (path, line) =
        located.place.as_ref().map_or(("role-mapping-table", 1), |place| (place.file.as_ref(), place.line));
    json!({
        "description": format!("{}: {}. {}", located.row(), finding.why, finding.remedy),
        "check_name": finding.rule.as_str(),
        "fingerprint": located.fingerprint(),
        "severity": severity,
        "location": {"path": path.strip_prefix("./").unwrap_or(path), "lines": {"begin": line}},
    })
}
