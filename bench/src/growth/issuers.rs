use brevet_tests::gitlab::DEFAULT_AUDIENCE;
use serde_json::{Value, json};

use super::probe::{Cost, probe};
use super::subject::{Subject, allows};
use crate::chart::Chart;

const COUNTS: [usize; 5] = [1, 3, 10, 30, 100];

/// Keys of one issuer, and issuers of one key each, the one that is used being the last.
pub(super) async fn charts(subject: &Subject) -> anyhow::Result<[Chart; 2]> {
    let explained = "Expected: the start grows linearly, as each key is read once; a request does not grow with keys, \
                     which are found by their id, and next to nothing with issuers, which are compared by name. \
                     Lambda's variables hold 4 KB, so more than a few belong into a file of the bundle. Keys that are \
                     fetched are fetched from all issuers at the same time.";
    let mut start = Chart::new(
        "keys-start",
        "The authorizer's start, by keys and issuers",
        "keys, or issuers",
        "milliseconds of a processor",
        explained,
    );
    let mut request = Chart::new(
        "keys-request",
        "A request to the authorizer, by keys and issuers",
        "keys, or issuers",
        "microseconds of a processor",
        explained,
    );
    let mut put = |name: &str, count: usize, cost: &Cost| {
        start.put(name, count as f64, cost.init_cpu_ms);
        request.put(name, count as f64, cost.cpu_us);
    };
    let events = subject.authorizations();
    let gitlab = &subject.world.gitlab;
    let own_key = gitlab.instance().ci_key().public_jwk();
    for count in subject.sizes(&COUNTS) {
        let keys: Vec<Value> = (1..count).map(|number| other_key(&own_key, number)).chain([own_key.clone()]).collect();
        let issuers = json!([issuer(gitlab.issuer(), &json!({"jwks": {"keys": keys}}))]);
        put("keys of an issuer", count, &ask(subject, &issuers, &events).await?);

        let others = |members: fn(&Subject, &str, &Value) -> Value| -> Vec<Value> {
            let name = |number| format!("{}/gitlab-{number}", gitlab.issuer());
            let names = (1..count).map(name).chain([gitlab.issuer().to_owned()]);
            names.map(|name| issuer(&name, &members(subject, &name, &own_key))).collect()
        };
        let in_settings = others(|_, _, key| json!({"jwks": {"keys": [key]}}));
        put("issuers, keys in the settings", count, &ask(subject, &json!(in_settings), &events).await?);
        let fetched = others(|subject, _, _| {
            let address = format!("{}/oauth/discovery/keys", subject.world.gitlab.issuer());
            json!({"jwks_uri": address, "ca_bundle_pem": subject.world.gitlab.ca_pem()})
        });
        put("issuers, keys fetched", count, &ask(subject, &json!(fetched), &events).await?);
    }
    Ok([start, request])
}

async fn ask(subject: &Subject, issuers: &Value, events: &[String]) -> anyhow::Result<Cost> {
    probe(&subject.authorizer().variable("TRUSTED_ISSUERS", issuers.to_string()), events, allows).await
}

fn issuer(name: &str, members: &Value) -> Value {
    let mut issuer = json!({"issuer": name, "audiences": [DEFAULT_AUDIENCE]});
    if let (Some(issuer), Some(members)) = (issuer.as_object_mut(), members.as_object()) {
        issuer.extend(members.clone());
    }
    issuer
}

/// As long as a real one, and nobody's.
fn other_key(key: &Value, number: usize) -> Value {
    let mut other = key.clone();
    let modulus = key.get("n").and_then(Value::as_str).unwrap_or_default();
    let (head, tail) = modulus.split_at(modulus.len() / 2);
    if let Some(other) = other.as_object_mut() {
        other.insert("kid".to_owned(), json!(format!("key-{number}")));
        other.insert("n".to_owned(), json!(format!("{head}{number:04}{}", tail.get(4..).unwrap_or_default())));
    }
    other
}
