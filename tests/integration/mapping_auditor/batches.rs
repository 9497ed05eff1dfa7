//! What Lambda is told of a batch: what may succeed the next time is tried again, and nothing else is.

use brevet_mapping_auditor::NotAStreamEvent;
use serde_json::json;

use super::{audit, audit_with_room_for, sample};
use crate::mangled_events::mangled;

#[test]
fn a_record_that_cannot_be_read_holds_up_none_behind_it() {
    let audited = audit(&sample("poison-among-others"));
    assert_eq!(audited.answer, Ok(json!({"batchItemFailures": []})));
    let changes: Vec<_> = audited.of_kind("mapping_changed").iter().map(|line| line["change"].clone()).collect();
    assert_eq!(changes, ["created", "changed"]);
}

#[test]
fn a_record_that_cannot_be_read_is_told_with_its_key_and_number() {
    let audited = audit(&sample("poison-among-others"));
    let poison = audited.of_kind("poison_record");
    assert_eq!(poison.len(), 4);
    assert_eq!(audited.metric("PoisonRecord"), [1.0; 4]);
    assert_eq!(poison[0]["scope"], "gitlab.example.com/project/4711");
    assert_eq!(poison[0]["name"], "deploy");
    for line in &poison[..3] {
        assert!(line["sequence_number"].is_string() && line["event_id"].is_string(), "{line}");
        assert!(line["why"].is_string() && line.get("new").is_none(), "{line}");
    }
}

#[test]
fn lambda_comes_back_with_the_record_whose_line_could_not_be_written() {
    let event = sample("freeze-and-unfreeze");
    let number = |record: usize| event["Records"][record]["dynamodb"]["SequenceNumber"].clone();
    for (room, unwritten) in [(0, 0), (2, 1)] {
        let audited = audit_with_room_for(room, &event);
        assert_eq!(audited.answer, Ok(json!({"batchItemFailures": [{"itemIdentifier": number(unwritten)}]})), "{room}");
        assert_eq!(audited.lines.len(), room);
    }
}

#[test]
fn lambda_comes_back_with_the_whole_batch_where_the_record_has_no_number() {
    let audited = audit_with_room_for(0, &json!({"Records": [{}]}));
    assert_eq!(audited.answer, Ok(json!({"batchItemFailures": [{"itemIdentifier": ""}]})));
}

#[test]
fn an_event_from_somewhere_else_fails() {
    for event in [sample("not-a-stream"), json!(null), json!({"Records": {}})] {
        assert_eq!(audit(&event).answer, Err(NotAStreamEvent), "{event}");
    }
}

#[test]
fn no_record_however_mangled_holds_up_the_batch() {
    for case in ["created", "widened", "removed"] {
        let whole = sample(case);
        for (change, broken) in mangled(&whole["Records"][0]) {
            let audited = audit(&json!({"Records": [broken, whole["Records"][0]]}));
            assert_eq!(audited.answer, Ok(json!({"batchItemFailures": []})), "{change}");
            let (changes, poison) = (audited.of_kind("mapping_changed").len(), audited.of_kind("poison_record").len());
            assert!(changes >= 1 && changes + poison == 2, "{change}: {changes} and {poison}");
        }
    }
}
