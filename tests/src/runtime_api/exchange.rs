use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use tokio::sync::{mpsc, oneshot, watch};

use super::error::FunctionError;

/// Where the side that has events and the side that has a function meet.
#[derive(Debug)]
pub(super) struct Exchange {
    offers: mpsc::UnboundedSender<Offer>,
    offered: tokio::sync::Mutex<mpsc::UnboundedReceiver<Offer>>,
    running: Mutex<HashMap<String, Running>>,
    init: watch::Sender<Init>,
}

/// How far the function has come before its first event.
#[derive(Clone, Debug)]
pub(super) enum Init {
    Starting,
    Ready(Instant),
    Failed(FunctionError),
}

/// An event on its way to the function.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) id: String,
    pub(super) event: Bytes,
    answer: oneshot::Sender<Reply>,
}

#[derive(Debug)]
struct Running {
    since: Instant,
    answer: oneshot::Sender<Reply>,
}

/// What came back, and how long after the event had left.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) answer: Result<Bytes, FunctionError>,
    pub(super) duration: Duration,
}

impl Exchange {
    pub(super) fn new() -> Self {
        let (offers, offered) = mpsc::unbounded_channel();
        let init = watch::Sender::new(Init::Starting);
        Self { offers, offered: offered.into(), running: Mutex::default(), init }
    }

    /// Offers an event: its request id, and where the answer will arrive.
    pub(super) fn offer(&self, event: Bytes) -> (String, oneshot::Receiver<Reply>) {
        let (id, (answer, reply)) = (next_id(), oneshot::channel());
        // The other end lives in `self`, so somebody is there to take it.
        let _ = self.offers.send(Offer { id: id.clone(), event, answer });
        (id, reply)
    }

    /// The function asks for work: the first time, that is its sign of being ready.
    pub(super) async fn take(&self) -> Option<(String, Bytes)> {
        self.init.send_if_modified(|init| {
            let first = matches!(init, Init::Starting);
            if first {
                *init = Init::Ready(Instant::now());
            }
            first
        });
        let Offer { id, event, answer } = self.offered.lock().await.recv().await?;
        // The clock starts when the event is about to be written, and ends when the whole answer has been read: how
        // long the asking side takes to wake up is no business of the function.
        self.running().insert(id.clone(), Running { since: Instant::now(), answer });
        Some((id, event))
    }

    /// The function is done with an event. Answers whether it had been given that event.
    pub(super) fn complete(&self, id: &str, answer: Result<Bytes, FunctionError>) -> bool {
        let Some(running) = self.running().remove(id) else { return false };
        // Whoever asked may have given up.
        let _ = running.answer.send(Reply { answer, duration: running.since.elapsed() });
        true
    }

    /// The function gives up before its first event.
    pub(super) fn fail_init(&self, error: FunctionError) {
        self.init.send_replace(Init::Failed(error));
    }

    pub(super) fn init(&self) -> watch::Receiver<Init> {
        self.init.subscribe()
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the shape of a UUID, and never the same twice in one process.
fn next_id() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    format!("00000000-0000-4000-8000-{:012x}", LAST.fetch_add(1, Ordering::Relaxed) + 1)
}
