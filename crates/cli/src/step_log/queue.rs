//! Events on their way to CloudWatch. It never makes the command wait: what does not fit into memory goes to the spool,
//! and what does not fit there is dropped, counted, and told.

use std::collections::VecDeque;
use std::path::PathBuf;

use super::event::{Event, Record, Stream};
use super::spool::Spool;
use super::transcript::Line;

/// `PutLogEvents`: "the maximum batch size is 1,048,576 bytes", the sum of all messages and 26 bytes for each.
const MAX_BATCH_BYTES: usize = 1_048_576;
const EVENT_OVERHEAD_BYTES: usize = 26;
/// "The maximum number of log events in a batch is 10,000."
const MAX_BATCH_EVENTS: usize = 10_000;
/// "The time span in a single batch cannot exceed 24 hours."
const MAX_BATCH_MILLISECONDS: i64 = 24 * 60 * 60 * 1_000;

/// How much may wait, where, and in which folder.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub(super) memory_bytes: usize,
    pub(super) spool_bytes: u64,
    pub(super) spool_folder: PathBuf,
}

/// The queue of one step.
pub(super) struct Queue {
    step: String,
    limits: Limits,
    memory: VecDeque<Record>,
    memory_bytes: usize,
    spool: Option<Spool>,
    spool_is_broken: bool,
    gap_lines: u64,
    last_timestamp: i64,
    sequence: u64,
}

impl Queue {
    pub(super) fn new(step: &str, limits: Limits) -> Self {
        Self {
            step: step.to_owned(),
            limits,
            memory: VecDeque::new(),
            memory_bytes: 0,
            spool: None,
            spool_is_broken: false,
            gap_lines: 0,
            last_timestamp: 0,
            sequence: 0,
        }
    }

    /// Adds a line that the command wrote at a time.
    pub(super) fn push(&mut self, now: i64, stream: Stream, line: &Line) {
        self.sequence += 1;
        // The clock may be set back while the command runs; events of a batch must not go back.
        self.last_timestamp = self.last_timestamp.max(now);
        if self.gap_lines > 0 && self.spool.as_ref().is_some_and(|spool| !spool.has_much_room()) {
            self.gap_lines += 1;
            return;
        }
        if self.gap_lines > 0 {
            let gap = Event::Gap { step: &self.step, lines: self.gap_lines };
            let gap = Record::new(self.last_timestamp, &gap);
            if self.keep(gap) {
                self.gap_lines = 0;
            }
        }
        let (sequence, continues) = (self.sequence, line.continues);
        let event = Event::Output { step: &self.step, sequence, stream, line: &line.text, continues };
        let record = Record::new(self.last_timestamp, &event);
        if self.gap_lines > 0 || !self.keep(record) {
            self.gap_lines += 1;
        }
    }

    /// Lines so far.
    pub(super) fn lines(&self) -> u64 {
        self.sequence
    }

    /// The time of the last event, before which no other may be.
    pub(super) fn last_timestamp(&self) -> i64 {
        self.last_timestamp
    }

    /// Whether half a batch is waiting, or more than fits into memory, so that it is worth sending at once.
    pub(super) fn has_much(&self) -> bool {
        self.memory_bytes >= MAX_BATCH_BYTES / 2
            || self.memory.len() >= MAX_BATCH_EVENTS / 2
            || self.spool.as_ref().is_some_and(|spool| !spool.is_empty())
    }

    /// Takes out as many of the oldest events as `PutLogEvents` accepts at once; none if there are none.
    pub(super) fn take_batch(&mut self) -> Vec<Record> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        loop {
            self.refill();
            let Some(next) = self.memory.front() else { return batch };
            let latest =
                batch.first().map_or(next.timestamp, |first: &Record| first.timestamp) + MAX_BATCH_MILLISECONDS;
            let full = bytes + size(next) > MAX_BATCH_BYTES || batch.len() == MAX_BATCH_EVENTS;
            if full || next.timestamp >= latest {
                return batch;
            }
            bytes += size(next);
            self.memory_bytes -= size(next);
            batch.extend(self.memory.pop_front());
        }
    }

    /// Keeps a record behind all others, or says that there is no room.
    fn keep(&mut self, record: Record) -> bool {
        if size(&record) > MAX_BATCH_BYTES {
            return false;
        }
        let is_spooling = self.spool.as_ref().is_some_and(|spool| !spool.is_empty());
        if !is_spooling && self.memory_bytes + size(&record) <= self.limits.memory_bytes {
            self.memory_bytes += size(&record);
            self.memory.push_back(record);
            return true;
        }
        self.spool(&record)
    }

    fn spool(&mut self, record: &Record) -> bool {
        if self.spool_is_broken {
            return false;
        }
        if self.spool.is_none() {
            self.spool = Spool::create(&self.limits.spool_folder, &self.step, self.limits.spool_bytes).ok();
        }
        let pushed = self.spool.as_mut().map(|spool| spool.push(record));
        // A disk that is full may have room later; a spool that could not be made will not come.
        self.spool_is_broken = pushed.is_none();
        matches!(pushed, Some(Ok(true)))
    }

    /// Moves the oldest record of the spool into memory when nothing older is left there.
    fn refill(&mut self) {
        if !self.memory.is_empty() {
            return;
        }
        match self.spool.as_mut().map(Spool::pop) {
            Some(Ok(Some(record))) => {
                self.memory_bytes += size(&record);
                self.memory.push_back(record);
            }
            Some(Err(_)) => {
                // What cannot be read again is missing, as the count of delivered lines will tell.
                self.spool = None;
                self.spool_is_broken = true;
            }
            Some(Ok(None)) | None => {}
        }
    }
}

fn size(record: &Record) -> usize {
    record.message.len() + EVENT_OVERHEAD_BYTES
}

#[cfg(test)]
mod tests;
