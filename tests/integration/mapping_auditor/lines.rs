//! What the line of a change says, and what it keeps to itself.

use serde_json::{Value, json};

use super::{Audited, CONFIDENTIAL, audit, sample};

fn only_change(audited: &Audited) -> &Value {
    let changes = audited.of_kind("mapping_changed");
    assert_eq!(changes.len(), 1);
    changes[0]
}

#[test]
fn shows_no_value_that_is_confidential_or_might_be_and_is_misspelt() {
    let audited = audit(&sample("confidential"));
    let logged = serde_json::to_string(&audited.lines).expect("lines are JSON");
    assert!(!logged.contains(CONFIDENTIAL), "{logged}");
    let changes = audited.of_kind("mapping_changed");
    assert_eq!(changes[0]["new"]["external_id"], "(not shown)");
    assert_eq!(changes[1]["new"]["externalid"], "(not shown)");
}

#[test]
fn names_every_fault_of_a_row_that_was_broken_by_hand() {
    let audited = audit(&sample("broken-by-hand"));
    let line = only_change(&audited);
    assert_eq!((&line["reading"], &line["change"]), (&json!("invalid"), &json!("changed")));
    assert_eq!(line["faults"][0]["attribute"], "conditions.reff");
    assert_eq!(line["lint"][0]["rule"], "invalid-row");
    assert_eq!(line["old"]["conditions"]["ref"], json!(["main"]));
    assert_eq!(line["new"]["conditions"]["reff"], json!(["main"]));
}

#[test]
fn says_what_a_change_means_attribute_by_attribute() {
    let audited = audit(&sample("widened"));
    let line = only_change(&audited);
    assert_eq!(line["meaning"], "widens");
    let of_ref =
        line["attributes"].as_array().into_iter().flatten().find(|change| change["attribute"] == "conditions.ref");
    let of_ref = of_ref.expect("the condition that changed is listed");
    assert_eq!((&of_ref["meaning"], &of_ref["old"]), (&json!("widens"), &json!(["main"])));
    assert!(
        line["sentence"].as_str().is_some_and(|words| words.contains("`ref`") && words.contains("release/*")),
        "{line}"
    );
}

#[test]
fn ties_a_change_to_its_key_its_record_and_its_reference() {
    let audited = audit(&sample("created"));
    let line = only_change(&audited);
    for (member, value) in [
        ("function", "mapping-auditor"),
        ("change", "created"),
        ("scope", "gitlab.example.com/project/4711"),
        ("name", "deploy"),
        ("reading", "valid"),
        ("changed_at", "2026-11-22T00:00:00Z"),
        ("event_id", "00000000000000000000000000000001"),
        ("sequence_number", "111000000000000000001"),
        ("updated_by", "mara@nordwind.example"),
        ("change_ref", "nordwind/platform/brevet-mappings!118"),
    ] {
        assert_eq!(line[member], value, "{member}");
    }
    assert!(line.get("old").is_none() && line.get("faults").is_none() && line.get("principal").is_none(), "{line}");
}

#[test]
fn says_of_a_row_that_is_gone_what_it_was_and_not_who_wrote_it() {
    let audited = audit(&sample("removed"));
    let line = only_change(&audited);
    assert_eq!(line["old"]["duration_seconds"], 3600);
    for member in ["new", "reading", "updated_by", "change_ref"] {
        assert!(line.get(member).is_none(), "{member}");
    }
}

#[test]
fn says_when_dynamodb_itself_removed_a_row() {
    let audited = audit(&sample("expired-by-time-to-live"));
    assert_eq!(only_change(&audited)["principal"], "dynamodb.amazonaws.com");
}

#[test]
fn stays_one_line_that_can_be_read_however_long_the_row_is() {
    for (attribute, leaves_out) in [("description", "old"), ("updated_by", "change_ref")] {
        let mut event = sample("widened");
        for image in ["OldImage", "NewImage"] {
            event["Records"][0]["dynamodb"][image][attribute] = json!({"S": "x".repeat(390_000)});
        }
        event["Records"][0]["dynamodb"]["NewImage"]["change_ref"] = json!({"S": "x".repeat(390_000)});
        let audited = audit(&event);
        let line = only_change(&audited);
        assert!(serde_json::to_string(line).expect("lines are JSON").len() < 256_000);
        assert!(line["left_out"].as_array().expect("says what is missing").contains(&json!(leaves_out)), "{attribute}");
        assert_eq!(line["name"], "deploy");
    }
}
