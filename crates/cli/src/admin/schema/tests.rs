use std::fs;
use std::path::PathBuf;

use brevet_review::{LintOptions, lint};

use super::*;
use crate::admin::files::FileRows;

/// 2026-11-22.
const NOW: u64 = 1_795_305_600;

fn mappings() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../mappings")
}

#[test]
fn the_published_schema_is_this_one() {
    let published: Value = serde_json::from_str(&fs::read_to_string(mappings().join("schema.json")).unwrap()).unwrap();
    assert!(published == schema(), "write it anew: brevet mappings schema > mappings/schema.json");
}

#[test]
fn knows_every_attribute_and_claim_but_what_apply_writes() {
    let schema = schema();
    let properties = schema["definitions"]["row"]["properties"].as_object().unwrap();
    for name in attributes() {
        assert_ne!(properties.contains_key(name), BOOKKEEPING.contains(&name), "{name}");
    }
    let claims = schema["definitions"]["conditions"]["properties"].as_object().unwrap();
    assert!(ClaimName::all().all(|claim| claims.contains_key(claim.as_str())));
    assert!(!claims.contains_key("aud") && !claims.contains_key("groups_direct"));
}

#[test]
fn nothing_is_to_be_said_against_the_examples_but_what_they_say_themselves() {
    let examples = mappings().join("examples");
    let files: Vec<PathBuf> = fs::read_dir(&examples).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 7, "{files:?}");
    for file in &files {
        let rows = FileRows::read_valid(std::slice::from_ref(file)).unwrap().rows();
        assert!(!rows.is_empty());
        let found: Vec<&str> =
            lint(&rows, &LintOptions::default(), NOW).iter().map(|finding| finding.rule.as_str()).collect();
        // Merge requests run on branches that nobody protects: the example is there to say so.
        let expected: &[&str] = if file.ends_with("merge-request-diff.yaml") { &["unprotected-ref"] } else { &[] };
        assert_eq!(found, expected, "{}", file.display());
        let text = fs::read_to_string(file).unwrap();
        assert!(text.starts_with("# yaml-language-server: $schema=../schema.json\n"), "{}", file.display());
    }
    FileRows::read_valid(&[examples]).unwrap();
}
