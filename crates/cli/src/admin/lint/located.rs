use std::collections::HashMap;

use brevet_review::LintFinding;

use crate::admin::files::{FileRow, FileRows, Place, nearest};
use crate::admin::row_key::row_key;

/// A finding and where it is, if it is in a file.
#[derive(Debug, serde::Serialize)]
pub(super) struct Located {
    #[serde(flatten)]
    pub(super) finding: LintFinding,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<Place>,
    /// The how manieth of those that are alike, in rows of the same key.
    #[serde(skip)]
    turn: usize,
}

pub(super) fn in_table(findings: Vec<LintFinding>) -> Vec<Located> {
    findings.into_iter().map(|finding| Located { finding: suggesting(finding), place: None, turn: 0 }).collect()
}

/// Findings come row by row. Where several rows have one key, what is found a second time is in the next of them.
pub(super) fn in_files(findings: Vec<LintFinding>, files: &FileRows) -> Vec<Located> {
    let mut rows: HashMap<(String, String), Vec<&FileRow>> = HashMap::new();
    for row in files.iter() {
        rows.entry(row_key(row.row())).or_default().push(row);
    }
    let mut seen: HashMap<(String, String, &str, Option<String>), usize> = HashMap::new();
    let mut locate = |finding: LintFinding| {
        let key = (finding.scope.clone(), finding.name.clone());
        let what = (key.0.clone(), key.1.clone(), finding.rule.as_str(), finding.attribute.clone());
        let turn = seen.entry(what).or_default();
        *turn += 1;
        let row = rows.get(&key).and_then(|rows| rows.get(*turn - 1).or(rows.last()));
        let place = row.map(|row| row.place_of(finding.attribute.as_deref().unwrap_or_default()));
        Located { finding: suggesting(finding), place, turn: *turn }
    };
    findings.into_iter().map(&mut locate).collect()
}

fn suggesting(mut finding: LintFinding) -> LintFinding {
    if let Some(name) = finding.attribute.as_deref().and_then(nearest) {
        finding.remedy = format!("did you mean `{name}`? {}", finding.remedy);
    }
    finding
}

impl Located {
    /// What makes this finding the same in another run, wherever the row has moved to.
    pub(super) fn fingerprint(&self) -> String {
        let LintFinding { rule, scope, name, attribute, why, .. } = &self.finding;
        let turn = self.turn.to_string();
        let text = [rule.as_str(), scope, name, attribute.as_deref().unwrap_or_default(), why, &turn].join("\n");
        crate::admin::hex::of_sha256(text.as_bytes())
    }

    pub(super) fn row(&self) -> String {
        format!("{} of {}", self.finding.name, self.finding.scope)
    }
}
