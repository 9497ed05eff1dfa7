use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

/// Which of a process's two outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// One line that a function wrote, without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it was written to.
    pub output: Output,
    /// What it says.
    pub text: String,
}

/// Takes each line as it is read.
pub(super) type Sink = Arc<dyn Fn(Line) + Send + Sync>;

/// A running program, killed when dropped.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) id: u32,
    exit: watch::Receiver<Option<ExitStatus>>,
    readers: Vec<JoinHandle<()>>,
    kill: Option<oneshot::Sender<()>>,
}

impl Process {
    /// Starts the program with these variables and no others.
    pub(super) fn spawn(
        program: &Path,
        arguments: &[OsString],
        variables: &BTreeMap<String, String>,
        sink: &Sink,
    ) -> io::Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut readers = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            readers.push(tokio::spawn(read(stdout, Output::Stdout, Arc::clone(sink))));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.push(tokio::spawn(read(stderr, Output::Stderr, Arc::clone(sink))));
        }
        let id = child.id().ok_or_else(|| io::Error::other("the process has no id"))?;
        let (kill, killed) = oneshot::channel();
        let (exited, exit) = watch::channel(None);
        tokio::spawn(async move { exited.send_replace(watch_over(child, killed).await) });
        Ok(Self { id, exit, readers, kill: Some(kill) })
    }

    /// Waits for the process to end, however it does.
    pub(super) async fn exited(&self) -> ExitStatus {
        let mut exit = self.exit.clone();
        match exit.wait_for(Option::is_some).await {
            Ok(status) => status.unwrap_or_default(),
            // Its keeper is gone: only when the whole program is about to end.
            Err(_) => ExitStatus::default(),
        }
    }

    /// Kills it.
    pub(super) fn kill(&mut self) {
        drop(self.kill.take());
    }

    /// Kills it, and returns when its last line has been read.
    pub(super) async fn stop(&mut self) -> ExitStatus {
        self.kill();
        let status = self.exited().await;
        for reader in self.readers.drain(..) {
            let _ = reader.await;
        }
        status
    }
}

/// Waits for the end of the process, or brings it about when told to, or when nobody is left to tell.
async fn watch_over(mut child: Child, killed: oneshot::Receiver<()>) -> Option<ExitStatus> {
    tokio::select! {
        status = child.wait() => return status.ok(),
        _ = killed => {}
    }
    let _ = child.start_kill();
    child.wait().await.ok()
}

async fn read(from: impl AsyncRead + Unpin, output: Output, sink: Sink) {
    let (mut from, mut bytes) = (BufReader::with_capacity(64 * 1024, from), Vec::new());
    while from.read_until(b'\n', &mut bytes).await.is_ok_and(|read| read > 0) {
        let text = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
        sink(Line { output, text });
        bytes.clear();
    }
}
