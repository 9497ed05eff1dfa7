use std::cell::OnceCell;
use std::collections::HashMap;

use brevet_credentials::{App, Settings};
use brevet_function_kit::{Environment, Log, unix_now};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::world::{PLACEHOLDER, bytes, claims, forge, trusted_with_keys, wait};

/// Every way out that is open without a verified token.
const REFUSALS: [(&str, u16); 9] = [
    ("bad_request", 400),
    ("token_missing", 401),
    ("token_malformed", 401),
    ("token_invalid", 401),
    ("audience_not_accepted", 401),
    ("token_expired", 401),
    ("token_not_yet_valid", 401),
    ("token_too_old", 401),
    ("not_a_job_token", 401),
];

/// The event of the credentials function, whole, with forged tokens (`{{token}}`): there is an answer, it is a refusal in
/// the documented shape, it came without asking anybody, and it does not repeat the token.
pub fn credentials_event(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    thread_local! {
        static APP: OnceCell<(App, String)> = const { OnceCell::new() };
    }
    APP.with(|app| {
        let (app, forged) = app.get_or_init(start);
        let Ok(event) = RawValue::from_string(text.replace(PLACEHOLDER, forged)) else { return };
        let response = wait(app.handle(&event));
        let body: Value = serde_json::from_str(&response.body).expect("a refusal is JSON");
        let refusal = (body["code"].as_str().unwrap_or_default(), response.status_code);
        assert!(REFUSALS.contains(&refusal), "{refusal:?}: {body}");
        assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()) && body["Code"] == body["code"]);
        assert_eq!(response.headers.get("cache-control").map(String::as_str), Some("no-store"));
        // API Gateway's own id of the request is repeated, and a fuzzer may put the token there.
        let signature = forged.rsplit('.').next().unwrap_or_default();
        let said = format!("{}{}", body["message"], body["help"]);
        assert!(!said.contains(signature), "the token is repeated");
    });
}

/// The function with nobody to talk to, and a token that looks like one.
fn start() -> (App, String) {
    let variables = [
        ("TRUSTED_ISSUERS", trusted_with_keys(json!({}))),
        ("ROLE_MAPPING_TABLE", "role-mappings".to_owned()),
        ("TOKEN_USE_TABLE", "token-uses".to_owned()),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9".to_owned()),
    ];
    let variables: HashMap<String, String> = variables.map(|(name, value)| (name.to_owned(), value)).into();
    let settings = Settings::read(&Environment::from(variables)).expect("the settings are whole");
    let app = wait(App::start(settings, Log::to(|_| ()))).expect("the function starts");
    let mut claims = claims();
    claims.insert("exp".to_owned(), json!(unix_now() + 3_600));
    (app, forge(&bytes(&claims)))
}
