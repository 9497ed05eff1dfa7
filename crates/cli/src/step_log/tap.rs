//! One output of the command: passed on byte for byte at once, and copied to the log line by line.
//!
//! Each output has a thread of its own, which waits for nothing but the command and whoever reads this program's output,
//! as would be the case without a log.

use std::fs::File;
use std::io::{self, PipeReader, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::event::Stream;
use super::outbox::Outbox;
use super::transcript::{Line, Transcript};

const CHUNK_BYTES: usize = 64 * 1024;

/// How long to wait for an output that somebody has set to not block, and that is full.
const FULL_OUTPUT: Duration = Duration::from_millis(5);

/// A copy of an output, in the making.
pub(super) struct Tap {
    stream: Stream,
    outbox: Arc<Outbox>,
    transcript: Mutex<Transcript>,
    /// Gone when nothing can come any more; the command sees a broken pipe then, as it would without a log.
    source: Mutex<Option<PipeReader>>,
    /// Set before something is read, and cleared after it was passed on and copied.
    busy: AtomicBool,
    bytes: AtomicU64,
}

impl Tap {
    /// Begins to copy; the command writes to what is returned.
    pub(super) fn start(
        stream: Stream,
        outbox: Arc<Outbox>,
        transcript: Transcript,
        destination: BorrowedFd<'_>,
    ) -> io::Result<(Arc<Self>, Stdio)> {
        let (reader, writer) = io::pipe()?;
        let tap = Self::with_pipe(stream, outbox, transcript, destination, reader)?;
        Ok((tap, Stdio::from(writer)))
    }

    fn with_pipe(
        stream: Stream,
        outbox: Arc<Outbox>,
        transcript: Transcript,
        destination: BorrowedFd<'_>,
        reader: PipeReader,
    ) -> io::Result<Arc<Self>> {
        let destination = File::from(destination.try_clone_to_owned()?);
        let tap = Arc::new(Self {
            stream,
            outbox,
            transcript: Mutex::new(transcript),
            source: Mutex::new(Some(reader.try_clone()?)),
            busy: AtomicBool::new(false),
            bytes: AtomicU64::new(0),
        });
        let copier = Arc::clone(&tap);
        thread::Builder::new().name("brevet-log".to_owned()).spawn(move || {
            copier.copy(reader, destination);
            *lock(&copier.source) = None;
        })?;
        Ok(tap)
    }

    /// How much the command has written.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::SeqCst)
    }

    /// Whether all that was written so far is passed on and copied. Once the command is over that is all it wrote, even
    /// if something that it left running still holds the pipe.
    pub(super) fn is_drained(&self) -> bool {
        let source = lock(&self.source);
        let Some(source) = source.as_ref() else { return true };
        let before = self.bytes();
        // In this order: what is not in the pipe any more was read by a copier that was busy then, and either still is,
        // or has counted it.
        !is_readable(source, PollTimeout::ZERO) && !self.busy.load(Ordering::SeqCst) && self.bytes() == before
    }

    /// Copies the last line, if it has no end.
    pub(super) fn finish(&self) {
        let last = lock(&self.transcript).finish();
        self.log(last.as_slice());
    }

    fn copy(&self, mut source: PipeReader, mut destination: File) {
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            is_readable(&source, PollTimeout::NONE);
            self.busy.store(true, Ordering::SeqCst);
            let read = match source.read(&mut buffer) {
                Ok(read) => read,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => 0,
            };
            let written = buffer.get(..read).unwrap_or_default();
            if written.is_empty() {
                return;
            }
            let passed_on = pass_on(written, &mut destination);
            // The command wrote it, though nobody may read it any more.
            let lines = lock(&self.transcript).feed(written);
            self.log(&lines);
            self.bytes.fetch_add(written.len() as u64, Ordering::SeqCst);
            if passed_on.is_err() {
                return;
            }
            self.busy.store(false, Ordering::SeqCst);
        }
    }

    fn log(&self, lines: &[Line]) {
        for line in lines {
            self.outbox.write(|queue| queue.push(now(), self.stream, line));
        }
    }
}

/// Milliseconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Whether there is something to read, or nothing will come any more.
fn is_readable(source: &PipeReader, patience: PollTimeout) -> bool {
    let mut asked = [PollFd::new(source.as_fd(), PollFlags::POLLIN)];
    // Interrupted is not an answer; the reader that comes next waits by itself.
    poll(&mut asked, patience).is_ok_and(|ready| ready > 0)
}

/// Writes everything. Another process may have set the shared output to not block, as Node does.
fn pass_on(mut bytes: &[u8], destination: &mut File) -> io::Result<()> {
    while !bytes.is_empty() {
        match destination.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => thread::sleep(FULL_OUTPUT),
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
