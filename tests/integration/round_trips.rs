//! What a request costs where services are far away, counted: connections, handshakes and requests do not depend on how
//! busy the machine is.

use std::time::Duration;

use brevet_tests::aws::item;
use brevet_tests::distance::{Abroad, Kind, Trips};
use brevet_tests::events::sample_event;
use serde_json::{Value, json};

use crate::authorizer::allows;
use crate::host::Function;
use crate::support::trust;
use crate::world::{LEDGER, TABLE};

/// Far enough that whatever the machine does takes less, and near enough for what is made ready before the first request.
const ROUND_TRIP: Duration = Duration::from_millis(100);

/// A cold function, and how it got there.
struct Cold {
    abroad: Abroad,
    function: Function,
    init: Trips,
}

impl Cold {
    async fn start(kind: &'static str, keys: impl FnOnce(&Abroad) -> Value, variables: &[(&str, &str)]) -> Self {
        let abroad = Abroad::start(ROUND_TRIP).await;
        let ca_file = std::env::temp_dir().join(format!("brevet-round-trips-{}.pem", abroad.gitlab.address().port()));
        std::fs::write(&ca_file, abroad.distance.ca_pem()).expect("the system has a place for files");
        let mut all = vec![
            ("TRUSTED_ISSUERS", trust(&abroad.gitlab, keys(&abroad))),
            ("SSL_CERT_FILE", ca_file.display().to_string()),
            ("ROLE_MAPPING_TABLE", TABLE.to_owned()),
            ("TOKEN_USE_TABLE", LEDGER.to_owned()),
            ("API_NAME", "reports".to_owned()),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "ASIAOWNOWNOWNOWNOWN0".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "own-secret-key".to_owned()),
            ("AWS_SESSION_TOKEN", "own-session-token".to_owned()),
        ];
        all.extend(abroad.distance.endpoints());
        all.extend(variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let function = Function::start(kind, &all).await;
        let init = abroad.distance.journal.since(0);
        std::fs::remove_file(&ca_file).expect("nobody else removes it");
        Self { abroad, function, init }
    }

    /// A row of project 4711, for the protected `main`.
    fn put_row(&self, attributes: Value) {
        let host = self.abroad.gitlab.issuer().trim_start_matches("https://");
        let mut row = json!({"scope": format!("{host}/project/4711"), "conditions": {"ref_protected": "true"}});
        let attributes = attributes.as_object().expect("attributes are an object").clone();
        row.as_object_mut().expect("a row is an object").extend(attributes);
        self.abroad.aws.put_item(TABLE, item(&row));
    }

    /// Sends a sample event with the token of a job that nobody has seen: the answer, and the round trips it took.
    async fn send(&mut self, function: &str, case: &str) -> (Value, Trips) {
        let seen = self.abroad.distance.journal.len();
        let token = self.abroad.gitlab.sign(&self.abroad.gitlab.job());
        let (reply, log) = self.function.call(sample_event(function, case, &token)).await;
        let answer = reply.answer.unwrap_or_else(|error| panic!("{error}: {log:?}"));
        (answer, self.abroad.distance.journal.since(seen))
    }

    async fn vend(&mut self) -> Trips {
        self.vend_as("rest-get").await
    }

    async fn vend_as(&mut self, case: &str) -> Trips {
        let (answer, trips) = self.send("credentials", case).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        trips
    }

    async fn authorize(&mut self) -> Trips {
        let (answer, trips) = self.send("authorizer", "rest-request").await;
        let arn = "arn:aws:execute-api:eu-central-1:111122223333:r3st4p1abc/v1/GET/whoami";
        assert!(allows(&answer, arn), "{answer}");
        trips
    }
}

fn by_discovery(_: &Abroad) -> Value {
    json!({})
}

fn at_an_address(abroad: &Abroad) -> Value {
    json!({"jwks_uri": format!("{}/oauth/discovery/keys", abroad.gitlab.issuer())})
}

fn in_the_settings(abroad: &Abroad) -> Value {
    json!({"jwks": abroad.gitlab.instance().key_set()})
}

/// Connections, turns of handshakes, and requests.
fn counts(trips: &Trips) -> [usize; 3] {
    [Kind::Connection, Kind::Handshake, Kind::Request].map(|kind| trips.count(kind))
}

fn deploy() -> Value {
    json!({"name": "deploy", "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy"})
}

