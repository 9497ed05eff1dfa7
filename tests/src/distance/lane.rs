use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::sleep_until;

/// One direction of a connection. Bytes arrive as they were sent, each so much later, and as many as there are may be
/// on the way at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lane {
    /// From one end to the other.
    pub(super) way: Duration,
    /// Nothing leaves earlier.
    pub(super) opens: Instant,
}

impl Lane {
    /// Carries bytes until the sender has no more, and tells when some left and when they arrived.
    pub(super) async fn carry(
        self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
        left: impl Fn(Instant),
        arrived: impl Fn(Instant),
    ) {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let send = async move {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(read @ 1..) = from.read(&mut buffer).await {
                let leaves = Instant::now().max(self.opens);
                left(leaves);
                let bytes = buffer.get(..read).unwrap_or_default().to_vec();
                if sender.send((leaves + self.way, bytes)).is_err() {
                    return;
                }
            }
        };
        let receive = async move {
            while let Some((arrives, bytes)) = receiver.recv().await {
                wait_until(arrives).await;
                // Told before the other end can act on it.
                arrived(Instant::now());
                if to.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            // The other end may be gone already.
            let _ = to.shutdown().await;
        };
        tokio::join!(send, receive);
    }
}

/// Timers are late by up to two milliseconds, so the last of them are watched.
async fn wait_until(moment: Instant) {
    const LATE: Duration = Duration::from_millis(2);
    if moment.saturating_duration_since(Instant::now()) > LATE {
        sleep_until((moment - LATE).into()).await;
    }
    while Instant::now() < moment {
        yield_now().await;
    }
}
