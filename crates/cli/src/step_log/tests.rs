//! The log of a step against a CloudWatch that fails, through the real SDK.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::fake_cloudwatch::{FakeCloudWatch, Fault, GROUP, credentials};
use super::transcript::Transcript;
use super::*;
use crate::test_support::session_body;

const STREAM: &str = "4711/990001/5550001";
const THROTTLED: Fault = Fault::Error(400, "ThrottlingException");
const BROKEN: Fault = Fault::Error(500, "InternalFailure");
const DENIED: Fault = Fault::Error(400, "AccessDeniedException");

async fn open(fake: &FakeCloudWatch, group: &str, flush: Duration) -> Result<StepLog, Failure> {
    let session = SessionCredentials::parse(&session_body(3_600)).unwrap();
    let environment = fake.environment();
    let command = ["npx", "cdk", "deploy"].map(OsString::from);
    let step = Step { session: &session, command: &command, environment: &environment };
    let options = LogOptions { group: group.to_owned(), region: None, flush };
    StepLog::open(options, step, credentials(), Arc::new(Redactor::default())).await
}

/// What the command would write.
fn write(log: &StepLog, lines: u64) {
    let mut transcript = Transcript::new(Arc::clone(&log.redactor));
    for number in 0..lines {
        for line in transcript.feed(format!("line {number}\n").as_bytes()) {
            log.outbox.write(|queue| queue.push(tap::now(), Stream::Stdout, &line));
        }
    }
}

async fn finish(log: StepLog) -> (Completeness, Duration) {
    let began = Instant::now();
    let completeness = log.finish(Ending::ExitCode(0)).await;
    (completeness, began.elapsed())
}

fn outputs(events: &[Value]) -> usize {
    events.iter().filter(|event| event["event"] == "output").count()
}

#[tokio::test]
async fn nothing_begins_without_a_first_event() {
    let cases = [
        (DENIED, "log_denied", 77),
        (Fault::Error(400, "UnrecognizedClientException"), "log_denied", 77),
        (Fault::Error(400, "ExpiredTokenException"), "log_denied", 77),
        (THROTTLED, "log_unavailable", 75),
        (BROKEN, "log_unavailable", 75),
        (Fault::Error(503, "ServiceUnavailableException"), "log_unavailable", 75),
        (Fault::Error(400, "InvalidParameterException"), "log_invalid", 78),
    ];
    for (fault, code, exit_code) in cases {
        for operation in ["PutLogEvents", "CreateLogStream"] {
            let fake = FakeCloudWatch::start().await;
            fake.fail_for_ever(operation, fault.clone());
            let failure = open(&fake, GROUP, Duration::ZERO).await.err().unwrap();
            assert_eq!((failure.code(), failure.exit_code()), (code, exit_code), "{operation} {fault:?}");
        }
    }
    let fake = FakeCloudWatch::start().await;
    let failure = open(&fake, "/brevet/nowhere", Duration::ZERO).await.err().unwrap();
    assert_eq!((failure.code(), failure.exit_code()), ("log_group_missing", 78));
    assert!(!fake.calls().contains(&"CreateLogGroup".to_owned()));
}

#[tokio::test]
async fn the_first_step_of_a_job_makes_its_stream_and_others_append() {
    let fake = FakeCloudWatch::start().await;
    for _ in 0..2 {
        let log = open(&fake, GROUP, Duration::from_secs(5)).await.unwrap();
        write(&log, 3);
        assert_eq!(finish(log).await.0, Completeness::Complete);
    }
    let kinds: Vec<_> = fake.events(STREAM).iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds.join(" "), "start output output output end start output output output end");
    assert_eq!(fake.calls().iter().filter(|call| *call == "CreateLogStream").count(), 1);
}

#[tokio::test]
async fn two_steps_that_begin_at_once_share_the_stream() {
    let fake = FakeCloudWatch::start().await;
    fake.fail("CreateLogStream", [Fault::Slow(Duration::from_millis(100)), Fault::Slow(Duration::from_millis(100))]);
    let (one, other) = tokio::join!(open(&fake, GROUP, Duration::ZERO), open(&fake, GROUP, Duration::ZERO));
    assert!(one.is_ok() && other.is_ok());
}