#[tokio::test]
async fn a_cold_credentials_function_opens_its_connections_at_the_same_time_and_answers_after_two_round_trips() {
    let mut cold = Cold::start("credentials", at_an_address, &[]).await;
    assert_eq!(counts(&cold.init), [3, 3, 3], "one connection to each service, and one turn on it: {:?}", cold.init);
    let mut reached = cold.init.requests();
    reached.sort_unstable();
    assert_eq!(reached, ["dynamodb", "keys", "sts"]);
    let last_begun = cold.init.of(Kind::Connection).map(|trip| trip.began).max();
    let first_done = cold.init.of(Kind::Request).map(|trip| trip.ended).min();
    assert!(last_begun < first_done, "one after another: {:?}", cold.init);

    cold.put_row(deploy());
    for time in ["the first", "the second"] {
        let trips = cold.vend().await;
        assert_eq!(counts(&trips), [0, 0, 2], "{time}: {trips:?}");
        assert_eq!((trips.requests(), trips.in_sequence()), (vec!["dynamodb", "sts"], 2), "{time}");
    }
}

#[tokio::test]
async fn a_session_by_the_jobs_own_token_takes_the_same_two_round_trips() {
    let mut cold = Cold::start("credentials", at_an_address, &[]).await;
    let mut row = deploy();
    row["via"] = json!("web_identity");
    cold.put_row(row);
    let trips = cold.vend().await;
    assert_eq!((counts(&trips), trips.requests()), ([0, 0, 2], vec!["dynamodb", "sts"]), "{trips:?}");
}

#[tokio::test]
async fn a_token_whose_uses_are_counted_costs_one_round_trip_more() {
    let mut cold = Cold::start("credentials", at_an_address, &[]).await;
    let mut row = deploy();
    row["max_uses_per_token"] = json!(5);
    cold.put_row(row);
    let trips = cold.vend().await;
    assert_eq!((counts(&trips), trips.requests()), ([0, 0, 3], vec!["dynamodb", "dynamodb", "sts"]), "{trips:?}");
}

#[tokio::test]
async fn a_question_without_a_name_asks_of_all_five_scopes_at_once() {
    let mut cold = Cold::start("credentials", at_an_address, &[]).await;
    cold.put_row(deploy());
    let requests = ["dynamodb", "dynamodb", "dynamodb", "dynamodb", "dynamodb", "sts"];
    let first = cold.vend_as("rest-get-without-role").await;
    assert_eq!((counts(&first), first.requests()), ([4, 4, 6], requests.into()), "one connection was there: {first:?}");
    let second = cold.vend_as("rest-get-without-role").await;
    assert_eq!((counts(&second), second.requests()), ([0, 0, 6], requests.into()), "{second:?}");
    assert_eq!(second.in_sequence(), 2, "{second:?}");
}

#[tokio::test]
async fn an_address_for_the_keys_saves_the_round_trip_of_discovery() {
    let authenticated = [("ROUTE_POLICY", "authenticated")];
    for (keys, turns) in [(by_discovery as fn(&Abroad) -> Value, 2), (at_an_address, 1)] {
        let mut cold = Cold::start("authorizer", keys, &authenticated).await;
        assert_eq!((counts(&cold.init), cold.init.in_sequence()), ([1, 1, turns], 2 + turns), "{:?}", cold.init);
        let trips = cold.authorize().await;
        assert_eq!(counts(&trips), [0, 0, 0], "{trips:?}");
    }
}

#[tokio::test]
async fn an_authorizer_with_its_keys_in_its_settings_speaks_to_nobody() {
    let mut cold = Cold::start("authorizer", in_the_settings, &[("ROUTE_POLICY", "authenticated")]).await;
    cold.authorize().await;
    assert_eq!(cold.abroad.distance.journal.since(0), Trips(Vec::new()));
}

#[tokio::test]
async fn an_authorizer_with_route_mappings_asks_dynamodb_once_on_a_connection_that_is_there() {
    let mut cold = Cold::start("authorizer", in_the_settings, &[("ROUTE_POLICY", "mappings")]).await;
    assert_eq!((counts(&cold.init), cold.init.requests()), ([1, 1, 1], vec!["dynamodb"]), "{:?}", cold.init);
    cold.put_row(json!({"name": "api.reports", "routes": ["GET /whoami"]}));
    for time in ["the first", "the second"] {
        let trips = cold.authorize().await;
        assert_eq!((counts(&trips), trips.requests()), ([0, 0, 1], vec!["dynamodb"]), "{time}: {trips:?}");
    }
}
