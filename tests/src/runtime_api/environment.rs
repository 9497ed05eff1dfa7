use std::io;
use std::process::ExitStatus;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::bootstrap::Bootstrap;
use super::error::{InvokeError, StartError};
use super::exchange::{Exchange, Init};
use super::http::{Headers, serve};
use super::process::{Line, Process, Sink};
use super::usage::Usage;
use crate::gitlab::loopback;

/// How long an answer may still be on its way when its sender has ended.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// A running function with a Runtime API of its own. Dropped, both are gone.
#[derive(Debug)]
pub struct Environment {
    process: Process,
    exchange: Arc<Exchange>,
    lines: Arc<Mutex<Vec<Line>>>,
    init_duration: Duration,
    timeout: Duration,
    _api: JoinSet<()>,
}

/// What became of one event.
#[derive(Debug)]
pub struct Invocation {
    /// `Lambda-Runtime-Aws-Request-Id`.
    pub request_id: String,
    /// The function's answer.
    pub answer: Result<Bytes, InvokeError>,
    /// From the event's leaving to the whole answer's arrival, measured at the socket; zero where none arrived.
    pub duration: Duration,
}

impl Environment {
    pub(super) async fn start(bootstrap: &Bootstrap) -> Result<Self, StartError> {
        let program = || bootstrap.program.display().to_string();
        let spawn_error = |reason| StartError::Spawn { program: program(), reason };
        let listener = loopback(0).await.map_err(spawn_error)?;
        let address = listener.local_addr().map_err(spawn_error)?;
        let exchange = Arc::new(Exchange::new());
        let headers = Headers { function_arn: bootstrap.function_arn(), timeout: bootstrap.timeout };
        let mut api = JoinSet::new();
        api.spawn(serve(listener, Arc::clone(&exchange), Arc::new(headers)));

        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = bootstrap.sink.clone().unwrap_or_else(|| keep_in(&lines));
        let variables = bootstrap.variables_of_lambda(address.to_string());
        let started = Instant::now();
        let mut process =
            Process::spawn(&bootstrap.program, &bootstrap.arguments, &variables, &sink).map_err(spawn_error)?;
        let ready = tokio::select! {
            biased;
            ready = settled(exchange.init()) => ready?,
            status = process.exited() => {
                // It may have reported an error just before.
                if let Ok(Err(failed)) = timeout(LAST_WORDS, settled(exchange.init())).await {
                    return Err(failed);
                }
                process.stop().await;
                return Err(StartError::Exited { status, lines: take(&lines).into_iter().map(|line| line.text).collect() });
            }
            () = sleep(bootstrap.timeout) => return Err(StartError::TimedOut(bootstrap.timeout)),
        };
        let init_duration = ready.duration_since(started);
        Ok(Self { process, exchange, lines, init_duration, timeout: bootstrap.timeout, _api: api })
    }

    /// From just before the process was started to its first request for an event.
    pub fn init_duration(&self) -> Duration {
        self.init_duration
    }

    /// The function's process.
    pub fn process_id(&self) -> u32 {
        self.process.id
    }

    /// Gives the function one event and waits for what becomes of it. One that takes too long is killed.
    pub async fn invoke(&mut self, event: impl Into<Bytes>) -> Invocation {
        let (request_id, mut reply) = self.exchange.offer(event.into());
        let (answer, duration) = tokio::select! {
            biased;
            Ok(reply) = &mut reply => (reply.answer.map_err(InvokeError::Function), reply.duration),
            status = self.process.exited() => match timeout(LAST_WORDS, reply).await {
                Ok(Ok(reply)) => (reply.answer.map_err(InvokeError::Function), reply.duration),
                _ => (Err(InvokeError::Exited(status)), Duration::ZERO),
            },
            () = sleep(self.timeout) => {
                self.process.kill();
                (Err(InvokeError::TimedOut(self.timeout)), Duration::ZERO)
            }
        };
        Invocation { request_id, answer, duration }
    }

    /// What the process has taken of the machine so far.
    pub fn usage(&self) -> io::Result<Usage> {
        Usage::of(self.process.id)
    }

    /// The lines written since the last call, unless somebody else was given them. A line that was written before an
    /// answer may be read after it; [`stop`](Self::stop) has them all.
    pub fn take_lines(&self) -> Vec<Line> {
        take(&self.lines)
    }

    /// Kills the process. Returns the rest of its lines.
    pub async fn stop(mut self) -> (ExitStatus, Vec<Line>) {
        let status = self.process.stop().await;
        (status, self.take_lines())
    }
}

/// When the function asked for its first event, or why it will not.
async fn settled(mut init: watch::Receiver<Init>) -> Result<Instant, StartError> {
    let settled = init.wait_for(|init| !matches!(init, Init::Starting)).await.map(|init| init.clone());
    match settled {
        Ok(Init::Ready(at)) => Ok(at),
        Ok(Init::Failed(error)) => Err(StartError::Init(error)),
        // The caller holds the sender, so the wait cannot end in any other way.
        Ok(Init::Starting) | Err(_) => std::future::pending().await,
    }
}

fn take(lines: &Mutex<Vec<Line>>) -> Vec<Line> {
    std::mem::take(&mut *lines.lock().unwrap_or_else(PoisonError::into_inner))
}

fn keep_in(lines: &Arc<Mutex<Vec<Line>>>) -> Sink {
    let lines = Arc::clone(lines);
    Arc::new(move |line| lines.lock().unwrap_or_else(PoisonError::into_inner).push(line))
}
