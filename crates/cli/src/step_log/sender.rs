//! Brings events to CloudWatch beside the running command, and finishes when it is over.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::cloudwatch::{LogFault, LogStream};
use super::event::Record;
use super::outbox::Outbox;

/// What was written is in the log after so long, if CloudWatch takes it: a job that is killed has its log up to then.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// Between attempts, after the SDK's own have failed.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// The last event may take this long beyond the time for all others: it says how much is missing.
const LAST_EVENT: Duration = Duration::from_secs(5);

/// Sends until the outbox is closed and empty. `on_fault` hears of the first fault.
pub(super) async fn send(outbox: &Outbox, stream: &LogStream, on_fault: impl Fn(&LogFault)) {
    let mut on_fault = Some(on_fault);
    let mut tell = |fault: &LogFault| {
        if let Some(tell) = on_fault.take() {
            tell(fault);
        }
    };
    loop {
        if !outbox.is_closed() {
            tokio::select! {
                () = sleep(FLUSH_EVERY) => {}
                () = outbox.much_waits() => {}
                () = outbox.closed() => {}
            }
        }
        let is_last_round = outbox.is_closed();
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
        let is_last_attempt = outbox.is_closed();
        let fault = match stream.put(batch).await {
            Ok(refused) => {
                let lines: u64 = batch.iter().map(|record| record.lines).sum();
                outbox.delivered(lines.saturating_sub(refused));
                return true;
            }
            Err(fault) => fault,
        };
        on_fault(&fault);
        let is_poison = matches!(fault, LogFault::Invalid(_));
        let is_lasting = fault.is_lasting();
        outbox.failed(fault);
        if is_poison {
            // It would be refused for ever, with everything behind it. It counts as missing.
            return true;
        }
        if is_lasting && is_last_attempt {
            return false;
        }
        tokio::select! {
            () = sleep(wait) => {}
            () = outbox.closed(), if !is_last_attempt => {}
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
