use std::sync::Arc;

use serde_json::Value;

use super::super::redaction::Redactor;
use super::super::transcript::Transcript;
use super::*;

fn queue(memory_bytes: usize, spool_bytes: u64) -> Queue {
    let step = format!("{:p}-{memory_bytes}-{spool_bytes}", &memory_bytes);
    Queue::new(&step, Limits { memory_bytes, spool_bytes, spool_folder: std::env::temp_dir() })
}

fn push(queue: &mut Queue, now: i64, text: &str) {
    let mut transcript = Transcript::new(Arc::new(Redactor::default()));
    for line in transcript.feed(format!("{text}\n").as_bytes()) {
        queue.push(now, Stream::Stdout, &line);
    }
}

fn drain(queue: &mut Queue) -> Vec<Vec<Record>> {
    std::iter::from_fn(|| Some(queue.take_batch()).filter(|batch| !batch.is_empty())).collect()
}

fn member<'a>(records: impl IntoIterator<Item = &'a Record>, name: &str) -> Vec<u64> {
    let each = records.into_iter().map(|record| serde_json::from_str::<Value>(&record.message).unwrap());
    each.filter_map(|event| event[name].as_u64()).collect()
}

#[test]
fn no_batch_is_larger_than_cloudwatch_takes() {
    let mut queue = queue(64 * 1024 * 1024, 0);
    for number in 0..25_000 {
        push(&mut queue, 1_000, &"x".repeat(if number < 12_000 { 1 } else { 1_000 }));
    }
    let batches = drain(&mut queue);
    for batch in &batches {
        assert!(batch.len() <= 10_000);
        assert!(batch.iter().map(|record| record.message.len() + 26).sum::<usize>() <= 1_048_576);
    }
    assert!(batches.len() < 20, "{}", batches.len());
    assert_eq!(member(batches.iter().flatten(), "sequence"), (1..=25_000).collect::<Vec<_>>());
}

#[test]
fn a_batch_spans_less_than_a_day_and_never_goes_back_in_time() {
    let mut queue = queue(1_000_000, 0);
    let hour = 60 * 60 * 1_000;
    for now in [10, 9, 1, 12, 23 * hour, 25 * hour, 24 * hour, 60 * hour] {
        push(&mut queue, now, "line");
    }
    let times: Vec<Vec<i64>> =
        drain(&mut queue).iter().map(|batch| batch.iter().map(|record| record.timestamp).collect()).collect();
    assert_eq!(times, [vec![10, 10, 10, 12, 23 * hour], vec![25 * hour, 25 * hour], vec![60 * hour]]);
}

#[test]
fn what_does_not_fit_into_memory_comes_back_from_the_spool_in_order() {
    let mut queue = queue(2_000, 10_000_000);
    let mut seen = Vec::new();
    for round in 0..20 {
        for number in 0..500 {
            push(&mut queue, round, &format!("{round}-{number}"));
        }
        assert!(queue.memory_bytes <= 2_000 + 200 && queue.has_much());
        seen.extend(queue.take_batch());
    }
    seen.extend(drain(&mut queue).into_iter().flatten());
    assert_eq!(member(&seen, "sequence"), (1..=10_000).collect::<Vec<_>>());
    assert!(queue.memory_bytes == 0 && !queue.has_much());
}

#[test]
fn what_fits_nowhere_is_counted_where_it_is_missing() {
    let mut queue = queue(2_000, 20_000);
    for _ in 0..1_000 {
        push(&mut queue, 1, "first");
    }
    let first: Vec<Record> = drain(&mut queue).into_iter().flatten().collect();
    push(&mut queue, 2, "second");
    let second: Vec<Record> = drain(&mut queue).into_iter().flatten().collect();

    let kept = first.len() as u64;
    assert!((100..500).contains(&kept), "{kept}");
    assert_eq!(member(&second, "lines"), [1_000 - kept]);
    assert_eq!(member(&second, "sequence"), [1_001]);
    assert_eq!(second.iter().map(|record| record.lines).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(queue.lines(), 1_001);
}

#[test]
fn an_event_that_no_batch_can_hold_counts_as_missing() {
    let mut queue = queue(8 * 1024 * 1024, 0);
    let text = Redactor::default().redact(&"x".repeat(1_048_576));
    queue.push(1, Stream::Stdout, &Line { text, continues: false });
    assert!(queue.take_batch().is_empty());
    push(&mut queue, 2, "line");
    assert_eq!(member(&drain(&mut queue)[0], "lines"), [1]);
}

#[test]
fn a_spool_that_cannot_be_made_costs_lines_and_not_the_command() {
    let limits = Limits { memory_bytes: 500, spool_bytes: 1_000, spool_folder: "/no/such/folder".into() };
    let mut queue = Queue::new("step", limits);
    for _ in 0..10 {
        push(&mut queue, 1, "line");
    }
    let kept = drain(&mut queue).iter().map(Vec::len).sum::<usize>();
    assert!((1..10).contains(&kept), "{kept}");
    push(&mut queue, 2, "line");
    assert_eq!(member(&drain(&mut queue)[0], "lines"), [10 - kept as u64]);
}
