//! Sample events of API Gateway, kept under `events/<function>/<case>.json` without any token in them.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

/// What stands in a sample event where a token belongs.
const PLACEHOLDER: &str = "{{token}}";

/// A sample event with its placeholders filled.
pub fn sample_event(function: &str, case: &str, token: &str) -> Value {
    let path = folder(function).join(format!("{case}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut event = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    fill(&mut event, token);
    event
}

/// Names of all sample events of a function, sorted.
pub fn sample_events(function: &str) -> Vec<String> {
    let files = fs::read_dir(folder(function)).expect("the function has sample events");
    let mut cases: Vec<String> = files
        .map(|file| file.expect("the folder can be read").path())
        .map(|path| path.file_stem().expect("a file has a name").to_string_lossy().into_owned())
        .collect();
    cases.sort_unstable();
    cases
}

fn folder(function: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../events")).join(function)
}

fn fill(value: &mut Value, token: &str) {
    match value {
        Value::String(text) => *text = text.replace(PLACEHOLDER, token),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, token)),
        Value::Object(members) => members.values_mut().for_each(|member| fill(member, token)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
