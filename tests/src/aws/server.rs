use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::post;
use axum::serve::{Listener, ListenerExt as _};
use serde_json::{Map, Value};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::dynamodb::Tables;
use super::fault::{Fault, answer};
use super::sts;
use crate::gitlab::loopback;

/// A call that arrived, whatever came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// `AssumeRole`, `BatchGetItem`, ...
    pub operation: String,
    /// Its parameters: DynamoDB's JSON, or the form fields of STS.
    pub request: Value,
    /// The region it was signed for; `None` for an anonymous call.
    pub signed_for: Option<String>,
}

/// Both services at one address, gone when dropped.
#[derive(Debug)]
pub struct FakeAws {
    state: Arc<Mutex<Account>>,
    address: SocketAddr,
    url: String,
    server: JoinHandle<()>,
}

/// What the fake account holds.
#[derive(Debug, Default)]
struct Account {
    tables: Tables,
    calls: Vec<Call>,
    counts: BTreeMap<String, usize>,
    counts_only: bool,
    faults: BTreeMap<String, VecDeque<Planned>>,
}

/// A fault and for how many calls more it will happen; `None` is for good.
#[derive(Debug)]
struct Planned {
    fault: Fault,
    times: Option<usize>,
}

impl FakeAws {
    /// Starts with empty tables and nothing wrong.
    pub async fn start() -> Self {
        let listener = loopback(0).await.expect("a port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let state = Arc::new(Mutex::new(Account::default()));
        let routes = Router::new().route("/", post(call)).with_state(state.clone());
        let server = tokio::spawn(async move { axum::serve(prompt(listener), routes).await.expect("the server runs") });
        Self { state, address, url: format!("http://{address}"), server }
    }

    /// The endpoint of both services.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Puts an item, in DynamoDB's own notation (`{"scope": {"S": "..."}}`), into a table, which exists from then on.
    pub fn put_item(&self, table: &str, item: Value) {
        let Value::Object(item) = item else { panic!("an item is an object, not {item}") };
        self.account().tables.put(table, item);
    }

    /// All items of a table.
    pub fn items(&self, table: &str) -> Vec<Map<String, Value>> {
        self.account().tables.items(table).to_vec()
    }

    /// Removes all items of a table.
    pub fn empty_table(&self, table: &str) {
        self.account().tables.clear(table);
    }

    /// Lets `Query` answer at most so many items a page.
    pub fn set_page_size(&self, items: usize) {
        self.account().tables.set_page_size(items);
    }

    /// Fails every call of the operation from now on.
    pub fn fail(&self, operation: &str, fault: Fault) {
        self.plan(operation, Planned { fault, times: None });
    }

    /// Fails the next call of the operation that is not already planned to fail.
    pub fn fail_once(&self, operation: &str, fault: Fault) {
        self.plan(operation, Planned { fault, times: Some(1) });
    }

    /// Takes back every planned fault.
    pub fn mend(&self) {
        self.account().faults.clear();
    }

    /// From now on calls are counted and forgotten: there will be too many to keep.
    pub fn keep_counts_only(&self) {
        self.account().counts_only = true;
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Call> {
        self.account().calls.clone()
    }

    /// Counts from nothing again.
    pub fn forget_calls(&self) {
        let mut account = self.account();
        account.calls.clear();
        account.counts.clear();
    }

    /// How many calls of the operation there were.
    pub fn count(&self, operation: &str) -> usize {
        self.account().counts.get(operation).copied().unwrap_or_default()
    }

    /// How many calls there were of any operation.
    pub fn total_calls(&self) -> usize {
        self.account().counts.values().sum()
    }

    /// The parameters of the operation's last call.
    pub fn last(&self, operation: &str) -> Option<Value> {
        let account = self.account();
        account.calls.iter().rev().find(|call| call.operation == operation).map(|call| call.request.clone())
    }

    fn plan(&self, operation: &str, planned: Planned) {
        self.account().faults.entry(operation.to_owned()).or_default().push_back(planned);
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FakeAws {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Account {
    fn next_fault(&mut self, operation: &str) -> Option<Fault> {
        let planned = self.faults.get_mut(operation)?;
        let front = planned.front_mut()?;
        let fault = front.fault.clone();
        if let Some(times) = &mut front.times {
            *times -= 1;
            if *times == 0 {
                planned.pop_front();
            }
        }
        Some(fault)
    }
}

/// Who measures by this clock must not wait for an acknowledgement that is late on purpose.
fn prompt(listener: TcpListener) -> impl Listener<Io = TcpStream, Addr = SocketAddr> {
    listener.tap_io(|stream| drop(stream.set_nodelay(true)))
}

async fn call(State(state): State<Arc<Mutex<Account>>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    let dynamodb = target.and_then(|target| target.strip_prefix("DynamoDB_20120810."));
    let request = match dynamodb {
        Some(_) => serde_json::from_slice(&body).unwrap_or_default(),
        None => sts::form(&body),
    };
    let operation = match dynamodb {
        Some(operation) => operation.to_owned(),
        None => request.get("Action").and_then(Value::as_str).unwrap_or("unknown").to_owned(),
    };
    let signed_for = signed_for(&headers);
    let fault = {
        let mut account = state.lock().unwrap_or_else(PoisonError::into_inner);
        *account.counts.entry(operation.clone()).or_default() += 1;
        if !account.counts_only {
            account.calls.push(Call { operation: operation.clone(), request: request.clone(), signed_for });
        }
        account.next_fault(&operation)
    };
    let failure = match (&fault, dynamodb) {
        (Some(fault), Some(_)) => fault.dynamodb_answer().await,
        (Some(fault), None) => fault.sts_answer().await,
        (None, _) => None,
    };
    if let Some(failure) = failure {
        return failure;
    }
    if dynamodb.is_none() {
        return sts::answer_call(&operation, &request);
    }
    let mut account = state.lock().unwrap_or_else(PoisonError::into_inner);
    match account.tables.answer(&operation, &request, fault == Some(Fault::Unprocessed)) {
        Ok(body) => answer(StatusCode::OK, "application/x-amz-json-1.0", body.to_string()),
        Err(body) => answer(StatusCode::BAD_REQUEST, "application/x-amz-json-1.0", body.to_string()),
    }
}

/// The region in the scope of a signature: `Credential=<key id>/<date>/<region>/<service>/aws4_request`.
fn signed_for(headers: &HeaderMap) -> Option<String> {
    let (_, scope) = headers.get("authorization")?.to_str().ok()?.split_once("Credential=")?;
    scope.split('/').nth(2).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_does_not_wait_for_more_to_send() {
        let mut listener = prompt(loopback(0).await.unwrap());
        let address = listener.local_addr().unwrap();
        let ((server, _), _client) = tokio::join!(listener.accept(), TcpStream::connect(address));
        assert!(server.nodelay().unwrap());
    }
}
