use serde_json::Value;

use super::*;
use crate::admin::files::tests::Folder;

const ROWS: &str = "\
- scope: gitlab.example.com/project/4711
  name: deploy
  role_arn: arn:aws:iam::111122223333:role/brevet/x
  conditions: {ref_protected: true, ref: main}
- scope: gitlab.example.com/project/4711
  name: diff
  role_arn: arn:aws:iam::111122223333:role/brevet/x
  conditons: {ref_protected: true}
  allow_unprotected: true
- scope: gitlab.example.com/project/4711
  name: diff
";

fn findings(name: &str) -> (Vec<Located>, Folder) {
    let folder = Folder::new(name, &[("rows.yaml", ROWS)]);
    let files = folder.read_any();
    (located::in_files(lint(&files.rows(), &LintOptions::default(), 1_795_305_600), &files), folder)
}

#[test]
fn every_finding_of_a_file_has_its_line_and_the_second_of_two_alike_its_own() {
    let (findings, _folder) = findings("lint-places");
    let line = |rule: &str, attribute: &str| -> Vec<usize> {
        let of_rule = findings.iter().filter(|located| {
            located.finding.rule.as_str() == rule && located.finding.attribute.as_deref() == Some(attribute)
        });
        of_rule.map(|located| located.place.as_ref().unwrap().line).collect()
    };
    assert_eq!(line("invalid-row", "conditons"), [8]);
    assert_eq!(line("duplicate-key", "name"), [6, 11]);
    assert_eq!(line("no-owner", "owner"), [1]);
    let misspelt = findings.iter().find(|located| located.finding.attribute.as_deref() == Some("conditons")).unwrap();
    assert!(misspelt.finding.remedy.starts_with("did you mean `conditions`?"), "{:?}", misspelt.finding);
}

#[test]
fn writes_what_gitlab_and_code_scanners_read() {
    let (findings, _folder) = findings("lint-formats");
    let report: Value = serde_json::from_str(&written(&findings, Format::CodeQuality, Colours::NONE)).unwrap();
    let issues = report.as_array().unwrap();
    let mut fingerprints: Vec<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    for issue in issues {
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0, "{issue}");
        assert!(["critical", "minor", "info"].contains(&issue["severity"].as_str().unwrap()), "{issue}");
        assert!(!issue["description"].as_str().unwrap().is_empty() && issue["check_name"].is_string(), "{issue}");
    }
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), issues.len(), "GitLab drops all but one of those with the same fingerprint");

    let sarif: Value = serde_json::from_str(&written(&findings, Format::Sarif, Colours::NONE)).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let rules: Vec<&Value> =
        sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        assert!(rules.contains(&&result["ruleId"]), "{result}");
        assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].is_u64(), "{result}");
    }
}

#[test]
fn fails_on_what_it_is_told_to_fail_on() {
    let fails = |fail_on: FailOn| [Severity::Error, Severity::Warning, Severity::Info].map(|one| fail_on.includes(one));
    assert_eq!(fails(FailOn::Error), [true, false, false]);
    assert_eq!(fails(FailOn::Warning), [true, true, false]);
    assert_eq!(fails(FailOn::Info), [true, true, true]);
    assert_eq!(fails(FailOn::Never), [false, false, false]);
}
