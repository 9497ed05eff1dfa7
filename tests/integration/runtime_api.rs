//! The Lambda Runtime API that other measurements rest on: what it promises of a process, also of one that misbehaves.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use brevet_tests::runtime_api::{Bootstrap, Environment, InvokeError, Line, Output, StartError};
use serde_json::{Value, json};

fn scripted() -> Bootstrap {
    Bootstrap::new(env!("CARGO_BIN_EXE_scripted-function")).name("scripted")
}

async fn answer(environment: &mut Environment, script: Value) -> Result<String, InvokeError> {
    let answer = environment.invoke(script.to_string()).await.answer;
    answer.map(|bytes| String::from_utf8(bytes.to_vec()).expect("the scripts answer text"))
}

#[tokio::test]
async fn tells_an_error_before_the_first_event_from_an_end_without_a_word() {
    let failed = scripted().variable("INIT", "fail").start().await.unwrap_err();
    let StartError::Init(error) = failed else { panic!("{failed}") };
    assert_eq!((error.kind.as_str(), &error.body[..]), ("Runtime.Scripted", &br#"{"errorType":"Scripted"}"#[..]));

    let failed = scripted().variable("INIT", "exit").start().await.unwrap_err();
    let StartError::Exited { status, lines } = failed else { panic!("{failed}") };
    assert_eq!((status.code(), lines), (Some(7), vec!["told to exit".to_owned()]));
}

#[tokio::test]
async fn gives_up_on_a_program_that_never_asks_for_an_event_or_is_not_there() {
    let silent = Bootstrap::new("/bin/sleep").argument("60").timeout(Duration::from_millis(200));
    assert!(matches!(silent.start().await, Err(StartError::TimedOut(_))));
    assert!(matches!(Bootstrap::new("/no/such/bootstrap").start().await, Err(StartError::Spawn { .. })));
}

#[tokio::test]
async fn tells_a_reported_error_from_a_crash_and_a_crash_from_silence() {
    let mut environment = scripted().start().await.unwrap();
    let failed = answer(&mut environment, json!({"fail": "Scripted.Error"})).await.unwrap_err();
    assert!(matches!(failed, InvokeError::Function(error) if error.kind == "Scripted.Error"));
    assert_eq!(answer(&mut environment, json!({"answer": "still here"})).await.unwrap(), r#""still here""#);
    for _ in 0..2 {
        let failed = answer(&mut environment, json!({"exit": 3})).await.unwrap_err();
        assert!(matches!(failed, InvokeError::Exited(status) if status.code() == Some(3)), "{failed}");
    }

    let mut environment = scripted().timeout(Duration::from_millis(300)).start().await.unwrap();
    assert!(matches!(answer(&mut environment, json!("hang")).await, Err(InvokeError::TimedOut(_))));
    assert!(matches!(answer(&mut environment, json!({"answer": 1})).await, Err(InvokeError::Exited(_))));
}

#[tokio::test]
async fn takes_an_answer_as_large_as_lambda_does_and_no_larger() {
    const LIMIT: usize = 6 * 1024 * 1024;
    let mut environment = scripted().start().await.unwrap();
    assert_eq!(answer(&mut environment, json!({"answer_bytes": LIMIT})).await.unwrap().len(), LIMIT);
    let failed = answer(&mut environment, json!({"answer_bytes": LIMIT + 1})).await.unwrap_err();
    assert!(matches!(failed, InvokeError::Function(error) if error.kind == "Function.ResponseSizeTooLarge"));
}

#[tokio::test]
async fn gives_the_process_the_variables_of_lambda_and_the_callers_and_no_others() {
    let mut environment = scripted().variable("TASTE", "umami").start().await.unwrap();
    let names = answer(&mut environment, json!({"variable": null})).await.unwrap();
    let mut names: Vec<String> = serde_json::from_str(&names).unwrap();
    names.retain(|name| !name.starts_with("AWS_LAMBDA_"));
    assert_eq!(names, ["TASTE"]);
    assert_eq!(answer(&mut environment, json!({"variable": "AWS_LAMBDA_FUNCTION_NAME"})).await.unwrap(), "scripted");
    assert_eq!(answer(&mut environment, json!({"variable": "TASTE"})).await.unwrap(), "umami");
}

#[tokio::test]
async fn keeps_every_line_or_gives_it_to_whoever_wants_it() {
    let expected = [(Output::Stderr, "salt, aside"), (Output::Stdout, "salt")];
    let texts = |mut lines: Vec<Line>| {
        lines.sort_by_key(|line| line.output == Output::Stdout);
        lines.into_iter().map(|line| (line.output, line.text)).collect::<Vec<_>>()
    };
    let expected: Vec<_> = expected.map(|(output, text)| (output, text.to_owned())).into();

    let mut environment = scripted().start().await.unwrap();
    answer(&mut environment, json!({"say": "salt"})).await.unwrap();
    assert_eq!(texts(environment.stop().await.1), expected);

    let given = Arc::new(Mutex::new(Vec::new()));
    let take = Arc::clone(&given);
    let mut environment = scripted().on_line(move |line| take.lock().unwrap().push(line)).start().await.unwrap();
    answer(&mut environment, json!({"say": "salt"})).await.unwrap();
    assert_eq!(environment.stop().await.1, []);
    assert_eq!(texts(given.lock().unwrap().clone()), expected);
}

#[tokio::test]
async fn runs_environments_side_by_side_and_ends_each_with_its_owner() {
    let function = scripted();
    let (mut first, mut second) = (function.start().await.unwrap(), function.start().await.unwrap());
    assert_ne!(first.process_id(), second.process_id());
    let (one, two) =
        tokio::join!(first.invoke(json!({"answer": 1}).to_string()), second.invoke(json!({"answer": 2}).to_string()));
    assert_eq!((&one.answer.unwrap()[..], &two.answer.unwrap()[..]), (&b"1"[..], &b"2"[..]));
    assert_ne!(one.request_id, two.request_id);

    let process = format!("/proc/{}", first.process_id());
    drop(first);
    for _ in 0..200 {
        if !std::path::Path::new(&process).exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!std::path::Path::new(&process).exists(), "it outlived its owner");
    assert_eq!(answer(&mut second, json!({"answer": 3})).await.unwrap(), "3");
}

#[tokio::test]
async fn measures_the_start_each_answer_and_the_process() {
    let mut environment = scripted().start().await.unwrap();
    assert!(environment.init_duration() > Duration::ZERO);
    let duration = environment.invoke(json!({"answer": 1}).to_string()).await.duration;
    assert!(duration > Duration::ZERO && duration < Duration::from_secs(10), "{duration:?}");
    let usage = environment.usage().unwrap();
    assert!(usage.resident > 0 && usage.resident <= usage.peak, "{usage:?}");
}
