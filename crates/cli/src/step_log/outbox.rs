//! Between those who write a step's log and the one who sends it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use super::cloudwatch::LogFault;
use super::queue::Queue;

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

    /// Adds something to the queue, until it is closed: what a command leaves running may write for ever.
    pub(super) fn write(&self, push: impl FnOnce(&mut Queue)) {
        let mut queue = self.queue();
        if self.is_closed() {
            return;
        }
        push(&mut queue);
        if queue.has_much() {
            self.much_waits.notify_one();
        }
    }

    /// Nothing comes any more: what waits is to be sent as fast as it goes.
    pub(super) fn close(&self) {
        // With the queue in hand, so that nobody is about to add to it.
        let _queue = self.queue();
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

    /// Counts what CloudWatch has taken.
    pub(super) fn delivered(&self, lines: u64) {
        self.delivery().lines += lines;
    }

    /// Remembers why something was not taken.
    pub(super) fn failed(&self, fault: LogFault) {
        self.delivery().fault = Some(fault);
    }

    pub(super) fn is_closed(&self) -> bool {
        *self.closing.borrow()
    }

    /// Comes back as soon as the outbox is closed, or was closed before.
    pub(super) async fn closed(&self) {
        // It ends with an error only if there is no outbox any more.
        let _ = self.closing.subscribe().wait_for(|closed| *closed).await;
    }

    /// Comes back when so much waits that it is worth sending.
    pub(super) async fn much_waits(&self) {
        self.much_waits.notified().await;
    }

    fn delivery(&self) -> MutexGuard<'_, Delivery> {
        self.delivery.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
