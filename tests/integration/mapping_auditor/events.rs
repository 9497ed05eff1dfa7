//! Every sample event, and what is counted of it.

use brevet_tests::events::sample_events;

use super::{audit, sample};

/// The event, the changes in it, and the further metrics it gives.
const EVENTS: [(&str, usize, &[&str]); 13] = [
    ("broken-by-hand", 1, &["InvalidMappingWritten"]),
    ("confidential", 2, &["InvalidMappingWritten", "MappingWidened"]),
    ("created", 1, &["MappingWidened"]),
    ("deny-removed", 1, &["DenyRowRemoved", "MappingWidened"]),
    ("deny-switched-off", 1, &["DenyRowRemoved", "MappingWidened"]),
    ("empty", 0, &[]),
    ("expired-by-time-to-live", 1, &["DenyRowRemoved", "MappingWidened"]),
    ("freeze-and-unfreeze", 2, &["DenyRowRemoved", "FreezeInForce", "MappingWidened"]),
    ("not-a-stream", 0, &[]),
    ("poison-among-others", 2, &["MappingWidened", "PoisonRecord"]),
    ("removed", 1, &[]),
    ("temporary-access", 1, &["MappingWidened", "TemporaryAccessGiven"]),
    ("widened", 1, &["MappingWidened"]),
];

const METRICS: [&str; 6] = [
    "InvalidMappingWritten",
    "DenyRowRemoved",
    "MappingWidened",
    "TemporaryAccessGiven",
    "FreezeInForce",
    "PoisonRecord",
];

#[test]
fn every_sample_event_is_audited_by_a_test() {
    assert_eq!(sample_events("mapping-auditor"), EVENTS.map(|(event, ..)| event));
}

#[test]
fn every_sample_event_gives_its_lines_and_metrics() {
    for (event, changes, metrics) in EVENTS {
        let audited = audit(&sample(event));
        assert_eq!(audited.of_kind("mapping_changed").len(), changes, "{event}");
        assert_eq!(audited.metric("MappingsChanged").len(), changes, "{event}");
        for metric in METRICS {
            assert_eq!(!audited.metric(metric).is_empty(), metrics.contains(&metric), "{event}: {metric}");
        }
    }
}

#[test]
fn a_freeze_is_in_force_until_its_row_is_gone() {
    assert_eq!(audit(&sample("freeze-and-unfreeze")).metric("FreezeInForce"), [1.0, 0.0]);
}