#[tokio::test]
async fn faults_that_pass_cost_no_line() {
    for fault in [THROTTLED, BROKEN, DENIED, Fault::Error(400, "ResourceNotFoundException")] {
        let fake = FakeCloudWatch::start().await;
        let log = open(&fake, GROUP, Duration::from_secs(20)).await.unwrap();
        fake.fail_for_ever("PutLogEvents", fault);
        write(&log, 30_000);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        fake.recover();
        assert_eq!(finish(log).await.0, Completeness::Complete);
        let events = fake.events(STREAM);
        let sequence: Vec<u64> = events.iter().filter_map(|event| event["sequence"].as_u64()).collect();
        assert_eq!(sequence, (1..=30_000).collect::<Vec<_>>());
        assert_eq!(events.last().unwrap()["missing"], 0);
    }
}

#[tokio::test]
async fn a_lost_answer_doubles_lines_and_loses_none() {
    let fake = FakeCloudWatch::start().await;
    let log = open(&fake, GROUP, Duration::from_secs(10)).await.unwrap();
    fake.fail("PutLogEvents", [Fault::LostAnswer]);
    write(&log, 2);
    assert_eq!(finish(log).await.0, Completeness::Complete);
    let sequence: Vec<u64> = fake.events(STREAM).iter().filter_map(|event| event["sequence"].as_u64()).collect();
    assert_eq!(sequence, [1, 2, 1, 2]);
}

#[tokio::test]
async fn the_command_never_waits_for_cloudwatch() {
    let fake = FakeCloudWatch::start().await;
    let log = open(&fake, GROUP, Duration::from_millis(100)).await.unwrap();
    fake.fail_for_ever("PutLogEvents", Fault::Slow(Duration::from_secs(60)));
    let began = Instant::now();
    write(&log, 50_000);
    assert!(began.elapsed() < Duration::from_secs(20));
    let (completeness, waited) = finish(log).await;
    assert_eq!(completeness, Completeness::Incomplete);
    assert!(waited < Duration::from_secs(8), "{waited:?}");
}

#[tokio::test]
async fn what_is_missing_is_said_in_the_last_event() {
    let fake = FakeCloudWatch::start().await;
    let log = open(&fake, GROUP, Duration::from_millis(300)).await.unwrap();
    // The batch is slow, the last event is not.
    fake.fail("PutLogEvents", [Fault::Slow(Duration::from_secs(5))]);
    write(&log, 7);
    assert_eq!(finish(log).await.0, Completeness::Incomplete);
    let events = fake.events(STREAM);
    let last = events.last().unwrap();
    assert_eq!((outputs(&events), &last["event"], last["missing"].as_u64()), (0, &Value::from("end"), Some(7)));
    assert_eq!((last["exit_code"].as_i64(), last["lines"].as_u64()), (Some(0), Some(7)));
}

#[tokio::test]
async fn a_right_that_is_taken_away_ends_the_log_and_not_the_patience_of_the_job() {
    let fake = FakeCloudWatch::start().await;
    let log = open(&fake, GROUP, Duration::from_secs(600)).await.unwrap();
    fake.fail_for_ever("PutLogEvents", DENIED);
    write(&log, 7);
    let (completeness, waited) = finish(log).await;
    assert_eq!(completeness, Completeness::Incomplete);
    assert!(waited < Duration::from_secs(10), "{waited:?}");
}

#[tokio::test]
async fn events_that_cloudwatch_never_takes_do_not_hold_up_the_others() {
    let fake = FakeCloudWatch::start().await;
    let log = open(&fake, GROUP, Duration::from_secs(10)).await.unwrap();
    fake.fail("PutLogEvents", [Fault::Error(400, "InvalidParameterException")]);
    write(&log, 7);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    write(&log, 2);
    assert_eq!(finish(log).await.0, Completeness::Incomplete);
    let events = fake.events(STREAM);
    assert_eq!((outputs(&events), events.last().unwrap()["missing"].as_u64()), (2, Some(7)));
}

#[tokio::test]
async fn output_is_there_before_the_command_is_over() {
    let fake = FakeCloudWatch::start().await;
    let log = open(&fake, GROUP, Duration::ZERO).await.unwrap();
    write(&log, 1);
    let began = Instant::now();
    while outputs(&fake.events(STREAM)) == 0 {
        assert!(began.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
