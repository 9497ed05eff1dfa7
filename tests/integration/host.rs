//! A function in a process of its own. Its AWS clients take region, credentials and endpoint from the environment, as
//! on Lambda, and a test can set that for another process only. This binary is started once more for it.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use brevet_function_kit::{Environment, Log};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const FUNCTION: &str = "BREVET_TEST_FUNCTION";
const PORT: &str = "BREVET_TEST_PORT";

/// A running function.
pub(crate) struct Function {
    process: Child,
    stream: BufReader<TcpStream>,
}

/// What became of one event.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Reply {
    /// The answer, or the text of the error that the Lambda runtime would report.
    pub(crate) answer: Result<Value, String>,
    /// From arrival to answer.
    pub(crate) took: Duration,
}

#[derive(Deserialize, Serialize)]
struct Replies {
    replies: Vec<Reply>,
    log: Vec<String>,
}

impl Function {
    /// Starts `authorizer` or `credentials` with these variables and no others.
    pub(crate) async fn start(function: &str, variables: &[(&str, String)]) -> Self {
        let listener = brevet_tests::gitlab::loopback(0).await.expect("a port is free");
        let port = listener.local_addr().expect("the listener has an address").port();
        let process = Command::new(std::env::current_exe().expect("this test has a binary"))
            .args(["--exact", "host::serves_a_function_to_the_test_that_started_it", "--nocapture"])
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .envs([(FUNCTION, function), (PORT, &port.to_string())])
            .stdout(Stdio::null())
            .spawn()
            .expect("this test can be started again");
        let accepted = tokio::time::timeout(Duration::from_secs(20), listener.accept()).await;
        let (stream, _) = accepted.expect("the function starts in time").expect("the function connects");
        Self { process, stream: BufReader::new(stream) }
    }

    /// Sends one event: the reply, and every line logged since the last.
    pub(crate) async fn call(&mut self, event: Value) -> (Reply, Vec<String>) {
        let (mut replies, log) = self.call_at_once(vec![event]).await;
        (replies.pop().expect("one event has one reply"), log)
    }

    /// Sends several events that are handled at the same time: the replies in their order.
    pub(crate) async fn call_at_once(&mut self, events: Vec<Value>) -> (Vec<Reply>, Vec<String>) {
        let mut line = Value::from(events).to_string();
        line.push('\n');
        self.stream.get_mut().write_all(line.as_bytes()).await.expect("the function listens");
        let mut answer = String::new();
        self.stream.read_line(&mut answer).await.expect("the function answers");
        let replies: Replies = serde_json::from_str(&answer).expect("the function answers in JSON");
        (replies.replies, replies.log)
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Either function behind one signature.
enum App {
    Authorizer(brevet_authorizer::App),
    Credentials(brevet_credentials::App),
}

impl App {
    async fn start(function: &str, log: Log) -> Self {
        let environment = Environment::of_process();
        if function == "authorizer" {
            let settings = brevet_authorizer::Settings::read(&environment).unwrap_or_else(|faults| panic!("{faults}"));
            return Self::Authorizer(brevet_authorizer::App::start(settings, log).await.expect("the function starts"));
        }
        let settings = brevet_credentials::Settings::read(&environment).unwrap_or_else(|faults| panic!("{faults}"));
        Self::Credentials(brevet_credentials::App::start(settings, log).await.expect("the function starts"))
    }

    async fn handle(&self, event: Value) -> Reply {
        let began = Instant::now();
        let event = serde_json::value::to_raw_value(&event).expect("an event is JSON");
        let answer = match self {
            Self::Authorizer(app) => match app.handle(&event).await {
                Ok(answer) => Ok(serde_json::to_value(answer).expect("an answer is JSON")),
                Err(failed) => Err(failed.to_string()),
            },
            Self::Credentials(app) => Ok(serde_json::to_value(app.handle(&event).await).expect("an answer is JSON")),
        };
        Reply { answer, took: began.elapsed() }
    }
}

/// The other end of [`Function`]. Started by itself, it has nothing to serve and says so by passing.
#[tokio::test]
async fn serves_a_function_to_the_test_that_started_it() {
    let (Ok(function), Ok(port)) = (std::env::var(FUNCTION), std::env::var(PORT)) else { return };
    let lines = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&lines);
    let log = Log::to(move |line| written.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned()));
    let app = Arc::new(App::start(&function, log).await);

    let stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.expect("the test listens");
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let events: Vec<Value> = serde_json::from_str(&line).expect("the test sends a list of events");
        let mut running = JoinSet::new();
        for (index, event) in events.into_iter().enumerate() {
            let app = Arc::clone(&app);
            running.spawn(async move { (index, app.handle(event).await) });
        }
        let mut replies = running.join_all().await;
        replies.sort_unstable_by_key(|(index, _)| *index);
        let replies = replies.into_iter().map(|(_, reply)| reply).collect();
        let log = std::mem::take(&mut *lines.lock().unwrap_or_else(PoisonError::into_inner));
        let mut answer = serde_json::to_string(&Replies { replies, log }).expect("replies are JSON");
        answer.push('\n');
        stream.get_mut().write_all(answer.as_bytes()).await.expect("the test listens");
    }
}
