use serde_json::json;

use super::*;

/// A certificate authority of nobody's.
const AUTHORITY: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBfDCCASGgAwIBAgIUBa6HHzeSMgjmGeE3gEcVbfXVBukwCgYIKoZIzj0EAwIw\n\
EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjIxMTIxMDNaGA8yMTI2MTAyOTEx\n\
MjEwM1owEjEQMA4GA1UEAwwHVGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n\
A0IABEAXfgms3gvZ4NGYaQQQ223hRcHd4+b/cBOAzwUtpk6zQ4BeudeFVSZTfjfk\n\
fMtfk7zFvtmpfqgUAFXTSH4KcVKjUzBRMB0GA1UdDgQWBBQFnfL5vKobBh9/HmSp\n\
6fMVABv3aTAfBgNVHSMEGDAWgBQFnfL5vKobBh9/HmSp6fMVABv3aTAPBgNVHRMB\n\
Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDAVmKG+51+nLt6j8Afyp41Q5w0\n\
XtUgYnzgm38j54brZwIhAOdOs6CnSTpfSVTsp4UEjaVLm705NxpOc4h8ItoBS9s5\n\
-----END CERTIFICATE-----\n";

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
    assert_eq!(parse_issuers("[{]").err().unwrap().0, ["not a JSON array of objects: line 1, column 3"]);
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
fn takes_each_member_as_it_is_given() {
    let issuers = parse_issuers(
        &entry(|entry| {
            entry.insert("algorithms".to_owned(), json!(["ES256", "RS256"]));
            entry.insert("ca_bundle_pem".to_owned(), json!(AUTHORITY));
            entry.insert("max_token_age_seconds".to_owned(), json!(60));
            entry.insert("max_token_lifetime_seconds".to_owned(), json!(7_200));
        })
        .to_string(),
    );
    let issuer = issuers.unwrap_or_default().remove(0);
    assert_eq!(
        (issuer.issuer.as_str(), issuer.audiences),
        ("https://gitlab.example.com", vec!["https://brevet.example.com".to_owned()])
    );
    assert_eq!(issuer.algorithms, [Algorithm::Es256, Algorithm::Rs256]);
    assert_eq!(issuer.ca_bundle_pem.as_deref(), Some(AUTHORITY));
    assert_eq!((issuer.max_token_age_seconds, issuer.max_token_lifetime_seconds), (60, 7_200));
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
