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

/// Puts these values of `Authorization` headers where API Gateway would put them in an event that has one: each by itself
/// in `multiValueHeaders`, the last of them in the `headers` beside, and joined by commas everywhere else.
pub fn set_authorization(event: &mut Value, values: &[String]) {
    let joined = (!values.is_empty()).then(|| Value::from(values.join(",")));
    let has_lists = event.get("multiValueHeaders").is_some_and(Value::is_object);
    let single = if has_lists { values.last().cloned().map(Value::from) } else { joined.clone() };
    let list = (!values.is_empty()).then(|| Value::from(values));
    set_header(event.get_mut("headers"), single);
    set_header(event.get_mut("multiValueHeaders"), list);
    for name in ["authorizationToken", "identitySource"] {
        match event.get_mut(name) {
            Some(Value::Array(items)) => *items = joined.iter().cloned().collect(),
            Some(text) => *text = joined.clone().unwrap_or_else(|| Value::from("")),
            None => {}
        }
    }
}

fn set_header(headers: Option<&mut Value>, value: Option<Value>) {
    let Some(Value::Object(headers)) = headers else { return };
    let name = headers.keys().find(|name| name.eq_ignore_ascii_case("authorization")).cloned();
    let name = name.expect("the sample event has an `Authorization` header");
    match value {
        Some(value) => drop(headers.insert(name, value)),
        None => drop(headers.remove(&name)),
    }
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
