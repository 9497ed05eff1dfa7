//! `local-gitlab` as a pipeline author uses it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use brevet_tests::gitlab::loopback;
use serde_json::{Value, json};

use crate::support::{code, verifier, verify};

/// A state folder of this test's own.
struct State(PathBuf);

impl State {
    fn new(test: &str) -> Self {
        Self(std::env::temp_dir().join(format!("brevet-{test}-{}", std::process::id())))
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command can be run")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-gitlab"));
        command.args(arguments).arg("--state").arg(&self.0);
        command
    }

    fn token(&self, arguments: &[&str]) -> String {
        let output = self.run(&[&["token"], arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("a token is text").trim().to_owned()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        // Nothing was made where the command refused.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// `local-gitlab serve`, stopped with the test.
struct Served {
    process: Child,
    port: u16,
}

impl Served {
    async fn start(state: &State) -> Self {
        let port = loopback(0).await.and_then(|listener| listener.local_addr()).expect("a port is free").port();
        let mut process = state
            .command(&["serve", "--port", &port.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command can be run");
        let mut ready = String::new();
        let stdout = process.stdout.take().expect("its output is read");
        BufReader::new(stdout).read_line(&mut ready).expect("it says when it is ready");
        assert!(ready.starts_with(&format!("http://localhost:{port} signs with ")), "{ready}");
        Self { process, port }
    }

    /// Status and body. Blocking is fine: the server is another process.
    fn request(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("the answer has a body");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("the answer has a status");
        (status, serde_json::from_str(body).unwrap_or_default())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn says_in_one_line_what_it_cannot_do() {
    let state = State::new("refusals");
    let cases = [
        (&["token", "--project", "nordwind/nothing"][..], "there is no project `nordwind/nothing` here"),
        (&["token", "--user", "nobody"], "there is no user `nobody` here"),
        (&["token", "--project", "nordwind/platform/web", "--fork"], "has no fork here"),
        (&["token", "--source", "wish"], "possible values: push, web, schedule"),
        (&["token", "--claim", "ref"], "write NAME=JSON"),
        (&["token", "--project", "x", "--project-id", "1"], "cannot be used with"),
    ];
    for (arguments, says) in cases {
        let output = state.run(arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && told.contains(says), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty() && !told.contains("backtrace"), "{arguments:?}: {told}");
    }
}

#[tokio::test]
async fn says_which_port_is_taken() {
    let state = State::new("port");
    let taken = loopback(0).await.expect("a port is free");
    let port = taken.local_addr().expect("the listener has an address").port();
    let output = state.run(&["serve", "--port", &port.to_string()]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains(&format!("port {port} of 127.0.0.1 cannot be used")), "{told}");
}

#[test]
fn sets_any_claim_to_any_json() {
    let state = State::new("claims");
    let printed = state.token(&[
        "--claims-only",
        "--claim",
        "runner_id=12",
        "--claim",
        "ref_protected=false",
        "--claim",
        "x=a b",
    ]);
    let claims: Value = serde_json::from_str(&printed).expect("claims are JSON");
    assert_eq!(
        (&claims["runner_id"], &claims["ref_protected"], &claims["x"]),
        (&json!(12), &json!(false), &json!("a b"))
    );
}

#[tokio::test]
async fn prints_tokens_that_the_served_keys_verify_until_they_are_rotated() {
    let state = State::new("served");
    let served = Served::start(&state).await;
    let issuer = format!("http://localhost:{}", served.port);
    let trusted = json!([{"issuer": issuer, "audiences": ["https://brevet.local"]}]).to_string();

    let token = state.token(&["--ref", "main"]);
    assert_eq!(code(&verify(&verifier(&trusted), &token).await), "verified");
    let (status, answer) = served.request("POST", "/_local/token", &json!({"ref": "v1.0", "tag": true}));
    assert_eq!((status, &answer["claims"]["ref_path"]), (200, &json!("refs/tags/v1.0")));
    assert_eq!(code(&verify(&verifier(&trusted), answer["token"].as_str().unwrap_or_default()).await), "verified");

    assert_eq!(served.request("POST", "/_local/rotate", &Value::Null).0, 200);
    assert_eq!(code(&verify(&verifier(&trusted), &token).await), "token_invalid");
    assert_eq!(
        code(&verify(&verifier(&trusted), &state.token(&[])).await),
        "verified",
        "the command knows the new key"
    );
}

#[tokio::test]
async fn counts_fetches_and_breaks_when_told_to() {
    let state = State::new("outage");
    let served = Served::start(&state).await;
    for (keys, status) in [("down", 503), ("garbage", 200), ("redirect", 307), ("empty", 200), ("up", 200)] {
        assert_eq!(served.request("POST", "/_local/outage", &json!({"keys": keys})).0, 204, "{keys}");
        assert_eq!(served.request("GET", "/oauth/discovery/keys", &Value::Null).0, status, "{keys}");
    }
    assert_eq!(served.request("GET", "/_local/stats", &Value::Null).1, json!({"discovery": 0, "key_sets": 5}));
    for (path, body) in [("/_local/outage", json!({"keys": "gone"})), ("/_local/token", json!({"reff": "main"}))] {
        assert!((400..500).contains(&served.request("POST", path, &body).0), "{path}");
    }
}
