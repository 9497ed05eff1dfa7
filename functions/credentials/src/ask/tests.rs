use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::event::{BodyNotBase64, Origin};

const JSON: Option<&str> = Some("application/json");
/// Shaped like a token, and signed by nobody.
const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln";

/// Parameters of an address, each with its values.
type Pairs<'a> = &'a [(&'a str, &'a [&'a str])];

fn get(query: Pairs<'_>) -> Request {
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    Request {
        method: "GET".to_owned(),
        route: "/credentials".to_owned(),
        path_name: None,
        authorization: Vec::new(),
        content_type: None,
        query: query.iter().map(|(name, given)| ((*name).to_owned(), values(given))).collect(),
        body: Ok(None),
        authorizer: BTreeMap::new(),
        origin: Origin::default(),
    }
}

fn post(content_type: Option<&str>, body: &str) -> Request {
    Request {
        method: "POST".to_owned(),
        content_type: content_type.map(str::to_owned),
        body: Ok(Some(body.as_bytes().to_vec())),
        ..get(&[])
    }
}

fn refusal(request: &Request) -> String {
    match Ask::from_request(request) {
        Err(Failure::BadRequest(sentence)) => sentence,
        other => panic!("not a bad request: {other:?}"),
    }
}

#[test]
fn says_what_is_wrong_with_a_query() {
    let cases: &[(Pairs<'_>, &str)] = &[
        (&[("role", &["deploy", "other"])], "`role` is given more than once"),
        (&[("role", &["Deploy"])], "`role` is a mapping's name"),
        (&[("role", &[""])], "`role` is a mapping's name"),
        (&[("role", &["*"])], "`role` is a mapping's name"),
        (&[("role", &["arn:aws:iam::111122223333:role/x"])], "`role` is a mapping's name"),
        (&[("duration", &["900"])], "the only query parameters here are `role`, `duration_seconds`, `format`"),
        (&[("duration_seconds", &["1e3"])], "`duration_seconds` is a whole number"),
        (&[("duration_seconds", &["-900"])], "`duration_seconds` is a whole number"),
        (&[("duration_seconds", &["+900"])], "`duration_seconds` is a whole number"),
        (&[("duration_seconds", &[""])], "`duration_seconds` is a whole number"),
        (&[("duration_seconds", &["99999999999999999999"])], "`duration_seconds` is a whole number"),
        (&[("format", &["xml"])], "`format` is one of `json`, `env` and `dotenv`"),
        (&[("format", &["JSON"])], "`format` is one of"),
        (&[("session_policy", &["{}"])], "`session_policy` goes into the body of `POST /credentials`"),
    ];
    for (query, sentence) in cases {
        let said = refusal(&get(query));
        assert!(said.contains(sentence), "{query:?}: {said}");
    }
}

#[test]
fn refuses_a_body_it_would_not_read() {
    for body in [Ok(Some(br#"{"session_policy":{}}"#.to_vec())), Err(BodyNotBase64)] {
        let said = refusal(&Request { body, ..get(&[("role", &["deploy"])]) });
        assert!(said.contains("a `GET` has none"), "{said}");
    }
    assert!(Ask::from_request(&Request { body: Ok(Some(Vec::new())), ..get(&[]) }).is_ok());
}

#[test]
fn sees_a_token_in_the_address_whatever_it_is_called_and_does_not_repeat_it() {
    let cases: &[Pairs<'_>] = &[
        &[("token", &["x"])],
        &[("Access_Token", &["x"])],
        &[("id_token", &[TOKEN])],
        &[("key", &[TOKEN])],
        &[("role", &[TOKEN])],
        &[("role", &["deploy", TOKEN])],
        &[(TOKEN, &[""])],
    ];
    for query in cases {
        assert!(token_in_query(&get(query)), "{query:?}");
        let said = refusal(&get(query));
        assert!(!said.contains(TOKEN), "{said}");
        assert!(said.contains("a token does not belong into the address") || said.contains("`role`"), "{said}");
    }
    assert!(no_query(&get(&[("token", &["x"])])).is_err());
    for query in [&[("role", &["deploy"][..])][..], &[("role", &["eyJ.deploy"])], &[]] {
        assert!(!token_in_query(&get(query)), "{query:?}");
    }
}

#[test]
fn says_what_is_wrong_with_a_body() {
    let cases = [
        (None, "{}", "`Content-Type: application/json`"),
        (Some("text/plain"), "{}", "`Content-Type: application/json`"),
        (Some("application/jsonp"), "{}", "`Content-Type: application/json`"),
        (JSON, "", "there is no body"),
        (None, "", "there is no body"),
        (JSON, "{", "not JSON: line 1, column 1"),
        (JSON, "{\"role\":\n  deploy}", "not JSON: line 2, column 3"),
        (JSON, "{} {}", "not JSON"),
        (JSON, "role=deploy", "not JSON"),
        (JSON, "[]", "not an object"),
        (JSON, "null", "not an object"),
        (JSON, "\"deploy\"", "not an object"),
        (JSON, r#"{"role":"a","role":"b"}"#, "a member twice"),
        (JSON, r#"{"role":"deploy","role_arn":"x"}"#, "another one"),
        (JSON, r#"{"role":5}"#, "`role` is a string"),
        (JSON, r#"{"role":"../x"}"#, "`role` is a mapping's name"),
        (JSON, r#"{"duration_seconds":"900"}"#, "`duration_seconds` is a whole number, not in quotes"),
        (JSON, r#"{"duration_seconds":900.5}"#, "`duration_seconds` is a whole number"),
        (JSON, r#"{"duration_seconds":-1}"#, "`duration_seconds` is a whole number"),
    ];
    for (content_type, body, sentence) in cases {
        let said = refusal(&post(content_type, body));
        assert!(said.contains(sentence), "{content_type:?} {body}: {said}");
    }
    let long = format!(r#"{{"session_policy":"{}"}}"#, "x".repeat(17_000));
    assert!(refusal(&post(JSON, &long)).contains("longer than 16 KiB"));
    let not_base64 = Request { body: Err(BodyNotBase64), ..post(JSON, "") };
    assert!(refusal(&not_base64).contains("base64"));
}

#[test]
fn repeats_nothing_of_a_body_it_cannot_read() {
    let bodies = [format!("{{\"{TOKEN}\": 1}}"), TOKEN.to_owned(), format!("{{\"role\": [\"{TOKEN}\"]}}")];
    for body in bodies {
        let said = refusal(&post(JSON, &body));
        assert!(!said.contains("eyJ"), "{said}");
    }
}

#[test]
fn has_a_sentence_for_each_way_to_ask_badly() {
    let requests = [
        get(&[("role", &["Deploy"])]),
        get(&[("role", &["a", "b"])]),
        get(&[("duration_seconds", &["soon"])]),
        get(&[("format", &["xml"])]),
        get(&[("token", &[TOKEN])]),
        get(&[("session_policy", &["{}"])]),
        get(&[("rolle", &["deploy"])]),
        Request { path_name: Some("deploy".to_owned()), ..get(&[("role", &["deploy"])]) },
        Request { query: get(&[("role", &["deploy"])]).query, ..post(JSON, "{}") },
        post(JSON, ""),
        post(JSON, "{"),
        post(JSON, "[]"),
        post(JSON, r#"{"role":5}"#),
        post(JSON, r#"{"duration_seconds":"900"}"#),
        post(JSON, r#"{"rolle":"deploy"}"#),
        post(JSON, r#"{"role":"a","role":"b"}"#),
        post(Some("text/plain"), "{}"),
    ];
    let sentences: BTreeSet<_> = requests.iter().map(refusal).collect();
    assert_eq!(sentences.len(), requests.len(), "{sentences:#?}");
}

#[test]
fn reads_the_same_question_from_query_path_and_body() {
    let asks = [
        Ask::from_request(&get(&[("role", &["deploy"]), ("duration_seconds", &["900"])])),
        Ask::from_request(&Request { path_name: Some("deploy".to_owned()), ..get(&[("duration_seconds", &["900"])]) }),
        Ask::from_request(&post(
            Some("Application/JSON; charset=utf-8"),
            r#"{"role":"deploy","duration_seconds":900,"session_policy":null}"#,
        )),
    ];
    for ask in asks {
        let ask = ask.unwrap();
        assert_eq!(ask.role.unwrap().as_str(), "deploy");
        assert_eq!((ask.narrowing.duration_seconds, ask.format), (Some(900), Format::Json));
        assert_eq!(ask.narrowing.session_policy, None);
    }
}
