//! SARIF 2.1.0, as code scanners and editors read it.

use brevet_review::{LintRule, Severity};
use serde_json::{Value, json};

use super::located::Located;

pub(super) fn written(findings: &[Located]) -> Value {
    let rules: Vec<Value> = LintRule::ALL
        .iter()
        .map(|rule| json!({"id": rule.as_str(), "shortDescription": {"text": rule.summary()}}))
        .collect();
    let results: Vec<Value> = findings.iter().map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "brevet", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "results": results,
        }],
    })
}

fn result(located: &Located) -> Value {
    let finding = &located.finding;
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut location = json!({"logicalLocations": [{"fullyQualifiedName": located.row(), "kind": "resource"}]});
    if let (Some(place), Some(members)) = (&located.place, location.as_object_mut()) {
        members.insert(
            "physicalLocation".to_owned(),
            json!({
                "artifactLocation": {"uri": place.file.as_ref()},
                "region": {"startLine": place.line, "startColumn": place.column},
            }),
        );
    }
    json!({
        "ruleId": finding.rule.as_str(),
        "level": level,
        "message": {"text": format!("{}: {}. {}", located.row(), finding.why, finding.remedy)},
        "locations": [location],
        "partialFingerprints": {"brevet/v1": located.fingerprint()},
    })
}
