use serde_json::json;

use super::*;

fn faults(json: &serde_json::Value) -> Vec<String> {
    parse_issuers(&json.to_string()).err().map(|faults| faults.0).unwrap_or_default()
}

fn entry(change: impl FnOnce(&mut serde_json::Map<String, serde_json::Value>)) -> serde_json::Value {
    let mut entry = serde_json::Map::new();
    entry.insert("issuer".to_owned(), json!("https://gitlab.example.com"));
    entry.insert("audiences".to_owned(), json!(["https://brevet.example.com"]));
    change(&mut entry);
    json!([entry])
}

#[test]
fn refuses_what_is_not_an_array_of_objects_without_quoting_it() {
    for text in ["", "{}", "null", "[1]", "[\"https://secret.example.com\"]", "[{]", "[[]]"] {
        let faults = parse_issuers(text).err().unwrap();
        assert!(faults.to_string().starts_with("not a JSON array of objects"), "{text}");
        assert!(!faults.to_string().contains("secret"), "{text}");
    }
    assert_eq!(faults(&json!([])), ["no issuer is listed"]);
}

#[test]
fn names_every_fault_of_every_entry_at_once() {
    let both = json!([{"issuer": "http://gitlab.example.com", "audience": []}, {"audiences": ["a", "a"], "algorithms": ["HS256"]}]);
    let faults = faults(&both);
    for expected in [
        "[0] `issuer` must be",
        "[0] `audience` is not a member",
        "[0] `audiences` is missing",
        "[1] `audiences` must be",
        "[1] `algorithms` has one",
        "[1] `issuer` is missing",
    ] {
        assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{expected} in {faults:?}");
    }
}

#[test]
fn refuses_each_member_in_every_wrong_form() {
    let wrong = [
        ("issuer", json!("")),
        ("issuer", json!(["https://a.example"])),
        ("issuer", json!(null)),
        ("issuer", json!("https://*.example")),
        ("audiences", json!([])),
        ("audiences", json!("https://a")),
        ("audiences", json!([""])),
        ("audiences", json!(["*"])),
        ("audiences", json!([1])),
        ("audiences", json!(null)),
        ("jwks_uri", json!("http://gitlab.example.com/keys")),
        ("jwks_uri", json!("")),
        ("jwks_uri", json!("file:///etc/passwd")),
        ("jwks", json!([])),
        ("jwks", json!({})),
        ("jwks", json!({"keys": [{"kty": "oct", "kid": "k", "k": "AAAA"}]})),
        ("algorithms", json!([])),
        ("algorithms", json!(["none"])),
        ("algorithms", json!("RS256")),
        ("algorithms", json!(["rs256"])),
        ("ca_bundle_pem", json!("not a certificate")),
        ("ca_bundle_pem", json!("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")),
        ("ca_bundle_pem", json!("-----BEGIN CERTIFICATE-----\nMIIB")),
        ("ca_bundle_pem", json!("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")),
        ("ca_bundle_pem", json!([])),
        ("max_token_age_seconds", json!(0)),
        ("max_token_age_seconds", json!(-1)),
        ("max_token_age_seconds", json!("3600")),
        ("max_token_age_seconds", json!(1.5)),
        ("max_token_lifetime_seconds", json!(0)),
        ("max_token_lifetime_seconds", json!(99_999_999)),
    ];
    for (member, value) in wrong {
        let faults = faults(&entry(|entry| drop(entry.insert(member.to_owned(), value.clone()))));
        assert_eq!(faults.len(), 1, "{member}: {value}: {faults:?}");
        assert!(faults[0].starts_with(&format!("[0] `{member}`")), "{faults:?}");
    }
}

#[test]
fn refuses_a_member_that_appears_twice() {
    let text = r#"[{"issuer":"https://a.example","audiences":["x"],"audiences":["y"]}]"#;
    assert_eq!(parse_issuers(text).err().unwrap().0, ["[0] `audiences` appears twice"]);
}

#[test]
fn refuses_issuers_whose_scopes_could_be_confused() {
    let pairs = [
        ("https://gitlab.example.com", "https://gitlab.example.com"),
        ("https://gitlab.example.com", "https://gitlab.example.com/"),
        ("http://localhost:1", "https://localhost:1"),
        ("https://gitlab.example.com", "https://gitlab.example.com/project/4711"),
        ("https://gitlab.example.com/group/a", "https://gitlab.example.com"),
    ];
    for (one, other) in pairs {
        let both = json!([{"issuer": one, "audiences": ["x"]}, {"issuer": other, "audiences": ["x"]}]);
        assert_eq!(faults(&both).len(), 1, "{one} and {other}");
    }
}

#[test]
fn fills_in_what_a_plain_entry_leaves_out() {
    let issuers = parse_issuers(&entry(|_| ()).to_string()).unwrap_or_default();
    let issuer = &issuers[0];
    assert_eq!(issuer.algorithms, [Algorithm::Rs256]);
    assert_eq!((issuer.max_token_age_seconds, issuer.max_token_lifetime_seconds), (3_600, 86_400));
    assert!(
        matches!(&issuer.keys, KeySource::Discovery(url) if url == "https://gitlab.example.com/.well-known/openid-configuration")
    );
}

#[test]
fn prefers_static_keys_to_an_address_and_an_address_to_discovery() {
    let key = crate::test_support::TestKey::p256("k");
    let with = |jwks: serde_json::Value| {
        let entry = entry(|entry| {
            entry.insert("jwks".to_owned(), jwks);
            entry.insert("jwks_uri".to_owned(), json!("https://gitlab.example.com/keys"));
        });
        parse_issuers(&entry.to_string()).unwrap_or_default().remove(0).keys
    };
    assert!(matches!(with(key.key_set()), KeySource::Static(_)));
    assert!(matches!(with(json!({"keys": []})), KeySource::JwksUri(_)));
}
