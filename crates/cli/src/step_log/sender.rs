//! Brings events to CloudWatch beside the running command, and finishes when it is over.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::cloudwatch::{LogFault, LogStream};
use super::event::Record;
use super::queue::Queue;

/// What was written is in the log after so long, if CloudWatch takes it: a job that is killed has its log up to then.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// Between attempts, after the SDK's own have failed.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// The last event may take this long beyond the time for all others: it says how much is missing.
const LAST_EVENT: Duration = Duration::from_secs(5);

/// What the writers of a step and its sender share.
pub(super) struct Outbox {
    queue: Mutex<Queue>,
    much_waits: Notify,
    delivery: Mutex<Delivery>,
    closing: watch::Sender<bool>,
}

#[derive(Default)]
struct Delivery {
    lines: u64,
    fault: Option<LogFault>,
}

impl Outbox {
    pub(super) fn new(queue: Queue) -> Self {
        let closing = watch::Sender::new(false);
        Self { queue: Mutex::new(queue), much_waits: Notify::new(), delivery: Mutex::default(), closing }
    }

    /// Adds something to the queue.
    pub(super) fn write(&self, push: impl FnOnce(&mut Queue)) {
        let mut queue = self.queue();
        push(&mut queue);
        if queue.has_much() {
            self.much_waits.notify_one();
        }
    }

    /// Nothing comes any more: what waits is to be sent as fast as it goes.
    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lines that CloudWatch has taken.
    pub(super) fn delivered_lines(&self) -> u64 {
        self.delivery().lines
    }

    /// Why something is missing, as far as is known.
    pub(super) fn last_fault(&self) -> Option<LogFault> {
        self.delivery().fault.clone()
    }

    fn delivery(&self) -> MutexGuard<'_, Delivery> {
        self.delivery.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// Comes back when the outbox is closed; never, if it was closed before: that is for the caller to see.
    async fn closed_now(&self) {
        let mut closing = self.closing.subscribe();
        let _ = closing.changed().await;
    }
}

/// Sends until the outbox is closed and empty. `on_fault` hears of the first fault.
pub(super) async fn send(outbox: &Outbox, stream: &LogStream, on_fault: impl Fn(&LogFault)) {
    let mut on_fault = Some(on_fault);
    let mut tell = |fault: &LogFault| {
        if let Some(tell) = on_fault.take() {
            tell(fault);
        }
    };
    loop {
        if !outbox.is_closing() {
            tokio::select! {
                () = sleep(FLUSH_EVERY) => {}
                () = outbox.much_waits.notified() => {}
                () = outbox.closed_now() => {}
            }
        }
        let is_last_round = outbox.is_closing();
        loop {
            let batch = outbox.queue().take_batch();
            if batch.is_empty() {
                break;
            }
            if !deliver(outbox, stream, &batch, &mut tell).await {
                return;
            }
            // What trickles in meanwhile waits for the next round, or every line would be a request.
            if !is_last_round && !outbox.queue().has_much() {
                break;
            }
        }
        if is_last_round {
            return;
        }
    }
}

/// Tries until the batch is taken. False if the command is over and trying on is of no use.
async fn deliver(outbox: &Outbox, stream: &LogStream, batch: &[Record], on_fault: &mut impl FnMut(&LogFault)) -> bool {
    let mut wait = FIRST_WAIT;
    loop {
        let is_last_attempt = outbox.is_closing();
        let fault = match stream.put(batch).await {
            Ok(refused) => {
                let lines: u64 = batch.iter().map(|record| record.lines).sum();
                outbox.delivery().lines += lines.saturating_sub(refused);
                return true;
            }
            Err(fault) => fault,
        };
        on_fault(&fault);
        let is_poison = matches!(fault, LogFault::Invalid(_));
        let is_lasting = fault.is_lasting();
        outbox.delivery().fault = Some(fault);
        if is_poison {
            // It would be refused for ever, with everything behind it. It counts as missing.
            return true;
        }
        if is_lasting && is_last_attempt {
            return false;
        }
        tokio::select! {
            () = sleep(wait) => {}
            () = outbox.closed_now(), if !is_last_attempt => {}
        }
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// Writes the last event of a step, whatever became of the others.
pub(super) async fn send_last(stream: &LogStream, last: Record) -> Result<(), LogFault> {
    let attempts = async {
        loop {
            match stream.put(std::slice::from_ref(&last)).await {
                Err(fault) if !fault.is_lasting() => sleep(FIRST_WAIT).await,
                outcome => return outcome.map(drop),
            }
        }
    };
    let too_late = |_| LogFault::Unavailable("CloudWatch Logs does not answer in time".to_owned());
    timeout(LAST_EVENT, attempts).await.map_err(too_late)?
}
